"""The options of reading that apply to each of several files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from attrs import evolve

from custgrade.errors import FieldError
from custgrade.ingest.cells.column_values import column_like
from custgrade.ingest.read_options import OrderOptions, ReadOptions
from custgrade.ingest.rows.currencies import CURRENCY, currency_column
from custgrade.ingest.source import Source
from custgrade.text import did_you_mean, listed

OF_ORDERS = tuple(one.name for one in attrs.fields(OrderOptions) if one not in attrs.fields(ReadOptions))
"""The options that only order lines have."""

_DATES = ("last_order", "first_order")


def options_by_file(
    options: OrderOptions,
    sources: Sequence[Source],
    orders: bool,
    mappings: Sequence[Mapping[str, str]],
) -> list[Any]:
    """Return for each file its options: `OrderOptions` for order lines, else `ReadOptions`.

    A filter applies to the files that have its column, rates to those with a column of currencies, and a margin and the
    as-of date to order lines, or else to the customer files with a revenue or with dates of orders.

    orders: whether the first source has order lines. mappings: column names by field for each source.

    Raises FieldError for a filter by a column that no file has.
    """
    _check_filters(options, sources)
    rated = [_has_currencies(source, mapping) for source, mapping in zip(sources, mappings, strict=True)]
    found: list[Any] = []
    for number, (source, mapping) in enumerate(zip(sources, mappings, strict=True)):
        own: ReadOptions = options
        if number or not orders:
            own = ReadOptions(**{one.name: getattr(options, one.name) for one in attrs.fields(ReadOptions)})
            with_revenue = not orders and (mapping.get("revenue") or column_like(source, "revenue"))
            dated = not orders and any(mapping.get(name) or column_like(source, name) for name in _DATES)
            if len(sources) > 1:
                own = evolve(
                    own,
                    assume_margin=own.assume_margin if with_revenue else None,
                    as_of=own.as_of if dated else None,
                )
        if any(rated) and not rated[number]:
            own = evolve(own, rates=None)
        found.append(evolve(own, only=_of(source, options.only), exclude=_of(source, options.exclude)))
    return found


def _of(source: Source, chosen: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return the values of the columns that a source has."""
    return {name: values for name, values in chosen.items() if column_like(source, name)}


def _has_currencies(source: Source, mapping: Mapping[str, str]) -> bool:
    return bool(mapping.get(CURRENCY)) or currency_column(source, None, mapping) is not None


def _check_filters(options: ReadOptions, sources: Sequence[Source]) -> None:
    for column in [*options.only, *options.exclude]:
        if not any(column_like(source, column) for source in sources):
            have = list(dict.fromkeys(name for source in sources for name in source.columns))
            labels = " and ".join(source.label for source in sources)
            raise FieldError(
                f"{labels} has no column {column!r}, by which rows are to be chosen.{did_you_mean(column, have)} "
                f"It has: {listed(have)}."
            )
