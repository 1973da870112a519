"""Promise 3 for ways up: a way up leads to the stated grade, and a change smaller by one resolution doesn't."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.scale import UNGRADED, GradeScale
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.testing.bases import on_grid
from custgrade.testing.promises import CONTRACT, ContractBrokenError, broken_promise, shown
from custgrade.testing.subject import Draw, Subject, in_words
from custgrade.ways_up.axis_ways import AxisWays
from custgrade.ways_up.ways_up import WaysUp, way_up

PROMISE = "3, a way up leads up"
_FAR = 10**12
FloatColumn = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def a_way_up_leads_up(subject: Subject, draw: Draw) -> None:
    """Raise an error unless every way up leads to the stated grade and no field reaches a better one at its bound."""
    base = draw(subject.bases(min_size=1, nasty=False))
    _check(subject, base)


def a_way_up_leads_up_in_samples(subject: Subject) -> None:
    """Raise the same error for ordinary bases."""
    for seed in (0, 7):
        _check(subject, subject.sample(seed=seed))


def _check(subject: Subject, base: CustomerBase) -> None:
    model = subject.fitted(base)
    if model is None:
        return
    try:
        ways = way_up(model, base, on="2026-01-01")
    except Exception as error:
        raise broken_promise(PROMISE, f"way_up failed: {type(error).__name__}: {error}", base) from error
    for axis, found in ways.axes.items():
        applied = _AppliedWays(subject, model, ways, axis)
        _check_single_fields(applied, found)
        _check_pairs(applied, found)


def _check_single_fields(applied: _AppliedWays, found: AxisWays) -> None:
    for name, to in found.to.items():
        rows = np.flatnonzero(np.isfinite(to))
        applied.leads_up(rows, {name: to[rows]}, found.reached[name][rows])
        applied.leads_nowhere(rows, {name: applied.one_step_less(name, rows, to[rows])})
        applied.leads_nowhere(*applied.furthest(name, np.flatnonzero(np.isnan(to) & (found.next != UNGRADED))))


def _check_pairs(applied: _AppliedWays, found: AxisWays) -> None:
    rows = found.pairs.rows
    for places in np.unique(found.pairs.places, axis=0).tolist():
        some = np.flatnonzero((found.pairs.places == places).all(axis=1))
        names = [found.fields[place] for place in places]
        both = dict(zip(names, found.pairs.to[some].T, strict=True))
        applied.leads_up(rows[some], both, found.pairs.reached[some])
        for name in names:
            applied.leads_nowhere(rows[some], both | {name: applied.one_step_less(name, rows[some], both[name])})


class _AppliedWays:
    """The ways up on one axis, and the grades after they are applied."""

    def __init__(self, subject: Subject, model: GradingModel, ways: WaysUp, axis: str) -> None:
        self._subject, self._model, self._axis, self._before = subject, model, axis, ways.graded
        self._rises, self._falls = model.scorer.monotone_inputs(axis)

    def leads_up(self, rows: Rows, moved: Mapping[str, FloatColumn], reached: npt.NDArray[np.int32]) -> None:
        """Raise an error unless customers whose fields are moved get the stated grade and it is better."""
        after = self._regraded(rows, moved)
        for new, (row, grade) in enumerate(zip(rows.tolist(), reached.tolist(), strict=True)):
            name = self._before.grade_names[grade]
            if after.grade_at(new) != name or not self._is_better(row, after, new):
                self._blame(row, moved, new, after, f"a way up to {name!r}")

    def leads_nowhere(self, rows: Rows, moved: Mapping[str, FloatColumn]) -> None:
        """Raise an error if customers whose fields are moved get a better grade."""
        after = self._regraded(rows, moved)
        for new, row in enumerate(rows.tolist()):
            if self._is_better(row, after, new):
                self._blame(row, moved, new, after, "one step less than a way up, or without a way up")

    def one_step_less(self, name: str, rows: Rows, to: FloatColumn) -> FloatColumn:
        """Return the values one resolution before these, but not beyond the customers' present values."""
        field, values = self._subject.definitions[name], self._before.base.columns[name][rows]
        less = [_beside(field, value, -1 if value > own else 1) for value, own in zip(to, values, strict=True)]
        return np.where(to > values, np.maximum(less, values), np.minimum(less, values))

    def furthest(self, name: str, rows: Rows) -> tuple[Rows, dict[str, FloatColumn]]:
        """Return the customers who aren't at the better bound of a declared field, and that bound."""
        field, column = self._subject.definitions[name], self._before.base.columns[name][rows]
        if name not in self._rises | self._falls:
            return rows[:0], {name: column[:0]}
        rises = name in self._rises
        bound = field.high if rises else field.low
        far = bound if np.isfinite(bound) else on_grid(field, _FAR if rises else -_FAR)
        ahead = column < far if rises else column > far
        return rows[ahead], {name: np.full(int(ahead.sum()), far)}

    def _regraded(self, rows: Rows, moved: Mapping[str, FloatColumn]) -> Graded:
        return self._subject.graded(self._model, self._before.base.take(rows).with_columns(**moved))

    def _is_better(self, row: int, after: Graded, new: int) -> bool:
        scale = self._before.scale
        own, codes = (
            [int(g.codes[axis.name][k]) for axis in scale.axes] for g, k in ((self._before, row), (after, new))
        )
        best = scale.grade(own) == scale.grades[0]
        return not best and scale.grade(codes) != scale.grade(own) and _better_on(scale, self._axis, codes, own)

    def _blame(self, row: int, moved: Mapping[str, FloatColumn], new: int, after: Graded, case: str) -> None:
        """Raise the error, which blames the scorer for a score with traceable=False, and custgrade otherwise."""
        said = " and ".join(f"{name} {float(values[new])!r}" for name, values in moved.items())
        base = self._before.base.take([row])
        what = f"{base.ids[0]} got {in_words(self._before, row)}, and with {said}, {case}, {in_words(after, new)}"
        if not self._model.scorer.portable:
            why = "a score with traceable=False must give equal customers equal scores, whoever is graded with them"
            raise broken_promise(PROMISE, f"{what}; {why}", base)
        raise ContractBrokenError(
            f"promise {PROMISE}, is broken by custgrade's search for ways up, not by the scorer\n\n"
            f"what happened: {what}\n\nfor this customer:\n{shown(base)}\n\nthe contract: {CONTRACT[PROMISE]}\n\n"
            "Please report this with the scorer and the customer."
        )


def _better_on(scale: GradeScale, axis: str, codes: list[int], own: list[int]) -> bool:
    """Return whether codes are better, also on one axis; on a nested axis, within the same class of its parent."""
    names = [one.name for one in scale.axes]
    place, within = names.index(axis), scale.axis(axis).within
    same = within is None or codes[names.index(within)] == own[names.index(within)]
    return UNGRADED not in codes and same and codes[place] < own[place] and scale.better(codes, own)


def _beside(field: Field, value: float, steps: int) -> float:
    """Return the value that is `steps` resolutions above another."""
    start = Fraction(field.low) if np.isfinite(field.low) else Fraction(0)
    return on_grid(field, round((Fraction(value) - start) / Fraction(str(field.resolution))) + steps)
