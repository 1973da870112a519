"""R22 and R23, which only warn, and what the guard says it couldn't check."""

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.planning import Effort, Package, Reward, ServiceLevel, Treatment
from custgrade.planning.guard.checks import plan_breaches
from custgrade.planning.guard.effects import _unequal
from custgrade.planning.states import BUDGET, WAITS, YEAR

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import GOOD, OFFER, ON, PERIOD, A, B, graded, letters, offer, with_b
finally:
    sys.path.pop(0)

SELLING = evolve(
    GOOD,
    treatments={
        "A": evolve(A, effort=Effort(sales_hours=2)),
        "B": evolve(B, effort=Effort(sales_hours=lambda c: c["revenue"] / 100)),
    },
)
"""Four customers A at 4 service hours, four B at 0.5: 18 hours; sales hours 8 + 5 + 4 + 3 + 2 = 22."""


def warned(policy, **rest):
    return [(one.rule, one.grade, one.what, one.mend) for one in cg.plan(graded(), policy, ON, **rest).warnings]


def test_hours_that_exist_give_no_warning():
    """As many hours as are promised are enough."""
    assert warned(SELLING, hours={"service": 18, "sales": 22}) == []


def test_hours_that_do_not_exist_give_a_warning():
    """The warning has both numbers and a factor, rounded down, with which they fit."""
    assert warned(SELLING, hours={"service": 17.9, "sales": 11}) == [
        (
            "R22",
            "all grades",
            "22.0 sales hours a quarter are promised, and there are 11.0",
            "Multiply the sales hours by 0.5, the factor that fits",
        ),
        (
            "R22",
            "all grades",
            "18.0 service hours a quarter are promised, and there are 17.9",
            "Multiply the service hours by 0.994, the factor that fits",
        ),
    ]


def test_hours_that_nobody_gave_are_not_checked():
    """Each kind of hours that is promised is named; a kind that isn't promised needs no number."""
    found = cg.plan(graded(), GOOD, ON).unchecked
    assert "R22 promises-kept not checked: no hours given for service" in found
    assert not any("sales" in text for text in found)
    assert any("for sales" in text for text in cg.plan(graded(), SELLING, ON, hours={"service": 99}).unchecked)


def crowd(repriced, sizes):
    """Return customers B in groups, of whom some in each group have a revenue that is offered a rise."""
    revenue, groups = [], []
    for name, size in sizes.items():
        revenue += [500.0] * repriced[name] + [100.0] * (size - repriced[name])
        groups += [name] * size
    columns = {"revenue": revenue, "profit": [1.0] * len(revenue)}
    base = cg.CustomerBase(ids=np.arange(len(revenue)), columns=columns, period=PERIOD)
    return letters().fit(base).grade(base), groups


SOME = with_b(offers=[evolve(OFFER, transition=None, silence="keep", when=lambda c: c["revenue"] > 200)])


def test_groups_within_four_fifths_give_no_warning():
    """16 of 40 against 20 of 40 is four fifths; one customer fewer is below."""
    customers, groups = crowd({"north": 16, "south": 20}, {"north": 40, "south": 40})
    assert cg.plan(customers, SOME, ON, groups=groups).warnings == ()
    customers, groups = crowd({"north": 15, "south": 20}, {"north": 40, "south": 40})
    (breach,) = cg.plan(customers, SOME, ON, groups=groups).warnings
    assert str(breach) == (
        "R23 equal-in-effect, all grades (20 customers): 20 of 40 customers of 'south' are offered a higher price "
        "(50.0%), and 15 of 40 of 'north' (37.5%), a ratio of 0.75. Find out why; "
        "a ratio of 0.8 or more gives no warning"
    )


def test_small_groups_are_not_compared():
    """A group of 19 is left out, one of 20 counts; customers without a group are left out."""
    repriced = {"north": 20, "south": 0, "": 0}
    customers, groups = crowd(repriced, {"north": 20, "south": 19, "": 30})
    plan = cg.plan(customers, SOME, ON, groups=groups)
    assert plan.warnings == ()
    assert "R23 equal-in-effect not checked: fewer than two groups have 20 customers" in plan.unchecked
    customers, groups = crowd(repriced, {"north": 20, "south": 20, "": 30})
    assert [one.rule for one in cg.plan(customers, SOME, ON, groups=groups).warnings] == ["R23"]


def test_releases_are_compared_apart_from_prices():
    """An offer with a transition and no rise releases, and reprices nobody."""
    policy = with_b(offers=[evolve(OFFER, rise=0, when=lambda c: c["revenue"] > 200)])
    customers, groups = crowd({"north": 20, "south": 0}, {"north": 20, "south": 20})
    (breach,) = cg.plan(customers, policy, ON, groups=groups).warnings
    assert "are offered an end" in breach.what


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(30, 60)), min_size=2, max_size=5))
def test_the_ratio_is_exact(counts):
    """A warning is given exactly if the lowest share is below four fifths of that of a group with 5 customers."""
    groups = [(f"g{k}", chosen, size) for k, (chosen, size) in enumerate(counts)]
    shares = [Fraction(chosen, size) for _, chosen, size in groups]
    expected = any(
        min(shares) < Fraction(4, 5) * one for one, (chosen, _) in zip(shares, counts, strict=True) if chosen >= 5
    )
    assert bool(list(_unequal("repriced", groups))) == expected


def test_what_lacks_its_data_is_named():
    """Each rule that could have applied names the columns that it lacks."""
    changed = evolve(B, offers=[evolve(OFFER, package="basic")], rewards=[Reward("card", "gift", 5)])
    policy = evolve(GOOD, treatments={"A": A, "B": changed}, packages=[Package("basic")])
    base = cg.CustomerBase(ids="ab", columns={"revenue": [900.0, 100], "profit": [1.0, 1]}, period=PERIOD)
    assert cg.plan(letters().fit(base).grade(base), policy, ON).unchecked == (
        "R20 own-faults-first not checked: no column complaints, needs_met, service_hours",
        "R21 gifts-have-a-limit checked in part: no column no_gifts, which says who refuses gifts",
        "R22 promises-kept not checked: no hours given for service",
        "R23 equal-in-effect not checked: no groups given",
        "R24 not-dearer-than-new not checked: no price of package basic",
    )


def test_a_rule_that_cannot_apply_is_not_named():
    """Without offers, gifts and hours there is nothing to check."""
    plain = Treatment("serve them", level=ServiceLevel(24, 0), way_up="order more")
    policy = evolve(GOOD, treatments={"A": plain, "B": plain}, base=ServiceLevel(24, 0))
    assert cg.plan(graded(), policy, ON).unchecked == ()


def test_the_data_may_lack_a_period():
    """Hours spent say nothing without the length of the time in which they were spent."""
    columns = {"revenue": [900.0, 100], "profit": [1.0, 1], "service_hours": [1.0, 1]}
    base = cg.CustomerBase(ids="ab", columns=columns)
    found = cg.plan(letters().fit(base).grade(base), offer(), ON).unchecked
    assert "R20 own-faults-first not checked: no column complaints, needs_met; service_hours has no period" in found
    bare = cg.CustomerBase(ids="ab", columns={"revenue": [900.0, 100], "profit": [1.0, 1]})
    found = cg.plan(letters().fit(bare).grade(bare), offer(), ON).unchecked
    assert "R20 own-faults-first not checked: no column complaints, needs_met, service_hours" in found


@pytest.mark.parametrize("columns", [{"consent": [1, 0, float("nan"), 1, 1, 1, 1, 1]}])
def test_only_who_agreed_is_shown(columns):
    """A showcase with consent is for customers whose consent is 1."""
    policy = evolve(
        GOOD, treatments={"A": evolve(A, rewards=[*A.rewards, Reward("wall", "showcase", 50, consent=True)]), "B": B}
    )
    (block,) = [one for one in cg.plan(graded(**columns), policy, ON).rewards if one.reward.kind == "showcase"]
    assert block.rows.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("kind", "column", "rule"), [("gift", {"no_gifts": [0, 1, 0, 0, 0, 0, 0, 0]}, "R21"), ("showcase", {}, "R14")]
)
def test_rewards_that_a_plan_should_not_have_are_found(kind, column, rule):
    """If a plan gave a gift to who refuses gifts, or showed who didn't agree, the guard would find the customers."""
    agreed = {"consent": [1, 0, 1, 1, 1, 1, 1, 1]}
    rewards = [*A.rewards, Reward("one", kind, 50, consent=kind == "showcase")]
    plan = cg.plan(graded(**agreed, **column), evolve(GOOD, treatments={"A": evolve(A, rewards=rewards), "B": B}), ON)
    assert plan_breaches(plan, {}, None)[0] == ()
    wrong = tuple(
        evolve(
            block,
            rows=np.array([0, 1]),
            cents=np.array([5000, 5000]),
            states=np.zeros(2, np.uint8),
            reasons=np.zeros(2, np.uint8),
        )
        for block in plan.rewards
        if block.reward.name == "one"
    )
    (breach,) = plan_breaches(evolve(plan, rewards=wrong), {}, None)[0]
    assert (breach.rule, breach.grade, breach.rows.tolist()) == (rule, "A", [1])


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(80)))
def test_the_order_of_customers_changes_no_warning(order):
    """Hours add up, and groups are compared, alike in any order."""
    customers, groups = crowd({"north": 12, "south": 20}, {"north": 40, "south": 40})
    shuffled = cg.CustomerBase(
        ids=customers.base.ids[order],
        columns={name: customers.base[name][order] for name in ("revenue", "profit")},
        period=PERIOD,
    )
    other = letters().fit(shuffled).grade(shuffled)
    hours = {"service": 0.1}
    expected = [str(one) for one in cg.plan(customers, SOME, ON, groups=groups, hours=hours).warnings]
    assert len(expected) == 2
    found = cg.plan(other, SOME, ON, groups=[groups[k] for k in order], hours=hours).warnings
    assert [str(one) for one in found] == expected


def test_only_what_waits_for_the_budget_is_held_against_it():
    """A gift that waits because of the limit of gifts a year says nothing of the budget of its grade."""
    rewards = [Reward("one", "gift", 70), Reward("two", "gift", 70)]
    policy = evolve(
        GOOD,
        treatments={
            "A": evolve(A, rewards=rewards, budget=10_000),
            "B": evolve(B, rewards=Reward("one", "gift", 70)),
        },
        gift_limit_year=200,
    )
    made = cg.plan(graded(), policy, ON)
    assert not [one for one in plan_breaches(made, {}, None)[0] if "budget" in one.what]
    waiting = [evolve(one, reasons=np.full_like(one.reasons, YEAR), states=np.full_like(one.states, WAITS))
               if one.place == 0 else one for one in made.rewards]  # fmt: skip
    assert not [one for one in plan_breaches(evolve(made, rewards=tuple(waiting)), {}, None)[0] if "budget" in one.what]
    short = [evolve(one, reasons=np.full_like(one.reasons, BUDGET)) if one.place == 0 else one for one in waiting]
    assert [one for one in plan_breaches(evolve(made, rewards=tuple(short)), {}, None)[0] if "budget" in one.what]
