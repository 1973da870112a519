"""SQL that reads numbers written with separators of thousands, a decimal comma, signs of currencies or brackets."""

from __future__ import annotations

from custgrade.ingest.engine import literal
from custgrade.ingest.number_formats import APOSTROPHES, BLANKS, MINUSES, NumberFormat, nothing_pattern, pattern

EITHER = r"^[-+( ]*\d{1,3}[.,]\d{3}[-) ]*$"


def plain_text(sql: str, form: NumberFormat, per_cent: bool = False) -> str:
    """Return SQL of a number's text with a decimal point and nothing else but a minus; NULL where it isn't a number.

    sql: a text. form: how its numbers are written. per_cent: whether a number may end in a per cent sign, which is
    kept.
    """
    alike = f"{BLANKS}{MINUSES}{APOSTROPHES}"
    like = " " * len(BLANKS) + "-" * len(MINUSES) + "'" * len(APOSTROPHES)
    cleaned = f"trim(translate({sql}, {literal(alike)}, {literal(like)}))"
    bare = f"replace({cleaned}, {literal(form.currency)}, '')" if form.currency else cleaned
    digits = f"regexp_replace({bare}, {literal(f'[^0-9{form.decimal}]')}, '', 'g')"
    digits = f"replace({digits}, ',', '.')" if form.decimal == "," else digits
    minus = f"CASE WHEN contains({bare}, '-') OR contains({bare}, '(') THEN '-' ELSE '' END"
    ambiguous = "" if form.certain else f"WHEN regexp_matches({cleaned}, {literal(EITHER)}) THEN NULL "
    nothing = nothing_pattern(form)
    zero = f"WHEN regexp_matches({cleaned}, {literal(nothing)}) THEN '0' " if nothing else ""
    shares = literal(pattern(form).removesuffix("$") + " ?%$")
    share = f"WHEN regexp_matches({cleaned}, {shares}) THEN {minus} || {digits} || '%' " if per_cent else ""
    return (
        f"CASE {ambiguous}WHEN regexp_matches({cleaned}, {literal(pattern(form))}) THEN {minus} || {digits} "
        f"{zero}{share}END"
    )
