"""The place of a breach in the policy's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from custgrade.data.scale import NOT_GRADED
from custgrade.planning.guard.rules import Breach
from custgrade.planning.policy import Policy


def placed(breach: Breach, policy: Policy) -> Breach:
    """Return a breach with the file and line of its part; unchanged if the policy isn't from a file.

    A part that the file leaves out has the place of the nearest table around it.
    """
    if policy.source is None:
        return breach
    known: list[str] = []
    content: Any = policy.source.content
    for name in breach.path:
        if not isinstance(content, Mapping) or name not in content:
            break
        known.append(name)
        content = content[name]
    if not known or isinstance(content, Mapping):
        return evolve(breach, place=policy.source.where(*known))
    return evolve(breach, place=policy.source.where(*known[:-1], key=known[-1]))


def treatment_path(grade: str, *rest: str) -> tuple[str, ...]:
    """Return the keys of a part of a treatment in a policy file: `treatment` and the grade, or `ungraded`; the rest."""
    return (NOT_GRADED, *rest) if grade == NOT_GRADED else ("treatment", grade, *rest)
