"""What the cells of a column show: counts of dates, amounts and whole numbers, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from custgrade.ingest.date_formats import formats_of
from custgrade.ingest.engine import engine_errors, literal
from custgrade.ingest.source import Source, SourceColumn

MOST_ROWS, MOST_COLUMNS = 100_000, 300
"""The rows and columns of a file that are looked at, from its beginning."""
NEARLY_ALL = 0.95

_ROWS, _CELLS = "rows_looked_at", "cells_looked_at"
_NOTHING = ("", "null", "n/a", "na", "#n/a", "nan", "none", "nil", "\\n", "<na>", "(null)", "#nv")
_BLANK = "\u00a0\u2007\u2009\u202f "
_APART = f"[{_BLANK}'’]"
_SIGN = r"(?:[$€£¥]|[A-Z]{3})"
_AMOUNT = rf"[-+−–(]?\s?{_SIGN}?\s?[-+−–]?\s?(\d[\d.,'’{_BLANK}]*)[{_BLANK}]?{_SIGN}?\)?[-−%]?(?:[eE][+-]?\d+)?"
_POINT = r"\d{1,3}(?:[,'’ ]\d{3})+\.\d+|\d*\.\d{1,2}|\d*\.\d{4,}|0\.\d+|\d{4,}\.\d+|\d{1,3}(?:,\d{3}){2,}"
_COMMA = r"\d{1,3}(?:[.'’ ]\d{3})+,\d+|\d*,\d{1,2}|\d*,\d{4,}|0,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3}){2,}"
_DATE = (
    r"\D{0,14}\d{1,4}[./\-, ]{1,2}(?:\d{1,2}|\pL{3,9}\.?,?)[./\-, ]{1,2}\d{1,4}\b.*"
    r"|[A-Z][a-z]{2,8} \d{1,2},? \d{4}.*"
)
_WHOLE = r"\d+|\d{1,3}([.,'’ ]\d{3})+|\d+\.0"
_EITHER = r"\d{1,3}[.,]\d{3}"
_MAIL = r"[^@\s]+@[^@\s]+\.\w+"
_ISO = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}.*"
_DAY_NUMBERS = (20_000, 60_000)
_TRIED = 60


@frozen
class ColumnFacts:
    """What is known of a column from the rows that were looked at.

    name: its name. typed: whether the source holds it as numbers or dates instead of text. rows: the rows looked at.
    filled: cells with a value; distinct: their different values, and `example` the first of these in text order.
    amounts, whole, percents: the cells that are amounts, whole numbers, or written with a per cent sign. decimals: the
    amounts with decimals other than zeros. decimal: the decimal sign that all amounts agree on, "point" or "comma";
    empty without evidence, "?" where a sign with three digits after it may be either, "mixed" where both occur.
    least, most, average: of the amounts. negative: the amounts below zero.
    dates: the cells that are dates. formats: their possible formats in strptime codes, each with its reading of
    `example`; empty for ISO dates.
    """

    name: str
    sql: str = field(repr=False)
    typed: bool = False
    rows: int = 0
    filled: int = 0
    distinct: int = 0
    example: str = ""
    amounts: int = 0
    whole: int = 0
    percents: int = 0
    decimals: int = 0
    decimal: str = ""
    least: float = 0.0
    most: float = 0.0
    average: float = 0.0
    negative: int = 0
    lettered: int = 0
    mails: int = 0
    dates: int = 0
    formats: tuple[tuple[str, str], ...] = ()

    @property
    def are_dates(self) -> bool:
        """Whether nearly all cells are dates."""
        return self.filled > 0 and self.dates >= NEARLY_ALL * self.filled

    @property
    def are_day_numbers(self) -> bool:
        """Whether all cells are whole numbers in the range of a spreadsheet's numbers of days, 1954 to 2064."""
        return self.are_whole and self.least >= _DAY_NUMBERS[0] and self.most <= _DAY_NUMBERS[1]

    @property
    def are_amounts(self) -> bool:
        """Whether nearly all cells are numbers, and none of the signs contradicts another."""
        return self.filled > 0 and self.amounts >= NEARLY_ALL * self.filled and self.decimal != "mixed"

    @property
    def are_whole(self) -> bool:
        """Whether nearly all cells are whole numbers."""
        return self.filled > 0 and self.whole >= NEARLY_ALL * self.filled

    @property
    def are_shares(self) -> bool:
        """Whether the numbers are per cent, or all lie between 0 and 1."""
        return self.percents > 0 or (self.are_amounts and self.decimals > 0 and self.least >= 0 and self.most <= 1)

    @property
    def number(self) -> str:
        """SQL of the cell as DOUBLE, NULL where it isn't a number."""
        text = f"trim({self.sql}, {literal(_BLANK)})"
        return _number(text, f"rtrim({_core(text)})", self.decimal)


@frozen
class Sample:
    """The first rows of a source as a table of text columns in its connection.

    rows: their number. complete: whether they are all rows. columns: the facts by column name.
    """

    source: Source
    rows: int
    complete: bool
    columns: Mapping[str, ColumnFacts]

    def query(self, sql: str) -> tuple[Any, ...]:
        """Return the first row of a query; `{table}` stands for the table of the sample."""
        return _one(self.source, sql.replace("{table}", _ROWS))


def looked_at(source: Source, dated: Sequence[str]) -> Sample:
    """Return the facts of a source's columns, from its first rows.

    dated: the columns whose names say that they hold dates; digits without separators are tried as dates only there.

    Raises SourceError when the source can't be read.
    """
    some = [column for column in source.columns.values() if not column.unreadable][:MOST_COLUMNS]
    texts = ", ".join(f"CAST({column.sql} AS VARCHAR) AS k{k}" for k, column in enumerate(some))
    run = source.connection.execute
    with engine_errors(f"{source.label} can't be read"):
        run(f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS SELECT {texts} FROM {source.table} LIMIT {MOST_ROWS + 1}")
        source.rejected()
        (rows,) = _one(source, f"SELECT count(*) FROM {_ROWS}")
        absent = ", ".join(map(literal, _NOTHING))
        run(
            f"CREATE OR REPLACE TEMP TABLE {_CELLS} AS SELECT k, t, n, rtrim({_core('t')}) AS core FROM "
            f"(SELECT k, trim(v, {literal(_BLANK)}) AS t, count(*) AS n "
            f"FROM (UNPIVOT {_ROWS} ON COLUMNS(*) INTO NAME k VALUE v) GROUP BY ALL) "
            f"WHERE lower(t) NOT IN ({absent}) AND NOT regexp_full_match(t, '[^\\pL\\d]+')"
        )
        counts = _counts(source)
        facts = {
            column.name: _facts(source, column, f"k{k}", rows, counts.get(f"k{k}", {}), column.name in dated)
            for k, column in enumerate(some)
        }
    return Sample(source, rows, rows <= MOST_ROWS, _settled(facts))


def _settled(columns: Mapping[str, ColumnFacts]) -> dict[str, ColumnFacts]:
    """Return facts in which columns without evidence of their decimal sign have that of all others of the file."""
    signs = {one.decimal for one in columns.values() if one.are_amounts and not one.typed} & {"point", "comma"}
    if len(signs) != 1:
        return dict(columns)
    (sign,) = signs
    return {name: evolve(one, decimal=sign) if one.decimal == "?" else one for name, one in columns.items()}


def _one(source: Source, query: str) -> tuple[Any, ...]:
    found = source.connection.execute(query).fetchone()
    return found if found is not None else ()


def _core(text: str) -> str:
    """Return SQL of the digits and separators of an amount, empty where a text is no amount."""
    return f"regexp_extract({text}, {literal(f'^{_AMOUNT}$')}, 1)"


def _number(text: str, core: str, decimal: str) -> str:
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
    numbers = ", ".join(f"{_number('t', 'core', decimal)} AS {decimal}_x" for decimal in ("point", "comma"))
    found = source.connection.execute(
        f"SELECT k, {', '.join(items.values())} FROM (SELECT *, {numbers} FROM {_CELLS}) GROUP BY k"
    ).fetchall()
    return {k: dict(zip(items, values, strict=True)) for k, *values in found}


def _facts(
    source: Source, column: SourceColumn, sql: str, rows: int, counts: Mapping[str, Any], dated: bool
) -> ColumnFacts:
    typed = column.type != "VARCHAR"
    empty = ColumnFacts(column.name, sql, typed, rows)
    if not counts:
        return empty
    decimal = "point" if typed else _decimal(counts["point"], counts["comma"], counts["either"])
    kept = ("filled", "distinct", "example", "amounts", "whole", "percents", "lettered", "mails", "dates")
    found = evolve(empty, decimal=decimal, **{name: counts[name] for name in kept})
    if found.are_dates:
        return evolve(found, amounts=0)
    if counts["datelike"] >= NEARLY_ALL * found.filled or (dated and found.are_whole):
        return _dated(source, found)
    read = "comma" if decimal == "comma" else "point"
    if not found.are_amounts or counts[f"{read}_least"] is None:
        return found
    measured = ("least", "most", "average", "negative", "decimals")
    return evolve(found, **{name: counts[f"{read}_{name}"] for name in measured})


def _decimal(point: int, comma: int, either: int) -> str:
    if point and comma:
        return "mixed"
    return "point" if point else "comma" if comma else "?" if either else ""


def _dated(source: Source, facts: ColumnFacts) -> ColumnFacts:
    """Return facts with the formats that read most of the cells as dates."""
    cells = f"{_CELLS} WHERE k = {literal(facts.sql)}"
    rows = source.connection.execute(
        f"(SELECT t FROM {cells} ORDER BY hash(t), t LIMIT {_TRIED}) UNION "
        f"(SELECT t FROM {cells} ORDER BY t DESC LIMIT {_TRIED}) ORDER BY t"
    ).fetchall()
    forms = [form for form, _ in formats_of(source.connection, [text for (text,) in rows])]
    if not forms:
        return facts
    reads = ", ".join(f"sum(n) FILTER (try_strptime(t, {literal(form)}) IS NOT NULL)::BIGINT" for form in forms)
    shown = ", ".join(f"CAST(CAST(try_strptime(min(t), {literal(form)}) AS DATE) AS VARCHAR)" for form in forms)
    found = _one(source, f"SELECT {reads}, {shown} FROM {cells}")
    best = max(found[: len(forms)])
    readings = zip(forms, found[: len(forms)], found[len(forms) :], strict=True)
    formats = tuple((form, day) for form, count, day in readings if count == best)
    return evolve(facts, amounts=0, dates=best, formats=formats)
