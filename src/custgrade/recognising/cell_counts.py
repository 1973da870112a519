"""The cells of a source's first rows as a table of texts, and counts of how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from custgrade.ingest.engine import literal
from custgrade.ingest.source import Source

ROWS, CELLS = "rows_looked_at", "cells_looked_at"
_NOTHING = ("", "null", "n/a", "na", "#n/a", "nan", "none", "nil", "\\n", "<na>", "(null)", "#nv")
BLANKS = "\u00a0\u2007\u2009\u202f "
_APART = f"[{BLANKS}'’]"
_SIGN = r"(?:[$€£¥]|[A-Z]{3})"
_AMOUNT = rf"[-+−–(]?\s?{_SIGN}?\s?[-+−–]?\s?(\d[\d.,'’{BLANKS}]*)[{BLANKS}]?{_SIGN}?\)?[-−%]?(?:[eE][+-]?\d+)?"
_NUMERAL = (
    rf"\d+[.,]?|\d*[.,]\d+|\d{{1,3}}(?:[.,'’{BLANKS}]\d{{3}})+(?:[.,]\d*)?|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?:\.\d*)?"
)
_ZERO = r"\s*[$€£¥]\s*[-−–]\s*|\s*[-−–]\s*[$€£¥]\s*"
"""How spreadsheets write no money."""
_POINT = (
    rf"\d{{1,3}}(?:[,'’{BLANKS}]\d{{3}})+\.\d+" r"|\d*\.\d{1,2}|\d*\.\d{4,}|0\.\d+|\d{4,}\.\d+|\d{1,3}(?:,\d{3}){2,}"
)
_COMMA = rf"\d{{1,3}}(?:[.'’{BLANKS}]\d{{3}})+,\d+" r"|\d*,\d{1,2}|\d*,\d{4,}|0,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3}){2,}"
_DATE = (
    r"\D{0,14}\d{1,4}[./\-, ]{1,2}(?:\d{1,2}|\pL{3,9}\.?,?)[./\-, ]{1,2}\d{1,4}\b.*"
    r"|[A-Z][a-z]{2,8} \d{1,2},? \d{4}.*"
)
_WHOLE = rf"\d+|\d{{1,3}}([.,'’{BLANKS}]\d{{3}})+|\d+\.0"
_EITHER = r"\d{1,3}[.,]\d{3}"
_MAIL = r"[^@\s]+@[^@\s]+\.\w+"
_ISO = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}.*"


def counted_cells(source: Source, columns: Sequence[str], most: int) -> tuple[int, dict[str, dict[str, Any]]]:
    """Make the tables ROWS and CELLS; return the number of rows, and the counts of each column `k0`, `k1` ….

    columns: the SQL of the columns. most: the most rows to take.
    """
    texts = ", ".join(f"CAST({sql} AS VARCHAR) AS k{k}" for k, sql in enumerate(columns))
    run = source.connection.execute
    run(f"CREATE OR REPLACE TEMP TABLE {ROWS} AS SELECT {texts} FROM {source.table} LIMIT {most}")
    source.rejected()
    (rows,) = first_row(source, f"SELECT count(*) FROM {ROWS}")
    absent = ", ".join(map(literal, _NOTHING))
    trimmed = f"CASE WHEN regexp_full_match(v, {literal(_ZERO)}) THEN '0' ELSE trim(v, {literal(BLANKS)}) END"
    run(
        f"CREATE OR REPLACE TEMP TABLE {CELLS} AS SELECT k, t, n, {amount_digits('t')} AS core FROM "
        f"(SELECT k, {trimmed} AS t, count(*) AS n FROM (UNPIVOT {ROWS} ON COLUMNS(*) INTO NAME k VALUE v) "
        f"GROUP BY ALL) WHERE lower(t) NOT IN ({absent}) AND NOT regexp_full_match(t, '[^\\pL\\d]+')"
    )
    return rows, _counts(source)


def first_row(source: Source, query: str) -> tuple[Any, ...]:
    """Return the first row of a query, an empty tuple if it has none."""
    found = source.connection.execute(query).fetchone()
    return found if found is not None else ()


def amount_digits(text: str) -> str:
    """Return SQL of the digits and separators of an amount, empty where a text is no amount."""
    core = f"rtrim(regexp_extract({text}, {literal(f'^{_AMOUNT}$')}, 1), {literal(BLANKS)})"
    return f"CASE WHEN regexp_full_match({core}, {literal(_NUMERAL)}) THEN {core} ELSE '' END"


def number_of(text: str, core: str, decimal: str) -> str:
    """Return SQL of a cell as DOUBLE; decimal: as of `ColumnFacts`."""
    digits = f"regexp_replace({core}, {literal(_APART)}, '', 'g')"
    plain = f"replace(replace({digits}, '.', ''), ',', '.')" if decimal == "comma" else f"replace({digits}, ',', '')"
    negative = f"regexp_full_match({text}, '[^\\d]*[-−–(][^\\d]*\\d.*|.*[-−]')"
    exponent = f"CASE WHEN contains(lower({text}), 'e') THEN TRY_CAST({text} AS DOUBLE) END"
    return f"coalesce({exponent}, CASE WHEN {negative} THEN -1 ELSE 1 END * TRY_CAST({plain} AS DOUBLE))"


def _counts(source: Source) -> dict[str, dict[str, Any]]:
    """Return the counts of each column, by its name in the sample."""

    def matches(pattern: str, what: str = "core") -> str:
        return f"regexp_full_match({what}, {literal(pattern)})"

    conditions = {
        "filled": "true",
        "amounts": "core <> ''",
        "whole": matches(_WHOLE),
        "percents": "contains(t, '%')",
        "point": matches(_POINT),
        "comma": matches(_COMMA),
        "either": matches(_EITHER),
        "lettered": matches(r".*\pL.*", "t"),
        "mails": matches(_MAIL, "t"),
        "dates": f"{matches(_ISO, 't')} AND TRY_CAST(t AS TIMESTAMP) IS NOT NULL",
        "datelike": matches(_DATE, "t"),
    }
    items = {name: f"coalesce(sum(n) FILTER ({condition}), 0)::BIGINT" for name, condition in conditions.items()}
    items |= {"distinct": "count(*)", "example": "min(t)"}
    for decimal in ("point", "comma"):
        x = decimal
        items |= {
            f"{x}_least": f"min({x}_x)",
            f"{x}_most": f"max({x}_x)",
            f"{x}_average": f"sum({x}_x * n) / sum(n) FILTER ({x}_x IS NOT NULL)",
            f"{x}_negative": f"coalesce(sum(n) FILTER ({x}_x < 0), 0)::BIGINT",
            f"{x}_decimals": f"coalesce(sum(n) FILTER ({x}_x <> round({x}_x)), 0)::BIGINT",
        }
    numbers = ", ".join(f"{number_of('t', 'core', decimal)} AS {decimal}_x" for decimal in ("point", "comma"))
    found = source.connection.execute(
        f"SELECT k, {', '.join(items.values())} FROM (SELECT *, {numbers} FROM {CELLS}) GROUP BY k"
    ).fetchall()
    return {k: dict(zip(items, values, strict=True)) for k, *values in found}
