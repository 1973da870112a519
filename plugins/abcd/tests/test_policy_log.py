"""The policy `ideal-mix` week after week, with a log: plan, record, do, and plan again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

import custgrade as cg
from custgrade import EventLog, Graded
from custgrade.events import Event
from custgrade.findings import mix_over_time, out_of_sight

POLICY = "ideal-mix"
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")
SIZE = 40


def graded_of(profit: Any, **columns: Any) -> Graded:
    """Customers graded by a model that is fitted on forty profits from −1000 on in steps of 50: 10 of each grade."""
    usual = np.arange(SIZE) * 50.0 - 1000.0
    model = cg.scorer("abcd", weights={"profit": 1}).fit(base_of(usual))
    return model.grade(base_of(profit, **columns))


def base_of(profit: Any, **columns: Any) -> cg.CustomerBase:
    profit = np.asarray(profit, dtype=float)
    usual = {"profit": profit, "revenue": np.full(len(profit), 4000.0), "orders": np.full(len(profit), 4.0)}
    return cg.CustomerBase([f"c{k:02}" for k in range(len(profit))], usual | columns, PERIOD)


def test_who_is_out_of_sight_until_somebody_calls(programme: Any) -> None:
    """000-6: after the contact a customer is in sight, until the grade's days have passed again."""
    graded = graded_of([900.0, 900.0], recency=np.array([100.0, 3.0]))
    assert ("c00", "contact", "out of sight") in programme.due(graded, "2026-01-05")
    first = out_of_sight(programme.plan(graded, "2026-01-05"))
    assert [row[:3] for row in first.rows] == [("c00", "A", "2025-09-22")]
    programme.carry_out(graded, "2026-01-05")
    for day, silent in (("2026-01-06", []), ("2026-01-20", []), ("2026-02-04", ["c00"])):
        found = [who for who, _, item in programme.due(graded, day) if item == "out of sight" and who == "c00"]
        assert found == silent


def test_the_distance_to_the_target_over_time(programme: Any) -> None:
    """000-10: each plan that was recorded has its mix and its distance, as the customers were graded then."""
    for day, profit in (("2026-01-05", [-900.0, 900.0]), ("2026-04-06", [300.0, 900.0])):
        programme.carry_out(graded_of(profit), day)
    plan = programme.plan(graded_of([900.0, 900.0]), "2026-07-06")
    found = mix_over_time(plan, {"A": "0.5", "B": "0.5"})
    assert [(row[0], row[-1]) for row in found.rows] == [("2026-01-05", 0.5), ("2026-04-06", 0.0), ("2026-07-06", 0.5)]


def test_tries_then_an_offer_then_a_respectful_end(log: EventLog, programme: Any) -> None:
    """000-11: a C is tried N times and then gets an offer; who declines is referred and served until the last day."""
    graded = graded_of([-300.0, -300.0, -300.0])
    day = dt.date(2026, 1, 5)
    for _ in range(60):
        programme.carry_out(graded, day, tries=2)
        asked = {one.customer_id: one for one in log.events() if one.kind == "offered"}
        for customer, answer in (("c00", "declined"), ("c01", "signed")):
            answered = any(kind == answer for kind, _ in programme.told(customer))
            if customer in asked and not answered and day > asked[customer].day:
                log.add(Event(customer, answer, asked[customer].name, day))
        day += dt.timedelta(7)
    moves = ("try", "explained", "offered", "declined", "signed", "contacted", "referred", "transition", "ended")
    found = {who: [one for one in programme.told(who) if one[0] in moves] for who in ("c00", "c01", "c02")}
    kinds = {who: [kind for kind, _ in some] for who, some in found.items()}
    begin = ["try", "try", "explained", "offered"]
    assert kinds["c00"] == [*begin, "declined", "referred", "transition", "ended"]
    assert kinds["c01"] == [*begin, "signed"]
    # silence leads to a person before it leads to a transition
    assert kinds["c02"] == [*begin, "contacted", "referred", "transition", "ended"]
    for who in ("c00", "c02"):
        days = {kind: dt.date.fromisoformat(day) for kind, day in found[who]}
        assert days["transition"] >= days["offered"] + dt.timedelta(14)
        assert days["ended"] >= days["transition"] + dt.timedelta(60)
    assert (dt.date.fromisoformat(dict(found["c02"])["contacted"]) - dt.date(2026, 1, 5)).days > 28
