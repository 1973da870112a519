"""What tests of several kinds share: the command line, run in this process."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from custgrade.cli.main import main


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
def refused(command: Callable[..., tuple[int, str, str]]) -> Callable[..., str]:
    """Return a function that runs the command line, makes sure that it fails as promised, and returns the message."""

    def run(*arguments: str | Path) -> str:
        status, out, err = command(*arguments)
        assert (status, out) == (2, "")
        assert err.startswith("custgrade: ")
        assert err.count("\n") == 1
        assert len(err) < 1500
        assert "Traceback" not in err
        return err

    return run
