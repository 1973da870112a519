"""Grade scales: the grades a scorer can give, and which of two is better."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import parts_of, read_only
from custgrade.errors import ScorerError
from custgrade.text import listed, shown

UNGRADED = 255
"""The code of a customer that has no grade on an axis; 0 is the best grade."""

MOST_CELLS = 1 << 16
"""How many combinations of labels a scale may have."""

GRADED, NOT_GRADED = "graded", "ungraded"
"""The status of a customer who has a grade, and of one who hasn't."""


def labels_of(value: Any) -> tuple[str, ...]:
    """Return labels as a tuple; a text stands for its letters."""
    return tuple(value) if isinstance(value, str) else parts_of(str, value, "labels", ScorerError)


@frozen
class ScaleAxis:
    """One ordered dimension of a grade: its name, its labels best first, and the axis it is nested in."""

    name: str
    labels: tuple[str, ...] = field(converter=labels_of)
    within: str | None = None

    def __attrs_post_init__(self) -> None:
        where = f"axis {self.name!r}"
        if not isinstance(self.name, str) or not self.name:
            raise ScorerError(f"an axis needs a name; received {shown(self.name)}")
        if not 1 <= len(self.labels) < UNGRADED:
            raise ScorerError(f"{where} has {len(self.labels)} labels; it needs 1 to {UNGRADED - 1}")
        odd = [label for label in self.labels if not isinstance(label, str) or not label or "/" in label]
        if odd or len(set(self.labels)) != len(self.labels):
            raise ScorerError(
                f"{where}: labels are different, non-empty texts without '/'; received {shown(self.labels)}"
            )
        if NOT_GRADED in self.labels:
            raise ScorerError(f"{where}: {NOT_GRADED!r} stands for customers without a grade; use another label")


def _axes(value: Any) -> tuple[ScaleAxis, ...]:
    return parts_of(ScaleAxis, value, "the axes of a scale", ScorerError)


def _names(value: Mapping[tuple[str, ...], str]) -> Mapping[tuple[str, ...], str]:
    return read_only({tuple(key): name for key, name in value.items()})


@frozen
class GradeScale:
    """One or more axes. A–D is one axis; the 3×3 matrix is two, the second nested in the first.

    names: names for whole grades by their labels, `{("5", "5", "5"): "Champions"}`; others are joined by `/`. Several
    grades may share a name.
    """

    axes: tuple[ScaleAxis, ...] = field(converter=_axes)
    names: Mapping[tuple[str, ...], str] = field(factory=dict, converter=_names, hash=False)

    def __attrs_post_init__(self) -> None:
        seen: set[str] = set()
        for axis in self.axes:
            if axis.name in seen:
                raise ScorerError(f"two axes are named {axis.name!r}")
            if axis.within is not None and axis.within not in seen:
                raise ScorerError(f"axis {axis.name!r} is within {axis.within!r}, which must be an axis before it")
            parent = next((a for a in self.axes if a.name == axis.within), None)
            if parent is not None and parent.within is not None:
                raise ScorerError(
                    f"axis {axis.name!r} is within {axis.within!r}, which is nested itself; nest one level"
                )
            seen.add(axis.name)
        odd = [name for name in self.names.values() if not isinstance(name, str) or name in ("", NOT_GRADED)]
        if odd:
            raise ScorerError(f"a grade's name is a non-empty text other than {NOT_GRADED!r}; received {shown(odd[0])}")
        if not self.axes:
            raise ScorerError("a scale needs at least one axis")
        if math.prod(len(axis.labels) for axis in self.axes) > MOST_CELLS:
            raise ScorerError(f"the axes make more than {MOST_CELLS:,} grades; give them fewer labels")
        stray = [
            key
            for key in self.names
            if len(key) != len(self.axes) or any(k not in a.labels for k, a in zip(key, self.axes, strict=True))
        ]
        if stray:
            raise ScorerError(f"names are given to grades the scale doesn't have: {stray[:3]}")

    def axis(self, name: str) -> ScaleAxis:
        """The axis called `name`.

        Raises ScorerError when there is none.
        """
        found = {axis.name: axis for axis in self.axes}
        if name not in found:
            raise ScorerError(f"there is no axis {name!r}; there are {listed(found)}")
        return found[name]

    def parent_classes(self, name: str) -> int:
        """How many classes the axis is cut within: as many as its parent has labels, one without a parent."""
        within = self.axis(name).within
        return 1 if within is None else len(self.axis(within).labels)

    def grade(self, codes: Sequence[int]) -> str:
        """The name of the grade with these codes, one per axis; empty if any is ungraded."""
        if UNGRADED in codes:
            return ""
        labels = tuple(axis.labels[code] for axis, code in zip(self.axes, codes, strict=True))
        return self.names.get(labels, "/".join(labels))

    @property
    def cells(self) -> tuple[str, ...]:
        """The name of every combination of labels, best first, the first axis slowest."""
        return tuple(self.grade(codes) for codes in product(*(range(len(axis.labels)) for axis in self.axes)))

    @property
    def grades(self) -> tuple[str, ...]:
        """Every grade of the scale, best first; one that several combinations share stands where its best one does."""
        return tuple(dict.fromkeys(self.cells))

    def better(self, one: Sequence[int], other: Sequence[int]) -> bool:
        """Whether the grade with codes `one` is better than `other`.

        A nested axis counts only where its parent's codes are equal. Side-by-side axes are partially ordered: better
        means not worse on any and better on one. An ungraded code compares with nothing.
        """
        verdict = False
        for k, axis in enumerate(self.axes):
            if axis.within is not None:
                parent = next(i for i, a in enumerate(self.axes) if a.name == axis.within)
                if one[parent] != other[parent]:
                    continue
            if UNGRADED in (one[k], other[k]) or one[k] > other[k]:
                return False
            verdict = verdict or one[k] < other[k]
        return verdict

    def to_dict(self) -> list[dict[str, Any]]:
        """The axes as plain data."""
        return [{"name": a.name, "labels": list(a.labels), "within": a.within} for a in self.axes]
