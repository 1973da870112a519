"""What the tests of the command line share."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from custgrade.cli.main import main


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of the test's own the current one; the search path for modules is put back afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


@pytest.fixture
def command() -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command line in this process: exit status, standard output, standard error."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([str(argument) for argument in arguments])
        return status, out.getvalue(), err.getvalue()

    return run


@pytest.fixture
def succeeds(command: Callable[..., tuple[int, str, str]]) -> Callable[..., str]:
    """Return a function that runs the command line, makes sure that it succeeds quietly, and returns what it prints."""

    def run(*arguments: str | Path) -> str:
        status, out, err = command(*arguments)
        assert (status, err) == (0, "")
        return out

    return run


@pytest.fixture
def refused(command: Callable[..., tuple[int, str, str]]) -> Callable[..., str]:
    """Return a function that runs the command line, makes sure that it fails as promised, and returns the message."""

    def run(*arguments: str | Path) -> str:
        status, out, err = command(*arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("custgrade: ")
        assert "Traceback" not in err
        return err

    return run
