"""Making plans: arguments, scales, manual grades."""

import datetime as dt

import numpy as np
import pytest
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.errors import PolicyError
from custgrade.planning import Treatment


def test_a_plan_has_a_treatment_for_everybody():
    """Customers get the treatment of their grade, and ungraded customers that of the ungraded."""
    made = cg.plan(graded("AB-C"), policy(), ON)
    assert {"A": 1, "B": 1, "C": 1, "ungraded": 1} == made.counts()
    assert ["A", "B", "ungraded", "C"] == made.to_dict()["treatment"].tolist()
    assert (dt.date(2026, 1, 1), dt.date(2026, 4, 3), dt.date(2026, 1, 1)) == (made.on, made.until, made.since)


def test_manual_grades_are_planned_for():
    """A customer with a manual grade that holds gets the treatment of that grade."""
    override = cg.Override("C1", "A", "a friend", "Kim", "2025-01-01", "2026-12-31")
    people = graded("CC").with_overrides(cg.Overrides([override]), "2025-12-31")
    made = cg.plan(people, policy(), ON)
    assert ["C", "A"] == made.to_dict()["treatment"].tolist()
    assert ["C", "A"] == made.to_dict()["grade"].tolist()


def test_another_scale_is_mapped():
    """Grades that the policy lacks get the treatment that the plan or the policy maps them to."""
    base = cg.CustomerBase(
        [f"C{k}" for k in range(20)],
        {"profit": np.arange(20.0), "revenue": np.full(20, 100.0)},
        period=graded("A").base.period,
    )
    people = cg.scorer("abcde").fit(base).grade(base)
    with pytest.raises(PolicyError, match=r"no treatment for D, E .*grades=\{'D': 'C'\}"):
        cg.plan(people, policy(), ON)
    made = cg.plan(people, policy(), ON, grades={"D": "C", "E": "C"})
    assert people.counts()["D"] + people.counts()["E"] + people.counts()["C"] == made.counts()["C"]
    assert made.counts() == cg.plan(people, policy(also={"D": "C", "E": "C"}), ON).counts()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"on": "2025-12-30"}, "as-of date, 2025-12-31"),
        ({"on": "31.12.2025"}, "on"),
        ({"on": None}, "on"),
        ({"since": "2026-02-01"}, "since must be on or before"),
        ({"horizon": 0}, "horizon"),
        ({"horizon": "3 weeks"}, "horizon"),
        ({"waivers": "R02"}, "waivers must be a list"),
        ({"waivers": [1]}, "waivers must be a list"),
        ({"hours": {"cooking": 1}}, "hours must be"),
        ({"hours": {"sales": -1}}, "sales hours must be a number of hours a quarter, 0 or more; received -1"),
        ({"hours": 5}, "hours must be"),
        ({"groups": ["a"]}, "groups must have"),
        ({"grades": {"D": "X"}}, "grade 'D' can't be mapped to 'X', which isn't among the policy's grades"),
        ({"grades": 7}, "must be a mapping"),
    ],
)
def test_wrong_arguments_are_refused(changes, message):
    """Each wrong argument is an error that names it."""
    given = {"on": ON, **changes}
    with pytest.raises(cg.CustgradeError, match=message):
        cg.plan(graded("AB"), policy(), **given)


def test_wrong_objects_are_refused():
    """Bases, names of policies and texts in place of graded customers and policies are errors that say what to give."""
    with pytest.raises(PolicyError, match="graded customers first; received a CustomerBase"):
        cg.plan(graded("A").base, policy(), ON)
    with pytest.raises(PolicyError, match="takes a Policy second; received a str"):
        cg.plan(graded("A"), "golden-list", ON)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"treatments": {"A": Treatment("x")}}, "no treatment for B, C"),
        ({"treatments": {**policy().treatments, "D": Treatment("x")}}, "treatment for 'D', which isn't among"),
        ({"treatments": {"a": Treatment("x")}}, "Did you mean 'A'"),
        ({"treatments": {"A": 1}}, "a Treatment for each grade"),
        ({"also": {"D": "Z"}}, "maps 'D' to 'Z'"),
        ({"purpose": ""}, "purpose must be a text"),
        ({"name": 3}, "name must be a text"),
        ({"base": None}, "base must be a ServiceLevel"),
        ({"budget_months": 0}, "budget_months must be a whole number of months, at least 1"),
        ({"hold_days": -1}, "hold_days must be a whole number of days, at least 0; received -1"),
        ({"hold_days": None}, "hold_days must be a whole number of days, at least 0; received None"),
        ({"pause_months": 0}, "pause_months must be a whole number of months, at least 1"),
        ({"contact_limit": 0}, "contact_limit must be a whole number of contacts, at least 1, or None; received 0"),
        ({"contact_limit": True}, "contact_limit must be a whole number"),
        ({"contact_days": 0}, "contact_days must be a whole number of days, at least 1"),
        ({"days_off": ["sundey"]}, "days_off must be a list of weekdays.*Did you mean 'sunday'"),
        ({"sales_rate": "x"}, "sales_rate must be a number"),
        ({"findings": ["pareto"]}, "findings must be functions"),
        ({"shortlists": "golden"}, "shortlists"),
    ],
)
def test_wrong_policies_are_refused(changes, message):
    """Each wrong attribute of a policy is an error that names it."""
    with pytest.raises(PolicyError, match=message):
        policy(**changes)


def test_a_policy_cannot_be_subclassed():
    """The classes of parts are final."""
    with pytest.raises(TypeError, match="can't be subclassed"):
        type("Mine", (type(policy()),), {})


def test_an_empty_base_has_an_empty_plan():
    """A plan for nobody has no rows, and no error."""
    made = cg.plan(graded(""), policy(), ON)
    assert (0, 0.0) == (len(made), float(made.at_stake.sum()))
    assert 0 == len(made.to_dict()["customer_id"])


def test_arrays_are_read_only():
    """The arrays of a plan can't be changed."""
    made = cg.plan(graded("AB"), policy(), ON)
    for array in (made.treatment, made.at_stake, made.offer, made.rise, made.held, made.package):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
