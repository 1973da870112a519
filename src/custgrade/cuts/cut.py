"""What every cut offers, and what fitting one yields."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol

from attrs import field, frozen

from custgrade.cuts.asks import Answers, Ask
from custgrade.cuts.boundary import Boundaries
from custgrade.data.converters import tupled


@frozen
class FittedCut:
    """What fitting a cut yields.

    boundaries: for each parent class its boundaries best first, or None where the class holds nobody.
    notices: what a reader of the result must know, in sentences.
    notice_classes: the parent class that each notice is about, by position; none if they are about all.
    """

    boundaries: tuple[Boundaries | None, ...] = field(converter=tupled)
    notices: tuple[str, ...] = field(default=(), converter=tupled)
    notice_classes: tuple[int, ...] = field(default=(), converter=tupled)


CutFitting = Generator[Sequence[Ask], Sequence[Answers], FittedCut]
"""A cut's fit in progress: it yields the asks of a round and is sent their answers in the same order."""


class Cut(Protocol):
    """How a score becomes a class. Authors write their own by asking for what they need.

    A cut that asks about a field's values names it in an attribute `reads`, a tuple of field names.
    """

    def check(self, labels: int) -> None:
        """Raise CutError unless the cut makes as many classes as there are labels."""
        ...

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Ask the population, and return the boundaries."""
        ...
