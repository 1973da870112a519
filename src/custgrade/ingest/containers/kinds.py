"""Kinds of files, recognised by their first bytes, never by their names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

from custgrade.errors import SourceError

Packed = Literal["gzip", "bzip2", "xz", "zstd", "zip"]
Kind = Packed | Literal["parquet", "workbook", "text"]
PACKED: tuple[str, ...] = get_args(Packed)

_LOOKED_AT = 1 << 12
_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
)
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
_OLD_WORKBOOK = re.compile(rb"\x09[\x00\x02\x04\x08].\x00", re.DOTALL)
"""The beginning of a workbook of Excel 2 to 4, which has no container."""
_REFUSED: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"PARE"), "an encrypted Parquet file; save it without encryption"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "a 7-Zip archive; unpack it first"),
    (re.compile(rb"Rar!\x1a\x07"), "a RAR archive; unpack it first"),
    (re.compile(rb"\x04\x22\x4d\x18"), "compressed by lz4; unpack it first"),
    (re.compile(rb"\x1f[\x9d\xa0]"), "compressed by compress; unpack it first"),
    (re.compile(rb"\xff\x06\x00\x00sNaPpY"), "compressed by Snappy; unpack it first"),
    (re.compile(rb".{257}ustar", re.DOTALL), "a tar archive; unpack it first"),
    (re.compile(rb"%PDF-"), "a PDF document; export the table as CSV, Parquet or Excel"),
    (re.compile(rb"SQLite format 3\x00"), "an SQLite database; export the table as CSV or Parquet"),
    (re.compile(rb"\{\\rtf"), "an RTF document; export the table as CSV, Parquet or Excel"),
    (re.compile(rb"ARROW1|FEA1"), "an Arrow or Feather file; read it into a frame, or save it as Parquet"),
    (re.compile(rb"ORC"), "an ORC file; save it as Parquet"),
    (re.compile(rb"Obj\x01"), "an Avro file; save it as Parquet"),
    (re.compile(rb"\x89HDF\r\n|\x89PNG|\xff\xd8\xff|GIF8"), "neither text nor a table; give a CSV or Parquet file"),
    (re.compile(rb"\$FL[23]@|<stata_dta>"), "a file of SPSS or Stata; save it as CSV or Parquet"),
    (
        re.compile(rb"\s*<\?xml.{0,2000}schemas-microsoft-com:office:spreadsheet", re.DOTALL | re.IGNORECASE),
        "an XML spreadsheet; save it as an Excel workbook (.xlsx) or CSV",
    ),
    (
        re.compile(rb"\s*<(!doctype html|html|table|head|body|meta|style)\b", re.DOTALL | re.IGNORECASE),
        "a web page (HTML), even if its name ends in .xls; save it as an Excel workbook (.xlsx) or CSV",
    ),
    (re.compile(rb"\s*<\?xml\b", re.IGNORECASE), "an XML file; save the table as CSV or Parquet"),
    (re.compile(rb'\s*(\{|\[\s*\{)\s*("[^"]*"\s*:|\})'), "a JSON file; save the table as CSV or Parquet"),
)
_MARKS = (b"\xef\xbb\xbf",)


def kind_of(path: Path, label: str) -> Kind:
    """Return the kind of a file, by its content.

    label: the file's name in messages.

    Raises SourceError for an empty file, and for kinds that can't be read.
    """
    with path.open("rb") as file:
        beginning = file.read(_LOOKED_AT)
    if not beginning:
        raise SourceError(f"{label} is empty; give a CSV or Parquet file")
    for magic, kind in _BEGINNINGS:
        if beginning.startswith(magic) and _is_kind(beginning, kind):
            return kind
    if _SKIPPABLE.match(beginning):
        return "zstd"
    if _OLD_WORKBOOK.match(beginning):
        return "workbook"
    for mark in _MARKS:
        beginning = beginning.removeprefix(mark)
    for pattern, what in _REFUSED:
        found = pattern.match(beginning)
        # a text may begin with such letters
        if found and not (found[0][:1].isalpha() and _is_text(beginning)):
            raise SourceError(f"{label} is {what}")
    return "text"


def _is_kind(beginning: bytes, kind: Kind) -> bool:
    if kind == "bzip2":
        return beginning[3:4] in b"123456789" and beginning[4:10] in (b"1AY&SY", b"\x17rE8P\x90")
    if kind == "parquet":
        return not _is_text(beginning)
    return True


def _is_text(beginning: bytes) -> bool:
    """Return whether bytes hold line breaks and no control characters besides, as a text does."""
    return b"\n" in beginning and not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", beginning)
