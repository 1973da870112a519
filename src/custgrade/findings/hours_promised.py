"""The hours that a plan promises, against the hours that there are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from custgrade.cuts.exact import exact_number
from custgrade.errors import Hint
from custgrade.findings.amounts import cell, hours_text, ratio
from custgrade.findings.finding import Finding
from custgrade.findings.subject import number_of, plan_of
from custgrade.model.wording import number
from custgrade.planning.plan import Plan
from custgrade.selection.totals import exact_sum
from custgrade.text import counted

_COLUMNS = [
    ("kind", ""),
    ("promised", "hours a quarter"),
    ("available", "hours a quarter"),
    ("left", "hours a quarter"),
    ("factor that fits", "ratio"),
]


def capacity(plan: Plan, sales: float | None = None, service: float | None = None) -> Finding:
    """Return the hours a quarter that the plan promises, against those that there are: is the mix affordable?

    The factor that fits is available ÷ promised: with all hours of the policy multiplied by it, the promises are kept
    exactly.

    sales, service: the hours a quarter that there are; None if unknown.

    Raises ParameterError without a plan, and for hours that aren't numbers of at least 0.
    """
    plan = plan_of(plan, "capacity", "the policy says how many hours are promised")
    promised = {"sales": plan.sales_hours(), "service": plan.entitled("service_hours")}
    rows, says, notes, hints = [], [], [], []
    for (kind, hours), given in zip(promised.items(), (sales, service), strict=True):
        there = None if given is None else exact_number(number_of(given, f"{kind} hours"))
        unknown = int(np.count_nonzero(~np.isfinite(hours)))
        total = None if unknown and unknown == len(hours) else exact_sum(np.ascontiguousarray(hours))
        if unknown:
            notes.append(f"{kind}: the hours promised to {counted(unknown, 'customers')} are unknown, and left out")
        factor, left = ratio(there, total), None if there is None or total is None else there - total
        rows.append((kind, cell(total), cell(there), cell(left), cell(factor)))
        if there is None:
            notes.append(f"{kind}: it is unknown how many hours there are")
            hints.append(_hint(kind))
        says.append(_sentence(kind, total, there))
    everybody = {f"{kind}_hours": hours for kind, hours in promised.items()}
    return Finding(
        "capacity", "Can we keep what the policy promises?", _COLUMNS, rows, says, notes, everybody, hints=hints
    )


def _hint(kind: str) -> Hint:
    return Hint(f"Give the hours a quarter: {kind}=300.", f"Give the hours a quarter: --set {kind}=300.")


def _sentence(kind: str, total: Fraction | None, there: Fraction | None) -> str:
    if total is None:
        return f"{kind.capitalize()}: it is unknown how many hours the plan needs."
    said = f"{kind.capitalize()}: the plan needs {hours_text(float(total))} a quarter"
    if there is None:
        return f"{said}."
    if there >= total:
        return (
            f"{said}, and there are {hours_text(float(there))}: it fits, with {hours_text(float(there - total))} left."
        )
    factor = number(float(there / total))
    return (
        f"{said}, but there are {hours_text(float(there))}: {hours_text(float(total - there))} are missing; "
        f"it fits with all hours multiplied by {factor}."
    )
