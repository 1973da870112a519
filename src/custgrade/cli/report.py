"""What a run prints: a table of grades, the period, and what was left out and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

from custgrade.data.base import CustomerBase
from custgrade.model.outcome import Outcome
from custgrade.model.summary import GradeSummary
from custgrade.model.wording import NOTHING, noted, words
from custgrade.text import counted, listed

_MOST_LINES = 60
_MOST_GRADES = 15
"""How many lines a table of grades shows before it leaves out those that hold nobody."""


def report(outcome: Outcome, written: Sequence[str] = (), fitted_before: bool = False) -> str:
    """Return the report of a run as text: what was done first, then what was read.

    written: the files that were written. fitted_before: whether the model was fitted on other data, and loaded.
    """
    base, model = outcome.base, outcome.model

    def lacking(detail: str) -> list[str]:
        return [name for name in model.scorer.detail_scores[detail].inputs if name not in base.columns]

    parts = [table(outcome.summary, base.currency), "", *_some(model.lines(base.currency)), ""]
    if base.period is not None:
        period = base.period
        parts.append(f"as of {period.as_of}; period {period.start} to {period.end}, {counted(period.days, 'days')}")
    if base.currency:
        parts.append(f"money in {base.currency}")
    ungraded = sorted(outcome.ungraded.items(), key=lambda item: -item[1])
    parts += [f"ungraded: {counted(count, 'customers')}: {reason}" for reason, count in ungraded]
    parts += [
        f"note: {name} is not stated, because the data has no such field: {listed(lacking(name))}"
        for name in model.scorer.details
        if name not in outcome.details
    ]
    parts += [f"note: {note}" for note in model.learned_notes]
    parts += noted(model.notices, fitted_before)
    parts += shown(outcome.override_notes)
    parts += [f"wrote {path}" for path in written]
    parts += read_lines(base)
    return "\n".join(part if "\n" in part else printable(part) for part in parts)


def _some(lines: Sequence[str]) -> list[str]:
    """The first lines between grades, and how many there are beyond."""
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"and {counted(more, 'lines')} more"] if more > 0 else list(lines)


def read_lines(base: CustomerBase, which: str = "") -> list[str]:
    """What was read from where, and what was left out and why; which: said before each, if there are several bases."""
    lines = [*base.notes, *(f"left out: {left}{_examples(left.examples)}" for left in base.left_out)]
    return [printable(f"{which}{line}") for line in lines]


def shown(notes: Sequence[str], most: int = 20) -> list[str]:
    """The first notes, and how many there are beyond."""
    some = [printable(note) for note in notes[:most]]
    return [*some, f"and {counted(len(notes) - most, 'overrides')} more"] if len(notes) > most else some


def _examples(examples: Sequence[str]) -> str:
    return f" ({'; '.join(map(printable, examples))})" if examples else ""


def printable(text: str) -> str:
    """A text; as Python writes it if it would move a terminal's cursor or colour what follows."""
    return text if text.isprintable() else repr(text)


def table(lines: Sequence[GradeSummary], currency: str | None = None) -> str:
    """Return the table of grades: customers, revenue and profit, each with its share of the total.

    Of more than a dozen grades, those that hold nobody are counted instead of shown. currency: what money is in.
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
    return aligned(rows) + (f"\nnobody is in {counted(len(empty), 'other grades')}" if empty else "")


def percent(share: float) -> str:
    """A share as per cent with two decimals; a dash where there is none."""
    return NOTHING if math.isnan(share) else f"{100 * share:.2f} %"


def aligned(rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """Rows as a text table: the first columns to the left, the others to the right, a rule below the header."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if k < text_columns else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([line(rows[0]), "  ".join("-" * width for width in widths), *map(line, rows[1:])])
