"""Adding columns to a Parquet file without touching those it has: their bytes are copied as they are.

A Parquet file is data, then a footer that says where each column of each row group lies. The new file begins with the
data of the old one, goes on with that of the new columns, and ends with a footer for both
(https://parquet.apache.org/docs/file-format/).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from custgrade.errors import OutputError
from custgrade.export.thrift import I64, LIST, MalformedError, Reader, Struct, written

_MAGIC = b"PAR1"
_AT_ONCE = 1 << 20
# the fields of the footer's structs that are read or changed, by their numbers in parquet.thrift
_SCHEMA, _ROW_GROUPS, _NOTES, _ORDERS, _ENCRYPTION = 2, 4, 5, 7, 8
_CHILDREN = 5
_COLUMNS, _BYTES, _ROWS, _COMPRESSED_BYTES = 1, 2, 3, 6
_METADATA, _OFFSET_INDEX, _COLUMN_INDEX = 3, 4, 6
_PAGES_AT = (9, 10, 11, 14)
_ARROW_SCHEMA = b"ARROW:schema"
"""The key of a note that describes the columns once more, by their number: it would be wrong for more of them."""


@frozen(eq=False)
class ParquetFile:
    """A Parquet file's footer, and where it begins."""

    path: Path
    footer: Struct
    footer_at: int

    @property
    def row_groups(self) -> list[int]:
        """The rows of each row group."""
        return [group[_ROWS][1] for group in self.footer[_ROW_GROUPS][1][1]]


def read_footer(path: Path) -> ParquetFile:
    """Read the footer of a Parquet file.

    Raises OutputError when it can't be understood or is encrypted.
    """
    try:
        with path.open("rb") as file:
            file.seek(-8, 2)
            size, magic = struct.unpack("<I4s", file.read(8))
            footer_at = file.seek(-8 - size, 2)
            content = file.read(size)
        footer = Reader(content).struct()
        found = ParquetFile(path, footer, footer_at)
        known = magic == _MAGIC and _ENCRYPTION not in footer and footer[_SCHEMA][1][1] and found.row_groups
    except (OSError, MalformedError, KeyError, IndexError, TypeError, struct.error) as error:
        raise OutputError(f"the metadata of {path} can't be understood: {error}") from error
    if not known:
        raise OutputError(f"{path} is encrypted, or holds no rows")
    return found


class ColumnAppender:
    """Writes a file that has the columns of another and further ones.

    `copy` comes first, then `add` once for each row group in any order, then `finish`.
    """

    def __init__(self, source: ParquetFile, target: BinaryIO) -> None:
        self._source, self._target = source, target
        self._added: dict[int, Struct] = {}
        self._schema: Sequence[Struct] = ()

    def copy(self) -> None:
        """Write the data of the columns that are there, byte for byte."""
        with self._source.path.open("rb") as file:
            self._copy(file, self._source.footer_at)

    def add(self, row_group: int, part: Path) -> None:
        """Write the data of the new columns of a row group from a file that holds just them, in one row group.

        Raises OutputError when it holds another number of rows.
        """
        found = read_footer(part)
        expected = self._source.row_groups[row_group]
        if found.row_groups != [expected]:
            raise OutputError(f"{part} has row groups of {found.row_groups} rows; expected {[expected]}")
        start = len(_MAGIC)
        moved_by = self._target.tell() - start
        with part.open("rb") as file:
            file.seek(start)
            self._copy(file, found.footer_at - start)
        group = found.footer[_ROW_GROUPS][1][1][0]
        for chunk in group[_COLUMNS][1][1]:
            _move(chunk, (_OFFSET_INDEX, _COLUMN_INDEX), moved_by)
            _move(chunk[_METADATA][1], _PAGES_AT, moved_by)
        self._added[row_group] = group
        self._schema = found.footer[_SCHEMA][1][1][1:]

    def finish(self) -> None:
        """Write the footer for all columns."""
        footer = dict(self._source.footer)
        root, *elements = footer[_SCHEMA][1][1]
        kind, children = root[_CHILDREN]
        root = {**root, _CHILDREN: (kind, children + len(self._schema))}
        footer[_SCHEMA] = (LIST, (footer[_SCHEMA][1][0], [root, *elements, *self._schema]))
        kind, groups = footer[_ROW_GROUPS][1]
        groups = [_with_columns(group, self._added[number]) for number, group in enumerate(groups)]
        footer[_ROW_GROUPS] = (LIST, (kind, groups))
        if _ORDERS in footer:
            # every column is ordered as its type says
            kind, orders = footer[_ORDERS][1]
            footer[_ORDERS] = (LIST, (kind, [*orders, *({1: (12, {})} for _ in self._schema)]))
        if _NOTES in footer:
            kind, notes = footer[_NOTES][1]
            footer[_NOTES] = (LIST, (kind, [note for note in notes if note[1][1] != _ARROW_SCHEMA]))
        content = written(footer)
        self._target.write(content + struct.pack("<I4s", len(content), _MAGIC))

    def _copy(self, file: BufferedReader, size: int) -> None:
        room = memoryview(bytearray(min(size, _AT_ONCE)))
        while size:
            count = file.readinto(room[:size])
            if not count:
                raise OutputError("a file became shorter while it was read")
            self._target.write(room[:count])
            size -= count


def _move(fields: dict[int, Any], offsets: Sequence[int], by: int) -> None:
    for number in offsets:
        if number in fields:
            fields[number] = (I64, fields[number][1] + by)


def _with_columns(group: Struct, added: Struct) -> Struct:
    """A row group with the columns of another."""
    result = dict(group)
    kind, columns = group[_COLUMNS][1]
    result[_COLUMNS] = (LIST, (kind, [*columns, *added[_COLUMNS][1][1]]))
    for number in (_BYTES, _COMPRESSED_BYTES):
        if number in group:
            more = [chunk[_METADATA][1][6 if number == _BYTES else 7][1] for chunk in added[_COLUMNS][1][1]]
            result[number] = (I64, group[number][1] + sum(more))
    return result
