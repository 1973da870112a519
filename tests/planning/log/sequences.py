"""Sequences of plans on random days, of which random parts are done, with what must hold after each step.

The guard judges each policy once, and a policy's digest is computed once, as these need most of the time of a small
plan.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Any
from unittest import mock

import numpy as np
import sqlalchemy as sa
from log_rows import GIFTS, Promises, day_of, rows_of
from random_worlds import PERIOD, SCORERS, WITH_OFFERS, other_terms, random_base, random_policy

import custgrade as cg
from custgrade.errors import LogError, RespectError
from custgrade.events import Event, EventLog
from custgrade.planning import Policy
from custgrade.planning.digest import policy_digest
from custgrade.planning.plan_actions import PlanActions

making = importlib.import_module("custgrade.planning.making")
_DIGESTING = [f"custgrade.planning.{name}" for name in ("standing_notes", "plan_actions", "doing", "entering")]

_COPIES = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
"""A database in memory that is emptied after each use; an engine compiles each statement only once."""

Item = tuple[str, str, str]
"""An action: the customer's id, its kind and its name."""
STEPS = {"explain", "mend", "try", "offer", "remind", "answer", "call", "refer", "transition", "end", "withdraw"}
PAUSES = (0, 1, 7, 20, 45, 120)
STATES = ("due", "upcoming", "waits")


@contextmanager
def guard_once() -> Iterator[None]:
    """Let the guard judge each policy once, not with every plan."""
    judged: dict[Any, Any] = {}

    def once(function: Any) -> Any:
        @functools.wraps(function)
        def found(policy: Policy, *rest: Any) -> Any:
            # the policy is kept, so that no other one gets its id
            key = (function, id(policy), *rest)
            if key not in judged:
                judged[key] = (policy, function(policy, *rest))
            return judged[key][1]

        return found

    patches = {name: once(getattr(making, name)) for name in ("check_exact", "policy_breaches")}
    digest = once(policy_digest)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.multiple(making, **patches))
        for module in _DIGESTING:
            stack.enter_context(mock.patch.object(importlib.import_module(module), "policy_digest", digest))
        yield


@functools.lru_cache(maxsize=16)
def table_of(plan: cg.Plan) -> PlanActions:
    """Return the actions of a plan, which is asked for them several times."""
    return plan.actions()


def actions_of(plan: cg.Plan) -> dict[Item, list[Any]]:
    """Return the earliest row of each action: its state, day, number, reason, position and money."""
    actions = table_of(plan)
    found: dict[Item, list[Any]] = {}
    ids = plan.graded.base.ids[actions.rows].tolist()
    columns = (actions.block, actions.states, actions.due, actions.number, actions.reasons, actions.money)
    for at, (who, block, state, due, number, reason, money) in enumerate(
        zip(ids, *(column.tolist() for column in columns), strict=True)
    ):
        kind, name, _, _ = actions.blocks[block]
        row = [STATES[state], due, number, reason, at, -1.0 if money != money else money]
        item = (str(who), kind, name)
        if item not in found or due < found[item][1]:
            found[item] = row
    return found


def due(found: dict[Item, list[Any]]) -> set[Item]:
    """Return what is due, without answers, which are the customers'."""
    return {item for item, row in found.items() if row[0] == "due" and item[1] != "answer"}


class Sequence:
    """A random sequence of plans on one log; the same seed gives the same sequence."""

    def __init__(self, seed: int, engine: sa.Engine, size: int = 30) -> None:
        self.rng, self.engine, self.log = np.random.default_rng(seed), engine, EventLog(engine)
        rng = self.rng
        self.log.upgrade()
        self.ids = [f"c{k}" for k in range(size)]
        self.base = random_base(rng, self.ids)
        names = list(SCORERS)
        count = int(rng.choice([1, 1, 1, 1, 2, 3]))
        first = names[seed % len(names)]
        more = [str(one) for one in rng.permutation([one for one in names if one != first])[: count - 1]]
        self.policies = {name: random_policy(rng, name) for name in (first, *more)}
        self.models = {name: cg.scorer(SCORERS[name]).fit(self.base) for name in self.policies}
        self.on = dt.date(2018, 1, int(rng.integers(1, 32)))
        self.promises = Promises(self.policies, {})
        self.before: dict[str, tuple[dt.date, dict[Item, list[Any]], cg.Plan, set[Item]]] = {}
        self.served: dict[tuple[str, str], str] = {}
        self.same_data = True
        self._touched: set[str] = set()
        self._read: tuple[int, list[dict[str, Any]]] = (-1, [])
        self.told: list[str] = []
        self.refused: list[str] = []

    def run(self) -> None:
        """Run it."""
        with guard_once():
            self._run()

    def _run(self) -> None:
        for step in range(int(self.rng.integers(3, 6))):
            if step and self.rng.random() < 0.3:
                self.base = random_base(self.rng, self.ids)
                self.same_data = False
            plans = {}
            together = self.rng.random() < 0.3
            if together:
                plans = {name: self.plan(policy) for name, policy in self.policies.items()}
            for name, policy in self.policies.items():
                made = plans[name] if together else self.plan(policy)
                if made is not None:
                    self.step(name, policy, made, stale=together and len(plans) > 1)
            self.check()
            self.happenings()
            self.check()
            self.same_data = True
            self.on += dt.timedelta(int(self.rng.choice(PAUSES)))
        if self.rng.random() < 0.4:
            self.orders()

    def plan(self, policy: Policy, base: cg.CustomerBase | None = None, log: EventLog | None = None) -> cg.Plan | None:
        """Return a plan of today; None if the guard refuses it."""
        graded = self.models[policy.name].grade(self.base if base is None else base)
        try:
            return cg.plan(graded, policy, self.on, log=self.log if log is None else log, horizon=40)
        except RespectError as error:
            self.refused.append(str(error))
            return None

    def step(self, name: str, policy: Policy, made: cg.Plan, *, stale: bool) -> None:
        """Record a plan and a part of what is due, and check what is left."""
        found = actions_of(made)
        self.promises.since.setdefault(name, made.since)
        if not stale:
            self.nothing_lost(name, made, found)
            self.entitled(name, made, found)
        self.log.enter(made)
        share = float(self.rng.choice([0.0, 0.5, 1.0, 1.0]))
        wanted = due(found)
        done = {item for item in sorted(wanted) if self.rng.random() < share}
        assert self.write(made, found, done, self.on) or stale, ("refused", self.told[-1])
        if not stale:
            again = self.plan(policy)
            assert again is not None
            after = actions_of(again)
            left = due(after)
            more = sorted(left - (wanted - done))
            assert not more, ("due again", name, self.on, [(one, one in done, found.get(one)) for one in more[:3]])
            waiting = {item for item, row in after.items() if row[0] == "waits"}
            offers = {item[0] for item in done if item[1] in STEPS - {"try"}}
            lost = {item for item in wanted - done - left - waiting if item[0] not in offers}
            lost = {item for item in lost if item[2] != "out of sight"}
            assert not lost, ("lost at once", name, self.on, sorted(lost)[:5])
            if share == 1.0:
                assert not left, ("due after all was done", sorted(left)[:5])
        self.before[name] = (self.on, found, made, done)

    def write(self, made: cg.Plan, found: dict[Item, list[Any]], done: set[Item], on: dt.date) -> bool:
        """Record what was done; return whether the log took it."""
        which = np.array(sorted(found[item][4] for item in done), dtype=np.int64)
        batch = table_of(made).done(on, which)
        try:
            added = self.log.add(batch)
        except LogError as error:
            self.told.append(str(error))
            return False
        assert added.written + added.already == len(which)
        if self.rng.random() < 0.2:
            again = self.log.add(batch)
            assert (again.written, again.already) == (0, len(which))
        return True

    def nothing_lost(self, name: str, made: cg.Plan, found: dict[Item, list[Any]]) -> None:
        """Fail if what was due and wasn't done has vanished though nothing else has changed."""
        if name not in self.before or not self.same_data:
            return
        then, before, last, done = self.before[name]
        places = dict(zip(last.graded.base.ids.tolist(), last.treatment.tolist(), strict=True))
        served = dict(zip(last.graded.base.ids.tolist(), last.standing.served.tolist(), strict=True))
        mine = dict(zip(made.graded.base.ids.tolist(), made.treatment.tolist(), strict=True))
        now = dict(zip(made.graded.base.ids.tolist(), made.standing.served.tolist(), strict=True))
        consent = {str(row["customer_id"]) for row in self.rows if row["kind"] == "consent"}
        for item in sorted(due(before) - done):
            who, kind, title = item
            moved = places[who] != mine.get(who) or served[who] != now.get(who)
            if moved or title == "out of sight" or kind in ("notice", "take-down", "mend") or who in self.touched:
                continue
            if self.done_by_others(item, name, then):
                continue
            if kind in STEPS and not (kind == "try" and item in found):
                steps = {one[1] for one in found if one[0] == who and one[1] in STEPS}
                row = [one for one in self.rows if one["customer_id"] == who]
                kept = any(one["kind"] == "offered" for one in row)
                assert steps or kept or self.others_offer(who, name), ("an offer was lost", item, self.on)
                continue
            if kind == "showcase" and who in consent:
                continue
            assert item in found and found[item][1] <= self.on, ("lost", item, before[item], found.get(item), self.on)
            assert found[item][0] in ("due", "waits"), ("lost", item, found[item])
            assert found[item][0] == "due" or found[item][3] > 0, ("waits without a reason", item)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All rows of the log, read again after each write."""
        with self.engine.connect() as connection:
            revision = int(connection.scalar(sa.text("SELECT revision FROM custgrade_log")) or 0)
        if self._read[0] != revision:
            self._read = revision, rows_of(self.engine)
        return self._read[1]

    @property
    def touched(self) -> set[str]:
        """The customers about whom something was taken back or who were renamed."""
        return self._touched

    def done_by_others(self, item: Item, name: str, since: dt.date) -> bool:
        """Return whether another policy has done the same since a day; a name stands for one thing in a log."""
        who, _, title = item
        mine = (row for row in self.rows if (row["customer_id"], row["name"]) == (who, title))
        return any(row["policy"] != name and day_of(row["day"]) >= since for row in mine)

    def others_offer(self, who: str, name: str) -> bool:
        """Return whether another policy has begun an offer."""
        rows = self.rows
        return any(one["customer_id"] == who and one["kind"] == "explained" and one["policy"] != name for one in rows)

    def entitled(self, name: str, made: cg.Plan, found: dict[Item, list[Any]]) -> None:
        """Fail if a customer gets less than before without a notice and the hold time."""
        policy = made.policy
        order = [grade for grade, _ in policy.by_place]
        better = {(one, other) for one, other in policy.grades.comparable()} | {(one, order[-1]) for one in order[:-1]}
        rows = [row for row in self.rows if not row["voided"] and row["name"] == name]
        for who, place in zip(made.graded.base.ids.tolist(), made.standing.served.tolist(), strict=True):
            now, before = order[place], self.served.get((name, who))
            self.served[name, who] = now
            if before is None or policy.hold_days == 0 or (before, now) not in better or who in self.touched:
                continue
            notices = [day_of(row["day"]) for row in rows if row["kind"] == "notice" and row["customer_id"] == who]
            entered = [row for row in rows if row["kind"] == "entered" and row["customer_id"] == who]
            entered.sort(key=lambda row: row["number"])
            left = [day_of(other["day"]) for one, other in pairwise(entered) if one["treatment"] == before]
            assert left, ("fell without having left", who, before, now, entered)
            told = [day for day in notices if day >= left[-1]]
            days = dict(policy.by_place)[before].terms.our_notice_days
            assert told, ("fell without notice", who, before, now, left, notices)
            assert (self.on - left[-1]).days >= policy.hold_days, ("fell too soon", who, before, now, left)
            assert (self.on - min(told)).days >= days, ("fell before the notice was over", who, told)

    def happenings(self) -> None:
        """Let customers answer, change their consent or id; put off and take back something; or change the policy."""
        rng = self.rng
        for name, (on, found, made, done) in list(self.before.items()):
            for (who, kind, title), row in sorted(found.items()):
                if kind == "answer" and rng.random() < 0.4:
                    said = str(rng.choice(["signed", "declined"]))
                    self.say(Event(who, said, title, self.on, number=row[2], policy=name))
            late = self.on + dt.timedelta(int(rng.integers(0, 15)))
            rest = {item for item in sorted(due(found) - done) if rng.random() < 0.3}
            if rest and rng.random() < 0.4:
                last = max((day_of(row["day"]) for row in self.rows), default=late)
                self.on = max(late, last)
                if self.write(made, found, rest, self.on):
                    self.before[name] = (on, found, made, done | rest)
        some = [who for who in self.ids if rng.random() < 0.05]
        self.say(*(Event(who, "consent", "", self.on, money=float(rng.integers(0, 2))) for who in some))
        if rng.random() < 0.3:
            until = self.on + dt.timedelta(int(rng.integers(0, 60)))
            item = str(rng.choice(["", "gift", "often", "newsletter"]))
            self.say(Event(self.ids[3], "snooze", item, self.on, until=until, author="me", note="on leave"))
        if rng.random() < 0.3:
            self.take_back()
        if rng.random() < 0.15:
            self.rename()
        if rng.random() < 0.15:
            for name, policy in self.policies.items():
                if name in WITH_OFFERS:
                    self.policies[name] = other_terms(policy)

    def say(self, *events: Event) -> None:
        """Record events unless the log refuses them."""
        try:
            self.log.add(events)
        except LogError as error:
            self.told.append(str(error))

    def take_back(self) -> None:
        """Take back an event at random."""
        rows = [row for row in self.rows if not row["voided"] and row["kind"] not in ("entered", "run", "snooze")]
        if not rows:
            return
        row = rows[int(self.rng.integers(0, len(rows)))]
        event = Event(row["customer_id"], row["kind"], row["name"], row["day"], number=row["number"])
        try:
            self.log.void(event, reason="a mistake", author="me")
            self._touched = self._touched | {row["customer_id"]}
        except LogError as error:
            self.told.append(str(error))

    def rename(self) -> None:
        """Give a customer a new id, or join two customers."""
        old = self.ids[int(self.rng.integers(0, len(self.ids)))]
        joins = self.rng.random() < 0.5
        new = self.ids[(self.ids.index(old) + 1) % len(self.ids)] if joins else f"{old}x"
        try:
            self.log.alias(old, new, author="me")
        except LogError as error:
            self.told.append(str(error))
            return
        self.promises.merged.append((self.log.revision, old, new))
        self._touched = self._touched | {old, new}
        if joins:
            keep = np.array([one != old for one in self.ids])
            self.base = self.base.take(np.flatnonzero(keep))
            self.ids = [one for one in self.ids if one != old]
        else:
            self.ids = [new if one == old else one for one in self.ids]
            columns = {name: self.base[name] for name in self.base.columns}
            self.base = cg.CustomerBase(ids=self.ids, columns=columns, period=PERIOD)

    def check(self) -> None:
        """Fail unless the log keeps its promises."""
        self.promises.check(self.rows)

    def orders(self) -> None:
        """Fail if the order of customers, or of the log's rows, changes a plan."""
        shuffled = self.base.take(self.rng.permutation(len(self.base)))
        other = _COPIES
        self.copy(EventLog(other), other)
        for policy in self.policies.values():
            made = self.plan(policy)
            if made is None:
                continue
            found = _without_positions(made)
            turned = self.plan(policy, shuffled)
            assert turned is not None and _without_positions(turned) == found, "the order of customers matters"
            copied = self.plan(policy, log=EventLog(other))
            assert copied is not None
            different = set(_without_positions(copied)) ^ set(found)
            assert not different, ("the order of rows matters", sorted(different)[:4])
        other.dispose()

    def copy(self, log: EventLog, engine: sa.Engine) -> None:
        """Fill a log with the same rows in another order."""
        log.upgrade()
        tables = ("log", "alias", "occasion", "event")
        with self.engine.connect() as source, engine.begin() as target:
            target.execute(sa.text("DELETE FROM custgrade_log"))
            new: dict[int, int] = {}
            for table in tables:
                rows = [dict(row._mapping) for row in source.execute(sa.text(f"SELECT * FROM custgrade_{table}"))]
                turned = [rows[k] for k in self.rng.permutation(len(rows)).tolist()]
                for at, row in enumerate(turned, 1):
                    if table == "occasion":
                        new[row["id"]] = at
                        row["id"] = at
                    if table == "event":
                        row["seq"], row["occasion"] = at, new[row["occasion"]]
                        row["voided"] = at if row["voided"] else 0
                if turned:
                    names = list(turned[0])
                    marks = ", ".join(f":{name}" for name in names)
                    target.execute(
                        sa.text(f"INSERT INTO custgrade_{table} ({', '.join(names)}) VALUES ({marks})"), turned
                    )


def _without_positions(plan: cg.Plan) -> list[Any]:
    actions = table_of(plan)
    columns = {name: column.tolist() for name, column in actions.to_dict().items() if name != "revision"}
    rows = zip(*columns.values(), strict=True)
    return sorted(str(row) for row in rows)


def gifts(rows: list[dict[str, Any]]) -> int:
    """Return how many gifts a log has."""
    return sum(row["kind"] in GIFTS for row in rows)
