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
from custgrade.cuts.exact import exact_sum

FloatColumn = npt.NDArray[np.float64]
CHUNK = 1 << 16
"""Rows that are scored at once; a grade never depends on it."""


class ArrayPopulation:
    """Answers questions by scoring chunks and sorting the scores: plain, exact, and the reference for other engines.

    columns: input columns by name, each float64 of shape (n,), with derived ones computed on demand by `view`.
    """

    def __init__(self, columns: Mapping[str, FloatColumn], size: int, chunk: int = CHUNK) -> None:
        self._columns, self._size, self._chunk = columns, size, chunk

    def answer(self, questions: Sequence[Question]) -> list[Answers]:
        """Answer questions in their order; every score and group is computed once, in one pass over the chunks."""
        functions = {f for q in questions for f in (q.score, q.value, q.group) if f is not None}
        arrays: dict[Any, FloatColumn] = {function: np.empty(self._size) for function in functions}
        for start in range(0, self._size, self._chunk):
            rows = slice(start, start + self._chunk)
            chunk = {name: column[rows] for name, column in self._columns.items()}
            for function in functions:
                arrays[function][rows] = function(chunk)
        return [self._answer(question, arrays) for question in questions]

    @staticmethod
    def _answer(question: Question, arrays: Mapping[Any, FloatColumn]) -> Answers:
        score, ask = arrays[question.score], question.ask
        graded = ~np.isnan(score)
        answers: list[Any] = []
        for group in range(question.classes):
            rows = graded if question.group is None else graded & (arrays[question.group] == group)
            if isinstance(ask, Count):
                answers.append(int(np.count_nonzero(rows)))
            elif isinstance(ask, TieBlocks):
                answers.append(_tie_blocks(np.sort(score[rows]), ask.shares))
            elif isinstance(ask, ValueBlocks):
                answers.append(_value_blocks(score[rows], arrays[question.value][rows], ask.shares))
            else:
                value = arrays[question.value][rows]
                answers.append(exact_sum(value[np.isfinite(value)]))
        return tuple(answers)


def _block(ascending: FloatColumn, rank: int) -> Block:
    """The tie block that holds `rank`, counted from the best, 1-based."""
    n = len(ascending)
    value = float(ascending[n - rank])
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
