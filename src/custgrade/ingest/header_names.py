"""Names of columns, compared without their spelling."""

from __future__ import annotations


def plain_name(text: str) -> str:
    """Return the letters and digits of a name, casefolded: `Order-ID ` and `order_id` are both `orderid`.

    A name without letters and digits is returned casefolded and stripped, so that `#` and `€` stay different.
    """
    folded = text.casefold()
    return "".join(character for character in folded if character.isalnum()) or folded.strip()
