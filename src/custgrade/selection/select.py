"""Selection: the tie blocks at given ranks, overall or within classes, in two passes over the scores.

The first pass counts the scores below a guess from a sample, for each rank. The count shows on which side of the guess
the rank is. The second pass collects the few scores between the guess and a second guess beyond the rank, and finds the
rank among them exactly. If many customers have the guessed score, the first pass also counts these, and nothing is
collected. A bad guess costs another pass; the result is exact in any case.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from custgrade.selection.chunks import Result, over_chunks
from custgrade.selection.guess import SAMPLE, Guesses, Scores

Codes = npt.NDArray[np.uint8]
Truths = npt.NDArray[np.bool_]

NOWHERE = 255
"""The code of rows without a finite score, and of rows in no class."""


class Source(Protocol):
    """The rows to select from, each with a score and a class."""

    @property
    def size(self) -> int:
        """The number of rows."""
        ...

    @property
    def classes(self) -> int:
        """The number of classes, whose codes start at 0."""
        ...

    @property
    def threads(self) -> bool:
        """Whether several threads may read rows at the same time."""
        ...

    @property
    def chunk(self) -> int:
        """The number of rows that are read at a time."""
        ...

    def scores(self, rows: slice) -> Scores:
        """Return the scores of some rows, float64; NaN and infinite scores count as unknown."""
        ...

    def groups(self, rows: slice) -> Codes | None:
        """Return the class codes of some rows, uint8; None if there is only one class."""
        ...


class Found(NamedTuple):
    """The score at a rank (from 1, the highest), and the numbers of rows above it, and at or above it."""

    value: float
    above: int
    through: int
    rank: int


class _Rank:
    """The search for one rank within one class."""

    def __init__(self, share: Fraction, edge: float, tied: bool) -> None:
        self.share, self.edge, self.tied = share, edge, tied
        self.below = 0
        self.through = 0
        self.position = 0
        self.far = edge
        self.found: Found | None = None

    def start(self, count: int) -> None:
        """Set the rank's position among `count` scores; the result is found if it is in the tie at the edge."""
        rank = math.ceil(self.share * count)
        self.position = count - rank
        if not count:
            self.found = Found(math.nan, 0, 0, 0)
        elif self.tied and self.below <= self.position < self.through:
            self.found = Found(self.edge, count - self.through, count - self.below, rank)

    def set_far(self, guesses: Guesses, count: int) -> None:
        """Set the far end of the interval in which the rank probably is."""
        behind = self.position - self.below
        self.far = guesses.beyond(self.edge, (behind + 1 if behind >= 0 else behind) / count)

    def settle(self, between: Scores, count: int) -> None:
        """Find the rank among the scores between the edge and the far end, or else move the edge to the far end."""
        first = self.below if self.far >= self.edge else self.below - len(between)
        at = self.position - first
        if 0 <= at < len(between):
            value = float(np.partition(between, at)[at]) + 0.0
            below, through = (first + int(np.count_nonzero(side(between, value))) for side in (np.less, np.less_equal))
            self.found = Found(value, count - through, count - below, count - self.position)
            self.edge, self.far, self.below = value, value, below
        else:
            self.below = first + len(between) if self.far >= self.edge else first
            self.edge = self.far

    @property
    def interval(self) -> tuple[float, float]:
        """The interval in which scores are collected; its lower end is included, its upper end isn't."""
        return min(self.edge, self.far), max(self.edge, self.far)


class Selection:
    """The tie blocks at shares of the head count of each class.

    counts: the number of finite scores per class. found: per class one `Found` per share, best first; empty for a class
    without finite scores. codes: for each row, how many of the values found in its class are above its score; 255
    without a finite score or a class; uint8 of shape (size,); None unless `keep`. source: the rows selected from.
    """

    def __init__(
        self, source: Source, shares: Sequence[Fraction], sample_size: int = SAMPLE, keep: bool = True
    ) -> None:
        self.source, self.shares = source, tuple(shares)
        self._buffers = threading.local()
        every = slice(0, source.size, max(1, source.size // sample_size))
        sample, groups = known(source.scores(every))[0], source.groups(every)
        usable = ~np.isnan(sample)
        members = [usable] if groups is None else [usable & (groups == group) for group in range(source.classes)]
        self._guesses = [Guesses(sample[rows]) for rows in members]
        self._ranks = [
            [_Rank(share, edge, guesses.tied(edge)) for share, edge in zip(shares, guesses.at(shares), strict=True)]
            for guesses in self._guesses
        ]
        self.codes: Codes | None = np.empty(source.size, dtype=np.uint8) if keep else None
        tallies = self._over(self._count)
        self.counts = [sum(tally[group][0] for tally in tallies) for group in range(source.classes)]
        for group, ranks in enumerate(self._ranks):
            for k, rank in enumerate(ranks):
                rank.below, rank.through = (sum(tally[group][1][k][part] for tally in tallies) for part in (0, 1))
                rank.start(self.counts[group])
        self._incomplete = sum(self.counts) < source.size
        while any(rank.found is None for ranks in self._ranks for rank in ranks):
            self._narrow()
        self.found = [[rank.found for rank in ranks if rank.found and rank.found.rank] for ranks in self._ranks]

    def placed(self, exclusive: Sequence[Sequence[bool]]) -> Codes | None:
        """Return the codes, with rows at a found value one class worse if `exclusive` is True for it (by class)."""
        kept = self.codes
        if kept is None:
            return None
        values = [
            [one.value for one, out in zip(found, outs, strict=False) if out]
            for found, outs in zip(self.found, exclusive, strict=True)
        ]

        def move(rows: slice) -> None:
            scores, groups, codes = self.source.scores(rows), self.source.groups(rows), kept[rows]
            for group, some in enumerate(values):
                for value in some:
                    moved = scores == value
                    moved = moved if groups is None else moved & (groups == group)
                    np.add(codes, moved.view(np.uint8), out=codes)

        if any(values):
            self._over(move)
        return kept

    def _over(self, work: Callable[[slice], Result]) -> list[Result]:
        return over_chunks(work, self.source.size, self.source.threads, self.source.chunk)

    def _truths(self, size: int, name: str = "truths") -> Truths:
        """Return an array for truth values, which a thread uses for all its chunks: allocating takes time."""
        buffer: Truths | None = getattr(self._buffers, name, None)
        if buffer is None or len(buffer) < size:
            buffer = np.empty(size, dtype=bool)
            setattr(self._buffers, name, buffer)
        return buffer[:size]

    def _count(self, rows: slice) -> list[tuple[int, list[tuple[int, int]]]]:
        """Count, per class, the finite scores; and per rank the scores below its edge, and at or below it if tied."""
        scores = self.source.scores(rows)
        truths = self._truths(len(scores))
        scores, unknown = known(scores, truths)
        groups = self.source.groups(rows)
        codes = None if self.codes is None else self.codes[rows]
        if codes is not None:
            codes[:] = 0
        tallies = []
        for group, ranks in enumerate(self._ranks):
            counts = []
            member = self._member(groups, group)
            for rank in ranks:
                through = 0
                if rank.tied:
                    through = int(np.count_nonzero(_where(np.less_equal, scores, rank.edge, member, truths)))
                counts.append((int(np.count_nonzero(_where(np.less, scores, rank.edge, member, truths))), through))
                if codes is not None:
                    np.add(codes, truths.view(np.uint8), out=codes)
            tallies.append((_known_members(unknown, member, len(scores)), counts))
        if codes is not None and unknown is not None:
            leave_out(codes, unknown)
        if codes is not None and groups is not None and len(groups) and groups.max() >= len(self._ranks):
            leave_out(codes, groups >= len(self._ranks))
        return tallies

    def _member(self, groups: Codes | None, group: int) -> Truths | None:
        """Return a mask of the rows in a class; None if there is only one class."""
        if groups is None:
            return None
        member: Truths = np.equal(groups, group, out=self._truths(len(groups), "member"))
        return member

    def _narrow(self) -> None:
        """Collect the scores between each edge and its far end, and search the ranks among them."""
        for guesses, ranks, count in zip(self._guesses, self._ranks, self.counts, strict=True):
            for rank in ranks:
                if rank.found is None:
                    rank.set_far(guesses, count)
        pieces = self._over(self._collect)
        scores = np.concatenate([piece[1] for piece in pieces])
        groups = None if pieces[0][2] is None else np.concatenate([piece[2] for piece in pieces])
        for group, ranks in enumerate(self._ranks):
            some = scores if groups is None else scores[groups == group]
            for rank in (rank for rank in ranks if rank.found is None):
                low, high = rank.interval
                rank.settle(some[(some >= low) & (some < high)], self.counts[group])

        if self.codes is not None:
            for positions, scores, groups in pieces:
                codes, buffer = np.empty(len(scores), dtype=np.uint8), np.empty(len(scores), dtype=bool)
                self._number_below(lambda rank: rank.edge, scores, groups, codes, buffer)
                self.codes[positions] = codes

    def _number_below(
        self, end: Callable[[_Rank], float], scores: Scores, groups: Codes | None, codes: Codes, buffer: Truths
    ) -> None:
        """Write into `codes`, for each score, how many ends of the ranks of its class are above it."""
        codes[:] = 0
        for group, ranks in enumerate(self._ranks):
            member = self._member(groups, group)
            for rank in ranks:
                np.add(codes, _where(np.less, scores, end(rank), member, buffer).view(np.uint8), out=codes)

    def _collect(self, rows: slice) -> tuple[npt.NDArray[np.int64], Scores, Codes | None]:
        """Return the positions, scores and classes of the rows between an edge and its far end."""
        scores, groups = self.source.scores(rows), self.source.groups(rows)
        codes = None if self.codes is None else self.codes[rows]
        between = self._truths(len(scores))
        if codes is not None and all(
            _apart([rank.interval for rank in ranks if rank.found is None]) for ranks in self._ranks
        ):
            # a score in one of the disjoint intervals is below a different number of far ends than of edges
            far = self._truths(len(scores), "far").view(np.uint8)
            self._number_below(lambda rank: rank.far, scores, groups, far, between)
            np.not_equal(far, codes, out=between)
        else:
            between[:] = False
            for group, ranks in enumerate(self._ranks):
                for low, high in (rank.interval for rank in ranks if rank.found is None):
                    inside = (scores >= low) & (scores < high)
                    between |= inside if groups is None else inside & (groups == group)
        if self._incomplete:
            np.logical_and(between, np.isfinite(scores) if codes is None else codes != NOWHERE, out=between)
        at = np.flatnonzero(between)
        return at + rows.start, scores[at], None if groups is None else groups[at]


def known(scores: Scores, buffer: Truths | None = None) -> tuple[Scores, Truths | None]:
    """Return scores with NaN for infinities, and the mask of NaN or None; buffer: room for truth values."""
    finite = np.isfinite(scores, out=buffer)
    if finite.all():
        return scores, None
    unknown = np.logical_not(finite)
    return (np.where(finite, scores, np.nan) if np.isinf(scores).any() else scores), unknown


def leave_out(codes: Codes, rows: Truths) -> None:
    """Set the codes of the masked rows to 255."""
    # −1 is 255 in uint8
    np.bitwise_or(codes, np.negative(rows.view(np.uint8)), out=codes)


def _where(compare: np.ufunc, scores: Scores, edge: float, member: Truths | None, truths: Truths) -> Truths:
    compare(scores, edge, out=truths)
    return truths if member is None else np.logical_and(truths, member, out=truths)


def _known_members(unknown: Truths | None, member: Truths | None, size: int) -> int:
    if member is None:
        return size - (0 if unknown is None else int(np.count_nonzero(unknown)))
    return int(np.count_nonzero(member if unknown is None else member & ~unknown))


def _apart(intervals: Sequence[tuple[float, float]]) -> bool:
    return all(one[1] <= other[0] for one, other in pairwise(sorted(intervals)))
