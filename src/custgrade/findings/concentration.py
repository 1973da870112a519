"""How much of a total the best customers bring."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import accumulate

import numpy as np

from custgrade.argument_checks import is_one_of
from custgrade.cuts.exact import Share, exact_share
from custgrade.data.missing import missing_fields
from custgrade.errors import CutError, ParameterError
from custgrade.findings.amounts import cell, money_text, ratio, share_text
from custgrade.findings.finding import Finding
from custgrade.findings.subject import subject_of, unknown
from custgrade.model.graded import Graded
from custgrade.model.wording import words
from custgrade.planning.plan import Plan
from custgrade.selection.totals import exact_totals
from custgrade.text import counted

_POINTS = 20
_FIFTH, _FOUR_FIFTHS = Fraction(1, 5), Fraction(4, 5)


def pareto(plan: Plan | Graded, by: str = "profit", share: Share = 0.2) -> Finding:
    """Return how much of a total the best customers bring: is it 80/20 here?

    The table has 20 points of the curve: the best 5 %, 10 %, … of the customers, and what they bring together. A share
    of the customers is rounded up to whole customers. The curve of a profit rises above 100 % and falls where customers
    with losses follow (the whale curve); its peak is in the sentences.

    by: a field that adds up. share: the share of the customers for the answer, above 0 and at most 1.

    Raises FieldError if `by` is no field of the data, ParameterError if `share` is wrong.
    """
    subject = subject_of(plan, "pareto")
    base = subject.graded.base
    try:
        part = exact_share(share)
    except CutError as error:
        raise ParameterError(f"share: {error}") from error
    if not is_one_of(by, [*base.fields, *base.view]):
        raise missing_fields([str(by)], base.view)
    named = words(by)
    title = "Is it 80/20 here?" if part == _FIFTH else f"What do the best {share_text(part)} bring?"
    unit = base.fields[by].unit if by in base.fields else ""
    columns = [("customers", "share"), ("number", "customers"), (named, unit), (f"share of {named}", "share")]
    if not len(subject) or subject.lacks(by):
        why = unknown(by) if len(subject) else "unknown, as there are no customers"
        return Finding("pareto", title, columns, notes=[why])
    values = subject.columns[by]
    values = np.sort(values[np.isfinite(values)])[::-1]
    size = len(values)
    heads = sorted({_head(Fraction(k, _POINTS), size) for k in range(1, _POINTS + 1)})
    top, peak = _head(part, size), int(np.count_nonzero(values > 0.0))
    ends = sorted({*heads, top, peak})
    # each customer's class is the first end that includes it, so sums up to each end are sums of classes
    groups = np.searchsorted(ends, np.arange(size), side="right")
    sums = exact_totals(np.ascontiguousarray(values), groups, len(ends))
    until = dict(zip(ends, accumulate(sums), strict=True))
    total = until[size]
    rows = [(cell(Fraction(n, size)), n, cell(until[n]), cell(ratio(until[n], total))) for n in heads]
    notes = subject.unknown_note(by)
    who = f"The best {share_text(part)} of the customers, {top:,} of {size:,},"
    brought = ratio(until[top], total)
    if brought is None:
        notes.append(f"shares of the {named} are unknown, because its total isn't above 0: {cell(total):,.2f}")
        return Finding(
            "pareto", title, columns, rows, [f"{who} bring {_said(until[top], unit, base.currency)}."], notes
        )
    verdict = ""
    if part == _FIFTH:
        verdict = ": it is 80/20 or more" if brought >= _FOUR_FIFTHS else ": it is less than 80/20"
    says = [f"{who} bring {share_text(brought)} of the {named}{verdict}."]
    if until[peak] > total:
        share_at_peak = share_text(until[peak] / total)
        says.append(
            f"The curve peaks at {share_at_peak} of the {named} with the best {peak:,} customers; the other "
            f"{counted(size - peak, 'customers')} take {_said(until[peak] - total, unit, base.currency)} away."
        )
    return Finding("pareto", title, columns, rows, says, notes)


def _head(share: Fraction, size: int) -> int:
    return math.ceil(share * size)


def _said(total: Fraction, unit: str, currency: str | None) -> str:
    return money_text(total, currency) if unit == "money" else f"{float(total):,.2f}"
