"""Ways up by brute force: a customer is graded with every value of a field's grid, one field or two at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

import custgrade as cg
from custgrade.data.field import Field
from custgrade.data.scale import UNGRADED, GradeScale
from custgrade.data.standard import known_fields

FAR = 10**12
Values = Mapping[str, Sequence[float]]


def on_grid(field: Field, value: float) -> Iterator[float]:
    """The values of a field's grid around a number: three steps, within the bounds."""
    start = Fraction(str(field.low)) if math.isfinite(field.low) else Fraction(0)
    resolution = Fraction(str(field.resolution))
    at = math.floor((Fraction(value) - start) / resolution)
    for step in (at - 1, at, at + 1, at + 2):
        found = float(start + step * resolution)
        if field.low <= found <= field.high and abs(found) <= FAR:
            yield found


def grids(model: cg.GradingModel, base: cg.CustomerBase, near: Sequence[float] = (), most: int = 250) -> Values:
    """Values to try of actionable fields: those of the base, regular steps, numbers that matter, and the bounds."""
    fields, random, found = known_fields(model.scorer.fields), np.random.default_rng(0), {}
    for name in model.scorer.inputs:
        field, known = fields.get(name, Field(name, "")), base.columns[name]
        if not field.actionable:
            continue
        known = np.unique(known[np.isfinite(known)])
        some = known if len(known) <= most else np.sort(random.choice(known, most, replace=False))
        low, high = (float(some[0]), float(some[-1])) if len(some) else (0.0, 1.0)
        steps = np.linspace(low - (high - low), high + 2 * (high - low), most // 2)
        ends = [value for value in (field.low, field.high, -FAR, FAR) if math.isfinite(value)]
        numbers = [*some.tolist(), *steps.tolist(), *ends, *near, 0.0]
        found[name] = sorted({value for number in numbers for value in on_grid(field, number)})
    return found


def is_better(scale: GradeScale, new: Sequence[int], own: Sequence[int]) -> bool:
    """Whether a grade is better and is called something else, and the own one isn't called like the best there is."""
    if UNGRADED in new or UNGRADED in own:
        return False
    best = scale.grade([0] * len(scale.axes))
    return scale.better(new, own) and scale.grade(new) != scale.grade(own) and scale.grade(own) != best


def regraded(model: cg.GradingModel, base: cg.CustomerBase, row: int, moved: Values) -> list[tuple[int, ...]]:
    """The codes of one customer with these values of some fields."""
    size = len(next(iter(moved.values())))
    columns = {name: np.full(size, column[row]) for name, column in base.columns.items()}
    columns |= {name: np.array(values) for name, values in moved.items()}
    again = cg.CustomerBase([str(k) for k in range(size)], columns, extra_fields=base.extra_fields)
    codes = model.grade(again, any_period=True).codes
    return list(zip(*(codes[axis.name].tolist() for axis in model.scale.axes), strict=True))


def nearest(
    model: cg.GradingModel, base: cg.CustomerBase, row: int, own: Sequence[int], name: str, values: Sequence[float]
) -> float | None:
    """The value nearest to the customer's that reaches a better grade; None where no value does."""
    value = float(base.columns[name][row])
    if math.isnan(value) or not values:
        return None
    codes = regraded(model, base, row, {name: values})
    good = [to for to, new in zip(values, codes, strict=True) if is_better(model.scale, new, own)]
    return min(good, key=lambda to: abs(to - value), default=None)


def any_pair(
    model: cg.GradingModel, base: cg.CustomerBase, row: int, own: Sequence[int], pair: Sequence[str], values: Values
) -> bool:
    """Whether any values of two fields reach a better grade."""
    both = list(product(*(values[name] for name in pair)))
    columns = {name: [one[k] for one in both] for k, name in enumerate(pair)}
    return any(is_better(model.scale, new, own) for new in regraded(model, base, row, columns))


def faults(
    model: cg.GradingModel,
    base: cg.CustomerBase,
    near: Sequence[float] = (),
    most: int = 250,
    rows: Sequence[int] | None = None,
) -> dict[str, list[str]]:
    """What is wrong with the ways up of some customers: `missed`, and `elsewhere` for ways that lead elsewhere."""
    ways = cg.way_up(model, base, on="2026-01-01", any_period=True)
    values, graded = grids(model, base, near, most), ways.graded
    found: dict[str, list[str]] = {"missed": [], "elsewhere": []}
    for row in range(len(base)) if rows is None else rows:
        own = tuple(int(graded.codes[axis.name][row]) for axis in model.scale.axes)
        told: dict[str, float] = {}
        for axis, grade, moves in ways.moves(row):
            moved = {move.field.name: [move.to] for move in moves}
            (new,) = regraded(model, base, row, moved)
            if model.scale.grade(new) != grade or not is_better(model.scale, new, own):
                found["elsewhere"].append(f"{base.ids[row]} {own} {axis} {moved} to {grade}: {new}")
            if any(not on_its_grid(move.field, move.to) for move in moves):
                found["elsewhere"].append(f"{base.ids[row]} {moved} isn't on the grid")
            if len(moves) == 1:
                name, change = moves[0].field.name, abs(moves[0].change)
                told[name] = min(change, told.get(name, math.inf))
        said = ways.sentences(row)
        best = UNGRADED not in own and not any(
            is_better(model.scale, cell, own) for cell in product(*(range(len(a.labels)) for a in model.scale.axes))
        )
        if best != (said == ["This is the best grade."]):
            found["elsewhere"].append(f"{base.ids[row]} {own} is told {said}")
        if best or UNGRADED in own:
            continue
        for name, some in values.items():
            to = nearest(model, base, row, own, name, some)
            change = math.inf if to is None else abs(to - float(base.columns[name][row]))
            if to is not None and told.get(name, math.inf) > change * (1 + 1e-12) + 1e-12:
                found["missed"].append(f"{base.ids[row]} {own} {name} to {to!r}; told {told.get(name)} not {change}")
    return found


def on_its_grid(field: Field, value: float) -> bool:
    """Whether a value is a whole number of resolutions from the field's lower bound, and within the bounds."""
    return value in on_grid(field, value)
