"""Promise 0: what a score may read, call and change; scores with traceable=False are run on recording columns."""

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
from custgrade.testing.constants import held_by
from custgrade.testing.promises import broken_promise
from custgrade.testing.recorded_calls import recorded_calls
from custgrade.testing.recording_columns import EXACT_MATH, ColumnUses, RecordingColumns
from custgrade.testing.subject import Subject, first_difference, outcomes
from custgrade.text import listed

_EXACT, _DECLARED = "0, exact arithmetic", "0, declared fields"
_NUMBERS, _INPUT = "0, one number per customer", "0, the input stays"


def exact_arithmetic(subject: Subject) -> None:
    """Raise an error if a score with traceable=False calls functions whose bits depend on the machine."""
    for axis in _opaque(subject):
        uses = ColumnUses()
        with recorded_calls() as calls:
            _run(subject, axis, uses)
        inexact = uses.inexact + [f"math.{name}" for name in calls.math if name not in EXACT_MATH]
        if inexact:
            raise broken_promise(
                _EXACT, f"the score of axis {axis.name!r} calls {listed(inexact)}, which isn't exactly rounded"
            )


def declared_fields(subject: Subject) -> None:
    """Raise an error if a score or a derived field reads anything but its declared fields."""
    fields = known_fields(subject.scorer.fields)
    for name in subject.definitions:
        near = get_close_matches(name, fields, n=1, cutoff=0.85)
        if name not in fields and near:
            what = (
                f"it reads {name!r}, which isn't a field. Did you mean {near[0]!r}? If it is a field of your own, "
                f"define it: Scorer(…, fields=[Field({name!r}, …)])"
            )
            raise broken_promise(_DECLARED, what)
    for field in subject.scorer.fields:
        if field.derive is not None:
            uses = ColumnUses()
            base = subject.sample(8)
            columns = {name: np.array(base.columns.get(name, np.ones(8))) for name in (*fields, *base.columns)}
            try:
                field.derive(RecordingColumns(columns, uses))
            except KeyError as error:
                uses.names[str(error.args[0])] = None
            stray = [name for name in uses.names if name not in field.parts]
            if stray:
                what = f"derived field {field.name!r} reads {listed(stray)}, which its parts {list(field.parts)} lack"
                raise broken_promise(_DECLARED, what)
    for axis in subject.scorer.axes:
        for name, value in held_by(axis.score).items():
            if _is_table(value) and any(str(column) in fields for column in getattr(value, "columns", fields)):
                what = f"the score of axis {axis.name!r} holds a whole table, {name!r}; read the given columns instead"
                raise broken_promise(_DECLARED, what)
    for axis in _opaque(subject):
        uses = ColumnUses()
        try:
            _run(subject, axis, uses, everything=True)
        except Exception as error:
            if not uses.bypasses:
                raise broken_promise(_DECLARED, f"with every field known: {type(error).__name__}: {error}") from error
        stray = [name for name in uses.names if name not in axis.needs]
        if stray:
            raise broken_promise(
                _DECLARED, f"the score of axis {axis.name!r} reads {listed(stray)}; needs={list(axis.needs)}"
            )
        if uses.bypasses:
            raise broken_promise(_DECLARED, f"the score of axis {axis.name!r} reads {listed(uses.bypasses)}")
    _nothing_beside_the_columns(subject)
    _undeclared_fields_change_nothing(subject)


def _nothing_beside_the_columns(subject: Subject) -> None:
    base, scorer = subject.sample(), subject.make()
    with recorded_calls() as calls:
        subject.graded(scorer.fit(base), base)
    if calls.outside_reads:
        what = f"fitting and grading read {listed(calls.outside_reads)}; read it once, when the scorer is made"
        raise broken_promise(_DECLARED, what)


def _undeclared_fields_change_nothing(subject: Subject) -> None:
    base = subject.sample()
    other = {field.name: base.columns[field.name][::-1] + 1.0 for field in subject.decoys}
    model, again = subject.scorer.fit(base), subject.scorer.fit(base.with_columns(**other))
    one, two = (subject.graded(m, b) for m, b in ((model, base), (again, base.with_columns(**other))))
    row = first_difference(outcomes(one), outcomes(two))
    if row is not None:
        what = f"{base.ids[row]} is graded differently after {listed(other)} changed, which the scorer doesn't declare"
        raise broken_promise(_DECLARED, what, base.take([row]))


def one_number_per_customer(subject: Subject) -> None:
    """Raise an error unless a score gives one float64 number (or whole number, or truth value) per customer."""
    for axis in _opaque(subject):
        for size in (1, 2, 7):
            uses = ColumnUses()
            given = _run(subject, axis, uses, size)
            result = np.asarray(given)
            if isinstance(given, np.ma.MaskedArray):
                raise broken_promise(
                    _NUMBERS, f"the score of axis {axis.name!r} gave a masked array; use NaN for unknown"
                )
            if result.shape != (size,):
                what = f"the score of axis {axis.name!r} gave shape {result.shape} for {size} customers"
                raise broken_promise(_NUMBERS, what)
            if result.dtype != np.float64 and result.dtype.kind not in "iub":
                what = f"the score of axis {axis.name!r} gave {result.dtype}; return float64, which loses no digits"
                raise broken_promise(_NUMBERS, what)
            if uses.narrow:
                what = f"the score of axis {axis.name!r} works with {listed(uses.narrow)}, which loses digits"
                raise broken_promise(_NUMBERS, what)


def the_input_stays(subject: Subject) -> None:
    """Raise an error if a score changes a column; `basic_run` checks fitting and grading."""
    for axis in _opaque(subject):
        columns = _columns(subject, axis, subject.sample(12))
        table = RecordingColumns(columns, ColumnUses())
        with np.errstate(all="ignore"):
            axis.score(table)
        changed = table.changed(columns)
        if changed:
            raise broken_promise(_INPUT, f"the score of axis {axis.name!r} changed its column {listed(changed)}")


def _is_table(value: object) -> bool:
    return isinstance(value, (CustomerBase, Graded)) or hasattr(value, "__dataframe__")


def _opaque(subject: Subject) -> Iterator[Axis]:
    return (axis for axis in subject.scorer.axes if not axis.traceable)


def _columns(
    subject: Subject, axis: Axis, base: CustomerBase, everything: bool = False
) -> Mapping[str, npt.NDArray[np.float64]]:
    """Return the columns that an axis needs, or with `everything` all columns, every standard field known."""
    model = subject.scorer.fit(subject.sample())
    fields = known_fields(subject.scorer.fields)
    given = {name: base.columns[name] for name in subject.scorer.inputs}
    if everything:
        given = {name: np.linspace(1.0, 5.0, len(base)) for name, one in fields.items() if not one.derived} | given
    view: Mapping[str, Any] = ColumnView(model.batch_grader.columns(given), fields)
    return {name: np.array(view[name]) for name in (dict.fromkeys([*view, *axis.needs]) if everything else axis.needs)}


def _run(subject: Subject, axis: Axis, uses: ColumnUses, size: int = 12, everything: bool = False) -> Any:
    columns = _columns(subject, axis, subject.sample(max(size, 8)).take(slice(0, size)), everything)
    score: Callable[[Any], Any] = axis.score
    with np.errstate(all="ignore"):
        return score(RecordingColumns(columns, uses))
