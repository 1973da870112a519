"""Optional interfaces of scores: doing without fields, and giving the parts of a score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from custgrade.data.field import ColumnFunction


@runtime_checkable
class AdaptableScore(Protocol):
    """A score that can be computed without some fields, such as a scorecard without some criteria."""

    @property
    def optional(self) -> frozenset[str]:
        """The fields that the data may lack, as long as it has one of them."""

    def without(self, fields: frozenset[str]) -> ColumnFunction:
        """Return the score without these fields.

        Raises ScorerError if no field would be left.
        """

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the score, float64 of shape (n,)."""


@runtime_checkable
class ContributingScore(Protocol):
    """A score that gives its parts, so that each of them can be explained."""

    def contributions(self, columns: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
        """Return, by field, its part of the score and the most that this part could be, each of shape (n,).

        Both are NaN if the field is unknown. The known parts must add up to the score.
        """
        ...
