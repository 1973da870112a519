"""A small shop for the tests of what other projects got wrong, and where each of these tests is.

Reports 3 and 27 have been dropped; the others are in the files `test_research_*.py` of this folder, as `test_NN_…`.

| numbers | file |
|---|---|
| 1, 2, 4–8 | test_research_calendar.py |
| 9–18, 20 | test_research_reruns.py |
| 19, 21–25 | test_research_boundaries.py |
| 26, 28–34 | test_research_money.py |
| 35, 36, 38–41 | test_research_people.py |
| 37 | test_research_files.py |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import custgrade as cg
from custgrade.events import Event, EventLog
from custgrade.planning import Action, Effort, Offer, Policy, Reward, ServiceLevel, Transition, Treatment
from custgrade.plugins import ScaleAxis

AS_OF = "2025-12-31"


class Row(NamedTuple):
    """An action of a plan."""

    customer: str
    kind: str
    item: str
    number: int
    due: str
    until: str
    state: str
    why: str
    change: str
    money: float
    what: str


def gift(every: int = 3, value: Any = 50, **rest: Any) -> Reward:
    return Reward("gift", "gift", value, every, **rest)


def price(**changes: Any) -> Offer:
    given: dict[str, Any] = {
        "explain": "what serving you takes",
        "alternatives": "more volume",
        "when": lambda c: c["margin"] < 0.05,
        "open_days": 14,
        "transition": Transition("partner", "Smith & Co.", 60, "open orders are finished"),
    }
    return Offer("package", "the package that fits", **{**given, **changes})


def shop_policy(
    a: Iterable[Any] = (),
    b: Iterable[Any] = (),
    c: Iterable[Any] = (),
    *,
    budgets: tuple[float | None, float | None, float | None] = (None, None, None),
    **changes: Any,
) -> Policy:
    """Return a decent policy whose grades have some rewards, actions and offers."""

    def treatment(parts: Iterable[Any], budget: float | None, level: ServiceLevel, hours: float) -> Treatment:
        given = list(parts)

        def of(kind: type) -> list[Any]:
            return [one for one in given if type(one) is kind]

        return Treatment(
            "keep in good order",
            level=level,
            effort=Effort(hours),
            rewards=of(Reward),
            actions=of(Action),
            offers=of(Offer),
            budget=budget,
            way_up="buy more broadly",
        )

    treatments = {
        "A": treatment(a, budgets[0], ServiceLevel(4, 6, "named person"), 1),
        "B": treatment(b, budgets[1], ServiceLevel(8, 3, "team"), 1),
        "C": treatment(c, budgets[2], ServiceLevel(24, 1, "shared desk"), 1),
    }
    given: dict[str, Any] = {"name": "shop", "purpose": "keep the best", "grades": "ABC", "treatments": treatments}
    return Policy(**{**given, **changes})


def customers(grades: str, ids: list[str] | None = None, **columns: list[float]) -> cg.Graded:
    """Return customers with these grades, `-` for ungraded, whose margin is 10 % unless columns say otherwise."""
    size = len(grades)
    filled: dict[str, Any] = {"revenue": [1000.0] * size, "profit": [100.0] * size, **columns}
    period = cg.Period(AS_OF, "2025-01-01", AS_OF)
    base = cg.CustomerBase(ids or [f"C{row}" for row in range(size)], filled, period=period)
    codes = np.array([255 if one == "-" else "ABC".index(one) for one in grades], dtype=np.uint8)
    scale = cg.GradeScale([ScaleAxis("grade", "ABC")])
    scores = np.asarray(columns.get("profit", filled["profit"]), dtype=np.float64)
    return cg.Graded(base, scale, {"grade": codes}, {"grade": scores}, (np.zeros(size, dtype=np.uint32), ("",)))


def rows(plan: cg.Plan, *states: str) -> list[Row]:
    """Return the actions of a plan in some states; those that are due without any."""
    actions = plan.actions().to_dict()
    names = [*Row._fields]
    columns = [actions["customer_id" if name == "customer" else name] for name in names]
    texts = [[text(value) for value in column.tolist()] for column in columns]
    found = [Row(*values) for values in zip(*texts, strict=True)]
    return [row for row in found if row.state in (states or ("due",))]


def text(value: Any) -> Any:
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else value


class Shop:
    """A shop with a policy and a log, in which all that is due is done when a plan is made."""

    def __init__(self, path: Path, policy: Policy, grades: str = "A", **columns: Any) -> None:
        self.log, self.policy = EventLog(path / "log.db"), policy
        self.graded = customers(grades, **columns)

    def plan(self, day: Any, **changes: Any) -> cg.Plan:
        given = {"graded": self.graded, "policy": self.policy, "log": self.log, **changes}
        return cg.plan(given.pop("graded"), given.pop("policy"), day, **given)

    def due(self, day: Any, **changes: Any) -> list[Row]:
        return rows(self.plan(day, **changes))

    def run(self, day: Any, **changes: Any) -> list[Row]:
        """Make a plan, record it, do what is due on the same day, and return what that was."""
        plan = self.plan(day, **changes)
        self.log.enter(plan)
        self.log.add(plan.actions().done(day))
        return rows(plan)

    def say(self, kind: str, day: Any, customer: str = "C0", name: str = "package", **rest: Any) -> Any:
        return self.log.add(Event(customer, kind, name, str(day), **rest))

    def known(self, *kinds: str) -> list[Event]:
        return [one for one in self.log.events() if not kinds or one.kind in kinds]


def days(first: str, last: str, step: int = 1) -> list[dt.date]:
    """Return the days from one to another, both included, each `step` days."""
    one, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [one + dt.timedelta(k) for k in range(0, (end - one).days + 1, step)]


def months_after(day: dt.date, count: int) -> dt.date:
    """Return the day that many calendar months later, by a plain count; the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    wanted = day.day
    while True:
        try:
            return dt.date(year, month + 1, wanted)
        except ValueError:
            wanted -= 1
