"""What `custgrade way-up` prints: the ways up of one customer, or how many customers have one."""

from __future__ import annotations

import numpy as np

from custgrade.cli.report import aligned, printable
from custgrade.data.field import Field
from custgrade.data.scale import UNGRADED
from custgrade.data.standard import known_fields
from custgrade.errors import counted
from custgrade.model.wording import NOTHING, difference, words
from custgrade.ways_up.chunk import NO_FIELD
from custgrade.ways_up.ways_up import WaysUp


def customer_text(ways: WaysUp, row: int) -> str:
    """Return the ways up of one customer, in sentences."""
    graded = ways.graded
    lines = [f"customer {graded.base.label(row)}: {graded.grade_at(row) or 'ungraded'}"]
    return "\n".join(map(printable, [*lines, *(f"  {sentence}" for sentence in ways.sentences(row))]))


def summary_text(ways: WaysUp) -> str:
    """Return how many customers can move up, by axis and by field, the most customers first."""
    fields = known_fields(ways.model.scorer.fields) | dict(ways.graded.base.fields)
    currency = ways.graded.base.currency or ways.model.currency
    rows = [["axis", "field", "customers", "median change"]]
    for name, axis in ways.axes.items():
        found = []
        for which, to in axis.to.items():
            change = (to - ways.graded.base.columns[which])[np.isfinite(to)]
            definition = fields.get(which, Field(which, ways.model.units.get(which, "")))
            middle = difference(definition, float(np.median(change)), currency) if len(change) else NOTHING
            found.append((len(change), words(which), middle))
        if axis.pairs.rows.size or len(axis.fields) > 1:
            found.append((len(axis.pairs.rows), "two fields", NOTHING))
        found.sort(key=lambda one: -one[0])
        rows += [[words(name), which, f"{count:,}", change] for count, which, change in found]
    lines = [aligned(rows, text_columns=2), ""]
    for name, axis in ways.axes.items():
        graded = ways.graded.codes[name] != UNGRADED
        below, ungraded = int((axis.next != NO_FIELD).sum()), len(graded) - int(graded.sum())
        lines.append(
            f"{printable(words(name))}: of {counted(int(graded.sum()), 'graded customers')}, {below:,} below the best "
            f"class, {int(axis.possible.sum()):,} with a way up; {ungraded:,} ungraded"
        )
    return "\n".join([*lines, f"quoted for {ways.on}, until {ways.expires}"])
