"""The ways up of a whole base on one axis: in each field alone, then in pairs for those who have none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve

from custgrade.data.converters import locked
from custgrade.model.grading_model import GradingModel
from custgrade.selection.chunks import over_chunks
from custgrade.selection.select import Codes
from custgrade.ways_up.chunk import Movable, Pairs, pairs_on, ways_on
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moving import FloatColumn, MovableAxis, Moving, needed_scores
from custgrade.ways_up.partial import Rows, taken


def ways_on_axis(
    model: GradingModel, axis: str, codes: Mapping[str, Codes], columns: Mapping[str, FloatColumn]
) -> tuple[dict[str, FloatColumn], Pairs]:
    """Return per field the values to reach, shape (n,), NaN where it isn't enough; and the pairs, in order.

    codes: what the customers have on every axis. columns: their fields.
    """
    size, fields, movable = len(codes[axis]), _movable(model, axis), MovableAxis(model, axis)
    to = {one.name: np.empty(size) for one in fields}

    def below(rows: slice) -> tuple[Moving, Rows]:
        some = {name: column[rows] for name, column in codes.items()}
        needed = needed_scores(model, axis, some)
        kept = np.flatnonzero(np.isfinite(needed))
        values = movable.score.values({name: taken(column[rows], kept) for name, column in columns.items()})
        some = {name: taken(column, kept) for name, column in some.items()}
        return Moving(movable, taken(needed, kept), some, values), kept

    def alone(rows: slice) -> tuple[Rows, FloatColumn]:
        moving, kept = below(rows)
        found, left, gains = ways_on(moving, fields)
        for name, column in to.items():
            column[rows] = np.nan
            if name in found:
                who, reached = found[name]
                column[rows][taken(kept, who)] = reached
        return kept[left] + rows.start, gains

    def together(rows: slice) -> Pairs:
        some = left[rows]
        own = {name: column[some] for name, column in codes.items()}
        values = movable.score.values({name: column[some] for name, column in columns.items()})
        pairs = pairs_on(Moving(movable, needed_scores(model, axis, own), own, values), fields, gains[:, rows])
        return evolve(pairs, rows=some[pairs.rows])

    parts = over_chunks(alone, size, model.scorer.portable)
    if len(fields) < 2 or not parts:
        pairs = Pairs()
    else:
        left, gains = np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts], axis=1)
        pairs = Pairs.joined(over_chunks(together, len(left), model.scorer.portable))
    order = np.argsort(pairs.rows, kind="stable")
    pairs = Pairs(*(locked(column[order]) for column in (pairs.rows, pairs.places, pairs.to)))
    return {name: locked(column) for name, column in to.items()}, pairs


def _movable(model: GradingModel, axis: str) -> list[Movable]:
    """The fields that can be moved on an axis."""
    rises, falls = model.scorer.monotone_inputs(axis)
    fields = {name: model.machine.field(name) for name in model.scorer.inputs if name in rises | falls}
    return [Movable(name, Grid.of(one, name in rises)) for name, one in fields.items() if one.actionable]
