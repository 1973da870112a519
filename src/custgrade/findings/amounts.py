"""Numbers of findings: exact sums as cells of tables, and as words of sentences."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from custgrade.cuts.exact import as_float
from custgrade.data.field import Field
from custgrade.model.wording import NOTHING, amount, number, percent

_MONEY = Field("money", "money", resolution=0.01)


def cell(total: Fraction | None) -> float | None:
    """Return an exact number as a cell of a table, rounded once; None stays None."""
    return None if total is None else as_float(total)


def ratio(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    """Return the quotient of two exact numbers; None if one is unknown or the second isn't positive."""
    return None if part is None or whole is None or whole <= 0 else part / whole


def added(parts: Iterable[Fraction | None]) -> Fraction | None:
    """Return the exact sum of numbers; None if one is unknown."""
    total = Fraction(0)
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def known_sum(parts: Iterable[Fraction | None]) -> Fraction | None:
    """Return the exact sum of the known numbers; None if there are numbers, and all are unknown."""
    found = list(parts)
    known = [part for part in found if part is not None]
    return None if found and not known else sum(known, Fraction(0))


def money_text(total: Fraction | float | None, currency: str | None) -> str:
    """Return an amount of money in words: `1,234.50 EUR`, or `unknown`."""
    return "unknown" if total is None else amount(_MONEY, cell(Fraction(total)) or 0.0, currency)


def value_text(value: float | None, unit: str, currency: str | None) -> str:
    """Return a value without its unit: money with two decimals, a ratio as a percentage, others with at most two.

    unit: of the value; for money also the currency.
    """
    if value is None:
        return NOTHING
    if unit == "money" or (currency and unit == currency):
        return amount(_MONEY, value)
    return percent(value, 2) if unit == "ratio" else number(value, 2)


def share_text(share: Fraction | float | None) -> str:
    """Return a share as a percentage with one decimal: `83.5 %`, or `unknown`."""
    return "unknown" if share is None else percent(float(share))


def hours_text(hours: float) -> str:
    """Return a number of hours: `1,234.5 hours`."""
    return f"{hours:,.1f} hours"
