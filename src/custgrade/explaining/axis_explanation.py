"""Why customers have their class on one axis, by a fitted model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked, read_only
from custgrade.data.scale import UNGRADED
from custgrade.explaining.contributions import total_of
from custgrade.explaining.decomposition import Columns, FloatColumn, Kind, decompose
from custgrade.explaining.ranking import Limits, Ranking, limits
from custgrade.explaining.terms import CONSTANT
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.reasons import Reasons
from custgrade.selection.chunks import over_chunks

NOTHING = UNGRADED
"""The reason code that stands for no further reason."""

Places = npt.NDArray[np.uint8]
Truths = npt.NDArray[np.bool_]


@frozen(slots=False, eq=False, repr=False)
class AxisExplanation:
    """Why customers have their class on one axis, one entry per customer.

    kind: `contributions` that add up to the score, or `effects`. The effect of a field is the score less the score with
    that field's value replaced by the reference's.
    against: what reasons are measured against, `full marks` or `the reference`.
    parts: contributions or effects by field, float64 of shape (n,), NaN where the field or the score is unknown.
    best, worst: reason codes, uint8 of shape (n, fields), positions in `fields`, 255 for no further reason. Against
    full marks, `best` has the fields with at least half of their full marks, the largest contribution first; `worst`
    has the fields below their full marks, the largest shortfall first. Against the reference, they have the fields that
    are better and worse than it, the largest difference first.
    unknown: by field that the score reads, whether it is unknown, bool of shape (n,).
    """

    graded: Graded = field(repr=False)
    axis: str
    kind: Kind
    against: str
    parts: Mapping[str, FloatColumn] = field(converter=read_only)
    best: Places
    worst: Places
    unknown: Mapping[str, Truths] = field(converter=read_only)
    _above: Limits
    _below: Limits
    _ranking: Ranking

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have parts; `best` and `worst` hold positions in them."""
        return tuple(name for name in self.parts if name != CONSTANT)

    @property
    def score(self) -> FloatColumn:
        """The scores, float64 of shape (n,), NaN where unknown."""
        return self.graded.scores[self.axis]

    @cached_property
    def remainder(self) -> FloatColumn:
        """The score less all contributions, float64 of shape (n,); NaN for effects, and where there is no score."""
        effects = self.kind == "effects"
        total = np.full(len(self.score), np.nan) if effects else total_of(self.parts, len(self.score))
        remainder: FloatColumn = locked(self.score - total)
        return remainder

    @property
    def above(self) -> FloatColumn:
        """The boundary to the next better class, float64 of shape (n,); NaN in the best class and where ungraded."""
        return self._above.value

    @property
    def above_inclusive(self) -> Truths:
        """Whether a score equal to the boundary above is in the better class."""
        return self._above.inclusive

    @property
    def below(self) -> FloatColumn:
        """The boundary to the next worse class, float64 of shape (n,); NaN in the worst class and where ungraded."""
        return self._below.value

    @property
    def below_inclusive(self) -> Truths:
        """Whether a score equal to the boundary below is in the better class, which is the customer's own."""
        return self._below.inclusive

    @cached_property
    def to_above(self) -> FloatColumn:
        """The boundary above less the score, 0 or more."""
        with np.errstate(over="ignore"):
            distance: FloatColumn = locked(self.above - self.score)
        return distance

    @cached_property
    def to_below(self) -> FloatColumn:
        """The score less the boundary below, 0 or more."""
        with np.errstate(over="ignore"):
            distance: FloatColumn = locked(self.score - self.below)
        return distance

    @cached_property
    def _ranks(self) -> tuple[npt.NDArray[np.int64], ...]:
        within = self.graded.scale.axis(self.axis).within
        group = None if within is None else self.graded.codes[within]
        return tuple(locked(column) for column in self._ranking.ranks(self.score, self.graded.codes[self.axis], group))

    @property
    def rank(self) -> npt.NDArray[np.int64]:
        """The rank by score among all graded customers, or among those in the same class of the parent.

        int64 of shape (n,): 1 is the best, equal scores share the best of their ranks, 0 where ungraded.
        """
        return self._ranks[0]

    @property
    def ranked(self) -> npt.NDArray[np.int64]:
        """The number of customers that each customer is ranked among, int64 of shape (n,); 0 where ungraded."""
        return self._ranks[2]

    @cached_property
    def percentile(self) -> FloatColumn:
        """The percentile rank, 0 to 100: the share of ranked customers with lower scores, plus half of equal scores.

        float64 of shape (n,), NaN where ungraded.
        """
        rank, equal, ranked = self._ranks
        # 100 × less is exact, so only the division rounds
        less = ranked - (rank - 1) - equal / 2.0
        percentile: FloatColumn = locked(100.0 * np.where(ranked > 0, less, np.nan) / np.maximum(ranked, 1))
        return percentile

    def names(self, places: Places, row: int) -> list[str]:
        """Return the fields in one row of `best` or `worst`."""
        return [self.fields[place] for place in places[row].tolist() if place != NOTHING]


def explain_axis(
    model: GradingModel, axis: str, graded: Graded, middle: Mapping[str, float], ranking: Ranking
) -> AxisExplanation:
    """Return why customers have their class on an axis.

    middle: the reference, one value of each input field. ranking: the ranking of all customers, of whom `graded` may
    be a part.
    """
    base, scorer = graded.base, model.scorer
    reference = {name: np.array([value]) for name, value in middle.items()}
    how = decompose(model, axis, reference)
    with np.errstate(all="ignore"):
        names = tuple(how.of(reference)[0])
    size, reasons_of = len(base), [name for name in names if name != CONSTANT]
    parts = {name: np.empty(size) for name in names}
    best, worst = (np.empty((size, len(reasons_of)), dtype=np.uint8) for _ in range(2))
    unknown = {name: np.empty(size, dtype=bool) for name in _unknown(model, axis, reference)}

    def part(rows: slice) -> None:
        inputs = {name: base.columns[name][rows] for name in scorer.inputs}
        for name, where in _unknown(model, axis, inputs).items():
            unknown[name][rows] = where
        with np.errstate(all="ignore"):
            found, shortfall = how.of(inputs)
        scored = ~np.isnan(graded.scores[axis][rows])
        for name in names:
            parts[name][rows] = np.where(scored, found[name], np.nan)
        short = np.stack([np.where(scored, shortfall[name], np.nan) for name in reasons_of], axis=1)
        gained = (
            -short if how.against == "the reference" else np.stack([parts[name][rows] for name in reasons_of], axis=1)
        )
        worst[rows] = _places(short, short > 0.0)
        best[rows] = _places(gained, short < 0.0 if how.against == "the reference" else gained >= short)

    over_chunks(part, size, scorer.portable)
    above, below = limits(model, axis, graded.codes)
    return AxisExplanation(graded, axis, how.kind, how.against, parts, best, worst, unknown, above, below, ranking)


def _places(values: FloatColumn, counts: Truths) -> Places:
    """Return the positions of the values that count, highest first and in order among equals; 255 for the rest."""
    keys = np.where(counts, -values, np.inf)
    order = np.argsort(keys, axis=1, kind="stable").astype(np.uint8)
    order[np.arange(values.shape[1]) >= counts.sum(axis=1)[:, np.newaxis]] = NOTHING
    return order


def _unknown(model: GradingModel, axis: str, inputs: Columns) -> dict[str, Truths]:
    """Return where each field that a score reads is unknown."""
    return Reasons(model.batch_grader).unknown(model.batch_grader.columns(inputs), model.scorer.scores[axis].reads)
