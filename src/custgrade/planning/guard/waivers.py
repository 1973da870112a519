"""Waivers: breaches that the application allows for a time, and what each waiver did."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import Converter, evolve, field, fields, frozen

from custgrade.argument_checks import is_one_line
from custgrade.data.ids import id_column, id_text, positions
from custgrade.data.period import as_date
from custgrade.errors import PolicyError, SourceError
from custgrade.planning.guard.rules import RULES, Breach
from custgrade.record_file import read_records
from custgrade.text import did_you_mean, listed, shown

USED, UNUSED, EXPIRED, NOT_YET = "used", "unused", "expired", "not yet"
UNKNOWN_RULE, UNKNOWN_GRADE, UNKNOWN_CUSTOMER = "unknown rule", "unknown grade", "unknown customer"
"""The states of waivers."""


def _rule(value: Any) -> Any:
    """Return the id of a rule by its id or name, and any other value unchanged."""
    return next((rule.id for rule in RULES.values() if isinstance(value, str) and value in (rule.id, rule.name)), value)


def _day(value: Any, attribute: Any) -> dt.date:
    try:
        return as_date(value, f"a waiver's {attribute.name}")
    except SourceError as error:
        raise PolicyError(str(error)) from error


def _id(value: Any) -> str:
    return id_text(value, PolicyError)


def _filled(instance: Any, attribute: Any, value: Any) -> None:
    if not is_one_line(value) or not value.strip():
        raise PolicyError(f"a waiver needs its {attribute.name}, a text of one line; received {shown(value)}")


def _one_line(instance: Any, attribute: Any, value: Any) -> None:
    if not is_one_line(value):
        raise PolicyError(f"a waiver's {attribute.name} must be a text of one line; received {shown(value)}")


@frozen
class Waiver:
    """The application's permission to breach a rule, for a time; it is for one grade or for one customer.

    rule: the id or name of a rule; R01, R10, R14 and R19 can't be waived. reason: why. author: the person who decided
    it. date: the first day on which it holds. expires: the last day, included. grade: the grade of the breach.
    customer_id: the customer; the waiver takes the customer out of breaches that a plan has for single customers.

    Raises PolicyError.
    """

    rule: str = field(converter=_rule, validator=_filled)
    reason: str = field(validator=_filled)
    author: str = field(validator=_filled)
    date: dt.date = field(converter=Converter(_day, takes_field=True))  # type: ignore[misc]  # attrs' own
    expires: dt.date = field(converter=Converter(_day, takes_field=True))  # type: ignore[misc]  # attrs' own
    grade: str = field(default="", validator=_one_line)
    customer_id: str = field(default="", converter=_id)

    def __attrs_post_init__(self) -> None:
        if bool(self.grade.strip()) == bool(self.customer_id):
            raise PolicyError(
                f"a waiver needs either a grade or a customer_id; received grade={self.grade!r} and "
                f"customer_id={self.customer_id!r}"
            )
        if self.rule in RULES and not RULES[self.rule].waivable:
            fixed = [rule.id for rule in RULES.values() if not rule.waivable]
            raise PolicyError(
                f"{RULES[self.rule]} can't be waived, nor can {listed(one for one in fixed if one != self.rule)}"
            )
        if self.expires < self.date:
            raise PolicyError(f"a waiver expires on or after its date; received {self.date} to {self.expires}")

    def holds(self, on: dt.date) -> bool:
        """Return whether the waiver holds on a day; `date` and `expires` are included."""
        return self.date <= on <= self.expires

    def __str__(self) -> str:
        rule = RULES.get(self.rule, self.rule)
        whom = f"grade {self.grade}" if self.grade else f"customer {self.customer_id}"
        return f"{rule} for {whom} from {self.date} to {self.expires}: {self.reason} ({self.author})"


def read_waivers(path: str | os.PathLike[str]) -> tuple[Waiver, ...]:
    """Return the waivers in a CSV file with the columns rule, grade, customer_id, reason, author, date and expires.

    Each line has a grade or a customer_id; the column that no line needs may be missing. Dates are written YYYY-MM-DD.
    Further columns are ignored. The delimiter may be a comma, a semicolon or a tab.

    Raises PolicyError, which names the line of a wrong waiver.
    """

    def waiver(texts: Mapping[str, str]) -> Waiver:
        return Waiver(**texts)

    columns = [one.name for one in fields(Waiver)]
    return tuple(read_records(path, "waivers", columns, waiver, PolicyError, optional=("grade", "customer_id")))


@frozen
class WaiverUse:
    """A waiver and what it did.

    state: `used`, `unused`, `expired`, `not yet`, `unknown rule`, `unknown grade` or `unknown customer`. hint: what may
    be meant instead of an unknown name, or why the waiver isn't needed; may be empty.
    """

    waiver: Waiver
    state: str
    hint: str = ""

    def __str__(self) -> str:
        return f"waiver {self.state}: {self.waiver}{'.' if self.hint else ''}{self.hint}"


def apply_waivers(
    breaches: Iterable[Breach],
    waivers: Iterable[Waiver],
    on: dt.date,
    grades: Iterable[str],
    ids: npt.NDArray[Any],
) -> tuple[tuple[Breach, ...], tuple[Breach, ...], tuple[WaiverUse, ...]]:
    """Return the breaches that remain, those that are waived on a day, and what each waiver did.

    A customer's waiver takes the customer out of a breach, so a part of a breach may remain and the other be waived.

    grades: the grades that a breach may have. ids: the ids of the customers.
    """
    given, known = tuple(waivers), tuple(grades)
    wanted = list(dict.fromkeys(one.customer_id for one in given if one.customer_id))
    rows = dict(zip(wanted, positions(id_column(wanted), ids).tolist(), strict=True)) if wanted else {}
    holding = [(k, one) for k, one in enumerate(given) if one.holds(on)]
    remaining: list[Breach] = []
    waived: list[Breach] = []
    used: set[int] = set()
    for breach in breaches:
        mine = [(k, one) for k, one in holding if one.rule == breach.rule]
        whole = {k for k, one in mine if one.grade == breach.grade}
        if whole:
            used |= whole
            waived.append(breach)
            continue
        allowed = {k: rows[one.customer_id] for k, one in mine if one.customer_id}
        out = _without(breach, allowed)
        used |= {k for k, row in allowed.items() if breach.rows is not None and row in breach.rows}
        waived += out[:1] if out[0].customers else []
        remaining += out[1:] if out[1].customers or breach.rows is None else []
    uses = tuple(WaiverUse(one, *_state(one, k in used, on, known, rows)) for k, one in enumerate(given))
    return tuple(remaining), tuple(waived), uses


def _without(breach: Breach, allowed: Mapping[int, int]) -> tuple[Breach, Breach]:
    """Return the part of a breach that is for these customers' positions, and the rest of it."""
    if breach.rows is None:
        return evolve(breach, customers=0), breach
    inside = np.isin(breach.rows, list(allowed.values()))
    one, other = (
        evolve(breach, customers=len(some), rows=some) for some in (breach.rows[inside], breach.rows[~inside])
    )
    return one, other


def _state(
    waiver: Waiver, used: bool, on: dt.date, grades: tuple[str, ...], rows: Mapping[str, int]
) -> tuple[str, str]:
    """Return the state of a waiver, and what may be meant instead of an unknown name."""
    if waiver.rule not in RULES:
        names = [name for rule in RULES.values() for name in (rule.id, rule.name)]
        return UNKNOWN_RULE, did_you_mean(waiver.rule, names)
    if RULES[waiver.rule].warns:
        return UNUSED, f" {RULES[waiver.rule]} only warns, so it needs no waiver"
    if waiver.grade and waiver.grade not in grades:
        return UNKNOWN_GRADE, did_you_mean(waiver.grade, grades)
    if waiver.customer_id and rows[waiver.customer_id] < 0:
        return UNKNOWN_CUSTOMER, ""
    if waiver.expires < on:
        return EXPIRED, ""
    return (NOT_YET if on < waiver.date else USED if used else UNUSED), ""
