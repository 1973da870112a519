"""The lines on which the records of a delimited text begin, and the cells of a record.

The csv module of the standard library refuses long cells, and its limit is global to the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST_CHARACTERS = 1 << 26
"""The greatest length of a header, enough for a million columns."""


def record_starts(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, bool]]:
    """Yield for each record, and for each empty line between records, its first line, from 1, and whether it is empty.

    lines: with their line ends. delimiter: one character; " " means any run of blanks, and quotes have no meaning then.
    """
    inside = False
    for number, line in enumerate(lines, 1):
        if not inside:
            yield number, not (line.strip() if delimiter == " " else line.rstrip("\r\n"))
        if delimiter != " " and (inside or '"' in line):
            inside = _open_after(line, delimiter, inside)


def records(lines: Iterable[str], delimiter: str, most: int = MOST_CHARACTERS) -> Iterator[tuple[int, str, bool]]:
    """Yield each record and each empty line: its first line, from 1, its text with the line end, and whether it is
    whole.

    A record that isn't whole is the last one: a quote is open at its end, or it has more characters than `most`.
    """
    start, parts, size, inside = 1, list[str](), 0, False
    for number, line in enumerate(lines, 1):
        start = start if parts else number
        parts.append(line)
        size += len(line)
        inside = delimiter != " " and (inside or '"' in line) and _open_after(line, delimiter, inside)
        if not inside or size > most:
            yield start, "".join(parts), not inside and size <= most
            if inside or size > most:
                return
            parts, size = [], 0
    if parts:
        yield start, "".join(parts), False


def cells(record: str, delimiter: str) -> list[str]:
    """Return the cells of a record; a doubled quote within quotes is one quote."""
    if delimiter == " ":
        return record.split()
    found, at = list[str](), 0
    while True:
        quoted = ""
        if record[at : at + 1] == '"':
            quoted, at = _quoted(record, at + 1)
        end = record.find(delimiter, at)
        found.append(quoted + record[at : len(record) if end < 0 else end])
        if end < 0:
            return found
        at = end + 1


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Return the text up to the closing quote, and the position after that quote."""
    parts: list[str] = []
    while True:
        end = text.find('"', at)
        if end < 0:
            return "".join([*parts, text[at:]]), len(text)
        if text[end + 1 : end + 2] != '"':
            return "".join([*parts, text[at:end]]), end + 1
        parts.append(text[at : end + 1])
        at = end + 2


def _open_after(line: str, delimiter: str, inside: bool) -> bool:
    """Return whether a quote is open at the end of a line; inside: whether one is open at its beginning."""
    at = 0
    while True:
        if not inside and line[at : at + 1] == '"':
            inside, at = True, at + 1
        while inside:
            end = line.find('"', at)
            if end < 0:
                return True
            inside, at = line[end + 1 : end + 2] == '"', end + 1
            at += inside
        end = line.find(delimiter, at)
        if end < 0:
            return False
        at = end + 1
