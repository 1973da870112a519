"""What every cut offers, and what fitting one yields."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from attrs import field, frozen

from custgrade.cuts.asks import Answers, Ask
from custgrade.cuts.boundary import Boundaries
from custgrade.data.converters import tupled


@frozen
class ScoreNotice:
    """A notice that ends with a score, kept as a number, so that it can be told as the user knows it.

    words: the sentence up to the score. score: as the axis ranks by it, so a field of which the lowest value is best
    has its sign changed.
    """

    words: str
    score: float

    def told(self, known_as: Callable[[float], float]) -> str:
        """The sentence. known_as: gives the value that the user knows for a score."""
        value = known_as(self.score) + 0.0
        text = f"{value:g}"
        if 1e3 <= abs(value) < 1e15 and ("e" in text or float(text) != value):
            # six digits are too few of an amount
            text = f"{value:,.2f}".removesuffix(".00")
        return f"{self.words} {text}"

    def __str__(self) -> str:
        return self.told(lambda score: score)


def _notices(value: Any) -> tuple[Any, ...]:
    return (value,) if isinstance(value, (str, ScoreNotice)) else tuple(value)


@frozen
class FittedCut:
    """What fitting a cut yields.

    boundaries: for each parent class its boundaries best first, or None where the class holds nobody.
    notices: what a reader of the result must know: sentences, or `ScoreNotice`s.
    notice_classes: the parent class that each notice is about, by position; none if they are about all.
    """

    boundaries: tuple[Boundaries | None, ...] = field(converter=tupled)
    notices: tuple[str | ScoreNotice, ...] = field(default=(), converter=_notices)
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


def described(cut: Cut) -> str:
    """Return a cut's content as text that is the same in every process, also for a class without a repr of its own."""
    if type(cut).__repr__ is not object.__repr__:
        return repr(cut)
    slots = [name for kind in type(cut).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {name: getattr(cut, name) for name in slots if hasattr(cut, name)} | getattr(cut, "__dict__", {})
    return f"{type(cut).__name__}{sorted(held.items())}"
