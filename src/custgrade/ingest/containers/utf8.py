"""Whether a file is UTF-8 text, and where it isn't."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path

from attrs import frozen

_READ = 1 << 22
_LONGEST = 7 * _READ
"""The bytes without a line end from which a line is too long: the engine passes over lines of more than 32 MiB."""
_MOST = 3
"""The most bytes of a character that may be missing at the end of a part."""
_BY_CHANCE = 0.5
"""The share of the bytes beyond ASCII that may look like UTF-8 in a text of another encoding."""
_ASCII = re.compile(rb"[\x00-\x7f]+")
_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
"""A character of UTF-8 beyond ASCII."""


@frozen
class Checked:
    """What was found in a file's bytes.

    bad: the position of the first byte that isn't UTF-8, None without one; byte: its value. cut: whether the file ends
    within a character, and has no other bad byte. nul: the position of the first NUL, None without one. characters:
    whether there are characters beyond ASCII; if there are bad bytes, whether there are more than come by chance. long:
    a position in the first line that is too long for the engine, None without one.
    """

    bad: int | None = None
    byte: int = 0
    cut: bool = False
    nul: int | None = None
    characters: bool = False
    long: int | None = None


def checked_utf8(path: Path) -> Checked:
    """Return what is found in a file's bytes, all of which are read."""
    nul: int | None = None
    long: int | None = None
    characters = False
    position, unbroken, rest = 0, 0, b""
    with path.open("rb") as file:
        while data := file.read(_READ):
            unbroken = 0 if b"\n" in data or b"\r" in data else unbroken + len(data)
            if long is None and unbroken >= _LONGEST:
                long = position
            if nul is None and b"\0" in data:
                nul = position + len(rest) + data.index(b"\0")
            if rest or not data.isascii():
                data = rest + data
                try:
                    data.decode()
                    rest = b""
                    characters = True
                except UnicodeDecodeError as error:
                    if error.end < len(data) or error.reason != "unexpected end of data":
                        return _of_other(path, position + error.start, data[error.start], nul)
                    rest = data[error.start :]
                    characters |= not data[: error.start].isascii()
            position += len(data) - len(rest)
    if rest:
        return Checked(position, rest[0], True, nul, characters)
    return Checked(nul=nul, characters=characters, long=long)


def _of_other(path: Path, bad: int, byte: int, nul: int | None) -> Checked:
    """Return what is found in a file that has a bad byte: whether it has more than a few characters of UTF-8."""
    within = high = 0
    last = b""
    with path.open("rb") as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        while True:
            new = file.read(_READ)
            data = last + new
            end = len(data) - _MOST if new else len(data)
            found = [match.span() for match in _CHARACTER.finditer(data) if match.start() < end]
            end = max(end, found[-1][1], 0) if found else max(end, 0)
            within += sum(stop - start for start, stop in found)
            high += len(_ASCII.sub(b"", data[:end]))
            last = data[end:]
            if not new:
                return Checked(bad, byte, False, nul, within > _BY_CHANCE * high)


def line_at(path: Path, position: int) -> int:
    """Return the line, from 1, of a position in a file; lines end with \\n, or with \\r where no \\n occurs."""
    feeds = returns = 0
    with path.open("rb") as file:
        while position > 0 and (data := file.read(min(_READ, position))):
            feeds, returns, position = feeds + data.count(b"\n"), returns + data.count(b"\r"), position - len(data)
    return 1 + (feeds or returns)
