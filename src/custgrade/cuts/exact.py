"""Exact numbers: shares as they are written, and the float64 nearest to a Fraction."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from custgrade.errors import CutError
from custgrade.text import shown

_MOST_DIGITS = 400

Share = str | float | Fraction
"""A share: decimal text, text such as `1/3`, a Fraction, or a float, which is read as its shortest decimal text."""


def exact_share(share: Share | int) -> Fraction:
    """Return a share exactly; the float 0.1 gives one tenth.

    Raises CutError unless `share` is above 0 and at most 1.
    """
    if re.fullmatch(r"\s*\d+/0+\s*", str(share) if isinstance(share, str) else ""):
        raise CutError(f"a share's denominator is above 0; received {shown(share)}")
    value = exact_number(share)
    if value is None:
        raise CutError(f"a share is a number like 0.05, '0.05' or '1/3'; received {shown(share)}")
    if not 0 < value <= 1:
        hint = "; leave out labels that no customer should get" if value == 0 else ""
        raise CutError(f"a share is above 0 and at most 1; received {shown(share)}{hint}")
    return value


def exact_number(value: object) -> Fraction | None:
    """Return a number exactly as it is written; the float 0.1 gives one tenth. Return None if `value` isn't a number.

    value: a number, or a text such as `0.05` or `1/3`. A number with more than 400 characters, or with an exponent
    beyond 999, gives None, because its exact form could take all memory.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, (bool, bytes)) or (isinstance(value, int) and value.bit_length() > 4 * _MOST_DIGITS):
        return None
    text = str(value).strip()
    if len(text) > _MOST_DIGITS or not re.fullmatch(
        r"[+-]?\d+/\d+|[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", text, re.IGNORECASE | re.ASCII
    ):
        return None
    try:
        return Fraction(text)
    except ZeroDivisionError:
        return None


def as_float(exact: Fraction) -> float:
    """Return the float64 nearest to an exact number; an infinity if it is beyond the largest float64."""
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
