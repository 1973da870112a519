"""The population of customers whose columns are in memory."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.cuts.asks import Answers, Block, Count, Question, RankedBlocks, TieBlocks, ValueBlocks
from custgrade.cuts.boundary import Boundaries
from custgrade.data.field import ColumnFunction
from custgrade.selection.chunks import ROWS, filled
from custgrade.selection.guess import SAMPLE
from custgrade.selection.select import Codes, Selection
from custgrade.selection.totals import exact_sum

FloatColumn = npt.NDArray[np.float64]
_MOST_SHARES = 16
"""With more shares, a sort takes less time than comparing every score with each."""


class ArrayPopulation:
    """Answers questions over columns in memory, chunk by chunk; scores aren't kept unless values are cumulated by them.

    columns: input columns by name, each float64 of shape (size,).
    chunk: rows that are scored at once. threads: whether several chunks may be scored at the same time.
    sample: scores that are looked at to guess where a rank is. keep: whether every row's code is kept, a byte a row and
    axis, instead of being computed again. No answer depends on any of these.
    """

    def __init__(
        self,
        columns: Mapping[str, FloatColumn],
        size: int,
        chunk: int = ROWS,
        threads: bool = True,
        sample: int = SAMPLE,
        keep: bool = True,
    ) -> None:
        self._columns, self._size, self._chunk, self._threads, self._sample = columns, size, chunk, threads, sample
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
        """Take in what was made of an answer: if its values became the boundaries, every row's code is known.

        codes: the function that would compute these codes; they are then at hand for it.
        """
        selection = self._selections.get((score, group))
        if selection is None:
            return
        values = [[one.value for one in found] for found in selection.found]
        if values == [[boundary.value for boundary in some or ()] for some in boundaries]:
            outside = [[not boundary.inclusive for boundary in some or ()] for some in boundaries]
            placed = selection.placed(outside)
            if placed is not None:
                self._codes[codes] = placed

    def _rows(self, rows: slice) -> dict[str, FloatColumn]:
        return {name: column[rows] for name, column in self._columns.items()}

    def _answer(self, question: Question) -> Answers:
        ask = question.ask
        if isinstance(ask, (Count, TieBlocks)):
            shares = ask.shares if isinstance(ask, TieBlocks) else ()
            if len(shares) <= _MOST_SHARES:
                return self._selected(question, shares)
        score = self._column(question.score)
        group = None if question.group is None else self.codes(question.group)
        value = None if question.value is None else self._column(question.value)
        answers: list[Any] = []
        graded = np.isfinite(score)
        for code in range(question.classes):
            rows = graded if group is None else graded & (group == code)
            if isinstance(ask, TieBlocks):
                answers.append(_tie_blocks(np.sort(score[rows]), ask.shares))
            elif isinstance(ask, ValueBlocks):
                assert value is not None
                answers.append(_value_blocks(score[rows], value[rows], ask.shares))
            else:
                assert value is not None
                some = value[rows]
                answers.append(exact_sum(some))
        return tuple(answers)

    def _selected(self, question: Question, shares: Sequence[Fraction]) -> Answers:
        key = (question.score, question.group)
        selection = self._selections.get(key)
        if selection is None or (shares and shares != selection.shares):
            selection = Selection(_Rows(self, question), shares, self._sample, self._keep)
            self._selections[key] = selection
        if isinstance(question.ask, Count):
            return tuple(selection.counts)
        return tuple(
            RankedBlocks(count, [Block(*one) for one in found], Fraction(count))
            for count, found in zip(selection.counts, selection.found, strict=True)
        )

    def _column(self, function: ColumnFunction, dtype: Any = np.float64) -> npt.NDArray[Any]:
        return filled(lambda rows: function(self._rows(rows)), self._size, dtype, self._threads, self._chunk)


class _Rows:
    """The scores and classes of a question, as a selection asks for them."""

    def __init__(self, population: ArrayPopulation, question: Question) -> None:
        self._population, self._question = population, question
        self._group = question.group
        self._kept = population.codes(question.group) if question.group and population._keep else None
        self.size, self.classes = population._size, question.classes
        self.threads, self.chunk = population._threads, population._chunk

    def scores(self, rows: slice) -> FloatColumn:
        scores: FloatColumn = self._question.score(self._population._rows(rows))
        return scores

    def groups(self, rows: slice) -> Codes | None:
        if self._group is None or self._kept is not None:
            return None if self._kept is None else self._kept[rows]
        groups: Codes = self._group(self._population._rows(rows))
        return groups


def _block(ascending: FloatColumn, rank: int) -> Block:
    """The tie block that holds `rank`, counted from the best, 1-based."""
    n = len(ascending)
    value = float(ascending[n - rank]) + 0.0
    above = n - int(np.searchsorted(ascending, value, side="right"))
    through = n - int(np.searchsorted(ascending, value, side="left"))
    return Block(value, above, through, rank)


def _tie_blocks(ascending: FloatColumn, shares: Sequence[Fraction]) -> RankedBlocks:
    n = len(ascending)
    blocks = [_block(ascending, math.ceil(share * n)) for share in shares] if n else []
    return RankedBlocks(n, blocks, Fraction(n))


def _value_blocks(score: FloatColumn, value: FloatColumn, shares: Sequence[Fraction]) -> RankedBlocks:
    n, unknown = len(score), ~np.isfinite(value)
    value = np.where(unknown, 0.0, value)
    order = np.argsort(-score, kind="stable")
    score, value = score[order], value[order]
    total = exact_sum(value)
    missing = int(np.count_nonzero(unknown))
    negative = 0 if np.array_equal(score, value) else int(np.count_nonzero(value < 0))
    if not n or negative or total <= 0:
        return RankedBlocks(n, (), total, negative, missing)
    ascending = score[::-1]
    rising = int(np.count_nonzero(value > 0)) if (value < 0).any() else n
    blocks = []
    for share in shares:
        goal = share * total
        # the cumulated value never falls over these ranks, so the first that reaches the goal can be bisected
        crossing = 1 + bisect_left(range(1, rising + 1), goal, key=lambda rank: exact_sum(value[:rank]))
        block = _block(ascending, crossing)
        above = exact_sum(value[: block.above])
        mean = (exact_sum(value[: block.through]) - above) / (block.through - block.above)
        rank = block.above + math.ceil((goal - above) / mean)
        blocks.append(Block(block.value, block.above, block.through, rank))
    return RankedBlocks(n, blocks, total, 0, missing)
