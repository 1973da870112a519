"""Compressed files, unpacked part by part and checked to the end."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from attrs import frozen

from custgrade.errors import CustgradeError, MissingExtraError, SourceError

_READ = 1 << 20
_WRITTEN = 1 << 22
"""The most bytes that are unpacked at once, by the methods that can limit it."""
_READ_ZSTD = 1 << 13
"""The bytes of Zstandard that are unpacked at once; they hold at most 256 MB."""


class _Unpacking(Protocol):
    """The unpacking of one member of a compressed file."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


@frozen
class _Method:
    """A method of compression.

    name: in messages. begin: returns an unpacking of one member. more: takes an unpacking and further bytes, and yields
    what they hold. read: the number of bytes to read at once. padding: whether zeros may follow a member.
    """

    name: str
    begin: Callable[[], Any]
    more: Callable[[Any, bytes], Iterator[bytes]]
    read: int = _READ
    padding: bool = False


def _more_of_zlib(unpacking: Any, data: bytes) -> Iterator[bytes]:
    while data and not unpacking.eof:
        yield unpacking.decompress(data, _WRITTEN)
        data = unpacking.unconsumed_tail


def _more(unpacking: Any, data: bytes) -> Iterator[bytes]:
    yield unpacking.decompress(data, _WRITTEN)
    while not unpacking.eof and not unpacking.needs_input:
        yield unpacking.decompress(b"", _WRITTEN)


def _more_of_zstd(unpacking: Any, data: bytes) -> Iterator[bytes]:
    yield unpacking.decompress(data)


def _zstd() -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise MissingExtraError("reading .zst files needs zstandard: pip install 'custgrade[cli]'") from error
    return zstandard.ZstdDecompressor().decompressobj()


_METHODS = {
    "gzip": _Method("gzip", lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), _more_of_zlib, padding=True),
    "bzip2": _Method("bzip2", bz2.BZ2Decompressor, _more),
    "xz": _Method("xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), _more, padding=True),
    "zstd": _Method("Zstandard", _zstd, _more_of_zstd, _READ_ZSTD),
}


def unpacked(path: Path, kind: str, label: str) -> Iterator[bytes]:
    """Yield the content of a compressed file; several members count as one file.

    kind: gzip, bzip2, xz or zstd. label: the file's name in messages.

    Raises SourceError when the file is damaged, is cut off, or has something else at its end.
    """
    method = _METHODS[kind]
    try:
        yield from _members(path, method, label)
    except CustgradeError:
        raise
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise SourceError(f"{label} is damaged: {method.name} can't unpack it ({error}); fetch it again") from error
    except Exception as error:
        if type(error).__name__ != "ZstdError":
            raise
        raise SourceError(f"{label} is damaged: {method.name} can't unpack it ({error}); fetch it again") from error


def _members(path: Path, method: _Method, label: str) -> Iterator[bytes]:
    first = True
    with path.open("rb") as file:
        data = file.read(method.read)
        while data:
            if not first and method.padding:
                data = data.lstrip(b"\0")
                if not data:
                    data = file.read(method.read)
                    continue
            unpacking = method.begin()
            try:
                while data:
                    yield from method.more(unpacking, data)
                    if unpacking.eof:
                        break
                    data = file.read(method.read)
            except (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError) as error:
                if first or unpacking.eof:
                    raise
                raise SourceError(
                    f"{label} can't be read: something else follows the data that {method.name} compressed, or it is "
                    f"damaged ({error}); fetch it again"
                ) from error
            if not unpacking.eof:
                raise SourceError(f"{label} is cut off: its compressed data ends too early; fetch it again")
            first = False
            data = unpacking.unused_data or file.read(method.read)
