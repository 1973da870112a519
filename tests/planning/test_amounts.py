"""Amounts and conditions: numbers, or functions of columns that are traced once."""

import pickle

import numpy as np
import pytest

from custgrade.errors import PolicyError, TracingError
from custgrade.planning import Action, Offer, Reward, ServiceLevel
from custgrade.planning.amount import as_amount


def test_a_number_is_the_same_for_everybody():
    """A number gives itself for each customer, and reads nothing."""
    found = as_amount(3)
    assert ((), [3.0, 3.0]) == (found.reads, found.values({}, 2).tolist())


def test_a_function_reads_what_its_graph_needs():
    """A function of a derived field reads its parts, and divides by zero without a warning."""
    found = as_amount(lambda c: c["margin"] * 100.0)
    assert {"profit", "revenue"} == set(found.reads)
    columns = {"profit": np.array([1.0, 1.0]), "revenue": np.array([10.0, 0.0])}
    assert "[10. nan]" == str(found.values(columns, 2).round(6))


def test_equal_functions_make_equal_parts():
    """Two functions with the same graph are equal amounts; another number makes another one."""
    one, same, other = (Reward("gift", value=lambda c, k=k: k * c["revenue"]) for k in (0.01, 0.01, 0.02))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


def test_a_condition_does_not_hold_where_it_is_unknown():
    """A condition on an unknown value is false."""
    when = Action("ask", "ask", "what", when=lambda c: c["profit"] < 0).when
    columns = {"profit": np.array([-1.0, 1.0, np.nan])}
    assert [True, False, False] == when.holds(columns, 3).tolist()


def test_parts_with_functions_can_be_pickled():
    """A part with functions is equal to itself after pickling."""
    offer = Offer("price", "a price", when=lambda c: c["profit"] < 0, rise=lambda c: -c["profit"])
    assert offer == pickle.loads(pickle.dumps(offer))


@pytest.mark.parametrize("value", ["7", True, None, [1], float("nan"), float("inf"), 10**400, {"share": 1}, object()])
def test_other_values_are_refused_with_the_name_of_the_attribute(value):
    """An amount is a finite number or a function; the error names class, part, attribute, and what was received."""
    with pytest.raises(PolicyError, match=r"Reward 'gift': value must be a finite number or a function"):
        Reward("gift", value=value)
    with pytest.raises(PolicyError, match="ServiceLevel: response_hours must be"):
        ServiceLevel(value, 1)


@pytest.mark.parametrize("value", [3, "profit", True])
def test_a_condition_is_a_function(value):
    """A condition that isn't a function is refused."""
    with pytest.raises(PolicyError, match=r"Offer 'price': when must be a function"):
        Offer("price", "a price", when=value)


@pytest.mark.parametrize(
    "function",
    [
        lambda c: c["profit"].sum(),
        lambda c: 1.0,
        lambda c: None,
        lambda c: sorted(c),
        lambda c: c["profit"] > 1 and 2.0,
    ],
)
def test_functions_that_are_not_row_local_are_refused_by_their_line(function):
    """A function that sums over customers, reads nothing, or fails, is refused with its file and line."""
    with pytest.raises(TracingError, match=r"test_amounts\.py, line \d+"):
        Reward("gift", value=function)
