"""What other projects got wrong with month ends, last days, time zones and days off: reports 1, 2, 4 to 8."""

from __future__ import annotations

import ast
import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

import custgrade

sys.path.insert(0, str(Path(__file__).parent))
try:
    from research_shop import Shop, days, gift, months_after, price, rows, shop_policy
finally:
    sys.path.pop(0)

ROOT = Path(custgrade.__file__).parent
LOSING = {"revenue": [1000.0], "profit": [10.0]}


@pytest.mark.parametrize("every", [1, 3, 6])
@pytest.mark.parametrize("first", ["2026-01-29", "2026-01-30", "2026-01-31"])
def test_01_month_ends_do_not_drift(tmp_path, first, every):
    """Gifts from the end of January come on the same day of the month for four years, or on its last day."""
    shop = Shop(tmp_path, shop_policy(a=[gift(every, 10)]))
    start = dt.date.fromisoformat(first)
    for k in range(48 // every):
        day = months_after(start, k * every)
        assert [(row.number, row.due) for row in shop.run(day)] == [(k + 1, str(day))]
        # nothing is due on the day before the next one
        assert shop.due(months_after(start, (k + 1) * every) - dt.timedelta(1)) == []


def test_01_a_month_end_that_is_met_late_does_not_drift_either(tmp_path):
    """A yearly gift from 29 February returns to the 29th in the next leap year, also if it is given late."""
    shop = Shop(tmp_path, shop_policy(a=[gift(12)]))
    expected = ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]
    found = [row.due for day in days("2028-02-29", "2032-04-01", 30) for row in shop.run(day)]
    assert found == expected


@pytest.mark.parametrize("first", ["2026-03-31", "2026-08-31"])
def test_02_half_years_from_a_31st_are_two_a_year(tmp_path, first):
    """A gift each six months from 31 March or 31 August is given twice in each of three years."""
    shop = Shop(tmp_path, shop_policy(a=[gift(6)]))
    start = dt.date.fromisoformat(first)
    last = months_after(start, 36) - dt.timedelta(1)
    found = [row.due for day in days(first, str(last), 10) for row in shop.run(day)]
    assert found == [str(months_after(start, 6 * k)) for k in range(6)]


@pytest.mark.parametrize("anchor", [1, 28, 29, 30, 31])
def test_04_periods_neither_overlap_nor_leave_a_day_out(tmp_path, anchor):
    """Each day of two years is in exactly one budget period of a month, whatever day the first one began on."""
    policy = shop_policy(a=[gift(1, 1)], budgets=(1000.0, None, None), budget_months=1)
    start = dt.date(2027, 1, anchor)
    actions = Shop(tmp_path, policy).plan(str(start)).actions()
    periods = []
    for day in days(str(start), "2028-12-31"):
        (budget,) = actions.done(day).limits.budgets
        assert budget.first <= str(day) <= budget.last
        if not periods or periods[-1] != (budget.first, budget.last):
            periods.append((budget.first, budget.last))
    following = [str(dt.date.fromisoformat(last) + dt.timedelta(1)) for _, last in periods]
    assert [first for first, _ in periods[1:]] == following[:-1]
    assert [first for first, _ in periods] == [str(months_after(start, k)) for k in range(len(periods))]


def offered(path: Path, policy: custgrade.Policy | None = None) -> Shop:
    """Return a shop whose customer was made an offer on 2 January 2026, open until the 16th."""
    shop = Shop(path, policy or shop_policy(c=[price()]), "C", **LOSING)
    assert [row.kind for row in shop.run("2026-01-01")] == ["explain"]
    assert [row.kind for row in shop.run("2026-01-02")] == ["offer"]
    return shop


def test_05_the_last_day_to_answer_is_a_whole_day(tmp_path):
    """An offer of 14 days is open on the 14th day, on which the plan says so, and has lapsed on the 15th."""
    shop = offered(tmp_path)
    columns = shop.plan("2026-01-16").to_dict()
    assert columns["offer_state"].tolist() == ["open"]
    (answer,) = [row for row in shop.due("2026-01-16") if row.kind == "answer"]
    assert answer.what.startswith("today is the last day to answer")
    before = rows(shop.plan("2026-01-15"), "due", "upcoming")
    assert [row.what for row in before if row.kind == "answer"] == ["write down the answer: signed or declined"]
    after = shop.plan("2026-01-17").to_dict()
    assert after["offer_state"].tolist() == ["lapsed"]
    assert [row.kind for row in shop.due("2026-01-17")] == ["call", "answer"]


@pytest.mark.parametrize(("day", "state"), [("2026-01-16", "signed"), ("2026-01-17", "signed late")])
def test_05_an_answer_is_late_from_the_day_after(tmp_path, day, state):
    """A signature on the last day is in time; one day later it is late, and marked so."""
    shop = offered(tmp_path)
    shop.say("signed", day)
    assert shop.plan(day).to_dict()["offer_state"].tolist() == [state]


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from research_shop import Shop, gift, price, shop_policy
shop = Shop(Path({path!r}), shop_policy(a=[gift()], c=[price()]), "AC", revenue=[1e3, 1e3], profit=[1e2, 1e1])
for day in ("2026-01-01", "2026-01-02", "2026-01-16", "2026-04-01"):
    plan = shop.plan(day)
    print(plan.summary(), plan.notes, {{name: column.tolist() for name, column in plan.to_dict().items()}})
    print(shop.run(day))
print([*shop.log.events()])
"""


def test_06_the_time_zone_changes_nothing(tmp_path):
    """The days farthest apart on earth have the same plans and the same log."""
    said = set()
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles", "UTC"):
        path = tmp_path / zone.replace("/", "-")
        path.mkdir()
        script = SCRIPT.format(folder=str(Path(__file__).parent), path=str(path))
        done = subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        said.add(done.stdout)
    assert len(said) == 1


def test_06_nothing_reads_a_clock():
    """No module that makes plans or keeps the log calls what tells the time of day or the date."""
    clocks = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime", "current_timestamp"}
    found = []
    for path in [*(ROOT / "planning").rglob("*.py"), *(ROOT / "events").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                found += [(path.name, node.lineno, name)] if name.lower() in clocks else []
            if isinstance(node, ast.Import):
                found += [(path.name, node.lineno, one.name) for one in node.names if one.name == "time"]
    assert found == []


@pytest.mark.parametrize(
    ("made", "until"),
    [("2026-01-04", "2026-01-19"), ("2026-12-11", "2026-12-28"), ("2026-01-02", "2026-01-16")],
    ids=["a Sunday moves", "a holiday before a weekend moves twice", "a working day stays"],
)
def test_07_only_a_last_day_on_a_day_off_moves(tmp_path, made, until):
    """The last day to answer moves to the next working day, and is the one that the offer is recorded with."""
    policy = shop_policy(c=[price()], days_off=["saturday", "sunday", "2026-12-25"])
    shop = Shop(tmp_path, policy, "C", **LOSING)
    shop.run(dt.date.fromisoformat(made) - dt.timedelta(1))
    (row,) = shop.run(made)
    (event,) = shop.known("offered")
    assert (row.kind, row.until, str(event.until)) == ("offer", until, until)
    assert shop.plan(until).to_dict()["offer_state"].tolist() == ["open"]


@pytest.mark.parametrize("late", range(8))
def test_07_an_offer_that_is_made_later_counts_from_its_own_day(tmp_path, late):
    """An offer of 28 days that is made some days after its plan is open for 28 days, moved by at most the days off."""
    policy = shop_policy(c=[price(open_days=28)], days_off=["saturday", "sunday"])
    shop = Shop(tmp_path, policy, "C", **LOSING)
    shop.run("2026-01-01")
    day = dt.date(2026, 1, 2) + dt.timedelta(late)
    shop.log.add(shop.plan("2026-01-02").actions().done(day))
    last = day + dt.timedelta(28)
    while last.weekday() >= 5:
        last += dt.timedelta(1)
    assert [event.until for event in shop.known("offered")] == [last]


def test_07_a_long_transition_may_end_after_a_day_off(tmp_path):
    """A transition of the most days whose last day is a Sunday ends on the Monday after it."""
    end = price(transition=custgrade.planning.Transition("partner", "Smith & Co.", 180, "open orders are finished"))
    shop = offered(tmp_path, shop_policy(c=[end], days_off=["sunday"]))
    shop.say("declined", "2026-01-16")
    shop.run("2026-01-16")
    # 180 days from Tuesday, 20 January, are Sunday, 19 July
    assert [row.kind for row in shop.run("2026-01-20")] == ["transition"]
    assert [str(event.until) for event in shop.known("transition")] == ["2026-07-20"]


def test_08_a_day_off_is_named_if_it_moved_a_day(tmp_path):
    """Holidays are only those of the policy, and the plan names those that moved a last day that it shows."""
    policy = shop_policy(c=[price()], days_off=["sunday", "2026-01-15", "2026-12-25"])
    shop = Shop(tmp_path, policy, "C", **LOSING)
    notes = shop.plan("2026-01-01").notes
    assert notes == ("these days off have moved last days to answer, or of transitions: 2026-01-15",)
    (row,) = shop.due("2026-01-01")
    assert row.until == "2026-01-16"
    assert Shop(tmp_path / "other", shop_policy(c=[price()]), "C", **LOSING).due("2026-12-11")[0].until == "2026-12-25"
    assert not any("days off" in note for note in shop.plan("2026-01-02").notes)
