"""Words that mean an unknown value, such as NULL and N/A, and the SQL that tells them from values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from custgrade.ingest.engine import literal

DEFAULT_WORDS = (
    *("null", "(null)", "<null>", "\\n", "nil", "none", "nan", "na", "<na>", "n/a", "#n/a", "n.a.", "n.v.", "#nv"),
    *("#n/d", "#null!", "nat", "undefined", "unknown", "(blank)", "(empty)", "(leer)", "(vide)", "-", "--", "---"),
    *("–", "—", "?", "."),
)
"""The words in lower case. `NA` is one of them, because R and pandas write it for every missing value."""
_PLAIN_RANGES = (("0", ":"), ("A", "["), ("a", "{"))


@frozen
class Missing:
    """The words that mean an unknown value in a column; capitals, and blanks around them, have no meaning.

    words: in lower case. given: those that the caller added to the default list. numbers: those of `given` that are
    numbers, which count whichever way a number is written.
    """

    words: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()

    @property
    def as_text(self) -> Missing:
        """The same words for a column of texts, in which 007 isn't 7."""
        return Missing(self.words, self.given)

    def holds(self, sql: str) -> str:
        """Return SQL of whether a text is neither NULL nor blank nor one of the words."""
        if not self.words:
            # nearly all texts begin with a character after the blank, and trimming is slow
            return f"(CASE WHEN {sql} >= '!' THEN true WHEN {sql} IS NULL THEN false ELSE trim({sql}) <> '' END)"
        longest = max(len(word.encode()) for word in self.words)
        # most texts are told from the words by their first character, or by their length; blanks may surround a word
        first = " OR ".join(f"({sql} >= {literal(low)} AND {sql} < {literal(high)})" for low, high in self._ranges)
        begins = f"WHEN {first} THEN true " if first else ""
        known = ", ".join(map(literal, self.words))
        return (
            f"(CASE {begins}WHEN {sql} IS NULL THEN false "
            f"WHEN strlen({sql}) > {longest} AND {sql} >= '!' AND NOT ends_with({sql}, ' ') THEN true "
            f"ELSE trim({sql}) <> '' AND lower(trim({sql})) NOT IN ({known}) END)"
        )

    @property
    def _ranges(self) -> list[tuple[str, str]]:
        """The ranges of texts, by their first character, in which no word lies; the second end is open."""
        taken = {word[0].lower() for word in self.words} | {word[0].upper() for word in self.words}
        found = []
        for low, high in _PLAIN_RANGES:
            start = low
            for code in range(ord(low), ord(high) + 1):
                if chr(code) in taken or chr(code) == high:
                    if start < chr(code):
                        found.append((start, chr(code)))
                    start = chr(code + 1)
        return found

    def isnt_number(self, double: str) -> str:
        """Return SQL of whether a DOUBLE is none of the numbers; NULL isn't."""
        codes = ", ".join(f"{number!r}::DOUBLE" for number in self.numbers)
        return f"(coalesce({double}, 'nan'::DOUBLE) NOT IN ({codes}))" if codes else "true"


NOTHING_MISSING = Missing()


def missing_of(given: Sequence[str] | None) -> Missing:
    """Return the words that mean an unknown value.

    given: words that are added to the default list; None adds none, and no words turn the list off.
    """
    if given is not None and not given:
        return NOTHING_MISSING
    own = tuple(dict.fromkeys(word.strip().lower() for word in given or () if word.strip()))
    return Missing(tuple(dict.fromkeys([*DEFAULT_WORDS, *own])), own, tuple(_numbers(own)))


def _numbers(words: Iterable[str]) -> Iterable[float]:
    for word in words:
        try:
            number = float(word) if "_" not in word else None
        except ValueError:
            continue
        if number is not None and number == number and abs(number) != float("inf"):
            yield number
