"""The nearest value that reaches a score, for a field that an axis is declared to rise or fall with."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from custgrade.graph.partial import Rows, Values, taken
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.inverse import TooManyError, Wanted, candidates, ways_to
from custgrade.ways_up.moved_graph import filled
from custgrade.ways_up.moving import FloatColumn, Moving, Score, Truths
from custgrade.ways_up.step_search import first_reached

_MOST = 12
"""The largest number of candidates to try; beyond that a search is faster."""


def declared_way(moving: Moving, field: str, grid: Grid) -> tuple[Rows, FloatColumn, FloatColumn]:
    """Return the customers who reach their score by moving a field, the nearest steps that do, and the scores there.

    moving: customers whose goal is a `Score`. grid: the field's grid in the better direction.
    """
    behind = grid.behind(moving.values[field])
    rows = np.flatnonzero(grid.has_room(behind))
    if not len(rows):
        return rows, np.empty(0), np.empty(0)
    here = moving.at(rows)
    enough = np.flatnonzero(here.moved(field, grid.furthest).reaches)
    rows, here = taken(rows, enough), here.at(enough)
    return rows, *least_steps(here, field, grid, taken(behind, rows))


def least_steps(moving: Moving, field: str, grid: Grid, behind: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
    """Return the first steps that reach the score, for customers whose last step does, and the scores there.

    behind: the customers' present steps.
    """
    found, scores = np.full(len(moving), grid.last), np.full(len(moving), math.nan)

    assert isinstance(moving.goal, Score)
    needed = moving.goal.needed

    def scored(some: Rows, steps: FloatColumn) -> FloatColumn:
        return filled(moving.at(some).moved(field, grid.value(steps)).score, len(some))

    def reached(some: Rows, steps: FloatColumn) -> Truths:
        return moving.at(some).moved(field, grid.value(steps)).reaches

    for values in _leading_to_score(moving, field):
        # fmin takes the number beside a NaN
        steps = np.maximum(np.fmin(grid.reaching(values), grid.last), behind + 1.0)
        score = filled(moving.moved(field, grid.value(steps)).score, len(moving))
        good = score >= needed
        off = np.flatnonzero(~good & (steps < grid.last))
        if len(off):
            # rounding may have given the step before
            steps[off] += 1.0
            score = score.copy()
            score[off] = scored(off, steps[off])
            good[off] = score[off] >= needed[off]
        nearer = good & (steps < found)
        found, scores = np.where(nearer, steps, found), np.where(nearer, score, scores)
    earlier = found - 1.0
    before = np.flatnonzero(earlier > behind)
    early = before[reached(before, taken(earlier, before))] if len(before) else before
    if len(early):
        found[early], scores[early] = first_reached(reached, early, behind[early], found[early] - 1.0), math.nan
    unknown = np.flatnonzero(np.isnan(scores))
    if len(unknown):
        scores[unknown] = scored(unknown, found[unknown])
    return found, scores


def _leading_to_score(moving: Moving, field: str) -> list[FloatColumn]:
    """Return values of a field that may give the needed scores; an empty list if there are too many."""
    graph, goal = moving.graph, moving.goal
    assert isinstance(goal, Score)
    root = graph.roots[goal.axis]
    if root is None:
        return []
    kept: list[FloatColumn] = []
    try:
        with np.errstate(all="ignore"):
            for name, wanted in candidates(
                root, graph.dependents[field].ways, moving.values, Wanted(goal.needed, goal.sides)
            ):
                for found in [wanted] if name == field else _through_learned(moving, name, field, wanted):
                    column = np.broadcast_to(np.asarray(found, dtype=np.float64), len(moving))
                    if np.isfinite(column).any() and not any(
                        np.array_equal(column, one, equal_nan=True) for one in kept
                    ):
                        kept.append(column)
                    if len(kept) > _MOST:
                        return []
    except TooManyError:
        return []
    return kept


def _through_learned(moving: Moving, name: str, field: str, wanted: Any) -> list[Any]:
    """Return values of a field that may give the wanted values of a learned column."""
    ranked, batch_grader = moving.graph.scorer.learned_scores[name], moving.graph.batch_grader
    assert ranked.root is not None
    values = Values.of([ranked.root], {one: moving.values[one] for one in ranked.inputs})
    least = batch_grader.least_ranked(name, np.atleast_1d(np.asarray(wanted, dtype=np.float64)))
    return [found for _, found in candidates(ranked.root, ways_to(ranked.root, {field}), values, Wanted(least))]
