"""Customers' names, read on first use and only for the customers shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.errors import FieldError
from custgrade.text import shown

Texts = npt.NDArray[Any]

NAME = "name"
"""The column of customers' names: in results, and as a key among the columns that are read."""


@frozen(eq=False)
class LazyNames:
    """Names that are read on first use.

    load: returns the names of all customers in the order of the base; a customer without a name has an empty text.
    find: takes ids, and returns names by id; customers without a name are left out.
    query: SQL of all customers' ids and names, as `id` and `name`, for the engine that reads them.
    """

    load: Callable[[], Any]
    find: Callable[[Sequence[str]], Mapping[str, str]]
    query: str = ""

    def __call__(self) -> Any:
        """Return the names of all customers."""
        return self.load()


def name_column(values: Any) -> Texts:
    """Return names as a read-only numpy column of variable-width text, shape (n,); None and NaN become empty texts.

    Raises FieldError for anything but a list of names, and for a text that UTF-8 can't hold.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, (np.ndarray, Iterable)):
        raise FieldError(f"names must be a list of texts; received {shown(values)}")
    text = np.dtypes.StringDType()
    array = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    if array.ndim != 1:
        raise FieldError(f"names must be one-dimensional; received shape {array.shape}")
    try:
        if array.dtype.kind == "O":
            array = np.array(["" if value is None or value != value else str(value) for value in array], dtype=text)
        column = array.astype(text)
    except (TypeError, ValueError) as error:
        raise FieldError(f"names must be texts that UTF-8 can hold; received {shown(array.tolist())}") from error
    column.flags.writeable = False
    return column


def taken(given: Any, names: Callable[[], Any], rows: Any) -> Any:
    """Return the names of some customers; if `given` is `LazyNames`, they are read on first use.

    given: the base's `given_names`. names: returns all names as a column. rows: positions or a mask.
    """
    if isinstance(given, LazyNames):
        return LazyNames(lambda: names()[rows], given.find)
    return names()[rows]


def first_names(*sources: tuple[Texts | None, npt.NDArray[np.int64]]) -> Texts | None:
    """Return each customer's first name in some columns of names, shape (n,); None if all columns are None.

    sources: a column, or None, and the position of each customer in it, −1 for a customer who isn't in it.
    """
    found: Texts | None = None
    for names, rows in sources:
        if names is not None:
            # position −1 is the empty text at the end
            some = np.append(names, np.array([""], dtype=names.dtype))[rows]
            found = some if found is None else np.where(found == "", some, found)
    return found


def labelled(identity: str, name: str) -> str:
    """Return a customer's label: `Miller & Sons (C-0017)`, or the id alone if the name is empty or equals the id."""
    name = name.strip()
    return f"{name} ({identity})" if name and name != identity else identity
