"""The rows of a log, and what they must keep, in plain Python: nothing of the planner is used."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections import defaultdict
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from custgrade.planning import Policy

REWARDS = {"gift", "outing", "event", "discount", "newsletter", "thanks", "showcase"}
GIFTS = {"gift", "outing", "event"}
MOVES = {
    *("explained", "offered", "reminded", "declined", "contacted", "referred"),
    *("transition", "signed", "withdrawn", "closed", "ended"),
}
RECORDS = {"entered", "consent", "snooze", "run"}
CONTACTS = {
    *("explained", "offered", "reminded", "contacted", "gift", "outing", "event", "newsletter", "thanks", "contact"),
    *("ask", "tell", "try", "survey", "cross-sell", "consult", "thank", "sit-down", "notice"),
}
_ROWS = """
    SELECT seq, customer_id, event.kind, event.name, number, day, due, until, treatment, policy, terms, cents, note,
    revision, voided FROM custgrade_event AS event JOIN custgrade_occasion AS occasion ON occasion.id = occasion
    ORDER BY seq
"""


def day_of(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def plus_months(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def rows_of(engine: sa.Engine) -> list[dict[str, Any]]:
    """Return all rows of a log, in the order in which they were written."""
    with engine.connect() as connection:
        found = connection.execute(sa.text(_ROWS))
        return [dict(row._mapping) for row in found]


class Promises:
    """What a log must keep at any time.

    policies: by name. since: the first day of each policy's programme. merged: revisions, former and present ids.
    """

    def __init__(self, policies: dict[str, Policy], since: dict[str, dt.date]) -> None:
        self.policies, self.since = policies, since
        self.merged: list[tuple[int, str, str]] = []
        self._seen: dict[int, dict[str, Any]] = {}
        self._cadences: dict[str, int | None] = {}

    def person(self, identity: str, revision: int) -> str:
        """Return who an id stood for after a write."""
        for when, old, new in self.merged:
            if identity == old and when < revision:
                identity = new
        return identity

    def check(self, rows: list[dict[str, Any]]) -> None:
        """Fail unless the rows keep everything."""
        self._unchanged(rows)
        held = [row for row in rows if not row["voided"]]
        self._nothing_twice(held)
        self._budgets(held)
        self._caps(held)
        self._offers(held)

    def _unchanged(self, rows: list[dict[str, Any]]) -> None:
        now = {row["seq"]: {**row, "voided": bool(row["voided"])} for row in rows}
        for seq, before in self._seen.items():
            after = now[seq]
            for name, value in before.items():
                assert name in ("voided", "number") or after[name] == value, (name, before, after)
        self._seen = now

    def _cadence(self, name: str) -> int | None:
        # it stays as it is while policies change their offers
        if name not in self._cadences:
            self._cadences[name] = self._least_months(name)
        return self._cadences[name]

    def _least_months(self, name: str) -> int | None:
        parts = [
            part
            for policy in self.policies.values()
            for _, treatment in policy.by_place
            for part in (*treatment.rewards, *treatment.actions)
            if part.name == name
        ]
        return None if not parts or any(one.every is None for one in parts) else min(one.every for one in parts)

    def _nothing_twice(self, held: list[dict[str, Any]]) -> None:
        keys, done = set(), defaultdict(list)
        for row in held:
            key = (row["customer_id"], row["kind"], row["name"], row["number"])
            assert key not in keys, row
            keys.add(key)
            if row["kind"] not in MOVES | RECORDS:
                group = "reward" if row["kind"] in REWARDS else "act"
                done[row["customer_id"], group, row["name"]].append(row)
        for (_, group, name), some in done.items():
            some.sort(key=lambda row: row["number"])
            if group == "reward":
                slots = [row["due"] for row in some]
                assert len(set(slots)) == len(slots), ("a slot twice", some)
            every = self._cadence(name)
            tries = name in ("try",)
            for one, other in pairwise(some):
                least = 15 if tries else 15 * every if every else None
                apart = (day_of(other["day"]) - day_of(one["day"])).days
                assert least is None or abs(apart) >= least, ("too soon again", one, other)

    def _budgets(self, held: list[dict[str, Any]]) -> None:
        spent: dict[Any, int] = defaultdict(int)
        for row in held:
            if row["kind"] in REWARDS:
                policy = self.policies[row["policy"]]
                first, months, day, k = self.since[policy.name], policy.budget_months, day_of(row["day"]), 0
                while plus_months(first, (k + 1) * months) <= day:
                    k += 1
                spent[policy.name, row["treatment"], k] += row["cents"]
        for (name, grade, k), cents in spent.items():
            budget = dict(self.policies[name].by_place)[grade].budget
            assert budget is None or cents <= round(budget * 100), (name, grade, k, cents, budget)

    def _caps(self, held: list[dict[str, Any]]) -> None:
        by: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in held:
            by[self.person(row["customer_id"], 10**9)].append(row)
        for some in by.values():
            for row in some:
                if row["kind"] in MOVES | RECORDS:
                    continue
                policy = self.policies[row["policy"]]
                who = self.person(row["customer_id"], row["revision"])
                then = [
                    one
                    for one in some
                    if one["revision"] <= row["revision"] and self.person(one["customer_id"], row["revision"]) == who
                ]
                if row["kind"] in GIFTS:
                    year = [one["cents"] for one in then if one["kind"] in GIFTS and one["day"][:4] == row["day"][:4]]
                    assert sum(year) <= round(policy.gift_limit_year * 100), ("gifts a year", row, year)
                if policy.contact_limit is not None and row["kind"] in CONTACTS and row["kind"] != "notice":
                    days = sorted(day_of(one["day"]) for one in then if one["kind"] in CONTACTS)
                    for last in {day for day in days if 0 <= (day - day_of(row["day"])).days < policy.contact_days}:
                        begins = last - dt.timedelta(policy.contact_days - 1)
                        count = sum(begins <= day <= last for day in days)
                        assert count <= policy.contact_limit, ("contacts", row, count, days)

    def _offers(self, held: list[dict[str, Any]]) -> None:
        by: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in held:
            if row["kind"] in MOVES | GIFTS:
                by[self.person(row["customer_id"], 10**9)].append(row)
        joined = {identity for _, *both in self.merged for identity in both}
        for who, some in by.items():
            if who not in joined:
                self._one_by_one(some)

    def _one_by_one(self, some: list[dict[str, Any]]) -> None:
        offer: dict[str, dict[str, Any]] = {}
        for row in some:
            kind, day = row["kind"], day_of(row["day"])
            open_now = _under_way(offer, day)
            if kind in GIFTS:
                begun = bool(offer) and day >= day_of(offer["explained"]["day"])
                assert not (open_now and begun), ("a gift during an offer", row, offer)
                continue
            if kind == "explained":
                assert not open_now, ("two offers at once", row, offer)
                offer = {}
            else:
                assert "explained" in offer and row["number"] == offer["explained"]["number"], (row, offer)
            assert day >= max((day_of(one["day"]) for one in offer.values()), default=day), (row, offer)
            if kind == "offered":
                terms = json.loads(row["terms"] or "{}")
                length = (day_of(row["until"]) - day).days
                assert 14 <= length <= 28 + terms.get("moved", 0) and terms.get("moved", 0) <= 6, row
            if kind == "transition":
                self._may_end(offer, row)
            if kind == "ended":
                assert day >= day_of(offer["transition"]["until"]), (row, offer)
            offer[kind] = row

    @staticmethod
    def _may_end(offer: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
        assert {"explained", "offered", "referred"} <= offer.keys(), (row, offer)
        said_no = "declined" in offer
        until = day_of(offer["offered"]["until"])
        called = "contacted" in offer and day_of(offer["contacted"]["day"]) > until
        assert said_no or called, (row, offer)
        assert (day_of(row["day"]) - day_of(offer["offered"]["day"])).days >= 14, (row, offer)
        terms = json.loads(offer["offered"]["terms"] or "{}")
        length = (day_of(row["until"]) - day_of(row["day"])).days
        assert max(14, terms["days"]) <= length <= terms["days"] + 6, (row, offer)
        assert said_no or terms.get("silence") == "transition", (row, offer)


def _under_way(offer: dict[str, dict[str, Any]], day: dt.date) -> bool:
    """Return whether a round is under way on a day."""
    if not offer or {"signed", "withdrawn", "closed", "ended"} & offer.keys():
        return False
    if "offered" not in offer or "transition" in offer or "referred" in offer:
        return True
    terms = json.loads(offer["offered"]["terms"] or "{}")
    if "declined" in offer:
        return terms.get("days", 0) > 0
    return day <= day_of(offer["offered"]["until"]) or terms.get("silence") == "transition"
