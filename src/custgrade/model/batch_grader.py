"""Scores and codes of batches of customers, from frozen boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.placing import Placing
from custgrade.data.column_view import ColumnView
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.errors import ScorerError
from custgrade.scoring.learned import Quantile
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.scoring.tracing import TracedScore
from custgrade.selection.select import Codes

Batch = Mapping[str, npt.NDArray[np.float64]]


class BatchGrader:
    """A grader of batches of customers, row by row.

    learned, boundaries: as in `FittedScorer`; a fit in progress may still add entries to both.
    """

    def __init__(
        self,
        scorer: TracedScorer,
        learned: Mapping[str, Boundaries | None],
        boundaries: Mapping[str, tuple[Boundaries | None, ...]],
    ) -> None:
        self.scorer, self._learned, self._boundaries = scorer, learned, boundaries
        self._fields = known_fields(scorer.fields)
        self._placings: dict[str, Placing] = {}
        self._axes = {axis.name: axis for axis in scorer.axes}

    def columns(self, batch: Batch, learned: Batch = MappingProxyType({})) -> Mapping[str, Any]:
        """Return the batch with its learned columns; derived columns are computed on demand.

        learned: learned columns that are already computed.
        """
        columns: dict[str, Any] = dict(batch)
        for name in self._learned:
            columns[name] = learned[name] if name in learned else self.learned_column(name, batch)
            columns[name].flags.writeable = False
        return ColumnView(columns, self._fields)

    def learned_column(self, name: str, batch: Batch) -> npt.NDArray[np.float64]:
        """Return a learned column of a batch that has the fields it ranks, float64 of shape (n,), NaN where unknown."""
        learned, boundaries = self.scorer.learned[name], self._learned[name]
        if isinstance(learned, Quantile):
            return np.full(len(next(iter(batch.values()))), learned.value(boundaries))
        ranked = self.learned_score(name, batch)
        unknown = np.isnan(ranked) | (boundaries is None)
        if name not in self._placings:
            self._placings[name] = Placing([boundaries])
        return np.where(unknown, np.nan, np.array(learned.points)[self._placings[name].number_below(ranked)])

    def least_ranked(self, name: str, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the least ranked value for which a learned column gives each number of points; NaN if none does."""
        boundaries, stand_for = self._learned[name], np.array(self.scorer.learned[name].points)
        if boundaries is None or isinstance(self.scorer.learned[name], Quantile):
            return np.full(len(points), np.nan)
        floors = np.array([boundary.floor for boundary in boundaries] + [-np.inf, np.nan])
        # points fall from the best class on, so this is the last class that gives as many
        classes = len(stand_for) - np.searchsorted(stand_for[::-1], points, "left") - 1
        return floors[np.where(np.isnan(points), -1, classes)]

    def field(self, name: str) -> Field:
        """Return the definition of a field; a field without a definition has no bounds."""
        return self._fields.get(name, Field(name, ""))

    def learned_score(self, name: str, batch: Batch) -> npt.NDArray[np.float64]:
        """Return the values that a learned column ranks, NaN where they are unknown or not finite."""
        return finite_or_nan(self.scorer.learned_scores[name](batch))

    def raw_score(self, axis: str, columns: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        """Return the score as the scorer's function gives it; raise ScorerError if its shape or dtype is wrong."""
        length = len(next(iter(columns.values())))
        return _checked(self.scorer.scores[axis], axis, columns, length)

    def detail(self, name: str, columns: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        """Return one of the scorer's details, NaN where it is unknown or not finite."""
        return finite_or_nan(self.scorer.detail_scores[name](columns))

    def ranked(self, axis: str, columns: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        """Return the score, infinities included, with NaN for customers without enough evidence."""
        score = self.raw_score(axis, columns)
        for condition in self.scorer.conditions:
            score = np.where(condition(columns), score, np.nan)
        return score

    def score(self, axis: str, columns: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        """Return the score, NaN for customers without enough evidence and where it isn't finite."""
        return finite_or_nan(self.ranked(axis, columns))

    def codes(self, axis: str, columns: Mapping[str, Any]) -> Codes:
        """Return the codes of one axis, uint8 of shape (n,): 0 = best, 255 = ungraded."""
        parent = self._axes[axis].within
        group = None if parent is None else self.codes(parent, columns)
        return self._placed(axis, self.ranked(axis, columns), group)

    def graded(self, columns: Mapping[str, Any]) -> tuple[dict[str, Codes], dict[str, npt.NDArray[np.float64]]]:
        """Return the codes of all axes and their scores as `ranked` gives them, each score computed once."""
        codes: dict[str, Codes] = {}
        scores: dict[str, npt.NDArray[np.float64]] = {}
        for axis in self.scorer.axes:
            scores[axis.name] = self.ranked(axis.name, columns)
            # a parent comes before the axes within it
            group = None if axis.within is None else codes[axis.within]
            codes[axis.name] = self._placed(axis.name, scores[axis.name], group)
        return codes, scores

    def _placed(self, axis: str, score: npt.NDArray[np.float64], group: Codes | None) -> Codes:
        """Return the codes of scores; on a nested axis, within the parent's classes."""
        if axis not in self._placings:
            self._placings[axis] = Placing(self._boundaries[axis])
        return self._placings[axis](score, group)


def finite_or_nan(score: Any) -> npt.NDArray[np.float64]:
    """Return scores as they are shown: NaN in place of infinities, 0.0 in place of −0.0."""
    score = np.asarray(score, dtype=np.float64)
    # adding 0.0 turns −0.0 into 0.0
    return np.where(np.isfinite(score), score + 0.0, np.nan)


def _checked(score: TracedScore, axis: str, columns: Mapping[str, Any], length: int) -> npt.NDArray[np.float64]:
    result = np.asarray(score(columns))
    if result.shape != (length,) or result.dtype.kind not in "fiub":
        raise ScorerError(
            f"the score of axis {axis!r} must give one number per customer: expected shape ({length},) of floats, "
            f"received {result.shape} of {result.dtype}"
        )
    return result.astype(np.float64, copy=False)
