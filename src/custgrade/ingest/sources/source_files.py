"""The files of a source: a path, a folder, a pattern, or a list of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.errors import Hint, OutputError, SourceError
from custgrade.files import checked_path
from custgrade.ingest.sources.file_patterns import is_pattern, matching, split, would_match
from custgrade.text import counted, listed, shown

_KINDS = frozenset([".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"])
_PACKED = frozenset([".gz", ".bz2", ".xz", ".zst", ".zip"])
_NAMED = 10
"""The number of names of files that are left aside, or that a folder has, in a message."""


@frozen
class SourceFiles:
    """The files that a source is read from.

    paths: in the order in which they are read. label: the source's name in messages. several: whether a list, a folder
    or a pattern was given, so that the files must be named. notes: what was left aside.
    """

    paths: tuple[Path, ...] = field(converter=tupled)
    label: str
    several: bool
    notes: tuple[str, ...] = field(default=(), converter=tupled)


def source_files(data: Any) -> SourceFiles:
    """Return the files of a path, a folder, a pattern such as `sales-*.csv`, or a list of them.

    A folder stands for its data files, sorted by name. In a pattern, `**` stands for any number of folders; if there is
    a file of that very name, it is read.

    Raises SourceError for an empty list, for other objects, when a folder or pattern has no file, and when a file is
    given twice.
    """
    items = list(data) if isinstance(data, (list, tuple)) else [data]
    if not items:
        raise SourceError("received an empty list of files; give at least one file")
    for item in items:
        if not isinstance(item, (str, os.PathLike)):
            raise SourceError(f"a list of files holds {shown(item)}; give a path, a data frame, or a list of paths")
    each = [_files_of(checked_path(item, "the source", SourceError)) for item in items]
    paths = [path for found in each for path in found.paths]
    _refuse_twice(paths)
    notes = [note for found in each for note in found.notes]
    if len(each) == 1:
        return each[0]
    return SourceFiles(paths, _label([found.label for found in each], len(paths)), True, notes)


def _files_of(path: Path) -> SourceFiles:
    """Return the files of one path, folder or pattern."""
    if _is_folder(path):
        return _in_folder(path)
    if is_pattern(path):
        return _matching(path)
    return SourceFiles([path], str(path), False)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def is_data_file(name: str) -> bool:
    """Return whether a folder's file of this name is read: a file of a known kind that isn't hidden."""
    if name.startswith((".", "~$")):
        return False
    *inner, last = ["", *(suffix.lower() for suffix in Path(name).suffixes)]
    return last in _KINDS or (last in _PACKED and (inner[-1] in _KINDS or not inner[-1][1:].isalpha()))


def _in_folder(folder: Path) -> SourceFiles:
    """Return the data files of a folder, sorted by name."""
    try:
        found = sorted((path.name, path.is_dir()) for path in folder.iterdir())
    except OSError as error:
        raise SourceError(f"can't read the folder {folder}: {error.strerror or error}") from error
    names = [name for name, inside in found if not inside]
    folders = [f"{name}/" for name, inside in found if inside and not name.startswith(".")]
    read = [name for name in names if is_data_file(name)]
    aside = [name for name in names if not is_data_file(name)]
    deeper = str(folder / "**" / "*.csv")
    if not read:
        kinds = "CSV, text, Parquet, Excel or ODS"
        raise SourceError(
            f"the folder {folder} has no data file ({kinds}); it has: {listed([*aside, *folders], _NAMED)}.",
            _give(deeper) if folders else None,
        )
    notes = []
    if aside:
        notes.append(f"{counted(len(aside), 'files')} in {folder} left aside as no data: {listed(aside, _NAMED)}")
    if folders:
        inside = f"folders in {folder} left aside: {listed(folders, _NAMED)}"
        notes.append(f"{inside} (the pattern {deeper} reads their files)")
    return SourceFiles([folder / name for name in read], _folder_label(folder, len(read)), True, notes)


def _folder_label(folder: Path, count: int) -> str:
    return f"{folder}/ ({counted(count, 'files')})"


def _matching(pattern: Path) -> SourceFiles:
    """Return the files that match a pattern, sorted by path."""
    found = matching(pattern)
    paths = [path for path in found if not path.is_dir()]
    folders = [f"{path}/" for path in found if path.is_dir()]
    if not paths and folders:
        raise SourceError(f"{pattern} matches only folders: {listed(folders, _NAMED)}.", _give(f"{pattern}/*.csv"))
    if not paths:
        raise SourceError(f"no file matches {pattern}; {_what_is_there(pattern)}")
    aside = f"folders that match {pattern} left aside: {listed(folders, _NAMED)}"
    return SourceFiles(paths, f"{pattern} ({counted(len(paths), 'files')})", True, [aside] if folders else [])


def _what_is_there(pattern: Path) -> str:
    """Return what the folder of a pattern has."""
    folder, _ = split(pattern)
    if not folder.is_dir():
        return f"there is no folder {folder}"
    where = "the current folder" if folder == Path() else f"the folder {folder}"
    try:
        names = sorted(f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir())
    except OSError as error:
        return f"{where} can't be read: {error.strerror or error}"
    return f"{where} has: {listed((name for name in names if not name.startswith('.')), _NAMED)}"


def _give(pattern: str) -> Hint:
    return Hint(f'Give a pattern: "{pattern}".', f"Give a pattern in quotes: '{pattern}'.")


def _refuse_twice(paths: Sequence[Path]) -> None:
    """Raise SourceError when two paths lead to the same file."""
    seen: dict[object, Path] = {}
    for path in paths:
        try:
            state = path.stat()
            key: object = (state.st_dev, state.st_ino)
        except OSError:
            key = str(path)
        first = seen.setdefault(key, path)
        if first is not path:
            same = "" if str(first) == str(path) else f", also under the name {first}"
            raise SourceError(f"{path} is given twice{same}; its lines would count twice: give it once")


def _label(names: Sequence[str], count: int) -> str:
    """Return the label of a list: names as given, the first and last of many."""
    shown_names = ", ".join(names) if len(names) <= 3 else f"{names[0]} … {names[-1]}"
    return f"{shown_names} ({counted(count, 'files')})" if len(names) > 1 else shown_names


def would_be_read(path: Path, source: Path) -> bool:
    """Return whether a file at `path`, which needn't exist, is among the files of a folder or pattern."""
    if _is_folder(source):
        inside = source.resolve() in (path.parent.resolve(), path.resolve().parent)
        return inside and (is_data_file(path.name) or is_data_file(path.resolve().name))
    return is_pattern(source) and would_match(path, source)


def refuse_output(out: str | os.PathLike[str], data: Any) -> None:
    """Raise OutputError when a file to write is, or would become, one of several files that are read.

    data: the source, as in `source_files`. A single file may be replaced.
    """
    target = Path(out)
    items = list(data) if isinstance(data, (list, tuple)) else [data]
    for source in [Path(item) for item in items if isinstance(item, (str, os.PathLike))]:
        same = isinstance(data, (list, tuple)) and source.exists() and target.exists() and target.samefile(source)
        if same or would_be_read(target, source):
            raise OutputError(
                f"{target} would be one of the input files of {source}, so the next run would read it too; write it to "
                "another folder"
            )
