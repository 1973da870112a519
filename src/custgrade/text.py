"""Names, counts, numbers and values as texts in messages."""

from __future__ import annotations

import math
from collections.abc import Iterable


def listed(names: Iterable[object], limit: int = 20) -> str:
    """Return names as `a, b, c`, the rest beyond `limit` as a count; `none` if there are none."""
    items = [str(name) for name in names]
    if not items:
        return "none"
    more = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + more


def counted(count: int, what: str) -> str:
    """Return a count with its noun, given in the plural: `1 customer`, `1,200 order lines`."""
    return f"{count:,} {what.removesuffix('s') if count == 1 else what}"


def exactly(number: float) -> str:
    """Return a number as it has to be given to get it back to the last bit: `12`, `0.1`, `79.8`."""
    whole = math.isfinite(number) and number == int(number) and abs(number) < 1e15
    return str(int(number)) if whole else repr(float(number))


def shown(value: object, most: int = 80) -> str:
    """Return a value as an error quotes it: its repr, at most `most` characters, without addresses in memory.

    A repr that Python refuses to make, as that of a number of thousands of digits, is replaced by the type's name.
    """
    if type(value).__repr__ is object.__repr__:
        return f"an object of type {type(value).__name__}"
    try:
        text = without_addresses(repr(value))
    except Exception:
        return f"a value of type {type(value).__name__} that is too large to print"
    return text if len(text) <= most else f"{text[:most]}…"


def without_addresses(text: str) -> str:
    """Return a text without the addresses in memory that a default repr holds: `<function f>`."""
    import re

    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def did_you_mean(received: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the known name that `received` is most likely a slip of, or an empty string.

    Names are near if few letters were left out, added, changed or swapped: one in a name of up to six letters, two in
    one of up to nine, and three in a longer one. A name of up to five letters begins with the same letter. Capitals
    don't count, nor which of blank, `_`, `-` and `.` stands between words.

    received: the wrong name. known: right names; a name of the user's own, such as a column of a file, isn't one.
    """
    from custgrade.typing_slips import nearest

    close = nearest(str(received), [str(name) for name in known])
    return f" Did you mean {close!r}?" if close is not None else ""


def meant_instead(wanted: str, found: Iterable[str]) -> str:
    """Return ` Is 'x' meant? Rename it to 'wanted'.` for the name in the data that is a slip of a right one, or ``.

    wanted: the right name, which is missing. found: names of the user's own; near ones are told as in `did_you_mean`.
    """
    from custgrade.typing_slips import nearest

    close = nearest(str(wanted), [str(name) for name in found])
    return f" Is {close!r} meant? Rename it to {wanted!r}." if close is not None else ""
