"""exp, log, power and mean_of_known for scores: functions with the same bits on every engine.

The last bits of numpy's exp, log and power depend on the machine, its vector unit and the memory layout, and differ
from those of database engines. The functions here use only + − × ÷, floor, comparisons and where, whose results are the
same everywhere. Their arguments are columns, arrays or numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import numpy as np

from custgrade.errors import ScorerError

__all__ = ["exp", "log", "mean_of_known", "power"]

# ln 2 in two parts: the upper part has 32 trailing zero bits, so that k × upper is exact for |k| < 2¹¹
_LN2_UPPER = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOWER = float.fromhex("0x1.a39ef35793c76p-33")
_SQRT_HALF = math.sqrt(0.5)

_Inputs = ParamSpec("_Inputs")


def _quiet(function: Callable[_Inputs, Any]) -> Callable[_Inputs, Any]:
    """Return the function without numpy's floating-point warnings: infinities and NaN are valid results."""

    @wraps(function)
    def silent(*inputs: _Inputs.args, **options: _Inputs.kwargs) -> Any:
        with np.errstate(all="ignore"):
            return function(*inputs, **options)

    return silent


def _scale(x: Any, k: Any) -> Any:
    """Return x × 2^k for whole −1100 ≤ k ≤ 1100, by multiplications with powers of two."""
    size = np.abs(k)
    for bit in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0):
        step = float(2**bit)
        hit = size >= step
        # 2^1024 overflows float64, so each step multiplies twice by the root of its factor
        half = 2.0 ** (step / 2.0)
        factor = np.where(k < 0.0, 1.0 / half, half)
        x = np.where(hit, x * factor * factor, x)
        size = np.where(hit, size - step, size)
    return x


@_quiet
def exp(x: Any) -> Any:
    """Return e^x, NaN for NaN; the relative error is below 1e-15 if the result is a normal number.

    x = k·ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor polynomial of degree 14 for e^r, scaled by 2^k.
    """
    clipped = np.clip(x, -760.0, 710.0)
    k = np.floor(clipped / math.log(2.0) + 0.5)
    r = (clipped - k * _LN2_UPPER) - k * _LN2_LOWER
    p = 1.0 + r / 14.0
    for n in range(13, 0, -1):
        p = 1.0 + p * r / float(n)
    return _scale(p, k)


@_quiet
def log(x: Any) -> Any:
    """Return the natural logarithm, −inf for 0, NaN below 0 and for NaN; the error is below 2e-16 + 2e-15·|log x|.

    x = m·2^k with √½ ≤ m < √2, then log m = 2·artanh((m − 1)/(m + 1)) as a series in odd powers.
    """
    # multiplying by a power of two moves denormals into the normal range, and is exact
    small = x < 2.0**-1000
    m = np.where(small, x * 2.0**600, x)
    k = np.where(small, -600.0, 0.0)
    for bit in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0):
        step = float(2**bit)
        high, low = m >= 2.0**step, m < 2.0 ** (1.0 - step)
        m = np.where(high, m * 2.0**-step, np.where(low, m * 2.0**step, m))
        k = np.where(high, k + step, np.where(low, k - step, k))
    # now ½ ≤ m < 2
    down, up = m >= 2.0 * _SQRT_HALF, m < _SQRT_HALF
    m = np.where(down, m * 0.5, np.where(up, m * 2.0, m))
    k = np.where(down, k + 1.0, np.where(up, k - 1.0, k))
    s = (m - 1.0) / (m + 1.0)
    square = s * s
    p = square / 25.0
    for n in range(23, 1, -2):
        p = square * (1.0 / float(n) + p)
    result = k * _LN2_UPPER + (2.0 * s + (2.0 * s * p + k * _LN2_LOWER))
    special = np.where(x == 0.0, -math.inf, np.where(x == math.inf, math.inf, math.nan))
    return np.where((x > 0.0) & (x < math.inf), result, special)


@_quiet
def power(x: Any, exponent: Any) -> Any:
    """Return x^exponent for x ≥ 0 as e^(exponent·log x), NaN below 0; 1 for exponent 0.

    One argument or both are columns: `power(c["orders"], 1.5)`, `power(0.5, c["recency"] / 180)`.

    The relative error is below 1e-15·(2 + |exponent·log x|).
    """
    if isinstance(exponent, (int, float, np.number)):
        if exponent == 0:
            return np.where(np.isnan(x), math.nan, 1.0)
        return np.where(x == 0.0, 0.0 if exponent > 0 else math.inf, exp(log(x) * float(exponent)))
    if isinstance(x, (int, float, np.number)):
        if x == 0:
            return _power_of_zero(exponent)
        # the log of a number is computed once, instead of once per customer
        return exp(exponent * float(log(float(x))))
    return np.where(np.equal(x, 0.0), _power_of_zero(exponent), exp(log(x) * exponent))


def _power_of_zero(exponent: Any) -> Any:
    """Return 0^exponent: 0 for exponents above 0, 1 for 0, +inf below 0, NaN for NaN."""
    return np.where(exponent > 0.0, 0.0, np.where(exponent < 0.0, math.inf, np.where(exponent == 0.0, 1.0, math.nan)))


@_quiet
def mean_of_known(*columns: Any) -> Any:
    """Return the mean, per customer, of the columns that aren't NaN; NaN if all are.

    columns: separate arguments: `mean_of_known(c["effort"], c["promptness"])`.

    Raises ScorerError for a list of columns.
    """
    if any(isinstance(column, (list, tuple)) for column in columns):
        raise ScorerError("mean_of_known takes columns as separate arguments, mean_of_known(a, b); received a list")
    total: Any = 0.0
    known: Any = 0.0
    for column in columns:
        missing = np.isnan(column)
        total = total + np.where(missing, 0.0, column)
        known = known + np.where(missing, 0.0, 1.0)
    return np.where(known > 0.0, total / known, math.nan)
