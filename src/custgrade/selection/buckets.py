"""Selection by buckets: for many ranks at once, or for ranks at which a cumulated value reaches shares of its total.

The first pass sorts each chunk, and counts its scores into buckets between the scores of a sample; the counts give the
bucket of each rank. The second pass collects the scores in these buckets. Each score of the sample has its own bucket,
so that large ties aren't collected. A bucket that is too large is split, and the scores are counted again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.selection.chunks import Result, over_chunks
from custgrade.selection.guess import SAMPLE, Scores
from custgrade.selection.select import Found, Source
from custgrade.selection.totals import exact_sum, exact_totals

Whole = npt.NDArray[np.int64]

_MOST_COLLECTED = 1 << 22
_EDGES = 4096
_VALUE_EDGES = 512
"""The number of scores that buckets end at; it is smaller if buckets have exact sums of values."""


class ValueSource(Source, Protocol):
    """A source whose rows also have values."""

    def values(self, rows: slice) -> Scores:
        """Return the values of some rows, float64; values that aren't finite count as 0."""
        ...


@frozen
class ByRank:
    """The result for one class: the number of rows with a finite score, and the scores at the ranks."""

    count: int
    found: list[Found]


@frozen
class ByValue:
    """The result for one class with values.

    count: rows with a finite score. found: the scores at the ranks; empty if count is 0, if the total isn't above 0, or
    if values that aren't the score are below 0. total: the exact total of the values. negative: the number of values
    below 0; 0 if the values are the scores. unknown: the number of values that aren't finite.
    """

    count: int
    found: list[Found]
    total: Fraction
    negative: int
    unknown: int


def by_rank(source: Source, shares: Sequence[Fraction], sample: int = SAMPLE) -> list[ByRank]:
    """Return the scores at the ranks ceil(share × count) of each class."""
    buckets = _Buckets(source, _EDGES, sample)

    def goals(group: int) -> list[int]:
        count = int(buckets.counts[group].sum())
        return [math.ceil(share * count) for share in shares] if count else []

    def places() -> list[list[int]]:
        reached = [np.cumsum(counts[::-1]) for counts in buckets.counts]
        last = buckets.counts.shape[1] - 1
        return [
            [last - int(np.searchsorted(reached[group], rank)) for rank in goals(group)]
            for group in range(source.classes)
        ]

    wanted = buckets.narrow(places)
    collected = buckets.collect(wanted)
    result = []
    for group, some in enumerate(wanted):
        found = []
        through = np.cumsum(buckets.counts[group][::-1])[::-1]
        singles = {bucket: buckets.single(bucket) for bucket in some}
        ascending = {bucket: np.sort(collected[group, bucket][0]) for bucket in singles if singles[bucket] is None}
        for rank, bucket in zip(goals(group), some, strict=True):
            above = int(through[bucket] - buckets.counts[group][bucket])
            value = singles[bucket]
            if value is None:
                found.append(_tied(ascending[bucket], rank - above, above, rank))
            else:
                found.append(Found(value, above, int(through[bucket]), rank))
        result.append(ByRank(int(through[0]), found))
    return result


def by_value(source: ValueSource, shares: Sequence[Fraction], sample: int = SAMPLE) -> list[ByValue]:
    """Return, for each class, the scores at which the value, cumulated from the best score down, reaches the shares.

    The rank of a share is the smallest rank at which the cumulated value reaches it. Each row of a tie counts with the
    tie's mean value.
    """
    buckets = _Buckets(source, _VALUE_EDGES, sample, source.values)

    def goals(group: int) -> list[Fraction]:
        total = sum(buckets.totals[group], Fraction(0))
        fine = not (buckets.differs[group] and buckets.negative[group]) and total > 0
        return [share * total for share in shares] if fine else []

    def places() -> list[list[int]]:
        return [[_crossing(buckets.totals[group], goal) for goal in goals(group)] for group in range(source.classes)]

    wanted = buckets.narrow(places)
    collected = buckets.collect(wanted)
    result = []
    for group, some in enumerate(wanted):
        found = []
        for goal, bucket in zip(goals(group), some, strict=True):
            above = int(buckets.counts[group][bucket + 1 :].sum())
            missing = goal - sum(buckets.totals[group][bucket + 1 :], Fraction(0))
            value = buckets.single(bucket)
            if value is not None:
                count = int(buckets.counts[group][bucket])
                rank = above + math.ceil(missing * count / buckets.totals[group][bucket])
                found.append(Found(value, above, above + count, rank))
            else:
                found.append(_reaching(*collected[group, bucket], missing, above))
        count, total = int(buckets.counts[group].sum()), sum(buckets.totals[group], Fraction(0))
        negative = buckets.negative[group] if buckets.differs[group] else 0
        result.append(ByValue(count, found, total, negative, buckets.unknown[group]))
    return result


def _tied(ascending: Scores, place: int, before: int, rank: int) -> Found:
    """Return the tie at the `place`-th best of some scores; before: the number of better scores not among them."""
    size = len(ascending)
    value = float(ascending[size - place]) + 0.0
    first, last = (int(np.searchsorted(ascending, value, side)) for side in ("left", "right"))
    return Found(value, before + size - last, before + size - first, rank)


def _crossing(totals: Sequence[Fraction], goal: Fraction) -> int:
    """Return the best bucket at which the totals, added from the best bucket down, reach the goal."""
    reached = Fraction(0)
    for bucket in range(len(totals) - 1, -1, -1):
        reached += totals[bucket]
        if reached >= goal:
            return bucket
    raise AssertionError("the sum of all totals reaches every share of it")


def _reaching(scores: Scores, values: Scores, missing: Fraction, before: int) -> Found:
    """Return the tie at which values, cumulated from the best score down, reach `missing`; before: as in `_tied`."""
    order = np.argsort(scores, kind="stable")
    ascending, best_first = scores[order], values[order][::-1]
    low, high = 1, len(scores)
    # binary search works: no value is below 0 in a bucket where a goal is reached, so the cumulated value never falls
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if exact_sum(best_first[:middle]) >= missing else (middle + 1, high)
    tie = _tied(ascending, low, 0, low)
    above = exact_sum(best_first[: tie.above])
    mean = (exact_sum(best_first[: tie.through]) - above) / (tie.through - tie.above)
    rank = tie.above + math.ceil((missing - above) / mean)
    return Found(tie.value, before + tie.above, before + tie.through, before + rank)


Places = list[list[int]]
"""The wanted buckets of each class."""


class _Buckets:
    """Counts of rows by buckets of scores; bucket k holds the scores from edge k − 1 (included) to edge k (excluded).

    counts: the number of rows per class and bucket, int64. totals: the exact total of the values per class and bucket.
    negative, unknown: the number of values per class that are below 0, and that aren't finite. differs: whether a
    class has a value that differs from its score.
    """

    def __init__(
        self, source: Source, edges: int, sample: int, values: Callable[[slice], Scores] | None = None
    ) -> None:
        self._source, self._values, self._most = source, values, edges
        some = source.scores(slice(0, source.size, max(1, source.size // sample)))
        # 0 has its own bucket, so that no bucket holds scores of both signs
        self._edges = _ended([0.0, *_spread(np.sort(some[np.isfinite(some)]), edges)])
        self._count()

    def single(self, bucket: int) -> float | None:
        """Return the score of a bucket that can hold only one; None for other buckets."""
        low, high = self._ends(bucket)
        return low + 0.0 if math.nextafter(low, math.inf) == high else None

    def narrow(self, places: Callable[[], Places]) -> Places:
        """Split buckets until those that `places` gives after each split are small enough, and return these."""
        while True:
            wanted = places()
            large = [[bucket for bucket in some if self._is_large(group, bucket)] for group, some in enumerate(wanted)]
            if not any(large):
                return wanted
            step = int(self.counts.max()) // SAMPLE + 1
            for scores, _ in self.collect(large, step).values():
                self._edges = _ended([*self._edges.tolist(), *_spread(np.sort(scores), self._most)])
            self._count()

    def collect(self, wanted: Places, step: int = 1) -> dict[tuple[int, int], tuple[Scores, Scores]]:
        """Return the scores and values of every `step`-th row of each chunk in these buckets, by class and bucket."""

        def of_chunk(rows: slice) -> list[tuple[Scores, Scores]]:
            pieces = []
            for group, some in enumerate(buckets):
                scores, values = self._sorted(rows, group) if some else (np.empty(0), np.empty(0))
                for bucket in some:
                    first, last = np.searchsorted(scores, self._ends(bucket))
                    pieces.append((scores[first:last:step].copy(), values[first:last:step].copy()))
            return pieces

        buckets = [[bucket for bucket in dict.fromkeys(some) if self.single(bucket) is None] for some in wanted]
        keys = [(group, bucket) for group, some in enumerate(buckets) for bucket in some]
        pieces = self._over(of_chunk) if keys else []
        return {
            key: (np.concatenate([piece[k][0] for piece in pieces]), np.concatenate([piece[k][1] for piece in pieces]))
            for k, key in enumerate(keys)
        }

    def _ends(self, bucket: int) -> tuple[float, float]:
        """Return the ends of a bucket: the lower is included, the upper isn't."""
        edges = self._edges
        return (
            float(edges[bucket - 1]) if bucket else -math.inf,
            float(edges[bucket]) if bucket < len(edges) else math.inf,
        )

    def _is_large(self, group: int, bucket: int) -> bool:
        return int(self.counts[group, bucket]) > _MOST_COLLECTED and self.single(bucket) is None

    def _over(self, work: Callable[[slice], Result]) -> list[Result]:
        return over_chunks(work, self._source.size, self._source.threads, self._source.chunk)

    def _sorted(self, rows: slice, group: int) -> tuple[Scores, Scores]:
        """Return the finite scores of a class in some rows, ascending, with their values (or the scores again)."""
        scores, groups = self._source.scores(rows), self._source.groups(rows)
        members = np.isfinite(scores) if groups is None else np.isfinite(scores) & (groups == group)
        scores = scores[members]
        if self._values is None:
            scores.sort()
            return scores, scores
        order = np.argsort(scores, kind="stable")
        return scores[order], self._values(rows)[members][order]

    def _count(self) -> None:
        classes, buckets = self._source.classes, len(self._edges) + 1
        parts = self._over(lambda rows: [self._tally(rows, group) for group in range(classes)])
        self.counts: Whole = np.zeros((classes, buckets), dtype=np.int64)
        self.totals = [[Fraction(0)] * buckets for _ in range(classes)]
        self.negative, self.unknown, self.differs = [0] * classes, [0] * classes, [False] * classes
        for part in parts:
            for group, (counts, totals, negative, unknown, differs) in enumerate(part):
                self.counts[group] += counts
                for bucket, total in totals:
                    self.totals[group][bucket] += total
                self.negative[group] += negative
                self.unknown[group] += unknown
                self.differs[group] |= differs

    def _tally(self, rows: slice, group: int) -> tuple[Whole, list[tuple[int, Fraction]], int, int, bool]:
        """Return, for a class in some rows: counts, totals by bucket if not 0, negative, unknown, differs."""
        scores, values = self._sorted(rows, group)
        counts = np.diff(np.searchsorted(scores, self._edges), prepend=0, append=len(scores))
        if self._values is None:
            return counts, [], 0, 0, False
        known = np.isfinite(values)
        values = np.where(known, values, 0.0)
        totals = exact_totals(values, np.repeat(np.arange(len(counts)), counts), len(counts))
        unknown = len(values) - int(np.count_nonzero(known))
        differs = not np.array_equal(scores, values)
        return counts, [(k, t) for k, t in enumerate(totals) if t], int((values < 0).sum()), unknown, differs


def _spread(ascending: Scores, most: int) -> list[float]:
    """Return at most `most` of the scores, evenly spaced."""
    if not len(ascending):
        return []
    places = np.linspace(0, len(ascending) - 1, min(most, len(ascending)))
    chosen: list[float] = ascending[places.astype(np.int64)].tolist()
    return chosen


def _ended(scores: Iterable[float]) -> Scores:
    """Return ascending edges that give each of these scores its own bucket."""
    each = np.unique(np.array(list(scores), dtype=np.float64))
    with np.errstate(all="ignore"):
        # the float next to the largest is an infinity, and the float next to 0 a denormal
        edges = np.unique(np.concatenate([each, np.nextafter(each, np.inf)])) + 0.0
    return edges[np.isfinite(edges)]
