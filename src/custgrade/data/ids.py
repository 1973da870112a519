"""Customer ids: text columns of ids, and the positions of ids in a column."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.errors import FieldError

Ids = npt.NDArray[Any]


def id_column(values: Any) -> Ids:
    """Return ids as a read-only numpy column of variable-width text, shape (n,).

    Raises FieldError if an id is missing, or is neither text nor a whole number.
    """
    # numpy's fixed-width text drops NULs at the end
    array = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    text = np.dtypes.StringDType()
    if array.ndim != 1:
        raise FieldError(f"ids are one-dimensional; received shape {array.shape}")
    if array.dtype.kind == "O":
        wrong = [v for v in array if isinstance(v, bool) or not isinstance(v, (str, int, np.integer))][:1]
        if wrong:
            raise FieldError(f"ids are text or whole numbers; received {wrong[0]!r}")
        array = np.array([str(v) for v in array], dtype=text)
    elif array.size and array.dtype.kind not in "UTiu":
        raise FieldError(f"ids are text or whole numbers; received an array of {array.dtype}")
    column = array.astype(text)
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
