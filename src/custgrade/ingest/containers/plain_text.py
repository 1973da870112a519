"""Text files of any encoding as plain UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from custgrade.errors import Hint, SourceError
from custgrade.ingest.containers.marks import NAMES, mark_of, without_mark
from custgrade.ingest.containers.temporary import TemporaryFiles, write_all
from custgrade.ingest.containers.utf8 import Checked, checked_utf8, line_at
from custgrade.text import listed, shown

_READ = 1 << 20
_BEGINNING = 1 << 16
_SOME = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "iso8859-1", "iso8859-15", "cp850", "mac-roman", "shift_jis")


def plain_text(path: Path, label: str, encoding: str | None, files: TemporaryFiles) -> tuple[Path, list[str]]:
    """Return the path of a text file in UTF-8, and notes on the encoding that it was read in.

    The path is that of the file itself if it is in UTF-8, else that of a temporary file. label: the file's name in
    messages. encoding: the name of its encoding, None to recognise it.

    Raises SourceError for an unknown encoding, for a text that isn't in the given encoding, for one whose encoding
    isn't certain, and for a line that is too long.
    """
    mark = mark_of(path)
    checked = checked_utf8(path) if mark is None or mark[1] == "utf-8" else None
    if checked is not None and checked.long is not None and checked.nul is None:
        line = line_at(path, checked.long)
        raise SourceError(
            f"{label}, line {line}, is longer than 28 MB; close the quote that is open in it, or split it"
        )
    if encoding is not None:
        return _given(path, label, encoding, mark, checked, files)
    if checked is None and mark is not None:
        return _rewritten(path, label, mark[1], files), [f"{label} is read as {NAMES[mark[1]]}, as its first bytes say"]
    assert checked is not None
    if checked.nul is not None:
        with path.open("rb") as file:
            found = without_mark(file.read(_BEGINNING))
        if found is None:
            line = line_at(path, checked.nul)
            raise SourceError(f"{label} isn't UTF-8 text: line {line} holds NUL characters; give a CSV or Parquet file")
        return _rewritten(path, label, found, files), [f"{label} is read as {NAMES[found]}, without a byte order mark"]
    if checked.bad is None:
        return path, []
    if mark is not None or checked.characters or checked.cut:
        raise _stray_byte(path, label, checked)
    # what it needs takes longer to import than a small file takes to grade
    from custgrade.ingest.containers.encodings import single_byte_encoding

    reading = single_byte_encoding(path, label)
    note = f"{label} is read as {NAMES[reading.encoding]}, because it isn't UTF-8; it holds {str(reading)!r}"
    return _rewritten(path, label, reading.encoding, files), [note]


def _stray_byte(path: Path, label: str, checked: Checked) -> SourceError:
    assert checked.bad is not None
    line = line_at(path, checked.bad)
    if checked.cut:
        return SourceError(
            f"{label} ends within a character of UTF-8, on line {line}; it may be cut off: fetch it again"
        )
    why = "the rest of the file is UTF-8" if checked.characters else "the file begins with the mark of UTF-8"
    return SourceError(
        f"{label}, line {line}: the byte {checked.byte:#04x} isn't UTF-8, although {why}. Correct it and save the "
        "file as UTF-8.",
        Hint(
            'If the whole file is in another encoding, name it: encoding="cp1252".',
            "If the whole file is in another encoding, name it: --encoding cp1252.",
        ),
    )


def _given(
    path: Path,
    label: str,
    encoding: str,
    mark: tuple[bytes, str] | None,
    checked: Checked | None,
    files: TemporaryFiles,
) -> tuple[Path, list[str]]:
    """Return what `plain_text` does, for an encoding that is given."""
    name = _codec(encoding)
    if mark is not None and not mark[1].startswith(name.removesuffix("-sig")):
        raise SourceError(
            f"{label} begins with the byte order mark of {NAMES[mark[1]]}, but {encoding} is given as its encoding.",
            Hint("Leave out encoding.", "Leave out --encoding."),
        )
    if name in ("utf-8", "utf-8-sig") and checked is not None and checked.bad is None and checked.nul is None:
        return path, []
    plain = checked is not None and checked.bad is None and checked.nul is None
    notes = [f"{label} is read as {encoding}"]
    if plain and checked is not None and checked.characters and name != "utf-8":
        notes = [f"{label} is read as {encoding}, as was asked, although it is UTF-8 text too"]
    return _rewritten(path, label, mark[1] if mark is not None else name, files), notes


def _codec(encoding: str) -> str:
    """Return the normal name of an encoding.

    Raises SourceError for an unknown name.
    """
    try:
        found = codecs.lookup(encoding)
        text = found._is_text_encoding
    except (LookupError, ValueError):
        text = False
    if not text or found.name in ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"):
        raise SourceError(f"there is no encoding {shown(encoding)}; there are, among others: {listed(_SOME)}")
    return found.name


def _rewritten(path: Path, label: str, encoding: str, files: TemporaryFiles) -> Path:
    """Return a temporary file with the same text in UTF-8, and remove `path` if it is one of `files`."""
    target = files.new()
    write_all(_recoded(path, label, encoding), target, label)
    if path in files:
        path.unlink()
    return target


def _recoded(path: Path, label: str, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done, line, first = 0, 1, True
    with path.open("rb") as file:
        while True:
            data = file.read(_READ)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeError as error:
                at = error.start if isinstance(error, UnicodeDecodeError) else 0
                line += _breaks(data[:at], encoding)
                raise SourceError(
                    f"{label}, line {line}, isn't text in {encoding} ({getattr(error, 'reason', error)}).",
                    Hint("Give another encoding.", "Give another --encoding."),
                ) from error
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            if "\0" in text:
                line += text[: text.index("\0")].count("\n")
                raise SourceError(f"{label} isn't text in {encoding}: line {line} holds NUL characters")
            line += text.count("\n")
            done += len(data)
            yield text.encode()
            if not data:
                return


def _breaks(data: bytes, encoding: str) -> int:
    """Return the number of line breaks at the beginning of a text that can be decoded."""
    return data.decode(encoding, "ignore").count("\n")
