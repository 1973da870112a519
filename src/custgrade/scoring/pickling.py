"""Pickling scorers: functions are replaced by their graphs, which are plain data."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from custgrade.cuts.cut import Cut
from custgrade.data.field import ColumnFunction, Field
from custgrade.scoring.axis import Axis
from custgrade.scoring.learned import LearnedColumn, Percentile, Quantile
from custgrade.scoring.score_protocols import AdaptableScore, ContributingScore
from custgrade.scoring.tracing import GraphFunction, TracedScore, trace


@frozen
class FrozenColumn:
    """A learned column of an author's own class, with its score as a graph."""

    score: ColumnFunction
    cut: Cut
    points: tuple[float, ...]


def axis_with_graph(axis: Axis, traced: TracedScore) -> Axis:
    """Return an axis that can be pickled: its score is replaced by a graph.

    An `AdaptableScore`, a `ContributingScore` and a score with traceable=False are kept, and must be picklable.
    """
    if not axis.traceable or isinstance(axis.score, (AdaptableScore, ContributingScore)):
        return axis
    return evolve(axis, score=GraphFunction(traced))


def column_with_graph(column: LearnedColumn, traced: TracedScore) -> LearnedColumn:
    """Return a learned column that can be pickled: the score of an author's own class is replaced by a graph."""
    if isinstance(column, (Percentile, Quantile)):
        return column
    return FrozenColumn(GraphFunction(traced), column.cut, tuple(column.points))


def field_with_graph(one: Field, fields: Mapping[str, Field]) -> Field:
    """Return a field that can be pickled: a function that has no importable name is replaced by a graph.

    fields: all known fields by name, among them the field's parts.
    """
    if one.derive is None or _is_found_by_name(one.derive):
        return one
    return evolve(one, derive=GraphFunction(trace(one.derive, f"the derived field {one.name!r}", fields)))


def _is_found_by_name(function: Any) -> bool:
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if module in (None, "__main__") or name is None:
        return False
    return getattr(sys.modules.get(module), name, None) is function
