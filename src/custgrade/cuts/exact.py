"""Exact numbers: shares as they are written, and the float64 nearest to a Fraction."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from custgrade.errors import CutError

Share = str | float | Fraction
"""A share as decimal text, `1/3`, a Fraction, or a float that stands for its shortest decimal text."""


def exact_share(share: Share | int) -> Fraction:
    """Return a share exactly: 0.1 is one tenth, not the double nearest to it.

    Raises CutError when `share` is not above 0 and at most 1.
    """
    text = str(share).strip()
    if isinstance(share, bool) or not re.fullmatch(
        r"\d+/\d+|[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", text, re.IGNORECASE
    ):
        raise CutError(f"a share is a number like 0.05, '0.05' or '1/3'; received {share!r}")
    try:
        value = Fraction(text)
    except ZeroDivisionError:
        raise CutError(f"a share can't be divided by zero; received {share!r}") from None
    if not 0 < value <= 1:
        hint = "; leave out a label that nobody shall get" if value == 0 else ""
        raise CutError(f"a share is above 0 and at most 1; received {share!r}{hint}")
    return value


def as_float(exact: Fraction) -> float:
    """Return the float64 nearest to an exact number; an infinity beyond the largest."""
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
