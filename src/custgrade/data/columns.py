"""Columns of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.errors import FieldError

FloatColumn = npt.NDArray[np.float64]


def float_column(name: str, values: Any) -> FloatColumn:
    """Return values as a read-only contiguous float64 column without −0.0, shape (n,); None becomes NaN.

    Raises FieldError if the values aren't one-dimensional, or aren't numbers, truth values or None.
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
        raise FieldError(f"column {name!r} must hold numbers: {error}") from error
    column.flags.writeable = False
    return column
