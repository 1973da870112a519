"""The text of a finding: its question, its table, the sentences that answer it, and notes."""

from __future__ import annotations

from collections.abc import Sequence

from custgrade.cli.report import aligned, percent, printable
from custgrade.findings.amounts import value_text
from custgrade.findings.finding import Cell, Finding
from custgrade.model.wording import NOTHING, number


def finding_text(finding: Finding, currency: str | None = None) -> str:
    """Return a finding as text; currency: of its money."""
    lines = [printable(finding.title), ""]
    if finding.rows:
        header = [_heading(name, unit, currency) for name, unit in finding.columns]
        units = [unit for _, unit in finding.columns]
        cells = [_cells(finding, row, units, currency) for row in finding.rows]
        lines += [aligned([header, *cells], text_columns=_text_columns(finding)), ""]
    lines += map(printable, finding.says)
    lines += (f"note: {printable(note)}" for note in finding.notes)
    lines += map(printable, (hint.option for hint in finding.hints))
    return "\n".join(lines).rstrip()


def _heading(name: str, unit: str, currency: str | None) -> str:
    if unit == "money":
        return f"{name}, {currency}" if currency else name
    if unit in ("", "share", "customers", "rating", "ratio", "count"):
        return name
    what, _, rest = unit.partition(" ")
    return f"{name} {rest}".rstrip() if what in name.split() else f"{name}, {unit}"


def _cells(finding: Finding, row: Sequence[Cell], units: Sequence[str], currency: str | None) -> list[str]:
    """Return the cells of a row; numbers without a unit have the one that the row's cell `unit` names."""
    of_row = next((str(cell) for cell, (name, _) in zip(row, finding.columns, strict=True) if name == "unit"), None)
    return [
        value_text(cell, of_row, currency)
        if of_row is not None and not unit and isinstance(cell, float)
        else _text(cell, unit)
        for cell, unit in zip(row, units, strict=True)
    ]


def _text(cell: Cell, unit: str) -> str:
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if unit == "share":
        return percent(float(cell))
    if unit == "money":
        return f"{cell:,.2f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:,.1f}" if unit.startswith("hours") else number(cell)


def _text_columns(finding: Finding) -> int:
    """Return the number of columns, from the left, that hold texts only."""
    for k in range(len(finding.columns)):
        if not all(isinstance(row[k], str) for row in finding.rows):
            return k
    return len(finding.columns)
