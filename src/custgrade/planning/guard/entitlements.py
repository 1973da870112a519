"""Service levels as they are declared: R01, R02, R03 and R19."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from custgrade.planning.amount import Amount
from custgrade.planning.guard.comparing import amount_text, at_most, is_worse
from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import BASE, PACKAGES, Breach
from custgrade.planning.part import MOST
from custgrade.planning.policy import Policy
from custgrade.planning.service_level import STANDARD_ENTITLEMENTS, Entitlement, ServiceLevel

SLOWEST = 40.0
"""The most working hours within which a base level may answer."""


def nothing_like(one: Entitlement) -> Entitlement:
    """Return the entitlement of a level that doesn't state it: nothing, the worst amount there is."""
    return Entitlement(Amount(MOST if one.better == "less" else 0.0), one.better, one.unit)


def key_path(name: str) -> tuple[str, ...]:
    """Return the keys of an entitlement within a level in a policy file."""
    return (name,) if name in STANDARD_ENTITLEMENTS else ("further", name)


def level_breaches(policy: Policy, pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of the rules on service levels."""
    yield from _decent(policy)
    for grade, treatment in policy.by_place:
        if treatment.level is not None:
            yield from _below(policy.base, treatment.level, "R01", grade, "", treatment_path(grade, "level"))
        for offer in treatment.offers:
            if offer.transition is not None and offer.transition.level is not None:
                path = treatment_path(grade, "offer", offer.name, "transition", "level")
                where = f"offer {offer.name!r}, transition: "
                yield from _below(policy.base, offer.transition.level, "R19", grade, where, path)
    for package in policy.packages:
        if package.level is not None:
            path = ("package", package.name, "level")
            yield from _below(policy.base, package.level, "R19", PACKAGES, f"package {package.name!r}: ", path)
    entitlements = [policy.level_of(treatment).entitlements() for _, treatment in policy.by_place]
    base = policy.base.entitlements()
    for pair in pairs:
        yield from _rises(base, entitlements[pair.better_place], entitlements[pair.place], pair)


def _decent(policy: Policy) -> Iterator[Breach]:
    entitlements = policy.base.entitlements()
    for name, one in entitlements.items():
        if one.amount.constant is None:
            what = f"{name} of the base differs by customer, and the base is the same for all"
            yield Breach("R02", BASE, what, "State a number", path=("base", *key_path(name)))
    slow = entitlements["response_hours"].amount.constant
    if slow is not None and slow > SLOWEST:
        what = f"the base answers within {amount_text(slow)} working hours, and {amount_text(SLOWEST)} is the most"
        yield Breach("R02", BASE, what, f"Make it at most {amount_text(SLOWEST)}", path=("base", "response_hours"))


def _below(
    base: ServiceLevel, level: ServiceLevel, rule: str, grade: str, where: str, path: tuple[str, ...]
) -> Iterator[Breach]:
    """Yield a breach for each entitlement of a level that is below the base, or that the level leaves out."""
    stated = level.entitlements()
    for name, least in base.entitlements().items():
        floor = amount_text(least.amount.constant, least.unit, name)
        mend = f"Make it {at_most(least.amount.constant, least, name, least=True)}"
        keys = (*path, *key_path(name))
        if name not in stated:
            yield Breach(rule, grade, f"{where}{name} isn't stated, and the base has {floor}", mend, path=keys)
        elif stated[name].better != least.better or stated[name].unit != least.unit:
            yield other_measure(rule, grade, where, name, stated[name], least, "the base", keys)
        elif is_worse(stated[name].amount, least.amount, least.better):
            got = amount_text(stated[name].amount.constant, least.unit, name)
            yield Breach(rule, grade, f"{where}{name} is {got}, and the base has {floor}", mend, path=keys)


def other_measure(
    rule: str, grade: str, where: str, name: str, one: Entitlement, other: Entitlement, than: str, keys: tuple[str, ...]
) -> Breach:
    """Return the breach of an entitlement that is measured otherwise than another one, `than` whose it is."""

    def measure(entitlement: Entitlement) -> str:
        return f"better={entitlement.better!r} and unit={entitlement.unit!r}"

    what = f"{where}{name} has {measure(one)}, and {than} has {measure(other)}, so they can't be compared"
    return Breach(rule, grade, what, f"Give it {measure(other)}", path=keys)


def _rises(
    base: Mapping[str, Entitlement], has: Mapping[str, Entitlement], mine: Mapping[str, Entitlement], pair: Pair
) -> Iterator[Breach]:
    path = treatment_path(pair.treated_as, "level")
    for name, gets in mine.items():
        theirs = has.get(name) or base.get(name) or nothing_like(gets)
        keys = (*path, *key_path(name))
        if theirs.better != gets.better or theirs.unit != gets.unit:
            # against the base, R01 names it
            if name not in base:
                yield other_measure("R03", pair.worse, "", name, gets, theirs, pair.better, keys)
        elif is_worse(theirs.amount, gets.amount, gets.better):
            got = amount_text(gets.amount.constant, gets.unit, name)
            least = amount_text(theirs.amount.constant, gets.unit, name)
            limit = at_most(theirs.amount.constant, gets, name, least=False)
            mend = f"Make it {limit}" if name in has or name in base else f"State it for {pair.better} too"
            yield Breach("R03", pair.worse, f"{name} is {got}, and {pair.better} has {least}", mend, path=keys)
