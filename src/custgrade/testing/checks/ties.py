"""Promise 1: equal customers get equal grades, and shares are exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

import numpy as np
from hypothesis import strategies as st

from custgrade.cuts.cut import Cut
from custgrade.data.scale import UNGRADED
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject, bits, in_words, outcomes


def equal_grades(subject: Subject, draw: Draw) -> None:
    """Raise an error unless customers with equal fields get the same result."""
    base = draw(subject.bases(min_size=1))
    model = subject.fitted(base)
    if model is None:
        return
    graded = subject.graded(model, base)
    alike = list(zip(*(bits(base.columns[name] + 0.0) for name in subject.definitions), strict=True))
    first: dict[tuple[int, ...], int] = {}
    given = outcomes(graded)
    for row, key in enumerate(alike):
        twin = first.setdefault(key, row)
        if given[twin] != given[row]:
            one, other = base.ids[twin], base.ids[row]
            what = f"{one} and {other} are alike, but got {in_words(graded, twin)} and {in_words(graded, row)}"
            raise broken_promise("1, ties", what, base)


def exact_shares(subject: Subject, draw: Draw) -> None:
    """Raise an error unless a cut by shares of the head count places customers as sorting and counting does."""
    cuts = {axis.name: shares for axis in subject.scorer.axes if (shares := _shares(axis.cut))}
    if not cuts:
        return
    sizes, seeds = st.sampled_from([10, 20, 30, 40, 50, 7, 25, 60]), st.integers(0, 999)
    complete = st.builds(subject.sample, sizes, seeds, st.just(0.0))
    base = draw(st.one_of(subject.bases(min_size=1), complete))
    model = subject.fitted(base)
    if model is None:
        return
    graded = subject.graded(model, base)
    for axis in subject.scorer.axes:
        if axis.name not in cuts:
            continue
        parent = graded.codes[axis.within] if axis.within else np.zeros(len(base), dtype=np.uint8)
        for group in range(subject.scorer.scale.parent_classes(axis.name)):
            rows = [row for row in np.flatnonzero(parent == group) if not math.isnan(graded.scores[axis.name][row])]
            scores = [float(graded.scores[axis.name][row]) for row in rows]
            for row, code in zip(rows, _counted(scores, *cuts[axis.name]), strict=True):
                if graded.codes[axis.name][row] != code:
                    at = int(graded.codes[axis.name][row])
                    got = "ungraded" if at == UNGRADED else axis.labels[at]
                    right = axis.labels[code]
                    what = f"{base.ids[row]} is {got!r} on {axis.name!r}; by sorting and counting it is {right!r}"
                    raise broken_promise("1, exact shares", what, base)


def _shares(cut: Cut) -> tuple[list[Fraction], str] | None:
    """Return the cumulated shares of a cut by head count and its rule for ties, None for any other cut."""
    shares = getattr(cut, "shares", None)
    if hasattr(cut, "value") or not isinstance(shares, (tuple, list)):
        return None
    try:
        exact = [Fraction(str(share)) for share in shares]
    except (ValueError, ZeroDivisionError):
        return None
    ties = getattr(cut, "ties", "mid")
    return (list(accumulate(exact))[:-1], ties) if sum(exact) == 1 and ties in ("mid", "better", "worse") else None


def _counted(scores: Sequence[float], cumulated: Sequence[Fraction], ties: str) -> list[int]:
    """Return the codes that the contract requires, by sorting and counting."""
    best_first = sorted(scores, reverse=True)
    codes = [0] * len(scores)
    for share in cumulated if scores else ():
        rank = math.ceil(share * len(scores))
        value = best_first[rank - 1]
        above, through = sum(s > value for s in scores), sum(s >= value for s in scores)
        goes_up = {"mid": above + through <= 2 * rank, "better": above < rank, "worse": through <= rank}[ties]
        for row, score in enumerate(scores):
            codes[row] += score < value or (score == value and not goes_up)
    return codes
