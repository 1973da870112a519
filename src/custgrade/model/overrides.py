"""Overrides: manual grades that hold for a time and are shown beside the computed grades."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import Converter, evolve, field, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.converters import locked
from custgrade.data.ids import id_text
from custgrade.data.names import labelled
from custgrade.data.output_columns import OVERRIDE_COLUMNS
from custgrade.data.period import as_date
from custgrade.data.scale import GradeScale
from custgrade.errors import Hint, OverrideError
from custgrade.record_file import MOST
from custgrade.text import did_you_mean, listed, shown

Positions = Callable[[Sequence[str]], npt.NDArray[np.int64]]
"""A function that returns the positions of customers by id, int64, −1 for an id that no customer has."""


def _text(value: Any, attribute: Any, what: Any) -> None:
    if not isinstance(what, str) or not what.strip():
        raise OverrideError(f"an override needs its {attribute.name}, a text; received {what!r}")


def _id(value: Any) -> str:
    return id_text(value, OverrideError)


def _date(value: Any, attribute: Any) -> dt.date:
    return as_date(value, f"an override's {attribute.name}")


def _records(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Override):
        return (value,)
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise OverrideError(f"overrides must be a list of Override; received {shown(value)}")
    return tuple(value)


@frozen
class Override:
    """A manual grade of one customer.

    customer_id: the customer. grade: the name of a whole grade. reason: why the grade is overridden. author: the person
    who decided it. date: the first day on which the override holds. expires: the last day, included.
    """

    customer_id: str = field(converter=_id)
    grade: str = field(validator=_text)
    reason: str = field(validator=_text)
    author: str = field(validator=_text)
    date: dt.date = field(converter=Converter(_date, takes_field=True))  # type: ignore[misc]  # attrs' own
    expires: dt.date = field(converter=Converter(_date, takes_field=True))  # type: ignore[misc]  # attrs' own

    def __attrs_post_init__(self) -> None:
        if not self.customer_id:
            raise OverrideError("an override needs its customer_id; received an empty one")
        if self.expires < self.date:
            raise OverrideError(
                f"the override of {self.customer_id!r} expires on {self.expires}, before it begins on {self.date}"
            )

    def in_words(self, instead: str = "", label: str = "") -> str:
        """Return the override in one line.

        instead: words after the grade. label: the customer's label, the id by default.
        """
        grade, when = f"{self.grade}{instead}", f"from {self.date} to {self.expires}"
        return f"{label or self.customer_id} is {grade} {when}: {self.reason} ({self.author})"


@frozen
class Overrides:
    """Manual grades; at most one per customer holds on any day.

    Raises OverrideError for more than 10,000 overrides, or two overrides of one customer that hold on the same day.
    """

    records: tuple[Override, ...] = field(converter=_records)

    def __attrs_post_init__(self) -> None:
        odd = [one for one in self.records if not isinstance(one, Override)]
        if odd:
            raise OverrideError(f"overrides must be a list of Override; received {shown(odd[0])}")
        if len(self.records) > MOST:
            raise OverrideError(f"there are {len(self.records):,} overrides; at most {MOST:,} can be given")
        ordered = sorted(self.records, key=lambda one: (one.customer_id, one.date))
        for one, other in pairwise(ordered):
            if one.customer_id == other.customer_id and other.date <= one.expires:
                raise OverrideError(
                    f"two overrides of {one.customer_id!r} hold on {other.date}: {one.grade} until {one.expires}, and "
                    f"{other.grade} from {other.date} on; let one expire before the other begins"
                )

    def __len__(self) -> int:
        return len(self.records)

    def check(self, scale: GradeScale) -> None:
        """Raise OverrideError if the scale lacks a grade."""
        for one in self.records:
            if one.grade not in scale.grades:
                raise OverrideError(
                    f"the override of {one.customer_id!r} gives {one.grade!r}, which isn't a grade of this scorer."
                    f"{did_you_mean(one.grade, scale.grades)} There are: {listed(scale.grades)}."
                )

    def on(self, day: dt.date) -> tuple[Override, ...]:
        """Return the overrides that hold on a day; `date` and `expires` are included."""
        return tuple(one for one in self.records if one.date <= day <= one.expires)


def day_of(base: CustomerBase, on: str | dt.date | None) -> dt.date:
    """Return the day on which overrides must hold: `on`, or else the base's as-of date.

    Raises OverrideError if there is neither.
    """
    day = base.as_of if on is None else as_date(on, "the day on which overrides hold")
    if day is None:
        raise OverrideError(
            "overrides hold on certain days, and the data has no as-of date.",
            Hint('Give the day: on="2026-01-31".', "Give the day: --on 2026-01-31."),
        )
    return day


@frozen(eq=False)
class ActiveOverrides:
    """The overrides that hold on a day, and the positions of their customers.

    given: all overrides. records: the overrides that hold on `day`. rows: the positions of customers with an override,
    ascending, int64 of shape (k,). places: the positions of their overrides in `records`, int64 of shape (k,).
    """

    given: Overrides
    day: dt.date
    records: tuple[Override, ...]
    rows: npt.NDArray[np.int64] = field(converter=locked)
    places: npt.NDArray[np.int64] = field(converter=locked)

    @classmethod
    def of(cls, given: Overrides, day: dt.date, positions: Positions) -> ActiveOverrides:
        """Return the overrides that hold on a day, with the positions of their customers."""
        records = given.on(day)
        at = positions([one.customer_id for one in records])
        places = np.argsort(at, kind="stable")
        places = places[at[places] >= 0]
        return cls(given, day, records, at[places], places)

    @property
    def ids(self) -> list[str]:
        """The ids of all customers with an override, whether it holds or not."""
        return list(dict.fromkeys(one.customer_id for one in self.given.records))

    def part(self, rows: slice) -> ActiveOverrides:
        """Return the overrides of the customers in a slice; positions are then counted from its start."""
        first, last = np.searchsorted(self.rows, [rows.start, rows.stop]).tolist()
        return evolve(self, rows=self.rows[first:last] - rows.start, places=self.places[first:last])

    def numbers(self, size: int) -> npt.NDArray[np.uint32]:
        """Return per customer the position of the override in `records` plus 1, 0 for none: uint32 of shape (size,)."""
        numbers = np.zeros(size, dtype=np.uint32)
        numbers[self.rows] = self.places + 1
        return numbers

    def final_codes(self, scale: GradeScale, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return positions in `scale.grades`, int64 of shape (n,), with the override's grade where one holds.

        codes: the positions of the computed grades.
        """
        final, places = codes.copy(), {name: code for code, name in enumerate(scale.grades)}
        given = np.array([places[one.grade] for one in self.records], dtype=np.int64)
        final[self.rows] = given[self.places]
        return final

    def texts(self) -> dict[str, tuple[str, ...]]:
        """Return the texts of the overrides by column, an empty text first, without `final_grade`."""
        fields = [name.removeprefix("override_") for name in OVERRIDE_COLUMNS[1:]]
        return {f"override_{name}": ("", *(str(getattr(one, name)) for one in self.records)) for name in fields}

    def notes(self, computed: Mapping[int, str], names: Mapping[str, str] = MappingProxyType({})) -> list[str]:
        """Return a sentence for every override, whether it holds or not.

        computed: computed grades, empty if ungraded, by position of the override in `records`. names: customers'
        names by id.
        """
        found = []
        for place, one in enumerate(self.records):
            instead = f" instead of {computed[place] or 'ungraded'}" if place in computed else ""
            text = one.in_words(instead, labelled(one.customer_id, names.get(one.customer_id, "")))
            found.append(f"override: {text}" if instead else f"override of a customer who isn't in the data: {text}")
        held = set(self.records)
        for one in self.given.records:
            if one not in held:
                expired = one.expires < self.day
                when = f"expired on {one.expires}" if expired else f"not yet in force on {self.day}"
                text = one.in_words(label=labelled(one.customer_id, names.get(one.customer_id, "")))
                found.append(f"override {when}: {text}")
        return found
