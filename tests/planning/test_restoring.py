"""The rise that restores floors, against fractions."""

from fractions import Fraction
from math import ceil, isnan

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from custgrade.errors import PolicyError
from custgrade.planning import money, restoring
from custgrade.planning.money_amounts import cents

CENTS = st.integers(-200_000_00, 2_000_000_00)


def rise_of(function, **fields):
    """Return a column function's value for one customer."""
    with np.errstate(all="ignore"):
        return float(np.asarray(function({name: np.array([value]) for name, value in fields.items()}))[0])


@given(CENTS, CENTS, st.integers(-50, 90))
@example(revenue=199_999_336, profit=0, percent=90)
def test_a_margin_is_restored_to_the_cent(revenue, profit, percent):
    """The rise is the least amount in cents after which the rounded margin reaches the floor, as fractions find."""
    floor = Fraction(percent, 100)
    found = rise_of(restoring(margin=percent / 100), revenue=revenue / 100, profit=profit / 100)
    # a quotient of floats may lie on the other side of the line between two rounded margins
    error = Fraction(1, 2**52)

    def reached(rise: int, error: Fraction) -> bool:
        paid = revenue + rise
        if paid <= 0:
            return False
        margin = Fraction(profit + rise, paid)
        margin += abs(margin) * error
        return Fraction((margin * 10**10 + Fraction(1, 2)).__floor__(), 10**10) >= floor

    rise = round(found * 100)
    assert found == rise / 100
    if revenue > 0:
        assert reached(rise, error)
        assert rise == 0 or not reached(rise - 1, -error)


def test_the_naive_formula_is_not_used():
    """A revenue of 100 with a profit of 5 needs 18.75 more for 20 %, as costs stay the same, and not 15."""
    assert 18.75 == rise_of(restoring(margin=0.2), revenue=100.0, profit=5.0)


@given(CENTS, st.integers(1, 500), st.integers(1, 2000_00))
def test_an_average_sale_is_restored_to_the_cent(revenue, orders, floor):
    """The rise is what is missing to the floor times the orders, rounded up to a cent that suffices."""
    found = rise_of(restoring(average_sale=floor / 100), revenue=revenue / 100, orders=float(orders))
    missing = max(floor * orders - revenue, 0)
    assert missing / 100 == pytest.approx(found, abs=0.0101)
    average = (Fraction(revenue) / 100 + Fraction(round(found * 100), 100)) / orders
    assert float(average) >= floor / 100 - 1e-8


def test_one_rise_serves_all_floors():
    """The result is the largest of the single rises, not their sum."""
    fields = {"revenue": 1000.0, "profit": 10.0, "orders": 10.0}
    single = [
        rise_of(restoring(**one), **fields) for one in ({"margin": 0.05}, {"average_sale": 120}, {"revenue": 1150})
    ]
    together = rise_of(restoring(margin=0.05, average_sale=120, revenue=1150), **fields)
    assert [ceil((50 - 10) / 0.95 * 100) / 100, 200.0, 150.0] == single
    assert max(single) == together


def test_unknown_fields_give_an_unknown_rise():
    """A rise from an unknown field is unknown."""
    assert isnan(rise_of(restoring(margin=0.05), revenue=float("nan"), profit=1.0))
    assert isnan(rise_of(restoring(margin=0.05), revenue=1.0, profit=float("nan")))


def test_a_floor_may_be_a_learned_number():
    """A text names a number that the model learned."""
    assert 18.75 == rise_of(restoring(margin="margin_floor"), revenue=100.0, profit=5.0, margin_floor=0.2)


@pytest.mark.parametrize(
    "floors", [{}, {"margin": 1.0}, {"margin": 1.5}, {"margin": float("nan")}, {"revenue": True}, {"average_sale": []}]
)
def test_wrong_floors_are_refused(floors):
    """No floor, a margin of 1 or more, and other values than numbers and names are errors."""
    with pytest.raises(PolicyError, match="restoring"):
        restoring(**floors)


@given(st.floats(-1e9, 1e9))
def test_money_is_rounded_half_up_to_cents(value):
    """`money` gives the nearest cent, and `cents` the same as a whole number."""
    assert abs(money(value) - value) <= 0.005 + 1e-6
    assert int(cents(np.array([value]))[0]) == round(money(value) * 100)
