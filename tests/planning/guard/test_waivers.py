"""Waivers: for a grade or a customer, for a time; what each did is on the plan."""

import sys
from pathlib import Path

import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import PolicyError, RespectError
from custgrade.planning import RULES, ServiceLevel

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import BASE, GOOD, ON, graded, offer, with_b
finally:
    sys.path.pop(0)

SHORT = offer(open_days=3)
BY_REVENUE = with_b(level=evolve(BASE, service_hours=lambda c: c["revenue"] / 100 + 0.5))
"""Customers C4 (revenue 500) and C5 (400) would have more hours than in A."""


def waiver(rule="R08", **new):
    given = {"reason": "a fair", "author": "Jane Doe", "date": "2026-01-01", "expires": "2026-01-31", **new}
    return cg.Waiver(rule, **({"grade": "B"} if not {"grade", "customer_id"} & set(new) else {}), **given)


def states(plan):
    return [use.state for use in plan.waivers]


def test_a_waiver_of_a_grade_allows_a_breach():
    """The plan is made, and carries the breach and the waiver."""
    plan = cg.plan(graded(), SHORT, ON, waivers=waiver())
    assert [breach.rule for breach in plan.breaches] == ["R08"]
    assert states(plan) == ["used"]
    assert str(plan.waivers[0]) == (
        "waiver used: R08 window for grade B from 2026-01-01 to 2026-01-31: a fair (Jane Doe)"
    )


def test_a_rule_may_be_named():
    """The name of a rule stands for its id."""
    assert waiver("window").rule == "R08"


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (waiver(grade="A"), "unused"),
        (waiver("R09"), "unused"),
        (waiver(customer_id="C5"), "unused"),
        (waiver(date="2025-01-01", expires="2025-12-31"), "expired"),
        (waiver(date="2026-01-02"), "not yet"),
        (waiver("R22", grade="all grades"), "unused"),
        (waiver("R77"), "unknown rule"),
        (waiver(grade="C"), "unknown grade"),
        (waiver(customer_id="C99"), "unknown customer"),
    ],
)
def test_what_did_nothing_is_reported(given, state):
    """The state is on the plan of a decent policy; with a faulty one, the error says it."""
    plan = cg.plan(graded(), GOOD, ON, waivers=[given])
    assert states(plan) == [state]
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), SHORT, ON, waivers=[given])
    assert f"waiver {state}: " in raised.value.hint.python


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-31"])
def test_both_ends_of_a_waiver_are_included(day):
    """A waiver holds on its first and on its last day, and not on the day after."""
    assert states(cg.plan(graded(), SHORT, day, waivers=[waiver()])) == ["used"]
    with pytest.raises(RespectError):
        cg.plan(graded(), SHORT, "2026-02-01", waivers=[waiver()])


def test_a_near_name_is_proposed():
    """The report of an unknown name says what may be meant."""
    plan = cg.plan(graded(), GOOD, ON, waivers=[waiver("windwo")])
    assert "Did you mean 'window'?" in str(plan.waivers[0])


def test_a_waiver_of_a_customer_takes_the_customer_out():
    """The breach remains for the other customer; with a waiver for each, the plan is made."""
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), BY_REVENUE, ON)
    assert raised.value.breaches[0].rows.tolist() == [4, 5]
    one, other = waiver("R03", customer_id="C4"), waiver("R03", customer_id="C5")
    with pytest.raises(RespectError) as raised:
        cg.plan(graded(), BY_REVENUE, ON, waivers=[one])
    (left,) = raised.value.breaches
    assert (left.customers, left.rows.tolist()) == (1, [5])
    plan = cg.plan(graded(), BY_REVENUE, ON, waivers=[one, other, waiver("R03", customer_id="C0")])
    assert states(plan) == ["used", "used", "unused"]
    assert [(breach.customers, breach.rows.tolist()) for breach in plan.breaches] == [(2, [4, 5])]


def test_a_waiver_of_a_customer_is_not_for_the_policy_itself():
    """A breach of the declared policy is for nobody in particular, so only a grade's waiver allows it."""
    with pytest.raises(RespectError, match="R08"):
        cg.plan(graded(), SHORT, ON, waivers=[waiver(customer_id="C4")])


def test_the_base_can_have_a_waiver():
    """A breach of the base level has the grade `base`."""
    slow = ServiceLevel(60, 0.5)
    policy = evolve(with_b(level=None), base=slow)
    assert states(cg.plan(graded(), policy, ON, waivers=[waiver("R02", grade="base")])) == ["used"]


@pytest.mark.parametrize("rule", ["R01", "R10", "R14", "R19", "base-level"])
def test_some_rules_cannot_be_waived(rule):
    """These four hold for everybody."""
    with pytest.raises(PolicyError, match="can't be waived"):
        waiver(rule)
    assert [one.id for one in RULES.values() if not one.waivable] == ["R01", "R10", "R14", "R19"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"grade": "B", "customer_id": "C1"}, "either a grade or a customer_id"),
        ({"grade": ""}, "either a grade or a customer_id"),
        ({"reason": " "}, "needs its reason"),
        ({"author": ""}, "needs its author"),
        ({"author": "Jane\nDoe"}, "needs its author"),
        ({"date": "soon"}, "a waiver's date"),
        ({"expires": "2025-01-01"}, "expires on or after its date"),
        ({"customer_id": 1.5}, "an id must be"),
    ],
)
def test_a_wrong_waiver_is_refused(wrong, message):
    """A waiver says what it is for, why, by whom and for how long."""
    with pytest.raises(PolicyError, match=message):
        waiver(**wrong)


HEADER = "rule,grade,customer_id,reason,author,date,expires\n"
LINE = "R08,B,,a fair,Jane Doe,2026-01-01,2026-01-31\n"


def test_waivers_are_read_from_a_file(tmp_path):
    """Each line is a waiver; ids keep their blanks, and names of rules may be used."""
    path = tmp_path / "waivers.csv"
    path.write_text(HEADER + LINE + "window,, C1,why,Jane,2026-01-01,2026-01-31\n", encoding="utf-8")
    found = cg.read_waivers(path)
    assert found == (waiver(), waiver(customer_id=" C1", reason="why", author="Jane"))
    assert states(cg.plan(graded(), SHORT, ON, waivers=found)) == ["used", "unknown customer"]


def test_a_file_may_lack_the_column_that_no_line_needs(tmp_path):
    """Without waivers of customers, there may be no column of ids; semicolons separate columns too."""
    path = tmp_path / "waivers.csv"
    path.write_text("rule;grade;reason;author;date;expires\nR08;B;a fair;Jane Doe;2026-01-01;2026-01-31\n", "utf-8")
    assert cg.read_waivers(path) == (waiver(),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + LINE + "R01,B,,why,Jane,2026-01-01,2026-01-31\n", "line 3: R01 base-level can't be waived"),
        (HEADER + "R08,,,why,Jane,2026-01-01,2026-01-31\n", "line 2: a waiver needs either"),
        (HEADER.replace("reason", "reson") + LINE, "has no column 'reason'. Is 'reson' meant"),
        (HEADER.replace("author", "rule") + LINE, "two columns 'rule'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path, text, message):
    """The error has the file and the line."""
    path = tmp_path / "waivers.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=message) as raised:
        cg.read_waivers(path)
    assert str(path) in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    """A file that doesn't exist is an error of its own kind."""
    with pytest.raises(PolicyError, match="nowhere"):
        cg.read_waivers(tmp_path / "nowhere.csv")
