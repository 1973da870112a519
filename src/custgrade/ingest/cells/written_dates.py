"""How the dates of a source are written: the format of text, day numbers of spreadsheets, and time zones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from attrs import evolve

from custgrade.errors import SourceError
from custgrade.ingest.cells.date_formats import EPOCH, EXCEL, day_first, formats_hint, formats_of, read_most
from custgrade.ingest.engine import engine_errors, literal
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.source import Source, SourceColumn

_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T].*)?")
_ZONED = re.compile(r":\d{2}(\.\d+)?\s*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)\s*$")
_DAY_NUMBER = re.compile(r"(3[6-9]|4\d|5[0-4])\d{3}(\.\d+)?")
"""A day number from 1998 to 2050."""
_MOST_TEXTS = 400


def recognised_dates(
    source: Source, columns: Mapping[str, SourceColumn], cells: Mapping[str, Sequence[str]], options: ReadOptions
) -> tuple[dict[str, SourceColumn], list[str]]:
    """Return columns of dates, by field, with the format in which they are written, and notes on it.

    cells: sampled cells by the names of text columns.

    Raises SourceError where dates can be read in two ways, and for day numbers, when no format is given.
    """
    _set_zone(source, options.time_zone)
    found, notes = dict[str, SourceColumn](), list[str]()
    for name, column in columns.items():
        form = options.date_format
        texts = cells.get(column.name, ())
        if form is None and texts and not any(_ISO.fullmatch(cell.strip()) for cell in texts):
            form = _format(source, column, texts)
            if form is not None:
                notes.append(f"dates in {column.name!r} are written as {form}")
        if column.type.endswith("WITH TIME ZONE") or any(_ZONED.search(cell) for cell in texts):
            notes.append(f"timestamps in {column.name!r} are days in the zone {options.time_zone or 'UTC'}")
        found[name] = evolve(column, date_format=form)
    return found, notes


def _set_zone(source: Source, zone: str | None) -> None:
    import duckdb

    try:
        source.connection.execute(f"SET TimeZone = {literal(zone or 'UTC')}")
    except duckdb.Error:
        raise SourceError(f"there is no time zone {zone!r}; give a name such as 'Europe/Berlin'") from None


def _format(source: Source, column: SourceColumn, texts: Sequence[str]) -> str | None:
    """Return the only format in which a column's dates can be read, None where no format reads all sampled cells."""
    digits = [text.strip() for text in texts if any(sign.isdigit() for sign in text)]
    if digits and all(_DAY_NUMBER.fullmatch(text) for text in digits):
        number = digits[0]
        raise SourceError(
            f"{source.label}: column {column.name!r} holds numbers in place of dates; {number} looks like a "
            f"spreadsheet's number for {EPOCH + dt.timedelta(int(float(number)))}.",
            formats_hint("If so, say so", [(EXCEL, "")]),
        )
    forms = day_first(formats_of(source.connection, digits[:_MOST_TEXTS]))
    if len(forms) > 1:
        with engine_errors(f"{source.label} can't be read"):
            forms = read_most(source.connection, forms, column.sql, source.table)
        source.rejected()
    if len(forms) > 1:
        raise SourceError(
            f"{source.label}: the dates in column {column.name!r} may be read in {len(forms)} ways.",
            formats_hint("Give their format", [(form, f" ({digits[0]} is {day})") for form, day in forms]),
        )
    return forms[0][0] if forms else None
