"""Grading any data frame: the same kind comes out, with the grade columns added."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from custgrade.data.base import CustomerBase
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, SourceError, counted, did_you_mean, listed
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.native_frame import frame_values
from custgrade.registry.registry import scorer as make_scorer
from custgrade.scoring.scorer import Scorer

if TYPE_CHECKING:
    import narwhals as nw

    from custgrade.ingest.source import Source

_IDENTITY = "customer_id"


def grade(
    frame: Any,
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    *,
    columns: Mapping[str, str] | None = None,
    prefix: str = "",
    **parameters: Any,
) -> Any:
    """Return `frame` with the columns `grade`, `<axis>_grade`, `<axis>_score`, `status` and `reason` added.

    What the scorer states beside the grades stands before `status`.

    frame: one row per customer; pandas, Polars (also lazy), PyArrow, a DuckDB relation, or anything else that narwhals
    knows. The same kind comes out, rows in the same order; nothing else in it is touched.
    scorer: a plug-in's name with its `parameters`, a function that makes a scorer, a `Scorer`, or a `GradingModel`;
    all but a model are fitted on this frame.
    columns: column names by field, where they differ; a `customer_id`, if there is one, must be unique.
    prefix: put before the names of the new columns.

    Values are taken as they are: bounds are checked by `read_customers` only. Warns when criteria of a scorecard are
    left out because the frame lacks their field. Parameters named like the arguments above need a ready `Scorer`.

    Raises SourceError, FieldError, and what fitting raises.
    """
    if isinstance(scorer, GradingModel):
        if parameters:
            raise FieldError(f"a fitted model takes no parameters; received {listed(parameters)}")
        wanted = scorer.scorer
    else:
        wanted = make_scorer(scorer, **parameters)
    relation = type(frame).__module__.lstrip("_").startswith("duckdb")
    table: _Table = _Relation(frame) if relation else _Frame(frame)
    base = _base(table, wanted, columns or {})
    if isinstance(scorer, GradingModel):
        model, graded = scorer, scorer.grade(base)
    else:
        model, graded = wanted.fit_grade(base)
    if model.dropped:
        warnings.warn(f"left out, because the frame has no such field: {listed(model.dropped)}", stacklevel=2)
    return table.with_grades(graded, prefix)


class _Table(Protocol):
    """What grading needs of a frame."""

    columns: list[str]

    def numbers(self, column: str) -> Any:
        """A column as float64, NaN where missing; FieldError unless it holds numbers."""
        ...

    def identities(self, column: str) -> tuple[int, list[Any]]:
        """How many ids are missing, and the first few that occur more than once."""
        ...

    def with_grades(self, graded: Graded, prefix: str) -> Any:
        """The same kind of frame with the grade columns."""
        ...


def _base(table: _Table, wanted: Scorer, columns: Mapping[str, str]) -> CustomerBase:
    fields = known_fields(wanted.fields)
    needed = (*wanted.inputs, *wanted.cut_inputs, *wanted.detail_inputs)
    known = {_IDENTITY, *fields, *needed}
    for field, column in columns.items():
        if field in fields and fields[field].derived:
            raise FieldError(f"{field!r} is always recomputed; map {' and '.join(fields[field].parts)} instead")
        if field not in known:
            raise FieldError(f"there is no field {field!r}.{did_you_mean(field, known)}")
        if column not in table.columns:
            raise FieldError(
                f"the frame has no column {column!r} for {field!r}.{did_you_mean(str(column), table.columns)} "
                f"It has: {listed(table.columns)}."
            )
    identity = columns.get(_IDENTITY, _IDENTITY)
    if identity in table.columns:
        missing, twice = table.identities(identity)
        if missing:
            raise FieldError(f"{counted(missing, 'rows')} without {identity!r}; drop or fill them")
        if twice:
            raise FieldError(f"{identity!r} has customers more than once: {listed(map(repr, twice), 5)}")
    sources = {name: columns.get(name, name) for name in dict.fromkeys(needed)}
    numbers = {name: table.numbers(column) for name, column in sources.items() if column in table.columns}
    used = {identity, *(sources[name] for name in numbers)}
    size = len(next(iter(numbers.values()))) if numbers else 0
    return CustomerBase(
        ids=lambda: np.arange(size),
        columns=numbers,
        unmapped=[name for name in table.columns if name not in used],
        extra_fields=wanted.fields,
        unique_ids=True,
    )


class _Frame:
    """A frame that narwhals knows."""

    def __init__(self, native: Any) -> None:
        import narwhals as nw

        try:
            frame = nw.from_native(native)
        except TypeError as error:
            hint = "; read files with read_customers or read_orders" if isinstance(native, (str, Path)) else ""
            raise SourceError(f"{type(native).__name__} is no data frame that narwhals knows{hint}") from error
        except nw.exceptions.NarwhalsError as error:
            raise SourceError(f"the {type(native).__name__} can't be used: {error}") from error
        self._lazy = isinstance(frame, nw.LazyFrame)
        self._frame: nw.DataFrame[Any] = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        self.columns = list(self._frame.columns)
        odd = [name for name in self.columns if not isinstance(name, str)]
        if odd:
            raise SourceError(f"the names of columns are texts; the frame has {odd[0]!r}")

    def numbers(self, column: str) -> Any:
        import narwhals as nw

        series = self._frame[column]
        kind = series.dtype
        if kind == nw.Decimal:
            # not every library casts decimals to the nearest double
            return np.array([np.nan if value is None else float(value) for value in series.to_list()])
        if not (kind.is_numeric() or kind == nw.Boolean):
            raise FieldError(f"column {column!r} holds {kind}; a field's values are numbers")
        return series.cast(nw.Float64).to_numpy()

    def identities(self, column: str) -> tuple[int, list[Any]]:
        ids = self._frame[column]
        return int(ids.is_null().sum()), ids.filter(ids.is_duplicated()).head(5).to_list()

    def with_grades(self, graded: Graded, prefix: str) -> Any:
        import narwhals as nw

        added = graded.columns(prefix)
        clash = [name for name in added if name in self.columns]
        if clash:
            raise FieldError(f"the frame already has columns {listed(clash)}; give a prefix, for example prefix='new_'")
        series = []
        for name, column in added.items():
            kind = nw.String if column.dtype.kind == "T" else nw.Float64
            series.append(nw.new_series(name, frame_values(column), kind, backend=self._frame.implementation))
        result = self._frame.with_columns(*series)
        return result.lazy().to_native() if self._lazy else result.to_native()


class _Relation:
    """A DuckDB relation; the graded one is on a connection of its own."""

    def __init__(self, native: Any) -> None:
        from custgrade.ingest.opening import open_source

        self._source: Source = open_source(native)
        self.columns = list(self._source.columns)

    def numbers(self, column: str) -> Any:
        from custgrade.ingest.loaded import float_columns
        from custgrade.ingest.values import number

        found = self._source.columns[column]
        if found.type == "VARCHAR":
            raise FieldError(f"column {column!r} holds {found.type}; a field's values are numbers")
        try:
            number(found)
        except SourceError as error:
            raise FieldError(f"column {column!r} holds {found.type}; a field's values are numbers") from error
        return float_columns(self._source.connection, self._source.table, {column: found.sql})[column]

    def identities(self, column: str) -> tuple[int, list[Any]]:
        sql, table = self._source.columns[column].sql, self._source.table
        run = self._source.connection.execute
        missing = run(f"SELECT count(*) - count({sql}) FROM {table}").fetchall()[0][0]
        twice = run(f"SELECT {sql} FROM {table} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 5").fetchall()
        return int(missing), [row[0] for row in twice]

    def with_grades(self, graded: Graded, prefix: str) -> Any:
        from custgrade.export.write import graded_query
        from custgrade.ingest.loaded import Loaded

        source = self._source
        own = {name: column.sql for name, column in source.columns.items()}
        loaded = Loaded(graded.base, source.connection, source.table, own, frozenset(graded.base.columns))
        return source.connection.sql(graded_query(loaded, graded, prefix))
