"""Writing files atomically: if a run fails or is killed, an existing file stays unchanged."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from custgrade.errors import CustgradeError, OutputError
from custgrade.text import shown

UNFINISHED: set[Path] = set()
"""The temporary files and folders of this process; a signal handler that ends the process removes them."""
WRITTEN: list[Path] = []
"""The files that this process has finished writing."""


def remove_unfinished() -> None:
    """Remove the files and folders in `UNFINISHED`."""
    from shutil import rmtree

    for path in list(UNFINISHED):
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink()


def new_temporary_folder() -> Path:
    """Return a new temporary folder that other users can't read, in the folder that TMPDIR names, if it is set.

    Raises OutputError if it can't be made.
    """
    # importing tempfile takes longer than grading a small base
    from tempfile import mkdtemp

    wanted = os.environ.get("TMPDIR")
    if wanted and not Path(wanted).is_dir():
        raise OutputError(f"can't make a temporary folder: TMPDIR is {wanted}, which is no folder; set it to one")
    try:
        made = Path(mkdtemp(prefix="custgrade-"))
    except OSError as error:
        raise OutputError(
            f"can't make a temporary folder: {error.strerror or error}; set TMPDIR to a writable folder"
        ) from error
    UNFINISHED.add(made)
    return made


def remove_temporary_folder(folder: Path) -> None:
    """Remove a temporary folder and the files in it."""
    from shutil import rmtree

    rmtree(folder, ignore_errors=True)
    UNFINISHED.discard(folder)


@contextmanager
def temporary_folder() -> Iterator[Callable[[], Path]]:
    """Yield a function that returns a temporary folder; the end of the block removes the folder.

    The first call makes the folder; it raises OutputError if that fails.
    """
    made: list[Path] = []

    def folder() -> Path:
        if not made:
            made.append(new_temporary_folder())
        return made[0]

    try:
        yield folder
    finally:
        if made:
            remove_temporary_folder(made[0])


def checked_path(path: Any, what: str, error: type[CustgradeError]) -> Path:
    """Return a path as a Path.

    what: what the path leads to, for the error.

    Raises `error` unless `path` is a text or a Path without NUL that UTF-8 can hold.
    """
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str):
        raise error(f"the path of {what} must be a text or a Path; received {shown(path)}")
    if "\0" in text:
        raise error(f"the path of {what} must be a text without NUL; received {shown(text)}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise error(f"the path of {what} must be a text that UTF-8 can hold; received {shown(text)}") from None
    return Path(text)


def same_file(one: str, other: str) -> bool:
    """Return whether two paths of files to write lead to the same file, which needn't exist.

    Raises OutputError if one of them is no path.
    """
    first, second = (checked_path(path, "the file to write", OutputError).resolve() for path in (one, other))
    return first == second


def check_writable(path: str | os.PathLike[str]) -> Path:
    """Return `path` as a Path after checking that a file can be written there.

    Raises OutputError if its folder doesn't exist or can't be written to, or if `path` isn't a regular file.
    """
    target = checked_path(path, "the file to write", OutputError)
    try:
        target.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OutputError(f"can't write {target}: {error.strerror or error}") from error
    if target.is_dir():
        raise OutputError(f"can't write {target}: it is a folder; give the path of a file")
    if target.is_symlink() and not target.exists():
        raise OutputError(f"can't write {target}: it is a broken symbolic link; remove it")
    if target.exists() and not target.is_file():
        raise OutputError(f"can't write {target}: it isn't a regular file; give another path")
    if not target.parent.is_dir():
        raise OutputError(f"can't write {target}: there is no folder {target.parent}; make it first")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"can't write {target}: no permission to write to {target.parent}")
    return target


@contextmanager
def write_atomically(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `path`; its file replaces `path` if the block ends without an error.

    If `path` is a symbolic link, the file that it points to is replaced. An existing file keeps its permissions; a new
    file gets the system's default permissions. Other users can't read the file before it is finished.

    Raises OutputError if `path` can't be written to.
    """
    target = Path(os.path.realpath(check_writable(path)))
    check_writable(target)
    temporary = target.with_name(f".{target.name[:40]}.{os.urandom(4).hex()}.part{target.suffix[:40]}")
    # added before the file exists, so that the file is removed after an interrupt at any moment
    UNFINISHED.add(temporary)
    try:
        mode = _make(temporary, target)
    except OSError as error:
        UNFINISHED.discard(temporary)
        raise OutputError(f"can't write {target}: {error.strerror or error}") from error
    try:
        yield temporary
        temporary.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else mode)
        temporary.replace(target)
        WRITTEN.append(target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"can't write {target}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
        UNFINISHED.discard(temporary)


def _make(temporary: Path, target: Path) -> int:
    """Make an empty file that other users can't read, and return the default permissions of new files.

    Reading the umask would change it for all threads; the permissions of the new file show it.
    """
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if target.exists() else 0o666))
    mode = stat.S_IMODE(temporary.stat().st_mode)
    temporary.chmod(0o600)
    return mode
