"""Texts, keys and comments as TOML needs them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable


def toml_string(text: str) -> str:
    """Return a text in quotation marks; characters that don't print are escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in quoted)


def toml_strings(texts: Iterable[str]) -> str:
    """Return texts as a TOML array."""
    return f"[{', '.join(map(toml_string, texts))}]"


def toml_key(name: str) -> str:
    """Return a key, in quotation marks if it has other characters than letters, digits, `-` and `_`."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else toml_string(name)


def comment(text: str) -> str:
    """Return a text as one line without characters that TOML comments may not have."""
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
