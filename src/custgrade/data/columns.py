"""Columns of numbers, and derived ones that are recomputed from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.field import Field
from custgrade.errors import FieldError

FloatColumn = npt.NDArray[np.float64]


def float_column(name: str, values: Any) -> FloatColumn:
    """Return values as a read-only contiguous float64 column without −0.0, shape (n,); None becomes NaN.

    Raises FieldError for anything but numbers, truth values and None in one dimension.
    """
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    try:
        array = np.asarray(values)
        texts = array.dtype.kind == "O" and any(isinstance(value, (str, bytes)) for value in array.flat)
        if texts or array.dtype.kind in "USTMmcV" or array.ndim != 1:
            what = "text" if texts else f"{array.dtype} of shape {array.shape}"
            raise FieldError(f"column {name!r} holds {what}; a field's values are numbers in one dimension")
        column = np.ascontiguousarray(array, dtype=np.float64) + 0.0
    except (TypeError, ValueError, OverflowError) as error:
        raise FieldError(f"column {name!r} is not made of numbers: {error}") from error
    column.flags.writeable = False
    return column


class ColumnView(Mapping[str, Any]):
    """Input columns, and derived ones recomputed from them when they are asked for."""

    def __init__(self, columns: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
        self._columns, self._fields = columns, fields

    def __getitem__(self, name: str) -> Any:
        if name in self._columns:
            return self._columns[name]
        definition = self._fields.get(name)
        if definition is None or definition.derive is None:
            raise KeyError(name)
        with np.errstate(all="ignore"):
            return definition.derive(self)

    def __iter__(self) -> Iterator[str]:
        yield from self._columns
        for name in self._fields:
            if name not in self._columns and name in self:
                yield name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        if name in self._columns:
            return True
        definition = self._fields.get(name) if isinstance(name, str) else None
        return definition is not None and definition.derived and all(part in self for part in definition.parts)
