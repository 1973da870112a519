"""How easy it is to buy from us, by grade."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from custgrade.findings.amounts import cell, known_sum, money_text, ratio, share_text
from custgrade.findings.finding import Finding
from custgrade.findings.subject import Subject, subject_of, unknown
from custgrade.model.graded import Graded
from custgrade.planning.plan import Plan
from custgrade.text import counted

LOW = 2.0
"""The highest rating that counts as hard to buy."""

_TITLE = "Where are we hard to buy from?"
_FIELD = "ease_of_buying"
_COLUMNS = [
    ("grade", ""),
    ("customers", "customers"),
    ("rated", "customers"),
    ("mean rating", "rating"),
    ("find it hard", "customers"),
    ("share of the rated", "share"),
    ("not rated", "customers"),
    ("revenue of those who find it hard", "money"),
]


def friction(plan: Plan | Graded) -> Finding:
    """Return how easy customers of each grade find it to buy from us, and the revenue of those who find it hard.

    A rating of `ease_of_buying` of 2 or less is hard. Customers without a rating are counted as not rated; nothing is
    assumed about them.
    """
    subject = subject_of(plan, "friction")
    missing = subject.lacks(_FIELD)
    if missing:
        return Finding("friction", _TITLE, _COLUMNS, notes=[unknown(*missing)])
    ratings = subject.columns[_FIELD]
    rated = np.isfinite(ratings)
    hard = rated & (ratings <= LOW)
    counts, hard_counts, totals = subject.count(rated), subject.count(hard), subject.totals(ratings)
    money = _revenue(subject, hard, hard_counts)
    rows = [
        (
            subject.grades[k],
            subject.counts[k],
            counts[k],
            cell(ratio(totals[k], Fraction(counts[k]))),
            # without a rating it is unknown who finds it hard
            hard_counts[k] if counts[k] or not subject.counts[k] else None,
            cell(ratio(Fraction(hard_counts[k]), Fraction(counts[k]))),
            subject.counts[k] - counts[k],
            cell(money[k]) if counts[k] or not subject.counts[k] else None,
        )
        for k in subject.shown
    ]
    notes = [unknown(name) for name in subject.lacks("revenue")]
    unrated = len(subject) - sum(counts)
    if unrated:
        notes.append(f"{counted(unrated, 'customers')} gave no rating, so what they find is unknown")
    if not subject.lacks("revenue"):
        lacking = int(np.count_nonzero(hard & ~np.isfinite(subject.columns["revenue"])))
        notes += [f"the revenue of {counted(lacking, 'customers')} who find it hard is unknown"] if lacking else []
    return Finding(
        "friction", _TITLE, _COLUMNS, rows, _says(subject, counts, hard_counts, money), notes, {"hard": hard}
    )


def _revenue(subject: Subject, hard: np.ndarray, hard_counts: list[int]) -> list[Fraction | None]:
    """Return the revenue of the customers who find it hard, by grade; None where it is unknown for all of them."""
    if subject.lacks("revenue"):
        return [None] * len(subject.grades)
    revenue = np.where(hard, subject.columns["revenue"], np.nan)
    known = subject.count(np.isfinite(revenue))
    return [
        Fraction(0) if not customers else total if seen else None
        for customers, seen, total in zip(hard_counts, known, subject.totals(revenue), strict=True)
    ]


def _says(subject: Subject, counts: list[int], hard_counts: list[int], money: list[Fraction | None]) -> list[str]:
    rated, found = sum(counts), sum(hard_counts)
    if not rated:
        return ["No customer has been asked how easy it is to buy from us."]
    share = share_text(Fraction(found, rated))
    said = [f"{found:,} of {rated:,} customers who gave a rating ({share}) find it hard to buy from us."]
    total = known_sum(one for one, customers in zip(money, hard_counts, strict=True) if customers)
    if found and total is not None:
        said.append(f"Their revenue is {money_text(total, subject.graded.base.currency)}.")
    return said
