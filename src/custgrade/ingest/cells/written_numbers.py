"""SQL that reads numbers written with separators of thousands, a decimal comma, signs of currencies or brackets."""

from __future__ import annotations

from custgrade.ingest.cells.number_formats import APOSTROPHES, BLANKS, MINUSES, NumberFormat, pattern
from custgrade.ingest.engine import literal

_EITHER, _PADDED = r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$", r"^(-?[1-9][0-9]{0,2}\.[0-9]{3})0$"


def plain_text(sql: str, form: NumberFormat, per_cent: bool = False) -> str:
    """Return SQL of a number's text with a decimal point and nothing else but a minus, or no number where it is none.

    sql: a text; it occurs once, because the engine takes long over large expressions. form: how its numbers are
    written. per_cent: whether a number may end in a per cent sign, which is kept.
    """
    alike = f"{BLANKS}{MINUSES}{APOSTROPHES}"
    like = " " * len(BLANKS) + "-" * len(MINUSES) + "'" * len(APOSTROPHES)
    cleaned = f"trim(translate({sql}, {literal(alike)}, {literal(like)}))"
    # an empty text where the pattern doesn't match
    amount = f"regexp_extract({cleaned}, {literal(pattern(form, per_cent))})"
    bare = amount
    for currency in sorted(form.currencies, key=len, reverse=True):
        bare = f"replace({bare}, {literal(currency)}, '')"
    # a dash right after the decimal sign means no cents
    minus_first = f"regexp_replace({bare}, '^((?:[^-(]*[^-({form.decimal}])?)[-(]', '-\\1')"
    kept = f"[^0-9{form.decimal}{'%' if per_cent else ''}-]"
    digits = f"regexp_replace({minus_first}, {literal(kept)}, '', 'g')"
    digits = f"replace({digits}, ',', '.')" if form.decimal == "," else digits
    digits = f"replace(replace({digits}, '.-', '.'), '.-', '.')"
    return f"regexp_replace({digits}, '^-$', '0')" if form.currencies else digits


def padded(sql: str) -> str:
    """Return SQL of a number's text that can't be taken for thousands: 1.234 becomes 1.2340."""
    return f"regexp_replace({sql}, {literal(_EITHER)}, '\\00')"


def without_padding(sql: str) -> str:
    """Return SQL of a number's text as it was before `padded`."""
    return f"regexp_replace({sql}, {literal(_PADDED)}, '\\1')"
