"""Names of columns as sets of meanings, by a table of words in four languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import product
from typing import Any, Literal

from attrs import frozen

Strength = Literal["names", "alone", "doubtful"]
"""How surely a name means a field: whatever else there is; if no other column does; or perhaps."""
STRENGTHS: tuple[Strength, ...] = ("names", "alone", "doubtful")

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[%#€$£]")
_CASES = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ])")
_NUMERO = re.compile(r"\bn[°º]|№", re.IGNORECASE)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
_LONGEST = 120
_SHORT = 2
"""Words of this many letters or fewer are found within a longer word only at its end, as in `kundennr`."""
_MOST_READINGS = 32
_UNKNOWN, _OTHER, _IGNORED = "unknown", "other", frozenset({"filler", "money_unit"})


@frozen
class Vocabulary:
    """The words of column names, and the names of fields.

    words: the possible meanings of a word, by its plain spelling. phrases: the same for words in a row. fields: by
    field and strength, the sets of meanings that name the field.
    """

    words: Mapping[str, frozenset[str]]
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    fields: Mapping[str, Mapping[Strength, frozenset[frozenset[str]]]]

    def fields_named(self, name: str) -> dict[str, Strength]:
        """Return the fields that a column's name may mean, each with the surest strength.

        A name with a word that isn't known is doubtful where the other words name a field whatever else there is.
        """
        found: dict[str, Strength] = {}
        for meanings in self.meanings(name):
            known = meanings - {_UNKNOWN}
            if _OTHER in meanings or not known:
                continue
            for field, sets in self.fields.items():
                strength = next((one for one in STRENGTHS if known in sets.get(one, ())), None)
                if _UNKNOWN in meanings:
                    strength = "doubtful" if strength == "names" and len(known) > (field == "status") else None
                if strength and STRENGTHS.index(strength) < STRENGTHS.index(found.get(field, "doubtful")):
                    found[field] = strength
                elif strength:
                    found.setdefault(field, strength)
        return found

    def means_other(self, name: str) -> bool:
        """Return whether a name has a word that no field's name has, such as a tax or an address."""
        return any(_OTHER in meanings for meanings in self.meanings(name))

    def meanings(self, name: str) -> set[frozenset[str]]:
        """Return the sets of meanings that a name may have; `unknown` stands for words that aren't known."""
        tokens = _tokens(name)
        parts: list[frozenset[str]] = []
        at = 0
        while at < len(tokens):
            length = next((n for n in range(5, 1, -1) if tuple(tokens[at : at + n]) in self.phrases), 1)
            if length > 1:
                parts.append(self.phrases[tuple(tokens[at : at + length])])
            else:
                parts += self._read(tokens[at])
            at += length
        some = product(*(sorted(part) for part in parts))
        return {frozenset(meanings) - _IGNORED for meanings, _ in zip(some, range(_MOST_READINGS), strict=False)}

    def _read(self, token: str) -> list[frozenset[str]]:
        """Return the meanings of the words that a token consists of, as few words as possible."""
        if token in self.words:
            return [self.words[token]]
        best: list[list[frozenset[str]] | None] = [[], *[None] * len(token)]
        for end in range(1, len(token) + 1):
            for start in range(end):
                before, word = best[start], token[start:end]
                inside = len(word) > _SHORT or (end == len(token) and start > _SHORT)
                if before is None or not inside or word not in self.words or not self.words[word] - _IGNORED:
                    continue
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = [*before, self.words[word]]
        return best[-1] or [frozenset({_UNKNOWN})]


def read_vocabulary() -> Vocabulary:
    """Return the vocabulary in `words.toml`."""
    import tomllib

    content: Mapping[str, Any] = tomllib.loads(
        files("custgrade.recognising").joinpath("words.toml").read_text(encoding="utf-8")
    )
    words: dict[str, frozenset[str]] = {}
    phrases: dict[tuple[str, ...], frozenset[str]] = {}
    for meaning, languages in content["words"].items():
        for word in (word for given in languages.values() for word in given):
            for tokens in _spellings(word):
                if len(tokens) == 1:
                    words[tokens[0]] = words.get(tokens[0], frozenset()) | {meaning}
                else:
                    phrases[tokens] = phrases.get(tokens, frozenset()) | {meaning}
    fields = {
        field: {strength: _sets(named[strength]) for strength in STRENGTHS if strength in named}
        for field, named in content["fields"].items()
    }
    return Vocabulary(words, phrases, fields)


def _sets(names: Iterable[str]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(name.split()) - _IGNORED for name in names)


def _spellings(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of a word, with umlauts as one letter and as two."""
    yield tuple(_tokens(word))
    two = "".join(_UMLAUTS.get(letter, letter) for letter in word)
    if two != word:
        yield tuple(_tokens(two))


def _tokens(name: str) -> Sequence[str]:
    """Return the words, digits and signs of a name in small letters, without accents."""
    apart = _CASES.sub(" ", _NUMERO.sub(" no ", unicodedata.normalize("NFC", name[:_LONGEST])))
    plain = unicodedata.normalize("NFKD", apart.casefold())
    return _TOKEN.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
