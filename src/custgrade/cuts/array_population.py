"""The population over columns that are in memory or on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.cuts.asks import Answers, Block, Count, Question, RankedBlocks, TieBlocks, ValueBlocks
from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.placing import Placing
from custgrade.data.field import ColumnFunction
from custgrade.selection.buckets import ByRank, ByValue, by_rank, by_value
from custgrade.selection.chunks import ROWS, filled, over_chunks
from custgrade.selection.guess import sample_size
from custgrade.selection.select import NOWHERE, Codes, Selection, Source
from custgrade.selection.totals import exact_totals

FloatColumn = npt.NDArray[np.float64]
_CHEAP = 8
"""Scores of at most this many operations are computed again: that is faster than keeping them."""
_MOST_SHARES = 16
"""With more shares than this, sorting chunks is faster than comparing every score with every share's boundary."""


class ArrayPopulation:
    """A population that reads its columns chunk by chunk.

    columns: input columns by name, each float64 of shape (size,), in memory or on disk.
    chunk: the number of rows per chunk. threads: whether several chunks may be scored at the same time.
    sample: the number of scores in the sample that guesses ranks; by default it follows from the size. keep: whether
    every row's code is kept (one byte per row and axis) instead of being computed again.

    No answer depends on chunk, threads, sample or keep.
    """

    def __init__(
        self,
        columns: Mapping[str, FloatColumn],
        size: int,
        chunk: int = ROWS,
        threads: bool = True,
        sample: int | None = None,
        keep: bool = True,
    ) -> None:
        self._columns, self._size, self._chunk, self._threads = columns, size, chunk, threads
        self._sample = sample_size(size) if sample is None else sample
        self._keep = keep
        self._selections: dict[Any, Selection] = {}
        self._codes: dict[ColumnFunction, Codes] = {}

    def answer(self, questions: Sequence[Question]) -> list[Answers]:
        """Return the answers in the order of the questions."""
        return [self._answer(question) for question in questions]

    def codes(self, function: ColumnFunction) -> Codes:
        """Return the codes that a function gives, uint8 of shape (size,); they are kept for later calls."""
        if function not in self._codes:
            self._codes[function] = self._column(function, np.uint8)
        return self._codes[function]

    def settle(
        self,
        score: ColumnFunction,
        group: ColumnFunction | None,
        boundaries: Sequence[Boundaries | None],
        codes: ColumnFunction,
    ) -> None:
        """Store every row's code, once an answer has become boundaries.

        score, group: as in the question. boundaries: per parent class. codes: the function that computes the same
        codes; `codes(function)` then returns the stored ones.
        """
        selection = self._selections.pop((score, group), None)
        if selection is None or not self._keep:
            return
        if not selection.shares:
            self._codes[codes] = _placed(selection.source, Placing(boundaries))
            return
        values = [[one.value for one in found] for found in selection.found]
        if values == [[boundary.value for boundary in some or ()] for some in boundaries]:
            outside = [[not boundary.inclusive for boundary in some or ()] for some in boundaries]
            placed = selection.placed(outside)
            if placed is not None:
                self._codes[codes] = placed

    def _answer(self, question: Question) -> Answers:
        ask = question.ask
        if isinstance(ask, (Count, TieBlocks)):
            shares = ask.shares if isinstance(ask, TieBlocks) else ()
            if len(shares) <= _MOST_SHARES:
                return self._selected(question, shares)
            return tuple(_ranked(one) for one in by_rank(_Rows(self, question), shares, self._sample))
        rows = _Rows(self, question)
        if isinstance(ask, ValueBlocks):
            return tuple(_cumulated(one) for one in by_value(rows, ask.shares, self._sample))
        return tuple(_totals(rows))

    def _selected(self, question: Question, shares: Sequence[Fraction]) -> Answers:
        key = (question.score, question.group)
        selection = self._selections.get(key)
        if selection is None or (shares and shares != selection.shares):
            rows = _Rows(self, question)
            selection = Selection(rows, shares, self._sample, self._keep and bool(shares))
            if shares:
                rows.forget()
            self._selections[key] = selection
        if isinstance(question.ask, Count):
            return tuple(selection.counts)
        return tuple(
            RankedBlocks(count, [Block(*one) for one in found], Fraction(count))
            for count, found in zip(selection.counts, selection.found, strict=True)
        )

    def _column(self, function: ColumnFunction, dtype: Any = np.float64) -> npt.NDArray[Any]:
        return filled(
            lambda rows: function(_sliced(self._columns, rows)), self._size, dtype, self._threads, self._chunk
        )


class _Rows:
    """The scores, values and classes that a question is about.

    It holds no reference to the population: a cycle would keep the arrays until the next garbage collection.
    """

    def __init__(self, population: ArrayPopulation, question: Question) -> None:
        self._columns, self._question, self._allocating = population._columns, question, Lock()
        self._group = question.group
        self._group_codes = population.codes(question.group) if question.group and population._keep else None
        self.size, self.classes = population._size, question.classes
        self.threads, self.chunk = population._threads, population._chunk
        self._keep = population._keep and getattr(question.score, "steps", 0) > _CHEAP
        self.forget()

    def forget(self) -> None:
        """Drop the kept scores."""
        self._scores: FloatColumn | None = None
        self._scored: set[int] = set()

    def scores(self, rows: slice) -> FloatColumn:
        kept = self._scores
        if kept is not None and rows.start in self._scored and rows.step is None:
            return kept[rows]
        scores: FloatColumn = self._question.score(_sliced(self._columns, rows))
        if self._keep and rows.step is None:
            # every pass has the same chunks, so a chunk is known by its start
            self._kept_scores()[rows] = scores
            self._scored.add(rows.start)
        return scores

    def _kept_scores(self) -> FloatColumn:
        with self._allocating:
            if self._scores is None:
                self._scores = np.empty(self.size)
            return self._scores

    def values(self, rows: slice) -> FloatColumn:
        assert self._question.value is not None
        values: FloatColumn = self._question.value(_sliced(self._columns, rows))
        return values

    def groups(self, rows: slice) -> Codes | None:
        if self._group is None or self._group_codes is not None:
            return None if self._group_codes is None else self._group_codes[rows]
        groups: Codes = self._group(_sliced(self._columns, rows))
        return groups


def _sliced(columns: Mapping[str, FloatColumn], rows: slice) -> dict[str, FloatColumn]:
    return {name: column[rows] for name, column in columns.items()}


def _placed(rows: Source, placing: Placing) -> Codes:
    """Return the codes of all rows, uint8 of shape (rows.size,)."""
    codes = np.empty(rows.size, dtype=np.uint8)

    def place(some: slice) -> None:
        codes[some] = placing(rows.scores(some), rows.groups(some))

    over_chunks(place, rows.size, rows.threads, rows.chunk)
    return codes


def _ranked(one: ByRank) -> RankedBlocks:
    return RankedBlocks(one.count, [Block(*found) for found in one.found], Fraction(one.count))


def _cumulated(one: ByValue) -> RankedBlocks:
    return RankedBlocks(one.count, [Block(*found) for found in one.found], one.total, one.negative, one.unknown)


def _totals(rows: _Rows) -> list[Fraction]:
    """Return the exact total per class of the values of rows with a finite score."""

    def of_chunk(some: slice) -> list[Fraction]:
        groups = rows.groups(some)
        members = np.zeros(some.stop - some.start, dtype=np.uint8) if groups is None else groups.copy()
        members[~np.isfinite(rows.scores(some))] = NOWHERE
        return exact_totals(rows.values(some), members, rows.classes)

    parts = over_chunks(of_chunk, rows.size, rows.threads, rows.chunk)
    return [sum((part[group] for part in parts), Fraction(0)) for group in range(rows.classes)]
