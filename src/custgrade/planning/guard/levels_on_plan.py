"""Service levels of single customers: R01, R03 and R19 for amounts that are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from custgrade.planning.customer_columns import Rows
from custgrade.planning.guard.comparing import amount_text, furthest, is_worse, limit_to_0, worse_values
from custgrade.planning.guard.entitlements import key_path, nothing_like
from custgrade.planning.guard.pairs import Pair, PairRows
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import PACKAGES, Breach
from custgrade.planning.guard.stored import Stored
from custgrade.planning.plan import Plan
from custgrade.planning.service_level import Entitlement, ServiceLevel


def levels_on_plan(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield the breaches of the rules on service levels for single customers.

    An unknown amount counts as the base. pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    levels = list(_levels(plan))
    for level in levels:
        yield from _below(plan, *level)
    for _, grade, stated, path, rows in levels:
        yield from _negative(plan, grade, stated, path, rows)
    stored = Stored(plan)
    policy = plan.policy
    entitlements = [policy.level_of(treatment).entitlements() for _, treatment in policy.by_place]
    for pair, rows in pairs:
        if len(rows):
            yield from _rises(plan, pair, rows, entitlements, stored)


def _levels(plan: Plan) -> Iterator[tuple[str, str, ServiceLevel, tuple[str, ...], Rows]]:
    """Yield each stated level with customers: rule on its least, grade, level, keys in a policy file, and customers."""
    for place, (grade, treatment) in enumerate(plan.policy.by_place):
        rows = plan.rows(place)
        if treatment.level is not None and len(rows):
            yield "R01", grade, treatment.level, treatment_path(grade, "level"), rows
        for code, offer in enumerate(treatment.offers):
            if offer.transition is not None and offer.transition.level is not None:
                rows = plan.offer_rows(place, code)
                path = treatment_path(grade, "offer", offer.name, "transition", "level")
                if len(rows):
                    yield "R19", grade, offer.transition.level, path, rows
    for code, package in enumerate(plan.policy.packages):
        rows = plan.package_rows(code)
        if package.level is not None and len(rows):
            yield "R19", PACKAGES, package.level, ("package", package.name, "level"), rows


def _below(
    plan: Plan, rule: str, grade: str, level: ServiceLevel, path: tuple[str, ...], rows: Rows
) -> Iterator[Breach]:
    """Yield a breach for each computed entitlement of a level that is below the base for some customers."""
    stated = level.entitlements()
    for name, least in plan.policy.base.entitlements().items():
        if name not in stated or is_worse(stated[name].amount, least.amount, least.better) is not None:
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


def _negative(plan: Plan, grade: str, level: ServiceLevel, path: tuple[str, ...], rows: Rows) -> Iterator[Breach]:
    """Yield a breach of R03 for each computed entitlement that is below 0, which compares as no other level can."""
    for name, one in level.entitlements().items():
        if one.amount.constant is None:
            values = plan.customer_columns.values(one.amount, rows)
            bad = values < 0.0
            if bad.any():
                what = f"{name} is as low as {amount_text(float(values[bad].min()), one.unit)}, and 0 is the least"
                keys = (*path, *key_path(name))
                yield Breach("R03", grade, what, limit_to_0(), int(bad.sum()), keys, rows=rows[bad])


def _entitled(plan: Plan, one: Entitlement | None, like: Entitlement, name: str, rows: Rows) -> npt.NDArray[np.float64]:
    """Return what some customers would get by an entitlement: the better of what it and their packages give."""
    found = plan.entitled_by(one, name, rows)
    nothing = plan.customer_columns.values(nothing_like(like).amount, rows)
    found = np.where(np.isnan(found), nothing, found)
    for code, package in enumerate(plan.policy.packages):
        if package.level is not None:
            members = np.flatnonzero(plan.package[rows] == code)
            given = plan.entitled_by(package.level.entitlements().get(name), name, rows[members])
            found[members] = like.better_of(found[members], given)
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
