"""The cells of Excel workbooks that hold errors, such as #N/A, which python-calamine reads as empty cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

_READ = 1 << 22
_LONGEST = 1 << 16
"""The most bytes that a cell with its formula takes."""
_ERROR = re.compile(rb'<c\b[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v>(#[^<]{1,20})</v>', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the texts of cells that hold errors, by row and column, both from 0; only .xlsx and .xlsm files have them.

    sheet: the name of a sheet.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return {}
        return {
            (int(place[2]) - 1, _column(place[1])): match[1].decode()
            for match in _found(archive, part)
            if (place := _PLACE.search(match[0]))
        }


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the part that holds a sheet, None if there is no such part."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    ids = [
        next((value for name, value in one.attrib.items() if name.endswith("}id")), None)
        for one in book.iter()
        if one.tag.endswith("}sheet") and one.get("name") == sheet
    ]
    targets = [str(link.get("Target")) for link in links if ids and link.get("Id") == ids[0]]
    names = [target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target) for target in targets]
    return next((name for name in names if name in archive.namelist()), None)


def _found(archive: zipfile.ZipFile, part: str) -> Iterator[re.Match[bytes]]:
    rest = b""
    with archive.open(part) as file:
        while data := file.read(_READ):
            data = rest + data
            last = 0
            if b't="e"' in data:
                for match in _ERROR.finditer(data):
                    last = match.end()
                    yield match
            rest = data[max(last, len(data) - _LONGEST) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
