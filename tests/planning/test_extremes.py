"""Values at the ends of what is possible: infinities, the largest numbers, limits of counts, odd arguments."""

import numpy as np
import pytest
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.errors import PolicyError, RespectError
from custgrade.planning import (
    Action,
    Effort,
    Entitlement,
    Offer,
    Package,
    Reward,
    ServiceLevel,
    Shortlist,
    Terms,
    Treatment,
)
from custgrade.planning.servicing import exact_sum
from custgrade.plugins import Axis, Shares


def with_a(**changes):
    """Return the small policy with another treatment for A."""
    given = {"goal": "x", "level": ServiceLevel(4, 6, "named person"), **changes}
    return policy(treatments={**policy().treatments, "A": Treatment(**given)})


@pytest.mark.parametrize("revenue", [np.inf, 1e300, -np.inf])
def test_a_reward_of_an_impossible_value_is_not_given(revenue):
    """A value that is infinite or beyond all money gives no reward, and no sum that wraps around."""
    thanks = Reward("note", "thanks", lambda c: c["revenue"] * 1.0)
    made = cg.plan(graded("AA", revenue=[revenue, 100.0]), with_a(rewards=thanks, budget=500), ON)
    (block,) = made.rewards
    assert ([1], [10000]) == (block.rows.tolist(), block.cents.tolist())
    assert "1 customer" in made.notes[0]


def test_an_infinite_entitlement_is_the_base():
    """A service level that divides by zero for somebody gives the base."""
    made = cg.plan(
        graded("A", orders=[0.0]), with_a(level=ServiceLevel(4, lambda c: 6.0 + 1.0 / c["orders"], "named person")), ON
    )
    assert [0.5] == made.entitled("service_hours").tolist()


def test_an_infinite_sum_at_stake_is_unknown():
    """Money at stake that is infinite is unknown, in the plan, its summary and the largest sums alike."""
    made = cg.plan(graded("AA", revenue=[np.inf, 5.0]), policy(at_stake=lambda c: c["revenue"] * 1.0), ON)
    assert np.isnan(made.at_stake).tolist() == [True, False]
    assert (5.0, [5.0]) == (made.summary()[-1].at_stake, [one.money for one in made.largest()])


def test_a_sum_beyond_float64_is_infinite():
    """Sums that no float64 can hold are infinite instead of an error."""
    assert exact_sum(np.array([1e308, 1e308])) == np.inf
    assert exact_sum(np.array([-1e308, -1e308])) == -np.inf


def test_all_unknown_money_is_unknown_in_the_summary():
    """A grade without any known sum at stake has none, instead of 0."""
    made = cg.plan(graded("AB"), policy(at_stake=lambda c: c["potential"] * 1.0), ON)
    assert np.isnan([line.at_stake for line in made.summary() if line.customers]).all()


@pytest.mark.parametrize("count", [255, 256])
def test_packages_are_limited_to_what_a_plan_can_store(count):
    """256 packages are refused; with 255, customers without one have the base level."""
    packages = [Package(f"p{k}", {"orders": 1e9}, ServiceLevel(1, 9) if k == 255 else None) for k in range(count)]
    if count > 255:
        with pytest.raises(PolicyError, match="at most 255"):
            policy(packages=packages)
    else:
        assert [0.5] == cg.plan(graded("C"), policy(packages=packages), ON).entitled("service_hours").tolist()


def test_offers_are_limited_to_what_a_plan_can_store():
    """128 offers of a treatment are refused."""
    offers = [Offer(f"o{k}", "x", explain="x") for k in range(128)]
    with pytest.raises(PolicyError, match="at most 127"):
        Treatment("x", offers=offers)


@pytest.mark.parametrize("groups", [[[1], [2, 3]], [b"\xff"] * 2, ["\ud800"] * 2, ["a"], object()])
def test_odd_groups_are_refused(groups):
    """Groups that aren't a text for each customer are an error that names the argument."""
    with pytest.raises(PolicyError, match="groups must have a text"):
        cg.plan(graded("AB"), policy(), ON, groups=groups)


def test_customers_without_a_group_are_in_no_group():
    """None and NaN are no group of their own."""
    size = 50
    people = graded("C" * size, revenue=[1000.0] * size, profit=[10.0] * 25 + [500.0] * 25)
    made = cg.plan(people, policy(), ON, groups=[None] * 25 + [float("nan")] * 25)
    assert () == made.warnings
    assert any("fewer than two groups" in sentence for sentence in made.unchecked)


@pytest.mark.parametrize("name", ["=1+1", "a b", "", "1"])
def test_details_have_names_of_columns(name):
    """The name of a detail can't be a formula in a spreadsheet."""
    with pytest.raises(PolicyError, match="name of a detail"):
        policy(details={name: lambda c: c["revenue"] * 1.0})


def test_further_entitlements_have_columns_even_without_a_base():
    """An entitlement that only some grades state is a column, unknown for the others."""
    level = ServiceLevel(4, 6, "named person", further={"visits": Entitlement(4)})
    made = cg.plan(graded("AB"), with_a(level=level), ON)
    assert "[ 4. nan]" == str(made.to_dict()["visits"])


def test_manual_grades_are_those_of_the_day_of_the_plan():
    """A manual grade that has expired on the day of the plan doesn't decide the treatment."""
    override = cg.Override("C0", "A", "a friend", "Kim", "2025-01-01", "2026-06-30")
    people = graded("C").with_overrides(cg.Overrides([override]), "2026-01-01")
    assert ["A"] == cg.plan(people, policy(), "2026-06-30").to_dict()["treatment"].tolist()
    assert ["C"] == cg.plan(people, policy(), "2026-07-01").to_dict()["treatment"].tolist()


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": Action("x", "contact", "x", when=lambda c: c["revnue"] > 1)},
        {"actions": Action("x", "contact", "x", hours=lambda c: c["revnue"] * 1.0)},
        {"effort": Effort(lambda c: c["revnue"] * 1.0)},
        {"rewards": Reward("x", "thanks", lambda c: c["revnue"] * 1.0)},
    ],
)
def test_misspelt_columns_are_named(changes):
    """A column that the data lacks is named on the plan, wherever the policy reads it."""
    made = cg.plan(graded("AB"), with_a(**changes), ON)
    assert any("no such columns" in note and "revnue" in note for note in made.notes)


@pytest.mark.parametrize(
    ("grades", "message"),
    [
        ({"Q": "C"}, "grade 'Q' can't be mapped, because the customers' scale doesn't have it"),
        ({"A": "C"}, "grade 'A' can't be mapped to 'C', because the policy has a treatment of its own for 'A'"),
    ],
)
def test_mappings_without_effect_are_refused(grades, message):
    """A mapping of a grade that isn't in the scale, or that has a treatment, is an error."""
    with pytest.raises(PolicyError, match=message):
        cg.plan(graded("AB"), policy(), ON, grades=grades)


def test_a_plan_ends_before_the_calendar_does():
    """A horizon beyond the year 9999 is refused."""
    with pytest.raises(PolicyError, match="before the year 10000"):
        cg.plan(graded("A"), policy(), ON, horizon=3_000_000)
    with pytest.raises(PolicyError, match="before the year 10000"):
        cg.plan(graded("A"), policy(), "9999-12-31")


def test_an_age_beyond_the_calendar_is_no_error():
    """A customer whose last order is said to be ages ago is long out of sight."""
    made = cg.plan(graded("A", recency=[1e300]), policy(), ON)
    assert "out of sight" in set(made.actions().to_dict()["item"])


def test_a_shortlist_needs_grades():
    """A shortlist among no grades is refused."""
    best = cg.Scorer(axes=[Axis("list", ["in", "out"], lambda c: c["orders"] * 1.0, Shares(["0.5", "0.5"]))])
    with pytest.raises(PolicyError, match="among"):
        Shortlist("golden", [], best)


@pytest.mark.parametrize("name", ["discount", "deposit", "surcharge"])
def test_a_share_is_not_a_percentage(name):
    """A discount of 5 is refused, and 5 % is proposed."""
    with pytest.raises(PolicyError, match=rf"{name} is a share of an order, at most 1; received 5\. Is 0\.05 meant"):
        Terms(**{name: 5})


def test_findings_of_a_policy_are_made_from_its_plan():
    """A plan makes the findings that its policy names."""
    from custgrade.findings import pareto

    made = cg.plan(graded("AB"), policy(findings=pareto), ON)
    assert ["pareto"] == [one.name for one in made.findings()]


def test_a_plan_may_have_more_actions_than_a_short_number_counts():
    """A century of monthly actions is listed in full."""
    actions = [Action(f"a{k}", "contact", "x", every=1) for k in range(60)]
    made = cg.plan(graded("A"), with_a(actions=actions), ON, horizon=36_500)
    assert len(made.actions()) == 60 * 12 * 100


def test_terms_of_packages_hide_no_better_terms_of_a_worse_grade():
    """A package that everybody reaches doesn't keep the guard from comparing the terms of the grades."""
    worse = Treatment("x", way_up="y", terms=Terms(discount=lambda c: np.where(c["revenue"] > 0.0, 0.1, 0.0)))
    treatments = {**policy().treatments, "B": worse}
    with pytest.raises(RespectError, match="R05"):
        cg.plan(graded("AB"), policy(treatments=treatments), ON)
    with pytest.raises(RespectError, match="R05"):
        cg.plan(graded("AB"), policy(treatments=treatments, packages=Package("all", terms=Terms(deposit=0.1))), ON)


def test_a_rise_that_cannot_be_computed_is_not_steep():
    """A customer whose rise is unknown gets no offer, and the plan doesn't say that the rise is too steep."""
    offer = Offer("price", "x", explain="x", alternatives="y", rise=lambda c: c["profit"] / c["orders"])
    treatments = {**policy().treatments, "C": Treatment("x", offers=offer, way_up="y")}
    made = cg.plan(graded("C", profit=[0.0], orders=[0.0]), policy(treatments=treatments), ON)
    assert ([-1], []) == (made.offer.tolist(), [note for note in made.notes if "steeper" in note])
