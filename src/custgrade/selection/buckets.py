"""Selection by buckets: many ranks at once, or the ranks at which a cumulated value reaches its shares.

Each chunk is sorted, which for a chunk takes little time, and counted into buckets between scores of a sample; so one
pass tells in which bucket each rank lies. A second pass collects those buckets. A score of the sample has a bucket of
its own, so that heavy ties need not be collected; a bucket that is too large is split, and counted again.
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
"""Scores that buckets end at; fewer where exact sums are kept for each."""


class ValueSource(Source, Protocol):
    """A source whose rows have a value too."""

    def values(self, rows: slice) -> Scores:
        """The values of some rows; those that aren't finite count as nothing."""
        ...


@frozen
class ByRank:
    """What is found in a class: how many have a score, and the scores at the ranks."""

    count: int
    found: list[Found]


@frozen
class ByValue:
    """What is found in a class: how many have a score, the scores at the ranks, and what is known of the values.

    found: nothing where nobody has a score, the total isn't above 0, or values are below 0 and aren't the score.
    total: of the values. negative: values below 0, if they aren't the score. unknown: values that aren't finite.
    """

    count: int
    found: list[Found]
    total: Fraction
    negative: int
    unknown: int


def by_rank(source: Source, shares: Sequence[Fraction], sample: int = SAMPLE) -> list[ByRank]:
    """Find the scores at the ranks ceil(share × count) of each class."""
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
        for rank, bucket in zip(goals(group), some, strict=True):
            above = int(buckets.counts[group][bucket + 1 :].sum())
            value = buckets.single(bucket)
            if value is not None:
                found.append(Found(value, above, above + int(buckets.counts[group][bucket]), rank))
                continue
            scores = np.sort(collected[group, bucket][0])
            found.append(_tied(scores, rank - above, above, rank))
        result.append(ByRank(int(buckets.counts[group].sum()), found))
    return result


def by_value(source: ValueSource, shares: Sequence[Fraction], sample: int = SAMPLE) -> list[ByValue]:
    """Find, in each class, the scores at which the value, cumulated from the best score down, reaches the shares.

    The rank is the smallest at which it does, each row of a tie counted with the tie's mean value.
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
    """The tie at the `place`-th best of some scores, of which `before` better ones aren't among them."""
    size = len(ascending)
    value = float(ascending[size - place]) + 0.0
    first, last = (int(np.searchsorted(ascending, value, side)) for side in ("left", "right"))
    return Found(value, before + size - last, before + size - first, rank)


def _crossing(totals: Sequence[Fraction], goal: Fraction) -> int:
    """The best bucket through which the totals, added from the best down, reach the goal."""
    reached = Fraction(0)
    for bucket in range(len(totals) - 1, -1, -1):
        reached += totals[bucket]
        if reached >= goal:
            return bucket
    raise AssertionError("a share of a total is reached at its end")


def _reaching(scores: Scores, values: Scores, missing: Fraction, before: int) -> Found:
    """The tie at which the values, cumulated from the best score down, reach what is missing."""
    order = np.argsort(scores, kind="stable")
    ascending, best_first = scores[order], values[order][::-1]
    low, high = 1, len(scores)
    # the values of a bucket are all above 0, or none is below 0, so what they cumulate to never falls
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if exact_sum(best_first[:middle]) >= missing else (middle + 1, high)
    tie = _tied(ascending, low, 0, low)
    above = exact_sum(best_first[: tie.above])
    mean = (exact_sum(best_first[: tie.through]) - above) / (tie.through - tie.above)
    rank = tie.above + math.ceil((missing - above) / mean)
    return Found(tie.value, before + tie.above, before + tie.through, before + rank)


Places = list[list[int]]
"""Buckets, by class."""


class _Buckets:
    """Rows counted by buckets of scores; bucket k holds those from edge k − 1 on, and below edge k.

    counts: per class and bucket, int64. totals: of the values, likewise. negative, unknown: per class, values below 0
    and values that aren't finite. differs: per class, whether a value differs from its score.
    """

    def __init__(
        self, source: Source, edges: int, sample: int, values: Callable[[slice], Scores] | None = None
    ) -> None:
        self._source, self._values, self._most = source, values, edges
        some = source.scores(slice(0, source.size, max(1, source.size // sample)))
        # 0 is apart, so that no bucket holds scores of both signs
        self._edges = _ended([0.0, *_spread(np.sort(some[np.isfinite(some)]), edges)])
        self._count()

    def single(self, bucket: int) -> float | None:
        """The score of a bucket that can hold only one."""
        low, high = self._ends(bucket)
        return low + 0.0 if math.nextafter(low, math.inf) == high else None

    def narrow(self, places: Callable[[], Places]) -> Places:
        """Split buckets until those that `places` gives, anew each time, are small enough to be collected."""
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
        """The scores and values of the rows in these buckets, or of every `step`-th row of each chunk."""

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
        """The least score of a bucket, and the least one above it."""
        edges = self._edges
        return (
            float(edges[bucket - 1]) if bucket else -math.inf,
            float(edges[bucket]) if bucket < len(edges) else math.inf,
        )

    def _is_large(self, group: int, bucket: int) -> bool:
        return self.single(bucket) is None and int(self.counts[group, bucket]) > _MOST_COLLECTED

    def _over(self, work: Callable[[slice], Result]) -> list[Result]:
        return over_chunks(work, self._source.size, self._source.threads, self._source.chunk)

    def _sorted(self, rows: slice, group: int) -> tuple[Scores, Scores]:
        """The finite scores of some rows of a class, ascending, and their values; without values, the scores twice."""
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
        """The rows of a class per bucket, the totals of their values where they aren't 0, and what else is counted."""
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
    """At most so many of the scores, evenly spread over them."""
    if not len(ascending):
        return []
    places = np.linspace(0, len(ascending) - 1, min(most, len(ascending)))
    chosen: list[float] = ascending[places.astype(np.int64)].tolist()
    return chosen


def _ended(scores: Iterable[float]) -> Scores:
    """Edges that give each of these scores a bucket of its own, ascending."""
    each = np.unique(np.array(list(scores), dtype=np.float64))
    with np.errstate(all="ignore"):
        # beyond the greatest number is an infinity, and beside 0 a denormal
        edges = np.unique(np.concatenate([each, np.nextafter(each, np.inf)])) + 0.0
    return edges[np.isfinite(edges)]
