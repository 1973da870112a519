"""Promise 0: what a score is said to be made of adds up to it."""

from __future__ import annotations

import numpy as np

from custgrade.errors import listed
from custgrade.explaining.explanations import explain
from custgrade.explaining.on_axis import AxisExplanation
from custgrade.testing.broken import broken
from custgrade.testing.subject import Subject

PROMISE = "0, contributions add up"
_TOLERATED = 1e-9


def contributions_add_up(subject: Subject) -> None:
    """For ordinary bases, contributions are of fields that the score reads, and come to the score."""
    for seed, unknown in ((0, 0.0), (3, 0.2)):
        base = subject.sample(seed=seed, unknown=unknown)
        model = subject.fitted(base)
        if model is None:
            continue
        try:
            explained = explain(model, base)
        except Exception as error:
            raise broken(PROMISE, f"explain failed: {type(error).__name__}: {error}", base) from error
        for name, axis in explained.axes.items():
            read = model.scorer.fields_read(model.scorer.scores[name])
            stray = [field for field in axis.fields if field not in {*read, *model.scorer.inputs}]
            if stray:
                raise broken(
                    PROMISE, f"axis {name!r} has contributions of {listed(stray)}; it reads {listed(sorted(read))}"
                )
            row = _off(axis)
            if row is not None:
                parts = ", ".join(f"{field} {float(part[row])!r}" for field, part in axis.parts.items())
                what = (
                    f"{base.ids[row]} has a score of {float(axis.score[row])!r} on {name!r}, and contributions {parts}"
                )
                raise broken(PROMISE, what, base.take([row]))


def _off(axis: AxisExplanation) -> int | None:
    """The first customer whose contributions don't add up, allowing for rounding of large ones that cancel."""
    if axis.kind == "effects":
        return None
    size = np.abs(axis.score)
    for part in axis.parts.values():
        size = np.maximum(size, np.where(np.isnan(part), 0.0, np.abs(part)))
    wrong = np.flatnonzero(np.isfinite(axis.score) & ~(np.abs(axis.remainder) <= _TOLERATED * size))
    return int(wrong[0]) if len(wrong) else None
