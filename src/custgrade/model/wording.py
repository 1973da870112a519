"""Names and reasons in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from custgrade.model.reasons import UNKNOWN

MOST_NAMED = 3
"""How many reasons are named in a sentence."""


def enumerated(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return the first few names in words: `profit, days late and complaints`."""
    some = [words(name) for name in names[:most]]
    return " and ".join([", ".join(some[:-1]), some[-1]] if len(some) > 1 else some)


def words(name: str) -> str:
    """Return the name of a field or axis in words."""
    return name.replace("_", " ")


def not_graded(reason: str) -> str:
    """Return why a customer has no grade, as a sentence."""
    if reason.startswith(UNKNOWN):
        names = reason.removeprefix(UNKNOWN).split(", ")
        return f"Not graded, because this isn't known: {enumerated(names, len(names))}."
    return f"Not graded: {reason}."
