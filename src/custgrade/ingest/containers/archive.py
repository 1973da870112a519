"""ZIP files: an archive of one file, or the form of a workbook."""

from __future__ import annotations

import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from custgrade.errors import SourceError
from custgrade.text import counted, listed

_READ = 1 << 20
_JUNK = ("thumbs.db", "desktop.ini")
_END = 22
"""The number of bytes of the record at the end of an archive, before the comment."""


def purpose(path: Path, label: str) -> Literal["workbook", "archive"]:
    """Return whether a ZIP file is a workbook or an archive.

    Raises SourceError when it is damaged, or when it is another kind of document.
    """
    with _opened(path, label) as archive:
        names = set(archive.namelist())
        media = archive.read("mimetype") if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 else b""
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or media.startswith(_ODS):
        return "workbook"
    if "word/document.xml" in names or "ppt/presentation.xml" in names or media.startswith(_ODF):
        raise SourceError(f"{label} is a text document or a presentation; export the table as CSV, Parquet or Excel")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names:
        raise SourceError(f"{label} is a document of Apple Numbers or Pages; export the table as CSV or Excel")
    return "archive"


_ODF = b"application/vnd.oasis.opendocument."
_ODS = _ODF + b"spreadsheet"


def only_file(path: Path, label: str) -> tuple[str, Iterator[bytes]]:
    """Return the name of the one file in an archive, and an iterator over its content.

    Folders and the files that systems add for themselves aren't counted.

    Raises SourceError when there is none or more than one, and when it is encrypted; the iterator raises it when the
    file is damaged.
    """
    with _opened(path, label) as archive:
        found = [one for one in archive.infolist() if not one.is_dir() and not _is_junk(one.filename)]
        if not found:
            raise SourceError(f"{label} is a ZIP file without a file in it; give a CSV or Parquet file")
        if len(found) > 1:
            names = listed([one.filename for one in found], 20)
            raise SourceError(f"{label} holds {counted(len(found), 'files')}: {names}. Unpack it, and give one of them")
        if found[0].flag_bits & 1:
            raise SourceError(f"{label} is encrypted; unpack it with its password first")
    return found[0].filename, _content(path, found[0], label)


def _content(path: Path, one: zipfile.ZipInfo, label: str) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(one) as file:
            while data := file.read(_READ):
                yield data
    except NotImplementedError as error:
        raise SourceError(f"{label} is compressed by a method that can't be read here ({error}); unpack it") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise _damaged(label, error) from error


def _opened(path: Path, label: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise _damaged(label, error) from error
    with path.open("rb") as file:
        file.seek(-min(_END + len(archive.comment), path.stat().st_size), os.SEEK_END)
        if file.read(4) != b"PK\x05\x06":
            archive.close()
            raise _damaged(label, "something follows the archive")
    return archive


def _damaged(label: str, why: object) -> SourceError:
    return SourceError(f"{label} is a damaged ZIP or Excel file ({why}); fetch it again")


def _is_junk(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name.lower() in (".ds_store", *_JUNK)
