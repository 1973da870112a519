"""Texts for customers: R12, a way up for each grade, and R25, no grade, rank or belittling word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.plain_text import plain, says_something
from custgrade.planning.guard.rules import BASE, PACKAGES, Breach
from custgrade.planning.guard.words import words_about
from custgrade.planning.offer import Offer
from custgrade.planning.package import Package
from custgrade.planning.policy import Policy
from custgrade.planning.service_level import ServiceLevel
from custgrade.planning.treatment import Treatment

Text = tuple[tuple[str, ...], str]
"""The keys of a text within its part in a policy file, and the text."""


def labels_of_policy(policy: Policy) -> set[str]:
    """Return the names of all grades of a policy: its own, the labels of their axes, and those that it maps."""
    own = {label for axis in policy.grades.axes for label in axis.labels}
    return {*policy.grades.grades, *own, *policy.also}


def texts_for_customers(policy: Policy) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the grade, the keys in a policy file, and each text that customers may read or hear."""
    for keys, text in _of_level(policy.base, ("base",)):
        yield BASE, keys, text
    for grade, treatment in policy.by_place:
        for keys, text in _of_treatment(treatment, treatment_path(grade)):
            yield grade, keys, text
    for package in policy.packages:
        for keys, text in _of_package(package, ("package", package.name)):
            yield PACKAGES, keys, text


def _of_treatment(treatment: Treatment, path: tuple[str, ...]) -> Iterator[Text]:
    for key in ("way_up", "sheet"):
        yield (*path, key), getattr(treatment, key)
    for stage, text in treatment.touchpoints.items():
        yield (*path, "touchpoints", stage), text
    yield from _of_level(treatment.level, (*path, "level"))
    yield from _names(treatment.terms.extras, (*path, "terms", "extras"))
    for incentive in treatment.incentives:
        yield (*path, "incentive", incentive.name), incentive.name
        yield (*path, "incentive", incentive.name, "what"), incentive.what
    for offer in treatment.offers:
        yield from _of_offer(offer, (*path, "offer", offer.name))


def _of_offer(offer: Offer, path: tuple[str, ...]) -> Iterator[Text]:
    yield (*path, "what"), offer.what
    yield (*path, "explain"), offer.explain
    for text in offer.alternatives:
        yield (*path, "alternatives"), text
    if offer.transition is not None:
        for key in ("referral", "scope"):
            yield (*path, "transition", key), getattr(offer.transition, key)
        yield from _of_level(offer.transition.level, (*path, "transition", "level"))


def _of_package(package: Package, path: tuple[str, ...]) -> Iterator[Text]:
    yield path, package.name
    yield (*path, "what"), package.what
    yield from _of_level(package.level, (*path, "level"))
    if package.terms is not None:
        yield from _names(package.terms.extras, (*path, "terms", "extras"))


def _of_level(level: ServiceLevel | None, path: tuple[str, ...]) -> Iterator[Text]:
    if level is None:
        return
    yield (*path, "who"), level.who
    yield from _names(level.further, (*path, "further"))
    for name, entitlement in level.further.items():
        yield (*path, "further", name), entitlement.unit


def _names(parts: Mapping[str, object], path: tuple[str, ...]) -> Iterator[Text]:
    """Yield the names of parts as an explanation sheet says them."""
    for name in parts:
        yield (*path, name), name.replace("_", " ")


def text_breaches(policy: Policy, pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of the rules on texts."""
    for pair in pairs:
        if not says_something(pair.treatments[1].way_up):
            what = "nothing says how to be treated better"
            mend = "Give way_up, a sentence that tells the customer what to do"
            yield Breach("R12", pair.worse, what, mend, path=treatment_path(pair.treated_as, "way_up"))
    labels = labels_of_policy(policy)
    names = {plain(one).casefold() for one in labels if any(map(str.isalpha, one))}
    for grade, path, text in texts_for_customers(policy):
        words = words_about(text, labels)
        if words is None and plain(text).casefold() in names:
            words = text
        if words is not None:
            what = f"{path[-1]} says {words!r} to a customer: {text!r}"
            mend = "Say what the customer gets, or can do, without grades, ranks and judgements"
            yield Breach("R25", grade, what, mend, path=path)
    for package in policy.packages:
        for name in package.minimum:
            if name == "score" or name.endswith("_score"):
                what = f"package {package.name!r} says to a customer that it needs a {name.replace('_', ' ')}"
                path = ("package", package.name, "minimum", name)
                yield Breach("R25", PACKAGES, what, "Make it a minimum of a field, such as revenue", path=path)
