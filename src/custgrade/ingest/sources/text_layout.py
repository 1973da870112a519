"""How a delimited text is laid out: its delimiter, the line of its header, and the names in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from attrs import frozen

from custgrade.errors import Hint, SourceError
from custgrade.ingest.sources.header_line import Record, body_width, header_at, header_note, is_value
from custgrade.ingest.sources.text_records import MOST_CHARACTERS, cells, records
from custgrade.text import listed

_DELIMITERS = ",;\t|"
_SHOWN = {"\t": "tab", " ": "space"}
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "blank": " "}
_SAMPLED_CHARACTERS = 1 << 18
_SAMPLED_RECORDS = 200
_COMPARED_RECORDS = 20
_DECLARED = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)
_AGREEING = 0.9
"""The least share of records that must have as many cells as the header, for a delimiter to be certain."""


@frozen
class Layout:
    """The layout of a delimited text.

    above: the number of lines above the header; a line break within quotes doesn't count. line: the line on which the
    header begins, from 1. names: those of the columns. notes: what was recognised, in words.
    """

    delimiter: str
    above: int
    line: int
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


@contextmanager
def opened(path: Path, errors: str = "strict") -> Iterator[TextIO]:
    """Yield an open text file in UTF-8, line ends unchanged, without a byte order mark."""
    with path.open(encoding="utf-8-sig", newline="", errors=errors) as file:
        yield file


def layout(path: Path, label: str, delimiter: str | None, known: dict[str, Layout] | None = None) -> Layout:
    """Return the layout of a text in UTF-8.

    label: its name in messages. delimiter: one character, or a name such as tab or space; None recognises it. known:
    layouts of other files that are read with it, by their first line; it is looked up, and the new one is added. A file
    with the first line of another one is taken to be laid out alike if its first records agree.

    Raises SourceError for another delimiter, and when there is no header, or several lines could be it.
    """
    given = _checked(delimiter) if delimiter else None
    with opened(path) as file:
        first = file.readline(MOST_CHARACTERS).rstrip("\r\n")
    declared = _DECLARED.fullmatch(first)
    if declared is None:
        same = None if known is None else known.get(first)
        if same is not None and _agrees(path, label, same):
            return same
        found = _found(path, label, given, 0)
        if known is not None and found.line == 1 and not found.notes:
            known[first] = found
        return found
    found = _found(path, label, given or declared[1], 1)
    if given is None:
        found = Layout(
            found.delimiter,
            found.above,
            found.line,
            found.names,
            (f"{label}: line 1 says that the delimiter is {shown_delimiter(declared[1])}", *found.notes),
        )
    return found


def _agrees(path: Path, label: str, found: Layout) -> bool:
    """Return whether the first records of a text have the columns of another one's layout.

    Raises SourceError for cells in single quotes, and for quotes with a backslash.
    """
    some = _sampled(path, found.delimiter, label, 0, _COMPARED_RECORDS)
    _refuse_single_quotes(some, label)
    return sum(len(record.cells) == len(found.names) for record in some) >= _AGREEING * len(some)


def shown_delimiter(delimiter: str) -> str:
    """Return a delimiter as it is typed after --delimiter."""
    return _SHOWN.get(delimiter, repr(delimiter))


def _checked(delimiter: str) -> str:
    delimiter = _NAMES.get(delimiter, delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SourceError(
            f"received the delimiter {delimiter!r}; a delimiter is one character, 'tab' or 'space'.",
            Hint("Give delimiter=None to recognise it.", "Leave out --delimiter to recognise it."),
        )
    return delimiter


def _found(path: Path, label: str, given: str | None, skipped: int) -> Layout:
    """Return the layout of a text; skipped: the lines at its beginning that belong to no table."""
    samples = {mark: _sampled(path, mark, label, skipped) for mark in ([given] if given else _DELIMITERS)}
    if not any(any(record.filled for record in some) for some in samples.values()):
        raise SourceError(f"{label} has no header line; add a first line with the names of the columns")
    chosen = given or _best(samples, label)
    some = samples[chosen]
    header = 0 if chosen == " " else header_at(some, label, "line")
    _refuse_single_quotes(some, label)
    notes = (header_note(some, header, label, "line"),) if header else ()
    names = tuple(name.strip("\r\n") or f"column{k + 1}" for k, name in enumerate(some[header].cells))
    if not any(name.strip() for name in some[header].cells):
        raise SourceError(f"{label} has no header line; add a first line with the names of the columns")
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise SourceError(f"{label} has more than one column named {listed(map(repr, twice))}; rename them")
    with opened(path) as file:
        starts = records(file, chosen)
        above, ends = 0, set[str]()
        for line, text, _ in starts:
            ends.add(text[len(text.rstrip("\r\n")) :])
            if line == some[header].line:
                break
            above += 1
    if above and len(ends) > 1 and "" not in ends:
        # the engine would skip other lines
        raise SourceError(f"{label} can't be read: its lines end in different ways")
    return Layout(chosen, above, some[header].line, names, notes)


def _sampled(path: Path, delimiter: str, label: str, skipped: int, most: int = _SAMPLED_RECORDS) -> list[Record]:
    """Return the first records of a text that aren't empty, `most` at most; an incomplete last one is left out."""
    found: list[Record] = []
    size = 0
    # a quoted cell that would end after a backslash, although it goes on
    mark = re.escape(delimiter)
    escaped = re.compile(rf'(?:^|{mark})"(?:[^"]|"")*\\"[^"{mark}\r\n]')
    with opened(path) as file:
        for line, text, closed in records(file, delimiter, MOST_CHARACTERS):
            if len(text) > MOST_CHARACTERS and not found:
                raise SourceError(
                    f"{label} has a header line of more than {MOST_CHARACTERS:,} characters; close the quote that is "
                    "open in it"
                )
            if line <= skipped:
                continue
            size += len(text)
            if text.strip():
                if escaped.search(text):
                    raise _backslash(label, line)
                if not closed and found:
                    break
                record = Record(line, tuple(cells(text.rstrip("\r\n") if closed else text, delimiter)))
                if record.filled:
                    found.append(record)
            if found and (size > _SAMPLED_CHARACTERS or len(found) == most):
                break
    return found


def _best(samples: dict[str, list[Record]], label: str) -> str:
    """Return the delimiter by which the header and the records below it agree, and which gives most columns.

    Raises SourceError when two delimiters are equally good.
    """
    scores: dict[str, tuple[float, ...]] = {}
    problem = None
    for mark, some in samples.items():
        if not some:
            continue
        try:
            header = header_at(some, label, "line")
        except SourceError as error:
            header, problem = 0, error
        width, below = len(some[header].cells), some[header + 1 :]
        agreeing = sum(len(record.cells) == width for record in below) / len(below) if below else 1.0
        if width < 2 or (agreeing < 0.5 and body_width(some) != width):
            continue
        values = sum(is_value(cell) for record in below for cell in record.cells)
        certain = agreeing >= _AGREEING
        scores[mark] = (certain, width if certain else width * agreeing, header == 0, values, agreeing)
    if not scores:
        if problem is not None:
            raise problem
        return max(samples, key=lambda mark: len(samples[mark][0].cells) if samples[mark] else 0)
    best = max(scores.values())
    equal = [mark for mark in scores if scores[mark] == best]
    if len(equal) > 1:
        readings = " or ".join(f"{shown_delimiter(mark)} ({listed(samples[mark][0].cells, 5)})" for mark in equal)
        raise SourceError(
            f"{label}: the delimiter could be {readings}.",
            Hint(
                f"Give the right one, such as delimiter={equal[0]!r}.",
                f"Give the right one, such as --delimiter {shown_delimiter(equal[0])}.",
            ),
        )
    return equal[0]


def _refuse_single_quotes(some: Sequence[Record], label: str) -> None:
    """Raise SourceError for cells in single quotes."""
    below = some[1:]
    for k in range(min(map(len, (record.cells for record in below)), default=0)):
        given = [cell for record in below if (cell := record.cells[k].strip())]
        if len(given) > 1 and all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in given):
            raise SourceError(
                f"{label} has cells in single quotes (line {below[0].line}: {given[0][:40]}); save it with double "
                "quotes, or without quotes"
            )


def _backslash(label: str, line: int) -> SourceError:
    return SourceError(f"{label} has quotes with a backslash before them (line {line}); save it with doubled quotes")
