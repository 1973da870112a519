"""Texts as they look to a reader: without invisible characters, and with one form of blanks and hyphens."""

from __future__ import annotations

import re
import unicodedata

_HYPHENS = re.compile("[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
_BLANKS = re.compile("[\\s\u115f\u1160\u2800\u3164\uffa0]+")


def plain(text: str) -> str:
    """Return a text without accents and characters that can't be seen, with single blanks, and `-` for every hyphen.

    Letters and digits of other widths and styles become ordinary ones.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(one for one in decomposed if unicodedata.category(one) not in ("Cf", "Mn", "Me"))
    return _BLANKS.sub(" ", _HYPHENS.sub("-", kept)).strip()


def says_something(text: str) -> bool:
    """Return whether a text has a letter or a digit that a reader can see."""
    return any(map(str.isalnum, plain(text)))
