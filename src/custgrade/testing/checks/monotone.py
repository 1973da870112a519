"""Promises 3 and 4: a better value never gives a worse class, and units don't affect shares of a single field."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from custgrade.cuts.thresholds import Thresholds
from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.scale import UNGRADED
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.axis import Axis
from custgrade.testing.bases import directions, on_grid, steps_to
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject, in_words, varied


def better_is_not_worse(subject: Subject, draw: Draw) -> None:
    """Raise an error if a better value of one declared field, the others being equal, gives a worse class."""
    base = draw(st.one_of(subject.bases(min_size=1, nasty=False), st.builds(subject.sample, seed=st.integers(0, 99))))
    model = subject.fitted(base)
    if model is not None:
        _check_sweeps(subject, model, base, [draw(st.integers(0, len(base) - 1))])


def better_is_not_worse_in_samples(subject: Subject) -> None:
    """Raise the same error for many customers of ordinary bases, with and without negative values."""
    for base in (subject.sample(), subject.sample(seed=7, unknown=0.0)):
        gains = base.with_columns(**{name: np.abs(column) for name, column in base.columns.items()})
        for some in (base, gains):
            model = subject.fitted(some)
            if model is not None:
                _check_sweeps(subject, model, some, range(0, len(some), 3))


def _check_sweeps(subject: Subject, model: GradingModel, base: CustomerBase, rows: Sequence[int]) -> None:
    for axis in subject.scorer.axes:
        for names, direction in zip(subject.scorer.monotone_inputs(axis.name), (1, -1), strict=True):
            for name in sorted(names & set(model.scorer.inputs)):
                values = swept_values(base, subject.definitions[name], subject.near)
                for row in rows:
                    swept = varied(base, row, name, values)
                    _check_sweep(axis, name, direction, subject.graded(model, swept), swept)


def swept_values(base: CustomerBase, field: Field, near: Sequence[float]) -> list[float]:
    """Return ascending values on the field's grid: of all sizes, around those of the base, and around `near`."""
    values = {on_grid(field, sign * step) for step in _STEPS for sign in directions(field)}
    for value in {*near, *base.columns[field.name][np.isfinite(base.columns[field.name])].tolist()}:
        if abs(value) < 1e12:
            values.update(on_grid(field, steps_to(field, value) + side) for side in (-1, 0, 1))
    return sorted(value for value in values if field.low <= value <= field.high)


_STEPS = (*range(13), *(3 * 10**power for power in range(1, 9)), *(10**power for power in range(1, 10)))


def _check_sweep(axis: Axis, name: str, direction: int, graded: Graded, swept: CustomerBase) -> None:
    codes = graded.codes[axis.name].tolist()
    parents = graded.codes[axis.within].tolist() if axis.within else [0] * len(codes)
    last: dict[int, int] = {}
    for row in range(len(codes)) if direction > 0 else reversed(range(len(codes))):
        if UNGRADED in (codes[row], parents[row]):
            continue
        before = last.get(parents[row])
        if before is not None and codes[row] > codes[before]:
            more = "more" if direction > 0 else "less"
            declared = f"{'rises' if direction > 0 else 'falls'} with {name!r}"
            what = (
                f"axis {axis.name!r} {declared}, but {name} {float(swept.columns[name][before])!r} got "
                f"{in_words(graded, before)} and {more} of it, {float(swept.columns[name][row])!r}, got "
                f"{in_words(graded, row)}"
            )
            raise broken_promise("3, better is not worse", what, swept.take([before, row]))
        last[parents[row]] = row


def powers_of_ten(subject: Subject, draw: Draw) -> None:
    """Raise an error if multiplying a field by a power of ten changes grades by shares of that field.

    Amounts are eighths, which are exact in binary before and after.
    """
    for axis, name in _single_fields(subject):
        size = draw(st.integers(1, 12))
        eighths = st.one_of(st.integers(-20, 20), st.integers(-500, 5000))
        amounts = draw(st.lists(eighths.map(lambda eighth: eighth / 8), min_size=size, max_size=size))
        scale = 10.0 ** draw(st.integers(1, 6))
        base = subject.sample(60).take(slice(0, size)).with_columns(**{name: amounts})
        scaled = base.with_columns(**{name: np.array(amounts) * scale})
        models: list[GradingModel | None] = [subject.fitted(base), subject.fitted(scaled)]
        if models[0] is None or models[1] is None:
            continue
        one, two = subject.graded(models[0], base), subject.graded(models[1], scaled)
        changed = np.flatnonzero(one.codes[axis.name] != two.codes[axis.name])
        if len(changed) and not _fixed(subject, axis):
            row = int(changed[0])
            what = (
                f"{base.ids[row]} got {in_words(one, row)}, and {in_words(two, row)} after {name} was multiplied by "
                f"{scale:.0f} for everybody"
            )
            raise broken_promise("4, units", what, base)


def _single_fields(subject: Subject) -> list[tuple[Axis, str]]:
    """Return each axis that ranks by one input field or its negative, and this field, if nothing else reads it."""
    found = []
    base = subject.sample()
    for axis in subject.scorer.axes:
        inputs = subject.scorer.scores[axis.name].inputs
        if set(getattr(axis.cut, "reads", ())) - set(inputs):
            continue
        others = (*subject.scorer.conditions, *subject.scorer.learned_scores.values())
        if len(inputs) != 1 or subject.scorer.scores[axis.name].learned or isinstance(axis.cut, Thresholds):
            continue
        field = subject.definitions[inputs[0]]
        used = {name for other in others for name in other.inputs}
        used.update(
            name for one in subject.scorer.axes if one is not axis for name in subject.scorer.scores[one.name].inputs
        )
        if field.name in used or math.isfinite(field.high) or axis.within:
            continue
        column = base.columns[field.name]
        with np.errstate(all="ignore"):
            score = np.asarray(subject.scorer.scores[axis.name]({field.name: column}), dtype=np.float64)
        if np.array_equal(np.abs(score), np.abs(column), equal_nan=True):
            found.append((axis, field.name))
    return found


def _fixed(subject: Subject, axis: Axis) -> bool:
    """Return whether a cut gives the same boundaries for every base, as thresholds do."""
    models = [subject.fitted(subject.sample(seed=seed)) for seed in (1, 2)]
    return len({str(model.boundaries[axis.name]) for model in models if model is not None}) == 1
