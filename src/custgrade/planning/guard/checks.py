"""All checks of the guard: of a policy as it is declared, and of the plan that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from custgrade.data.scale import GradeScale
from custgrade.planning.guard.rules import Breach
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy


def policy_breaches(policy: Policy, scale: GradeScale | None = None) -> tuple[Breach, ...]:
    """Return the breaches of a policy as it is declared, on its own grades and on a scale that is mapped to them."""
    return ()


def plan_breaches(
    plan: Plan, hours: Mapping[str, float], groups: npt.NDArray[Any] | None
) -> tuple[tuple[Breach, ...], tuple[str, ...]]:
    """Return the breaches that a plan has for single customers, and sentences on rules that lack their data."""
    return (), ()


def check_policy(policy: Policy, scale: GradeScale | None = None) -> tuple[Breach, ...]:
    """Return the breaches of the guard's rules in a policy as it is declared; none if it passes.

    A plan has further checks, for what amounts and conditions give for each customer.

    scale: the grades of a scorer that the policy is to be used with; None for the policy's own grades only.

    Raises PolicyError if the policy has no treatment for a grade of the scale.
    """
    return policy_breaches(policy, scale)
