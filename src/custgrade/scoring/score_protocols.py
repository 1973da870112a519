"""What a score may do besides being computed: go without fields, and say what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from custgrade.data.field import ColumnFunction


@runtime_checkable
class AdaptableScore(Protocol):
    """A score that can do without some fields, as a scorecard can without some criteria."""

    @property
    def optional(self) -> frozenset[str]:
        """The fields it can do without, as long as one is left."""

    def without(self, fields: frozenset[str]) -> ColumnFunction:
        """The score that does without these fields.

        Raises ScorerError when none would be left.
        """

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score."""


@runtime_checkable
class ContributingScore(Protocol):
    """A score that says what it is made of, so that each part of it can be explained."""

    def contributions(self, columns: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
        """Per field what it adds to the score, and the most that it could add, each of shape (n,).

        NaN where the field is unknown; what is added must add up to the score.
        """
        ...
