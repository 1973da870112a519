"""Customers' names: read when they are first asked for, and then only of the customers that are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

Texts = npt.NDArray[Any]


@frozen(eq=False)
class LazyNames:
    """Names that aren't in memory.

    load: returns the names of all customers of a base, in its order, an empty text where there is none.
    find: returns the names of the customers with these ids, by id; those without a name are left out.
    query: SQL of the ids and names of all customers, as `id` and `name`, for the engine that they are read with.
    """

    load: Callable[[], Any]
    find: Callable[[Sequence[str]], Mapping[str, str]]
    query: str = ""

    def __call__(self) -> Any:
        """Return the names of all customers."""
        return self.load()


def name_column(values: Any) -> Texts:
    """Return names as a read-only numpy column of variable-width text, shape (n,); None and NaN become empty."""
    text = np.dtypes.StringDType()
    array = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    if array.dtype.kind == "O":
        array = np.array(["" if value is None or value != value else str(value) for value in array], dtype=text)
    column = array.astype(text)
    column.flags.writeable = False
    return column


def taken(given: Any, names: Callable[[], Any], rows: Any) -> Any:
    """Return the names of some customers, not read before they are asked for if `given` isn't in memory.

    given: the names of all, as a base was given them. names: returns them as a column. rows: positions, or a mask.
    """
    if isinstance(given, LazyNames):
        return LazyNames(lambda: names()[rows], given.find)
    return names()[rows]


def labelled(identity: str, name: str) -> str:
    """Return what a customer is called: `Miller & Sons (C-0017)`, or the id alone where there is no other name."""
    name = name.strip()
    return f"{name} ({identity})" if name and name != identity else identity
