"""Explanations in plain words that can be read to the customer: no grade, score or rank."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from custgrade.data.field import Field
from custgrade.explaining.phrases import Phrase, phrase_of
from custgrade.model.reasons import UNKNOWN
from custgrade.model.wording import MOST_NAMED, amount, enumerated


@frozen
class Matter:
    """One field of a customer that matters.

    value: the customer's, known. usual: what is usual among the best, NaN where there is none. direction: 1 where more
    is better, −1 where less is, 0 where that isn't known.
    """

    field: Field
    value: float
    usual: float
    direction: int

    @property
    def lacks(self) -> bool:
        """Whether the value is worse than what is usual among the best."""
        return self.direction * self.value < self.direction * self.usual


def sentences(strong: Sequence[Matter], weak: Sequence[Matter], unknown: Sequence[str], currency: str) -> list[str]:
    """Return what speaks for a customer, and then what would help, in a sentence or two for each field.

    strong, weak: the most important first. unknown: names of the fields that aren't known.
    """
    found = [f"{_compared(matter, currency)}. Thank you for that." for matter in strong[:MOST_NAMED]]
    helped = False
    for matter in weak[:MOST_NAMED]:
        action = _action(matter)
        would = f" {action} would help {'too' if helped else 'most'}." if action else ""
        found.append(f"{_compared(matter, currency)}.{would}")
        helped = helped or bool(action)
    if unknown:
        found.append(f"We don't know this yet: {enumerated(unknown, len(unknown))}.")
    return found or ["Nothing needs to change."]


def not_told(reason: str) -> str:
    """Return why nothing can be said about a customer yet, as a sentence."""
    if reason.startswith(UNKNOWN):
        names = reason.removeprefix(UNKNOWN).split(", ")
        return f"We can't say more yet, because we don't know this: {enumerated(names, len(names))}."
    return f"We can't say more yet: {reason}."


def _compared(matter: Matter, currency: str) -> str:
    if math.isnan(matter.usual):
        return _yours(matter, currency)
    phrase = phrase_of(matter.field)
    usual = _said(phrase.best, phrase.best_none, matter.usual, phrase, matter.field, currency)
    return f"{_yours(matter, currency)}; {usual}"


def _yours(matter: Matter, currency: str) -> str:
    phrase = phrase_of(matter.field)
    return _said(phrase.yours, phrase.yours_none, matter.value, phrase, matter.field, currency)


def _said(text: str, none: str, value: float, phrase: Phrase, field: Field, currency: str) -> str:
    if none and not value:
        return none
    shown = amount(field, value, currency)
    if phrase.many:
        shown = f"{shown} {phrase.one if shown == '1' else phrase.many}"
    return text.replace("{}", shown)


def _action(matter: Matter) -> str:
    """What the customer can do, empty where nobody can act on it."""
    phrase = phrase_of(matter.field)
    return phrase.raising if matter.direction > 0 else phrase.lowering if matter.direction < 0 else ""
