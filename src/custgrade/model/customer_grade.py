"""One customer's grade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.data.scale import GRADED, NOT_GRADED


@frozen
class CustomerGrade:
    """One customer's grade.

    grade: the name of the whole grade, empty if ungraded. labels, scores: by axis. reason: why the customer is
    ungraded, empty if graded. details: the scorer's further numbers by name, NaN where unknown.
    """

    id: str
    grade: str
    labels: Mapping[str, str]
    scores: Mapping[str, float]
    reason: str = ""
    details: Mapping[str, float] = field(factory=dict)

    @property
    def status(self) -> str:
        """`graded`, or `ungraded` if the customer is ungraded on any axis."""
        return GRADED if self.grade else NOT_GRADED

    def to_dict(self) -> dict[str, Any]:
        """Return the grade as JSON data, with None for unknown scores and details.

        The keys are `id`, `grade` (empty if ungraded), `labels`, `scores`, `details`, `status` and `reason`.
        """
        return {
            "id": self.id,
            "grade": self.grade,
            "labels": dict(self.labels),
            "scores": _as_json(self.scores),
            "details": _as_json(self.details),
            "status": self.status,
            "reason": self.reason,
        }


def _as_json(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: float(number) if math.isfinite(number) else None for name, number in numbers.items()}
