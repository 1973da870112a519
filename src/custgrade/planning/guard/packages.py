"""Packages: customers who reach more are never served worse, R03 and R05."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt
from attrs import evolve

from custgrade.data.standard import STANDARD_FIELDS
from custgrade.planning.amount import Amount
from custgrade.planning.customer_columns import Rows
from custgrade.planning.effort import Terms
from custgrade.planning.guard.comparing import amount_text, furthest, is_worse, worse_values
from custgrade.planning.guard.entitlements import key_path, nothing_like, other_measure
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import PACKAGES, Breach
from custgrade.planning.guard.terms import compared_terms, term_values
from custgrade.planning.package import Package
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.service_level import Entitlement, ServiceLevel

_Compared = tuple[str, str, tuple[str, ...], Amount, Amount, str, Entitlement | None]
"""Rule, name, keys, the amounts of the earlier and of the later package, what is better, and the entitlement."""


def package_breaches(policy: Policy) -> Iterator[Breach]:
    """Yield the breaches of the rules on packages that stated numbers show."""
    for package in policy.packages:
        lowest = [n for n in package.minimum if n in STANDARD_FIELDS and STANDARD_FIELDS[n].better == "lowest"]
        yield from _for_the_worse(package, lowest)
    yield from _measures(policy)
    for earlier, later in combinations(policy.packages, 2):
        if not _asks_less(later, earlier):
            continue
        for rule, name, keys, has, gets, better, like in _compared(policy, earlier, later):
            if is_worse(has, gets, better):
                unit = like.unit if like is not None else ""
                got, other = (amount_text(one.constant, unit, name) for one in (gets, has))
                what = f"package {later.name!r}: {name} is {got}, and {other} in {earlier.name!r}, which asks for more"
                path = ("package", later.name, *keys)
                yield Breach(rule, PACKAGES, what, f"Make it no better than in {earlier.name!r}", path=path)


def packages_on_plan(plan: Plan) -> Iterator[Breach]:
    """Yield the breaches for single customers: a later package, which asks them for less, would serve them better."""
    fields, policy = plan.graded.base.fields, plan.policy
    for package in policy.packages:
        lowest = [
            name
            for name in package.minimum
            if name in fields and fields[name].better == "lowest" and name not in STANDARD_FIELDS
        ]
        yield from _for_the_worse(package, lowest)
    members = [plan.package_rows(code) for code in range(len(policy.packages))]
    for (rows, earlier), (_, later) in combinations(zip(members, policy.packages, strict=True), 2):
        if len(rows) and (later.level is not None or later.terms is not None):
            yield from _better_later(plan, earlier, later, rows[_less_asked(plan, earlier, later, rows)])


def _less_asked(plan: Plan, earlier: Package, later: Package, rows: Rows) -> npt.NDArray[np.bool_]:
    """Return whether the later package asks for no more than the earlier one, for each of some customers."""
    found = np.full(len(rows), later.minimum.keys() <= earlier.minimum.keys())
    for name in later.minimum.keys() & earlier.minimum.keys():
        least, most = (plan.customer_columns.values(one.minimum[name], rows) for one in (later, earlier))
        found &= least <= most
    return found


def _better_later(plan: Plan, earlier: Package, later: Package, rows: Rows) -> Iterator[Breach]:
    if not len(rows):
        return
    stated = _asks_less(later, earlier)
    for rule, name, keys, has, gets, better, like in _compared(plan.policy, earlier, later):
        worse = is_worse(has, gets, better)
        # stated numbers are compared without customers
        if worse is False or (worse and stated):
            continue
        mine, other = (_values(plan, one, name, rows, like) for one in (has, gets))
        bad = worse_values(mine, other, better)
        if bad.any():
            unit = like.unit if like is not None else ""
            got, most = (amount_text(one, unit, name) for one in furthest(mine, other, bad))
            what = (
                f"package {earlier.name!r}: {name} is {got} for the customer furthest from {later.name!r}, which asks "
                f"for less, and where it would be {most}"
            )
            mend = f"Put {later.name!r} before it, or make {later.name!r} no better"
            path = ("package", later.name, *keys)
            yield Breach(rule, PACKAGES, what, mend, int(bad.sum()), path, rows=rows[bad])


def _values(plan: Plan, amount: Amount, name: str, rows: Rows, like: Entitlement | None) -> npt.NDArray[np.float64]:
    """Return an entitlement or a term of some customers, with the base or the default term where it is unknown.

    like: an entitlement with the same measure; None for a term.
    """
    if like is None:
        return term_values(plan, amount, name, rows)
    return plan.entitled_by(evolve(like, amount=amount), name, rows)


def _asks_less(one: Package, other: Package) -> bool:
    """Return whether all customers who reach the other package reach this one too, as stated numbers show."""
    return all(
        name in other.minimum and is_worse(other.minimum[name], floor, "more") is False
        for name, floor in one.minimum.items()
    )


def _compared(policy: Policy, earlier: Package, later: Package) -> Iterator[_Compared]:
    """Yield what to compare: entitlements, and terms; without terms of its own, a package has those of each grade."""
    base = policy.base.entitlements()
    if later.level is not None:
        has = (earlier.level or policy.base).entitlements()
        for name, gets in later.level.entitlements().items():
            theirs = has.get(name) or base.get(name) or nothing_like(gets)
            yield "R03", name, ("level", *key_path(name)), theirs.amount, gets.amount, gets.better, gets
    if later.terms is not None:
        grades = [earlier.terms] if earlier.terms else [treatment.terms for _, treatment in policy.by_place[:-1]]
        for name, keys, _, mine, better in compared_terms(later.terms, later.terms):
            amounts = [_term(terms, keys) for terms in grades]
            stated = [one for one in amounts if one is not None]
            worst = next((one for one in stated if is_worse(one, mine, better)), None)
            for one in [worst] if worst is not None else stated:
                yield "R05", name, ("terms", *keys), one, mine, better, None


def _term(terms: Terms, keys: tuple[str, ...]) -> Amount | None:
    return terms.extras.get(keys[1]) if keys[0] == "extras" else getattr(terms, keys[0])


def _for_the_worse(package: Package, names: list[str]) -> Iterator[Breach]:
    for name in names:
        what = f"package {package.name!r} is for customers with a large {name}, and less of it is better"
        path = ("package", package.name, "minimum", name)
        yield Breach("R03", PACKAGES, what, "Make it a minimum of a field of which more is better", path=path)


def _measures(policy: Policy) -> Iterator[Breach]:
    """Yield a breach for each further entitlement of a package or transition in another measure than a grade's."""
    measures = {
        name: (grade, one)
        for grade, treatment in reversed(policy.by_place)
        for name, one in policy.level_of(treatment).further.items()
    }
    levels: list[tuple[str, tuple[str, ...], str, ServiceLevel | None]]
    levels = [(PACKAGES, ("package", one.name, "level"), one.name, one.level) for one in policy.packages]
    for grade, treatment in policy.by_place:
        for offer in treatment.offers:
            if offer.transition is not None:
                keys = treatment_path(grade, "offer", offer.name, "transition", "level")
                levels.append((grade, keys, offer.name, offer.transition.level))
    for where, path, part, level in levels:
        for name, one in (level.further if level is not None else {}).items():
            if name not in policy.base.further and name in measures:
                grade, other = measures[name]
                if (one.better, one.unit) != (other.better, other.unit):
                    keys = (*path, *key_path(name))
                    yield other_measure("R03", where, f"{part!r}: ", name, one, other, grade, keys)
