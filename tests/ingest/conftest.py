"""What the tests of reading data share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest


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
