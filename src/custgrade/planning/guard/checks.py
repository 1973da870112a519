"""All checks of the guard: of a policy as it is declared, and of the plan that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy.typing as npt

from custgrade.data.scale import GradeScale
from custgrade.errors import PolicyError
from custgrade.planning.guard.effects import equality, promises
from custgrade.planning.guard.entitlements import level_breaches
from custgrade.planning.guard.exact_types import check_exact
from custgrade.planning.guard.gifts import gift_breaches, gifts_on_plan
from custgrade.planning.guard.in_effect import in_effect
from custgrade.planning.guard.levels_on_plan import levels_on_plan
from custgrade.planning.guard.lists import list_breaches, lists_on_plan
from custgrade.planning.guard.offers import offer_breaches
from custgrade.planning.guard.offers_on_plan import offers_on_plan
from custgrade.planning.guard.packages import package_breaches, packages_on_plan
from custgrade.planning.guard.pairs import pairs_of, pairs_on_plan
from custgrade.planning.guard.places import placed
from custgrade.planning.guard.rewards import consent_on_plan, reward_breaches, rewards_on_plan
from custgrade.planning.guard.rules import ALL, BASE, PACKAGES, Breach
from custgrade.planning.guard.terms import term_breaches, terms_on_plan
from custgrade.planning.guard.texts import text_breaches
from custgrade.planning.guard.ungraded import ungraded_terms, ungraded_terms_on_plan
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.text import listed, type_with_article


def policy_breaches(policy: Policy, scale: GradeScale | None = None) -> tuple[Breach, ...]:
    """Return the breaches of a policy as it is declared, on its own grades and on a scale that is mapped to them.

    Raises PolicyError if a part isn't exactly one of custgrade's classes, a grade of the scale has no treatment, or a
    grade is named `base`, `packages` or `all grades`.
    """
    check_exact(policy)
    if scale is not None and type(scale) is not GradeScale:
        raise PolicyError(f"a scale must be exactly a custgrade.GradeScale; received {type_with_article(scale)}")
    _check_grades(policy, scale)
    pairs = pairs_of(policy, scale)

    def found() -> Iterator[Breach]:
        yield from level_breaches(policy, pairs)
        yield from reward_breaches(pairs)
        yield from term_breaches(policy, pairs)
        yield from package_breaches(policy)
        yield from ungraded_terms(policy)
        yield from offer_breaches(policy)
        yield from list_breaches(policy, pairs)
        yield from gift_breaches(policy)
        yield from text_breaches(policy, pairs)

    return _ordered(found(), policy)


def _check_grades(policy: Policy, scale: GradeScale | None) -> None:
    """Raise PolicyError if a grade has a name by which breaches and waivers mean something else."""
    grades = [*policy.grades.grades, *policy.also, *(scale.grades if scale is not None else ())]
    taken = [grade for grade in grades if grade in (BASE, PACKAGES, ALL)]
    if taken:
        raise PolicyError(
            f"policy {policy.name!r}: a grade is named {taken[0]!r}, by which breaches and waivers mean something else "
            f"than a grade. Give the grade another name than {listed([BASE, PACKAGES, ALL])}"
        )


def plan_breaches(
    plan: Plan, hours: Mapping[str, float], groups: npt.NDArray[Any] | None
) -> tuple[tuple[Breach, ...], tuple[str, ...]]:
    """Return the breaches that a plan has for single customers, and sentences on rules that lack their data.

    hours: the hours a quarter that there are, by `sales` and `service`. groups: a text for each customer, or None.
    """
    unchecked: list[str] = []
    pairs = pairs_on_plan(plan)

    def found() -> Iterator[Breach]:
        yield from levels_on_plan(plan, pairs)
        yield from rewards_on_plan(plan, pairs)
        yield from terms_on_plan(plan, pairs)
        yield from ungraded_terms_on_plan(plan)
        yield from consent_on_plan(plan)
        yield from lists_on_plan(plan, pairs)
        yield from packages_on_plan(plan)
        yield from offers_on_plan(plan, unchecked)
        yield from gifts_on_plan(plan, unchecked)
        yield from promises(plan, hours, unchecked)
        yield from in_effect(plan, pairs)
        yield from equality(plan, groups, unchecked)

    return _ordered(found(), plan.policy), tuple(sorted(unchecked))


def _ordered(breaches: Iterator[Breach], policy: Policy) -> tuple[Breach, ...]:
    """Return different breaches with their places in the policy's file, by rule."""
    different = dict.fromkeys(breaches)
    return tuple(placed(one, policy) for one in sorted(different, key=lambda one: one.rule))


def check_policy(policy: Policy, scale: GradeScale | None = None) -> tuple[Breach, ...]:
    """Return the breaches of the guard's rules in a policy as it is declared; none if it passes.

    A plan has further checks, for what amounts and conditions give for each customer.

    scale: the grades of a scorer that the policy is to be used with; None for the policy's own grades only.

    Raises PolicyError if the policy has no treatment for a grade of the scale, a part isn't exactly one of custgrade's
    classes, or a grade is named `base`, `packages` or `all grades`.
    """
    return policy_breaches(policy, scale)
