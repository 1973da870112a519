"""Numbers such as -9999 that may be codes for an unknown value, found by where they stand in a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from custgrade.data.note import Note
from custgrade.errors import Hint
from custgrade.selection.chunks import spans
from custgrade.text import counted, exactly

_FAR = 10
"""How many times as large as all other numbers of its column a code is."""
_HUGE = 1e20


def code_notes(label: str, columns: Mapping[str, Any]) -> list[str]:
    """Return notes on numbers that may be codes for an unknown value.

    Such a number is the lowest or highest of its column, consists of nines (at least three) or is beyond 10^20, and is
    ten times as large as the number of the column that comes next in size.

    label: the source's name. columns: numbers by field, NaN where unknown, in memory or on disk.
    """
    notes: list[str] = []
    for name, column in columns.items():
        for code, rows in _codes(column):
            word = exactly(code)
            text = (
                f"{word} is the value of {name} for {counted(rows, 'customers')} of {label}, far from all others, and "
                "may mean that it is unknown."
            )
            notes.append(Note(text, Hint(f'If so: missing=["{word}"].', f"If so: --missing {word}.")))
    return notes


def _codes(column: Any) -> Iterator[tuple[float, int]]:
    """Yield the codes of a column, each with the number of rows that have it."""
    low, high = np.inf, -np.inf
    for rows in spans(len(column)):
        known = _known(column[rows])
        if len(known):
            low, high = min(low, float(known.min())), max(high, float(known.max()))
    suspects = [value for value in dict.fromkeys((low, high)) if _is_code(value)]
    if not suspects:
        return
    next_size, counts = 0.0, dict.fromkeys(suspects, 0)
    others = False
    for rows in spans(len(column)):
        known = _known(column[rows])
        rest = known[~np.isin(known, suspects)]
        others = others or bool(len(rest))
        next_size = max(next_size, float(np.abs(rest).max(initial=0.0)))
        for value in suspects:
            counts[value] += int(np.count_nonzero(known == value))
    for value in suspects:
        if others and abs(value) >= _FAR * next_size:
            yield value, counts[value]


def _known(values: Any) -> Any:
    values = np.asarray(values)
    return values[~np.isnan(values)]


def _is_code(value: float) -> bool:
    if not np.isfinite(value):
        return False
    digits = exactly(abs(value))
    return abs(value) >= _HUGE or (len(digits) >= 3 and set(digits) == {"9"})
