"""The population of customers whose columns can be read slice by slice, from memory or from disk."""

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
"""A score of no more operations is computed anew in less time than it is kept."""
_MOST_SHARES = 16
"""With more shares, sorting chunks takes less time than comparing every score with each."""


class ArrayPopulation:
    """Answers questions over columns chunk by chunk, and keeps no scores; the columns may be in memory or on disk.

    columns: input columns by name, each float64 of shape (size,).
    chunk: rows that are scored at once. threads: whether several chunks may be scored at the same time.
    sample: scores that are looked at to guess where a rank is, by default as many as suit the size. keep: whether every
    row's code is kept, a byte a row and axis, instead of being computed again. No answer depends on any of these.
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
        """Answer questions in their order."""
        return [self._answer(question) for question in questions]

    def codes(self, function: ColumnFunction) -> Codes:
        """The codes that a function gives every row, uint8 of shape (size,); kept for when they are asked for again."""
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
        """Take in what was made of an answer: every row's code is then known.

        codes: the function that would compute these codes; they are then at hand for it.
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
    """The scores and classes of a question, as a selection asks for them.

    They don't know the population: a circle of references would keep its arrays until the next garbage collection.
    """

    def __init__(self, population: ArrayPopulation, question: Question) -> None:
        self._columns, self._question, self._making = population._columns, question, Lock()
        self._group = question.group
        self._kept = population.codes(question.group) if question.group and population._keep else None
        self.size, self.classes = population._size, question.classes
        self.threads, self.chunk = population._threads, population._chunk
        self._keep = population._keep and getattr(question.score, "steps", 0) > _CHEAP
        self.forget()

    def forget(self) -> None:
        """Let go of the scores that were kept."""
        self._scores: FloatColumn | None = None
        self._scored: set[int] = set()

    def scores(self, rows: slice) -> FloatColumn:
        kept = self._scores
        if kept is not None and rows.start in self._scored and rows.step is None:
            return kept[rows]
        scores: FloatColumn = self._question.score(_sliced(self._columns, rows))
        if self._keep and rows.step is None:
            # chunks are the same in every pass
            self._room()[rows] = scores
            self._scored.add(rows.start)
        return scores

    def _room(self) -> FloatColumn:
        with self._making:
            if self._scores is None:
                self._scores = np.empty(self.size)
            return self._scores

    def values(self, rows: slice) -> FloatColumn:
        assert self._question.value is not None
        values: FloatColumn = self._question.value(_sliced(self._columns, rows))
        return values

    def groups(self, rows: slice) -> Codes | None:
        if self._group is None or self._kept is not None:
            return None if self._kept is None else self._kept[rows]
        groups: Codes = self._group(_sliced(self._columns, rows))
        return groups


def _sliced(columns: Mapping[str, FloatColumn], rows: slice) -> dict[str, FloatColumn]:
    return {name: column[rows] for name, column in columns.items()}


def _placed(rows: Source, placing: Placing) -> Codes:
    """The codes of all rows, uint8 of shape (rows.size,)."""
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
    """The exact total per class of the values of the rows that have a score."""

    def of_chunk(some: slice) -> list[Fraction]:
        groups = rows.groups(some)
        members = np.zeros(some.stop - some.start, dtype=np.uint8) if groups is None else groups.copy()
        members[~np.isfinite(rows.scores(some))] = NOWHERE
        return exact_totals(rows.values(some), members, rows.classes)

    parts = over_chunks(of_chunk, rows.size, rows.threads, rows.chunk)
    return [sum((part[group] for part in parts), Fraction(0)) for group in range(rows.classes)]
