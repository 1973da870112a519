"""What a cut may ask about the whole base, and the shape of the answers.

A cut never sees the arrays: it asks, and a `Population` answers, in memory, over files or on a cluster. Answers come
as one tuple per question with one item per class of the parent axis (one item where there is no parent).
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
    """Ask how many customers are graded; the answer is an int."""


@frozen
class TieBlocks:
    """Ask for the tie blocks that hold given ranks; the answer is a `RankedBlocks`.

    shares: cumulated shares of the head count, Fractions or texts such as "0.2"; the rank asked for is
    R = ceil(share × n), exactly.
    """

    shares: tuple[Fraction, ...] = field(converter=_exactly)


@frozen
class ValueBlocks:
    """Ask for the tie blocks that hold the ranks at which cumulated value reaches given shares of the total.

    value: the field that is cumulated from the best score down; unknown and infinite values count as nothing.
    shares: cumulated shares of the total. The rank asked for is the smallest at which the cumulated value reaches the
    share, every customer of a tie block counted with the block's mean value. The answer is a `RankedBlocks`.
    """

    value: str
    shares: tuple[Fraction, ...] = field(converter=_exactly)


@frozen
class Total:
    """Ask for the exact total of a field over graded customers; the answer is a `Fraction`, unknowns left out."""

    value: str


Ask = Count | TieBlocks | ValueBlocks | Total


@frozen
class Block:
    """The customers who share one score, at ranks above + 1 … through (best first), which hold the asked-for `rank`."""

    value: float
    above: int
    through: int
    rank: int


@frozen
class RankedBlocks:
    """The answer to `TieBlocks` and `ValueBlocks` for one parent class.

    count: graded customers. blocks: one per share asked for; none where count is 0, or where a value share can't be
    formed. total: the exact total of the value (of the head count, for `TieBlocks`). negative: customers whose value
    is below 0 although the value isn't the score. unknown: customers whose value is unknown or
    infinite.
    """

    count: int
    blocks: tuple[Block, ...] = field(converter=tupled)
    total: Fraction = Fraction(0)
    negative: int = 0
    unknown: int = 0


Answers = tuple[Any, ...]
"""One item per parent class."""


@frozen
class Question:
    """An ask together with what it is about.

    score: the function that is ranked; who has NaN or an infinity isn't graded.
    value: the function behind the ask's `value`, None where it names none.
    group: the code of the parent's class, None without a parent.
    classes: how many parent classes there are.
    """

    ask: Ask
    score: ColumnFunction = field(eq=False)
    value: ColumnFunction | None = field(default=None, eq=False)
    group: ColumnFunction | None = field(default=None, eq=False)
    classes: int = 1


class Population(Protocol):
    """Whoever can answer questions about a whole base, independent of how and where it is stored."""

    def answer(self, questions: Sequence[Question]) -> list[Answers]:
        """Answer independent questions, in their order, in as few passes as possible."""
        ...
