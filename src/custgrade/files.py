"""Writing files in one step: a run that fails or is killed leaves an existing file as it was."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from custgrade.errors import OutputError

UNFINISHED: set[Path] = set()
"""The temporary files and folders of this process; whoever ends it at once removes them."""
WRITTEN: list[Path] = []
"""The files that this process has put in their place."""


def remove_unfinished() -> None:
    """Remove what this process hasn't finished writing."""
    from shutil import rmtree

    for path in list(UNFINISHED):
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink()


@contextmanager
def temporary_folder() -> Iterator[Callable[[], Path]]:
    """Yield what returns a folder for temporary files, in the system's place for them; the block's end removes it.

    It is made when it is first asked for; OutputError is raised then when there is no place for it.
    """
    made: list[Path] = []

    def folder() -> Path:
        if not made:
            # loading it takes longer than to grade a small base
            from tempfile import mkdtemp

            try:
                made.append(Path(mkdtemp(prefix="custgrade-")))
            except OSError as error:
                raise OutputError(f"no place for temporary files: {error.strerror or error}; set TMPDIR") from error
            UNFINISHED.add(made[0])
        return made[0]

    try:
        yield folder
    finally:
        if made:
            from shutil import rmtree

            rmtree(made[0], ignore_errors=True)
            UNFINISHED.discard(made[0])


def check_writable(path: str | os.PathLike[str]) -> Path:
    """Return `path` after making sure that a file can be put there.

    Raises OutputError when its folder doesn't exist, can't be written to, or `path` is a folder.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise OutputError(f"a file to write is named by a path; received {path!r}")
    target = Path(path)
    if "\0" in str(target):
        raise OutputError(f"can't write {str(target)!r}: a path has no NUL")
    try:
        target.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OutputError(f"can't write {target}: {error.strerror or error}") from error
    except UnicodeEncodeError as error:
        raise OutputError(f"can't write {str(target)!a}: {error}") from error
    if target.is_dir():
        raise OutputError(f"can't write {target}: it is a folder")
    if target.is_symlink() and not target.exists():
        raise OutputError(f"can't write {target}: it is a link to nowhere")
    if target.exists() and not target.is_file():
        raise OutputError(f"can't write {target}: it is no regular file")
    if not target.parent.is_dir():
        raise OutputError(f"can't write {target}: there is no folder {target.parent}")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"can't write {target}: no permission to write to {target.parent}")
    return target


@contextmanager
def write_atomically(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `path` to write to; it replaces `path` when the block ends without an error.

    A symbolic link keeps pointing where it did; the file it points to is replaced. Permissions of an existing file are
    kept; a new one has those that the system gives new files. Nobody else can read the file before it is finished.

    Raises OutputError when `path` can't be written to.
    """
    target = Path(os.path.realpath(check_writable(path)))
    check_writable(target)
    temporary = target.with_name(f".{target.name[:40]}.{os.urandom(4).hex()}.part{target.suffix[:40]}")
    # noted before it is there, so that an interrupt at any moment finds it
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
    """Make an empty file that nobody else can read, and return the permissions that a new file has here.

    The umask can't be asked for without changing it, for other threads too; so the file is made under it.
    """
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if target.exists() else 0o666))
    mode = stat.S_IMODE(temporary.stat().st_mode)
    temporary.chmod(0o600)
    return mode
