"""The encoding of a text file, recognised where it is certain, and refused with its readings where it isn't."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from custgrade.errors import Hint, SourceError
from custgrade.ingest.containers.languages import LANGUAGES, makes_sense

WESTERN = "cp1252"
_WORD = re.compile(rb"(?<![0-9A-Za-z\x80-\xff])[0-9A-Za-z]{0,200}[\x80-\xff][0-9A-Za-z\x80-\xff]{0,80}")
_BEYOND = re.compile(rb"[\x80-\xff]{1,80}")
_MOST_WORDS = 1 << 17
_READ = 1 << 22
_DOUBTFUL = 0.05
"""The greatest share of words that may make no sense in the encoding that is taken."""
_WRONG = 0.2
"""The least share of words that make no sense in an encoding that is ruled out."""
_ONLY_SHOWN = ("cp852",)
"""Encodings that no text is mistaken for, because most of their words make no sense in Windows-1252."""
_SHOWN = 4
"""The number of readings of a word that a message shows."""
_OLD = ("cp437", "cp850", "mac_roman")


@frozen
class Reading:
    """A word of a text as bytes, and what it reads in an encoding."""

    word: bytes
    encoding: str

    def __str__(self) -> str:
        return self.word.decode(self.encoding, "replace")


def single_byte_encoding(path: Path, label: str) -> Reading:
    """Return the encoding of a text that isn't UTF-8, with a word that shows it.

    That is Windows-1252, if its words make sense, and no other encoding reads them differently and makes sense too.

    label: the file's name in messages.

    Raises SourceError, with the readings of a word in several encodings, where the encoding isn't certain.
    """
    words = _words(path)
    unpaired = _unpaired(words)
    western = {word: _sense(word, WESTERN, unpaired) for word in words}
    senseless = [word for word, sense in western.items() if not sense]
    fits = len(senseless) <= _DOUBTFUL * len(words)
    rivals = {name: word for name in LANGUAGES if (word := _rival(name, western)) is not None}
    mixed = next((word for word in senseless if _is_utf8(word)), None)
    if fits and not rivals and mixed is None:
        return Reading(next(word for word in words if western[word]), WESTERN)
    word = mixed or next(iter(rivals.values()), (senseless or words)[0])
    likely = ["utf-8"] if mixed else [WESTERN] if fits else []
    likely += [name for name in LANGUAGES if name not in likely and _sense(word, name)]
    raise _undecided(path, label, word, likely, [WESTERN, *LANGUAGES])


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _words(path: Path) -> list[bytes]:
    """Return the different words of a text that have a byte beyond ASCII, in the order of their first occurrence."""
    words: dict[bytes, None] = {}
    rest = b""
    with path.open("rb") as file:
        while (data := file.read(_READ)) and len(words) < _MOST_WORDS:
            data = rest + data
            end = max(data.rfind(b"\n"), data.rfind(b"\r"), data.rfind(b" ")) + 1 or len(data)
            words |= dict.fromkeys(_WORD.findall(data, 0, end))
            rest = data[end:]
    words |= dict.fromkeys(_WORD.findall(rest))
    return list(words) or [_BEYOND.findall(path.read_bytes())[0]]


def _read(word: bytes, encoding: str) -> str:
    return word.decode(encoding, "replace")


def _unpaired(words: Sequence[bytes]) -> bool:
    """Return whether Windows-1252 reads closing quotation marks but no opening ones."""
    return any(b"\x94" in word for word in words) and not any(
        b"\x93" in word or b"\x84" in word or word.startswith(b"\x94") for word in words
    )


def _sense(word: bytes, encoding: str, unpaired: bool = False) -> bool:
    return not (unpaired and b"\x94" in word) and makes_sense(_read(word, encoding), encoding)


def _rival(encoding: str, western: dict[bytes, bool]) -> bytes | None:
    """Return a word that an encoding reads otherwise than Windows-1252 if its readings make sense, else None.

    western: the words, and whether they make sense in Windows-1252.
    """
    if encoding in (WESTERN, *_ONLY_SHOWN):
        return None
    differing: list[bytes] = []
    shows = False
    for word, sense in western.items():
        here, there = _read(word, WESTERN), _read(word, encoding)
        pairs = [(a, b) for a, b in zip(here, there, strict=False) if a != b]
        if not pairs:
            continue
        differing.append(word)
        letters = [b for a, b in pairs if b.isalpha() or (encoding == "iso8859_15" and b == "€")]
        if encoding in _OLD:
            # typographic signs that stand where they should are no letters
            letters = [b for a, b in pairs if b.islower() and (a.isalpha() or not sense)]
        shows |= bool(letters) and (len(there) > 1 or encoding == "iso8859_15") and makes_sense(there, encoding)
    if not shows:
        return None
    wrong = [word for word in differing if not makes_sense(_read(word, encoding), encoding)]
    of_all = [word for word in western if not makes_sense(_read(word, encoding), encoding)]
    if len(wrong) >= _WRONG * len(differing) or len(of_all) >= _WRONG * len(western):
        doubtful = [word for word in differing if not western[word]]
        if len(doubtful) <= _DOUBTFUL * len(differing):
            return None
    return next(word for word in differing if makes_sense(_read(word, encoding), encoding))


def _undecided(path: Path, label: str, word: bytes, likely: Sequence[str], others: Sequence[str]) -> SourceError:
    """Return the error for a text whose encoding isn't certain.

    word: one of the text. likely: the encodings in which it makes sense. others: further encodings.
    """
    readings: dict[str, str] = {}
    for name in (*likely, *others):
        text = _read(word, name)
        enough = len(readings) >= (_SHOWN if name in likely else 2)
        if not enough and text.isprintable() and "\ufffd" not in text and text not in readings.values():
            readings[name] = text
    said = " and ".join(f"{text!r} in {name}" for name, text in readings.items()) or "none in the usual encodings"
    first = next(iter(readings), WESTERN)
    return SourceError(
        f"{label} isn't UTF-8 text, and its encoding isn't certain: a word of line {_line_of(path, word)} is {said}.",
        Hint(f'Give the right one, such as encoding="{first}".', f"Give the right one, such as --encoding {first}."),
    )


def _line_of(path: Path, word: bytes) -> int:
    """Return the line, from 1, in which a word occurs first; lines are short enough for memory."""
    with path.open("rb") as file:
        return next((number for number, line in enumerate(file, 1) if word in line), 1)
