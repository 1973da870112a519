"""Parts of a policy are exactly custgrade's classes, with values that their own checks accept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from custgrade.data.converters import ReadOnly
from custgrade.data.scale import GradeScale, ScaleAxis
from custgrade.errors import PolicyError
from custgrade.graph.arrays import ArrayProgram
from custgrade.graph.node import Node, column_names, in_order
from custgrade.planning.action import Action
from custgrade.planning.amount import Amount, Condition
from custgrade.planning.days_off import DaysOff
from custgrade.planning.effort import Effort, Terms
from custgrade.planning.offer import Offer, Transition
from custgrade.planning.package import Package
from custgrade.planning.part import Part
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Incentive, Reward
from custgrade.planning.service_level import Entitlement, ServiceLevel
from custgrade.planning.shortlist import Shortlist
from custgrade.planning.treatment import Treatment
from custgrade.scoring.tracing import TracedScore
from custgrade.text import shown

_PARTS = {
    Policy,
    Treatment,
    ServiceLevel,
    Entitlement,
    Effort,
    Terms,
    Reward,
    Incentive,
    Action,
    Offer,
    Transition,
    Package,
    Shortlist,
    Amount,
    Condition,
    DaysOff,
}
_NUMBERS = {int, float, Decimal, Fraction, *np.sctypeDict.values()}
_VALUES = {str, bool, type(None), dt.date, *_NUMBERS, *_PARTS, GradeScale, ScaleAxis, TracedScore}
_FREE = {"findings", "origin", "source", "scorer"}
"""Fields that decide nothing in the guard, or that are checked where they are used."""


def check_exact(policy: Policy) -> None:
    """Raise PolicyError if a part of a policy isn't exactly one of custgrade's classes, or its values aren't accepted.

    A subclass, or a value that was set behind a class's back, could show the guard other values than a plan uses.
    """
    if type(policy) is not Policy:
        raise PolicyError(f"a policy must be exactly a custgrade.planning.Policy; received {_class_of(policy)}")
    for where, part in _parts(policy, f"policy {shown(policy.name)}"):
        try:
            again = attrs.evolve(part)
        except PolicyError:
            raise
        except Exception as error:
            raise PolicyError(f"{where} can't be checked: {error}. Make it again from its parts.") from error
        if not all(map(_computes_its_graph, _functions_of(part))):
            raise PolicyError(f"{where} computes something else than its graph says. Give the function again.")
        for attribute in attrs.fields(type(part)):
            old, new = (getattr(one, attribute.name) for one in (part, again))
            computed = attribute.name == "graph" or type(part) is DaysOff
            if type(old) is not type(new) or (computed and old != new):
                raise PolicyError(
                    f"{where}, {attribute.name} is {shown(old)}, which is not of its type, {type(new).__name__}. "
                    "Make the part again with it."
                )


def _functions_of(part: Part) -> list[TracedScore]:
    """Return the functions that a part computes with."""
    if isinstance(part, Shortlist):
        return list(part.scorer.scores.values())
    return [part.traced] if isinstance(part, (Amount, Condition)) and part.traced is not None else []


def _computes_its_graph(traced: TracedScore) -> bool:
    """Return whether the program, and the names of the columns, are those that the graph of a function gives."""
    if not isinstance(traced.root, Node) or any(type(node) is not Node for node in in_order(traced.root)):
        return False
    again = TracedScore(traced.reads, traced.inputs, traced.learned, traced.root)
    mine, its = (one._program for one in (again, traced))
    return (
        type(its) is ArrayProgram
        and vars(its) == vars(mine)
        and {*traced.inputs, *traced.learned} == {*column_names(traced.root)}
    )


def _class_of(value: Any) -> str:
    kind = type(value)
    bases = ", ".join(f"{one.__module__}.{one.__qualname__}" for one in kind.__mro__[1:-1])
    return f"{kind.__module__}.{kind.__qualname__}" + (f", a subclass of {bases}" if bases else "")


def _parts(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Yield each part with its place in the policy, innermost first."""
    kind = type(value)
    if kind is tuple:
        for number, one in enumerate(value):
            yield from _parts(one, f"{where}[{number}]")
    elif kind is ReadOnly:
        for key, one in value.items():
            yield from _parts(key, f"a key of {where}")
            yield from _parts(one, f"{where}[{key!r}]")
    elif kind not in _VALUES:
        allowed = "parts must be exactly the classes of custgrade.planning, plain numbers and texts"
        raise PolicyError(f"{where} is {_class_of(value)}; {allowed}")
    elif kind in _PARTS or kind is GradeScale or kind is ScaleAxis:
        for attribute in attrs.fields(kind):
            if attribute.name not in _FREE:
                yield from _parts(getattr(value, attribute.name), f"{where}, {attribute.name}")
        if issubclass(kind, Part):
            yield where, value
