"""Offers of one customer by the table of the design, move by move: an oracle in plain Python without numpy."""

from __future__ import annotations

import datetime as dt

from custgrade.events import Event
from custgrade.events.terms import terms_from

ORDER = (
    *("explained", "offered", "reminded", "declined", "contacted", "referred"),
    *("transition", "signed", "withdrawn", "closed", "ended"),
)
END = ("signed", "withdrawn", "closed", "ended")
DAY = dt.timedelta(days=1)


class RefusedError(Exception):
    """A move that can't have happened."""


def state(moves: list[Event], day: dt.date) -> str:
    """Return the state on a day of a round, the moves so far."""
    kinds = [one.kind for one in moves]
    if not moves:
        return "none"
    if kinds[-1] in (*END, "referred", "explained"):
        return kinds[-1]
    if kinds[-1] == "transition":
        return "in transition"
    offer = next(one for one in moves if one.kind == "offered")
    terms = terms_from(offer.terms)
    if "declined" in kinds:
        return "declined" if terms.days else "kept"
    if day <= offer.until:
        return "open"
    if not terms.days or terms.silence != "transition":
        return "kept"
    return "called" if "contacted" in kinds else "lapsed"


def may_follow(now: str) -> set[str]:
    """Return the moves that may follow in a state."""
    if now in ("none", *END):
        return {"explained"}
    if now == "explained":
        return {"offered", "withdrawn"}
    found = {"signed"}
    if now != "kept":
        found |= {"withdrawn"}
    if now == "open":
        found |= {"reminded", "declined"}
    if now in ("lapsed", "called", "declined", "referred"):
        found |= {"closed"}
    if now in ("lapsed", "declined", "kept"):
        found |= {"contacted"}
    if now in ("lapsed", "called", "kept"):
        found |= {"declined"}
    if now in ("called", "declined"):
        found |= {"referred"}
    if now == "referred":
        found |= {"transition"}
    if now == "in transition":
        found |= {"ended"}
    if now == "kept":
        found |= {"explained"}
    return found


class Customer:
    """One customer's rounds."""

    def __init__(self) -> None:
        self.rounds: dict[int, list[Event]] = {}

    @property
    def last_day(self) -> dt.date:
        return max((one.day for moves in self.rounds.values() for one in moves), default=dt.date.min)

    def state(self, day: dt.date) -> str:
        """Return the state of the newest round on a day."""
        return state(self.rounds[max(self.rounds)], day) if self.rounds else "none"

    def add(self, events: list[Event], *, late: bool = True) -> Customer:
        """Return the customer after some more moves; raise RefusedError for one that can't have happened."""
        recorded = {(number, one.kind, one.name) for number, moves in self.rounds.items() for one in moves}
        known = [one for moves in self.rounds.values() for one in moves]
        fresh = [one for one in events if one.number and (one.number, one.kind, one.name) not in recorded]
        fresh = self._without_repeats(known, fresh, [one for one in events if not one.number])
        if any(one.day < self.last_day for one in fresh):
            raise RefusedError("before what is recorded")
        old = [(number, one, False) for number, moves in self.rounds.items() for one in moves]
        new = [(10**9, one, True) for one in fresh if one.number is None]
        new += [(one.number, one, True) for one in dict.fromkeys(fresh) if one.number]
        after = Customer()
        before = dt.date.min
        for _, one, is_new in sorted(old + new, key=lambda row: (row[0], row[1].day, ORDER.index(row[1].kind))):
            if one.day < before:
                raise RefusedError("not in order of days")
            before = one.day
            after._move(one, is_new, late)
        return after

    @staticmethod
    def _without_repeats(known: list[Event], numbered: list[Event], others: list[Event]) -> list[Event]:
        """Return the events with a number, and those of the others that aren't on the same day as the same event."""
        found = list(numbered)
        for one in others:
            key = (one.kind, one.name, one.day)
            before = next((each for each in known if (each.kind, each.name, each.day) == key), None)
            if before is not None:
                if one.until and one.until != before.until:
                    raise RefusedError("recorded with another last day")
                continue
            before = next((each for each in found if (each.kind, each.name, each.day) == key), None)
            if before is None:
                found.append(one)
            elif (one.until, one.terms) != (before.until, before.terms):
                raise RefusedError("given twice")
        return found

    def _move(self, one: Event, is_new: bool, late: bool) -> None:
        now = self.state(one.day)
        newest = max(self.rounds, default=0)
        if one.kind not in may_follow(now):
            raise RefusedError(f"{one.kind} after {now}")
        number = newest + 1 if one.kind == "explained" else newest
        if one.number not in (None, number):
            raise RefusedError("another round")
        moves = self.rounds.setdefault(number, [])
        if one.kind in [each.kind for each in moves]:
            raise RefusedError("twice in a round")
        if moves and one.name != moves[0].name:
            raise RefusedError("another offer")
        if is_new:
            self._check_days(one, moves)
            if one.kind == "signed" and now != "open" and not late:
                raise RefusedError("late")
        moves.append(one)

    def _check_days(self, one: Event, moves: list[Event]) -> None:
        days = (one.until - one.day).days if one.until else None
        moved = terms_from(one.terms).moved
        if one.kind == "offered" and (days is None or not 14 <= days <= 28 + moved):
            raise RefusedError("window")
        if one.kind == "transition":
            offer = next(each for each in moves if each.kind == "offered")
            if days is None or not 14 <= days <= 180 + moved:
                raise RefusedError("length of the transition")
            if (one.day - offer.day).days < 14:
                raise RefusedError("transition too early")
        if one.kind == "ended" and one.day < next(each for each in moves if each.kind == "transition").until:
            raise RefusedError("ended too early")
