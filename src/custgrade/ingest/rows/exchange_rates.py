"""Rates of currencies: what one unit of each is worth in the currency of a base."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from custgrade.errors import SourceError
from custgrade.files import checked_path
from custgrade.text import listed, shown

MOST_DECIMALS = 12
"""The number of decimals that a rate may have."""
_BELOW = 100_000_000


def rates_of(given: str | os.PathLike[str] | Mapping[str, Any]) -> dict[str, Decimal]:
    """Return rates by currency, in upper case, exact.

    given: a CSV file with the columns currency and rate, or a mapping of currencies to numbers.

    Raises SourceError for a file of another form, and for a rate that isn't a number above 0 with at most 12 decimals.
    """
    if isinstance(given, Mapping):
        items, what = [(str(name), value) for name, value in given.items()], "rates"
    else:
        path = checked_path(given, "rates", SourceError)
        items, what = _rows(path), str(path)
    rates: dict[str, Decimal] = {}
    for name, value in items:
        currency, rate = name.strip().upper(), _rate(value)
        if not currency or rate is None:
            raise SourceError(
                f"{what}: the rate of {name!r} is {shown(value)}; give what one unit of it is worth, a number above 0 "
                f"with at most {MOST_DECIMALS} decimals"
            )
        if rates.setdefault(currency, rate) != rate:
            raise SourceError(f"{what}: {currency} has two rates, {rates[currency]} and {rate}; give one")
    if not rates:
        raise SourceError(f"{what}: there are no rates; give what one unit of each currency is worth")
    return rates


def _rows(path: Path) -> list[tuple[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"can't read {path}: {error}") from error
    delimiter = ";" if lines and ";" in lines[0] else ","
    rows = csv.DictReader(lines, delimiter=delimiter)
    names = {str(name).strip().casefold(): name for name in rows.fieldnames or ()}
    if not {"currency", "rate"} <= set(names):
        raise SourceError(
            f"{path} has the columns {listed(names)}; rates are in a CSV file with the columns currency and rate"
        )
    return [(row[names["currency"]] or "", row[names["rate"]]) for row in rows]


def _rate(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        rate = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        return None
    if not rate.is_finite() or not 0 < rate < _BELOW:
        return None
    rate = Decimal(f"{rate.normalize():f}")
    exponent = rate.as_tuple().exponent
    return rate if isinstance(exponent, int) and -exponent <= MOST_DECIMALS else None
