"""Results as data frames of pandas, Polars or PyArrow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal

import numpy.typing as npt

from custgrade.data.output_columns import OutputColumns, plain_columns
from custgrade.errors import MissingExtraError


def frame_values(column: npt.NDArray[Any]) -> Any:
    """Return a column for a data frame: numbers unchanged, texts as a list with None for empty texts."""
    return [value or None for value in column.tolist()] if column.dtype.kind == "T" else column


def native_frame(columns: Mapping[str, npt.NDArray[Any]], backend: Literal["pandas", "polars", "pyarrow"]) -> Any:
    """Return columns as a data frame of a library; empty texts become missing values.

    Raises MissingExtraError when the library isn't installed.
    """
    import narwhals as nw

    data = {name: frame_values(column) for name, column in columns.items()}
    try:
        return nw.from_dict(data, backend=backend).to_native()
    except ImportError as error:
        raise MissingExtraError(f"{backend} is not installed: pip install {backend}") from error


class AsFrame(ABC):
    """A result that can be converted to a data frame of pandas, Polars or PyArrow."""

    @abstractmethod
    def output_columns(self) -> OutputColumns:
        """Return the columns without the id, by name, with texts as codes."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the columns by name as numpy arrays: `customer_id`, `name` if customers have names, and the rest."""

    def columns(self) -> dict[str, Any]:
        """Return the columns without the id, by name, as numpy arrays of numbers or variable-width text."""
        return plain_columns(self.output_columns())

    def to_pandas(self) -> Any:
        """Return the columns as a pandas DataFrame; empty texts become missing values."""
        return native_frame(self.to_dict(), "pandas")

    def to_polars(self) -> Any:
        """Return the columns as a Polars DataFrame; empty texts become null."""
        return native_frame(self.to_dict(), "polars")

    def to_arrow(self) -> Any:
        """Return the columns as a PyArrow Table; empty texts become null."""
        return native_frame(self.to_dict(), "pyarrow")
