"""Names of columns that are alike but for capitals, blanks and punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from custgrade.text import listed


def plain_name(name: str) -> str:
    """Return a name's letters and digits, without capitals: `Order ID `, `order-id` and `ORDER_ID` give `orderid`.

    A name without letters and digits is returned casefolded and stripped, so that `#` and `€` stay different.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in folded if one.isalnum()) or folded.strip()


def by_plain_name(names: Iterable[str]) -> dict[str, list[str]]:
    """Return names by their plain names, each list in the order given."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(plain_name(name), []).append(name)
    return found


def alike(name: str, names: Iterable[str]) -> list[str]:
    """Return those of `names` that are the same as `name` but for capitals, blanks and punctuation, in order."""
    plain = plain_name(name)
    return [one for one in names if plain_name(one) == plain]


def quoted(names: Iterable[str], limit: int = 40) -> str:
    """Return names in quotes, which show blanks, between commas, with a count of the names beyond `limit`."""
    return listed(map(repr, names), limit)
