"""The policy `fair-treatment` week after week, with a log: nobody is driven out, and nothing comes twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import EventLog, Graded
from custgrade.events import Event

POLICY = "fair-treatment"
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")
SIZE = 40


@pytest.fixture
def graded() -> Graded:
    """Forty customers with profits from −500 on in steps of 50; the top four are treated as the top."""
    columns = {"profit": np.arange(SIZE) * 50.0 - 500.0, "revenue": np.full(SIZE, 4000.0), "orders": np.full(SIZE, 4.0)}
    base = cg.CustomerBase([f"c{k:02}" for k in range(SIZE)], columns, PERIOD)
    return cg.scorer("top10").fit(base).grade(base)


def test_nobody_is_served_worse_on_the_way_to_a_partner(graded: Graded, log: EventLog, programme: Any) -> None:
    """003-1 and 003-2: who is referred was told, asked, and had 14 days; until the end the service stays the same."""
    day, services = dt.date(2026, 1, 5), []
    for _ in range(40):
        plan = programme.carry_out(graded, day, refer_after_decline=True)
        services.append(plan.entitled("response_hours").tolist() + plan.entitled("service_hours").tolist())
        asked = [one for one in log.events() if one.kind == "offered" and one.customer_id == "c00"]
        if asked and asked[0].day < day and "declined" not in dict(programme.told("c00")):
            log.add(Event("c00", "declined", "more business", day))
        day += dt.timedelta(7)
    assert all(one == services[0] for one in services)
    moves = [
        one
        for one in programme.told("c00")
        if one[0] in ("explained", "offered", "declined", "referred", "transition", "ended")
    ]
    assert ["explained", "offered", "declined", "referred", "transition", "ended"] == [kind for kind, _ in moves]
    days = {kind: dt.date.fromisoformat(one) for kind, one in moves}
    assert days["transition"] >= days["offered"] + dt.timedelta(14)
    assert days["ended"] >= days["transition"] + dt.timedelta(60)
    # the offer says that silence keeps everything, so nobody else is handed over
    assert {"c00"} == {one.customer_id for one in log.events() if one.kind in ("referred", "transition", "ended")}


def test_the_way_up_is_told_once_a_year(graded: Graded, log: EventLog, programme: Any) -> None:
    """003-10: with a plan every week for two years, each customer of the rest hears twice what they can do."""
    day = dt.date(2026, 1, 5)
    for _ in range(104):
        programme.carry_out(graded, day)
        day += dt.timedelta(7)
    heard = [one.customer_id for one in log.events() if (one.kind, one.name) == ("tell", "way up")]
    assert {heard.count(f"c{k:02}") for k in range(36)} == {2}
    assert not {f"c{k}" for k in range(36, 40)} & set(heard)
    thanked = [one for one in log.events() if one.name == "thanks from the owner" and one.customer_id == "c39"]
    assert len(thanked) == 4


def test_who_moves_up_is_served_better_at_once(graded: Graded, log: EventLog, programme: Any) -> None:
    """003-11: a rise counts on its day; a fall after 90 days, and after the notice."""
    programme.carry_out(graded, "2026-01-05")
    columns = {name: graded.base[name].copy() for name in ("profit", "revenue", "orders")}
    columns["profit"] = columns["profit"][::-1].copy()
    turned = cg.CustomerBase(graded.base.ids, columns, PERIOD)
    swapped = cg.scorer("top10").fit(turned).grade(turned)
    plan = programme.carry_out(swapped, "2026-02-02")
    assert plan.entitled("response_hours")[[0, 39]].tolist() == [4.0, 4.0]
    assert ("c39", "notice") in {(one.customer_id, one.kind) for one in log.events()}
    later = programme.plan(swapped, "2026-06-01")
    assert later.entitled("response_hours")[[0, 39]].tolist() == [4.0, 12.0]
