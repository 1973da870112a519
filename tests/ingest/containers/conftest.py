"""What the tests of containers share: a small text, and readings of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.sources.opening import open_source

TEXT = "customer_id,date,revenue\nMüller,2025-01-01,10\nB,2025-01-02,20\n"


@pytest.fixture
def text() -> str:
    """Return the text of two order lines, with a letter beyond ASCII."""
    return TEXT


@pytest.fixture
def revenues(tmp_path: Path) -> Callable[..., dict[str, float]]:
    """Return a function that writes bytes to a file and reads it as order lines: revenue by customer."""

    def read(content: bytes, name: str = "orders", **options: Any) -> dict[str, float]:
        path = tmp_path / name
        path.write_bytes(content)
        base = cg.read_orders(path, **options)
        return dict(zip(base.ids.tolist(), base["revenue"].tolist(), strict=True))

    return read


@pytest.fixture
def cells(tmp_path: Path) -> Callable[..., tuple[list[str], list[tuple[Any, ...]], list[int], list[str]]]:
    """Return a function that opens a file: names of columns, rows, their lines, notes without the path."""

    def read(content: bytes | Path, **options: Any) -> tuple[list[str], list[tuple[Any, ...]], list[int], list[str]]:
        path = content if isinstance(content, Path) else tmp_path / "a.csv"
        if isinstance(content, bytes):
            path.write_bytes(content)
        source = open_source(path, ReadOptions(**options))
        try:
            rows = source.connection.execute(f"SELECT * FROM {source.table}").fetchall()
            source.rejected()
            notes = [note.replace(str(path), path.name) for note in source.notes]
            return list(source.columns), rows, list(source.locate(range(1, len(rows) + 1))), notes
        finally:
            source.connection.close()

    return read
