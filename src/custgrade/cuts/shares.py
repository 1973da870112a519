"""Cuts by shares of the head count or of a value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Literal, get_args

from attrs import field, frozen, validators

from custgrade.argument_checks import is_one_of
from custgrade.cuts.asks import Ask, Block, RankedBlocks, TieBlocks, ValueBlocks
from custgrade.cuts.boundary import Boundary
from custgrade.cuts.cut import CutFitting, FittedCut, ScoreNotice
from custgrade.cuts.exact import Share, as_float, exact_share
from custgrade.errors import CutError
from custgrade.text import counted, shown

Ties = Literal["mid", "better", "worse"]


def exact_shares(shares: Sequence[Share]) -> tuple[Fraction, ...]:
    """Return shares exactly.

    Raises CutError unless each share is above 0 and their sum is 1.
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
    """The common base of cuts by shares."""

    shares: tuple[Fraction, ...] = field(converter=exact_shares)
    ties: Ties = field(default="mid", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not is_one_of(self.ties, get_args(Ties)):
            raise CutError(f"ties is one of {', '.join(get_args(Ties))}; received {shown(self.ties)}")

    @property
    def cumulated(self) -> tuple[Fraction, ...]:
        """The cumulated shares at the boundaries, best first; the last one, 1, is left out."""
        return tuple(accumulate(self.shares))[:-1]

    def check(self, labels: int) -> None:
        """Raise CutError unless there are as many shares as labels."""
        if len(self.shares) != labels:
            raise CutError(f"{labels} labels need {labels} shares; received {len(self.shares)}")

    def _is_better(self, block: Block) -> bool:
        """Return whether the tie rule puts a tie block into the better class."""
        if self.ties == "mid":
            return block.above + block.through <= 2 * block.rank
        return block.above < block.rank if self.ties == "better" else block.through <= block.rank

    def _boundaries(self, answer: RankedBlocks) -> tuple[Boundary, ...] | None:
        """Return the boundaries at the tie blocks, inclusive where the block is in the better class."""
        return tuple(Boundary(one.value, self._is_better(one)) for one in answer.blocks) if answer.count else None

    def _tie_notices(self, labels: Sequence[str], answer: RankedBlocks) -> list[ScoreNotice]:
        """Return a notice for each boundary that ties move by more than one customer."""
        notices = []
        for k, (label, share, block) in enumerate(zip(labels, self.cumulated, answer.blocks, strict=False)):
            reached = block.through if self._is_better(block) else block.above
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

    shares: one per label, best first: decimal text, text such as `1/3`, or floats, which are read as their shortest
    decimal text. They must sum to 1 exactly.
    ties: the rule for a tie block, the customers with one score. With R = ceil(cumulated share × n) and the block at
    ranks a + 1 … b, the block is in the better class if and only if a + b ≤ 2R (`mid`: at least half of the block is
    within R), a < R (`better`) or b ≤ R (`worse`).

    n is the number of customers graded on the axis; with a parent axis, of those in one parent class.
    """

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Yield the ask for the tie blocks at the ranks, and return the boundaries."""
        ask: Ask = TieBlocks(self.cumulated)
        (answers,) = yield (ask,)
        notices = [(notice, k) for k, answer in enumerate(answers) for notice in self._tie_notices(labels, answer)]
        return _fitted([self._boundaries(answer) for answer in answers], notices)


@frozen
class ValueShares(_ShareCut):
    """Cut by shares of a cumulated value: `ValueShares(("0.8", "0.15", "0.05"), "revenue")`, the ABC analysis.

    shares: shares of the value's total, written as in `Shares`.
    value: the field whose values are cumulated from the best score down. Its total must be above 0. Values below 0 are
    allowed only if the value is the score itself.
    ties: the rule for tie blocks, as in `Shares`. R is the smallest rank at which the cumulated value reaches the
    share, so the customer at which it does so is included. Every customer of a tie block counts with the block's mean
    value.
    """

    value: str = field(default="revenue", validator=validators.instance_of(str))
    _measure = "of the value"

    @property
    def reads(self) -> tuple[str, ...]:
        """The cumulated field; a base must have it when the cut is fitted."""
        return (self.value,)

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Yield the ask for the tie blocks where the cumulated value reaches shares, and return the boundaries.

        Raises CutError if the total isn't above 0, or values are below 0 and aren't the score.
        """
        ask: Ask = ValueBlocks(self.value, self.cumulated)
        (answers,) = yield (ask,)
        notices: list[tuple[str | ScoreNotice, int]] = []
        for k, answer in enumerate(answers):
            if not answer.count:
                continue
            if answer.negative:
                raise CutError(
                    f"{counted(answer.negative, 'customers')} with a {self.value} below 0; shares of a value need "
                    f"values of at least 0, unless the score is the value. Score by {self.value!r}, or cut with Shares"
                )
            if answer.total <= 0:
                raise CutError(
                    f"the total {self.value} is {as_float(answer.total):g}; shares of a value need a total above 0. "
                    "Cut with Shares"
                )
            if answer.unknown:
                unknown = counted(answer.unknown, "customers")
                notices.append((f"the {self.value} of {unknown} is unknown or infinite and counted as nothing", k))
            notices += [(notice, k) for notice in self._tie_notices(labels, answer)]
        return _fitted([self._boundaries(answer) for answer in answers], notices)
