"""Grading any data frame: the same kind comes out, with the grade columns added."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeVar, overload

import numpy as np

from custgrade.data.base import CustomerBase
from custgrade.data.standard import known_fields
from custgrade.errors import CustgradeWarning, FieldError
from custgrade.grading.narwhals_frame import NarwhalsFrame
from custgrade.grading.relation import Relation
from custgrade.model.grading_model import GradingModel
from custgrade.model.scorer import Scorer
from custgrade.model.stream import GradedStream
from custgrade.registry.registry import scorer as make_scorer
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.text import counted, did_you_mean, listed

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

    frame: one row per customer; pandas, Polars (also lazy), PyArrow, a DuckDB relation, or anything else that narwhals
    knows. The same kind comes out, rows in the same order; nothing else in it changes. A relation stays on its
    connection.
    scorer: a plug-in's name with its `parameters`, a function that makes a scorer, a `Scorer`, or a `GradingModel`;
    all but a model are fitted on this frame.
    columns: column names by field, where they differ; a `customer_id`, if there is one, must be unique.
    prefix: put before the names of the new columns.
    return_model: whether to return a pair, the frame and the model that graded it.

    Values are taken as they are: bounds are checked by `read_customers` only. A `CustgradeWarning` is given for each
    notice of the fit: what was left out because the frame lacks a field, and ties that miss a share by more than one
    customer. Parameters named like the arguments above need a ready `Scorer`.

    Raises SourceError, FieldError, and what fitting raises.
    """
    if isinstance(scorer, GradingModel):
        if parameters:
            raise FieldError(f"a fitted model takes no parameters; received {listed(parameters)}")
        chosen: Scorer | GradingModel = scorer
        wanted = scorer.scorer
    else:
        chosen = wanted = make_scorer(scorer, **parameters)
    relation = type(frame).__module__.lstrip("_").startswith("duckdb")
    table: _Table = Relation(frame) if relation else NarwhalsFrame(frame)
    stream = GradedStream.of(chosen, _base(table, wanted, columns or {}))
    for notice in () if isinstance(scorer, GradingModel) else stream.model.notices:
        warnings.warn(notice.removeprefix("warning: "), CustgradeWarning, stacklevel=2)
    everyone = stream.part(slice(0, len(stream.base)))
    graded = table.with_columns(everyone.output_columns(prefix))
    return (graded, stream.model) if return_model else graded


class _Table(Protocol):
    """What grading needs of a frame."""

    columns: list[str]

    def numbers(self, column: str) -> Any:
        """A column as float64, NaN where missing; FieldError unless it holds numbers."""
        ...

    def identities(self, column: str) -> tuple[int, list[Any]]:
        """How many ids are missing, and the first few that occur more than once."""
        ...

    def with_columns(self, columns: Any) -> Any:
        """The same kind of frame with these columns added; FieldError where a name is taken."""
        ...


def _base(table: _Table, wanted: TracedScorer, columns: Mapping[str, str]) -> CustomerBase:
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
