"""Promise 8: unknown is not bad."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from custgrade.data.base import CustomerBase
from custgrade.data.scale import UNGRADED
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.axis import Axis
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject, first_difference, in_words, outcomes, varied

_PROMISE = "8, unknown is not bad"


def unknown_is_ungraded(subject: Subject, draw: Draw) -> None:
    """Raise an error unless customers without a score or any known field are ungraded and move no other customer."""
    base = draw(subject.bases(min_size=1))
    model = subject.fitted(base)
    if model is None:
        return
    known = subject.graded(model, base)
    for axis in model.scorer.axes:
        lost = np.isnan(known.scores[axis.name]) & (known.codes[axis.name] != UNGRADED)
        if lost.any():
            row = int(np.flatnonzero(lost)[0])
            what = f"{base.ids[row]} has no score on {axis.name!r}, and got {in_words(known, row)}"
            raise broken_promise(_PROMISE, what, base)
    places = draw(st.lists(st.integers(0, len(base)), min_size=1, max_size=3))
    rows = np.insert(np.arange(len(base)), sorted(places), -1)
    wider = CustomerBase(
        [f"c{row}" if row >= 0 else f"unknown{k}" for k, row in enumerate(rows)],
        {name: np.where(rows >= 0, column[rows], np.nan) for name, column in base.columns.items()},
    )
    wider_model = subject.fitted(wider)
    if wider_model is None:
        raise broken_promise(
            _PROMISE, "the base can no longer be graded after customers without any known field are added", base
        )
    graded = subject.graded(wider_model, wider)
    for row in np.flatnonzero(rows < 0).tolist():
        codes = [int(graded.codes[axis.name][row]) for axis in graded.scale.axes]
        if any(code != UNGRADED for code in codes) or not graded.reasons[int(graded.reason_codes[row])]:
            what = f"{wider.ids[row]}, a customer without any known field, got {in_words(graded, row)}"
            raise broken_promise(_PROMISE, what, wider)
    left = [outcome for outcome, row in zip(outcomes(graded), rows, strict=True) if row >= 0]
    moved = first_difference(outcomes(known), left)
    if moved is not None:
        what = f"{base.ids[moved]} got another grade after customers without any known field were added"
        raise broken_promise(_PROMISE, what, base)


def unknown_is_not_the_worst(subject: Subject) -> None:
    """Raise an error if an unknown declared field is as bad as its worst value for nearly every customer."""
    base = subject.sample()
    model = subject.fitted(base)
    if model is None:
        return
    complete = [row for row in range(len(base)) if not any(math.isnan(c[row]) for c in base.columns.values())]
    for axis, name in _declared(subject, model):
        values = [*np.unique(base.columns[name][~np.isnan(base.columns[name])]).tolist(), math.nan]
        hurt: list[CustomerBase] = []
        fine = 0
        for row in complete:
            alike = varied(base, row, name, values)
            verdict = _worst(subject.graded(model, alike), axis)
            fine += verdict is False
            hurt += [alike.take([len(alike) - 1])] if verdict else []
        if hurt and len(hurt) >= 4 * fine:
            got = in_words(subject.graded(model, hurt[0]), 0)
            what = (
                f"a customer whose {name!r} is unknown gets {got}, the worst grade that any {name} gives. Leave the "
                "field out of the score where it is unknown, or leave the customer ungraded; if unknown means none, "
                f"declare it: zero_if_unknown = ({name!r},)"
            )
            raise broken_promise(_PROMISE, what, hurt[0])


def _worst(graded: Graded, axis: Axis) -> bool | None:
    """Return whether the unknown field makes the last row the worst; None if that can't be decided."""
    scores, codes = graded.scores[axis.name], graded.codes[axis.name]
    others = codes[:-1][codes[:-1] != UNGRADED]
    if codes[-1] == UNGRADED:
        return False
    if not len(others):
        return None
    low = np.sort(scores[:-1][codes[:-1] != UNGRADED])[len(others) // 5]
    if codes[-1] < others.max() or scores[-1] > low:
        return False
    return True if codes[-1] > others.min() else None


def unknown_is_no_evidence(subject: Subject) -> None:
    """Raise an error if a condition of evidence holds for customers for whom all its fields are unknown."""
    base = subject.sample()
    batch_grader = subject.scorer.fit(base).batch_grader
    for item, condition in zip(subject.scorer.evidence, subject.scorer.conditions, strict=True):
        if condition.learned or set(condition.inputs) & set(subject.zero_if_unknown):
            continue
        columns = {name: base.columns[name] for name in subject.scorer.inputs}
        columns |= {name: np.full(len(base), np.nan) for name in condition.inputs}
        enough = np.asarray(condition(batch_grader.columns(columns)), dtype=bool)
        if enough.any():
            what = (
                f"the condition with the reason {item.reason!r} holds for customers whose "
                f"{', '.join(condition.inputs)} is unknown; write it so that NaN doesn't meet it"
            )
            raise broken_promise(_PROMISE, what)


def _declared(subject: Subject, model: GradingModel) -> Iterator[tuple[Axis, str]]:
    for axis in model.scorer.axes:
        rises, falls = subject.scorer.monotone_inputs(axis.name)
        for name in sorted(rises | falls):
            if name in model.scorer.inputs and name not in subject.zero_if_unknown:
                yield axis, name
