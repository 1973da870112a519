"""Names, counts, numbers and values as texts in messages."""

from __future__ import annotations

import math
from collections.abc import Iterable


def listed(names: Iterable[object], limit: int = 20) -> str:
    """Return names as `a, b, c`, with a count of the names beyond `limit`; `none` if there are no names.

    A single name beyond the limit is shown.
    """
    items = [str(name) for name in names]
    if not items:
        return "none"
    limit += len(items) == limit + 1
    more = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + more


def counted(count: int, what: str) -> str:
    """Return a count with its noun: `1 customer`, `1,200 order lines`; what: the noun in the plural."""
    return f"{count:,} {what.removesuffix('s') if count == 1 else what}"


def exactly(number: float) -> str:
    """Return the shortest text that is read as exactly this number: `12`, `0.1`, `79.8`."""
    whole = math.isfinite(number) and number == int(number) and abs(number) < 1e15
    return str(int(number)) if whole else repr(float(number))


def shown(value: object, most: int = 80) -> str:
    """Return a value's text for errors: its repr, cut after `most` characters, without memory addresses.

    If the repr fails, as for an int of thousands of digits, the text has only the type's name.
    """
    if type(value).__repr__ is object.__repr__:
        return f"an object of type {type(value).__name__}"
    try:
        text = without_addresses(repr(value))
    except Exception:
        return f"a value of type {type(value).__name__} that is too large to print"
    return text if len(text) <= most else f"{text[:most]}…"


def type_with_article(value: object) -> str:
    """Return the name of a value's type with its article: `a list`, `an int`."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def without_addresses(text: str) -> str:
    """Return a text without the memory addresses of default reprs: `<function f>`."""
    import re

    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def without_passwords(text: str) -> str:
    """Return a text in which the passwords of URLs are `***`."""
    import re

    hidden = re.sub(r"(://[^/@\s]*?:)\S*@", r"\1***@", text)
    return re.sub(r"([?&]\w*passw(?:or)?d=)[^&\s]+", r"\1***", hidden)


def did_you_mean(received: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` with the known name closest to `received`; an empty text if none is close.

    Names are close if few letters are left out, added, changed or swapped: one in names of up to six letters, two in
    names of up to nine, and three in longer names. Names of up to five letters must also begin alike. Case is ignored,
    and blank, `_`, `-` and `.` are equal.

    received: the wrong name. known: the right names, without the user's own names, such as columns of a file.
    """
    from custgrade.typing_slips import nearest

    close = nearest(str(received), [str(name) for name in known])
    return f" Did you mean {close!r}?" if close is not None else ""


def meant_instead(wanted: str, found: Iterable[str]) -> str:
    """Return ` Is 'x' meant? Rename it to 'wanted'.` with the found name closest to `wanted`; an empty text if none is.

    wanted: the right name, which is missing. found: the user's own names; they are compared as in `did_you_mean`.
    """
    from custgrade.typing_slips import nearest

    close = nearest(str(wanted), [str(name) for name in found])
    return f" Is {close!r} meant? Rename it to {wanted!r}." if close is not None else ""
