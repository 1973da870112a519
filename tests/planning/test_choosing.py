"""Offers, packages and shortlists, against plain Python customer by customer."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.errors import PolicyError
from custgrade.planning import Offer, Package, ServiceLevel, Shortlist, Transition, Treatment
from custgrade.plugins import Axis, Shares

NUMBERS = st.one_of(st.none(), st.integers(-500, 500).map(float))


def columns(rows):
    """Return drawn rows of revenue, profit and complaints as columns, None as unknown."""
    names = ("revenue", "profit", "complaints")
    return {name: [np.nan if row[k] is None else row[k] for row in rows] for k, name in enumerate(names)}


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.sampled_from([None, 0.0, 1.0])), min_size=1, max_size=12))
def test_the_first_offer_that_applies_is_chosen(rows):
    """A customer gets the first offer whose condition holds and whose rise is bearable, unless we are at fault."""
    made = cg.plan(graded("C" * len(rows), **columns(rows)), policy(), ON)
    for row, (revenue, profit, complaints) in enumerate(rows):
        expected, held = -1, False
        if revenue is not None and profit is not None and revenue > 0 and round(profit / revenue, 10) < 0.05:
            rise = (0.05 * revenue - profit) / 0.95
            expected = 0 if rise <= 0.25 * revenue else 1
            if (complaints or 0) > 0:
                expected, held = -1, True
        assert (expected, held) == (int(made.offer[row]), bool(made.held[row]))


def test_unknown_values_give_no_offer_and_a_note():
    """A customer with an unknown field that the offers read gets none, and the plan counts such customers."""
    made = cg.plan(graded("CC", profit=[np.nan, 10.0]), policy(), ON)
    assert [-1, 0] == made.offer.tolist()
    assert ["C: no offer for 1 customer, because one of these fields is unknown: revenue, profit"] == list(made.notes)


def test_an_offer_without_a_condition_takes_whom_the_others_leave():
    """The last offer without a condition applies to all customers that no offer before it applies to."""
    steep = Offer("price", "a price", explain="x", alternatives="y", rise=lambda c: c["revenue"])
    last = Offer("keep", "the same in writing", explain="x", rise=0)
    treatments = {**policy().treatments, "C": Treatment("x", offers=[steep, last], way_up="y")}
    made = cg.plan(graded("CC"), policy(treatments=treatments), ON)
    assert [1, 1] == made.offer.tolist()
    assert [0.0, 0.0] == made.rise.tolist()


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12))
def test_the_package_is_the_first_that_fits(rows):
    """A customer's package is the first whose every minimum is reached; unknown reaches nothing."""
    packages = [Package("project", {"revenue": 200, "profit": 50}), Package("trial", {"revenue": 10})]
    given_columns = {
        name: [np.nan if row[k] is None else row[k] for row in rows] for k, name in enumerate(("revenue", "profit"))
    }
    made = cg.plan(graded("A" * len(rows), **given_columns), policy(packages=packages), ON)
    for row, (revenue, profit) in enumerate(rows):
        expected = None
        if revenue is not None and revenue >= 10:
            expected = "project" if profit is not None and revenue >= 200 and profit >= 50 else "trial"
        package = made.package_of(row)
        assert expected == (package and package.name)


def test_a_package_never_takes_service_away():
    """A customer is entitled to the better of the package's level and the grade's, for each entitlement."""
    packages = [Package("care", {"revenue": 500}, ServiceLevel(2, 1, "team"))]
    made = cg.plan(graded("ACC", revenue=[1000.0, 1000.0, 100.0]), policy(packages=packages), ON)
    assert [2.0, 2.0, 24.0] == made.entitled("response_hours").tolist()
    assert [6.0, 1.0, 0.5] == made.entitled("service_hours").tolist()
    assert [0.0, 1.0, 2.0] == made.entitled("desk").tolist()


def test_a_shortlist_is_the_best_class_of_some_grades():
    """A list of the best half of A and B by orders has no C, whatever C orders."""
    best = cg.Scorer(axes=[Axis("list", ["in", "out"], lambda c: c["orders"] * 1.0, Shares(["0.5", "0.5"]))])
    lists = Shortlist("golden", "AB", best)
    made = cg.plan(graded("AABBCC", orders=[1.0, 4.0, 3.0, 2.0, 9.0, 9.0]), policy(shortlists=lists), ON)
    assert [False, True, True, False, False, False] == made.shortlists["golden"].tolist()


def test_a_shortlist_that_nobody_can_be_ranked_for_is_empty_with_a_note():
    """A list whose scorer grades nobody is empty, and the plan says why."""
    best = cg.Scorer(axes=[Axis("list", ["in", "out"], lambda c: c["referrals"] * 1.0, Shares(["0.5", "0.5"]))])
    made = cg.plan(graded("AB"), policy(shortlists=Shortlist("golden", "AB", best)), ON)
    assert not made.shortlists["golden"].any()
    assert "golden" in made.notes[0]
    assert any("referrals" in note for note in made.notes)


def test_faults_of_ours_hold_a_release_but_not_a_plain_offer():
    """A customer with a complaint keeps an offer without a rise and without an end, and none that ends something."""
    end = Offer(
        "part", "a partner", explain="x", alternatives="y", transition=Transition("partner", "Smith", 60, "open orders")
    )
    same = Offer("same", "the same in writing", explain="x")
    for offer, expected in ((end, (-1, True)), (same, (0, False))):
        treatments = {**policy().treatments, "C": Treatment("x", offers=offer, way_up="y")}
        made = cg.plan(graded("C", complaints=[1.0]), policy(treatments=treatments), ON)
        assert expected == (int(made.offer[0]), bool(made.held[0]))


def test_an_entitlement_from_an_unknown_column_is_an_error():
    """An entitlement can't be promised from a column that the data lacks; the error names both."""
    treatments = {**policy().treatments, "A": Treatment("x", level=ServiceLevel(4, lambda c: c["tenure"] / 100.0))}
    with pytest.raises(PolicyError, match=r"small.*A: service_hours is computed from tenure"):
        cg.plan(graded("A"), policy(treatments=treatments), ON)
