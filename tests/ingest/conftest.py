"""What the tests of reading data share."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from custgrade.cli.main import main


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Return a function that writes a file of that name below a folder of this test's own, and returns its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


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


@pytest.fixture
def flags() -> Callable[[Mapping[str, Any]], list[str]]:
    """Return a function that turns options of `read_orders` and `read_customers` into flags."""

    def turned(options: Mapping[str, Any]) -> list[str]:
        found: list[str] = []
        for name, value in options.items():
            if name == "columns":
                found += [part for item in value.items() for part in ("--column", "=".join(item))]
            else:
                found += ["--" + name.replace("_", "-"), str(value)]
        return found

    return turned
