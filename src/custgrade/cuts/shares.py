"""Cuts by shares of the head count or of a value, with exact shares and a rule for ties."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Literal, get_args

from attrs import field, frozen, validators

from custgrade.cuts.asks import Ask, Block, RankedBlocks, TieBlocks, ValueBlocks
from custgrade.cuts.boundary import Boundary
from custgrade.cuts.cut import CutFitting, FittedCut, ScoreNotice
from custgrade.cuts.exact import Share, as_float, exact_share
from custgrade.errors import CutError
from custgrade.text import counted, shown

Ties = Literal["mid", "better", "worse"]


def exact_shares(shares: Sequence[Share]) -> tuple[Fraction, ...]:
    """Return shares exactly.

    Raises CutError when one of them is no share, or they don't sum to 1.
    """
    if isinstance(shares, (str, bytes)) or not isinstance(shares, Sequence):
        raise CutError(f"shares are a list such as ['0.2', '0.3', '0.5']; received {shown(shares)}")
    exact = tuple(exact_share(share) for share in shares)
    if (total := sum(exact)) != 1:
        terms = " + ".join(map(str, shares)) or "no shares"
        raise CutError(f"shares must sum to 1 exactly; {terms} = {float(total):.12g}. Write thirds as '1/3'.")
    return exact


@frozen
class _ShareCut:
    """What cuts by shares have in common."""

    shares: tuple[Fraction, ...] = field(converter=exact_shares)
    ties: Ties = field(default="mid", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.ties not in get_args(Ties):
            raise CutError(f"ties is one of {', '.join(get_args(Ties))}; received {shown(self.ties)}")

    @property
    def cumulated(self) -> tuple[Fraction, ...]:
        """The cumulated shares at the boundaries, best first; the last one, 1, is left out."""
        return tuple(accumulate(self.shares))[:-1]

    def check(self, labels: int) -> None:
        """Raise CutError unless there are as many shares as labels."""
        if len(self.shares) != labels:
            raise CutError(f"{labels} labels need {labels} shares; received {len(self.shares)}")

    def _boundary(self, block: Block) -> Boundary:
        """The block goes to the better side as the tie rule says; sent down, it leaves an exclusive boundary."""
        better = {
            "mid": block.above + block.through <= 2 * block.rank,
            "better": block.above < block.rank,
            "worse": block.through <= block.rank,
        }[self.ties]
        return Boundary(block.value, inclusive=better)

    def _boundaries(self, answer: RankedBlocks) -> tuple[Boundary, ...] | None:
        return tuple(map(self._boundary, answer.blocks)) if answer.count else None

    def _tie_notices(self, labels: Sequence[str], answer: RankedBlocks) -> list[ScoreNotice]:
        """Say where the ties moved a boundary by more than one customer."""
        notices = []
        for k, (label, share, block) in enumerate(zip(labels, self.cumulated, answer.blocks, strict=False)):
            reached = block.through if self._boundary(block).inclusive else block.above
            if abs(reached - block.rank) > 1:
                whom = label if k == 0 else f"{label} and better"
                words = (
                    f"{whom}: asked for {100 * float(share):.4g} % {self._measure}, {block.rank:,} of "
                    f"{counted(answer.count, 'customers')}; reached {reached:,}, because "
                    f"{block.through - block.above:,} tie at"
                )
                notices.append(ScoreNotice(words, block.value))
        return notices

    _measure = "of the customers"


def _fitted(
    boundaries: Sequence[tuple[Boundary, ...] | None], notices: Sequence[tuple[str | ScoreNotice, int]]
) -> FittedCut:
    return FittedCut(boundaries, [notice for notice, _ in notices], [k for _, k in notices])


@frozen
class Shares(_ShareCut):
    """Cut by shares of the head count: `Shares(("0.05", "0.15", "0.3", "0.3", "0.2"))`.

    shares: one per label, best first; decimal text, `1/3`, or floats that stand for their shortest decimal text; they
    sum to 1 exactly.
    ties: where a block of equal scores goes. With R = ceil(cumulated share × n) and the block at ranks a+1 … b, it goes
    to the better side iff a + b ≤ 2R (`mid`: at least half of it lies within R), a < R (`better`) or b ≤ R (`worse`).

    n counts the customers graded on the axis, within one parent class where there is a parent.
    """

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Ask for the tie blocks at the ranks, and place each."""
        ask: Ask = TieBlocks(self.cumulated)
        (answers,) = yield (ask,)
        notices = [(notice, k) for k, answer in enumerate(answers) for notice in self._tie_notices(labels, answer)]
        return _fitted([self._boundaries(answer) for answer in answers], notices)


@frozen
class ValueShares(_ShareCut):
    """Cut by shares of a cumulated value: `ValueShares(("0.8", "0.15", "0.05"), "revenue")`, the ABC analysis.

    value: the field whose values are cumulated from the best score down. Its total must be positive and no value below
    0, unless the value is the score itself: losses at the end then do no harm.

    The rank R is the smallest at which the cumulated value reaches the share, so the customer who crosses it is in; in
    a block of equal scores each counts with the block's mean value, and `ties` places the block as in `Shares`.
    """

    value: str = field(default="revenue", validator=validators.instance_of(str))
    _measure = "of the value"

    @property
    def reads(self) -> tuple[str, ...]:
        """The field that is cumulated; the base must have it when the cut is fitted."""
        return (self.value,)

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Ask for the tie blocks where the cumulated value reaches the shares, and place each."""
        ask: Ask = ValueBlocks(self.value, self.cumulated)
        (answers,) = yield (ask,)
        notices: list[tuple[str | ScoreNotice, int]] = []
        for k, answer in enumerate(answers):
            if not answer.count:
                continue
            if answer.negative:
                raise CutError(
                    f"{counted(answer.negative, 'customers')} with a {self.value} below 0: its shares can't be "
                    "cumulated by another score; score by the value itself, or cut by Shares of the head count"
                )
            if answer.total <= 0:
                raise CutError(
                    f"the total {self.value} is {as_float(answer.total):g}; shares of a value need a positive total"
                )
            if answer.unknown:
                unknown = counted(answer.unknown, "customers")
                notices.append((f"the {self.value} of {unknown} is unknown or infinite and counted as nothing", k))
            notices += [(notice, k) for notice in self._tie_notices(labels, answer)]
        return _fitted([self._boundaries(answer) for answer in answers], notices)
