"""Names, values and reasons in words; values get their unit and their digits here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from custgrade.data.field import Field
from custgrade.model.reasons import UNKNOWN

WARNING = "warning: "
"""The start of a notice that is a warning."""

MOST_NAMED = 3
"""The largest number of reasons in a sentence."""

NOTHING = "–"
"""The text of an empty cell of a table."""

_TOO_LONG = 1e15
_DIGITS = 4
_DECIMALS_OF_SHARE = 2
_PLAIN_UNITS = ("count", "rating", "ratio", "0/1", "money", "")
"""Units that aren't written after a number."""


def amount(field: Field, value: float, currency: str | None = "") -> str:
    """Return a value with its unit and as many decimals as the field's resolution has.

    Money is followed by its currency (`1,234.50 EUR`), a ratio becomes a percentage, a rating is followed by the best
    rating (`4 of 5`), `0/1` becomes yes or no, and other units follow the number. If the resolution has no decimals, a
    value that isn't whole keeps one. NaN is `unknown`.
    """
    if math.isnan(value):
        return "unknown"
    if field.unit == "0/1" and value in (0.0, 1.0):
        return "yes" if value else "no"
    decimals = _decimals(field.resolution)
    if field.unit == "ratio":
        return percent(value, max(_DECIMALS_OF_SHARE, decimals - 2))
    if field.unit != "money" and not decimals and value != round(value, 0):
        decimals = 1
    shown = _fixed(value, decimals)
    if field.unit == "rating" and math.isfinite(field.high):
        return f"{_trimmed(shown)} of {field.high:g}"
    if field.unit == "money":
        return f"{shown} {currency or ''}".rstrip()
    if field.unit in _PLAIN_UNITS:
        return shown
    return f"{shown} {field.unit.removesuffix('s') if shown == '1' and field.unit in ('days', 'hours') else field.unit}"


def difference(field: Field, value: float, currency: str | None = "") -> str:
    """Return the difference of two values with its unit; ratios differ in percentage points, ratings by a number."""
    if field.unit == "ratio" and not math.isnan(value):
        decimals = max(_DECIMALS_OF_SHARE, _decimals(field.resolution) - 2)
        return f"{percent(value, decimals).removesuffix(' %')} percentage points"
    if field.unit in ("rating", "0/1"):
        return number(value, _decimals(field.resolution) or 1)
    return amount(field, value, currency)


def percent(share: float, decimals: int = 1) -> str:
    """Return a share, 0 to 1, as a percentage, without zeros at the end of its decimals."""
    return f"{_trimmed(_fixed(100.0 * share, decimals))} %"


def number(value: float, decimals: int | None = None) -> str:
    """Return a number without a unit, with about four significant digits, or with at most `decimals` decimals."""
    if math.isnan(value):
        return NOTHING
    if decimals is None:
        size = math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
        decimals = max(0, _DIGITS - 1 - size)
    return _trimmed(_fixed(value, min(decimals, 12)))


def _decimals(resolution: float) -> int:
    """Return the number of decimals of a resolution."""
    if not math.isfinite(resolution):
        return 0
    exponent = Decimal(str(resolution)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _fixed(value: float, decimals: int) -> str:
    """Return a number with `decimals` decimals; a number that would be rounded to 0 keeps its first digit instead."""
    if abs(value) >= _TOO_LONG:
        return f"{value:.4g}"
    shown = f"{value:,.{decimals}f}"
    if float(shown.replace(",", "")):
        return shown
    if not value:
        return shown.removeprefix("-")
    tiny = f"{Decimal(f'{value:.1g}'):f}"
    return tiny if len(tiny) <= 12 else f"{value:.1g}"


def _trimmed(shown: str) -> str:
    """Return a number without zeros at the end of its decimals."""
    return shown.rstrip("0").rstrip(".") if "." in shown and "e" not in shown else shown


def enumerated(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return the first few names in words: `profit, days late and complaints`."""
    some = [words(name) for name in names[:most]]
    return " and ".join([", ".join(some[:-1]), some[-1]] if len(some) > 1 else some)


def words(name: str) -> str:
    """Return the name of a field or axis in words."""
    return name.replace("_", " ")


def not_graded(reason: str) -> str:
    """Return why a customer has no grade, as a sentence."""
    if reason.startswith(UNKNOWN):
        names = reason.removeprefix(UNKNOWN).split(", ")
        return f"Not graded, because this isn't known: {enumerated(names, len(names))}."
    return f"Not graded: {reason}."


def noted(notices: Sequence[str], fitted_before: bool = False) -> list[str]:
    """Return a model's notices as lines of a report, each starting with `note:` or `warning:`.

    fitted_before: whether the model was fitted on data other than the reported data; each line then says so.
    """
    lines = []
    for notice in notices:
        kind, text = ("warning", notice.removeprefix(WARNING)) if notice.startswith(WARNING) else ("note", notice)
        lines.append(f"{kind}: {'when the model was fitted: ' if fitted_before else ''}{text}")
    return lines
