"""What the tests of the command line share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

# plans and their files of actions, for the tests of this folder
sys.path.insert(0, str(Path(__file__).parents[1] / "events"))
try:
    import_module("plan_of_sixty")
finally:
    sys.path.pop(0)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of the test's own the current one; the search path for modules is put back afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


@pytest.fixture
def succeeds(command: Callable[..., tuple[int, str, str]]) -> Callable[..., str]:
    """Return a function that runs the command line, makes sure that it succeeds quietly, and returns what it prints."""

    def run(*arguments: str | Path) -> str:
        status, out, err = command(*arguments)
        assert (status, err) == (0, "")
        return out

    return run
