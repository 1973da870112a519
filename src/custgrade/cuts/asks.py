"""The questions that a cut can ask about a whole base, and the shapes of their answers.

A cut never reads the columns itself. It yields asks, and a `Population` answers them, in memory, over files or on a
cluster. An answer is a tuple with one item per class of the parent axis, or one item if there is no parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from attrs import field, frozen

from custgrade.cuts.exact import Share, exact_share
from custgrade.data.converters import tupled
from custgrade.data.field import ColumnFunction


def _exactly(shares: Sequence[Share]) -> tuple[Fraction, ...]:
    return tuple(share if isinstance(share, Fraction) else exact_share(share) for share in tupled(shares))


@frozen
class Count:
    """A request for the number of graded customers. The answer is an int."""


@frozen
class TieBlocks:
    """A request for the tie blocks at given ranks. The answer is a `RankedBlocks`.

    shares: cumulated shares of the head count, Fractions or texts such as "0.2". With n graded customers, the rank of a
    share is R = ceil(share × n), computed exactly.
    """

    shares: tuple[Fraction, ...] = field(converter=_exactly)


@frozen
class ValueBlocks:
    """A request for the tie blocks at the ranks where a cumulated value reaches shares of its total.

    The answer is a `RankedBlocks`.

    value: the field that is cumulated from the best score down; unknown and infinite values count as 0.
    shares: cumulated shares of the total. The rank of a share is the smallest rank at which the cumulated value reaches
    it; every customer of a tie block counts with the block's mean value.
    """

    value: str
    shares: tuple[Fraction, ...] = field(converter=_exactly)


@frozen
class Total:
    """A request for the exact total of a field over graded customers. The answer is a `Fraction`.

    value: the field; unknown and infinite values count as 0.
    """

    value: str


Ask = Count | TieBlocks | ValueBlocks | Total


@frozen
class Block:
    """A tie block: the customers with one score.

    value: the score. above: the number of customers with a better score. through: the number of customers with this
    score or a better one; the block holds the ranks above + 1 … through, best first. rank: the requested rank.
    """

    value: float
    above: int
    through: int
    rank: int


@frozen
class RankedBlocks:
    """The answer to `TieBlocks` and `ValueBlocks` for one parent class.

    count: the number of graded customers.
    blocks: one per requested share; none if count is 0, or if shares of the value can't be formed.
    total: the exact total of the value; for `TieBlocks`, the head count.
    negative: the number of customers with a value below 0; 0 if the value is the score.
    unknown: the number of customers with an unknown or infinite value.
    """

    count: int
    blocks: tuple[Block, ...] = field(converter=tupled)
    total: Fraction = Fraction(0)
    negative: int = 0
    unknown: int = 0


Answers = tuple[Any, ...]
"""The answer to one question: one item per parent class, or one item if there is no parent."""


@frozen
class Question:
    """An ask, with the functions of columns that it refers to.

    score: gives the ranked score; customers with a NaN or infinite score aren't graded.
    value: gives the values of the ask's `value`; None if the ask has none.
    group: gives the code of each customer's parent class; None without a parent.
    classes: the number of parent classes, 1 without a parent.
    """

    ask: Ask
    score: ColumnFunction = field(eq=False)
    value: ColumnFunction | None = field(default=None, eq=False)
    group: ColumnFunction | None = field(default=None, eq=False)
    classes: int = 1


class Population(Protocol):
    """The interface that answers questions about a whole base, however it is stored."""

    def answer(self, questions: Sequence[Question]) -> list[Answers]:
        """Return the answers to independent questions, in their order, with as few passes as possible."""
        ...
