"""What one per cent is worth."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from custgrade.findings.amounts import added, cell, known_sum, money_text
from custgrade.findings.finding import Finding
from custgrade.findings.subject import RATES, Subject, subject_of, unknown
from custgrade.model.graded import Graded
from custgrade.planning.plan import Plan

_TITLE = "What is one per cent worth?"
_VOLUME = "1 % more volume is worth 1 % of the profit if all costs vary with the volume, and more if some are fixed"
_THEREOF = "the hours may be in the costs already: they are a part of 1 % less costs, not to be added to it"


def one_percent(plan: Plan | Graded) -> Finding:
    """Return what 1 % more price, more volume, less costs and fewer hours are worth, for each grade and in all.

    Price: revenue ÷ 100. Volume: profit ÷ 100, if all costs vary. Costs: (revenue − profit) ÷ 100, of customers with
    both known. Hours: hours × rate ÷ 100, at the rates of the plan's policy; hours may be in the costs already.
    """
    subject = subject_of(plan, "one_percent")
    totals = _totals(subject)
    kinds = [kind for kind in RATES if not subject.lacks(f"{kind}_hours")]
    if kinds:
        hours = [subject.totals(subject.columns[f"{kind}_hours"]) for kind in kinds]
        rates = [subject.rate(kind) for kind in kinds]
        totals["fewer hours"] = [
            added(None if total is None else total * rate for total, rate in zip(found, rates, strict=True))
            for found in zip(*hours, strict=True)
        ]
    shown = {name: [_hundredth(total) for total in found] for name, found in totals.items()}
    whole = {
        name: known_sum(one for one, customers in zip(found, subject.counts, strict=True) if customers)
        for name, found in shown.items()
    }
    names = [("grade", ""), ("customers", "customers"), *((name, "money") for name in shown)]
    rows = [
        (subject.grades[k], subject.counts[k], *(cell(found[k]) for found in shown.values())) for k in subject.shown
    ]
    rows.append(("all", len(subject), *(cell(total) for total in whole.values())))
    notes = [_VOLUME] if "more volume" in shown else []
    notes += [*subject.rates_note(kinds), _THEREOF] if kinds else []
    needed = ("revenue", "profit", "sales_hours", "service_hours")
    notes += [unknown(name) for name in subject.lacks(*needed)]
    notes += [note for name in needed if not subject.lacks(name) for note in subject.unknown_note(name)]
    currency = subject.graded.base.currency
    worth = [f"1 % {name} is worth {money_text(total, currency)}" for name, total in whole.items() if total is not None]
    says = [f"{'; '.join(worth)}."] if worth else ["What 1 % is worth is unknown."]
    return Finding("one-percent", _TITLE, names, rows, says, notes)


def _hundredth(total: Fraction | None) -> Fraction | None:
    return None if total is None else total / 100


def _totals(subject: Subject) -> dict[str, list[Fraction | None]]:
    """Return the totals that 1 % more or less is taken of, by name; costs are of customers with both fields known."""
    missing = subject.lacks("revenue", "profit")
    found = {}
    if "revenue" not in missing:
        found["more price"] = subject.totals(subject.columns["revenue"])
    if "profit" not in missing:
        found["more volume"] = subject.totals(subject.columns["profit"])
    if not missing:
        revenue, profit = subject.columns["revenue"], subject.columns["profit"]
        both = np.isfinite(revenue) & np.isfinite(profit)
        parts = (subject.totals(np.where(both, values, np.nan)) for values in (revenue, profit))
        found["less costs"] = [
            None if one is None or other is None else one - other for one, other in zip(*parts, strict=True)
        ]
    return found
