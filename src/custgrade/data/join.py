"""Joining two bases by id: what must hold, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import evolve

from custgrade.data.left_out import LeftOut
from custgrade.data.names import LazyNames, name_column
from custgrade.errors import FieldError, listed

if TYPE_CHECKING:
    from custgrade.data.base import CustomerBase


def check_joinable(base: CustomerBase, other: CustomerBase) -> None:
    """Raise FieldError when both have the same field, or money in different currencies."""
    both = [name for name in base.columns if name in other.columns]
    if both:
        raise FieldError(f"both sides of a join have {listed(both)}; drop or rename it on one side")
    if base.currency and other.currency and base.currency != other.currency:
        raise FieldError(f"a base in {base.currency} can't be joined with one in {other.currency}")


def joined(
    base: CustomerBase, other: CustomerBase, columns: Mapping[str, Any], stray: int, examples: Sequence[str]
) -> CustomerBase:
    """Return `base` with these columns of `other`, and what is said about both; a name of `base` comes first.

    stray: how many customers only `other` has. examples: the ids of the first few.
    """
    left_out = [*base.left_out, *other.left_out]
    if stray:
        left_out.append(LeftOut("not among the customers they were joined to", stray, "customers", examples))
    return evolve(
        base,
        columns={**base.columns, **columns},
        period=base.period or other.period,
        currency=base.currency or other.currency,
        left_out=left_out,
        notes=[*base.notes, *other.notes],
        unmapped=dict.fromkeys([*base.unmapped, *other.unmapped]),
        extra_fields=dict.fromkeys([*base.extra_fields, *other.extra_fields]),
        unique_ids=True,
        names=_joined_names(base, other),
    )


def _joined_names(base: CustomerBase, other: CustomerBase) -> LazyNames | None:
    """The names of `base`, and those of `other` where it has none; not read before they are asked for."""
    if base.given_names is None and other.given_names is None:
        return None

    def load() -> npt.NDArray[Any]:
        own = name_column([""] * len(base)) if base.names is None else base.names
        if other.names is None:
            return own
        # the place of −1 is the last one
        theirs = np.append(other.names, np.array([""], dtype=other.names.dtype))
        return np.where(own == "", theirs[positions(base.ids, other.ids)], own)

    def find(ids: Sequence[str]) -> Mapping[str, str]:
        return {**other.names_of(ids), **base.names_of(ids)}

    return LazyNames(load, find)


def positions(wanted: npt.NDArray[Any], ids: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Where each wanted id stands in `ids`, −1 where it doesn't, int64 of shape (len(wanted),)."""
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1, dtype=np.int64)
    # sorted together, as a binary search among texts takes longer than to sort them
    both = np.concatenate([ids, wanted])
    order = np.argsort(both, kind="stable")
    both = both[order]
    starts = np.flatnonzero(np.append(True, both[1:] != both[:-1]))
    first = np.repeat(order[starts], np.diff(starts, append=len(both)))
    found = np.empty(len(both), dtype=np.int64)
    found[order] = np.where(first < len(ids), first, -1)
    return found[len(ids) :]
