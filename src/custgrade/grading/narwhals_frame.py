"""Reading fields from, and adding columns to, data frames that narwhals supports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from custgrade.data.columns import float_column
from custgrade.data.ids import id_text
from custgrade.data.output_columns import CodedTexts, OutputColumns, check_names
from custgrade.errors import FieldError, Hint, SourceError

if TYPE_CHECKING:
    import narwhals as nw


class NarwhalsFrame:
    """A data frame of a library that narwhals supports.

    Raises SourceError for other objects, and for column names that aren't text.
    """

    def __init__(self, native: Any) -> None:
        import narwhals as nw

        from custgrade.ingest.sources.frame_source import column_names, is_pandas

        label = f"the {type(native).__name__}"
        self._pandas = is_pandas(native)
        if self._pandas:
            column_names(list(native.columns), label)
        try:
            frame = nw.from_native(native)
        except TypeError as error:
            hint = (
                "read files with read_customers or read_orders"
                if isinstance(native, (str, Path))
                else "convert it first"
            )
            raise SourceError(
                f"received a {type(native).__name__}; give a DuckDB relation or a frame that narwhals supports: {hint}"
            ) from error
        except nw.exceptions.NarwhalsError as error:
            raise SourceError(f"{label} can't be used: {error}") from error
        self._lazy = isinstance(frame, nw.LazyFrame)
        self._frame: nw.DataFrame[Any] = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        self.columns = list(self._frame.columns)
        odd = [name for name in self.columns if not isinstance(name, str)]
        if odd:
            raise SourceError(
                f"{label} has a column named {odd[0]!r}, which isn't text.",
                Hint.alike("Rename the columns: frame.columns = frame.columns.map(str)."),
            )

    def numbers(self, column: str) -> Any:
        """Return a column as float64, NaN where missing.

        Raises FieldError unless it holds numbers.
        """
        import narwhals as nw

        series = self._frame[column]
        kind = series.dtype
        if kind == nw.Decimal:
            # not every library casts decimals to the nearest double
            return np.array([np.nan if value is None else float(value) for value in series.to_list()])
        if kind == nw.Unknown and series.is_null().all():
            # Polars and Arrow have a type of columns without any value
            return np.full(len(series), np.nan)
        if kind.is_numeric() or kind == nw.Boolean:
            return series.cast(nw.Float64).to_numpy()
        native: Any = series.to_native()
        shown = str(native.dtype) if self._pandas else str(kind)
        if shown.startswith("Sparse"):
            native = native.sparse.to_dense()
        if kind == nw.Object and not self._pandas:
            return float_column(column, np.array(series.to_list(), dtype=object))
        if shown == "object" or (shown.startswith("Sparse") and native.dtype.kind in "fiub"):
            return float_column(column, native.to_numpy(dtype=object, na_value=None))
        raise FieldError(
            f"column {column!r} holds {shown}; a field's values are numbers.",
            Hint.alike("Convert the column to numbers, or map another one."),
        )

    def identities(self, column: str) -> tuple[int, list[Any]]:
        """Return the number of missing ids, and the first few ids that occur more than once.

        Python objects are compared as they are written, so that 1 and "1" are the same id.

        Raises FieldError for a text that UTF-8 can't hold.
        """
        import narwhals as nw

        ids = self._frame[column]
        missing = int(ids.is_null().sum())
        native: Any = ids.to_native()
        if ids.dtype != nw.Object and not (self._pandas and str(native.dtype) == "object"):
            return missing, ids.filter(ids.is_duplicated()).head(5).to_list()
        given = ids.filter(~ids.is_null()).to_list()
        texts = [id_text(value) if isinstance(value, str) else str(value) for value in given]
        if len(set(texts)) == len(texts):
            return missing, []
        counts = Counter(texts)
        return missing, [value for value, text in zip(given, texts, strict=True) if counts[text] > 1][:5]

    def with_columns(self, columns: OutputColumns) -> Any:
        """Return the frame with these columns added; raise FieldError for a name that it has already."""
        import narwhals as nw

        check_names(self.columns, columns, case_matters=True)
        series = []
        for name, column in columns.items():
            texts = isinstance(column, CodedTexts)
            values = [text or None for text in column.values().tolist()] if isinstance(column, CodedTexts) else column
            series.append(
                nw.new_series(name, values, nw.String if texts else nw.Float64, backend=self._frame.implementation)
            )
        result = self._frame.with_columns(*series)
        return result.lazy().to_native() if self._lazy else result.to_native()
