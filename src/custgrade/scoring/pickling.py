"""What pickled scorers are made of: graphs in the place of functions, so that no code is looked up when one is read."""

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
    """A learned column of an author's own kind, with its score as a graph."""

    score: ColumnFunction
    cut: Cut
    points: tuple[float, ...]


def axis_with_graph(axis: Axis, traced: TracedScore) -> Axis:
    """Return an axis whose score can be pickled.

    A score that says itself what it is made of, or that can do without fields, is kept as it is; so is one with
    traceable=False, whose function must then be one that can be pickled.
    """
    if not axis.traceable or isinstance(axis.score, (AdaptableScore, ContributingScore)):
        return axis
    return evolve(axis, score=GraphFunction(traced))


def column_with_graph(column: LearnedColumn, traced: TracedScore) -> LearnedColumn:
    """Return a learned column that can be pickled."""
    if isinstance(column, (Percentile, Quantile)):
        return column
    return FrozenColumn(GraphFunction(traced), column.cut, tuple(column.points))


def field_with_graph(one: Field, fields: Mapping[str, Field]) -> Field:
    """Return a field that can be pickled. fields: all that its parts may be among.

    A derived field keeps a function that is found by its name wherever the pickle is read.
    """
    if one.derive is None or _is_found_by_name(one.derive):
        return one
    return evolve(one, derive=GraphFunction(trace(one.derive, f"the derived field {one.name!r}", fields)))


def _is_found_by_name(function: Any) -> bool:
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if module in (None, "__main__") or name is None:
        return False
    return getattr(sys.modules.get(module), name, None) is function
