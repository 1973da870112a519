"""What serving each grade costs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.findings.amounts import added, cell, known_sum, money_text, ratio, share_text
from custgrade.findings.finding import Finding
from custgrade.findings.subject import RATES, Subject, subject_of, unknown
from custgrade.model.graded import Graded
from custgrade.model.wording import words
from custgrade.planning.plan import Plan
from custgrade.text import counted

_TITLE = "What do we spend on the worst customers, and what on the best?"
_NOT_TWICE = "the cost of the hours isn't added to what is spent, because the cost to serve may contain it already"


def spend(plan: Plan | Graded) -> Finding:
    """Return what serving each grade costs, beside its share of the revenue.

    The parts are sales and service hours at their rates, the cost to serve, and the discount, each if the data has it.
    Hours may be in the cost to serve already, so they are added only where the data has no cost to serve. The rates are
    those of the plan's policy.
    """
    subject = subject_of(plan, "spend")
    parts = _parts(subject)
    hours = [f"{kind} hours" for kind in RATES if f"{kind} hours" in parts]
    summed = [name for name in parts if name not in hours or "cost to serve" not in parts]
    totals = {name: _totals(subject, name) for name in parts}
    spent = [added(found) for found in zip(*(totals[name] for name in summed), strict=True)]
    spent = spent or [None] * len(subject.grades)
    revenue = _revenue(subject)
    everything = known_sum(revenue)
    names = [("grade", ""), ("customers", "customers"), *((name, "money") for name in parts)]
    names += [("spent", "money"), ("spent a customer", "money"), ("share of spending", "share")]
    names += [("share of revenue", "share")]
    whole = known_sum(one for one, customers in zip(spent, subject.counts, strict=True) if customers)
    rows = []
    for k in subject.shown:
        each = ratio(spent[k], Fraction(subject.counts[k]))
        shares = (cell(ratio(spent[k], whole)), cell(ratio(revenue[k], everything)))
        found = (cell(totals[name][k]) for name in parts)
        rows.append((subject.grades[k], subject.counts[k], *found, cell(spent[k]), cell(each), *shares))
    notes = subject.rates_note([kind for kind in RATES if f"{kind} hours" in parts])
    notes += [_NOT_TWICE] if hours and len(summed) < len(parts) else []
    fields = ("sales_hours", "service_hours", "cost_to_serve", "discount")
    notes += [f"without {words(name)}: {unknown(name)}" for name in subject.lacks(*fields, "revenue")]
    notes += [note for name in fields if words(name) in parts for note in subject.unknown_note(name)]
    everybody = {"spent": sum((parts[name] for name in summed), np.zeros(len(subject)))} if summed else {}
    says = _says(subject, spent, whole, revenue, everything, totals.get("discount"))
    return Finding("spend", _TITLE, names, rows, says, notes, everybody)


def _parts(subject: Subject) -> dict[str, npt.NDArray[np.float64]]:
    """Return the money spent on each customer by part, for the parts that the data has."""
    rates = {f"{kind}_hours": float(subject.rate(kind)) for kind in RATES}
    names = (*rates, "cost_to_serve", "discount")
    missing = subject.lacks(*names)
    return {words(name): subject.columns[name] * rates.get(name, 1.0) for name in names if name not in missing}


def _totals(subject: Subject, part: str) -> list[Fraction | None]:
    """Return the exact money of a part by grade; hours are added up before they are multiplied by their rate."""
    kind = part.removesuffix(" hours")
    rate = subject.rate(kind) if kind in RATES else Fraction(1)
    found = subject.totals(subject.columns[part.replace(" ", "_")])
    return [None if total is None else total * rate for total in found]


def _revenue(subject: Subject) -> list[Fraction | None]:
    if subject.lacks("revenue"):
        return [None] * len(subject.grades)
    return subject.totals(subject.columns["revenue"])


def _says(
    subject: Subject,
    spent: list[Fraction | None],
    whole: Fraction | None,
    revenue: list[Fraction | None],
    everything: Fraction | None,
    discount: list[Fraction | None] | None,
) -> list[str]:
    with_customers = [k for k, customers in enumerate(subject.counts[:-1]) if customers]
    if len(with_customers) < 2:
        return ["There are no two grades with customers to compare."]
    best, worst = with_customers[0], with_customers[-1]
    most, least = spent[best], spent[worst]
    if most is None or least is None:
        return [f"It is unknown what serving {subject.grades[best]} and {subject.grades[worst]} costs."]
    currency, answers = subject.graded.base.currency, []
    for k, total in ((worst, least), (best, most)):
        each = money_text(total / subject.counts[k], currency)
        who = counted(subject.counts[k], "customers")
        answers.append(f"{money_text(total, currency)} on the {who} of {subject.grades[k]}, {each} for each customer")
    said = [f"We spend {answers[0]}; and {answers[1]}."]
    if discount is not None:
        parts = [f"{money_text(discount[k], currency)} on {subject.grades[k]}" for k in (worst, best)]
        said.append(f"Of this, discounts are {parts[0]} and {parts[1]}.")
    shares = [ratio(of, all_of) for k in (worst, best) for of, all_of in ((spent[k], whole), (revenue[k], everything))]
    if None not in shares:
        texts = [share_text(share) for share in shares]
        said.append(
            f"{subject.grades[worst]} takes {texts[0]} of the spending and brings {texts[1]} of the revenue; "
            f"{subject.grades[best]} takes {texts[2]} and brings {texts[3]}."
        )
    return said
