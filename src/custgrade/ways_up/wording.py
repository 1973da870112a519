"""Ways up as sentences for the customer, in the field's unit and resolution."""

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
        """The change, above 0 for a rise."""
        return self.to - self.value


def sentence(grade: str, moves: Sequence[Move], currency: str = "") -> str:
    """Return a way up as a sentence, such as `Raise profit by 1,240.00 EUR to 5,000.00 EUR to reach B.`

    grade: the whole grade reached. currency: the currency of money.
    """
    text = " and ".join(_said(move, currency) for move in moves)
    return f"{text[0].upper()}{text[1:]} to reach {grade}."


def _said(move: Move, currency: str) -> str:
    name = words(move.field.name)
    if move.field.unit == "0/1":
        return f"turn {name} into {'yes' if move.to else 'no'}"
    by, value, to = (_measured(move.field, abs(one), currency) for one in (move.change, move.value, move.to))
    rises = move.change > 0
    if move.field.name == "profit" and min(move.value, move.to) < 0:
        if max(move.value, move.to) <= 0:
            return f"{'reduce' if rises else 'let'} the loss {'by' if rises else 'grow by'} {by} to {to}"
        one, other = ("loss", "profit") if rises else ("profit", "loss")
        return f"turn the {one} of {value} into a {other} of {to}"
    return f"{'raise' if rises else 'lower'} {name} by {by} to {'minus ' if move.to < 0 else ''}{to}"


def amount(field: Field, value: float) -> str:
    """Return a value with the decimals of the field's resolution, or its first digit if that would show 0."""
    decimals = max(0, -Decimal(str(field.resolution)).normalize().as_tuple().exponent)  # type: ignore[operator]  # finite
    if abs(value) >= _TOO_LONG:
        return f"{value:.4g}"
    shown = f"{value:,.{decimals}f}"
    return shown if float(shown.replace(",", "")) or not value else f"{value:.1g}"


def _measured(field: Field, value: float, currency: str) -> str:
    """Return a value, followed by its unit if that is money, days or hours."""
    shown, unit = amount(field, value), ""
    if field.unit == "money":
        unit = currency
    elif field.unit in ("days", "hours"):
        unit = field.unit.removesuffix("s") if float(shown.replace(",", "")) == 1 else field.unit
    return f"{shown} {unit}".rstrip()
