"""Fitting a scorer to a base, which gives a model."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
from attrs import frozen

from custgrade.cuts.array_population import ArrayPopulation
from custgrade.cuts.asks import Population
from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.cut import FittedCut
from custgrade.data.base import CustomerBase
from custgrade.data.field import ColumnFunction
from custgrade.data.missing import missing_fields
from custgrade.data.scale import UNGRADED
from custgrade.data.standard import COMPUTED_FROM_LINES, known_fields
from custgrade.errors import FieldError, Hint, NothingToGradeError, ScorerError
from custgrade.model.batch_grader import BatchGrader
from custgrade.model.compatibility import definitions, other_unit
from custgrade.model.fitting_rounds import Fit, run_round
from custgrade.model.grading_model import GradingModel
from custgrade.model.reasons import Reasons
from custgrade.scoring.learned import RankedField
from custgrade.scoring.score_protocols import AdaptableScore
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.scoring.tracing import trace
from custgrade.selection.chunks import ROWS
from custgrade.selection.guess import SAMPLE
from custgrade.selection.select import Codes
from custgrade.text import counted, did_you_mean, listed

_LARGEST_SAMPLE = 1 << 20


def fit(scorer: TracedScorer, base: CustomerBase) -> GradingModel:
    """Return the model of a base; see `TracedScorer.fit`."""
    adapted, dropped = adapt(scorer, base)
    return fit_population(adapted, _population(adapted, base, keep=base.in_memory), base, dropped)


def fit_codes(
    scorer: TracedScorer, base: CustomerBase
) -> tuple[GradingModel, CustomerBase, Mapping[str, Codes] | None]:
    """Return the model of a base, the base, and the codes of its customers by axis.

    The codes are None for a base whose columns are on disk.
    """
    adapted, dropped = adapt(scorer, base)
    population = _population(adapted, base, keep=base.in_memory)
    if not base.in_memory:
        return fit_population(adapted, population, base, dropped), base, None
    functions: dict[str, ColumnFunction] = {}

    def settle(one: Fit, fitted: FittedCut, codes: ColumnFunction) -> None:
        functions[one.name] = codes
        population.settle(one.score, one.group, fitted.boundaries, codes)

    model = fit_population(adapted, population, base, dropped, settle)
    return model, base, {name: population.codes(function) for name, function in functions.items()}


def _population(scorer: TracedScorer, base: CustomerBase, keep: bool) -> ArrayPopulation:
    columns = {name: base.columns[name] for name in (*scorer.inputs, *scorer.cut_inputs)}
    # columns on disk get a larger sample, because another pass over them takes longer
    sample = None if base.in_memory else max(SAMPLE, min(_LARGEST_SAMPLE, len(base) >> 7))
    return ArrayPopulation(columns, len(base), threads=scorer.portable, sample=sample, keep=keep)


def adapt(scorer: TracedScorer, base: CustomerBase) -> tuple[TracedScorer, tuple[str, ...]]:
    """Return the scorer without the criteria whose field the data lacks, and the names of those fields.

    Raises FieldError when the data lacks a field that the scorer needs, or has a field in another unit than the scorer
    defines; ScorerError when no criterion is left.
    """
    dropped = tuple(sorted(name for name in scorer.optional if name not in base.view))
    for name in dropped:
        if name not in known_fields(scorer.fields) and (guess := did_you_mean(name, [*base.fields, *base.columns])):
            raise FieldError(f"there is no field {name!r}.{guess}")
    try:
        adapted = scorer.without(dropped)
    except ScorerError as error:
        raise ScorerError(f"{error.message}.", mapping_hint(dropped, base, known_fields(scorer.fields))) from error
    missing = [name for name in (*adapted.inputs, *adapted.cut_inputs) if name not in base.columns]
    if missing:
        hint = mapping_hint(missing, base, known_fields(adapted.fields))
        raise missing_fields(missing, base.view, hint, base.unmapped)
    own = known_fields(adapted.fields)
    other = other_unit({name: own[name].unit for name in adapted.inputs if name in own}, base.fields)
    if other:
        name, unit, found = other
        raise FieldError(f"the scorer reads {name!r} in {unit}; the data has it in {found}. Convert the column.")
    return adapted, dropped


def mapping_hint(missing: Sequence[str], base: CustomerBase, defined: Container[str]) -> Hint:
    """Return how to supply missing fields; a derived field is supplied by its parts.

    defined: the names of fields that have a definition.
    """
    parts = [part for name in missing for part in (base.fields[name].parts if name in base.fields else ()) or (name,)]
    missing = [name for name in dict.fromkeys(parts) if name not in base.columns]
    hint = Hint()
    mistyped = missing[0] not in base.fields and did_you_mean(missing[0], [*base.fields, *base.columns])
    if base.unmapped and not mistyped:
        could = f"Columns that could still be mapped: {listed(base.unmapped)}"
        # a field of the scorer's own can't be mapped unless the reader is given its definition
        fields = "" if missing[0] in base.fields else ", fields=scorer.fields"
        hint += Hint(f'{could} (columns={{"{missing[0]}": "NAME"}}{fields}).', f"{could} (--column {missing[0]}=NAME).")
    if base.period is not None and missing[0] not in defined and not mistyped:
        own = f"Order lines hold {missing[0]!r} only if a Field says how lines are combined"
        definition = f'fields=[custgrade.Field("{missing[0]}", "number", combine="sum")]'
        hint += Hint(
            f"{own}: {definition}. A customer file holds any number.",
            f"{own}. A customer file holds any number: --customers FILE.",
        )
    for name in missing if base.period is not None else ():
        if name in COMPUTED_FROM_LINES:
            hint += Hint.alike(f"{name!r} is computed from order lines: map {COMPUTED_FROM_LINES[name]}.")
        elif name in base.fields and base.fields[name].combine is None:
            whose = f"{name!r} is a field of customers:"
            hint += Hint(
                f"{whose} read a customer file with read_customers, and join it: base.join(customers).",
                f"{whose} give it in a customer file: --customers FILE.",
            )
    if "profit" in missing and "revenue" in base.columns:
        how = "Without profits, map `cost`, or assume a margin on revenue:"
        hint += Hint(f"{how} assume_margin=0.3.", f"{how} --assume-margin 0.3.")
    return hint


def fit_population(
    scorer: TracedScorer,
    population: Population,
    base: CustomerBase,
    dropped: tuple[str, ...] = (),
    settle: Callable[[Fit, FittedCut, ColumnFunction], None] = lambda one, fitted, codes: None,
) -> GradingModel:
    """Return the model of a population, in memory or on disk.

    Learned columns are fitted in the first round, axes without a parent in the second, nested axes in later rounds.
    base: the source of the model's period, currency and fields; its columns are read only for the error when nobody
    can be graded. settle: called for every fitted axis, with the function that computes its codes.
    """
    learned: dict[str, Boundaries | None] = {}
    boundaries: dict[str, tuple[Boundaries | None, ...]] = {}
    notices = [f"left out, because the data has no such field: {name}" for name in dropped]
    for axis in scorer.axes if dropped else ():
        left = scorer.fields_read(scorer.scores[axis.name])
        if isinstance(axis.score, AdaptableScore) and len(left) < 2:
            notices.append(f"warning: {axis.name} rests on one field only, {listed(left)}, so it says little")
    for axis in scorer.axes:
        # a score that is written with a minus says itself that the lowest value is best
        lowest = lowest_first(scorer, axis.name) if isinstance(axis.score, RankedField) else None
        if lowest is not None:
            notices.append(f"{axis.name} is by {lowest}, least first")
    if not scorer.portable:
        notices.append("a score can't be traced (traceable=False): nothing is promised for other engines or batches")
    batch_grader, fields = BatchGrader(scorer, learned, boundaries), definitions(scorer, base)
    fits = [
        Fit(name, column.cut, [f"{point:g}" for point in column.points], _ranked(batch_grader, name))
        for name, column in scorer.learned.items()
    ]
    for one, (fitted, _) in zip(fits, run_round(population, fits, scorer), strict=True):
        learned[one.name] = fitted.boundaries[0]
    graded: dict[str, int] = {}
    codes = {axis.name: _codes(batch_grader, axis.name) for axis in scorer.axes}
    waiting = list(scorer.axes)
    while waiting:
        ready = [axis for axis in waiting if axis.within is None or axis.within in boundaries]
        waiting = [axis for axis in waiting if axis not in ready]
        fits = []
        for axis in ready:
            group = None if axis.within is None else codes[axis.within]
            score, classes = _scored(batch_grader, axis.name), scorer.scale.parent_classes(axis.name)
            fits.append(Fit(axis.name, axis.cut, axis.labels, score, group, classes))
        for one, (fitted, counts) in zip(fits, run_round(population, fits, scorer), strict=True):
            boundaries[one.name] = fitted.boundaries
            settle(one, fitted, codes[one.name])
            graded[one.name] = sum(counts)
            notices += _notices_in_words(fitted, one.name, scorer)
            if not sum(counts) and scorer.scale.axis(one.name).within is None:
                raise NothingToGradeError(_why_nothing(batch_grader, base, one.name))
    return GradingModel(
        scorer=scorer,
        learned=learned,
        boundaries=boundaries,
        dropped=dropped,
        period=base.period,
        currency=base.currency,
        customers=len(base),
        graded=graded,
        notices=tuple(notices),
        units={name: fields[name].unit for name in scorer.inputs if name in fields},
    )


def _notices_in_words(fitted: FittedCut, axis: str, scorer: TracedScorer) -> list[str]:
    """Return the notices of a fitted cut in words, each with its axis and, on a nested axis, the parent's label."""
    within = scorer.scale.axis(axis).within
    labels = scorer.scale.axis(within).labels if within else ()
    lowest = lowest_first(scorer, axis) is not None
    notices = []
    for notice, group in zip_longest(fitted.notices, fitted.notice_classes[: len(fitted.notices)]):
        whose = f" of {labels[group]}" if labels and group is not None else ""
        text = notice if isinstance(notice, str) else notice.told(lambda score: -score if lowest else score)
        notices.append(f"{axis}{whose}: {text}" if len(scorer.axes) > 1 else text)
    return notices


def lowest_first(scorer: TracedScorer, axis: str) -> str | None:
    """Return the field that an axis ranks by, the lowest value first; None for an axis with any other score."""
    score = scorer.scores[axis]
    if score.root is None or score.root.operation != "negative" or len(score.reads) != 1:
        return None
    (name,) = score.reads
    if name in scorer.learned:
        return None
    negated = trace(RankedField(name, "lowest"), f"field {name!r}", known_fields(scorer.fields))
    return name if negated.fingerprint == score.fingerprint else None


@frozen(eq=False)
class _Score:
    """A score as a population computes it.

    steps: the number of its operations.
    """

    compute: ColumnFunction
    steps: int

    def __call__(self, batch: Mapping[str, Any]) -> Any:
        return self.compute(batch)


def _ranked(batch_grader: BatchGrader, name: str) -> ColumnFunction:
    return _Score(lambda batch: batch_grader.learned_score(name, batch), batch_grader.scorer.learned_scores[name].steps)


def _scored(batch_grader: BatchGrader, axis: str) -> ColumnFunction:
    parts = [batch_grader.scorer.scores[axis], *batch_grader.scorer.conditions]
    return _Score(
        lambda batch: batch_grader.ranked(axis, batch_grader.columns(batch)), sum(1 + part.steps for part in parts) - 1
    )


def _codes(batch_grader: BatchGrader, axis: str) -> ColumnFunction:
    return lambda batch: batch_grader.codes(axis, batch_grader.columns(batch))


def _why_nothing(batch_grader: BatchGrader, base: CustomerBase, axis: str) -> str:
    if not len(base):
        return "there are no customers to grade"
    reasons = Reasons(batch_grader)
    columns = batch_grader.columns({name: base.columns[name][:ROWS] for name in batch_grader.scorer.inputs})
    size = min(len(base), ROWS)
    codes = reasons.assign(columns, {axis: np.full(size, UNGRADED, dtype=np.uint8)})
    shown = {reasons.texts[code]: int(n) for code, n in zip(*np.unique(codes, return_counts=True), strict=True)}
    why = listed(f"{text} ({counted(n, 'customers')})" for text, n in shown.items())
    return f"not one of {counted(len(base), 'customers')} can be graded on {axis!r}: {why}"
