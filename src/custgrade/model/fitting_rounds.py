"""One round of fitting: cuts are fitted side by side, so that their asks are answered together."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from attrs import field, frozen

from custgrade.cuts.asks import Answers, Ask, Count, Population, Question, Total, ValueBlocks
from custgrade.cuts.boundary import in_order
from custgrade.cuts.cut import Cut, CutFitting, FittedCut
from custgrade.data.field import ColumnFunction
from custgrade.data.standard import known_fields
from custgrade.errors import CutError
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.scoring.tracing import TracedScore, trace
from custgrade.text import shown


@frozen
class Fit:
    """A cut to be fitted.

    name: of the axis or learned column. score: what is cut. group: the parent's codes, None without a parent.
    classes: the number of the parent's classes, 1 without a parent.
    """

    name: str
    cut: Cut
    labels: Sequence[str]
    score: ColumnFunction = field(eq=False)
    group: ColumnFunction | None = field(default=None, eq=False)
    classes: int = 1


def run_round(
    population: Population, fits: Sequence[Fit], scorer: TracedScorer
) -> list[tuple[FittedCut, tuple[int, ...]]]:
    """Return each fitted cut with its customers per class of the parent; the asks of all are answered together."""
    if not fits:
        return []
    fields = known_fields(scorer.fields)
    values: dict[str, TracedScore] = {}

    def question(one: Fit, ask: Ask) -> Question:
        value = ask.value if isinstance(ask, (ValueBlocks, Total)) else None
        if value is not None and value not in values:
            values[value] = trace(_column(value), f"value {value!r}", fields)
            if not set(values[value].inputs) <= {*scorer.inputs, *scorer.cut_inputs}:
                raise CutError(
                    f"the cut of {one.name!r} asks about {value!r}; it must name {value!r} in its attribute `reads`"
                )
        return Question(ask, one.score, None if value is None else values[value], one.group, one.classes)

    # every fit's customers are counted with the asks of the first round
    counts: list[Answers] = []
    asks: dict[int, Sequence[Ask]] = {}
    results: dict[int, FittedCut] = {}

    fittings: dict[int, CutFitting] = {}

    def advance(k: int, answers: Sequence[Answers] | None) -> None:
        try:
            if answers is None:
                fittings[k] = _generator(fits[k].cut.fit(fits[k].labels))
            asks[k] = _checked_asks(next(fittings[k]) if answers is None else fittings[k].send(answers))
        except StopIteration as stop:
            asks.pop(k, None)
            results[k] = _checked(stop.value, fits[k])
        except CutError as error:
            raise CutError(f"{fits[k].name}: {error}") from error
        except Exception as error:
            raise CutError(f"the cut of {fits[k].name!r} failed: {type(error).__name__}: {error}") from error

    for k in range(len(fits)):
        advance(k, None)
    while asks or not counts:
        questions = [question(fits[k], ask) for k, batch in asks.items() for ask in batch]
        counting = [] if counts else [question(one, Count()) for one in fits]
        answers = population.answer([*questions, *counting])
        counts = counts or answers[len(questions) :]
        at = 0
        for k, batch in list(asks.items()):
            advance(k, answers[at : at + len(batch)])
            at += len(batch)
    return [(results[k], counts[k]) for k in range(len(fits))]


def _column(name: str) -> ColumnFunction:
    return lambda c: c[name]


def _generator(fitting: Any) -> CutFitting:
    if not isinstance(fitting, Generator):
        raise CutError(
            "the `fit` of a cut must be a generator that yields questions, such as `yield (Count(),)`, and returns a "
            f"FittedCut; received {shown(fitting)}"
        )
    return fitting


def _checked_asks(asks: Any) -> Sequence[Ask]:
    if not isinstance(asks, (tuple, list)) or not all(isinstance(ask, Ask) for ask in asks):
        raise CutError(
            f"a cut must yield a list of Count(), TieBlocks(…), ValueBlocks(…) or Total(…); received {asks!r}"
        )
    return asks


def _checked(fitted: Any, one: Fit) -> FittedCut:
    """Return a fitted cut; raise CutError unless it has the right number of classes and falling boundaries."""
    if not isinstance(fitted, FittedCut) or len(fitted.boundaries) != one.classes:
        raise CutError(
            f"the cut of {one.name!r} must return a FittedCut for {one.classes} classes; received {fitted!r}"
        )
    for boundaries in fitted.boundaries:
        if boundaries is not None and (len(boundaries) != len(one.labels) - 1 or not in_order(boundaries)):
            raise CutError(
                f"the cut of {one.name!r} must give {len(one.labels) - 1} boundaries that never rise; "
                f"received {', '.join(map(str, boundaries))}"
            )
    return fitted
