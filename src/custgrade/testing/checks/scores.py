"""Promise 0: what a score may read, use and change; for scores that opted out of tracing, seen by witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.base import CustomerBase
from custgrade.data.column_view import ColumnView
from custgrade.data.standard import known_fields
from custgrade.model.graded import Graded
from custgrade.scoring.axis import Axis
from custgrade.testing.broken import broken
from custgrade.testing.hints import held_by
from custgrade.testing.listening import listening
from custgrade.testing.subject import Subject, first_difference, outcomes
from custgrade.testing.witness import EXACT_MATH, Notes, WitnessColumns
from custgrade.text import listed

_EXACT, _DECLARED = "0, exact arithmetic", "0, declared fields"
_NUMBERS, _INPUT = "0, one number per customer", "0, the input stays"


def exact_arithmetic(subject: Subject) -> None:
    """A score that opted out of tracing calls nothing whose bits depend on the machine or the layout."""
    for axis in _opaque(subject):
        notes = Notes()
        with listening() as heard:
            _run(subject, axis, notes)
        inexact = notes.inexact + [f"math.{name}" for name in heard.math if name not in EXACT_MATH]
        if inexact:
            raise broken(
                _EXACT, f"the score of axis {axis.name!r} calls {listed(inexact)}, which isn't exactly rounded"
            )


def declared_fields(subject: Subject) -> None:
    """A score reads what it declares, by the front door, and what it reads is somebody's field."""
    fields = known_fields(subject.scorer.fields)
    for name in subject.definitions:
        near = get_close_matches(name, fields, n=1, cutoff=0.85)
        if name not in fields and near:
            what = (
                f"it reads {name!r}, which is no field. Did you mean {near[0]!r}? If it is a field of your own, define "
                f"it: Scorer(…, fields=[Field({name!r}, …)])"
            )
            raise broken(_DECLARED, what)
    for field in subject.scorer.fields:
        if field.derive is not None:
            notes = Notes()
            base = subject.sample(8)
            columns = {name: np.array(base.columns.get(name, np.ones(8))) for name in (*fields, *base.columns)}
            try:
                field.derive(WitnessColumns(columns, notes))
            except KeyError as error:
                notes.names[str(error.args[0])] = None
            stray = [name for name in notes.names if name not in field.parts]
            if stray:
                what = f"derived field {field.name!r} reads {listed(stray)}, which its parts {list(field.parts)} lack"
                raise broken(_DECLARED, what)
    for axis in subject.scorer.axes:
        for name, value in held_by(axis.score).items():
            if _is_table(value) and any(str(column) in fields for column in getattr(value, "columns", fields)):
                what = f"the score of axis {axis.name!r} holds a whole table, {name!r}, besides the columns it is given"
                raise broken(_DECLARED, what)
    for axis in _opaque(subject):
        notes = Notes()
        try:
            _run(subject, axis, notes, everything=True)
        except Exception as error:
            if not notes.side_doors:
                raise broken(_DECLARED, f"with every field known: {type(error).__name__}: {error}") from error
        stray = [name for name in notes.names if name not in axis.needs]
        if stray:
            raise broken(_DECLARED, f"the score of axis {axis.name!r} reads {listed(stray)}; needs={list(axis.needs)}")
        if notes.side_doors:
            raise broken(_DECLARED, f"the score of axis {axis.name!r} reads {listed(notes.side_doors)}")
    _nothing_beside_the_columns(subject)
    _undeclared_fields_change_nothing(subject)


def _nothing_beside_the_columns(subject: Subject) -> None:
    base, scorer = subject.sample(), subject.make()
    with listening() as heard:
        subject.graded(scorer.fit(base), base)
    if heard.doors:
        what = f"fitting and grading read {listed(heard.doors)}; what isn't a column is read while the scorer is made"
        raise broken(_DECLARED, what)


def _undeclared_fields_change_nothing(subject: Subject) -> None:
    base = subject.sample()
    other = {field.name: base.columns[field.name][::-1] + 1.0 for field in subject.decoys}
    model, again = subject.scorer.fit(base), subject.scorer.fit(base.with_columns(**other))
    one, two = (subject.graded(m, b) for m, b in ((model, base), (again, base.with_columns(**other))))
    row = first_difference(outcomes(one), outcomes(two))
    if row is not None:
        what = f"{base.ids[row]} is graded differently after {listed(other)} changed, which the scorer doesn't declare"
        raise broken(_DECLARED, what, base.take([row]))


def one_number_per_customer(subject: Subject) -> None:
    """A score gives float64 numbers, as many as there are customers."""
    for axis in _opaque(subject):
        for size in (1, 2, 7):
            notes = Notes()
            given = _run(subject, axis, notes, size)
            result = np.asarray(given)
            if isinstance(given, np.ma.MaskedArray):
                raise broken(_NUMBERS, f"the score of axis {axis.name!r} gave a masked array; unknown is NaN")
            if result.shape != (size,):
                what = f"the score of axis {axis.name!r} gave shape {result.shape} for {size} customers"
                raise broken(_NUMBERS, what)
            if result.dtype != np.float64 and result.dtype.kind not in "iub":
                what = (
                    f"the score of axis {axis.name!r} gave {result.dtype}; anything but float64 loses or invents digits"
                )
                raise broken(_NUMBERS, what)
            if notes.narrow:
                what = f"the score of axis {axis.name!r} works with {listed(notes.narrow)}, which loses digits"
                raise broken(_NUMBERS, what)


def the_input_stays(subject: Subject) -> None:
    """No score changes a column; that fitting and grading don't is seen before any check."""
    for axis in _opaque(subject):
        columns = _columns(subject, axis, subject.sample(12))
        table = WitnessColumns(columns, Notes())
        with np.errstate(all="ignore"):
            axis.score(table)
        changed = table.changed(columns)
        if changed:
            raise broken(_INPUT, f"the score of axis {axis.name!r} changed its column {listed(changed)}")


def _is_table(value: object) -> bool:
    return isinstance(value, (CustomerBase, Graded)) or hasattr(value, "__dataframe__")


def _opaque(subject: Subject) -> Iterator[Axis]:
    return (axis for axis in subject.scorer.axes if not axis.traceable)


def _columns(
    subject: Subject, axis: Axis, base: CustomerBase, everything: bool = False
) -> Mapping[str, npt.NDArray[np.float64]]:
    """The columns that an axis needs; or, with every standard field known, all of them."""
    model = subject.scorer.fit(subject.sample())
    fields = known_fields(subject.scorer.fields)
    given = {name: base.columns[name] for name in subject.scorer.inputs}
    if everything:
        given = {name: np.linspace(1.0, 5.0, len(base)) for name, one in fields.items() if not one.derived} | given
    view: Mapping[str, Any] = ColumnView(model.batch_grader.columns(given), fields)
    return {name: np.array(view[name]) for name in (dict.fromkeys([*view, *axis.needs]) if everything else axis.needs)}


def _run(subject: Subject, axis: Axis, notes: Notes, size: int = 12, everything: bool = False) -> Any:
    columns = _columns(subject, axis, subject.sample(max(size, 8)).take(slice(0, size)), everything)
    score: Callable[[Any], Any] = axis.score
    with np.errstate(all="ignore"):
        return score(WitnessColumns(columns, notes))
