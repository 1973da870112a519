"""Patterns of file names such as `sales-*.csv`, with the rules of a shell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

_WILD = re.compile(r"[*?\[]")
_ANY_FOLDERS = "**"


def is_pattern(path: Path) -> bool:
    """Return whether a path is a pattern: it has `*`, `?` or `[`, and there is no file of that name."""
    return _WILD.search(str(path)) is not None and not _exists(path)


def _exists(path: Path) -> bool:
    try:
        return path.is_symlink() or path.exists()
    except OSError:
        # the name is too long, for example
        return False


def matching(pattern: Path) -> list[Path]:
    """Return the files and folders that match a pattern, sorted by path; `**` stands for any number of folders.

    Wildcards match no name that begins with a point, and `**` follows no symbolic links. A folder that can't be read
    matches nothing.
    """
    fixed, parts = split(pattern)
    return sorted(set(_below(fixed, parts)))


def split(pattern: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folder of a pattern up to its first wildcard, and the further parts of the pattern."""
    fixed = Path(pattern.anchor)
    parts = pattern.parts[1:] if pattern.anchor else pattern.parts
    for k, part in enumerate(parts[:-1]):
        if _WILD.search(part) and not _exists(fixed / part):
            return fixed, parts[k:]
        fixed /= part
    return fixed, parts[-1:]


def _below(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    if not parts:
        yield folder
        return
    if not _WILD.search(parts[0]):
        if _exists(folder / parts[0]):
            yield from _below(folder / parts[0], parts[1:])
        return
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    if parts[0] != _ANY_FOLDERS:
        for entry in entries:
            if _fits(entry.name, parts[0]) and (len(parts) == 1 or entry.is_dir()):
                yield from _below(entry, parts[1:])
        return
    yield from _below(folder, parts[1:] or ("*",))
    for entry in entries:
        if not entry.name.startswith(".") and entry.is_dir() and not entry.is_symlink():
            yield from _below(entry, parts)


def would_match(path: Path, pattern: Path) -> bool:
    """Return whether a file at `path`, which needn't exist, matches a pattern."""
    fixed, parts = split(pattern)
    for folder, file in (
        (fixed.absolute(), path.absolute()),
        (fixed.resolve(), path.parent.resolve() / path.name),
        (fixed.resolve(), path.resolve()),
    ):
        if folder in file.parents and _all_fit(file.relative_to(folder).parts, parts):
            return True
    return False


def _all_fit(names: Sequence[str], parts: Sequence[str]) -> bool:
    if not names or not parts:
        return not names and not parts
    if parts[0] == _ANY_FOLDERS:
        visible = not names[0].startswith(".")
        return _all_fit(names, parts[1:] or ("*",)) or (visible and _all_fit(names[1:], parts))
    return _fits(names[0], parts[0]) and _all_fit(names[1:], parts[1:])


def _fits(name: str, part: str) -> bool:
    if not _WILD.search(part):
        return name == part
    return fnmatchcase(name, part) and (part.startswith(".") or not name.startswith("."))
