"""Grading any data frame: the same kind comes out, with the grade columns added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from custgrade.data.base import CustomerBase, missing_fields
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, SourceError, listed
from custgrade.model.fitting import mapping_hint
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.registry.registry import scorer as make_scorer
from custgrade.scoring.scorer import Scorer


def grade(
    frame: Any,
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    *,
    columns: Mapping[str, str] | None = None,
    prefix: str = "",
    **parameters: Any,
) -> Any:
    """Return `frame` with the columns `grade`, `<axis>_grade`, `<axis>_score`, `status` and `reason` added.

    frame: one row per customer; pandas, Polars (also lazy), PyArrow, a DuckDB relation, or anything else that narwhals
    knows. The same kind comes out, rows in the same order; nothing else in it is touched.
    scorer: a plug-in's name with its `parameters`, a function that makes a scorer, a `Scorer`, or a `GradingModel`;
    all but a model are fitted on this frame.
    columns: column names by field, where they differ; a `customer_id`, if there is one, must be unique.
    prefix: put before the names of the new columns.

    Raises SourceError, FieldError, and what fitting raises.
    """
    if isinstance(scorer, GradingModel):
        if parameters:
            raise FieldError(f"a fitted model takes no parameters; received {listed(parameters)}")
        wanted = scorer.scorer
    else:
        wanted = make_scorer(scorer, **parameters)
    if type(frame).__module__.lstrip("_").startswith("duckdb"):
        return _grade_relation(frame, scorer, wanted, columns, prefix)
    import narwhals as nw

    try:
        native = nw.from_native(frame)
    except TypeError as error:
        raise SourceError(f"{type(frame).__name__} is no data frame that narwhals knows") from error
    lazy = isinstance(native, nw.LazyFrame)
    eager: nw.DataFrame[Any] = native.collect() if isinstance(native, nw.LazyFrame) else native
    graded = _graded(_base(eager, wanted, columns or {}), scorer, wanted)
    added = graded.columns(prefix)
    clash = [name for name in added if name in eager.columns]
    if clash:
        raise FieldError(f"the frame already has columns {listed(clash)}; give a prefix, for example prefix='new_'")
    backend = eager.implementation
    series = []
    for name, column in added.items():
        if column.dtype.kind == "T":
            texts = [text or None for text in column.tolist()]
            series.append(nw.new_series(name, texts, nw.String, backend=backend))
        else:
            series.append(nw.new_series(name, column, nw.Float64, backend=backend))
    result = eager.with_columns(*series)
    return result.lazy().to_native() if lazy else result.to_native()


def _graded(base: CustomerBase, scorer: Any, wanted: Scorer) -> Graded:
    model = scorer if isinstance(scorer, GradingModel) else wanted.fit(base)
    return model.grade(base)


def _base(frame: Any, wanted: Scorer, columns: Mapping[str, str]) -> CustomerBase:
    fields = known_fields(wanted.fields)
    for field, column in columns.items():
        if column not in frame.columns:
            raise missing_fields([column], frame.columns, f" ({field!r} was mapped to it.)")
        if field in fields and fields[field].derived:
            raise FieldError(f"{field!r} is always recomputed; map {' and '.join(fields[field].parts)} instead")
    identity = columns.get("customer_id", "customer_id")
    if identity in frame.columns:
        ids = frame[identity]
        if ids.is_null().any():
            raise FieldError(f"{int(ids.is_null().sum()):,} rows have no {identity!r}; drop or fill them")
        if ids.n_unique() != len(ids):
            twice = ids.filter(ids.is_duplicated()).head(5).to_list()
            raise FieldError(f"{identity!r} has customers more than once: {listed(map(repr, twice), 5)}")
    numbers = {}
    for name in dict.fromkeys([*wanted.inputs, *columns]):
        column = columns.get(name, name)
        if column in frame.columns and name != "customer_id":
            numbers[name] = _numbers(frame[column], column)
    size = len(frame)
    used = {columns.get(name, name) for name in numbers} | {identity}
    if not numbers:
        empty = CustomerBase(lambda: np.arange(0), {"none": []}, unmapped=[c for c in frame.columns if c not in used])
        raise missing_fields(wanted.inputs, frame.columns, mapping_hint(wanted.inputs, empty))
    return CustomerBase(
        ids=lambda: np.arange(size),
        columns=numbers,
        unmapped=[name for name in frame.columns if name not in used],
        extra_fields=wanted.fields,
        unique_ids=True,
    )


def _numbers(series: Any, column: str) -> Any:
    import narwhals as nw

    kind = series.dtype
    if not (kind.is_numeric() or kind == nw.Boolean):
        raise FieldError(f"column {column!r} holds {kind}; a field's values are numbers")
    return series.cast(nw.Float64).to_numpy()


def _grade_relation(relation: Any, scorer: Any, wanted: Scorer, columns: Any, prefix: str) -> Any:
    """Grade a DuckDB relation; the result is a relation on a connection of its own."""
    from custgrade.export.write import grade_arrays, output_columns
    from custgrade.ingest.engine import identifier
    from custgrade.ingest.loaded import Loaded, float_columns
    from custgrade.ingest.opening import open_source
    from custgrade.ingest.values import number

    source = open_source(relation)
    inputs = {}
    for name in wanted.inputs:
        column = (columns or {}).get(name, name)
        if column in source.columns:
            inputs[name] = number(source.columns[column])
    base = CustomerBase(
        ids=lambda: np.arange(0),
        columns=float_columns(source.connection, source.table, inputs),
        unmapped=[name for name in source.columns if name not in {(columns or {}).get(n, n) for n in inputs}],
        extra_fields=wanted.fields,
        unique_ids=True,
    )
    graded = _graded(base, scorer, wanted)
    own = {name: f"{source.table}.{column.sql}" for name, column in source.columns.items()}
    loaded = Loaded(base, source.connection, source.table, own, frozenset(base.columns))
    source.connection.register("grades", dict(grade_arrays(loaded, graded)))
    selected = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in output_columns(loaded, graded, prefix).items())
    return source.connection.sql(f"SELECT {selected} FROM {source.table} POSITIONAL JOIN grades")
