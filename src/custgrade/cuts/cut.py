"""The interface of cuts, and the results of fitting them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from attrs import field, frozen

from custgrade.cuts.asks import Answers, Ask
from custgrade.cuts.boundary import Boundaries
from custgrade.data.converters import tupled


@frozen
class ScoreNotice:
    """A notice that ends with a score, which can be written in the user's own terms.

    words: the sentence up to the score. score: the score that the axis ranks by; for a field whose lowest value is
    best, that is the value with its sign changed.
    """

    words: str
    score: float

    def told(self, known_as: Callable[[float], float]) -> str:
        """Return the sentence; known_as: turns the score into the value that the user knows."""
        value = known_as(self.score) + 0.0
        text = f"{value:g}"
        if 1e3 <= abs(value) < 1e15 and ("e" in text or float(text) != value):
            # an amount needs more than the six digits of :g
            text = f"{value:,.2f}".removesuffix(".00")
        return f"{self.words} {text}"

    def __str__(self) -> str:
        return self.told(lambda score: score)


def _notices(value: Any) -> tuple[Any, ...]:
    return (value,) if isinstance(value, (str, ScoreNotice)) else tuple(value)


@frozen
class FittedCut:
    """The result of fitting a cut.

    boundaries: the boundaries of each parent class, best first; None for a class without graded customers.
    notices: remarks for readers of the result, sentences or `ScoreNotice`s.
    notice_classes: the code of the parent class that each notice is about, in the same order; empty if each notice is
    about all classes.
    """

    boundaries: tuple[Boundaries | None, ...] = field(converter=tupled)
    notices: tuple[str | ScoreNotice, ...] = field(default=(), converter=_notices)
    notice_classes: tuple[int, ...] = field(default=(), converter=tupled)


CutFitting = Generator[Sequence[Ask], Sequence[Answers], FittedCut]
"""The generator that fits a cut: it yields the asks of a round, and receives their answers in the same order."""


class Cut(Protocol):
    """The interface of a cut, which turns a score into a class; authors can write their own.

    A cut that asks about a field's values has an attribute `reads`, a tuple of the names of these fields.
    """

    def check(self, labels: int) -> None:
        """Raise CutError unless the cut makes `labels` classes."""
        ...

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Yield asks for the population, and return the boundaries made of the answers."""
        ...


def described(cut: Cut) -> str:
    """Return a cut's content as text, the same in every process, even for a class without its own `__repr__`."""
    if type(cut).__repr__ is not object.__repr__:
        return repr(cut)
    slots = [name for kind in type(cut).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {name: getattr(cut, name) for name in slots if hasattr(cut, name)} | getattr(cut, "__dict__", {})
    return f"{type(cut).__name__}{sorted(held.items())}"
