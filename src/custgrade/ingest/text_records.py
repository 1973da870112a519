"""The lines on which the records of a delimited text begin, and the cells of a record.

The csv module of the standard library refuses long cells, and its limit is global to the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST_CHARACTERS = 1 << 26
"""The greatest length of a header, enough for a million columns."""


def record_starts(lines: Iterable[str], delimiter: str) -> Iterator[int]:
    """Yield the line, from 1, on which each record begins; empty lines are skipped.

    lines: with their line ends. delimiter: one character; " " means any run of blanks, and quotes have no meaning then.
    """
    inside = False
    for number, line in enumerate(lines, 1):
        if not inside and (line.strip() if delimiter == " " else line.rstrip("\r\n")):
            yield number
        if delimiter != " " and (inside or '"' in line):
            inside = _open_after(line, delimiter, inside)


def first_record(lines: Iterable[str], delimiter: str) -> tuple[int, str]:
    """Return the line, from 1, on which the first record begins, and its text; 1 and an empty text without a record.

    The text ends after the line in which it reaches MOST_CHARACTERS.
    """
    start, parts, size, inside = 1, list[str](), 0, False
    for number, line in enumerate(lines, 1):
        if not parts and not (line.strip() if delimiter == " " else line.rstrip("\r\n")):
            continue
        start = start if parts else number
        parts.append(line)
        size += len(line)
        inside = delimiter != " " and (inside or '"' in line) and _open_after(line, delimiter, inside)
        if not inside or size > MOST_CHARACTERS:
            break
    text = "".join(parts)
    return start, text if inside else text.rstrip("\r\n")


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
