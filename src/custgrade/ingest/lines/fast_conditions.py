"""Fast conditions that only sound cells of order lines meet; they prove in little time that a file has no fault."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from attrs import evolve

from custgrade.data.field import Field
from custgrade.ingest.cells import date_values, values
from custgrade.ingest.cells.column_reading import ColumnReading
from custgrade.ingest.mapping import CUSTOMER_ID

ALWAYS_THERE = ("revenue", "profit", "cost", "quantity", "unit_price", "unit_cost")
"""Amounts that every line must have; empty cells of other amounts add nothing."""
TEXTS = (CUSTOMER_ID, "order_id", "category")
"""The names of columns that are read as text."""
_SQUARE_ROOT = 999_999


def quickened(
    readings: Mapping[str, ColumnReading], fields: Mapping[str, Field], per_cent: bool, as_of: dt.date | None
) -> list[ColumnReading]:
    """Return readings with their fast conditions.

    readings, fields: by name. per_cent: whether `line_discount_share` is in per cent. as_of: the last day, included.
    """
    return [
        evolve(one, sound=_sound(one, fields.get(name), per_cent, as_of), plain=_plain(one, fields.get(name)))
        for name, one in readings.items()
    ]


def _plain(reading: ColumnReading, known: Field | None) -> str:
    """Return SQL of the value of a sound cell, empty where it is the same as for any cell; see `ColumnReading`."""
    name, column = reading.name, reading.column
    if name in TEXTS:
        # words for no customer are found among the few ids that remain
        return column.sql if name == CUSTOMER_ID and column.type == "VARCHAR" else ""
    if name.endswith("date"):
        return date_values.plain_date(column)
    return "" if known is not None and known.combine == "mean" else values.plain_money(column)


def _sound(reading: ColumnReading, known: Field | None, per_cent: bool, as_of: dt.date | None) -> str:
    name, column = reading.name, reading.column
    if name in TEXTS:
        # a line without a customer's id is counted as such
        return "true"
    if name.endswith("date"):
        sound = date_values.sound_date(column, as_of if name == "date" else None)
    elif known is not None and known.combine == "mean":
        sound = values.sound_number(column, known.low, known.high)
    else:
        low, high = _bounds(name, known, per_cent)
        sound = values.sound_money(column, low, high)
        if name == "line_discount_share" and column.type == "VARCHAR":
            sound = f"({values.share(column)} BETWEEN {low} AND {high})"
    needed = name == "date" or name in ALWAYS_THERE
    return sound if needed or not sound else f"({column.sql} IS NULL OR {sound})"


def _bounds(name: str, known: Field | None, per_cent: bool) -> tuple[float, float]:
    """Return bounds within which an amount has no fault."""
    if name in ("quantity", "unit_price", "unit_cost"):
        # the product of two of them is below a trillion
        return -_SQUARE_ROOT, _SQUARE_ROOT
    if name == "line_discount_share":
        return 0, 100 if per_cent else 1
    return (-math.inf, math.inf) if known is None or known.unit == "money" else (known.low, known.high)
