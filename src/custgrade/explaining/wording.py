"""Explanations in plain words: no scores, boundaries or weights, so safe to show to the customer."""

from __future__ import annotations

from collections.abc import Sequence

from custgrade.data.scale import ScaleAxis
from custgrade.model.wording import MOST_NAMED, enumerated, words


def placed(axis: ScaleAxis, code: int, alone: bool) -> str:
    """Return where a class stands on its axis: `Grade B: 2nd of 5, A being the best.`

    alone: whether the scale has no other axis.
    """
    what = "Grade" if alone else words(axis.name).capitalize()
    best = "the best" if code == 0 else f"{axis.labels[0]} being the best"
    return f"{what} {axis.labels[code]}: {_ordinal(code + 1)} of {len(axis.labels)}, {best}."


def reasons(best: Sequence[str], worst: Sequence[str], compared_with: str = "", where: str = "") -> list[str]:
    """Return what speaks for a customer and what holds the customer back, best and worst first.

    What speaks for a customer isn't said to hold the customer back too. compared_with: who, if that is how reasons were
    found. where: the axis, if there are several.
    """
    beside = f", compared with {compared_with}" if compared_with else ""
    on = f" on {where}" if where else ""
    named = best[:MOST_NAMED]
    others = [name for name in worst if name not in named]
    found = []
    if named:
        found.append(f"What speaks most for it{on}{beside}: {enumerated(named)}.")
    if others:
        found.append(f"What holds it back most{on}{beside}: {enumerated(others)}.")
    return found


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
