"""Explanations as sentences for the customer, without grade, score or rank."""

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
    """One field of a customer, with the usual value of the best customers.

    value: the customer's value, not NaN. usual: the usual value of the best, NaN if unknown. direction: 1 if higher
    values are better, −1 if lower values are, 0 if unknown. actionable: whether somebody can change the value.
    """

    field: Field
    value: float
    usual: float
    direction: int
    actionable: bool = True

    @property
    def lacks(self) -> bool:
        """Whether the value is worse than the usual value of the best."""
        return self.direction * self.value < self.direction * self.usual


def sentences(strong: Sequence[Matter], weak: Sequence[Matter], unknown: Sequence[str], currency: str) -> list[str]:
    """Return one text per field: first strengths, then what would help, then the unknown fields.

    strong, weak: the fields, the most important first. unknown: the names of unknown fields.
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


def not_explained(reason: str) -> str:
    """Return the reason why a customer can't be explained yet, as a sentence."""
    if reason.startswith(UNKNOWN):
        names = reason.removeprefix(UNKNOWN).split(", ")
        return f"We can't say more yet, because we don't know this: {enumerated(names, len(names))}."
    return f"We can't say more yet: {reason}."


def _compared(matter: Matter, currency: str) -> str:
    if math.isnan(matter.usual):
        return _yours(matter, currency)
    phrase = phrase_of(matter.field)
    usual = _said((phrase.best, phrase.best_none, phrase.best_loss), matter.usual, phrase, matter.field, currency)
    return f"{_yours(matter, currency)}; {usual}"


def _yours(matter: Matter, currency: str) -> str:
    phrase = phrase_of(matter.field)
    return _said((phrase.yours, phrase.yours_none, phrase.yours_loss), matter.value, phrase, matter.field, currency)


def _said(texts: tuple[str, str, str], value: float, phrase: Phrase, field: Field, currency: str) -> str:
    """Return a value in words; texts: the phrase for usual values, for 0, and for values below 0, if these differ."""
    text, none, loss = texts
    if none and not value:
        return none
    if loss and value < 0:
        text, value = loss, -value
    shown = amount(field, value, currency)
    if phrase.many:
        shown = f"{shown} {phrase.one if shown == '1' else phrase.many}"
    return text.replace("{}", shown)


def _action(matter: Matter) -> str:
    """Return what the customer can do, empty if nobody can change the field."""
    if not matter.actionable:
        return ""
    phrase = phrase_of(matter.field)
    return phrase.raising if matter.direction > 0 else phrase.lowering if matter.direction < 0 else ""
