"""What a join says about ids that don't match: an error where none does, notes where few do or where they are alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from custgrade.data.note import Note
from custgrade.errors import FieldError, Hint
from custgrade.text import listed

FORMS: Mapping[str, str] = {
    "capitals, blanks, leading zeros or .0 only": r"^[\s\x{a0}']*0*(.*?)(\.0+)?[\s\x{a0}]*$",
    "what stands before the digits": "^[^0-9]*0*([0-9]+)$",
}
"""How ids may differ, with the pattern, in RE2, whose first group is what they have in common, in lower case.

The last one is only tried where no id matches, because ids of one file may differ in that too.
"""
SHOWN = 3


@frozen
class JoinMatch:
    """How the ids of two sides match.

    matched: how many match. sizes: the customers of each side. unmatched: the first ids of each side that don't match.
    alike: by a key of FORMS, the number of pairs of unmatched ids that have this form in common, and the first pair.
    """

    matched: int
    sizes: tuple[int, int]
    unmatched: tuple[Sequence[str], Sequence[str]]
    alike: dict[str, tuple[int, tuple[str, str]]]

    def _refuse_none(self) -> None:
        if self.matched or not all(self.sizes):
            return
        here, there = (listed(map(repr, ids[:SHOWN])) for ids in self.unmatched)
        cause = f" {self._cause()}" if self.alike else ""
        raise FieldError(f"no customer id is in both: one has {here}, the other has {there}.{cause}", _WRITE_ALIKE)

    def checked_notes(self) -> list[str]:
        """Return the notes on a join of which few ids match, or of which unmatched ids are alike.

        Raises FieldError when both sides have customers and no id matches.
        """
        self._refuse_none()
        few = 2 * self.matched < min(self.sizes) and all(self.sizes)
        if not few and not self.alike:
            return []
        here, there = (listed(map(repr, ids[:SHOWN])) for ids in self.unmatched)
        texts = []
        if few:
            texts.append(
                f"only {self.matched:,} of {self.sizes[0]:,} and {self.sizes[1]:,} customer ids are in both sides of a "
                f"join: one has {here}, the other has {there}."
            )
        if self.alike:
            texts.append(self._cause())
        return [Note(" ".join(texts), _WRITE_ALIKE)]

    def _cause(self) -> str:
        (form, (count, (one, other))) = next(iter(self.alike.items()))
        what = f"{count:,} ids of each side differ" if count > 1 else "one id of each side differs"
        return f"{what} in {form}: {one!r} and {other!r}."


_WRITE_ALIKE = Hint(
    'If they are the same customers, write the ids alike, or give aliases={"OLD": "NEW"} when you read one side.',
    "If they are the same customers, write the ids alike, or give --aliases FILE, a CSV file with the columns "
    "old_id and new_id.",
)


def forms_for(matched: int) -> Mapping[str, str]:
    """Return the forms to try; matched: how many ids match."""
    return FORMS if not matched else dict(list(FORMS.items())[:-1])


def match_of(ids: Any, others: Any, found: Any) -> JoinMatch:
    """Return how two columns of ids match; found: the position in `others` of each of `ids`, −1 for none."""
    matched = int(np.count_nonzero(found >= 0))
    taken = np.zeros(len(others), dtype=bool)
    taken[found[found >= 0]] = True
    here, there = ids[found < 0].tolist(), others[~taken].tolist()
    alike = {}
    for form, pattern in forms_for(matched).items():
        first = _by_form(here, pattern)
        second = _by_form(there, pattern)
        both = [key for key in first if key in second]
        if both:
            alike[form] = (len(both), (first[both[0]], second[both[0]]))
            break
    return JoinMatch(matched, (len(ids), len(others)), (here[:SHOWN], there[:SHOWN]), alike)


def _by_form(ids: Iterable[str], pattern: str) -> dict[str, str]:
    """Return the first id of each form."""
    compiled, found = re.compile(pattern.replace(r"\x{a0}", "\u00a0"), re.DOTALL), dict[str, str]()
    for one in ids:
        match = compiled.match(one.lower())
        if match is not None and match[1]:
            found.setdefault(match[1], one)
    return found
