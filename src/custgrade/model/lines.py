"""What customers are graded by and the boundaries between grades, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from custgrade.cuts.boundary import Boundaries, Boundary
from custgrade.data.scale import ScaleAxis
from custgrade.model.graded_by import GradedBy, graded_by
from custgrade.model.wording import NOTHING, amount, words
from custgrade.scoring.checklist_score import ChecklistScore, Floor
from custgrade.scoring.learned import Quantile
from custgrade.scoring.traced_scorer import TracedScorer

Fitted = Mapping[str, Boundaries | None]


def grade_lines(
    scorer: TracedScorer,
    learned: Fitted,
    boundaries: Mapping[str, Sequence[Boundaries | None]],
    units: Mapping[str, str],
    currency: str | None = "",
) -> list[str]:
    """Return what each axis ranks customers by, and what each label requires, one line of text each.

    A nested axis has a line for each class of its parent if the boundaries differ between these classes.
    learned, boundaries: as in `FittedScorer`. units: units of fields that the scorer doesn't define, by name.
    currency: the currency of money.
    """
    found, alone = [], len(scorer.axes) == 1
    for axis in scorer.scale.axes:
        by = graded_by(scorer, axis.name, units)
        order = f" ({by.order})" if by.order else ""
        inside = f", within each {words(axis.within)}" if axis.within else ""
        whose = "" if alone else f"{words(axis.name)} "
        found.append(f"{whose}graded by {by.name}{order}{inside}")
        what = f"{by.name} of " if by.kind == "field" else ""
        per_class = boundaries[axis.name]
        if axis.within is None or len(set(per_class)) == 1:
            found += [f"  {line}" for line in _each(axis, by, per_class[0], currency, what)]
        else:
            for parent, one in zip(scorer.scale.axis(axis.within).labels, per_class, strict=True):
                lines = _each(axis, by, one, currency, "", "")
                found.append(f"  {parent}: {'; '.join(lines)}")
        score = next(one.score for one in scorer.axes if one.name == axis.name)
        if isinstance(score, ChecklistScore):
            found += [f"  floor: {_floor(floor, by, learned, currency)}" for floor in score.floors]
    return found


def _each(
    axis: ScaleAxis, by: GradedBy, boundaries: Boundaries | None, currency: str | None, what: str, colon: str = ":"
) -> list[str]:
    """Return what each label requires, best first."""
    if boundaries is None:
        return [f"{NOTHING} (no customer was in this class when the model was fitted)"]
    if not boundaries:
        return [f"{axis.labels[0]}{colon} everybody"]
    lines = []
    for k, label in enumerate(axis.labels):
        above: Boundary | None = boundaries[k - 1] if k else None
        if k == len(boundaries):
            lines.append(f"{label}{colon} {what}{by.reached(boundaries[-1], currency, better=False)}")
        elif (above is not None and above.floor == boundaries[k].floor) or by.beyond(boundaries[k]):
            lines.append(f"{label}{colon} {NOTHING}")
        else:
            lines.append(f"{label}{colon} {what}{by.reached(boundaries[k], currency)}")
    return lines


def _floor(floor: Floor, by: GradedBy, learned: Fitted, currency: str | None) -> str:
    """Return a floor in words: `revenue of at least 1,000.00 EUR`."""
    proposed = isinstance(floor.at, Quantile)
    at = floor.at.value(learned[floor.column]) if isinstance(floor.at, Quantile) else float(floor.at)
    name = words(floor.field)
    if math.isnan(at):
        return f"{name} {NOTHING}"
    how = "at least" if floor.best == "highest" else "at most"
    field = by.fields[floor.field]
    return f"{name} of {how} {amount(field, at, currency)}{', proposed from the data' if proposed else ''}"
