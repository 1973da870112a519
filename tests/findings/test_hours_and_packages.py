"""Servicing, capacity, package fit and friction against plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import ParameterError
from custgrade.findings import capacity, friction, package_fit, servicing
from custgrade.planning import Effort, Policy

NAN = math.nan
Graded = Callable[..., cg.Graded]
SALES, SERVICE, UNGRADED = {3.0: 1.0, 2.0: 3.0, 1.0: 0.25}, {3.0: 6.0, 2.0: 2.0, 1.0: 0.5}, 0.0
hours = st.one_of(st.just(NAN), st.integers(0, 400).map(lambda n: n / 2))
rows = st.lists(st.tuples(st.sampled_from([3.0, 2.0, 1.0]), hours, st.integers(-50, 500)), min_size=1, max_size=12)


def planned(graded: cg.Graded, policy: Policy) -> cg.Plan:
    return cg.plan(graded, policy, "2026-01-01")


@settings(max_examples=200, deadline=None)
@given(drawn=rows, period=st.booleans(), tolerance=st.sampled_from([0.0, 0.25, 1.0]))
def test_the_mix_of_hours_is_judged(
    drawn: list[Any], period: bool, tolerance: float, graded: Graded, policy: Policy
) -> None:
    """Entitled hours are scaled to those spent; the differences of known customers add up to 0."""
    mix, spent, profit = ([row[k] for row in drawn] for k in range(3))
    some = graded(mix, service_hours=spent, profit=[float(one) for one in profit])
    if not period:
        some = evolve(some, base=evolve(some.base, period=None))
    found = servicing(planned(some, policy), tolerance)
    known = [k for k, one in enumerate(spent) if one == one]
    lines = {row[2]: row for row in found.rows if row[0] == "service"}
    assert found.rows[0] == ("sales", "", "unknown", len(drawn), None, None, None, None)
    if not known:
        assert lines == {"unknown": ("service", "", "unknown", len(drawn), None, None, None, None)}
        return
    scale = sum(Fraction(spent[k]) for k in known) / sum(Fraction(SERVICE[mix[k]]) for k in known)
    groups: dict[str, list[int]] = {"over": [], "under": [], "fitting": [], "unknown": []}
    gaps = {}
    for k, one in enumerate(spent):
        if one != one:
            groups["unknown"].append(k)
            continue
        due = Fraction(SERVICE[mix[k]]) * scale
        gaps[k] = Fraction(one) - due
        slack = max(due * Fraction(tolerance), Fraction(1))
        # exactly at the line, binary fractions may fall to either side
        if abs(abs(gaps[k]) - slack) < Fraction(1, 10**9):
            return
        groups["over" if gaps[k] > slack else "under" if gaps[k] < -slack else "fitting"].append(k)
    for verdict, members in groups.items():
        if verdict == "unknown" and not members:
            assert verdict not in lines
            continue
        line = lines[verdict]
        assert line[3] == len(members)
        assert line[6] == sum(profit[k] for k in members)
        if verdict == "unknown":
            assert line[4:6] == (None, None)
        else:
            gap = float(sum((gaps[k] for k in members), Fraction(0)))
            assert line[4] == pytest.approx(gap, abs=1e-7)
            assert line[5] == pytest.approx(gap * 33.3, abs=1e-5)
    assert float(np.nansum(found.per_customer["service_gap"])) == pytest.approx(0.0, abs=1e-6)
    costs = [abs(row[5]) for row in found.rows if row[0] == "service" and row[5] is not None]
    assert costs == sorted(costs, reverse=True)


def test_a_proxy_stands_for_hours(graded: Graded, policy: Policy) -> None:
    """The proxy is named by its docstring, its unit cancels, and it has no cost; known hours come first."""

    def orders(c: Any) -> Any:
        """Number of orders.

        More than one line.
        """
        return c["orders"]

    some = graded([3.0, 2.0, 1.0], orders=[30.0, 60.0, 6.0], sales_hours=[1.0, 3.0, 0.25], profit=[1.0, 2.0, 3.0])
    found = servicing(planned(some, policy), proxies={"service": orders, "sales": orders})
    service = {row[2]: row for row in found.rows if row[0] == "service"}
    assert service["over"] == ("service", "proxy: Number of orders.", "over", 1, None, None, 2.0, None)
    assert "sales: the proxy isn't used, as the data has sales_hours" in found.notes
    thousand = servicing(planned(some, policy), proxies={"service": lambda c: c["orders"] * 1000.0})
    assert thousand.per_customer["service_verdict"].tolist() == found.per_customer["service_verdict"].tolist()
    assert any(row[1] == "proxy: <lambda>" for row in thousand.rows)


def test_servicing_says_why_it_is_unknown(graded: Graded, policy: Policy) -> None:
    """Without hours of the policy, nothing is 0, and the reason is said; the hours are those of the period."""
    idle = evolve(policy, treatments={name: evolve(one, effort=Effort()) for name, one in policy.treatments.items()})
    found = servicing(planned(graded([3.0, 1.0], sales_hours=[4.0, 2.0]), idle))
    assert [row for row in found.rows if row[0] == "sales"] == [
        ("sales", "sales_hours", "unknown", 2, None, None, None, None)
    ]
    assert found.says[0] == "Sales: unknown for all 2 customers."
    why = "sales: unknown for 2 customers, as the policy has 0 sales hours, with which nothing can be compared"
    assert why in found.notes
    partly = servicing(planned(graded([3.0, 1.0], sales_hours=[4.0, NAN]), policy))
    assert "sales: unknown for 1 customer, as sales_hours is unknown" in partly.notes
    assert ("hours too many", "hours in 365 days") in found.columns


def test_servicing_names_the_largest_by_name(graded: Graded, policy: Policy) -> None:
    """The three largest differences are named; equal ones in the order of ids."""
    some = graded([3.0] * 5, ids=["e", "d", "c", "b", "a"], sales_hours=[40.0, 20.0, 20.0, 20.0, 0.0])
    found = servicing(planned(some, policy), tolerance=0)
    over = next(sentence for sentence in found.says if "too many" in sentence)
    assert (
        over == "Hours too many for sales: 20.0 hours in 365 days, which cost 1,199.80 EUR; the largest: e 20.0 hours."
    )
    assert found.says[0] == "Sales: too much of our time for 1 customer, too little for 1, and fitting for 3."
    tied = servicing(planned(graded([3.0] * 4, ids=["d", "b", "a", "c"], sales_hours=[9.0, 9.0, 9.0, 0.0]), policy), 0)
    assert "the largest: a 2.2 hours, b 2.2 hours, d 2.2 hours" in " ".join(tied.says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"tolerance": -0.1}, "tolerance must be a number of at least 0; received -0.1"),
        ({"proxies": {"selling": len}}, "proxies must have a function of columns for sales, service"),
        ({"proxies": {"sales": 3}}, "received 'sales': 3"),
        ({"proxies": 7}, "proxies must be a mapping; received 7"),
        ({"proxies": {"sales": lambda c: np.zeros(5)}}, "a number for each of the 2 customers; received shape (5,)"),
    ],
)
def test_servicing_refuses_wrong_arguments(arguments: Any, says: str, graded: Graded, policy: Policy) -> None:
    """The error names the argument, and what it must be."""
    with pytest.raises(ParameterError) as caught:
        servicing(planned(graded([3.0, 2.0]), policy), **arguments)
    assert says in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(
    mix=st.lists(st.sampled_from([3.0, 2.0, 1.0]), min_size=1, max_size=12),
    there=st.tuples(*[st.one_of(st.none(), st.integers(0, 60))] * 2),
)
def test_capacity_is_promised_against_available(mix: list[float], there: Any, graded: Graded, policy: Policy) -> None:
    """The factor makes the promises exactly what is there; unknown hours are unknown."""
    found = capacity(planned(graded(mix), policy), *there)
    for row, each, have in zip(found.rows, (SALES, SERVICE), there, strict=True):
        promised = sum(Fraction(each[one]) for one in mix)
        assert row[1] == float(promised)
        assert row[2:] == (
            (None, None, None) if have is None else (have, float(have - promised), float(have / promised))
        )
        sentence = next(one for one in found.says if one.startswith(row[0].capitalize()))
        assert ("it fits, with" in sentence) == (have is not None and have >= promised)
        assert ("are missing" in sentence) == (have is not None and have < promised)
        assert any(f"{row[0]}: it is unknown" in note for note in found.notes) == (have is None)


@pytest.mark.parametrize("there", [-1, "ten", NAN, math.inf, True])
def test_capacity_takes_numbers_of_hours(there: Any, graded: Graded, policy: Policy) -> None:
    """Hours are a number of at least 0."""
    with pytest.raises(ParameterError, match="sales hours must be a number of at least 0"):
        capacity(planned(graded([3.0]), policy), sales=there)


sizes = st.lists(
    st.tuples(
        st.sampled_from([3.0, 2.0, 1.0]),
        st.sampled_from([NAN, 0.0, 19.99, 20.0, 99.99, 100.0]),
        st.sampled_from([NAN, 1.0, 2.0, 3.0]),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(drawn=sizes)
def test_who_fits_no_package(drawn: list[Any], graded: Graded, policy: Policy) -> None:
    """A customer fits the first package whose minimums are reached, none, or may fit one that isn't known."""
    mix, revenue, orders = ([row[k] for row in drawn] for k in range(3))
    found = package_fit(planned(graded(mix, revenue=revenue, orders=orders), policy))
    expected = {grade: [0, 0, 0, 0] for grade in (3.0, 2.0, 1.0)}
    for grade, money, count in drawn:
        big = None if money != money or count != count else money >= 100 and count >= 3
        if money < 100 or count < 3:
            big = False
        small = None if money != money else money >= 20
        verdict = 0 if big else 1 if small else 3 if big is None or small is None else 2
        expected[grade][verdict] += 1
    assert [list(row[2:]) for row in found.rows[:3]] == list(expected.values())
    assert found.rows[-1][2:] == tuple(map(sum, zip(*expected.values(), strict=True)))
    lacking = [20 - money for _, money, _ in drawn if money < 20]
    assert np.nansum(found.per_customer["gap_revenue"]) == pytest.approx(sum(lacking))
    if lacking:
        assert f"{len(lacking)} of them; the smallest gap is {min(lacking):,.2f} EUR" in found.says[-1]


def test_packages_are_counted_by_other_grades(graded: Graded, policy: Policy, model: cg.GradingModel) -> None:
    """`by` is matched by id; who isn't there counts as ungraded, with a note."""
    plan = planned(graded([3.0, 3.0, 1.0], ids=["x", "y", "z"], revenue=[50.0, 5.0, 30.0], orders=[1.0] * 3), policy)
    other = model.grade(cg.CustomerBase(["z", "x"], {"product_mix": [3.0, 2.0]}))
    found = package_fit(plan, by=other)
    assert found.rows == (
        ("A", 1, 0, 1, 0, 0),
        ("B", 1, 0, 1, 0, 0),
        ("C", 0, 0, 0, 0, 0),
        ("ungraded", 1, 0, 0, 1, 0),
        ("all", 3, 0, 2, 1, 0),
    )
    assert "not among the other grades, and counted as ungraded: 1 customer" in found.notes
    with pytest.raises(ParameterError, match="by must be other grades of the same customers"):
        package_fit(plan, by="abcd")  # type: ignore[arg-type]


def test_a_policy_without_packages_has_none_to_fit(graded: Graded, policy: Policy) -> None:
    """Without packages the answer says so, and counts nobody."""
    found = package_fit(planned(graded([3.0]), evolve(policy, packages=())))
    assert (found.rows, found.notes) == ((), ("the policy 'shop' has no packages",))


ratings = st.lists(
    st.tuples(st.sampled_from([3.0, 2.0, 1.0]), st.sampled_from([NAN, 1.0, 2.0, 2.5, 5.0]), st.integers(-50, 5000)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(drawn=ratings)
def test_friction_is_counted_by_grade(drawn: list[Any], graded: Graded) -> None:
    """Ratings up to 2 are hard; no rating is unknown and counted apart; money is that of those who find it hard."""
    mix, rated, cents = ([row[k] for row in drawn] for k in range(3))
    found = friction(graded(mix, ease_of_buying=rated, revenue=[one / 100 for one in cents]))
    if all(one != one for one in rated):
        assert (found.rows, found.notes) == ((), ("unknown, as the data has no ease_of_buying",))
        return
    for row, grade in zip(found.rows, (3.0, 2.0, 1.0), strict=True):
        members = [k for k, one in enumerate(mix) if one == grade]
        known = [k for k in members if rated[k] == rated[k]]
        hard = [k for k in known if rated[k] <= 2]
        assert row[1:3] == (len(members), len(known))
        assert row[3] == (float(sum(Fraction(rated[k]) for k in known) / len(known)) if known else None)
        assert row[6] == len(members) - len(known)
        if known or not members:
            assert row[4] == len(hard)
            assert row[7] == float(sum((Fraction(cents[k], 100) for k in hard), Fraction(0)))
        else:
            assert (row[4], row[5], row[7]) == (None, None, None)
        if known:
            assert row[5] == len(hard) / len(known)
    assert found.per_customer["hard"].tolist() == [one <= 2 for one in rated]
