"""Findings: answers about the whole base, as small tables with sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.argument_checks import mapping_of
from custgrade.data.converters import read_only, tupled
from custgrade.errors import Hint, ParameterError
from custgrade.model.native_frame import native_frame
from custgrade.text import listed, shown

Cell = str | int | float | None
"""A cell of a finding's table; None is unknown."""


def _cell(value: Any) -> Cell:
    found = value.item() if isinstance(value, np.generic) else value
    if isinstance(found, float) and math.isnan(found):
        return None
    if isinstance(found, bool) or not isinstance(found, (str, int, float, type(None))):
        raise ParameterError(f"a cell of a finding is a text, a number or None; received {shown(value)}")
    return found


def _columns(value: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, unit) for name, unit in value)


def _rows(value: Iterable[Iterable[Any]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(map(_cell, row)) for row in value)


def _arrays(value: Any) -> Mapping[str, npt.NDArray[Any]]:
    found = {}
    for name, array in mapping_of(value, "per_customer", ParameterError).items():
        # a view, so that the caller's array stays as it is
        found[name] = np.asarray(array).view()
        found[name].flags.writeable = False
    return read_only(found)


@frozen
class Finding:
    """An answer about the whole base: a small table, and sentences with the answer.

    name: in lower case with `-`, such as `target-mix`. title: the question. columns: the name and the unit of each
    column; units are `money`, `share` (0 to 1), `customers`, other units of fields, or an empty text. rows: tuples of
    texts and numbers, None where unknown. says: sentences that answer the question. notes: sentences on what is unknown
    and why, and on what the numbers mean. per_customer: read-only arrays of shape (n,) by name, in the base's order.
    hints: what to give for a fuller answer, in words for Python and for the command line.

    Raises ParameterError if a row has another length than `columns`, or two columns have the same name.
    """

    name: str
    title: str
    columns: tuple[tuple[str, str], ...] = field(converter=_columns)
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), converter=_rows)
    says: tuple[str, ...] = field(default=(), converter=tupled)
    notes: tuple[str, ...] = field(default=(), converter=tupled)
    per_customer: Mapping[str, npt.NDArray[Any]] = field(factory=dict, converter=_arrays, eq=False, repr=False)
    hints: tuple[Hint, ...] = field(default=(), converter=tupled, kw_only=True)

    def __attrs_post_init__(self) -> None:
        names = [name for name, _ in self.columns]
        if len(set(names)) < len(names):
            raise ParameterError(f"finding {self.name!r}: columns have different names; received {listed(names)}")
        odd = [row for row in self.rows if len(row) != len(names)]
        if odd:
            raise ParameterError(
                f"finding {self.name!r}: a row has a cell for each of {listed(names)}; received {shown(odd[0])}"
            )

    def to_dict(self) -> dict[str, npt.NDArray[Any]]:
        """Return the columns by name, as numpy arrays with an entry per row.

        Numbers are int64, or float64 with NaN where unknown. Texts are variable-width, empty where unknown.
        """
        return {name: _array([row[k] for row in self.rows]) for k, (name, _) in enumerate(self.columns)}

    def to_pandas(self) -> Any:
        """Return the table as a pandas DataFrame."""
        return native_frame(self.to_dict(), "pandas")


def _array(cells: list[Cell]) -> npt.NDArray[Any]:
    if any(isinstance(cell, str) for cell in cells):
        return np.array(["" if cell is None else str(cell) for cell in cells], dtype=np.dtypes.StringDType())
    if cells and all(isinstance(cell, int) for cell in cells):
        return np.array(cells, dtype=np.int64)
    return np.array([math.nan if cell is None else cell for cell in cells], dtype=np.float64)
