"""Texts in CSV files that a spreadsheet neither runs as a formula nor changes into numbers or dates."""

from __future__ import annotations

import re

from custgrade.ingest.engine import literal

MARK = "'"
"""The apostrophe that is put before a text."""

# The patterns are read by Python and by DuckDB (RE2), so they use only what means the same in both.
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_FORMULA = f"^(?:['\t\r\n]|[{_BLANKS}]*[=+@\uff1d\uff0b\uff0d\uff20-])"
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august|sept|september|"
    "october|november|december|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|mai|out|dez|janv|févr|avr|juin|juil|août|"
    "déc|mär|mrz|märz|okt|mrt|mei|januar|februar|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|"
    "agosto|septiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|juillet|septembre|octobre|novembre|"
    "décembre"
)
_BETWEEN = f"[{_BLANKS}.,/-]*"
_SIGNS = f"[{_BLANKS}.,:/%()'$€£¥-]"
_CHANGED = "|".join(
    [
        # leading zeros are dropped, and from 12 digits on a number is saved as 1.23E+11
        "0[0-9]+",
        "[0-9]{12,}",
        # digits and signs are decimals, dates, times, fractions, amounts or percentages
        f"(?:[0-9]|{_SIGNS})*(?:[0-9]{_SIGNS}|{_SIGNS}[0-9])(?:[0-9]|{_SIGNS})*",
        f"[{_BLANKS}]*[0-9.,]+[{_BLANKS}]*e[{_BLANKS}]*[+-]?[0-9.,]+[{_BLANKS}]*",
        f"[{_BLANKS}]*[0-9]{{1,4}}{_BETWEEN}(?:{_MONTHS}){_BETWEEN}[0-9]{{0,4}}",
        f"[{_BLANKS}]*(?:{_MONTHS}){_BETWEEN}[0-9]{{1,4}}(?:{_BETWEEN}[0-9]{{1,4}})?[{_BLANKS}]*",
        "[0-9:.]+ +[ap]m?|[0-9]+:[0-9:.]+ *[ap]m?",
        "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}t[0-9:.+z-]*",
        f"[{_BLANKS}]*(?:true|false|wahr|falsch|vrai|faux|verdadero|falso|vero|verdadeiro|waar|onwaar)[{_BLANKS}]*",
        "#[a-z/0]+[!?]?",
    ]
)


def marked_text(text: str) -> str:
    """Return a text for a cell: with an apostrophe before it if a spreadsheet could run it as a formula.

    A text that begins with an apostrophe gets one too, so that `plain_text` returns every text unchanged.
    """
    return MARK + text if re.match(_FORMULA, text) else text


def marked_id(text: str) -> str:
    """Return an id for a cell: with an apostrophe before it if a spreadsheet could run or change it.

    `007`, `1e5`, `3-4`, `2026-01-31`, `MAR-5` and numbers of 12 digits get one; `C-0017` and `12` don't.
    """
    changed = re.fullmatch(_CHANGED, text, re.IGNORECASE) or re.match(_FORMULA, text)
    return MARK + text if changed else text


def plain_text(cell: str) -> str:
    """Return the text of a cell that `marked_text` or `marked_id` made."""
    return cell.removeprefix(MARK)


def changed_sql(column: str, *, identity: bool) -> str:
    """Return SQL that is true for the texts that `marked_text` marks, or `marked_id` if identity is True."""
    matches = f"regexp_matches({column}, {literal(_FORMULA)})"
    if identity:
        matches = f"({matches} OR regexp_full_match({column}, {literal(_CHANGED)}, 'i'))"
    return matches


def marked_sql(column: str, *, identity: bool) -> str:
    """Return SQL that marks a column of texts as `marked_text` does, or as `marked_id` does if identity is True."""
    changed = changed_sql(column, identity=identity)
    return f"CASE WHEN {changed} THEN {literal(MARK)} || {column} ELSE {column} END"
