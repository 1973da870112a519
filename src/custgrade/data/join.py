"""Joining two bases by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from custgrade.data.field import Field
from custgrade.data.ids import positions
from custgrade.data.left_out import LeftOut
from custgrade.data.names import LazyNames, first_names
from custgrade.data.period import Period
from custgrade.errors import FieldError, Hint
from custgrade.text import listed


class _Base(Protocol):
    """The attributes of a `CustomerBase` that a join uses."""

    @property
    def ids(self) -> Any: ...
    @property
    def names(self) -> Any: ...
    @property
    def given_names(self) -> Any: ...
    @property
    def columns(self) -> Mapping[str, Any]: ...
    @property
    def period(self) -> Period | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def left_out(self) -> tuple[LeftOut, ...]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def unmapped(self) -> tuple[str, ...]: ...
    @property
    def extra_fields(self) -> tuple[Field, ...]: ...
    def names_of(self, ids: Sequence[str]) -> Mapping[str, str]: ...
    def __len__(self) -> int: ...


def check_joinable(base: _Base, other: _Base) -> None:
    """Raise FieldError if both bases have the same field, or money in different currencies."""
    both = [name for name in base.columns if name in other.columns]
    if both:
        what, them = ("field", "it") if len(both) == 1 else ("fields", "them")
        raise FieldError(
            f"both have the {what} {listed(both)}.",
            Hint(
                f"Drop or rename {them} in one of the two.",
                "Remove or rename the column in one of the files; --column applies to all files.",
            ),
        )
    if base.currency and other.currency and base.currency != other.currency:
        raise FieldError(
            f"a base in {base.currency} can't be joined with a base in {other.currency}; convert one of them"
        )


def joined(
    base: _Base,
    other: _Base,
    columns: Mapping[str, Any],
    stray: int,
    examples: Sequence[str],
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the attributes of `base` that change when columns of `other` are added, by name.

    stray: the number of customers that only `other` has. examples: the labels of the first few of them.
    notes: on ids that don't match.
    """
    left_out = [*base.left_out, *other.left_out]
    if stray:
        left_out.append(LeftOut("not among the customers they were joined to", stray, "customers", examples))
    return {
        "columns": {**base.columns, **columns},
        "names": _joined_names(base, other),
        "period": base.period or other.period,
        "currency": base.currency or other.currency,
        "left_out": left_out,
        "notes": [*base.notes, *other.notes, *notes],
        "unmapped": dict.fromkeys([*base.unmapped, *other.unmapped]),
        "extra_fields": dict.fromkeys([*base.extra_fields, *other.extra_fields]),
        "unique_ids": True,
    }


def _joined_names(base: _Base, other: _Base) -> LazyNames | None:
    """Return the names of `base`, and for customers without one those of `other`; they are read on first use."""
    if base.given_names is None and other.given_names is None:
        return None

    def load() -> Any:
        return first_names((base.names, np.arange(len(base))), (other.names, positions(base.ids, other.ids)))

    def find(ids: Sequence[str]) -> Mapping[str, str]:
        return {**other.names_of(ids), **base.names_of(ids)}

    return LazyNames(load, find)
