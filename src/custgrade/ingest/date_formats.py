"""Which formats, in strptime's letters, dates in text may be written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from custgrade.errors import Hint
from custgrade.ingest.engine import literal

if TYPE_CHECKING:
    import duckdb

_MONTHS = ["january", "february", "march", "april", "may", "june", "july"]
_MONTHS += ["august", "september", "october", "november", "december"]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[\s\S]")
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
    """Return the formats that read all of these texts as dates, each with the first text's date, YYYY-MM-DD.

    Day first comes before month first. Several formats that read the same dates count as one.
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
    """Return the hint to give one of these formats of dates, in strptime's letters."""
    return _hint("Give the format of its dates", [(form, "") for form in formats])


def format_hint(
    connection: duckdb.DuckDBPyConnection, column: str, texts: Sequence[str], cells: str, table: str
) -> Hint:
    """Return the hint to give the format in which a column's dates are written, with each possible reading.

    texts: the cells that can't be read yet. cells, table: SQL of all cells as text, and what to select them from; a
    format must read them too. Empty where no format reads all of `texts`.
    """
    found = formats_of(connection, texts)
    if not found:
        return Hint()
    unread = ", ".join(f"count(*) FILTER (try_strptime(trim({cells}), {literal(form)}) IS NULL)" for form, _ in found)
    (counts,) = connection.execute(f"SELECT {unread} FROM {table} WHERE trim({cells}) <> ''").fetchall()
    found = [reading for reading, count in zip(found, counts, strict=True) if not count]
    if not found:
        return Hint.alike(f"The dates in {column!r} are written in several ways; write all of them alike.")
    first = next(text.strip() for text in texts if text.strip())
    readings = [(form, f" ({first} is {day})") for form, day in found]
    return _hint(f"Give the format of the dates in {column!r}", readings)


def _hint(begin: str, readings: Sequence[tuple[str, str]]) -> Hint:
    python, option = (
        " or ".join(named.format(form) + reading for form, reading in readings)
        for named in ('date_format="{}"', "--date-format '{}'")
    )
    return Hint(f"{begin}: {python}.", f"{begin}: {option}.")


def _possible(text: str) -> Iterator[str]:
    """The formats that a text's shape allows."""
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
    """How strptime calls a day, month or year that is written like this; empty if none is."""
    name = _named_month(token)
    if kind == "m" and name:
        return name
    if kind == "y" and token.isdigit() and len(token) in (2, 4):
        return "%Y" if len(token) == 4 else "%y"
    return f"%{kind}" if kind != "y" and token.isdigit() and len(token) <= 2 else ""


def _named_month(token: str) -> str:
    word = token.casefold()
    # in May the short name is the long one
    return "%b" if word in [name[:3] for name in _MONTHS] else "%B" if word in _MONTHS else ""


def _filled(tokens: Sequence[str], letters: dict[int, str], times: Sequence[int]) -> str:
    """A format of these tokens; letters: of those that are dates, times: the places of hours, minutes and so on."""
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
