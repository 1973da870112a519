"""The columns of results: what they begin with, what grading adds, in which order, and texts kept as codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from custgrade.data.converters import tupled
from custgrade.data.names import NAME
from custgrade.data.scale import GradeScale
from custgrade.errors import FieldError, Hint
from custgrade.text import listed

OVERRIDE_COLUMNS = (
    "final_grade",
    "override_grade",
    "override_reason",
    "override_author",
    "override_date",
    "override_expires",
)
"""The columns that overrides add."""

Form = TypeVar("Form")
"""Arrays in memory, or SQL."""


@frozen(eq=False)
class CodedTexts:
    """A column of texts, with few different values.

    texts: the different texts; an empty text is a missing value.
    codes: the position in `texts` of each row's text, whole numbers of shape (n,).
    missing: a further code for a missing value; None if there is none.
    """

    texts: tuple[str, ...] = field(converter=tupled)
    codes: npt.NDArray[Any]
    missing: int | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def values(self) -> npt.NDArray[Any]:
        """Return the texts as numpy's variable-width text, shape (n,); a missing value is an empty text."""
        texts = self.texts if self.missing is None else (*self.texts, *[""] * (self.missing + 1 - len(self.texts)))
        found: npt.NDArray[Any] = np.array(texts, dtype=np.dtypes.StringDType())[self.codes]
        return found


OutputColumn = CodedTexts | npt.NDArray[Any]
"""Coded texts, or numbers of shape (n,), where NaN is a missing value."""
OutputColumns = Mapping[str, OutputColumn]


def plain_columns(columns: OutputColumns) -> dict[str, npt.NDArray[Any]]:
    """Return columns as numpy arrays of numbers or variable-width text."""
    return {name: column.values() if isinstance(column, CodedTexts) else column for name, column in columns.items()}


def rows_of(columns: OutputColumns, rows: slice) -> dict[str, OutputColumn]:
    """Return some consecutive rows of columns."""
    return {
        name: evolve(column, codes=column.codes[rows]) if isinstance(column, CodedTexts) else column[rows]
        for name, column in columns.items()
    }


def identity_columns(ids: Form, names: Form | None) -> dict[str, Form]:
    """Return the columns that results begin with: `customer_id`, and `name` unless `names` is None."""
    return {"customer_id": ids} if names is None else {"customer_id": ids, NAME: names}


def axis_names(scale: GradeScale, axis: str) -> tuple[str, str]:
    """Return the names of the columns for an axis's label and its score.

    The label's name is empty, for no column, if the only axis is called `grade`: its label is the whole grade.
    """
    if len(scale.axes) == 1 and axis == "grade":
        return "", "score"
    return f"{axis}_grade", f"{axis}_score"


def grade_names(
    scale: GradeScale, details: Iterable[str] = (), overridden: bool = False, prefix: str = ""
) -> list[str]:
    """Return the names of all columns that grading adds, in order.

    details: the names of the scorer's details. overridden: whether the columns of overrides are added.
    """
    names = ["grade"]
    for axis in scale.axes:
        names += [name for name in axis_names(scale, axis.name) if name]
    names += [*details, "status", "reason", *(OVERRIDE_COLUMNS if overridden else ())]
    return [f"{prefix}{name}" for name in names]


def named_columns(columns: Iterable[tuple[str, str, OutputColumn]]) -> dict[str, OutputColumn]:
    """Return columns by name.

    columns: the name of each column, what it belongs to in words, and its values.

    Raises FieldError if two columns have the same name.
    """
    found: dict[str, OutputColumn] = {}
    owners: dict[str, str] = {}
    for name, owner, column in columns:
        if name in found:
            raise FieldError(
                f"{owners[name]} and {owner} have a column of the same name, {name!r}; rename the axis or the field"
            )
        found[name], owners[name] = column, owner
    return found


def check_names(own: Iterable[str], added: Iterable[str], *, case_matters: bool = False) -> None:
    """Raise FieldError if two columns of a result would have the same name.

    own: the columns of the data. added: the columns that grading adds. case_matters: whether `Note` and `note` are two
    names, as in data frames.
    """
    seen: dict[str, str] = {}
    for name in own:
        if seen.setdefault(name if case_matters else name.casefold(), name) != name:
            raise FieldError(f"columns {seen[name.casefold()]!r} and {name!r} differ in case only; rename one of them")
    new: dict[str, str] = {}
    for name in added:
        key = name if case_matters else name.casefold()
        if key in new:
            raise FieldError(
                f"the new columns {new[key]!r} and {name!r} have the same name, or differ in case only; rename the "
                "axis or the field"
            )
        new[key] = name
    clash = [name for key, name in new.items() if key in seen]
    if clash:
        raise FieldError(
            f"the data already has columns named {listed(map(repr, clash))}.",
            Hint(
                'Put a prefix before the new names: prefix="new_".', "Put a prefix before the new names: --prefix new_."
            ),
        )
