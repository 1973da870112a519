"""The currency of a source's amounts, from its column of currencies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from custgrade.errors import FieldError, Hint, SourceError
from custgrade.ingest.cells.column_values import MOST_VALUES, cell_text, shown_values, values_of
from custgrade.ingest.engine import literal
from custgrade.ingest.lines.line_columns import plain
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.rows.exchange_rates import rates_of
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import counted, listed

CURRENCY = "currency"
_COLUMNS = (
    *("currency", "currencycode", "currencyiso", "curr", "ccy", "ordercurrency", "invoicecurrency", "währung"),
    *("waehrung", "währungscode", "währungskennzeichen", "devise", "monnaie", "codedevise", "moneda", "divisa"),
    *("códigomoneda", "codigomoneda", "valuta", "munteenheid"),
)


@frozen
class MoneyUnit:
    """The currency of amounts.

    label: the currency of all amounts, None where it isn't known. column: the column of currencies that was used.
    rate: SQL of what one unit of a row's money is worth in `label`, over the source's columns; an empty text where
    amounts aren't converted. notes: what was recognised.
    """

    label: str | None
    column: SourceColumn | None = None
    rate: str = ""
    notes: tuple[str, ...] = ()


def currency_column(
    source: Source, mapped: SourceColumn | None, given: Mapping[str, str] | None
) -> SourceColumn | None:
    """Return the column of currencies, None where there is none.

    mapped: the column that is mapped to `currency`. given: column names by field, as they were given.
    """
    if mapped is not None or (given or {}).get(CURRENCY) == "":
        return mapped
    return next(
        (column for name, column in source.columns.items() if plain(name) in _COLUMNS and column.type == "VARCHAR"),
        None,
    )


def money_unit(
    source: Source, column: SourceColumn | None, options: ReadOptions, condition: str, what: str
) -> MoneyUnit:
    """Return the currency of a source's amounts, and how they are converted to it.

    column: that of currencies. condition: the SQL condition of rows that count. what: the noun for rows, in the plural.

    Raises FieldError for rates without a currency or a column, SourceError for several currencies without rates, and
    for another currency than the given one.
    """
    label = options.currency
    if options.rates is not None:
        return _converted(source, column, options, condition)
    if column is None:
        return MoneyUnit(label)
    sql = f"upper({cell_text(column)})"
    counts = values_of(source, sql, condition=condition)
    empty = counts.pop("", 0)
    if not counts:
        return MoneyUnit(label, column)
    ways = _ways(column.name, next(iter(counts)))
    if len(counts) > 1:
        raise SourceError(
            f"{source.label}: amounts are in several currencies by column {column.name!r}: {shown_values(counts)}; "
            "they can't be added up.",
            ways,
        )
    (found,) = counts
    if label is not None and label.strip().upper() != found:
        raise SourceError(
            f"{source.label}: amounts are in {found} by column {column.name!r}, not in {label}.",
            Hint(f"Give currency={found!r}, or convert them with rates.", f"Give --currency {found}, or --rates FILE."),
        )
    notes = [f"money is in {found}, by column {column.name!r}"] if label is None else []
    if empty:
        have = "has" if empty == 1 else "have"
        notes.append(f"{counted(empty, what)} {have} no currency in column {column.name!r}; taken as {found}")
    return MoneyUnit(label or found, column, notes=tuple(notes))


def _ways(column: str, most: str) -> Hint:
    return Hint(
        f"Choose one, such as only={{{column!r}: {most!r}}}; or convert them: currency={most!r}, rates={{…}}.",
        f"Choose one, such as --only '{column}={most}'; or convert them: --currency {most} --rates FILE.",
    )


def _converted(source: Source, column: SourceColumn | None, options: ReadOptions, condition: str) -> MoneyUnit:
    if options.currency is None:
        raise FieldError(
            "rates are given without the currency to convert to.",
            Hint('Give currency="EUR" or another one.', "Give --currency EUR or another one."),
        )
    if column is None:
        raise FieldError(
            f"rates are given, but {source.label} has no column of currencies.",
            Hint('Name it: columns={"currency": "NAME"}.', "Name it: --column currency=NAME."),
        )
    label = options.currency.strip().upper()
    rates = rates_of(options.rates)
    if rates.setdefault(label, Decimal(1)) != 1:
        raise SourceError(f"one {label} is worth {rates[label]} {label} by the rates; leave out {label}, or give 1")
    sql = f"upper({cell_text(column)})"
    counts = values_of(source, sql, list(rates), condition)
    lacking = {currency: count for currency, count in counts.items() if currency not in rates}
    if lacking:
        raise SourceError(
            f"{source.label}: there is no rate for {shown_values(lacking, MOST_VALUES)} of column {column.name!r}; the "
            f"rates have {listed(rates)}.",
            Hint(
                "Add the rate, or leave these rows out by exclude.",
                "Add the rate, or leave these rows out by --except.",
            ),
        )
    used = {currency: rates[currency] for currency in counts}
    digits = max([0, *(-int(rate.as_tuple().exponent) for rate in used.values())])
    # one operand of a product needs more than 18 digits, or DuckDB gives the product no more than 18
    cases = " ".join(f"WHEN {literal(one)} THEN {rate:f}::DECIMAL(24,{digits})" for one, rate in used.items())
    stated = ", ".join(f"1 {one} = {rate:f} {label}" for one, rate in used.items() if one != label)
    notes = (f"amounts are converted to {label} by column {column.name!r}: {stated}",) if stated else ()
    return MoneyUnit(options.currency, column, f"CASE {sql} {cases} END" if cases else "", notes)
