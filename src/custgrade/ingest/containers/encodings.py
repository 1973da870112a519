"""The encoding of a text file, recognised where it is certain, and refused with its readings where it isn't."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from custgrade.errors import Hint, SourceError
from custgrade.ingest.containers.languages import LANGUAGES, makes_sense

WESTERN = "cp1252"
NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252 (cp1252)",
}
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""Byte order marks and the encodings that they announce."""

_WORD = re.compile(rb"(?<![0-9A-Za-z\x80-\xff])[0-9A-Za-z]{0,40}[\x80-\xff][0-9A-Za-z\x80-\xff]{0,80}")
_MOST_WORDS = 1 << 17
_READ = 1 << 22
_DOUBTFUL = 0.05
"""The greatest share of words that may make no sense in the encoding that is taken."""
_WRONG = 0.2
"""The least share of words that make no sense in an encoding that is ruled out."""
_ONLY_SHOWN = ("cp852",)
"""Encodings that no text is mistaken for, because most of their words make no sense in Windows-1252."""
_OLD = ("cp437", "cp850", "mac_roman")


def mark_of(path: Path) -> tuple[bytes, str] | None:
    """Return a file's byte order mark and its encoding, None without a mark."""
    with path.open("rb") as file:
        beginning = file.read(4)
    return next(((mark, name) for mark, name in MARKS if beginning.startswith(mark)), None)


def without_mark(beginning: bytes) -> str | None:
    """Return UTF-16 or UTF-32 for the beginning of a text with NULs where ASCII has them, None if it is neither."""
    for width, size in ((4, "32"), (2, "16")):
        usable = beginning[: len(beginning) // width * width]
        nul = [usable[k::width].count(0) * width for k in range(width)]
        if len(usable) < 2 * width or not sum(nul):
            continue
        low = [share > 0.3 * len(usable) for share in nul]
        full = [share for share in nul if share]
        if width == 4 and low[1:] == [True] * 3 and not nul[0]:
            return "utf-32-le"
        if width == 4 and low[:3] == [True] * 3 and not nul[3]:
            return "utf-32-be"
        if width == 2 and len(full) == 1 and full[0] > 0.1 * len(usable):
            return "utf-16-le" if nul[1] else "utf-16-be"
    return None


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
    if not words:
        raise _undecided(path, label, None, [])
    western = {word: _sense(word, WESTERN, _unpaired(words)) for word in words}
    others = [name for name in LANGUAGES if name != WESTERN]
    rivals = {name: word for name in others if (word := _rival(name, western)) is not None}
    bad = [word for word, sense in western.items() if not sense]
    if len(bad) <= _DOUBTFUL * len(words) and not rivals:
        return Reading(next(word for word in words if western[word]), WESTERN)
    word = next(iter(rivals.values()), (bad or words)[0])
    fits = [WESTERN] if western[word] and len(bad) <= _DOUBTFUL * len(words) else []
    fits += [name for name in rivals if makes_sense(_read(word, name), name)]
    fits += [name for name in (*others, WESTERN) if name not in fits]
    raise _undecided(path, label, word, fits)


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
    return list(words)


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
    if encoding in _ONLY_SHOWN:
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


def _undecided(path: Path, label: str, word: bytes | None, fits: Sequence[str]) -> SourceError:
    """Return the error for a text whose encoding isn't certain; fits: encodings, the likeliest first."""
    hint = Hint('Give its encoding, such as encoding="cp1252".', "Give its encoding, such as --encoding cp1252.")
    if word is None:
        return SourceError(f"{label} isn't UTF-8 text.", hint)
    readings: dict[str, str] = {}
    for name in fits:
        text = _read(word, name)
        if "\ufffd" not in text and text.isprintable() and text not in readings.values():
            readings[name] = text
    some = list(readings.items())[:4]
    line = _line_of(path, word)
    listed = ", ".join(f"{text!r} in {name}" for name, text in some)
    first = some[0][0] if some else WESTERN
    return SourceError(
        f"{label} isn't UTF-8 text, and its encoding isn't certain: a word of line {line} is {listed}.",
        Hint(f'Give the right one, such as encoding="{first}".', f"Give the right one, such as --encoding {first}."),
    )


def _line_of(path: Path, word: bytes) -> int:
    """Return the line, from 1, in which a word occurs first; lines are short enough for memory."""
    with path.open("rb") as file:
        return next((number for number, line in enumerate(file, 1) if word in line), 1)
