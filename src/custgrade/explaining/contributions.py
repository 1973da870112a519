"""The contributions that a score states itself: one number per field and customer, checked to add up to the score."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.errors import CustgradeError, ScorerError
from custgrade.scoring.score_protocols import ContributingScore
from custgrade.text import did_you_mean, listed

FloatColumn = npt.NDArray[np.float64]
TOLERATED = 1e-9
"""How far the sum of contributions may be from the score, relative to the largest of them; rounding stays below."""


def contributions_of(
    score: ContributingScore, axis: str, columns: Mapping[str, Any], known: Collection[str], size: int
) -> tuple[dict[str, FloatColumn], dict[str, FloatColumn]]:
    """Return what each field adds to a score, and the most that it could add, float64 of shape (size,).

    known: the fields that the score reads.

    Raises ScorerError if the score's `contributions` fails or returns anything else.
    """
    where = f"`contributions` of the score of axis {axis!r}"
    try:
        stated = score.contributions(columns)
    except CustgradeError:
        raise
    except Exception as error:
        raise ScorerError(f"{where} failed: {type(error).__name__}: {error}") from error
    if not isinstance(stated, Mapping):
        raise ScorerError(
            f"{where} must be pairs by field: what it adds, and the most that it could add; received {stated!r}"
        )
    parts: dict[str, FloatColumn] = {}
    most: dict[str, FloatColumn] = {}
    for name, pair in stated.items():
        if name not in known:
            guess = did_you_mean(str(name), known)
            raise ScorerError(
                f"{where} name {name!r}, which the score doesn't read.{guess} It reads: {listed(sorted(known))}."
            )
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ScorerError(
                f"{where} give {name!r} a {type(pair).__name__}; a pair is expected: (what it adds, the most)"
            )
        parts[name], most[name] = (_column(values, f"{where} for {name!r}", size) for values in pair)
    return parts, most


def _column(values: Any, where: str, size: int) -> FloatColumn:
    array = np.asarray(values)
    if array.dtype.kind not in "fiub" or array.shape not in ((size,), ()):
        raise ScorerError(
            f"{where} must be one number per customer: expected shape ({size},), received {array.shape} of "
            f"{array.dtype}"
        )
    return np.broadcast_to(array, (size,)).astype(np.float64) + 0.0


def total_of(parts: Mapping[str, FloatColumn], size: int) -> FloatColumn:
    """Return the sum of contributions, float64 of shape (size,); an unknown contribution counts as 0."""
    total = np.zeros(size)
    for part in parts.values():
        total += np.where(np.isnan(part), 0.0, part)
    return total


def refuse_another_sum(axis: str, parts: Mapping[str, FloatColumn], score: FloatColumn) -> None:
    """Raise ScorerError if contributions don't add up to a score."""
    total, largest = total_of(parts, len(score)), np.abs(score)
    for part in parts.values():
        largest = np.fmax(largest, np.abs(part))
    wrong = np.flatnonzero(np.isfinite(score) & ~(np.abs(score - total) <= TOLERATED * largest))
    if len(wrong):
        row = int(wrong[0])
        shown = ", ".join(f"{name} {float(part[row])!r}" for name, part in parts.items())
        raise ScorerError(
            f"`contributions` of the score of axis {axis!r} add up to {float(total[row])!r} where the score is "
            f"{float(score[row])!r}: {shown}. They must add up to the score."
        )
