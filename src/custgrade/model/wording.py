"""Names and reasons in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from custgrade.model.reasons import UNKNOWN

WARNING = "warning: "
"""How a notice begins that is more than a note."""

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


def noted(notices: Sequence[str], fitted_before: bool = False) -> list[str]:
    """Return a model's notices as lines of a report: notes, and warnings where they say so themselves.

    fitted_before: whether the model was fitted on other data than is reported; the notices are then said to be about
    those.
    """
    lines = []
    for notice in notices:
        kind, text = ("warning", notice.removeprefix(WARNING)) if notice.startswith(WARNING) else ("note", notice)
        lines.append(f"{kind}: {'when the model was fitted: ' if fitted_before else ''}{text}")
    return lines
