"""Words that say a grade, a rank or something belittling of a customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from custgrade.planning.guard.plain_text import plain

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
    rf"|(?:we|have) (?:grade|grades|graded|rank|ranked|rate|rated|score|scored|classify|classified) you\b"
    rf"|you (?:now )?(?:rank|score)\b"
    rf"|(?:{_SIDES}) (?:grade|rank|ranking|score)s?\b(?! of\b)"
    rf"|(?:{_SIDES})[ -](?:class|tier|segment)[ -](?:{_PEOPLE})\b"
    rf"|(?:customer|client|account)[ -](?:grade|rank|ranking|tier|score|class|segment)s?\b"
    rf")",
    re.IGNORECASE,
)
"""Grade, rank, tier, score, class and segment, where they say something of a customer."""


_ORDINARY = {"above", "below", "meets", "near", "new", "other", "over", "rest", "some", "the", "under", "within"}
"""Words that stand before customers in ordinary English, although they may be labels."""


def _plural(words: str) -> str:
    return rf"{re.escape(words)}(?:s|es)?"


_BELITTLING = re.compile(rf"(?<![\w-])(?:{'|'.join(map(_plural, BELITTLING))})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _labels(labels: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern for labels in forms that mean a grade; None without labels.

    A label counts after a word such as grade, in quotes, and at the end of `you are`. A label with letters also counts
    before such a word, before customers, and where a grade follows (`an A`, `reach B`, `become gold`); one with a slash
    and letters wherever it is.
    """
    labels = tuple(sorted(filter(None, set(map(plain, labels)))))
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
    # what may follow a label at the end of a statement
    said = r"(?=\s*(?:$|[.,;:!?)]|(?i:now|today|and|or|by|if|when|as soon|again)\b))"
    # single letters count in their own case only
    single = "|".join(f"(?i:{re.escape(one)})" if len(one) > 1 else re.escape(one) for one in ordered if "/" not in one)
    forms.append(rf"\b(?i:you(?:'re|’re| are| were)(?: now| still)?(?: an?)?) (?:{single}){said}")
    words = [re.escape(one) for one in ordered if len(one) > 1 and "/" not in one and any(map(str.isalpha, one))]
    if words:
        some = "|".join(words)
        goes = (
            "becom(?:e|es|ing)|reach(?:es|ing)?|get to|(?:move|go|rise|step) (?:up )?to|(?:rate|call|count) you(?: as)?"
        )
        forms.append(rf"\b(?i:(?:{goes})(?: an?)? (?:{some})){said}")
        adjectives = [one for one in words if one.casefold() not in _ORDINARY]
        if adjectives:
            forms.append(rf"(?<![\w&/-])(?i:(?:{'|'.join(adjectives)})[ -](?:{_PEOPLE}))\b")
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
    text = plain(text)
    pattern = _labels(tuple(sorted(set(labels))))
    patterns = [_BELITTLING, _STATEMENTS, *([pattern] if pattern is not None else [])]
    found = [match for one in patterns if (match := one.search(text)) is not None]
    return min(found, key=lambda match: match.start()).group() if found else None
