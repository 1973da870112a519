"""Service levels of single customers: R01, R03 and R19 for amounts that are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from custgrade.planning.guard.comparing import amount_text, furthest, is_worse, worse_values
from custgrade.planning.guard.entitlements import key_path, nothing_like
from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import PACKAGES, Breach
from custgrade.planning.guard.stored import Stored
from custgrade.planning.plan import Plan
from custgrade.planning.service_level import Entitlement, ServiceLevel

Rows = npt.NDArray[np.intp]


def levels_on_plan(plan: Plan, pairs: list[tuple[Pair, Rows]]) -> Iterator[Breach]:
    """Yield the breaches of the rules on service levels for single customers.

    An unknown amount counts as the base. pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    policy = plan.policy
    for place, (grade, treatment) in enumerate(policy.by_place):
        if treatment.level is not None:
            yield from _below(plan, treatment.level, plan.rows(place), "R01", grade, treatment_path(grade, "level"))
        for code, offer in enumerate(treatment.offers):
            if offer.transition is not None and offer.transition.level is not None:
                rows = np.flatnonzero((plan.treatment == place) & (plan.offer == code))
                path = treatment_path(grade, "offer", offer.name, "transition", "level")
                yield from _below(plan, offer.transition.level, rows, "R19", grade, path)
    for code, package in enumerate(policy.packages):
        if package.level is not None:
            rows, path = np.flatnonzero(plan.package == code), ("package", package.name, "level")
            yield from _below(plan, package.level, rows, "R19", PACKAGES, path)
    yield from _negative(plan)
    stored = Stored(plan)
    entitlements = [policy.level_of(treatment).entitlements() for _, treatment in policy.by_place]
    for pair, rows in pairs:
        if len(rows):
            yield from _rises(plan, pair, rows, entitlements, stored)


def _below(
    plan: Plan, level: ServiceLevel, rows: Rows, rule: str, grade: str, path: tuple[str, ...]
) -> Iterator[Breach]:
    stated = level.entitlements()
    for name, least in plan.policy.base.entitlements().items():
        if not len(rows) or name not in stated or is_worse(stated[name].amount, least.amount, least.better) is not None:
            continue
        got = plan.entitled_by(stated[name], name, rows)
        base = plan.customer_columns.values(least.amount, rows)
        bad = worse_values(got, base, least.better)
        if bad.any():
            mine, floor = (amount_text(one, least.unit, name) for one in furthest(got, base, bad))
            function, limit = ("np.minimum", "most") if least.better == "less" else ("np.maximum", "least")
            mend = f"Limit it to the base, at {limit} {floor}: {limit} = … in a policy file, {function}(…, …) in Python"
            what = f"{name} is {mine} for the customer furthest from the base, which has {floor}"
            yield Breach(rule, grade, what, mend, int(bad.sum()), (*path, *key_path(name)), rows=rows[bad])


def _negative(plan: Plan) -> Iterator[Breach]:
    """Yield a breach of R03 for each computed entitlement that is below 0, which compares as no other level can."""
    policy = plan.policy
    levels: list[tuple[str, ServiceLevel | None, Rows, tuple[str, ...]]] = []
    for place, (grade, treatment) in enumerate(policy.by_place):
        levels.append((grade, treatment.level, plan.rows(place), treatment_path(grade, "level")))
        for code, offer in enumerate(treatment.offers):
            if offer.transition is not None:
                rows = np.flatnonzero((plan.treatment == place) & (plan.offer == code))
                path = treatment_path(grade, "offer", offer.name, "transition", "level")
                levels.append((grade, offer.transition.level, rows, path))
    for code, package in enumerate(policy.packages):
        rows = np.flatnonzero(plan.package == code)
        levels.append((PACKAGES, package.level, rows, ("package", package.name, "level")))
    for grade, level, rows, path in levels:
        for name, one in level.entitlements().items() if level is not None and len(rows) else ():
            if one.amount.constant is None:
                values = plan.customer_columns.values(one.amount, rows)
                bad = values < 0.0
                if bad.any():
                    what = f"{name} is as low as {amount_text(float(values[bad].min()), one.unit)}, and 0 is the least"
                    mend, keys = (
                        "Limit it to 0 and more: least = 0 in a policy file, np.maximum(…, 0.0) in Python",
                        (*path, *key_path(name)),
                    )
                    yield Breach("R03", grade, what, mend, int(bad.sum()), keys, rows=rows[bad])


def _entitled(plan: Plan, one: Entitlement | None, like: Entitlement, name: str, rows: Rows) -> npt.NDArray[np.float64]:
    """Return what some customers would get by an entitlement: the better of what it and their packages give."""
    found = plan.entitled_by(one, name, rows)
    nothing = plan.customer_columns.values(nothing_like(like).amount, rows)
    found = np.where(np.isnan(found), nothing, found)
    better = np.fmin if like.better == "less" else np.fmax
    for code, package in enumerate(plan.policy.packages):
        if package.level is not None:
            members = np.flatnonzero(plan.package[rows] == code)
            given = plan.entitled_by(package.level.entitlements().get(name), name, rows[members])
            found[members] = better(found[members], given)
    return found


def _rises(
    plan: Plan, pair: Pair, rows: Rows, entitlements: list[Mapping[str, Entitlement]], stored: Stored
) -> Iterator[Breach]:
    has, mine_by_name = entitlements[pair.better_place], entitlements[pair.place]
    base = plan.policy.base.entitlements() if mine_by_name.keys() - has.keys() else {}
    for name, gets in mine_by_name.items():
        theirs = has.get(name) or base.get(name) or nothing_like(gets)
        if theirs.better != gets.better or is_worse(theirs.amount, gets.amount, gets.better) is not None:
            continue
        mine, other = (
            stored.of((name, one, gets.better), partial(_entitled, plan, one, gets, name), rows)
            for one in (gets, has.get(name))
        )
        bad = worse_values(other, mine, gets.better)
        if bad.any():
            got, least = (amount_text(one, gets.unit, name) for one in furthest(mine, other, bad))
            what = f"{name} is {got} for the customer furthest from {pair.better}, where it would be {least}"
            path = treatment_path(pair.treated_as, "level", *key_path(name))
            mend = f"Make it no better than in {pair.better}"
            yield Breach("R03", pair.worse, what, mend, int(bad.sum()), path, rows=rows[bad])
