"""Axes: the ordered dimensions of a grade."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from custgrade.cuts.cut import Cut
from custgrade.data.converters import parts_of
from custgrade.data.field import ColumnFunction
from custgrade.data.scale import ScaleAxis, labels_of
from custgrade.errors import ScorerError
from custgrade.text import shown


def _field_names(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "the fields of an axis", ScorerError)


@frozen
class Axis:
    """One ordered dimension of a grade.

    name: the axis's name; a scorer with one axis usually calls it `grade`.
    labels: best first; a text such as `"ABCDE"` gives one label per letter.
    score: a row-local function of columns by name. Higher scores are better, and NaN means unknown. It is traced once.
    cut: turns the score into one of the labels.
    rises: the fields, input or derived, that never lower the score when they rise.
    falls: the fields, input or derived, that never raise the score when they rise.
    within: the name of the parent axis, or None. The customers of each class of the parent are cut separately. A parent
    axis has no parent itself.
    traceable: False for a score that can't be traced. It then runs on numpy batches only.
    needs: the fields that such a score reads; required if traceable is False, and an error otherwise.
    """

    name: str
    labels: tuple[str, ...] = field(converter=labels_of)
    score: ColumnFunction = field(repr=False)
    cut: Cut
    rises: tuple[str, ...] = field(default=(), converter=_field_names)
    falls: tuple[str, ...] = field(default=(), converter=_field_names)
    within: str | None = None
    traceable: bool = True
    needs: tuple[str, ...] = field(default=(), converter=_field_names)

    def __attrs_post_init__(self) -> None:
        if not callable(self.score):
            raise ScorerError(f"axis {self.name!r}: score is a function of columns; received {shown(self.score)}")
        if not all(callable(getattr(self.cut, method, None)) for method in ("check", "fit")):
            raise ScorerError(
                f"axis {self.name!r}: cut is Thresholds, Shares, ValueShares or your own; received {shown(self.cut)}"
            )
        both = sorted(set(self.rises) & set(self.falls))
        if both:
            raise ScorerError(f"axis {self.name!r} both rises and falls with {both}; name a field in one of the two")
        if self.traceable == bool(self.needs):
            raise ScorerError(
                f"axis {self.name!r}: give `needs` with traceable=False only; tracing finds the fields itself"
            )
        self.cut.check(len(self.scale.labels))

    @property
    def scale(self) -> ScaleAxis:
        """The axis as a part of a grade scale."""
        return ScaleAxis(self.name, self.labels, self.within)
