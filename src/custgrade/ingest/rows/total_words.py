"""Words that stand for a total in the first cell of a row, in English, German, French, Spanish, Italian and Dutch."""

from __future__ import annotations

from collections.abc import Iterator

_WORDS = (
    *("total", "totals", "grand total", "sum", "sums", "overall total", "total sum", "report total", "subtotal"),
    *("sub total", "sub-total", "gesamt", "gesamtsumme", "gesamtergebnis", "summe", "endsumme", "zwischensumme"),
    *("insgesamt", "teilergebnis", "summe gesamt", "total général", "total general", "totaux", "somme", "sous-total"),
    *("sous total", "ensemble", "suma", "suma total", "total general", "totales", "totale", "totale generale"),
    *("totali", "somma", "subtotale", "totaal", "eindtotaal", "subtotaal", "som", "totaal generaal"),
)
TOTAL_WORDS = tuple(dict.fromkeys(_WORDS))
"""The words in lower case."""
TOTALS = "a row of totals"
"""The reason for which rows of totals are left out."""
_SIGNS = " :.*#="


def is_total(text: str) -> bool:
    """Return whether a text is a word for a total, whatever its capitals and the signs around it."""
    return " ".join(text.casefold().strip(_SIGNS).split()) in TOTAL_WORDS


def plain_sql(text: str) -> str:
    """Return SQL of a text in the form of `TOTAL_WORDS`."""
    return f"lower(trim({text}, '{_SIGNS}'))"


def spellings() -> Iterator[str]:
    """Yield the words as reports write them: in usual capitals, and with a colon."""
    for word in TOTAL_WORDS:
        for one in dict.fromkeys((word, word.capitalize(), word.title(), word.upper())):
            yield from (one, f"{one}:")
