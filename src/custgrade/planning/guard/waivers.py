"""Waivers: breaches that the application allows for a time, and what each waiver did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from custgrade.argument_checks import is_one_line
from custgrade.data.period import as_date
from custgrade.errors import PolicyError
from custgrade.planning.guard.rules import RULES, Breach
from custgrade.text import did_you_mean, listed, shown


def _rule(value: Any) -> str:
    for rule in RULES.values():
        if value in (rule.id, rule.name):
            return rule.id
    names = [name for rule in RULES.values() for name in (rule.id, rule.name)]
    guess = did_you_mean(value, names) if isinstance(value, str) else ""
    raise PolicyError(f"a waiver's rule must be the id or name of a rule; received {shown(value)}.{guess}")


def _date(value: Any) -> dt.date:
    return as_date(value, "a waiver's date")


def _last_day(value: Any) -> dt.date:
    return as_date(value, "a waiver's last day")


def _filled(instance: Any, attribute: Any, value: Any) -> None:
    if not is_one_line(value) or not value.strip():
        raise PolicyError(f"a waiver needs its {attribute.name}, a text of one line; received {shown(value)}")


@frozen
class Waiver:
    """The application's permission to breach a rule, for a time.

    rule: the id or name of a rule; R01, R10, R14 and R19 can't be waived. grade: the grade that it is for. reason: why.
    author: the person who decided it. date: the first day on which it holds. expires: the last day, included.
    """

    rule: str = field(converter=_rule)
    grade: str = field(validator=_filled)
    reason: str = field(validator=_filled)
    author: str = field(validator=_filled)
    date: dt.date = field(converter=_date)
    expires: dt.date = field(converter=_last_day)

    def __attrs_post_init__(self) -> None:
        if not RULES[self.rule].waivable:
            fixed = [rule.id for rule in RULES.values() if not rule.waivable]
            raise PolicyError(
                f"{RULES[self.rule]} can't be waived, nor can {listed(one for one in fixed if one != self.rule)}"
            )
        if self.expires < self.date:
            raise PolicyError(f"a waiver expires on or after its date; received {self.date} to {self.expires}")


@frozen
class WaiverUse:
    """A waiver and what it did: state is `used`, `unused`, `expired` or `not yet`."""

    waiver: Waiver
    state: str


def apply_waivers(
    breaches: Iterable[Breach], waivers: Iterable[Waiver], on: dt.date
) -> tuple[tuple[Breach, ...], tuple[Breach, ...], tuple[WaiverUse, ...]]:
    """Return the breaches that remain, those that are waived on a day, and what each waiver did."""
    remaining: list[Breach] = []
    waived: list[Breach] = []
    used: set[int] = set()
    given = tuple(waivers)
    for breach in breaches:
        held = [
            k
            for k, one in enumerate(given)
            if one.rule == breach.rule and one.grade == breach.grade and one.date <= on <= one.expires
        ]
        used.update(held)
        (waived if held else remaining).append(breach)

    def state(number: int, one: Waiver) -> str:
        if one.expires < on:
            return "expired"
        return "not yet" if on < one.date else "used" if number in used else "unused"

    return tuple(remaining), tuple(waived), tuple(WaiverUse(one, state(k, one)) for k, one in enumerate(given))
