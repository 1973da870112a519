"""SQL expressions that read dates from columns of any type."""

from __future__ import annotations

import datetime as dt

from custgrade.errors import SourceError
from custgrade.ingest.cells.date_formats import EPOCH, EXCEL, date_format_hint
from custgrade.ingest.cells.values import DOUBLES, INTEGERS, NOTHING, text
from custgrade.ingest.engine import literal
from custgrade.ingest.source import SourceColumn

_LAST_DAY = dt.date(9999, 12, 30)


def date(column: SourceColumn) -> str:
    """Return SQL of a date as DATE, NULL where it can't be read.

    Text without a format holds ISO dates and timestamps. A timestamp with an offset or a zone is the day in the time
    zone of the connection.

    Raises SourceError for a type that holds no dates.
    """
    form = column.date_format
    # a year is four digits, so %Y doesn't read 25
    first = "1000-01-01" if form and "%Y" in form else "0001-01-01"
    in_range = f"CASE WHEN {{0}} BETWEEN DATE '{first}' AND DATE '{_LAST_DAY}' THEN {{0}} END"
    if column.type in ("DATE", NOTHING) or column.type.startswith("TIMESTAMP"):
        return in_range.format(f"CAST({column.sql} AS DATE)")
    if form == EXCEL and (column.type in ("VARCHAR", *INTEGERS, *DOUBLES) or column.type.startswith("DECIMAL")):
        days = f"floor(TRY_CAST({column.sql} AS DOUBLE))"
        day = f"DATE '{EPOCH}' + CAST({days} AS INTEGER)"
        return f"CASE WHEN {days} BETWEEN 1 AND {(_LAST_DAY - EPOCH).days} THEN {day} END"
    if column.type == "VARCHAR" or (form and column.type in INTEGERS):
        as_text = text(column)
        if form:
            return in_range.format(f"CAST(try_strptime(trim({as_text}), {literal(form)}) AS DATE)")
        # DuckDB would read `24-01-05` as a day of the year 24, and `epoch` as a day of 1970
        trimmed = f"ltrim({as_text})"
        iso = f"substr({trimmed}, 5, 1) IN ('-', '/') AND ascii({trimmed}) BETWEEN 48 AND 57"
        # the engine reads +01:00, but neither a blank before it nor +0100 after one
        offset = f"regexp_replace(trim({as_text}), ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\\1:\\2')"
        instant = f"CAST(TRY_CAST({offset} AS TIMESTAMPTZ) AS DATE)"
        local = f"CAST(TRY_CAST({as_text} AS TIMESTAMP) AS DATE)"
        read = f"CASE WHEN {_without_offset(as_text)} THEN {local} ELSE {instant} END"
        return in_range.format(f"CASE WHEN {iso} THEN {read} END")
    hint = date_format_hint("%Y%m%d", EXCEL) if column.type in INTEGERS else date_format_hint(EXCEL)
    raise SourceError(f"column {column.name!r} holds {column.held}, not dates.", hint)


def sound_date(column: SourceColumn, last: dt.date | None) -> str:
    """Return SQL of a fast condition: a cell holds a date up to `last`, included; see `ColumnReading`.

    Returns an empty text where the column may hold a word that the caller gave for an unknown value.
    """
    if column.missing.given:
        return ""
    if column.type != "DATE" and not column.type.startswith("TIMESTAMP"):
        if column.date_format is not None:
            return f"({date(column)} <= DATE '{last or _LAST_DAY}')"
        # `epoch` and other words are too short, and years of two digits are before 1000
        bounds = f"DATE '1000-01-01' AND DATE '{min(last or _LAST_DAY, _LAST_DAY)}'"
        return f"({_without_offset(column.sql)} AND {plain_date(column)} BETWEEN {bounds})"
    until = min(last or _LAST_DAY, _LAST_DAY)
    return f"(CAST({column.sql} AS DATE) BETWEEN DATE '0001-01-01' AND DATE '{until}')"


def plain_date(column: SourceColumn) -> str:
    """Return SQL of the date in a cell that meets `sound_date`, empty where it is the same as for any cell."""
    if column.type == "DATE" or column.type.startswith("TIMESTAMP"):
        return f"CAST({column.sql} AS DATE)"
    # the engine reads a timestamp in less time than a date
    plain = column.type == "VARCHAR" and column.date_format is None
    return f"CAST(TRY_CAST({column.sql} AS TIMESTAMP) AS DATE)" if plain else ""


def _without_offset(text: str) -> str:
    """Return the SQL condition that a text has the length of an ISO date, or of one with a time and no offset."""
    return f"(strlen({text}) = 10 OR (strlen({text}) = 19 AND substr({text}, 17, 1) = ':'))"
