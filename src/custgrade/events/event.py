"""Events: what was done for a customer, or what a customer answered, on a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from custgrade.argument_checks import float_of, is_one_line
from custgrade.data.ids import id_text
from custgrade.data.period import as_date
from custgrade.errors import LogError, SourceError
from custgrade.events.kinds import CONSENT, KINDS, MOVES, REWARDS, RUN, SNOOZE
from custgrade.events.terms import terms_from
from custgrade.text import did_you_mean, listed, shown

MOST_CENTS = 10**15
MOST_NUMBER = 1_000_000_000


def event_id(value: Any) -> str:
    """Return a customer's id as a log keeps it.

    Raises LogError unless it is a whole number, or a text without NUL characters that UTF-8 can hold.
    """
    text = id_text(value, LogError)
    if "\0" in text:
        raise LogError(f"an id in a log must not have a NUL character; received {shown(value)}")
    return text


def check_kind(kind: object) -> None:
    """Raise LogError unless a value is a kind of events."""
    if not isinstance(kind, str) or kind not in KINDS:
        hint = "an offer that isn't answered lapses by itself; " if kind == "lapsed" else ""
        guess = did_you_mean(kind, KINDS) if isinstance(kind, str) else ""
        raise LogError(f"there is no kind of event {shown(kind)}; {hint}the kinds are: {listed(KINDS, 50)}.{guess}")


def _kind(instance: Any, attribute: Any, value: Any) -> None:
    check_kind(value)


def _text(instance: Any, attribute: Any, value: Any) -> None:
    if not is_one_line(value):
        raise LogError(f"{attribute.name} of an event must be a text of one line; received {shown(value)}")


def _day(value: Any, name: str = "day") -> dt.date:
    try:
        return as_date(value, f"{name} of an event")
    except SourceError as error:
        raise LogError(str(error)) from None


def _its_day(value: Any) -> dt.date:
    return _day(value)


def _due(value: Any) -> dt.date | None:
    return _day_or_none(value, "due")


def _until(value: Any) -> dt.date | None:
    return _day_or_none(value, "until")


def _day_or_none(value: Any, name: str) -> dt.date | None:
    return None if value is None or (isinstance(value, str) and not value) else _day(value, name)


def iso_day(value: Any, name: str) -> str | None:
    """Return a day as an ISO text; None for None.

    Raises LogError.
    """
    try:
        return None if value is None else as_date(value, name).isoformat()
    except SourceError as error:
        raise LogError(str(error)) from None


def _number(instance: Any, attribute: Any, value: Any) -> None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_NUMBER):
        raise LogError(
            f"number of an event must be a whole number, at least 1, or None for the next one; received {shown(value)}"
        )


def cents_of(money: object) -> int:
    """Return money in whole hundredths.

    Raises LogError unless it is a finite number with at most two decimals.
    """
    found = float_of(money)
    # a fraction's text is no number
    text = str(money) if isinstance(money, (int, float, Decimal)) else repr(found)
    exact = Decimal(text) * 100 if found is not None and abs(found) <= MOST_CENTS / 100 else None
    if exact is None or exact != exact.to_integral_value():
        raise LogError(f"money of an event must be a number with at most two decimals; received {shown(money)}")
    return int(exact)


def _whole_cents(money: object) -> float:
    return cents_of(money) / 100.0


@frozen
class Event:
    """What was done for a customer, or what a customer answered, on a day.

    customer_id: the customer; empty only for a run. kind: one of `KINDS`. name: of the offer, reward or action in the
    policy; of the policy for `entered` and `run`; of what is put off for `snooze`, empty for everything. day: when it
    happened. number: which time it is, from 1 on; of an offer, the round; None for that of the same event on the same
    day if one is recorded, else for the next one, or for the round under way. money: the value of a reward, the rise of
    an offer; 1 or 0 for `consent`. due: the day that it was due on. until: the last day to answer, of a transition, or
    of a snooze. treatment: the grade of the policy. policy: the policy's name. version: the first characters of the
    policy's digest. terms: the terms of an offer, JSON text. author: who recorded it. note: a sentence.

    Raises LogError.
    """

    customer_id: str = field(converter=event_id)
    kind: str = field(validator=_kind)
    name: str = field(validator=_text)
    day: dt.date = field(converter=_its_day)
    number: int | None = field(default=None, validator=_number)
    money: float = field(default=0.0, converter=_whole_cents)
    due: dt.date | None = field(default=None, converter=_due)
    until: dt.date | None = field(default=None, converter=_until)
    treatment: str = field(default="", validator=_text)
    policy: str = field(default="", validator=_text)
    version: str = field(default="", validator=_text)
    terms: str = field(default="", validator=_text)
    author: str = field(default="", validator=_text)
    note: str = field(default="", validator=_text)

    def __attrs_post_init__(self) -> None:
        where = f"the event {self.kind!r} of customer {self.customer_id!r}"
        if not self.customer_id and self.kind != RUN:
            raise LogError(f"the event {self.kind!r} of {self.day} has no customer")
        if not self.name and self.kind not in (CONSENT, SNOOZE):
            raise LogError(f"{where} has no name; give the name of the offer, reward or action in the policy")
        if self.terms and self.kind in MOVES:
            try:
                terms_from(self.terms)
            except LogError as error:
                raise LogError(f"{where}: {error}") from None
        if self.kind == CONSENT and self.cents not in (0, 100):
            raise LogError(f"{where}: money is 1 for yes and 0 for no; received {self.money:g}")
        if self.kind in REWARDS and self.cents < 0:
            raise LogError(f"{where} costs nothing or more; received {self.money:,.2f}. Void what wasn't given")
        if self.kind == SNOOZE and not (self.until and self.author and self.note):
            raise LogError(f"{where} needs a day until which it is put off, an author, and a reason as its note")
        if self.kind == SNOOZE and self.until is not None and self.until < self.day:
            raise LogError(f"{where} is put off until {self.until}, which is before its day, {self.day}")

    @property
    def cents(self) -> int:
        """The money in whole hundredths."""
        return round(self.money * 100)
