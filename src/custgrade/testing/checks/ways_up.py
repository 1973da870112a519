"""Promise 3, put to use: a way up leads up, and one step of the resolution less doesn't."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

import numpy as np
import numpy.typing as npt

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.scale import UNGRADED
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.testing.bases import on_grid
from custgrade.testing.broken import broken
from custgrade.testing.subject import Draw, Subject, in_words
from custgrade.ways_up.ways_up import AxisWays, WaysUp, way_up

PROMISE = "3, a way up leads up"
_FAR = 10**12
FloatColumn = npt.NDArray[np.float64]


def a_way_up_leads_up(subject: Subject, draw: Draw) -> None:
    """For any base, every way up that is told leads up, and none is missed that goes as far as a field can."""
    base = draw(subject.bases(min_size=1, nasty=False))
    _check(subject, base)


def a_way_up_leads_up_in_samples(subject: Subject) -> None:
    """The same, for ordinary bases."""
    for seed in (0, 7):
        _check(subject, subject.sample(seed=seed))


def _check(subject: Subject, base: CustomerBase) -> None:
    model = subject.fitted(base)
    if model is None:
        return
    try:
        ways = way_up(model, base, on="2026-01-01")
    except Exception as error:
        raise broken(PROMISE, f"way_up failed: {type(error).__name__}: {error}", base) from error
    for axis, found in ways.axes.items():
        _check_single_fields(subject, model, ways, axis, found)
        _check_pairs(subject, model, ways, axis, found)


def _check_single_fields(subject: Subject, model: GradingModel, ways: WaysUp, axis: str, found: AxisWays) -> None:
    rises, _ = model.scorer.monotone_inputs(axis)
    for name, to in found.to.items():
        field = subject.definitions[name]
        moved, column = np.isfinite(to), ways.graded.base.columns[name]
        _expect(subject, model, ways, axis, {name: to}, moved, True)
        _expect(subject, model, ways, axis, {name: _one_step_less(field, name in rises, column, to)}, moved, False)
        if _moved_alone(model, axis, name):
            furthest, ahead = _furthest(field, name in rises, column)
            _expect(subject, model, ways, axis, {name: furthest}, ~moved & (found.next != UNGRADED) & ahead, False)


def _check_pairs(subject: Subject, model: GradingModel, ways: WaysUp, axis: str, found: AxisWays) -> None:
    rises, _ = model.scorer.monotone_inputs(axis)
    for row, places, values in zip(found.pairs.rows, found.pairs.places, found.pairs.to, strict=True):
        who = np.zeros(len(found.next), dtype=bool)
        who[row] = True
        both = {found.fields[place]: np.where(who, to, np.nan) for place, to in zip(places, values, strict=True)}
        _expect(subject, model, ways, axis, both, who, True)
        for name, to in both.items():
            less = _one_step_less(subject.definitions[name], name in rises, ways.graded.base.columns[name], to)
            _expect(subject, model, ways, axis, both | {name: less}, who, False)
    left = (found.next != UNGRADED) & ~found.possible
    furthest = {
        name: _furthest(subject.definitions[name], name in rises, ways.graded.base.columns[name])
        for name in found.fields
        if _moved_alone(model, axis, name)
    }
    for (one, (one_to, one_ahead)), (other, (other_to, other_ahead)) in combinations(furthest.items(), 2):
        missed = left & one_ahead & other_ahead
        _expect(subject, model, ways, axis, {one: one_to, other: other_to}, missed, False)


def _furthest(field: Field, rises: bool, column: FloatColumn) -> tuple[FloatColumn, npt.NDArray[np.bool_]]:
    """How far a field can be moved, and for whom that is any further."""
    bound = field.high if rises else field.low
    far = bound if np.isfinite(bound) else on_grid(field, _FAR if rises else -_FAR)
    return np.full(len(column), far), column < far if rises else column > far


def _moved_alone(model: GradingModel, axis: str, name: str) -> bool:
    """Whether nothing but this axis reads a field, and no other axis is within it."""
    if any(one.within == axis for one in model.scale.axes):
        return False
    others = [score for other, score in model.scorer.scores.items() if other != axis]
    read = {field for score in (*others, *model.scorer.conditions) for field in score.inputs}
    learned = {one for score in others for one in score.learned}
    return name not in read and not any(name in model.scorer.learned_scores[one].inputs for one in learned)


def _one_step_less(field: Field, rises: bool, column: FloatColumn, to: FloatColumn) -> FloatColumn:
    """The values one step of the resolution before these, but not before where a customer is."""
    start = Fraction(field.low) if np.isfinite(field.low) else Fraction(0)
    less = [
        on_grid(field, round((Fraction(value) - start) / Fraction(str(field.resolution))) + (-1 if rises else 1))
        if np.isfinite(value)
        else np.nan
        for value in to.tolist()
    ]
    return np.fmax(less, column) if rises else np.fmin(less, column)


def _expect(
    subject: Subject,
    model: GradingModel,
    ways: WaysUp,
    axis: str,
    moved: Mapping[str, FloatColumn],
    rows: npt.NDArray[np.bool_],
    better: bool,
) -> None:
    """Raise what is broken unless customers whose fields are moved get a better class on the axis, or don't."""
    at = np.flatnonzero(rows)
    if not len(at):
        return
    base, before = ways.graded.base, ways.graded
    changed = base.take(at).with_columns(**{name: values[at] for name, values in moved.items()})
    after = subject.graded(model, changed)
    for row, new in zip(at.tolist(), range(len(at)), strict=True):
        if better == _is_better(before, row, after, new, axis):
            continue
        said = " and ".join(f"{name} {float(values[row])!r}" for name, values in moved.items())
        told = "a way up" if better else "one step less than a way up, or where none was told"
        what = f"{base.ids[row]} got {in_words(before, row)}, and with {said}, {told}, {in_words(after, new)}"
        raise broken(PROMISE, what, base.take([row]))


def _is_better(before: Graded, row: int, after: Graded, new: int, axis: str) -> bool:
    scale = before.scale
    old_codes = [int(before.codes[one.name][row]) for one in scale.axes]
    new_codes = [int(after.codes[one.name][new]) for one in scale.axes]
    place = [one.name for one in scale.axes].index(axis)
    return UNGRADED not in new_codes and new_codes[place] < old_codes[place] and scale.better(new_codes, old_codes)
