"""Ways up in plain words: safe to show to a customer, in the field's unit and resolution."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from custgrade.data.field import Field
from custgrade.model.wording import words

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
    name = words(move.field.name)
    if move.field.unit == "0/1":
        return f"turn {name} into {'yes' if move.to else 'no'}"
    what = "raise" if move.change > 0 else "lower"
    by, to = (_measured(move.field, value, currency) for value in (abs(move.change), move.to))
    return f"{what} {name} by {by} to {to}"


def amount(field: Field, value: float) -> str:
    """A value with as many decimals as the field's resolution has, or as it needs to be more than nothing."""
    decimals = max(0, -Decimal(str(field.resolution)).normalize().as_tuple().exponent)  # type: ignore[operator]  # finite
    if abs(value) >= _TOO_LONG:
        return f"{value:.4g}"
    shown = f"{value:,.{decimals}f}"
    return shown if float(shown.replace(",", "")) or not value else f"{value:.1g}"


def _measured(field: Field, value: float, currency: str) -> str:
    """A value with its unit, where that is said."""
    shown, unit = amount(field, value), ""
    if field.unit == "money":
        unit = currency
    elif field.unit in ("days", "hours"):
        unit = field.unit.removesuffix("s") if float(shown.replace(",", "")) == 1 else field.unit
    return f"{shown} {unit}".rstrip()
