"""The report of a run: a table of grades, the period, and the rows that were left out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from custgrade.data.base import CustomerBase
from custgrade.data.note import for_command_line
from custgrade.ingest.mapping import flag, likely_column
from custgrade.ingest.sources.header_names import quoted
from custgrade.model.outcome import Outcome
from custgrade.model.summary import GradeSummary
from custgrade.model.wording import NOTHING, noted, words
from custgrade.text import counted, listed

_MOST_LINES = 60
_MOST_COLUMNS = 30
"""The number of columns that are listed as not read."""
_MOST_GRADES = 15
"""The number of lines of a table of grades above which grades without customers are left out."""


def report(outcome: Outcome, written: Sequence[str] = (), fitted_before: bool = False) -> str:
    """Return the report of a run as text: the grades and written files, then the files that were read.

    written: the files that were written. fitted_before: whether the model was loaded, not fitted in this run.
    """
    base, model = outcome.base, outcome.model
    # the model checks that the data has no other currency
    currency = base.currency or model.currency

    def lacking(detail: str) -> list[str]:
        return [name for name in model.scorer.detail_scores[detail].inputs if name not in base.columns]

    parts = [table(outcome.summary, currency), "", *_some(model.lines(currency)), ""]
    if base.period is not None:
        period = base.period
        parts.append(f"as of {period.as_of}; period {period.start} to {period.end}, {counted(period.days, 'days')}")
    if currency:
        parts.append(f"money in {currency}{'' if base.currency else ', the currency of the model'}")
    ungraded = sorted(outcome.ungraded.items(), key=lambda item: -item[1])
    parts += [f"ungraded: {counted(count, 'customers')}: {reason}" for reason, count in ungraded]
    parts += [
        f"note: {name} is left out, because the data has no field {listed(lacking(name))}"
        f"{_likely(lacking(name), base.unmapped)}"
        for name in model.scorer.details
        if name not in outcome.details
    ]
    parts += [f"note: {note}" for note in model.learned_notes]
    parts += noted(model.notices, fitted_before)
    parts += shown(outcome.override_notes)
    parts += [f"wrote {path}" for path in written]
    parts += read_lines(base)
    return "\n".join(part if "\n" in part else printable(part) for part in parts)


def _likely(fields: Sequence[str], columns: Sequence[str]) -> str:
    """Return the flags that read fields from columns whose names are near, empty where no name is."""
    found = {name: likely_column(name, columns) for name in fields}
    flags = [flag(name, column) for name, column in found.items() if column is not None]
    return f"; is it in another column? {' '.join(flags)}" if flags else ""


def _some(lines: Sequence[str]) -> list[str]:
    """Return the first lines between grades, and the number of further lines."""
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"and {counted(more, 'lines')} more"] if more > 0 else list(lines)


def read_lines(base: CustomerBase, which: str = "") -> list[str]:
    """Return the lines that say which files were read, and which rows were left out and why.

    which: put before each line, where there are several bases.
    """
    lines = [
        *map(for_command_line, base.notes),
        *([f"not read: {quoted(base.unmapped, _MOST_COLUMNS)}"] if base.unmapped else []),
        *(f"left out: {left}{_examples(left.examples)}" for left in base.left_out),
    ]
    return [printable(f"{which}{line}") for line in lines]


def shown(notes: Sequence[str], most: int = 20) -> list[str]:
    """Return the first notes, and the number of further ones."""
    some = [printable(note) for note in notes[:most]]
    return [*some, f"and {counted(len(notes) - most, 'overrides')} more"] if len(notes) > most else some


def _examples(examples: Sequence[str]) -> str:
    return f" ({'; '.join(map(printable, examples))})" if examples else ""


def printable(text: str) -> str:
    """Return a text without control characters; a text that has some is returned as a Python literal."""
    return text if text.isprintable() else repr(text)


def table(lines: Sequence[GradeSummary], currency: str | None = None) -> str:
    """Return the table of grades: customers, revenue and profit, each with its share of the total.

    Of more than 15 grades, those without customers are counted instead of shown. currency: of revenue and profit.
    """
    fields = list(lines[-1].totals)
    empty = [line.grade for line in lines if not line.customers] if len(lines) > _MOST_GRADES else []
    named = [f"{words(name)}, {currency}" if currency else words(name) for name in fields]
    rows = [["grade", "customers", "share", *(part for name in named for part in (name, "share"))]]
    for line in lines:
        if line.grade in empty:
            continue
        cells = [line.grade, f"{line.customers:,}", percent(line.customer_share)]
        for name in fields:
            some = (f"{line.totals[name]:,.2f}", percent(line.shares[name]))
            cells += some if line.customers else (NOTHING, NOTHING)
        rows.append(cells)
    return aligned(rows) + (f"\n{counted(len(empty), 'other grades')} without customers" if empty else "")


def percent(share: float) -> str:
    """Return a share as per cent with two decimals, or a dash for NaN."""
    return NOTHING if math.isnan(share) else f"{100 * share:.2f} %"


def aligned(rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """Return rows as a text table with a rule below the header.

    rows: the header first. text_columns: the number of columns, from the left, that are aligned to the left.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if k < text_columns else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([line(rows[0]), "  ".join("-" * width for width in widths), *map(line, rows[1:])])
