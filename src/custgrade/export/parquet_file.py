"""Joining Parquet files without decoding them: the bytes of further columns or further rows are appended.

A Parquet file is data, then a footer with the position of each column of each row group. The new file holds the data of
all parts, one after the other, and ends with a footer for all of them (https://parquet.apache.org/docs/file-format/).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from custgrade.errors import OutputError
from custgrade.export.thrift import I64, LIST, Encoded, MalformedError, Reader, Struct, written

_MAGIC = b"PAR1"
_AT_ONCE = 1 << 20
# the fields of the footer's structs that are read or changed, by their numbers in parquet.thrift
_SCHEMA, _ALL_ROWS, _ROW_GROUPS, _NOTES, _ORDERS, _ENCRYPTION = 2, 3, 4, 5, 7, 8
_CHILDREN = 5
_COLUMNS, _BYTES, _ROWS, _GROUP_AT, _COMPRESSED_BYTES, _ORDINAL = 1, 2, 3, 5, 6, 7
_METADATA, _OFFSET_INDEX, _COLUMN_INDEX = 3, 4, 6
_COMPRESSED_CHUNK_BYTES = 7
_PAGES_AT = (9, 10, 11, 14)
_STAYS_ENCODED = (_ROW_GROUPS, _COLUMNS)
"""The path to the columns of row groups: there may be a million of them, and those of the source aren't decoded."""
_ARROW_SCHEMA = b"ARROW:schema"
"""The key of a note that repeats the schema; it is removed, because it would be wrong with further columns."""


@frozen(eq=False)
class ParquetFile:
    """The footer of a Parquet file, its position in bytes, and the row groups that have rows."""

    path: Path
    footer: Struct
    footer_at: int
    groups: list[Struct]

    @property
    def row_groups(self) -> list[int]:
        """The number of rows of each row group that has rows."""
        return [group[_ROWS][1] for group in self.groups]


def read_footer(path: Path) -> ParquetFile:
    """Return the footer of a Parquet file.

    Raises OutputError when it can't be read or is encrypted, and when the file has no rows.
    """
    try:
        with path.open("rb") as file:
            file.seek(-8, 2)
            size, magic = struct.unpack("<I4s", file.read(8))
            footer_at = file.seek(-8 - size, 2)
            content = file.read(size)
        footer = Reader(content, _STAYS_ENCODED).struct()
        groups = [group for group in footer[_ROW_GROUPS][1][1] if group[_ROWS][1]]
        known = magic == _MAGIC and _ENCRYPTION not in footer and footer[_SCHEMA][1][1] and groups
    except (OSError, MalformedError, KeyError, IndexError, TypeError, struct.error) as error:
        raise OutputError(f"the metadata of {path} can't be read: {error}; write the file again") from error
    if not known:
        raise OutputError(f"{path} is encrypted or has no rows; give a Parquet file with rows and without encryption")
    return ParquetFile(path, footer, footer_at, groups)


class ColumnAppender:
    """A writer of a Parquet file that has the columns of another file and further columns.

    Call `copy` first, then `add` once for each row group in any order, then `finish`.
    """

    def __init__(self, source: ParquetFile, target: BinaryIO) -> None:
        self._source, self._target = source, target
        self._sizes = source.row_groups
        self._added: dict[int, Struct] = {}
        self._schema: Sequence[Struct] = ()

    def copy(self) -> None:
        """Copy the data of the source's columns, byte for byte."""
        with self._source.path.open("rb") as file:
            _copy(file, self._target, self._source.footer_at)

    def add(self, row_group: int, part: Path) -> None:
        """Copy the data of the new columns of a row group.

        row_group: its number, from 0. part: a file that holds these columns only, in one row group.

        Raises OutputError when the part has another number of rows.
        """
        found = read_footer(part)
        expected = self._sizes[row_group]
        if found.row_groups != [expected]:
            raise OutputError(f"{part} has row groups of {found.row_groups} rows; expected {[expected]}")
        (self._added[row_group],) = _moved_groups(found, self._target)
        self._schema = found.footer[_SCHEMA][1][1][1:]

    def finish(self) -> None:
        """Write the footer for all columns."""
        footer = dict(self._source.footer)
        root, *elements = footer[_SCHEMA][1][1]
        kind, children = root[_CHILDREN]
        root = {**root, _CHILDREN: (kind, children + len(self._schema))}
        footer[_SCHEMA] = (LIST, (footer[_SCHEMA][1][0], [root, *elements, *self._schema]))
        kind, _ = footer[_ROW_GROUPS][1]
        groups = [_with_columns(group, self._added[number]) for number, group in enumerate(self._source.groups)]
        for number, group in enumerate(groups):
            _renumber(group, number)
        footer[_ROW_GROUPS] = (LIST, (kind, groups))
        if _ORDERS in footer:
            # new columns have the standard order of their types
            kind, orders = footer[_ORDERS][1]
            footer[_ORDERS] = (LIST, (kind, [*orders, *({1: (12, {})} for _ in self._schema)]))
        if _NOTES in footer:
            kind, notes = footer[_NOTES][1]
            footer[_NOTES] = (LIST, (kind, [note for note in notes if note[1][1] != _ARROW_SCHEMA]))
        _write_footer(footer, self._target)


class RowAppender:
    """A writer of a Parquet file that has the rows of several files with the same columns.

    Call `add` for each file, then `finish`.
    """

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._footer: Struct = {}
        self._groups: list[Struct] = []

    def add(self, part: Path) -> None:
        """Append the rows of a file."""
        found = read_footer(part)
        if not self._footer:
            self._footer = found.footer
            self._target.write(_MAGIC)
        self._groups += _moved_groups(found, self._target)

    def finish(self) -> None:
        """Write the footer for all rows."""
        for number, group in enumerate(self._groups):
            _renumber(group, number)
        kind, _ = self._footer[_ROW_GROUPS][1]
        rows = sum(group[_ROWS][1] for group in self._groups)
        _write_footer(self._footer | {_ALL_ROWS: (I64, rows), _ROW_GROUPS: (LIST, (kind, self._groups))}, self._target)


def _renumber(group: Struct, number: int) -> None:
    if _ORDINAL in group:
        group[_ORDINAL] = (group[_ORDINAL][0], number)


def _write_footer(footer: Struct, target: BinaryIO) -> None:
    content = written(footer)
    target.write(content + struct.pack("<I4s", len(content), _MAGIC))


def _moved_groups(part: ParquetFile, target: BinaryIO) -> list[Struct]:
    """Copy the data of a part, and return its row groups with their new positions."""
    start = len(_MAGIC)
    moved_by = target.tell() - start
    with part.path.open("rb") as file:
        file.seek(start)
        _copy(file, target, part.footer_at - start)
    groups = part.groups
    for group in groups:
        kind, columns = group[_COLUMNS][1]
        chunks = columns.items()
        for chunk in chunks:
            _move(chunk, (_OFFSET_INDEX, _COLUMN_INDEX), moved_by)
            _move(chunk[_METADATA][1], _PAGES_AT, moved_by)
        _move(group, (_GROUP_AT,), moved_by)
        group[_COLUMNS] = (LIST, (kind, Encoded.of(chunks)))
        group[_COMPRESSED_BYTES] = (I64, sum(chunk[_METADATA][1][_COMPRESSED_CHUNK_BYTES][1] for chunk in chunks))
    return groups


def _copy(file: BufferedReader, target: BinaryIO, size: int) -> None:
    room = memoryview(bytearray(min(size, _AT_ONCE)))
    while size:
        count = file.readinto(room[:size])
        if not count:
            raise OutputError(f"{file.name} became shorter while it was read; run again when nothing writes to it")
        target.write(room[:count])
        size -= count


def _move(fields: dict[int, Any], offsets: Sequence[int], by: int) -> None:
    for number in offsets:
        if number in fields:
            fields[number] = (I64, fields[number][1] + by)


def _with_columns(group: Struct, added: Struct) -> Struct:
    """Return a row group with the columns of another appended."""
    result = dict(group)
    kind, columns = group[_COLUMNS][1]
    result[_COLUMNS] = (LIST, (kind, columns + added[_COLUMNS][1][1]))
    for number in (_BYTES, _COMPRESSED_BYTES):
        if number in group:
            result[number] = (I64, group[number][1] + added[number][1])
    return result
