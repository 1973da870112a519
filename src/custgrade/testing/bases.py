"""Hypothesis strategies for customer bases with difficult values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from hypothesis import strategies as st

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.standard import STANDARD_FIELDS

NASTY = (
    *(0.0, -0.0, math.nan, math.inf, -math.inf),
    *(5e-324, -5e-324, 2.2250738585072014e-308, 1e308, -1e308, 1.7976931348623157e308),
    *(0.1, 0.3, 1 / 3, 2.0**53, -(2.0**53), 1.0, -1.0),
)
"""Values that break careless arithmetic: ±0, NaN, infinities, denormals, the largest numbers and inexact decimals."""


def on_grid(field: Field, step: int) -> float:
    """Return the value `step` resolutions above the field's lower bound, or above 0 without one, within the bounds."""
    value = float(_start(field) + step * _resolution(field))
    return min(max(value, field.low), field.high)


def steps_to(field: Field, value: float) -> int:
    """Return the number of whole resolutions from the start of a field's grid to a value."""
    return int((Fraction(value) - _start(field)) / _resolution(field))


def directions(field: Field) -> tuple[int, ...]:
    """Return the directions of a field's grid from its start: 1, and −1 if there is no lower bound."""
    return (1,) if math.isfinite(field.low) else (1, -1)


@lru_cache(maxsize=512)
def _resolution(field: Field) -> Fraction:
    return Fraction(str(field.resolution))


@lru_cache(maxsize=512)
def _start(field: Field) -> Fraction:
    return Fraction(field.low) if math.isfinite(field.low) else Fraction(0)


def field_values(field: Field, near: Sequence[float] = (), *, nasty: bool = True) -> st.SearchStrategy[float]:
    """Return a strategy for one value of a field: on its grid, near given numbers, unknown, or from `NASTY`.

    near: numbers such as thresholds; values are drawn from these and one resolution to either side. nasty: False keeps
    values within the field's bounds and on its grid.
    """
    return _values(field, tuple(near), nasty)


@lru_cache(maxsize=512)
def _values(field: Field, near: tuple[float, ...], nasty: bool) -> st.SearchStrategy[float]:
    steps = [st.integers(0, 20), st.integers(20, 2000), st.integers(2000, 10**7)]
    ways = st.sampled_from(directions(field))
    options = [st.tuples(some, ways).map(lambda pair: on_grid(field, pair[0] * pair[1])) for some in steps]
    options.append(st.just(math.nan))
    if near:
        step = _resolution(field)
        close = [float(Fraction(str(value)) + side * step) for value in near for side in (0, 1, -1)]
        if inside := [value for value in close if nasty or field.low <= value <= field.high]:
            options.append(st.sampled_from(inside))
    if nasty:
        options += [st.sampled_from(NASTY), st.sampled_from(NASTY)]
    return st.one_of(options)


def field_columns(
    field: Field, size: int, near: Sequence[float] = (), *, nasty: bool = True
) -> st.SearchStrategy[list[float]]:
    """Return a strategy for a column of `size` values: mixed, heavily skewed, few distinct ones, or all equal."""
    return _columns(field, size, tuple(near), nasty)


@lru_cache(maxsize=2048)
def _columns(field: Field, size: int, near: tuple[float, ...], nasty: bool) -> st.SearchStrategy[list[float]]:
    values = _values(field, near, nasty)
    mixed = st.lists(values, min_size=size, max_size=size)
    pools = st.lists(values, min_size=2, max_size=3)
    few = pools.flatmap(lambda pool: st.lists(st.sampled_from(pool), min_size=size, max_size=size))
    skewed = st.lists(st.integers(0, 30), min_size=size, max_size=size).map(
        lambda powers: [on_grid(field, 2**power) for power in powers]
    )
    equal = values.map(lambda value: [value] * size)
    return st.one_of(mixed, mixed, mixed, skewed, few, equal)


@st.composite
def customer_bases(
    draw: st.DrawFn,
    fields: Iterable[str | Field],
    *,
    min_size: int = 0,
    max_size: int = 20,
    near: Sequence[float] = (),
    nasty: bool = True,
) -> CustomerBase:
    """Return a strategy for a base of any number of customers, some of them duplicates under other ids.

    fields: standard fields by name, or definitions. min_size, max_size: the number of customers, both included. near:
    numbers such as thresholds, near which values are drawn. nasty: whether values may leave the fields' bounds and
    grids. At most 9 customers are different; the others repeat them.
    """
    definitions = [STANDARD_FIELDS[field] if isinstance(field, str) else field for field in fields]
    distinct = draw(st.sampled_from([size for size in range(10) if size <= max_size and (size or not min_size)]))
    repeats = st.lists(st.integers(0, distinct - 1), min_size=max(min_size - distinct, 0), max_size=max_size - distinct)
    rows = [*range(distinct), *(draw(repeats) if distinct else [])]
    wild = nasty and draw(st.booleans())
    columns = {field.name: draw(field_columns(field, distinct, near, nasty=wild)) for field in definitions}
    return CustomerBase(
        ids=[f"c{row}" for row in range(len(rows))],
        columns={name: [values[row] for row in rows] for name, values in columns.items()},
        extra_fields=[field for field in definitions if field.name not in STANDARD_FIELDS],
    )
