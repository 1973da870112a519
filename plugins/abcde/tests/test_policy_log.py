"""The policy `golden-list` month after month, with a log: cadence, budgets, showcase and recognition."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import EventLog, Graded
from custgrade.events import Event
from custgrade.findings import recognition, showcase

POLICY = "golden-list"
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")
SIZE = 100


def graded_of(**columns: Any) -> Graded:
    """A hundred customers, the most profitable first."""
    usual = {
        "profit": 10_000.0 - 100.0 * np.arange(SIZE),
        "revenue": np.full(SIZE, 4000.0),
        "orders": np.full(SIZE, 4.0),
    }
    base = cg.CustomerBase([f"c{k:02}" for k in range(SIZE)], usual | columns, PERIOD)
    return cg.scorer("abcde").fit(base).grade(base)


@pytest.mark.parametrize("every", [3, 6])
def test_the_cadence_without_doubles(every: int, log: EventLog, programme: Any) -> None:
    """004-9: with a plan every week for a year, an A gets a gift every 3 or 6 months, and never two in between."""
    graded = graded_of()
    for week in range(52):
        programme.carry_out(graded, dt.date(2026, 1, 5) + dt.timedelta(7 * week), every=every)
    gifts = sorted(one.day for one in log.events() if (one.customer_id, one.kind, one.name) == ("c01", "gift", "gift"))
    assert len(gifts) == 12 // every
    assert all((two - one).days >= 28 * every for one, two in pairwise(gifts))
    keys = [(one.customer_id, one.kind, one.name, one.number) for one in log.events()]
    assert len(keys) == len(set(keys))


def test_the_budget_of_a_year_is_never_exceeded(log: EventLog, programme: Any) -> None:
    """004-9: what was given is taken off the budget of the grade, over all plans of its year."""
    graded = graded_of()
    for month in range(1, 13):
        programme.carry_out(graded, dt.date(2026, month, 5), budgets={"A": 300.0, "B": 250.0})
    for grade, budget in (("A", 300.0), ("B", 250.0)):
        spent = sum(one.money for one in log.events() if one.treatment == grade and one.day.year == 2026)
        assert 0.0 < spent <= budget


def test_who_takes_back_consent_is_taken_down(log: EventLog, programme: Any) -> None:
    """004-11: members who agreed are shown; whoever takes it back is to be taken down, and isn't shown again."""
    graded = graded_of(consent=np.where(np.arange(SIZE) < 3, 1.0, np.nan))
    for day in ("2026-01-05", "2026-03-02"):
        programme.carry_out(graded, day)
    before = showcase(programme.plan(graded, "2026-03-03"))
    assert {"c00", "c01", "c02"} == {row[0] for row in before.rows if row[3] == "shown"}
    log.add(Event("c01", "consent", "", "2026-03-04", money=0))
    after = showcase(programme.plan(graded, "2026-03-05"))
    assert {"c01"} == {row[0] for row in after.rows if row[3] == "take down"}
    assert [("c01", "take-down", "showcase")] == [
        one for one in programme.due(graded, "2026-03-05") if one[1] == "take-down"
    ]
    programme.carry_out(graded, "2026-03-05")
    last = showcase(programme.plan(graded, "2027-06-01"))
    assert "c01" not in {row[0] for row in last.rows}
    assert not [one for one in programme.due(graded, "2027-06-01") if one[0] == "c01" and one[1] == "showcase"]


def test_the_recognition_log(log: EventLog, programme: Any) -> None:
    """004-12: who was thanked, with what and when, the newest first; each entry is in the log once."""
    graded = graded_of()
    for day in ("2026-01-05", "2026-04-07", "2026-07-07"):
        programme.carry_out(graded, day)
        programme.carry_out(graded, day)
    plan = programme.plan(graded, "2026-07-08")
    found = recognition(plan, most=10_000)
    given = ("gift", "outing", "event", "newsletter", "thanks", "showcase", "discount")
    written = [one for one in log.events() if one.kind in given]
    assert sorted((row[0], row[1], row[2], row[3]) for row in found.rows) == sorted(
        (str(one.day), one.customer_id, one.kind, one.name) for one in written
    )
    thanks = [row[0] for row in found.rows if row[1:4] == ("c04", "thanks", "thank-you note")]
    assert thanks == ["2026-07-07", "2026-04-07", "2026-01-05"]
    assert sum(one.money for one in written) == pytest.approx(sum(float(row[5] or 0.0) for row in found.rows))
