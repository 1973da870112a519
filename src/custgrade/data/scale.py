"""Grade scales: the grades that a scorer can give, and their order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.argument_checks import is_one_line, is_one_of, mapping_of
from custgrade.data.converters import parts_of, read_only
from custgrade.errors import ScorerError
from custgrade.text import listed, shown

UNGRADED = 255
"""The code of a customer without a grade on an axis; 0 is the code of the best label."""

MOST_CELLS = 1 << 16
"""The largest number of combinations of labels that a scale may have."""

GRADED, NOT_GRADED = "graded", "ungraded"
"""The status of a customer with a grade, and of a customer without one."""


def labels_of(value: Any) -> tuple[str, ...]:
    """Return labels as a tuple; a text such as `ABCD` gives one label per letter."""
    return tuple(value) if isinstance(value, str) else parts_of(str, value, "labels", ScorerError)


@frozen
class ScaleAxis:
    """One ordered dimension of a grade: its name, its labels best first, and the axis it is nested within, or None."""

    name: str
    labels: tuple[str, ...] = field(converter=labels_of)
    within: str | None = None

    def __attrs_post_init__(self) -> None:
        where = f"axis {self.name!r}"
        if not isinstance(self.name, str) or not self.name:
            raise ScorerError(f"an axis needs a name; received {shown(self.name)}")
        if not is_one_line(self.name):
            raise ScorerError(f"an axis's name must be a text of one line; received {shown(self.name)}")
        if self.within is not None and not isinstance(self.within, str):
            raise ScorerError(f"{where}: within must be the name of an axis before it; received {shown(self.within)}")
        if not 1 <= len(self.labels) < UNGRADED:
            raise ScorerError(f"{where} has {len(self.labels)} labels; an axis has 1 to {UNGRADED - 1}")
        odd = [label for label in self.labels if not label or "/" in label or not is_one_line(label)]
        if odd or len(set(self.labels)) != len(self.labels):
            raise ScorerError(
                f"{where}: labels are different, non-empty texts of one line without '/'; received {shown(self.labels)}"
            )
        if NOT_GRADED in self.labels:
            raise ScorerError(f"{where}: {NOT_GRADED!r} stands for customers without a grade; use another label")


def _axes(value: Any) -> tuple[ScaleAxis, ...]:
    return parts_of(ScaleAxis, value, "the axes of a scale", ScorerError)


def _names(value: Mapping[tuple[str, ...], str]) -> Mapping[tuple[str, ...], str]:
    keys = list(mapping_of(value, "names of grades", ScorerError))
    odd = [key for key in keys if not isinstance(key, (tuple, str))]
    if odd:
        raise ScorerError(f"names of grades are given by a tuple of labels; received {shown(odd[0])}")
    return read_only({tuple(key): name for key, name in value.items()})


@frozen
class GradeScale:
    """One or more axes: A–D has one; the 3×3 matrix has two, the second nested within the first.

    names: names of grades by their labels, `{("5", "5", "5"): "Champions"}`. Several grades may share a name. The name
    of any other grade is its labels joined by `/`.
    """

    axes: tuple[ScaleAxis, ...] = field(converter=_axes)
    names: Mapping[tuple[str, ...], str] = field(factory=dict, converter=_names, hash=False)

    def __attrs_post_init__(self) -> None:
        seen: set[str] = set()
        for axis in self.axes:
            if axis.name in seen:
                raise ScorerError(f"two axes are named {axis.name!r}; give each axis its own name")
            if axis.within is not None and axis.within not in seen:
                raise ScorerError(
                    f"axis {axis.name!r} is within {axis.within!r}; that must be the name of an axis listed before it"
                )
            parent = next((a for a in self.axes if a.name == axis.within), None)
            if parent is not None and parent.within is not None:
                raise ScorerError(
                    f"axis {axis.name!r} is within {axis.within!r}, which is nested itself; nest only one level"
                )
            seen.add(axis.name)
        odd = [name for name in self.names.values() if not is_one_line(name) or name in ("", NOT_GRADED)]
        if odd:
            raise ScorerError(
                f"a grade's name is a non-empty text of one line other than {NOT_GRADED!r}; received {shown(odd[0])}"
            )
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
            raise ScorerError(
                f"names are given for grades that the scale doesn't have: {stray[:3]}; a grade has one label per axis"
            )

    def axis(self, name: str) -> ScaleAxis:
        """Return the axis called `name`.

        Raises ScorerError if there is none.
        """
        found = {axis.name: axis for axis in self.axes}
        if not is_one_of(name, found):
            raise ScorerError(f"there is no axis {shown(name)}; the axes are: {listed(found)}")
        return found[name]

    def parent_classes(self, name: str) -> int:
        """Return the number of classes that an axis is cut within: its parent's labels, or 1 without a parent."""
        within = self.axis(name).within
        return 1 if within is None else len(self.axis(within).labels)

    def grade(self, codes: Sequence[int]) -> str:
        """Return the name of the grade with these codes, one per axis; an empty text if a code is 255 (ungraded)."""
        if UNGRADED in codes:
            return ""
        labels = tuple(axis.labels[code] for axis, code in zip(self.axes, codes, strict=True))
        return self.names.get(labels, "/".join(labels))

    @property
    def cells(self) -> tuple[str, ...]:
        """The grade's name for every combination of labels, best first; the last axis changes fastest."""
        return tuple(self.grade(codes) for codes in product(*(range(len(axis.labels)) for axis in self.axes)))

    @property
    def grades(self) -> tuple[str, ...]:
        """Every grade's name once, best first; a shared name is at the position of its best combination."""
        return tuple(dict.fromkeys(self.cells))

    def better(self, one: Sequence[int], other: Sequence[int]) -> bool:
        """Return whether the grade with codes `one` is better than the grade with codes `other`.

        A nested axis counts only if its parent's codes are equal. Side-by-side axes are partially ordered: a better
        grade is better on at least one axis and worse on none. The result is False if a code that counts is ungraded.
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

    def comparable(self) -> list[tuple[str, str]]:
        """Return all pairs of a better and a worse grade by the product order, nested axes included.

        One grade is better than another if it is at least as good on every axis, and better on one. A name of several
        combinations of labels is better than another name if all its combinations are at least as good as all of the
        other's.
        """
        cells: dict[str, list[tuple[int, ...]]] = {}
        for codes in product(*(range(len(axis.labels)) for axis in self.axes)):
            cells.setdefault(self.grade(codes), []).append(codes)
        # the worst codes of one name against the best codes of the other, axis by axis
        worst = {name: tuple(map(max, zip(*found, strict=True))) for name, found in cells.items()}
        best = {name: tuple(map(min, zip(*found, strict=True))) for name, found in cells.items()}
        return [
            (one, other)
            for one in cells
            for other in cells
            if one != other and all(a <= b for a, b in zip(worst[one], best[other], strict=True))
        ]

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the axes as plain data."""
        return [{"name": a.name, "labels": list(a.labels), "within": a.within} for a in self.axes]


def whole_codes(scale: GradeScale, codes: Mapping[str, npt.NDArray[np.uint8]]) -> npt.NDArray[np.int64]:
    """Return positions in `scale.grades`, int64 of shape (n,), from all codes; ungraded is `len(scale.grades)`."""
    names = scale.grades
    positions = {name: code for code, name in enumerate(names)}
    place = np.array([positions[name] for name in scale.cells])
    first, *others = (codes[axis.name] for axis in scale.axes)
    whole, ungraded = first.astype(np.int64), first == UNGRADED
    for axis, code in zip(scale.axes[1:], others, strict=True):
        whole = whole * len(axis.labels) + code
        ungraded |= code == UNGRADED
    whole = place[np.where(ungraded, 0, whole)]
    whole[ungraded] = len(names)
    return whole
