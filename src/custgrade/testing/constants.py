"""The constants in a scorer's scores, near which grades may change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from custgrade.graph.node import in_order
from custgrade.model.scorer import Scorer

_MOST = 40


def constants(scorer: Scorer) -> tuple[float, ...]:
    """Return the finite constants in a scorer's scores, evidence and cuts, at most 40, smallest first."""
    found: set[float] = set()
    for part in (*scorer.scores.values(), *scorer.learned_scores.values(), *scorer.conditions):
        if part.root is not None:
            found.update(float(n.value) for n in in_order(part.root) if isinstance(n.value, (int, float)))
        elif part.function is not None:
            found.update(_numbers_of(part.function))
    for axis in scorer.axes:
        found.update(boundary.value for boundary in getattr(axis.cut, "at", ()) if hasattr(boundary, "value"))
    return tuple(sorted(value for value in found if math.isfinite(value))[:_MOST])


def code_of(function: Callable[..., Any]) -> Iterator[CodeType]:
    """Yield the code of a function and of the functions inside it; nothing for a callable not written in Python."""
    found = getattr(function, "__func__", function)
    code = getattr(found, "__code__", None) or getattr(getattr(type(function), "__call__", None), "__code__", None)  # noqa: B004  # its code is wanted
    waiting = [code] if isinstance(code, CodeType) else []
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(item for item in one.co_consts if isinstance(item, CodeType))


def held_by(function: Callable[..., Any]) -> dict[str, Any]:
    """Return what a function holds by name: values of its closure, defaults, and globals that its code names."""
    found = getattr(function, "__func__", function)
    held: dict[str, Any] = {}
    closed = getattr(getattr(found, "__code__", None), "co_freevars", ())
    for name, cell in zip(closed, getattr(found, "__closure__", None) or (), strict=True):
        try:
            held[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    held |= getattr(found, "__kwdefaults__", None) or {}
    held |= {f"default {k}": value for k, value in enumerate(getattr(found, "__defaults__", None) or ())}
    for code in code_of(function):
        names = getattr(found, "__globals__", {})
        held |= {name: names[name] for name in code.co_names if name in names}
    return held


def _numbers_of(function: Callable[..., Any]) -> Iterator[float]:
    values = [item for code in code_of(function) for item in code.co_consts] + list(held_by(function).values())
    for value in values:
        for number in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                yield float(number)
