"""Grading data frames: the result is a frame of the same kind with the grade columns added."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeVar, overload

import numpy as np

from custgrade.argument_checks import check_columns, check_text
from custgrade.data.base import CustomerBase
from custgrade.data.standard import known_fields
from custgrade.errors import CustgradeWarning, FieldError
from custgrade.grading.narwhals_frame import NarwhalsFrame
from custgrade.grading.relation import Relation
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.model.stream import GradedStream
from custgrade.registry.registry import scorer_or_model
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.text import counted, did_you_mean, listed, shown

Frame = TypeVar("Frame")

_IDENTITY = "customer_id"


@overload
def grade(
    frame: Frame,
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    *,
    columns: Mapping[str, str] | None = None,
    prefix: str = "",
    return_model: Literal[False] = False,
    **parameters: Any,
) -> Frame: ...


@overload
def grade(
    frame: Frame,
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    *,
    columns: Mapping[str, str] | None = None,
    prefix: str = "",
    return_model: Literal[True],
    **parameters: Any,
) -> tuple[Frame, GradingModel]: ...


def grade(
    frame: Any,
    scorer: str | Callable[..., Scorer] | Scorer | GradingModel,
    *,
    columns: Mapping[str, str] | None = None,
    prefix: str = "",
    return_model: bool = False,
    **parameters: Any,
) -> Any:
    """Return `frame` with the grade columns added; see `Graded.columns` for their names.

    frame: one row per customer: a frame of pandas, Polars (also lazy), PyArrow or another library that narwhals
    supports, or a DuckDB relation. The result is of the same kind, with the same rows and columns in the same order; a
    relation stays on its connection.
    scorer: a plug-in's name with its `parameters`, a function that makes a scorer, a `Scorer`, or a `GradingModel`;
    all but a model are fitted on this frame.
    columns: column names by field, where a column isn't named like its field. Values of `customer_id`, if the frame has
    it, must be unique.
    prefix: a text before the names of the new columns.
    return_model: whether to return a pair of the frame and the model that graded it.

    Values outside a field's bounds are accepted; only `read_customers` checks bounds. Each notice of the fit is issued
    as a `CustgradeWarning`: parts that are left out because the frame lacks a field, and ties that miss a share by more
    than one customer. A scheme's parameter named like an argument above can't be given here; give a ready `Scorer`.

    Raises SourceError, FieldError, and the errors of fitting.
    """
    check_columns(columns)
    check_text(prefix, "prefix")
    if not isinstance(return_model, bool):
        raise FieldError(f"return_model must be True or False; received {shown(return_model)}")
    chosen = scorer_or_model(scorer, parameters)
    wanted = chosen.scorer if isinstance(chosen, GradingModel) else chosen
    relation = type(frame).__module__.lstrip("_").startswith("duckdb")
    table: _Table = Relation(frame) if relation else NarwhalsFrame(frame)
    stream = GradedStream.of(chosen, _base(table, wanted, columns or {}))
    for notice in () if isinstance(scorer, GradingModel) else stream.model.notices:
        warnings.warn(notice.removeprefix("warning: "), CustgradeWarning, stacklevel=2)
    everyone = stream.part(slice(0, len(stream.base)))
    graded = table.with_columns(everyone.output_columns(prefix))
    return (graded, stream.model) if return_model else graded


class _Table(Protocol):
    """The methods of a frame that grading uses."""

    columns: list[str]

    def numbers(self, column: str) -> Any:
        """Return a column as float64, NaN where missing; raise FieldError unless it holds numbers."""
        ...

    def identities(self, column: str) -> tuple[int, list[Any]]:
        """Return the number of missing ids, and the first few ids that occur more than once."""
        ...

    def with_columns(self, columns: Any) -> Any:
        """Return the same kind of frame with these columns added; raise FieldError for a name that it has already."""
        ...


def _base(table: _Table, wanted: TracedScorer, columns: Mapping[str, str]) -> CustomerBase:
    fields = known_fields(wanted.fields)
    needed = (*wanted.inputs, *wanted.cut_inputs, *wanted.detail_inputs)
    known = {_IDENTITY, *fields, *needed}
    for field, column in columns.items():
        if field in fields and fields[field].derived:
            raise FieldError(f"{field!r} is always computed; map {' and '.join(fields[field].parts)} instead")
        if field not in known:
            raise FieldError(
                f"there is no field {field!r}.{did_you_mean(field, known)} There are: {listed(sorted(known), 40)}."
            )
        if column not in table.columns:
            raise FieldError(
                f"the frame has no column {column!r} for {field!r}.{did_you_mean(str(column), table.columns)} "
                f"It has: {listed(table.columns)}."
            )
    identity = columns.get(_IDENTITY, _IDENTITY)
    if identity in table.columns:
        missing, twice = table.identities(identity)
        if missing:
            raise FieldError(
                f"{counted(missing, 'rows')} of the frame have no value in {identity!r}; drop them or fill in ids"
            )
        if twice:
            ids = listed(map(repr, dict.fromkeys(twice)), 5)
            raise FieldError(f"column {identity!r} has ids more than once: {ids}; give one row per customer")
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
