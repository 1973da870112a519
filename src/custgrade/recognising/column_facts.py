"""What the cells of a column show: counts of dates, amounts and whole numbers, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from custgrade.ingest.cells.date_formats import formats_of
from custgrade.ingest.engine import engine_errors, literal
from custgrade.ingest.source import Source, SourceColumn
from custgrade.recognising.cell_counts import BLANKS, CELLS, ROWS, amount_digits, counted_cells, first_row, number_of

MOST_ROWS, MOST_COLUMNS = 100_000, 300
"""The rows and columns of a file that are looked at, from its beginning."""
NEARLY_ALL = 0.95

_TRIED = 60
_MOST_VALUES = 40
_DAY_NUMBERS = (20_000, 60_000)


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
    `example`; empty for ISO dates. values: all values of a column of text with few of them, the most frequent first.
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
    values: tuple[str, ...] = ()

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
        text = f"trim({self.sql}, {literal(BLANKS)})"
        return number_of(text, amount_digits(text), self.decimal)


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
        return first_row(self.source, sql.replace("{table}", ROWS))


def looked_at(source: Source, dated: Sequence[str]) -> Sample:
    """Return the facts of a source's columns, from its first rows.

    dated: the columns whose names say that they hold dates; digits without separators are tried as dates only there.

    Raises SourceError when the source can't be read.
    """
    some = [column for column in source.columns.values() if not column.unreadable][:MOST_COLUMNS]
    with engine_errors(f"{source.label} can't be read"):
        rows, counts = counted_cells(source, [column.sql for column in some], MOST_ROWS + 1)
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
    if found.lettered and found.distinct <= _MOST_VALUES:
        texts = source.connection.execute(
            f"SELECT t FROM {CELLS} WHERE k = {literal(sql)} ORDER BY n DESC, t"
        ).fetchall()
        return evolve(found, values=tuple(text for (text,) in texts))
    if counts["datelike"] >= NEARLY_ALL * found.filled or (dated and found.are_whole):
        found = _dated(source, found)
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
    cells = f"{CELLS} WHERE k = {literal(facts.sql)}"
    rows = source.connection.execute(
        f"(SELECT t FROM {cells} ORDER BY hash(t), t LIMIT {_TRIED}) UNION "
        f"(SELECT t FROM {cells} ORDER BY t DESC LIMIT {_TRIED}) ORDER BY t"
    ).fetchall()
    forms = [form for form, _ in formats_of(source.connection, [text for (text,) in rows])]
    if not forms:
        return facts
    reads = ", ".join(f"sum(n) FILTER (try_strptime(t, {literal(form)}) IS NOT NULL)::BIGINT" for form in forms)
    shown = ", ".join(f"CAST(CAST(try_strptime(min(t), {literal(form)}) AS DATE) AS VARCHAR)" for form in forms)
    found = first_row(source, f"SELECT {reads}, {shown} FROM {cells}")
    best = max(found[: len(forms)])
    readings = zip(forms, found[: len(forms)], found[len(forms) :], strict=True)
    formats = tuple((form, day) for form, count, day in readings if count == best)
    return evolve(facts, amounts=0, dates=best, formats=formats)
