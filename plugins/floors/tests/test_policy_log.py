"""The policy `packages` week after week, with a log: offers to every customer, answers, and what follows."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade import EventLog, Graded
from custgrade.events import Event, OfferTerms
from custgrade.findings import answers

POLICY = "packages"
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")
FLOORS = {"margin": 0.05, "average_sale": 150}


def graded_of(profit: Any) -> Graded:
    """Customers with a revenue of 1,000 in four orders, graded by the floors that are decided."""
    size = len(profit)
    columns = {
        "profit": np.asarray(profit, dtype=float),
        "revenue": np.full(size, 1000.0),
        "orders": np.full(size, 4.0),
    }
    base = cg.CustomerBase([f"c{k}" for k in range(size)], columns, PERIOD)
    return cg.scorer("floors", floors=FLOORS).fit(base).grade(base)


def test_every_customer_gets_an_offer_and_answers(log: EventLog, programme: Any) -> None:
    """002-5: everybody gets an offer that is open for 2 to 4 weeks; the finding counts the answers by its day."""
    graded = graded_of([20.0, 20.0, 20.0, 20.0, 100.0])
    for day in ("2026-01-05", "2026-01-19", "2026-01-20"):
        programme.carry_out(graded, day)
    made = {one.customer_id: one for one in log.events() if one.kind == "offered"}
    assert sorted(made) == ["c0", "c1", "c2", "c3", "c4"]
    assert all(one.until is not None and 14 <= (one.until - one.day).days <= 28 for one in made.values())
    log.add([Event("c0", "signed", "price", "2026-01-30"), Event("c1", "declined", "price", "2026-01-30")])
    until = max(one.until for one in made.values() if one.until is not None)
    log.add(Event("c2", "signed", "price", until + dt.timedelta(3)))
    plan = programme.plan(graded, until + dt.timedelta(4))
    found = answers(plan)
    rows = {row[0]: dict(zip([name for name, _ in found.columns], row, strict=True)) for row in found.rows}
    price = rows["price"]
    wanted = {"customers": 4, "signed": 2, "signed late": 1, "declined": 1, "no answer": 1, "open": 0}
    assert {name: price[name] for name in wanted} == wanted
    # a contract at the same price that nobody answered leaves all as it is
    assert (rows["contract"]["customers"], rows["contract"]["no answer"]) == (1, 1)
    assert price["rise signed"] == pytest.approx(2 * 31.58)
    assert not {who for who, kind, _ in programme.due(graded, plan.on) if kind == "explain"}


def test_a_transition_has_a_day_a_scope_and_an_end(log: EventLog, programme: Any) -> None:
    """002-7: after a no the customer is referred and served until a day that is written down, and then it is over."""
    graded = graded_of([20.0, 100.0])
    for day in ("2026-01-05", "2026-01-19", "2026-01-20"):
        programme.carry_out(graded, day, partner="Smith & Co.", transition_days=30)
    log.add(Event("c0", "declined", "price", "2026-01-22"))
    before = programme.plan(graded, "2026-01-22").entitled("response_hours")
    day = dt.date(2026, 1, 22)
    for _ in range(16):
        plan = programme.carry_out(graded, day, partner="Smith & Co.", transition_days=30)
        if "ended" not in dict(programme.told("c0")):
            assert plan.entitled("response_hours").tolist() == before.tolist()
        day += dt.timedelta(7)
    offered = next(one for one in log.events() if (one.customer_id, one.kind) == ("c0", "offered"))
    terms = OfferTerms(**json.loads(offered.terms))
    assert (terms.to, terms.referral, terms.days) == ("partner", "Smith & Co.", 30)
    assert "handed over" in terms.scope
    begun = next(one for one in log.events() if one.kind == "transition")
    ended = next(one for one in log.events() if one.kind == "ended")
    assert begun.until is not None and (begun.until - begun.day).days >= 30
    assert ended.day >= begun.until
    assert [] == [one for one in programme.due(graded, day) if one[0] == "c0"]


def test_who_falls_below_later_is_told_and_gets_an_offer(programme: Any) -> None:
    """002-8: the next period with the same floors: who is below since is told, keeps the service, and gets an offer."""
    programme.carry_out(graded_of([100.0, 100.0]), "2026-01-05")
    later = graded_of([100.0, 20.0])
    assert ("c1", "notice", POLICY) in programme.due(later, "2026-04-06")
    plan = programme.carry_out(later, "2026-04-06")
    # what the better grade gives is kept until the notice has passed
    assert plan.entitled("response_hours").tolist() == [4.0, 4.0]
    after = programme.plan(later, "2026-07-20")
    assert after.entitled("response_hours").tolist() == [4.0, 8.0]
    assert ("c1", "explain", "price") in programme.due(later, "2026-04-20")
