"""Exact numbers: shares as they are written, and the float64 nearest to a Fraction."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from custgrade.errors import CutError
from custgrade.text import shown

_MOST_DIGITS = 400

Share = str | float | Fraction
"""A share as decimal text, `1/3`, a Fraction, or a float that stands for its shortest decimal text."""


def exact_share(share: Share | int) -> Fraction:
    """Return a share exactly: 0.1 is one tenth, not the double nearest to it.

    Raises CutError when `share` is not above 0 and at most 1.
    """
    if re.fullmatch(r"\s*\d+/0+\s*", str(share) if isinstance(share, str) else ""):
        raise CutError(f"a share can't be divided by zero; received {shown(share)}")
    value = exact_number(share)
    if value is None:
        raise CutError(f"a share is a number like 0.05, '0.05' or '1/3'; received {shown(share)}")
    if not 0 < value <= 1:
        hint = "; leave out a label that nobody shall get" if value == 0 else ""
        raise CutError(f"a share is above 0 and at most 1; received {shown(share)}{hint}")
    return value


def exact_number(value: object) -> Fraction | None:
    """Return a number exactly as it is written: 0.1 is one tenth; None for what is no number.

    value: a number, or a text such as `0.05` or `1/3`. One with more than 400 digits, or an exponent beyond 999, counts
    as no number, because a power of ten with such an exponent would take all memory.
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
    """Return the float64 nearest to an exact number; an infinity beyond the largest."""
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
