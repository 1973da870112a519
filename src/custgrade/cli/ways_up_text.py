"""The text of `custgrade way-up`: the ways up of one customer, or a summary of all."""

from __future__ import annotations

from custgrade.cli.report import aligned, printable
from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.standard import known_fields
from custgrade.model.wording import NOTHING, difference, words
from custgrade.text import counted
from custgrade.ways_up.summary import WaysSummary
from custgrade.ways_up.ways_up import Quote, WaysUp


def customer_text(ways: WaysUp, row: int) -> str:
    """Return the ways up of one customer, in sentences; row: the customer's position."""
    graded = ways.graded
    lines = [f"customer {graded.base.label(row)}: {graded.grade_at(row) or 'ungraded'}"]
    return "\n".join(map(printable, [*lines, *(f"  {sentence}" for sentence in ways.sentences(row))]))


def summary_text(summary: WaysSummary, quote: Quote, base: CustomerBase) -> str:
    """Return a table of how many customers can move up, by axis and field, the most customers first."""
    model = quote.model
    fields = known_fields(model.scorer.fields) | dict(base.fields)
    rows, axes = [["axis", "field", "customers", "median change"]], summary.axes()
    for name, axis in axes.items():
        found = []
        for one in axis.fields:
            definition = fields.get(one.field, Field(one.field, model.units.get(one.field, "")))
            middle = difference(definition, one.median_change, base.currency or model.currency)
            found.append((one.customers, words(one.field), middle if one.customers else NOTHING))
        if axis.pairs:
            found.append((axis.pairs, "two fields together", NOTHING))
        found.sort(key=lambda one: -one[0])
        rows += [[words(name), which, f"{count:,}", change] for count, which, change in found]
    lines = [aligned(rows, text_columns=2), ""]
    for name, axis in axes.items():
        lines.append(
            f"{printable(words(name))}: of {counted(axis.graded, 'graded customers')}, {axis.below_best:,} below the "
            f"best class, {axis.possible:,} with a way up; {axis.ungraded:,} ungraded"
        )
    return "\n".join([*lines, f"valid from {quote.on} to {quote.expires}"])
