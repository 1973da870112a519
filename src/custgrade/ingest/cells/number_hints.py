"""What an error proposes for a cell that looks like a number but can't be read as one."""

from __future__ import annotations

from custgrade.errors import Hint
from custgrade.ingest.cells.number_formats import MARKS, evidence_of, readings_of
from custgrade.ingest.source import SourceColumn

_NAMES = {".": "point", ",": "comma"}


def number_hint(column: SourceColumn, cell: str) -> Hint | None:
    """Return the hint for a cell of a column that can't be read, None where it doesn't look like a number."""
    if cell.strip().endswith("%"):
        return Hint.alike(f"{cell!r} is a share, not an amount; line_discount_share and share_of_wallet hold shares.")
    form, evidence = column.numbers, evidence_of([cell])
    if evidence.either and not form.certain:
        decimals, grouped = readings_of(cell)
        sign = "point" if "." in cell else "comma"
        other = "comma" if sign == "point" else "point"
        return Hint(
            f'{cell!r} is {grouped} with decimal="{MARKS[other]}", and {decimals} with decimal="{MARKS[sign]}".',
            f"{cell!r} is {grouped} with --decimal {other}, and {decimals} with --decimal {sign}.",
        )
    found = "." if evidence.point else "," if evidence.comma else ""
    if found and found != form.decimal:
        return Hint(
            f"{cell!r} has a decimal {_NAMES[found]}, the other numbers of {column.name!r} don't. "
            f'If all have one: decimal="{found}".',
            f"{cell!r} has a decimal {_NAMES[found]}, the other numbers of {column.name!r} don't. "
            f"If all have one: --decimal {_NAMES[found]}.",
        )
    if any(sign not in form.currencies for sign in evidence.currencies):
        return Hint.alike(f"{cell!r} has another currency than the other amounts.")
    return None
