"""What is said about the files of a source of several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from custgrade.errors import SourceError
from custgrade.ingest.source import Source
from custgrade.ingest.sources.source_files import SourceFiles
from custgrade.text import counted, listed

_NAMED = 20
"""The number of files up to which all names are given."""
_EXAMPLES = 5
_BEGINNING = 1 << 12
_WHOLE = 1 << 16
"""The size in bytes up to which a file is read to find out whether it has lines below its header."""
_COMPARED = 1 << 26
"""The size in bytes up to which files are compared by their content."""


def is_empty(path: Path) -> bool:
    """Return whether a file has no bytes; false for what isn't a regular file."""
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False


def file_notes(files: SourceFiles, opened: Sequence[Source]) -> list[str]:
    """Return what is to be said about files, besides their columns: their names, and what was recognised in each.

    opened: those that aren't empty.

    Raises SourceError when a file can't be read.
    """
    read = {path for part in opened for path in part.files}
    empty = [str(path) for path in files.paths if path not in read and is_empty(path)]
    alone = [part.label for part in opened if not _has_lines(part)]
    notes = [*_names(files), *files.notes]
    if empty:
        notes.append(f"{counted(len(empty), 'files')} without any content: {listed(empty, _EXAMPLES)}")
    if alone:
        notes.append(f"{counted(len(alone), 'files')} without lines below the header: {listed(alone, _EXAMPLES)}")
    return [*notes, *_same_content([part for part in opened if part.label not in alone]), *_of_parts(opened)]


def _names(files: SourceFiles) -> list[str]:
    """Return the note that names the files, without the folder that they have in common."""
    folders = {path.parent for path in files.paths}
    names = [path.name if len(folders) == 1 else str(path) for path in files.paths]
    where = f" in {next(iter(folders))}" if len(folders) == 1 else ""
    which = ", ".join(names) if len(names) <= _NAMED else f"{names[0]} … {names[-1]}"
    return [f"{counted(len(names), 'files')}{where} read as one: {which}"]


def _has_lines(part: Source) -> bool:
    """Return whether a text file may hold lines below its header; small files are looked into."""
    if part.text is None:
        return True
    try:
        with part.text.path.open("rb") as file:
            found = _lines(file.read(_BEGINNING), part.text.skipped)
            return found > 1 or part.text.path.stat().st_size > _WHOLE or found + _lines(file.read(), 0) > 1
    except OSError as error:
        raise SourceError(f"can't read {part.label}: {error.strerror or error}") from error


def _lines(data: bytes, skipped: int) -> int:
    """Return the number of lines that aren't blank; skipped: the number of lines at the beginning that don't count."""
    return sum(bool(line.strip()) for line in data.splitlines()[skipped:])


def _same_content(opened: Sequence[Source]) -> list[str]:
    """Return a note for each set of files with the same content, packed or not; large files aren't compared."""
    sizes: dict[int, list[Path]] = {}
    labels: dict[Path, str] = {}
    for part in opened:
        path = part.read_from
        if path is not None and 0 < (size := _size(path)) <= _COMPARED:
            sizes.setdefault(size, []).append(path)
            labels[path] = part.label
    alike: dict[str, list[str]] = {}
    for paths in sizes.values():
        for path in _with_equal_ends(paths) if len(paths) > 1 else ():
            alike.setdefault(_digest(path), []).append(labels[path])
    sets = [names for names in alike.values() if len(names) > 1]
    notes = [
        f"{listed(names, _EXAMPLES)} have the same content, and all of their lines count" for names in sets[:_EXAMPLES]
    ]
    return notes + ([f"{counted(len(sets) - _EXAMPLES, 'further sets')} of equal files"] if sets[_EXAMPLES:] else [])


def _with_equal_ends(paths: Sequence[Path]) -> list[Path]:
    """Return the files of one size whose last bytes are those of another one, too."""
    ends: dict[bytes, list[Path]] = {}
    for path in paths:
        with suppress(OSError), path.open("rb") as file:
            file.seek(max(_size(path) - _BEGINNING, 0))
            ends.setdefault(file.read(), []).append(path)
    return [path for same in ends.values() if len(same) > 1 for path in same]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _digest(path: Path) -> str:
    from hashlib import blake2b

    digest = blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while some := file.read(1 << 20):
                digest.update(some)
    except OSError as error:
        raise SourceError(f"can't read {path}: {error.strerror or error}") from error
    return digest.hexdigest()


def _of_parts(opened: Sequence[Source]) -> list[str]:
    """Return the notes of single files; those that differ in names, numbers and examples only are given once."""
    alike: dict[str, list[tuple[str, str]]] = {}
    for part in opened:
        for note in part.notes:
            bare = note.replace(part.label, "").replace(Path(part.label).name, "")
            kind = re.sub(r"(?<!\w)'[^']*'|\"[^\"]*\"|\d+", "", bare)
            alike.setdefault(kind, []).append((part.label, note))
    return [
        (note if label in note else f"{label}: {note}")
        + (f" (likewise in {counted(len(same) - 1, 'further files')})" if same[1:] else "")
        for same in alike.values()
        for label, note in same[:1]
    ]
