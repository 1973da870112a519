"""The mix of grades that there is, against the mix that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from custgrade.findings.amounts import cell, share_text
from custgrade.findings.finding import Finding
from custgrade.findings.subject import subject_of
from custgrade.findings.target import Target, names_of, shares_of, target_hint
from custgrade.model.graded import Graded
from custgrade.planning.plan import Plan
from custgrade.text import counted, listed

_COLUMNS = [("grade", ""), ("customers", "customers"), ("share", "share"), ("target", "share"), ("difference", "share")]
_NOW = "What is the mix of grades?"
_FROZEN = (
    "compare mixes over time by one saved model: a model that cuts by shares of the customers gives the same mix each "
    "time it is fitted, so a mix on the base it was fitted on says nothing"
)


def target_mix(plan: Plan | Graded, target: Target = None) -> Finding:
    """Return how far the mix of grades is from the wanted one.

    The distance is half the sum of the absolute differences of the shares, 0 to 1: the least share of the graded
    customers who would have to change their grade.

    target: the wanted share of each grade, which add up to 1 (`{"A": 0.5, "B": 0.5}`; other grades get 0); or the
    grades that everybody should have, in any proportion (`["A", "B"]`); by default none: the mix alone.

    Raises ParameterError for an unknown grade, and for shares that don't add up to 1.
    """
    subject = subject_of(plan, "target_mix")
    grades, counts = subject.graded.scale.grades, subject.counts[:-1]
    wanted = shares_of(target, grades) if isinstance(target, Mapping) else None
    good = grades if target is None else tuple(wanted) if wanted is not None else names_of(target, grades)
    size = sum(counts)
    rows, gaps, outside = [], Fraction(0), 0
    for grade, count in zip(grades, counts, strict=True):
        share = Fraction(count, size) if size else None
        to = wanted.get(grade, Fraction(0)) if wanted is not None else None if grade in good else Fraction(0)
        gap = None if share is None or to is None else share - to
        gaps += abs(gap) if gap is not None else 0
        outside += 0 if grade in good else count
        rows.append((grade, count, cell(share), cell(to), cell(gap)))
    notes = [_FROZEN]
    if subject.counts[-1]:
        notes.append(f"not counted: {counted(subject.counts[-1], 'customers')} without a grade")
    title = _NOW if target is None else f"How far are we from a mix of {' and '.join(good)}?"
    hints = [target_hint(grades)] if target is None else []
    if not size:
        return Finding("target-mix", title, _COLUMNS, rows, ["No customer has a grade."], notes, hints=hints)
    if target is None:
        mix = listed(f"{share_text(Fraction(n, size))} {grade}" for grade, n in zip(grades, counts, strict=True))
        says = [f"The mix of the {counted(size, 'graded customers')} is {mix}."]
        return Finding("target-mix", title, _COLUMNS, rows, says, notes, hints=hints)
    distance = gaps / 2 if wanted is not None else Fraction(outside, size)
    says = [
        f"{share_text(distance)} of the {counted(size, 'graded customers')} would have to change their grade.",
        f"{size - outside:,} of them have {'the grade' if len(good) == 1 else 'a grade of'} {' or '.join(good)} now.",
    ]
    return Finding("target-mix", title, _COLUMNS, rows, says, notes)
