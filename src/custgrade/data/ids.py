"""Customer ids: text columns of ids, and the positions of ids in a column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.errors import CustgradeError, FieldError
from custgrade.text import shown

Ids = npt.NDArray[Any]
_KINDS = (str, int, np.integer)
_PLAIN = 1 << 63
"""Whole numbers below this one are written without a check of their length."""


def id_text(value: Any, error: type[CustgradeError] = FieldError) -> str:
    """Return one id as text.

    Raises `error` unless it is a text that UTF-8 can hold, or a whole number.
    """
    if type(value) is int and -_PLAIN < value < _PLAIN:
        return str(value)
    if not isinstance(value, _KINDS) or isinstance(value, bool):
        raise error(f"an id must be text or a whole number; received {shown(value)}")
    try:
        text = str(value)
        if not text.isascii():
            text.encode()
    except ValueError:
        raise error(f"an id must be a text that UTF-8 can hold; received {shown(value)}") from None
    return text


def id_column(values: Any) -> Ids:
    """Return ids as a read-only numpy column of variable-width text, shape (n,).

    Raises FieldError if an id is missing, or is neither text nor a whole number.
    """
    if isinstance(values, bytes) or not isinstance(values, (np.ndarray, Iterable)):
        raise FieldError(f"ids must be a list of texts or whole numbers; received {shown(values)}")
    # numpy's fixed-width text drops NULs at the end
    array = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    text = np.dtypes.StringDType()
    if array.ndim != 1:
        raise FieldError(f"ids must be one-dimensional; received shape {array.shape}")
    if array.size and array.dtype.kind not in "OUTiu":
        raise FieldError(f"ids must be text or whole numbers; received an array of {array.dtype}")
    try:
        if array.dtype.kind == "O":
            usable = [str(value) for value in array if isinstance(value, _KINDS) and not isinstance(value, bool)]
            column = np.array(usable, dtype=text)
        else:
            column = array.astype(text)
    except (TypeError, ValueError):
        column = np.array([], dtype=text)
    if len(column) < len(array):
        # the first id that can't be used raises an error
        column = np.array([id_text(value) for value in array], dtype=text)
    column.flags.writeable = False
    return column


def positions(wanted: npt.NDArray[Any], ids: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the position of each wanted id in `ids`, −1 if it is missing there, int64 of shape (len(wanted),)."""
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1, dtype=np.int64)
    # sorting both together is faster than binary searches among texts
    both = np.concatenate([ids, wanted])
    order = np.argsort(both, kind="stable")
    both = both[order]
    starts = np.flatnonzero(np.append(True, both[1:] != both[:-1]))
    first = np.repeat(order[starts], np.diff(starts, append=len(both)))
    found = np.empty(len(both), dtype=np.int64)
    found[order] = np.where(first < len(ids), first, -1)
    return found[len(ids) :]
