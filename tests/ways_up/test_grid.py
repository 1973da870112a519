"""Grids of values to move to, against fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from custgrade.data.field import Field
from custgrade.ways_up.grid import Grid

INF = math.inf
FIELDS = {
    "money": Field("f", ""),
    "a rating": Field("f", "", low=1.0, high=5.0, resolution=0.5),
    "bounds off the grid": Field("f", "", low=-0.3, high=2.65, resolution=0.2),
    "days": Field("f", "", low=0.0, resolution=1.0),
    "a bound above": Field("f", "", high=7.5, resolution=2.0),
    "a bound above and decimals": Field("f", "", high=0.333, resolution=0.05),
    "thirds of a hundred": Field("f", "", low=0.01, high=1.0, resolution=0.03),
}
BOTH = [(name, rises) for name in FIELDS for rises in (True, False)]


def exact(name: str, rises: bool) -> tuple[Fraction, Fraction, float, float]:
    """The value at step 0, the signed stride, and the bounds behind and ahead."""
    field = FIELDS[name]
    start = Fraction(str(field.low)) if field.low > -INF else Fraction(0)
    stride = Fraction(str(field.resolution)) * (1 if rises else -1)
    behind, ahead = (field.low, field.high) if rises else (field.high, field.low)
    return start, stride, behind, ahead


def at(name: str, rises: bool, step: int) -> float:
    """The value at a step, rounded once."""
    start, stride, *_ = exact(name, rises)
    return float(start + step * stride)


@pytest.mark.parametrize(("name", "rises"), BOTH)
def test_values_of_steps(name: str, rises: bool) -> None:
    """Each value is the decimal it would be read as, also far out, and a zero is 0.0."""
    grid = Grid.of(FIELDS[name], rises)
    steps = [*range(-60, 60), 12_345, 10**6 + 1]
    values = grid.value(np.array(steps, dtype=np.float64))
    assert [at(name, rises, step) for step in steps] == values.tolist()
    assert not (np.signbit(values) & (values == 0.0)).any()
    assert (1.0 if rises else -1.0) == grid.sign


@pytest.mark.parametrize(("name", "rises"), BOTH)
def test_the_steps_at_the_bounds(name: str, rises: bool) -> None:
    """The last step is within the bound ahead and the next one isn't; the first is within the bound behind."""
    grid = Grid.of(FIELDS[name], rises)
    start, stride, behind, ahead = exact(name, rises)
    bound = Fraction(str(ahead)) if math.isfinite(ahead) else Fraction(10**12 * (1 if rises else -1))
    last = int(grid.last)
    ordered = [start + last * stride, bound, start + (last + 1) * stride]
    assert ordered[0] <= bound < ordered[2] if rises else ordered[0] >= bound > ordered[2]
    assert float(ordered[0]) == grid.furthest
    if math.isfinite(behind):
        first, edge = int(grid.first), Fraction(str(behind))
        before, within = start + (first - 1) * stride, start + first * stride
        assert before < edge <= within if rises else before > edge >= within
    else:
        assert -INF == grid.first


@pytest.mark.parametrize(("name", "rises"), BOTH)
def test_steps_of_values(name: str, rises: bool) -> None:
    """Values on and between steps: the step behind, the first step that reaches a value, and whether it is on one."""
    grid = Grid.of(FIELDS[name], rises)
    start, stride, *_ = exact(name, rises)
    numbers = [
        value for k in range(-40, 40) for value in (at(name, rises, k), float(start + (k + Fraction(2, 7)) * stride))
    ]
    places = [(Fraction(str(value)) - start) / stride for value in numbers]
    values = np.array(numbers)
    first = grid.first if grid.first > -INF else -1e300
    assert [max(math.floor(place), first - 1) for place in places] == grid.behind(values).tolist()
    assert [math.ceil(place) for place in places] == grid.reaching(values).tolist()
    steps, on = grid.beyond(values)
    assert [math.ceil(place) for place in places] == steps.tolist()
    assert [place.denominator == 1 for place in places] == on.tolist()
    room = [max(math.floor(place), first - 1) < grid.last for place in places]
    assert room == grid.has_room(grid.behind(values)).tolist()
    assert [value < grid.furthest if rises else value > grid.furthest for value in numbers] == grid.has_room_at(
        values
    ).tolist()


@pytest.mark.parametrize("rises", [True, False])
def test_values_that_have_no_step(rises: bool) -> None:
    """Infinite values and unknown ones have no room, nor has a value whose step can't be counted."""
    sign = 1.0 if rises else -1.0
    for name in ("money", "a rating", "days", "a bound above"):
        grid = Grid.of(FIELDS[name], rises)
        values = np.array([sign * INF, math.nan])
        assert [False, False] == grid.has_room(grid.behind(values)).tolist() == grid.has_room_at(values).tolist()
    money = Grid.of(FIELDS["money"], rises)
    values = np.array([-sign * INF, -sign * 2.0**53 / 100 * 1.01, -sign * 2.0**53 / 100 * 0.99, -sign * 1e13])
    assert [False, False, True, True] == money.has_room(money.behind(values)).tolist()
    assert [False, False, True, True] == money.has_room_at(values).tolist()
    rating = Grid.of(FIELDS["a rating"], rises)
    beyond = np.array([-sign * 1e300, -3.0 if rises else 9.0])
    assert [rating.first - 1.0] * 2 == rating.behind(beyond).tolist()
    assert [True, True] == rating.has_room_at(beyond).tolist()


@pytest.mark.parametrize("rises", [True, False])
def test_fields_without_bounds_end_at_a_trillion_or_at_the_last_countable_step(rises: bool) -> None:
    """A trillion is the last value, or step 2^53 where that comes first."""
    assert (1e14, 1e12 if rises else -1e12) == (
        Grid.of(FIELDS["money"], rises).last,
        Grid.of(FIELDS["money"], rises).furthest,
    )
    small = Grid.of(Field("f", "", resolution=1e-6), rises)
    assert 2.0**53 == small.last
    assert [False, True] == small.has_room(np.array([2.0**53, 2.0**53 - 1.0])).tolist()
    assert [False, True] == small.has_room(np.array([-(2.0**53), 1.0 - 2.0**53])).tolist()
    far = Field("f", "", low=-1e15, high=1e15, resolution=1.0)
    assert (1e15 + 1e12 if rises else 1e12 - 1e15) == Grid.of(far, rises).last
    near = Field("f", "", low=-5.0, high=1e15, resolution=1.0)
    assert (10**12 + 5, 5.0) == (
        Grid.of(near, True).last,
        Grid.of(Field("f", "", low=-5.0, high=0.0, resolution=1.0), True).last,
    )


def test_steps_up_to_rounding_errors() -> None:
    """A value that is off its step by rounding is on it; one that is off by more isn't, however far out."""
    grid = Grid.of(FIELDS["money"], True)
    values = np.array([0.3 - 1e-12, 0.3 + 1e-12, 0.30001, 12_345_678_901.23, 0.1 + 0.2, 0.29999])
    assert [30.0, 30.0, 31.0, 1_234_567_890_123.0, 30.0, 30.0] == grid.reaching(values).tolist()
    steps, on = grid.beyond(values)
    assert [30.0, 30.0, 31.0, 1_234_567_890_123.0, 30.0, 30.0] == steps.tolist()
    assert [True, True, False, True, True, False] == on.tolist()
    # at 10^13 steps float64 is off by up to a thousandth of a step, and 10^-14 of the steps counts as rounding
    far, is_on = grid.beyond(np.array([1e11 + 0.0005, 1e11 + 0.002]))
    assert ([1e13, 1e13 + 1.0], [True, False]) == (far.tolist(), is_on.tolist())
