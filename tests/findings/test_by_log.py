"""Findings from a log: who is out of sight, who was thanked, who is shown, the mix over time, and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import ParameterError
from custgrade.events import Event, EventLog, OfferTerms
from custgrade.findings import FINDINGS, answers, mix_over_time, out_of_sight, recognition, showcase
from custgrade.planning import Effort, Offer, Policy, Reward, Transition

Graded = Callable[..., cg.Graded]
BY_LOG = ("out-of-sight", "recognition", "showcase", "mix-over-time", "answers")
ENDS = OfferTerms("a price", silence="transition", to="partner", referral="P", days=60).text()
PRICE = {"policy": "shop", "treatment": "C"}


@pytest.fixture
def shop(policy: Policy) -> Policy:
    """The policy of the other tests with silences, a showcase and an offer."""
    wall = Reward("wall", "showcase", consent=True)
    price = Offer(
        "price", "a price", "what serving you costs", ["order more"], rise=1, when=lambda c: c["profit"] < 0,
        transition=Transition("partner", "P", 60, "open orders are finished"),
    )  # fmt: skip
    parts = dict(policy.treatments)
    parts["A"] = evolve(parts["A"], rewards=wall, effort=Effort(1, silence_days=30))
    parts["B"] = evolve(parts["B"], effort=Effort(1, silence_days=60))
    parts["C"] = evolve(parts["C"], offers=price, effort=Effort(0.25))
    return evolve(policy, treatments=parts, packages=())


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    """An empty log."""
    return EventLog(tmp_path / "log.db")


def test_who_is_out_of_sight_and_since_when(graded: Graded, shop: Policy, log: EventLog) -> None:
    """000-6: the later of the last order and the last contact counts, and each grade has its own days."""
    some = graded(
        [3.0, 3.0, 3.0, 2.0, 1.0, 3.0],
        recency=[41.0, 40.0, 10.0, 70.0, 300.0, np.nan],
        revenue=[10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
        ids=["late", "called", "fresh", "b", "no limit", "unknown"],
    )
    log.add([Event("called", "contact", "call", "2025-12-20"), Event("late", "review", "look", "2025-12-20")])
    found = out_of_sight(cg.plan(some, shop, "2026-01-05", log=log))
    # 31 December − 41 days is 20 November; a review doesn't reach the customer
    assert found.rows == (
        ("late", "A", "2025-11-20", 46, 30, 10.0),
        ("b", "B", "2025-10-22", 75, 60, 40.0),
    )
    assert found.per_customer["out_of_sight"].tolist() == [True, False, False, True, False, False]
    assert found.per_customer["last_seen"].tolist()[1] == dt.date(2025, 12, 20)
    assert found.says[0] == (
        "2 customers of 4 are out of sight on 2026-01-05; the longest: late since 2025-11-20, b since 2025-10-22."
    )
    assert "not counted: 1 customer whose last order and last contact are unknown" in found.notes
    assert not found.hints


def test_out_of_sight_is_what_the_plan_says_to_do(graded: Graded, shop: Policy, log: EventLog) -> None:
    """The customers of the finding are those for whom the plan has a contact that is due."""
    some = graded([3.0, 2.0] * 40, recency=[float(k) for k in range(80)], revenue=[1.0] * 80)
    made = cg.plan(some, shop, "2026-01-05", log=log)
    actions = made.actions()
    due = (actions.columns()["item"] == "out of sight") & (actions.states == 0)
    assert np.flatnonzero(out_of_sight(made).per_customer["out_of_sight"]).tolist() == sorted(
        actions.rows[due].tolist()
    )
    assert len(out_of_sight(made, most=3).rows) == 3
    assert "37 more are left out" in out_of_sight(made, most=3).notes[0]


def test_without_a_log_orders_alone_count(graded: Graded, shop: Policy) -> None:
    """Without a log the answer goes by orders, and says that contacts are unknown."""
    found = out_of_sight(cg.plan(graded([3.0], recency=[40.0]), shop, "2026-01-05"))
    assert len(found.rows) == 1
    assert any("contacts are unknown" in note for note in found.notes)
    assert "--log" in found.hints[0].option


def test_who_was_thanked_with_what_and_when(graded: Graded, shop: Policy, log: EventLog) -> None:
    """004-12: rewards and thanks of any policy, the newest first; what was taken back doesn't count."""
    some = graded([3.0, 2.0, 1.0], ids=["x", "y", "z"], revenue=[1.0, 1.0, 1.0])
    wrong = Event("z", "gift", "basket", "2025-11-01", money=99, policy="shop", treatment="A")
    log.add(
        [
            Event("y", "gift", "basket", "2025-10-01", money=40, policy="other", treatment="A"),
            Event("x", "thanks", "card", "2025-12-01", policy="shop", treatment="A"),
            Event("x", "thanks", "card", "2025-09-01", policy="shop", treatment="A"),
            Event("y", "contact", "call", "2025-12-02", policy="shop", treatment="A"),
            Event("gone", "gift", "basket", "2025-10-01", money=7, policy="shop", treatment="A"),
            wrong,
        ]
    )
    log.void(next(one for one in log.events() if one.customer_id == "z"), reason="never sent", author="me")
    found = recognition(cg.plan(some, shop, "2026-01-05", log=log))
    assert [row[:4] + row[5:] for row in found.rows] == [
        ("2025-12-01", "x", "thanks", "card", 0.0),
        ("2025-10-01", "y", "gift", "basket", 40.0),
        ("2025-09-01", "x", "thanks", "card", 0.0),
    ]
    assert found.says == ("3 rewards worth 40.00 EUR went to 2 customers of 3 from 2025-09-01 to 2025-12-01.",)
    assert found.notes == ("not in the table: 1 reward of customers who aren't in the data",)
    assert found.per_customer["times"].tolist() == [2, 1, 0]
    assert found.per_customer["worth"].tolist() == [0.0, 40.0, 0.0]


def test_who_is_shown_and_who_must_be_taken_down(graded: Graded, shop: Policy, log: EventLog) -> None:
    """004-11: only who agreed is shown; a consent that was taken back, or is unknown, is to be taken down first."""
    some = graded(
        [3.0] * 5, ids=["agrees", "taken back", "unknown", "down", "never"], consent=[1.0, 1.0, np.nan, 0.0, 1.0]
    )
    who = ["agrees", "taken back", "unknown", "down"]
    wall = {"policy": "shop", "treatment": "A"}
    log.add([Event(one, "showcase", "wall", "2025-06-01", **wall) for one in who])  # type: ignore[arg-type]
    log.add(
        [Event("taken back", "consent", "", "2025-07-01", money=0), Event("down", "take-down", "wall", "2025-08-01")]
    )
    found = showcase(cg.plan(some, shop, "2026-01-05", log=log))
    assert found.rows == (
        ("taken back", "wall", "2025-06-01", "take down"),
        ("unknown", "wall", "2025-06-01", "take down"),
        ("agrees", "wall", "2025-06-01", "shown"),
    )
    assert found.says[0] == "1 customer who agreed is shown on 2026-01-05; 2 customers must be taken down."
    assert found.says[1] == "2 customers of 5 agree to be shown."
    assert found.per_customer["take_down"].tolist() == [False, True, True, False, False]
    assert found.per_customer["shown"].tolist() == [True, False, False, False, False]
    actions = cg.plan(some, shop, "2026-01-05", log=log).actions()
    kinds = actions.columns()["kind"]
    assert sorted(actions.rows[kinds == "take-down"].tolist()) == [1, 2]


def test_the_mix_over_time(graded: Graded, shop: Policy, log: EventLog) -> None:
    """000-10: the mix at each plan that was recorded, and the distance to the target, also when grades change."""
    for day, products in (
        ("2026-01-05", [1.0, 1, 1, 2]),
        ("2026-02-05", [2.0, 1, 1, 3]),
        ("2026-03-05", [3.0, 2, 2, 3]),
    ):
        log.enter(cg.plan(graded(products), shop, day, log=log))
    found = mix_over_time(cg.plan(graded([3.0, 3, 3, 3, np.nan]), shop, "2026-04-05", log=log), {"A": 0.5, "B": 0.5})
    assert found.rows == (
        ("2026-01-05", 4, 0.0, 0.25, 0.75, 0.75),
        ("2026-02-05", 4, 0.25, 0.25, 0.5, 0.5),
        ("2026-03-05", 4, 0.5, 0.5, 0.0, 0.0),
        ("2026-04-05", 4, 1.0, 0.0, 0.0, 0.5),
    )
    assert found.says == (
        "The distance to a mix of A and B is 50 % on 2026-04-05, nearer than on 2026-01-05, when it was 75 %.",
    )
    listed = mix_over_time(cg.plan(graded([3.0, 3, 3, 3]), shop, "2026-04-05", log=log), ["A"])
    assert [row[-1] for row in listed.rows] == [1.0, 0.75, 0.5, 0.0]
    with pytest.raises(ParameterError, match="no grade 'Z'"):
        mix_over_time(cg.plan(graded([3.0]), shop, "2026-04-05", log=log), ["Z"])


def test_a_mix_for_each_month_of_daily_plans(graded: Graded, shop: Policy, log: EventLog) -> None:
    """Of many plans the last one of each month is shown, and today's."""
    for number in range(40):
        day = dt.date(2026, 1, 10) + dt.timedelta(number)
        log.add([Event("", "run", "shop", day, number=number + 1, policy="shop")])
    found = mix_over_time(cg.plan(graded([3.0]), shop, "2026-03-05", log=log))
    assert [row[0] for row in found.rows] == ["2026-01-31", "2026-02-18", "2026-03-05"]
    assert any("of 41 days with a plan" in note for note in found.notes)


def test_what_became_of_offers(graded: Graded, shop: Policy, log: EventLog) -> None:
    """002-5: each customer's newest offer counts once, as what it is on the day of the plan."""
    ids = ["new", "explained", "open", "signed", "late", "declined", "silent", "referred", "ended"]
    some = graded([1.0] * 9, ids=ids, profit=[-1.0] * 9, revenue=[100.0] * 9)

    def moves(identity: str, *more: tuple[str, str], until: str = "2026-02-20") -> list[Event]:
        common: dict[str, Any] = {"number": 1, **PRICE}
        found = [Event(identity, "explained", "price", "2026-01-05", money=10, until="2026-02-20", **common)]
        for kind, day in more:
            last = until if kind == "offered" else "2026-04-20" if kind == "transition" else None
            terms = ENDS if kind == "offered" else ""
            money = 10 if kind in ("offered", "signed") else 0
            found.append(Event(identity, kind, "price", day, money=money, until=last, terms=terms, **common))
        return found

    made = ("offered", "2026-02-01")
    early: dict[str, Any] = {"until": "2026-01-25"}
    log.add(moves("explained"))
    log.add(moves("open", made))
    log.add(moves("signed", made, ("signed", "2026-02-03")))
    log.add(moves("late", ("offered", "2026-01-06"), ("signed", "2026-02-03"), **early))
    log.add(moves("declined", made, ("declined", "2026-02-03")))
    log.add(moves("silent", ("offered", "2026-01-06"), **early))
    leaving = (("offered", "2026-01-06"), ("declined", "2026-01-08"), ("referred", "2026-01-09"))
    log.add(moves("referred", *leaving, **early))
    found = answers(cg.plan(some, shop, "2026-02-10", log=log))
    names = [name for name, _ in found.columns]
    (row,) = (dict(zip(names, row, strict=True)) for row in found.rows)
    assert row == {
        "offer": "price", "customers": 7, "explained": 1, "open": 1, "signed": 2, "signed late": 1, "declined": 1,
        "no answer": 1, "in transition": 1, "ended": 0, "taken back": 0, "rise open": 10.0, "rise signed": 20.0,
    }  # fmt: skip
    assert found.says[0] == (
        "Of 7 customers with an offer, 2 signed, 1 of them late, 1 declined, 1 didn't answer in time, and 1 can still "
        "answer."
    )
    assert "2 customers" in found.notes[0]
    # nine days later nobody has answered, and nothing was written
    later = answers(cg.plan(some, shop, "2026-02-21", log=log))
    (row,) = (dict(zip(names, row, strict=True)) for row in later.rows)
    assert (row["open"], row["no answer"]) == (0, 2)


@pytest.mark.parametrize("name", [name for name in BY_LOG if name != "out-of-sight"])
def test_without_a_log_nothing_is_zero(name: str, graded: Graded, shop: Policy) -> None:
    """Without a log a finding has no rows, says what is unknown, and how to give the log."""
    found = FINDINGS[name](cg.plan(graded([3.0, 1.0]), shop, "2026-01-05"))
    assert not found.rows
    assert "unknown, as the plan was made without a log" in found.notes
    assert ("log=custgrade.EventLog" in found.hints[0].python, "--log FILE" in found.hints[0].option) == (True, True)


@pytest.mark.parametrize("name", BY_LOG)
def test_an_empty_log_is_known_to_be_empty(name: str, graded: Graded, shop: Policy, log: EventLog) -> None:
    """With a log in which nothing is recorded yet, the answer is that nothing was done."""
    found = FINDINGS[name](
        cg.plan(graded([3.0, 1.0], consent=[1.0, 0.0], recency=[1.0, 1.0]), shop, "2026-01-05", log=log)
    )
    assert found.says
    assert not any("without a log" in note for note in found.notes)
    assert not isinstance(shop.treatments["A"], str)
