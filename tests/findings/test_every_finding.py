"""What holds for every finding: any order of rows, no data, unknown data, one customer, wrong arguments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import ParameterError
from custgrade.findings import FINDINGS, Finding
from custgrade.planning import Policy

NAN = math.nan
BY_LOG = ("out-of-sight", "recognition", "showcase", "mix-over-time", "answers")
OF_PLANS = ("servicing", "capacity", "package-fit", *BY_LOG)
FIELDS = (
    *("revenue", "profit", "cost_to_serve", "discount", "sales_hours", "service_hours"),
    *("ease_of_buying", "potential", "orders"),
)
Graded = Callable[..., cg.Graded]

values = st.one_of(st.just(NAN), st.integers(-300, 30_000).map(lambda n: n / 100))
positive = st.one_of(st.just(NAN), st.integers(0, 500).map(lambda n: n / 10))
rows = st.lists(
    st.tuples(st.sampled_from([NAN, 1.0, 2.0, 3.0]), values, values, *[positive] * 4, st.sampled_from([NAN, 1, 2, 5])),
    max_size=12,
)


def answer(name: str, graded: cg.Graded, policy: Policy) -> Finding:
    subject = cg.plan(graded, policy, "2026-01-01")
    return FINDINGS[name](subject, before=subject) if name == "slipped" else FINDINGS[name](subject)


def columns_of(drawn: list[tuple[float, ...]]) -> dict[str, list[float]]:
    names = ("product_mix", *FIELDS[:7])
    return {name: [row[k] for row in drawn] for k, name in enumerate(names)}


@pytest.mark.parametrize("name", FINDINGS)
@settings(max_examples=40, deadline=None)
@given(drawn=rows, data=st.data())
def test_the_order_of_rows_has_no_effect(
    name: str, drawn: list[Any], data: st.DataObject, graded: Graded, policy: Policy
) -> None:
    """Shuffled customers give the same finding, with the entries per customer shuffled alike."""
    columns, ids = columns_of(drawn), [f"c{k}" for k in range(len(drawn))]
    order = data.draw(st.permutations(range(len(drawn))))
    one = answer(name, graded(ids=ids, **columns), policy)
    shuffled = {field: [column[k] for k in order] for field, column in columns.items()}
    other = answer(name, graded(ids=[ids[k] for k in order], **shuffled), policy)
    assert one == other
    assert list(one.per_customer) == list(other.per_customer)
    for key, array in one.per_customer.items():
        np.testing.assert_array_equal(array[order], other.per_customer[key])


@pytest.mark.parametrize("name", FINDINGS)
def test_no_customers_are_no_failure(name: str, graded: Graded, policy: Policy) -> None:
    """An empty base gives a finding that says something, and no sums but 0 and unknown."""
    found = answer(name, graded([], **{field: [] for field in FIELDS}), policy)
    assert found.says or found.notes
    assert {cell for row in found.rows for cell in row if not isinstance(cell, str)} <= {0, None}
    assert all(array.shape == (0,) for array in found.per_customer.values())


@pytest.mark.parametrize("name", FINDINGS)
@pytest.mark.parametrize("kind", ["no columns", "all unknown"])
def test_what_is_unknown_is_not_zero(name: str, kind: str, graded: Graded, policy: Policy) -> None:
    """Without known values no cell of money, hours or a rating is 0, and the finding says that something is unknown."""
    unknown = {} if kind == "no columns" else {field: [NAN] * 3 for field in FIELDS}
    found = answer(name, graded([3.0, 2.0, 1.0], **unknown), policy)
    if name not in ("target-mix", "slipped", "capacity"):
        assert "unknown" in " ".join([*found.says, *found.notes])
    units = [unit for _, unit in found.columns]
    if name != "capacity":
        cells = [
            cell
            for row in found.rows
            for cell, unit in zip(row, units, strict=True)
            if unit.partition(" ")[0] in ("money", "hours")
        ]
        assert set(cells) <= {None}


@pytest.mark.parametrize("name", FINDINGS)
@pytest.mark.parametrize("profit", [-1.0, 0.0, 5.0, NAN])
def test_one_customer_is_enough(name: str, profit: float, graded: Graded, policy: Policy) -> None:
    """A single customer gives a finding with sentences or notes, and totals of 0 divide nothing."""
    found = answer(name, graded([3.0], revenue=[0.0], profit=[profit], sales_hours=[0.0]), policy)
    assert found.says or found.notes


@pytest.mark.parametrize("name", FINDINGS)
def test_a_plan_and_its_grades_give_the_same_answer(name: str, graded: Graded, policy: Policy) -> None:
    """Findings that need no policy take grades too; the others say how to make a plan."""
    some = graded([3.0, 2.0, 1.0, NAN], revenue=[9.0, 5.0, 1.0, 2.0], profit=[3.0, 1.0, -2.0, 0.5])
    if name in OF_PLANS:
        with pytest.raises(ParameterError, match=r"needs a plan, because .* Make one: custgrade.plan") as caught:
            FINDINGS[name](some)
        told = caught.value.for_command_line()
        assert ("--policy NAME" in told, "Graded" in told) == (True, False)
    else:
        assert FINDINGS[name](some) == FINDINGS[name](cg.plan(some, policy, "2026-01-01"))


@pytest.mark.parametrize("name", FINDINGS)
def test_anything_else_is_refused(name: str) -> None:
    """A base or a name is neither a plan nor grades."""
    with pytest.raises(ParameterError, match=r"takes a Plan.*received a str"):
        FINDINGS[name]("abcd")


@pytest.mark.parametrize("name", FINDINGS)
def test_numbers_per_customer_are_read_only(name: str, graded: Graded, policy: Policy) -> None:
    """No array of a finding can be changed, and each has an entry per customer."""
    some = graded([3.0, 1.0], **{field: [5.0, 1.0] for field in FIELDS})
    for array in answer(name, some, policy).per_customer.values():
        assert array.shape == (2,)
        assert not array.flags.writeable
    # the arrays of the plan stay as they were
    assert some.base["revenue"].tolist() == [5.0, 1.0]


def test_findings_are_named_as_their_functions() -> None:
    """Each name of the mapping is that of its finding, and the mapping is read-only."""
    for name, function in FINDINGS.items():
        assert name == function.__name__.replace("_", "-")
    with pytest.raises(TypeError):
        FINDINGS["other"] = FINDINGS["spend"]  # type: ignore[index]


def test_manual_grades_count(graded: Graded) -> None:
    """A customer with a manual grade is counted by it."""
    some = graded([1.0, 1.0], revenue=[10.0, 20.0], cost_to_serve=[1.0, 2.0])
    override = cg.Override("c001", "A", "the owner's friend", "me", "2025-01-01", "2026-12-31")
    found = FINDINGS["spend"](some.with_overrides(cg.Overrides([override]), "2025-06-01")).to_dict()
    assert dict(zip(found["grade"].tolist(), found["spent"].tolist(), strict=True)) == {"A": 2.0, "B": 0.0, "C": 1.0}


def test_a_finding_checks_its_table() -> None:
    """Rows must have a cell for each column, names must differ, and cells are texts, numbers or None."""
    with pytest.raises(ParameterError, match=r"a row has a cell for each of a, b; received \(1,\)"):
        Finding("f", "?", [("a", ""), ("b", "")], [(1,)])
    with pytest.raises(ParameterError, match="columns have different names"):
        Finding("f", "?", [("a", ""), ("a", "")])
    with pytest.raises(ParameterError, match=r"a text, a number or None; received \[\]"):
        Finding("f", "?", [("a", "")], [([],)])
    assert Finding("f", "?", [("a", "")], [(np.float64(NAN),), (np.int64(3),)]).rows == ((None,), (3,))


def test_a_finding_becomes_a_data_frame() -> None:
    """Unknown numbers are NaN and unknown texts are missing; whole numbers stay whole."""
    pandas = pytest.importorskip("pandas")
    found = Finding("f", "?", [("who", ""), ("n", "customers"), ("x", "money")], [("a", 1, None), (None, 2, 2.5)])
    frame = found.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["n"].tolist() == [1, 2]
    assert frame["n"].dtype == np.int64
    assert frame["x"].isna().tolist() == [True, False]
    assert frame["who"].isna().tolist() == [False, True]
