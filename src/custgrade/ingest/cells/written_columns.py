"""How the text columns of a source are written: recognised from cells and stated, or refused where it is ambiguous."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import evolve, field, frozen

from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.errors import Hint, SourceError
from custgrade.ingest.cells.number_formats import (
    MARKS,
    Evidence,
    NumberFormat,
    code_of,
    evidence_of,
    may_be,
    readings_of,
    same_currency,
    shown_number,
)
from custgrade.ingest.cells.written_dates import recognised_dates
from custgrade.ingest.engine import engine_errors, literal
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import listed

Kind = Literal["amount", "number", "small number", "date"]
"""What a field holds: money, another number, numbers below 1000, or dates."""
_GROUPED_FROM = 1000
"""The smallest number that has a separator of thousands."""
_SAMPLE = 10_000
"""The number of rows from which formats are recognised."""


@frozen
class Written:
    """The columns of a source with the way in which they are written, and notes on what was recognised.

    columns: by field. currency: the code of the currency whose sign stands in the amounts, None where it isn't known.
    signs: the signs and codes of currencies that stand in the amounts.
    """

    columns: Mapping[str, SourceColumn] = field(converter=read_only)
    notes: tuple[str, ...] = ()
    currency: str | None = None
    signs: tuple[str, ...] = ()

    def refuse_other_currency(self, source: Source, currency: str | None, column: str) -> None:
        """Raise SourceError when the signs in the amounts can't be those of a currency.

        currency: its code, None where it isn't known. column: the name of the column of currencies that says so.
        """
        other = [one for one in self.signs if currency is not None and not may_be(one, currency.strip().upper())]
        if other:
            raise SourceError(
                f"{source.label}: amounts have the sign {other[0]!r}, but are in {currency} by column {column!r}.",
                Hint(
                    'Correct one of them, or leave out the column: columns={"currency": ""}.',
                    "Correct one of them, or leave out the column: --column currency=.",
                ),
            )


def kind_of(known: Field) -> Kind:
    """Return what a field holds."""
    if known.unit == "money":
        return "amount"
    return "small number" if known.low > -_GROUPED_FROM and known.high < _GROUPED_FROM else "number"


def written_columns(
    source: Source, columns: Mapping[str, SourceColumn], kinds: Mapping[str, Kind], options: ReadOptions
) -> Written:
    """Return the columns of fields with the way in which they are written.

    columns: by field. kinds: what fields hold; columns of other fields are returned as they are.

    Raises SourceError where numbers or dates may be read in two ways and no option decides, where a column has numbers
    of two forms, and for amounts in several currencies or of a type that holds no numbers.
    """
    for name, column in columns.items():
        if kinds.get(name) == "amount" and column.type == "BOOLEAN":
            raise SourceError(f"column {column.name!r} holds {column.held}, which can't be read as an amount")
    texts = {name: column for name, column in columns.items() if name in kinds and column.type == "VARCHAR"}
    cells = _sample(source, list(texts.values()))
    numbers = {name: column for name, column in texts.items() if kinds[name] != "date"}
    seen = {name: evidence_of(cells[column.name]) for name, column in numbers.items()}
    notes: list[str] = []
    found = dict(columns)
    formats = _formats(source, numbers, kinds, seen, options)
    currencies: dict[str, None] = {}
    for name, form in formats.items():
        own = _currencies(source, numbers[name], seen[name]) if kinds[name] == "amount" else ()
        found[name] = evolve(found[name], numbers=evolve(form, currencies=own))
        currencies |= dict.fromkeys(own)
    notes += _number_notes(found, seen)
    dates = {name: columns[name] for name, kind in kinds.items() if kind == "date" and name in columns}
    read, date_notes = recognised_dates(source, dates, cells, options)
    found |= read
    label = _label(source, tuple(currencies), options)
    return Written(found, (*notes, *date_notes), label, tuple(currencies))


def _sample(source: Source, columns: Sequence[SourceColumn]) -> dict[str, list[str]]:
    """Return the different cells of the first rows, by column."""
    if not columns:
        return {}
    items = ", ".join(f"{column.sql} AS t{k}" for k, column in enumerate(columns))
    with engine_errors(f"{source.label} can't be read"):
        rows = source.connection.execute(f"SELECT {items} FROM {source.table} LIMIT {_SAMPLE}").fetchall()
    source.rejected()
    return {
        column.name: [cell for cell in dict.fromkeys(row[k] for row in rows) if cell]
        for k, column in enumerate(columns)
    }


def _formats(
    source: Source,
    columns: Mapping[str, SourceColumn],
    kinds: Mapping[str, Kind],
    seen: Mapping[str, Evidence],
    options: ReadOptions,
) -> dict[str, NumberFormat]:
    """Return how the numbers of each column are written."""
    if options.decimal is not None or options.thousands is not None:
        decimal = options.decimal or ("." if options.thousands == "," else ",")
        thousands = options.thousands or _others(decimal)
        return {name: NumberFormat(decimal, thousands) for name in columns}
    signs: dict[str, str] = {}
    for name, evidence in seen.items():
        if evidence.point and evidence.comma:
            raise SourceError(
                f"{source.label}: column {columns[name].name!r} has numbers with a decimal point, such as "
                f"{evidence.point!r}, and with a decimal comma, such as {evidence.comma!r}.",
                Hint.alike("Write them alike in the file."),
            )
        signs[name] = "." if evidence.point else "," if evidence.comma else ""
    common = {sign for sign in signs.values() if sign}
    for name, sign in signs.items():
        if not sign and seen[name].either and kinds[name] == "small number":
            # 4.500 can't be 4500
            signs[name] = "." if "." in seen[name].either else ","
        elif not sign and seen[name].either:
            signs[name] = _decided(source, columns[name], seen[name], common)
        elif not sign and common == {","}:
            signs[name] = ","
    return {
        name: NumberFormat(sign or ".", _others(sign or "."), certain=bool(sign) or kinds[name] == "small number")
        for name, sign in signs.items()
    }


def _others(decimal: str) -> str:
    """Return the separators of thousands that go with a decimal sign."""
    return ". '" if decimal == "," else ", '"


def _decided(source: Source, column: SourceColumn, evidence: Evidence, common: set[str]) -> str:
    """Return the decimal sign of a column whose sampled numbers may be read in two ways.

    common: the decimal signs of the file's other columns.

    Raises SourceError when neither the column's further cells nor the other columns decide.
    """
    sql = column.sql
    query = (
        f"SELECT DISTINCT {sql} FROM {source.table} WHERE regexp_matches({sql}, '[.,]') "
        f"AND NOT regexp_matches({sql}, {literal(r'^[^0-9]*[0-9]{1,3}[.,][0-9]{3}[^0-9]*$')}) LIMIT {_SAMPLE}"
    )
    with engine_errors(f"{source.label} can't be read"):
        rest = evidence_of(str(cell) for (cell,) in source.connection.execute(query).fetchall())
    source.rejected()
    if rest.point and not rest.comma:
        return "."
    if rest.comma and not rest.point:
        return ","
    if len(common) == 1 and not rest.point:
        (sign,) = common
        return sign
    decimal, grouped = readings_of(evidence.either)
    point = "." in evidence.either
    first, second = ("point", "comma") if point else ("comma", "point")
    raise SourceError(
        f"{source.label}: {evidence.either!r} in column {column.name!r} may be {grouped} or {decimal}, and no other "
        "number in the file decides.",
        Hint(
            f'Give decimal="{MARKS[second]}" for {grouped}, or decimal="{MARKS[first]}" for {decimal}.',
            f"Give --decimal {second} for {grouped}, or --decimal {first} for {decimal}.",
        ),
    )


def _currencies(source: Source, column: SourceColumn, evidence: Evidence) -> tuple[str, ...]:
    """Return the signs and codes of the currency in a column's cells, none where there is none.

    Raises SourceError when there are several currencies.
    """
    if not same_currency(evidence.currencies):
        raise SourceError(
            f"{source.label}: column {column.name!r} has amounts in several currencies: "
            f"{listed((repr(cell) for cell in evidence.currencies.values()), 5)}.",
            Hint.alike("Put the currency in a column of its own, and convert the amounts to one currency."),
        )
    return tuple(evidence.currencies)


def _label(source: Source, currencies: Sequence[str], options: ReadOptions) -> str | None:
    """Return the code of the only currency among signs and codes, None where it isn't known.

    Raises SourceError when the amounts of two columns are in different currencies, or not in the given one.
    """
    given = options.currency
    if not same_currency(currencies):
        raise SourceError(
            f"{source.label}: amounts have different currencies: {listed(map(repr, sorted(currencies)))}.",
            Hint.alike("Read amounts in one currency only."),
        )
    label = next((code for one in currencies if (code := code_of(one)) is not None), None)
    other = [one for one in currencies if given is not None and not may_be(one, given.strip().upper())]
    if other:
        proposed = f'Give currency="{label}", or leave it out.' if label else "Leave out currency."
        option = f"Give --currency {label}, or leave it out." if label else "Leave out --currency."
        what = f"are in {label}" if label else f"have the sign {other[0]!r}"
        raise SourceError(
            f"{source.label}: amounts {what}, but the currency is given as {given!r}.", Hint(proposed, option)
        )
    return label if given is None else given


def _number_notes(columns: Mapping[str, SourceColumn], seen: Mapping[str, Evidence]) -> list[str]:
    """Return notes on numbers that aren't written plainly, one for columns with the same examples."""
    same: dict[str, list[str]] = {}
    for name, evidence in seen.items():
        form = columns[name].numbers
        # a decimal point is what everybody takes 1.234 for
        surprising = evidence.either and ("," in evidence.either or form.decimal == ",")
        cells = [*evidence.odd, *([evidence.either] if surprising else [])]
        shown = dict.fromkeys(f"{cell!r} is {shown_number(cell, form)}" for cell in cells)
        if shown:
            sign = "decimal comma" if form.decimal == "," else "decimal point"
            same.setdefault(f"are read with a {sign}: {', '.join(shown)}", []).append(name)
    return [f"numbers in {_columns(columns, names)} {how}" for how, names in same.items()]


def _columns(columns: Mapping[str, SourceColumn], names: Sequence[str]) -> str:
    return listed(dict.fromkeys(repr(columns[name].name) for name in names))
