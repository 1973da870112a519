"""Promise 9: no customer is dropped."""

from __future__ import annotations

import numpy as np

from custgrade.data.base import CustomerBase
from custgrade.data.scale import UNGRADED
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject, in_words

_PROMISE = "9, nothing is dropped"


def everybody_comes_out(subject: Subject, draw: Draw) -> None:
    """Raise an error unless every customer is there once, in order, with a grade or a reason, and is counted."""
    base = draw(subject.bases(min_size=1))
    model = subject.fitted(base)
    if model is None:
        return
    unknown = {name: np.append(column, np.nan) for name, column in base.columns.items()}
    base = CustomerBase([*base.ids.tolist(), "unknown"], unknown)
    graded = subject.graded(model, base)
    if graded.base.ids.tolist() != base.ids.tolist():
        raise broken_promise(_PROMISE, f"the graded customers are {graded.base.ids.tolist()}", base)
    if sum(graded.counts().values()) != len(base):
        raise broken_promise(_PROMISE, f"{len(base)} customers were counted as {graded.counts()}", base)
    ungraded = np.zeros(len(base), dtype=bool)
    for axis in graded.scale.axes:
        codes = graded.codes[axis.name]
        if ((codes >= len(axis.labels)) & (codes != UNGRADED)).any():
            raise broken_promise(_PROMISE, f"axis {axis.name!r} has codes without a label: {codes.tolist()}", base)
        ungraded |= codes == UNGRADED
    for row, reason in enumerate(graded.reason_codes.tolist()):
        if bool(graded.reasons[reason]) != bool(ungraded[row]):
            what = (
                f"{base.ids[row]} got {in_words(graded, row)}; ungraded customers need a reason, graded ones have none"
            )
            raise broken_promise(_PROMISE, what, base)
