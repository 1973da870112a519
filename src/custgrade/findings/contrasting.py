"""What the unprofitable customers have in common."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.data.field import Field
from custgrade.findings.amounts import cell, share_text, value_text
from custgrade.findings.finding import Cell, Finding
from custgrade.findings.subject import Subject, subject_of, unknown
from custgrade.model.graded import Graded
from custgrade.model.wording import words
from custgrade.planning.plan import Plan
from custgrade.text import counted

_TITLE = "What do the unprofitable customers have in common?"
_COLUMNS = [
    ("field", ""),
    ("unit", ""),
    ("median of the unprofitable", ""),
    ("median of the others", ""),
    ("unprofitable is higher", "share"),
    ("unprofitable known", "customers"),
    ("others known", "customers"),
]
_WITHOUT_UNIT = ("money", "ratio", "count", "rating", "0/1", "")
_Medians = tuple[float | None, float | None]
_HALF = Fraction(1, 2)
_FEW = 20
_NAMED = 3
_NOTICEABLE = Fraction(1, 20)


def contrast(plan: Plan | Graded) -> Finding:
    """Return how the fields of unprofitable customers differ from those of the others, the largest difference first.

    Unprofitable customers are those whose profit is below 0. `unprofitable is higher` is the probability that one of
    them, drawn at random, has a higher value than one of the others, where equal values count half (the probability of
    superiority): 0.5 is no difference. Profit, and fields that are computed from it, aren't compared.
    """
    subject = subject_of(plan, "contrast")
    missing = subject.lacks("profit")
    if missing:
        return Finding("contrast", _TITLE, _COLUMNS, notes=[unknown(*missing)])
    profit = subject.columns["profit"]
    bad, good = profit < 0.0, profit >= 0.0
    sizes = int(np.count_nonzero(bad)), int(np.count_nonzero(good))
    notes = []
    if sum(sizes) < len(subject):
        left = counted(len(subject) - sum(sizes), "customers")
        notes.append(f"the profit of {left} is unknown, so they are in neither group")
    if not all(sizes):
        which = "No customer is unprofitable" if not sizes[0] else "All customers are unprofitable"
        return Finding("contrast", _TITLE, _COLUMNS, (), [f"{which}, so there is nothing to compare."], notes)
    found = [(field, *_compared(subject.columns[field.name], bad, good)) for field in _fields(subject)]
    compared = [one for one in found if one[3] is not None]
    notes += [f"{words(field.name)} isn't known in both groups" for field, *_, higher in found if higher is None]
    compared.sort(key=lambda one: (-_distance(one[3]), one[0].name))
    rows: list[tuple[Cell, ...]] = [
        (words(field.name), _unit(field, subject), *medians, cell(higher), *known)
        for field, medians, known, higher in compared
    ]
    if min(sizes) < _FEW:
        notes.append(f"one group has only {counted(min(sizes), 'customers')}, so differences may be chance")
    notes.append("differences go together with losses; they needn't be their cause")
    says = [f"{counted(sizes[0], 'customers')} of {sum(sizes):,} {_are(sizes[0])} unprofitable."]
    says += [
        _sentence(field, medians, higher, subject)
        for field, medians, _, higher in compared[:_NAMED]
        if higher is not None and abs(higher - _HALF) >= _NOTICEABLE
    ]
    if len(says) == 1:
        says.append("No field sets them apart from the others.")
    return Finding("contrast", _TITLE, _COLUMNS, rows, says, notes, {"unprofitable": bad})


def _distance(higher: Fraction | None) -> Fraction:
    return Fraction(0) if higher is None else abs(higher - _HALF)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _fields(subject: Subject) -> list[Field]:
    """Return the fields to compare: those of the data without profit, and derived ones that don't need profit."""
    base = subject.graded.base
    found = [base.fields.get(name, Field(name, "")) for name in base.view]
    return [field for field in found if field.name != "profit" and "profit" not in field.parts]


def _compared(
    values: npt.NDArray[np.float64], bad: npt.NDArray[np.bool_], good: npt.NDArray[np.bool_]
) -> tuple[_Medians, tuple[int, int], Fraction | None]:
    """Return the medians of two groups, how many of each are known, and how often the first is higher."""
    known = np.isfinite(values)
    one, other = np.sort(values[bad & known]), np.sort(values[good & known])
    sizes = len(one), len(other)
    if not all(sizes):
        return (None, None), sizes, None
    # positions from the left count the lower values, from the right the lower and the equal ones
    twice = int(np.searchsorted(other, one, "left").sum()) + int(np.searchsorted(other, one, "right").sum())
    return (float(np.median(one)), float(np.median(other))), sizes, Fraction(twice, 2 * sizes[0] * sizes[1])


def _unit(field: Field, subject: Subject) -> str:
    currency = subject.graded.base.currency
    return currency if field.unit == "money" and currency else field.unit


def _said(value: float | None, unit: str, subject: Subject) -> str:
    text = value_text(value, unit, subject.graded.base.currency)
    return f"{text} {unit}" if unit not in _WITHOUT_UNIT else text


def _sentence(field: Field, medians: _Medians, higher: Fraction, subject: Subject) -> str:
    one, other = (_said(value, _unit(field, subject), subject) for value in medians)
    way, often = ("higher", higher) if higher > _HALF else ("lower", 1 - higher)
    return (
        f"{way.capitalize()} {words(field.name)}: a median of {one} against {other} among the others; in "
        f"{share_text(often)} of all pairs the unprofitable customer has the {way} value."
    )
