"""Promise 5: labels follow from scores and stored boundaries."""

from __future__ import annotations

import math

import numpy as np

from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.thresholds import Thresholds
from custgrade.data.scale import UNGRADED
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject

_PROMISE = "5, boundaries"


def labels_follow(subject: Subject, draw: Draw) -> None:
    """Raise an error unless every label is the one that the score and the stored boundaries give."""
    base = draw(subject.bases(min_size=1))
    model = subject.fitted(base)
    if model is None:
        return
    graded = subject.graded(model, base)
    for axis in model.scorer.axes:
        if isinstance(axis.cut, Thresholds) and any(
            row not in (None, axis.cut.at) for row in model.boundaries[axis.name]
        ):
            what = f"axis {axis.name!r} is cut at {axis.cut.at}, and its model at {model.boundaries[axis.name]}"
            raise broken_promise(_PROMISE, what, base)
        parent = graded.codes[axis.within].tolist() if axis.within else [0] * len(base)
        for row, (group, code) in enumerate(zip(parent, graded.codes[axis.name].tolist(), strict=True)):
            score = float(graded.scores[axis.name][row])
            boundaries = None if group == UNGRADED else model.boundaries[axis.name][group]
            expected = UNGRADED if boundaries is None or math.isnan(score) else _missed(score, boundaries)
            if code != expected:
                names = {UNGRADED: "ungraded", **dict(enumerate(axis.labels))}
                given = "none" if boundaries is None else ", ".join(map(str, boundaries))
                what = (
                    f"{base.ids[row]} has score {score!r} on {axis.name!r} and got {names.get(code, code)!r}; the "
                    f"boundaries ({given}) give {names[expected]!r}"
                )
                raise broken_promise(_PROMISE, what, base)


def _missed(score: float, boundaries: Boundaries) -> int:
    return sum(score < b.value or (score == b.value and not b.inclusive) for b in boundaries)


def no_neighbours(subject: Subject, draw: Draw) -> None:
    """Raise an error if a learned boundary is the float beside a customer's score, which would move that customer."""
    base = draw(subject.bases(min_size=1, nasty=False))
    model = subject.fitted(base)
    if model is None:
        return
    graded = subject.graded(model, base)
    for axis in model.scorer.axes:
        scores = {float(score) for score in graded.scores[axis.name][~np.isnan(graded.scores[axis.name])]}
        for boundary in (b for row in model.boundaries[axis.name] if row and _learned(axis.cut) for b in row):
            for side in (math.inf, -math.inf):
                beside = math.nextafter(boundary.value, side)
                if boundary.value not in scores and beside in scores and abs(beside) > 1e-300:
                    what = (
                        f"the boundary {boundary.value!r} of axis {axis.name!r} is one float beside the score "
                        f"{beside!r}; store the score itself, inclusive or exclusive"
                    )
                    raise broken_promise(_PROMISE, what, base)


def _learned(cut: object) -> bool:
    return not isinstance(cut, Thresholds)
