"""Formats of dates in text, in strptime codes, found from examples."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from custgrade.errors import Hint
from custgrade.ingest.engine import literal

if TYPE_CHECKING:
    import duckdb

EXCEL = "excel"
"""The date format of a spreadsheet's day numbers."""
EPOCH = dt.date(1899, 12, 30)
"""The day that has the number 0 in spreadsheets."""
_MONTHS = ["january", "february", "march", "april", "may", "june", "july"]
_MONTHS += ["august", "september", "october", "november", "december"]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[\s\S]")
_ZONE = re.compile(r"(?<=:\d\d)(\s*)([+-]\d{2}:?\d{2}|UTC|GMT)$")
"""An offset or a zone after a time of day."""
_ORDERS = ("dmy", "mdy", "ymd")
_TOGETHER = {
    8: ("%Y%m%d", "%d%m%Y", "%m%d%Y"),
    6: ("%d%m%y", "%m%d%y", "%y%m%d"),
    12: ("%Y%m%d%H%M",),
    14: ("%Y%m%d%H%M%S",),
}
"""Formats of dates without separators, by their length."""
_LONGEST = 60
_FIRST_CENTURY, _LAST_CENTURY = "1900-01-01", "2199-12-31"


def formats_of(connection: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the strptime formats that read all of these texts as dates, each with the date of the first text.

    The date is a text YYYY-MM-DD. Formats with the day first come before those with the month first. Of formats that
    read the same dates, one is returned.
    """
    given = [text.strip() for text in texts if text.strip()]
    if not given or max(map(len, given)) > _LONGEST:
        return []
    found: dict[tuple[str, ...], str] = {}
    forms = dict.fromkeys(form for text in given for form in _possible(text))
    for form in forms:
        values = ", ".join(f"({k}, {literal(text)})" for k, text in enumerate(given))
        read = f"CAST(try_strptime(t, {literal(form)}) AS DATE)"
        rows = connection.execute(f"SELECT {read} FROM (VALUES {values}) v(k, t) ORDER BY k").fetchall()
        dates = tuple(str(day) for (day,) in rows)
        if all(_FIRST_CENTURY <= day <= _LAST_CENTURY for day in dates):
            found.setdefault(dates, form)
    readings = [(form, dates[0]) for dates, form in found.items()]
    # a year of two digits comes first between hyphens, and elsewhere only where nothing else makes sense
    usual = [(form, day) for form, day in readings if not form.startswith("%y") or form.startswith("%y-%m-")]
    return usual or readings


def date_format_hint(*formats: str) -> Hint:
    """Return the hint to give one of these date formats, in strptime codes or `excel`."""
    return formats_hint("Give the format of its dates", [(form, "") for form in formats])


def day_first(readings: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return formats without those in which a month comes first between points, which nobody writes."""
    dotted = [reading for reading in readings if reading[0].startswith(("%d.%m.", "%Y.%m."))]
    return dotted if len(dotted) == 1 and all(form[2:3] == "." for form, _ in readings) else list(readings)


def read_most(
    connection: duckdb.DuckDBPyConnection, readings: Sequence[tuple[str, str]], cells: str, table: str
) -> list[tuple[str, str]]:
    """Return the formats, each with a date, that read the most cells of a table.

    cells: SQL of the cells as text.
    """
    read = ", ".join(f"count(try_strptime(trim({cells}), {literal(form)}))" for form, _ in readings)
    (counts,) = connection.execute(f"SELECT {read} FROM {table}").fetchall()
    return [reading for reading, count in zip(readings, counts, strict=True) if count == max(counts)]


def format_hint(
    connection: duckdb.DuckDBPyConnection, column: str, texts: Sequence[str], cells: str, table: str
) -> Hint:
    """Return the hint to give the format of a column's dates, with an example for each possible format.

    The hint is empty where no format reads all of `texts`.

    texts: the cells that can't be read without a format. cells, table: SQL of all cells of the column as text, and of
    their table; a format must read all of these cells.
    """
    found = formats_of(connection, texts)
    if not found:
        return Hint()
    unread = ", ".join(f"count(*) FILTER (try_strptime(trim({cells}), {literal(form)}) IS NULL)" for form, _ in found)
    (counts,) = connection.execute(f"SELECT {unread} FROM {table} WHERE trim({cells}) <> ''").fetchall()
    first = next(text.strip() for text in texts if text.strip())
    possible, found = found, [reading for reading, count in zip(found, counts, strict=True) if not count]
    if not found:
        short = f" {first!r} has a year of two digits." if "%y" in possible[0][0] else ""
        return Hint.alike(f"Write all dates in {column!r} in the same format; they have several.{short}")
    readings = [(form, f" ({first} is {day})") for form, day in found]
    return formats_hint(f"Give the format of the dates in {column!r}", readings)


def formats_hint(begin: str, readings: Sequence[tuple[str, str]]) -> Hint:
    """Return the hint to give one of several formats; begin: its first words. readings: each format and its example."""
    python, option = (
        " or ".join(named.format(form) + reading for form, reading in readings)
        for named in ('date_format="{}"', "--date-format '{}'")
    )
    return Hint(f"{begin}: {python}.", f"{begin}: {option}.")


def _possible(text: str) -> Iterator[str]:
    """Yield the formats that may fit a text."""
    zone = _ZONE.search(text)
    if zone:
        code = "%Z" if zone[2].isalpha() else "%z"
        yield from (f"{form}{zone[1]}{code}" for form in _possible(text[: zone.start()]))
        return
    tokens = _TOKEN.findall(text)
    places = [k for k, token in enumerate(tokens) if token.isdigit() or _named_month(token)]
    if places and len(tokens[places[0]]) in _TOGETHER and tokens[places[0]].isdigit():
        for form in _TOGETHER[len(tokens[places[0]])]:
            rest = _filled(tokens, {places[0]: form}, places[1:])
            yield from [rest] if rest else []
        return
    for order in _ORDERS if len(places) >= 3 else ():
        letters = {place: _letter(tokens[place], kind) for place, kind in zip(places[:3], order, strict=True)}
        if all(letters.values()):
            form = _filled(tokens, letters, places[3:])
            yield from [form] if form else []


def _letter(token: str, kind: str) -> str:
    """Return the strptime code for a token; kind: d for day, m for month, y for year. Empty where the token is none."""
    name = _named_month(token)
    if kind == "m" and name:
        return name
    if kind == "y" and token.isdigit() and len(token) in (2, 4):
        return "%Y" if len(token) == 4 else "%y"
    return f"%{kind}" if kind != "y" and token.isdigit() and len(token) <= 2 else ""


def _named_month(token: str) -> str:
    word = token.casefold()
    # May is both a short and a long name
    return "%b" if word in [name[:3] for name in _MONTHS] else "%B" if word in _MONTHS else ""


def _filled(tokens: Sequence[str], letters: dict[int, str], times: Sequence[int]) -> str:
    """Return the format of these tokens, empty where there is none.

    letters: strptime codes by position for day, month and year. times: the positions of hours, minutes and so on.
    """
    halves = any(token.casefold() in ("am", "pm") for token in tokens)
    clock = ["%I" if halves else "%H", "%M", "%S", "%f"]
    if len(times) > len(clock) or any(not tokens[place].isdigit() for place in times):
        return ""
    letters = {**letters, **dict(zip(times, clock, strict=False))}
    parts = []
    for k, token in enumerate(tokens):
        word = token.casefold()
        if k in letters:
            parts.append(letters[k])
        elif word in ("am", "pm"):
            parts.append("%p")
        elif word in _DAYS:
            parts.append("%A")
        elif word in [name[:3] for name in _DAYS]:
            parts.append("%a")
        elif token.isdigit() or (token.isalpha() and word not in ("t", "z")):
            return ""
        else:
            parts.append(token.replace("%", "%%"))
    return "".join(parts)
