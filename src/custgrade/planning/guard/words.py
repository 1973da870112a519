"""Texts for customers: R12, a way up for each grade, and R25, no grade, rank or belittling word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import PACKAGES, Breach
from custgrade.planning.policy import Policy

BELITTLING = (
    "bad customer",
    "bottom-feeder",
    "cheapskate",
    "dead weight",
    "deadbeat",
    "difficult customer",
    "freeloader",
    "good-for-nothing",
    "inferior customer",
    "loser",
    "low-value customer",
    "nobody important",
    "not worth our time",
    "poor customer",
    "problem customer",
    "second class",
    "second-class",
    "second-rate customer",
    "small fry",
    "time-waster",
    "troublemaker",
    "undesirable customer",
    "unimportant customer",
    "unprofitable customer",
    "unworthy",
    "waste of time",
    "worst customer",
    "worthless",
)
"""Words that no text for a customer has, in the singular; plurals count too."""

_RANKS = "grade|rank|ranking|tier|score|class|segment"
_PEOPLE = "customers?|clients?|accounts?|buyers?|members?"
_SIDES = "better|higher|lower|worse|best|worst|highest|lowest|next|top|bottom|good|bad"
_BESIDE = "grades?|ranks?|tiers?|class|category|segment|graded|ranked"
_STATEMENTS = re.compile(
    rf"\b(?:"
    rf"(?:your|their|customers?'s?|clients?'s?) (?:current |present |new )?(?:{_RANKS})s?\b(?! of\b)"
    rf"|(?:{_RANKS})s? of (?:you|(?:our |the |a |this |these |such )?(?:{_PEOPLE}))\b"
    rf"|(?:you|customers?) (?:are|were|is) (?:now )?(?:graded|ranked|scored|classed|classified|segmented)\b"
    rf"|(?:we|have) (?:grade|grades|graded|rank|ranked|score|scored|classify|classified) you\b"
    rf"|you (?:now )?(?:rank|score)\b"
    rf"|(?:{_SIDES}) (?:grade|rank|ranking|score)s?\b(?! of\b)"
    rf"|(?:{_SIDES})[ -](?:class|tier|segment)[ -](?:{_PEOPLE})\b"
    rf"|(?:customer|client|account)[ -](?:grade|rank|ranking|tier|score|class|segment)s?\b"
    rf")",
    re.IGNORECASE,
)
"""Grade, rank, tier, score, class and segment, where they say something of a customer."""


def _plural(words: str) -> str:
    return rf"{re.escape(words)}(?:s|es)?"


_BELITTLING = re.compile(rf"(?<![\w-])(?:{'|'.join(map(_plural, BELITTLING))})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _labels(labels: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern for labels in forms that mean a grade; None without labels.

    A label counts after a word such as grade, and in quotes. A label with letters also counts before such a word; one
    capital letter before customers, and where little but a grade can follow (`an A`, `reach B`); one with a slash and
    letters wherever it is.
    """
    if not labels:
        return None
    letters = [re.escape(one) for one in labels if len(one) == 1 and one.isalpha() and one.isupper()]
    ordered = sorted(labels, key=lambda one: (-len(one), one))
    slashed = [re.escape(one) for one in ordered if "/" in one and any(map(str.isalpha, one))]
    lettered = [re.escape(one) for one in ordered if any(map(str.isalpha, one))]
    every = "|".join(map(re.escape, ordered))
    longer = [re.escape(one) for one in ordered if len(one) > 1]
    end = r"(?![\w&/'’-])"
    forms = [
        rf"(?i:\b(?:{_BESIDE}))[ :=]+['\"“‘(]?(?:{every}){end}",
        rf"(?<!\w)['\"“‘](?:{every})['\"”’](?!\w)",
    ]
    if longer:
        forms.append(rf"(?i:\b(?:{_BESIDE})[ :=]+(?:{'|'.join(longer)})){end}")
    if lettered:
        forms.append(rf"(?<![\w&/-])(?:{'|'.join(lettered)})[ -](?i:grade|rank|tier|segment|category|list)s?\b")
    if letters:
        forms.append(rf"(?<![\w&/-])(?:{'|'.join(letters)})[ -](?i:{_PEOPLE})\b")
        one = "|".join(letters)
        goes = "reach|become|becoming|reaching|get to|move to|move up to|up to|rise to|rated|from"
        forms.append(rf"\b(?:an?|An?|{goes}) (?:{one}){end}(?! to [A-Z]\b)(?! [A-Z])")
        plurals = [letter for letter in letters if letter not in "AIU"]
        if plurals:
            forms.append(rf"(?<![\w&/-])(?:{'|'.join(plurals)})s\b(?!['’])")
        if "A" in letters:
            forms.append(r"\b(?:our|the|other|all|for|of|as) As\b")
    if slashed:
        forms.append(rf"(?<![\w/])(?i:{'|'.join(slashed)})(?![\w/])")
    return re.compile("|".join(forms))


def words_about(text: str, labels: Iterable[str]) -> str | None:
    """Return the first words of a text that say a grade, a rank or something belittling of a customer; None if none do.

    labels: the names of grades.
    """
    pattern = _labels(tuple(sorted(set(labels))))
    patterns = [_BELITTLING, _STATEMENTS, *([pattern] if pattern is not None else [])]
    found = [match for one in patterns if (match := one.search(text)) is not None]
    return min(found, key=lambda match: match.start()).group() if found else None


def labels_of_policy(policy: Policy) -> set[str]:
    """Return the names of all grades of a policy: its own, the labels of their axes, and those that it maps."""
    own = {label for axis in policy.grades.axes for label in axis.labels}
    return {*policy.grades.grades, *own, *policy.also}


def texts_for_customers(policy: Policy) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the grade, the keys in a policy file, and each text that customers may read or hear."""
    for grade, treatment in policy.by_place:
        for key in ("way_up", "sheet"):
            yield grade, treatment_path(grade, key), getattr(treatment, key)
        for stage, text in treatment.touchpoints.items():
            yield grade, treatment_path(grade, "touchpoints", stage), text
        for offer in treatment.offers:
            path = treatment_path(grade, "offer", offer.name)
            yield grade, (*path, "what"), offer.what
            yield grade, (*path, "explain"), offer.explain
            for text in offer.alternatives:
                yield grade, (*path, "alternatives"), text
    for package in policy.packages:
        yield PACKAGES, ("package", package.name, "what"), package.what


def word_breaches(policy: Policy, pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of the rules on texts."""
    for pair in pairs:
        if not pair.treatments[1].way_up.strip():
            what = "nothing says how to be treated better"
            mend = "Give way_up, a sentence that tells the customer what to do"
            yield Breach("R12", pair.worse, what, mend, path=treatment_path(pair.treated_as, "way_up"))
    labels = labels_of_policy(policy)
    for grade, path, text in texts_for_customers(policy):
        words = words_about(text, labels)
        if words is not None:
            what = f"{path[-1]} says {words!r} to a customer: {text!r}"
            mend = "Say what the customer gets, or can do, without grades, ranks and judgements"
            yield Breach("R25", grade, what, mend, path=path)
