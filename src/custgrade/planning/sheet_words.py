"""Words of the explanation sheet: numbers with their noun, and texts as sentences."""

from __future__ import annotations

from custgrade.model.wording import number


def count_text(value: float, what: str) -> str:
    """Return a number with its noun: `1 day`, `0.5 hours`; what: the noun in the plural."""
    said = number(value, 2)
    return f"{said} {what.removesuffix('s') if said == '1' else what}"


def as_sentence(text: str) -> str:
    """Return a text as a sentence: with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.rstrip()[-1:] in '.!?:' else '.'}"
