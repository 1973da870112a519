"""Encodings that are certain: those of Unicode, by byte order marks and by the zeros of ASCII."""

from __future__ import annotations

from pathlib import Path

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


def mark_of(path: Path) -> tuple[bytes, str] | None:
    """Return a file's byte order mark and its encoding, None without a mark."""
    with path.open("rb") as file:
        beginning = file.read(4)
    return next(((mark, name) for mark, name in MARKS if beginning.startswith(mark)), None)


def without_mark(beginning: bytes) -> str | None:
    """Return UTF-16 or UTF-32 for the beginning of a text with NULs where ASCII has them, None if it is neither."""
    for width in (4, 2):
        usable = beginning[: len(beginning) // width * width]
        characters = len(usable) // width
        nul = [usable[k::width].count(0) for k in range(width)]
        where = [k for k in range(width) if nul[k]]
        # all but the low byte are NUL in most characters of UTF-32, and in digits and separators of UTF-16
        if characters < 2 or len(where) != width - 1 or min(nul[k] for k in where) < characters / 10:
            continue
        if 0 not in where:
            return f"utf-{8 * width}-le"
        if width - 1 not in where:
            return f"utf-{8 * width}-be"
    return None
