"""Where the records of a delimited text begin, and their cells.

The standard library's reader refuses long cells by a limit that holds for the whole process, so it can't be used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST_CHARACTERS = 1 << 26
"""How long a header may be: as long as a table of a million columns needs."""


def record_starts(lines: Iterable[str], delimiter: str) -> Iterator[int]:
    """Yield the line on which each record begins, counted from 1; an empty line is no record.

    lines: with their ends. delimiter: one character; a blank stands for any run of blanks, and then nothing is quoted.
    """
    inside = False
    for number, line in enumerate(lines, 1):
        if not inside and (line.strip() if delimiter == " " else line.rstrip("\r\n")):
            yield number
        if delimiter != " " and (inside or '"' in line):
            inside = _open_after(line, delimiter, inside)


def first_record(lines: Iterable[str], delimiter: str) -> tuple[int, str]:
    """Return the line on which the first record begins, 1 if there is none, and its text.

    The text is cut soon after MOST_CHARACTERS.
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
    """Return the cells of a record's text; a quote within quotes is doubled."""
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
    """What stands between quotes from a position on, and the position behind them."""
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
    """Whether a quote is open at the end of a line. inside: whether one is at its beginning."""
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
