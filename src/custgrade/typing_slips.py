"""Finding the known name that a mistyped name most likely stands for."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 100
"""Longer texts aren't compared."""
_SEPARATORS = str.maketrans("_-.", "   ")


def nearest(received: str, known: Sequence[str]) -> str | None:
    """Return the known name closest to `received`, the first one if several are; None if none is close."""
    found, least = None, _LONGEST
    one = _plain(received)
    if len(one) > _LONGEST:
        return None
    for name in known:
        if name == received:
            continue
        other = _plain(name)
        allowed = _allowed(one, other)
        if abs(len(one) - len(other)) <= allowed:
            distance = slips(one, other, allowed)
            if distance <= allowed and distance < least:
                found, least = name, distance
    return found


def slips(one: str, other: str, most: int) -> int:
    """Return the number of letters left out, added, changed or swapped with the next; `most` + 1 if it is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for k, letter in enumerate(one, start=1):
        two_before, before = before, row
        row = [k] + [most + 1] * len(other)
        for n in range(max(1, k - most), min(len(other), k + most) + 1):
            match = other[n - 1]
            cost = min(before[n] + 1, row[n - 1] + 1, before[n - 1] + (letter != match))
            if k > 1 and n > 1 and letter == other[n - 2] and one[k - 2] == match:
                cost = min(cost, two_before[n - 2] + 1)
            row[n] = cost
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _plain(name: str) -> str:
    return name.casefold().translate(_SEPARATORS).strip()


def _allowed(one: str, other: str) -> int:
    """Return the largest number of typing slips between two close names.

    It is 0 for short names that don't begin alike, unless one of them lacks the first letter.
    """
    least, most = sorted((len(one), len(other)))
    if least < 2 or (most <= 2 and least == most):
        return 0
    if least <= 5 and not (one[0] == other[0] or one[0] == other[1] or one[1] == other[0]):
        return 0
    if most <= 6:
        return 2 if most == 6 and least == 5 else 1
    return 2 if most <= 9 else 3
