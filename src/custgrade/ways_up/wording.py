"""Ways up in plain words: safe to show to a customer, in the field's unit and resolution."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from custgrade.data.field import Field

_TOO_LONG = 1e15


@frozen
class Move:
    """A field, its value, and the value to reach."""

    field: Field
    value: float
    to: float

    @property
    def change(self) -> float:
        """How much it changes: above 0 where it rises."""
        return self.to - self.value


def sentence(label: str, moves: Sequence[Move], currency: str = "") -> str:
    """Return a way up in words, such as `For B: raise profit by 1,240.00 to 5,000.00.`

    label: the class to reach. currency: what stands after money.
    """
    return f"For {label}: {' and '.join(_said(move, currency) for move in moves)}."


def _said(move: Move, currency: str) -> str:
    what = "raise" if move.change > 0 else "lower"
    unit = _unit(move.field, currency)
    by, to = amount(move.field, abs(move.change)), amount(move.field, move.to)
    return f"{what} {words(move.field)} by {by}{unit} to {to}{unit}"


def words(field: Field) -> str:
    """The field's name in words."""
    return field.name.replace("_", " ")


def amount(field: Field, value: float) -> str:
    """A value with as many decimals as the field's resolution has, or as it needs to be more than nothing."""
    decimals = max(0, -Decimal(str(field.resolution)).normalize().as_tuple().exponent)  # type: ignore[operator]  # finite
    if abs(value) >= _TOO_LONG:
        return f"{value:.4g}"
    shown = f"{value:,.{decimals}f}"
    return shown if float(shown.replace(",", "")) or not value else f"{value:.1g}"


def _unit(field: Field, currency: str) -> str:
    if field.unit == "money":
        return f" {currency}" if currency else ""
    return f" {field.unit}" if field.unit in ("days", "hours") else ""
