"""Converters and checks of the arguments of a `CustomerBase` and of its methods."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any

import numpy as np

from custgrade.argument_checks import check_text, mapping_of
from custgrade.data.columns import FloatColumn, float_column
from custgrade.data.converters import ReadOnly, parts_of, read_only
from custgrade.data.left_out import LeftOut
from custgrade.data.period import Period
from custgrade.data.stored import StoredColumn
from custgrade.errors import FieldError
from custgrade.text import counted, shown


def columns_of(given: Mapping[str, Any]) -> Mapping[str, FloatColumn]:
    """Return columns by field as read-only float64; columns on disk stay there."""
    if isinstance(given, ReadOnly):  # columns of a base, or slices of them
        return given
    odd = [name for name in mapping_of(given, "the columns of a base", FieldError) if not isinstance(name, str)]
    if odd:
        raise FieldError(f"the name of a base's column must be a text; received {shown(odd[0])}")
    # stored columns are too large to be read into memory
    columns: dict[str, Any] = {
        name: v if isinstance(v, StoredColumn) else float_column(name, v) for name, v in given.items()
    }
    return read_only(columns)


def left_out_of(value: Any) -> tuple[LeftOut, ...]:
    """Return what was left out of a base as a tuple."""
    return parts_of(LeftOut, value, "what was left out of a base", FieldError)


def notes_of(value: Any) -> tuple[str, ...]:
    """Return the notes of a base as a tuple."""
    return parts_of(str, value, "the notes of a base", FieldError)


def unmapped_of(value: Any) -> tuple[str, ...]:
    """Return the names of unmapped columns as a tuple."""
    return parts_of(str, value, "the names of unmapped columns", FieldError)


def check_attributes(period: Any, currency: Any, unique_ids: Any) -> None:
    """Raise FieldError if one of these attributes of a base has another type."""
    if period is not None and not isinstance(period, Period):
        raise FieldError(f"the period of a base must be a Period or None; received {shown(period)}")
    if currency is not None:
        check_text(currency, "currency")
    if not isinstance(unique_ids, bool):
        raise FieldError(f"unique_ids must be True or False; received {shown(unique_ids)}")


def number_of_names(given: Any) -> int:
    """Return the number of given names, which are converted when they are first read.

    Raises FieldError unless they are a list of names.
    """
    if isinstance(given, (str, bytes)) or not isinstance(given, Sized):
        raise FieldError(f"names must be a list of texts; received {shown(given)}")
    return len(given)


def row_index(rows: Any, size: int) -> Any:
    """Return positions, a slice or a mask as an index of columns; size: the number of customers.

    Raises FieldError for anything else, and for a position that no customer has.
    """
    if isinstance(rows, slice):
        return rows
    try:
        index = np.asarray(rows)
    except ValueError:
        index = np.array(None)
    if index.shape == (0,):
        return index.astype(np.int64)
    masks = index.dtype.kind == "b" and index.shape == (size,)
    places = index.dtype.kind in "iu" and index.ndim == 1 and bool(-size <= index.min() and index.max() < size)
    if not masks and not places:
        raise FieldError(
            f"rows must be positions below {size:,}, or a mask of {counted(size, 'truth values')}; "
            f"received {shown(rows)}"
        )
    return index
