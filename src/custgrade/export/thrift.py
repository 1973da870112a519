"""Reading and writing the compact protocol of Thrift, the format of the footer of a Parquet file.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
A struct is a dict of its fields by number, each a pair of type and value. A list is a pair of the items' type and the
items. Unknown fields are kept, so a struct that is read and written again is the same. Long lists may stay encoded.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from attrs import frozen

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)

Struct = dict[int, tuple[int, Any]]


@frozen
class Encoded:
    """The structs of a list in encoded form: their number and their bytes."""

    size: int
    content: bytes

    @classmethod
    def of(cls, items: Sequence[Struct]) -> Encoded:
        """Return structs in encoded form."""
        return cls(len(items), b"".join(map(written, items)))

    def __len__(self) -> int:
        return self.size

    def __add__(self, other: Encoded) -> Encoded:
        return Encoded(self.size + other.size, self.content + other.content)

    def items(self) -> list[Struct]:
        """Return the decoded structs."""
        reader = Reader(self.content)
        return [reader.struct() for _ in range(self.size)]


class MalformedError(ValueError):
    """An error for bytes that are not a struct in the compact protocol."""


class Reader:
    """A reader of structs from bytes.

    encoded: the numbers of the nested fields that lead to the lists whose items stay `Encoded`.
    """

    def __init__(self, content: bytes, encoded: Sequence[int] = ()) -> None:
        self._content, self._at, self._encoded = content, 0, tuple(encoded)
        self._path: list[int] = []

    def struct(self) -> Struct:
        """Return the fields of the next struct.

        Raises MalformedError when the bytes aren't a struct.
        """
        fields: Struct = {}
        number = 0
        try:
            while head := self._byte():
                number = number + (head >> 4) if head >> 4 else self._signed()
                kind = head & 15
                self._path.append(number)
                fields[number] = (kind, kind == TRUE if kind in (TRUE, FALSE) else self._value(kind))
                self._path.pop()
        except (IndexError, struct.error, RecursionError) as error:
            raise MalformedError("the metadata ends too early or is nested without end") from error
        return fields

    def _byte(self) -> int:
        self._at += 1
        return self._content[self._at - 1]

    def _unsigned(self) -> int:
        result = shift = 0
        while (byte := self._byte()) & 128:
            result |= (byte & 127) << shift
            shift += 7
        return result | byte << shift

    def _signed(self) -> int:
        number = self._unsigned()
        return (number >> 1) ^ -(number & 1)

    def _bytes(self, size: int) -> bytes:
        self._at += size
        if self._at > len(self._content):
            raise IndexError(size)
        return self._content[self._at - size : self._at]

    def _value(self, kind: int) -> Any:
        if kind in (I16, I32, I64):
            return self._signed()
        if kind == BINARY:
            return self._bytes(self._unsigned())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < 15 else self._unsigned()
            if tuple(self._path) != self._encoded:
                return head & 15, [self._value(head & 15) for _ in range(size)]
            start = self._at
            for _ in range(size):
                self._value(head & 15)
            return head & 15, Encoded(size, self._content[start : self._at])
        if kind in (TRUE, FALSE, BYTE):
            # within a list a boolean takes a byte of its own
            return self._byte()
        if kind == DOUBLE:
            return self._bytes(8)
        if kind == MAP:
            size = self._unsigned()
            kinds = self._byte() if size else 0
            return kinds, [(self._value(kinds >> 4), self._value(kinds & 15)) for _ in range(size)]
        raise MalformedError(f"the metadata has the unknown type {kind}")


def written(fields: Struct) -> bytes:
    """Return a struct as bytes."""
    parts: list[bytes] = []
    before = 0
    for number in sorted(fields):
        kind, value = fields[number]
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        step = number - before
        parts.append(bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _signed(number))
        if kind not in (TRUE, FALSE):
            parts.append(_value(kind, value))
        before = number
    return b"".join((*parts, b"\0"))


def _unsigned(number: int) -> bytes:
    result = bytearray()
    while number > 127:
        result.append(number & 127 | 128)
        number >>= 7
    result.append(number)
    return bytes(result)


def _signed(number: int) -> bytes:
    return _unsigned(number << 1 if number >= 0 else (-number << 1) - 1)


def _value(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _signed(value)
    if kind == BINARY:
        return _unsigned(len(value)) + bytes(value)
    if kind == STRUCT:
        return written(value)
    if kind in (LIST, SET):
        inner, items = value
        size = bytes([len(items) << 4 | inner]) if len(items) < 15 else bytes([240 | inner]) + _unsigned(len(items))
        if isinstance(items, Encoded):
            return size + items.content
        return b"".join((size, *(_value(inner, item) for item in items)))
    if kind in (TRUE, FALSE, BYTE):
        return bytes([value])
    if kind == DOUBLE:
        return bytes(value)
    kinds, pairs = value
    if not pairs:
        return _unsigned(0)
    items = [_value(kinds >> 4, key) + _value(kinds & 15, item) for key, item in pairs]
    return b"".join((_unsigned(len(pairs)), bytes([kinds]), *items))
