"""Random policies: what the guard finds for single customers is what a loop over customers finds."""

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.cuts import Thresholds
from custgrade.planning import Package, Policy, Reward, ServiceLevel, Shortlist, Terms, Treatment
from custgrade.planning.by_data import by_data
from custgrade.planning.customer_columns import CustomerColumns
from custgrade.planning.guard.checks import plan_breaches, policy_breaches
from custgrade.planning.making import _made, _treated
from custgrade.planning.schedule import Dates
from custgrade.planning.standing import standing_without_log
from custgrade.plugins import Axis

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import ON, PERIOD, UNGRADED, by_revenue
finally:
    sys.path.pop(0)

DATES = Dates(np.datetime64(ON), np.datetime64("2026-04-01"), np.datetime64(ON))
BASE = ServiceLevel(24, 1)
UNKNOWN = float("nan")


def one_amount(draw, numbers):
    """Return an amount as it is given to a part, and the same as a function of one customer's revenue."""
    constant = draw(st.sampled_from(numbers))
    if draw(st.booleans()):
        return constant, lambda revenue: constant
    share = draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    return (lambda c: constant + share * c["revenue"]), (lambda revenue: constant + share * revenue)


@st.composite
def policies(draw):
    """Return a policy for the grades A, B and C, and its amounts as functions of one customer."""
    treatments, plain = {}, {}
    for grade in "ABC":
        response, response_of = one_amount(draw, [4, 20, 24, 30])
        service, service_of = one_amount(draw, [1, 2, 4])
        discount, discount_of = one_amount(draw, [0.0, 0.05, 0.2])
        value, value_of = one_amount(draw, [0, 10, 50])
        every = draw(st.sampled_from([3, 6, 12]))
        only = draw(st.sampled_from(["", "club"]))
        treatments[grade] = Treatment(
            "serve them",
            level=ServiceLevel(response, service),
            terms=Terms(discount=discount),
            rewards=[Reward("basket", "gift", value, every=every, only=only)],
            way_up="order more",
        )
        plain[grade] = {
            "response": response_of,
            "service": service_of,
            "discount": discount_of,
            "value": value_of,
            "every": every,
            "only": only,
        }
    packages = [Package("basic", {"revenue": 5}, ServiceLevel(22, 3))] if draw(st.booleans()) else []
    shortlist = Shortlist("club", "ABC", by_revenue(6.0))
    policy = Policy(
        "random", "a test", "ABC", treatments, base=BASE, ungraded=UNGRADED, shortlists=[shortlist], packages=packages,
        gift_limit=35, gift_limit_year=120,
    )  # fmt: skip
    return policy, plain


def customers(rows):
    columns = {"revenue": [revenue for revenue, _ in rows], "points": [float(grade) for _, grade in rows]}
    base = cg.CustomerBase(ids=np.arange(len(rows)), columns=columns, period=PERIOD, extra_fields=[POINTS])
    axis = Axis("grade", "ABC", lambda c: c["points"], Thresholds([1.5, 0.5]), rises=["points"])
    return cg.Scorer(axes=[axis], fields=[POINTS]).fit(base).grade(base)


POINTS = cg.Field("points", "count")


def known(value, otherwise):
    return otherwise if np.isnan(value) else value


def by_loop(policy, plain, graded):
    """Return the rules that each customer's treatment breaches: pairs of a rule and a position."""
    found = set()
    for row, (grade, revenue) in enumerate(zip(graded.grades.tolist(), graded.base["revenue"].tolist(), strict=True)):
        mine = plain[grade]
        response = known(mine["response"](revenue), 24)
        service = known(mine["service"](revenue), 1)
        if response > 24 or service < 1:
            found.add(("R01", row))
        if mine["discount"](revenue) < 0:
            found.add(("R06", row))
        packed = bool(policy.packages) and revenue >= 5
        on_list = revenue >= 6

        def worth(one, revenue=revenue, on_list=on_list):
            given = one["only"] == "" or on_list
            return round(known(one["value"](revenue), 0) * 100) * 12 / one["every"] if given else 0.0

        for better in "ABC"[: "ABC".index(grade)]:
            theirs = plain[better]
            their_response = known(theirs["response"](revenue), 24)
            their_service = known(theirs["service"](revenue), 1)
            a, b = (min(22, r) if packed else r for r in (response, their_response))
            c, d = (max(3, s) if packed else s for s in (service, their_service))
            if a < b or c > d:
                found.add(("R03", row))
            if known(mine["discount"](revenue), 0) > known(theirs["discount"](revenue), 0):
                found.add(("R05", row))
            if worth(mine) > worth(theirs) + 1e-6:
                found.add(("R04", row))
        value = known(mine["value"](revenue), 0)
        if (mine["only"] == "" or on_list) and value > 35:
            found.add(("R21", row))
        if worth(mine) > 12000 + 1e-6:
            found.add(("R21", row))
    return found


ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, 4.0, 5.0, 6.0, 8.0, 100.0, UNKNOWN]), st.integers(0, 2)),
    min_size=1,
    max_size=8,
)


def on_plan(policy, graded):
    """Return the breaches that a plan of a policy has for single customers, without refusing it."""
    treated = _treated(graded, policy)
    basis = by_data(policy, treated, CustomerColumns(graded))
    made = _made(graded, policy, basis, standing_without_log(policy, treated, DATES), treated)
    return plan_breaches(made, {}, None)[0]


@settings(max_examples=300, deadline=None)
@given(policies(), ROWS)
def test_the_guard_finds_what_a_loop_finds(drawn, rows):
    """Every customer whom the loop finds is in a breach of a function, or the declared policy breaches that rule.

    The other way round, whoever is in a breach is found by the loop.
    """
    policy, plain = drawn
    graded = customers(rows)
    expected = by_loop(policy, plain, graded)
    found = {(breach.rule, row) for breach in on_plan(policy, graded) for row in breach.rows.tolist()}
    declared = {breach.rule for breach in policy_breaches(policy)}
    assert found <= expected
    assert {rule for rule, _ in expected - found} <= declared


@settings(max_examples=100, deadline=None)
@given(policies(), ROWS, st.randoms(use_true_random=False))
def test_the_order_of_customers_changes_nothing(drawn, rows, random):
    """Shuffled customers have the same breaches, in the same words and of the same customers."""
    policy, _ = drawn
    order = list(range(len(rows)))
    random.shuffle(order)
    one = on_plan(policy, customers(rows))
    other = on_plan(policy, customers([rows[k] for k in order]))
    assert list(map(str, one)) == list(map(str, other))
    for first, second in zip(one, other, strict=True):
        assert first.rows.tolist() == sorted(order[row] for row in second.rows.tolist())


CELLS = [f"{size}/{worth}" for size, worth in product(["Large", "Small"], ["High", "Low"])]


@pytest.mark.parametrize(("better", "worse"), list(product(CELLS, CELLS)))
def test_only_comparable_grades_are_compared(better, worse):
    """A grade is compared with one that is at least as good on both axes; nested axes have the same order."""
    scale = cg.GradeScale(
        [
            cg.plugins.ScaleAxis("size", ["Large", "Small"]),
            cg.plugins.ScaleAxis("worth", ["High", "Low"], within="size"),
        ]
    )
    plain = Treatment("serve them", level=ServiceLevel(20, 1), way_up="order more")
    fast = evolve(plain, level=ServiceLevel(10, 1))
    policy = Policy(
        "cells", "a test", scale, {cell: fast if cell == worse else plain for cell in CELLS}, base=BASE,
        ungraded=UNGRADED,
    )  # fmt: skip
    above = better != worse and all(
        one <= other for one, other in zip(better.split("/"), worse.split("/"), strict=True)
    )
    found = [breach for breach in policy_breaches(policy) if f"{better} has" in breach.what]
    assert [breach.rule for breach in found] == (["R03"] if above else [])
