"""How many cores a process may use."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from custgrade.selection import chunks


def grant(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/cpu.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return folder


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to cores")
def test_a_bound_process_uses_what_it_is_bound_to() -> None:
    """Bound to one core, one is used, however many there are."""
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert chunks.cores() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert 1 <= chunks.cores() <= len(before)


@pytest.mark.parametrize(
    ("text", "cores"), [("150000 100000", 1.5), ("max 100000", math.inf), ("", math.inf), ("x y", math.inf)]
)
def test_what_a_container_grants(text: str, cores: float, tmp_path: Path) -> None:
    """The quota of control groups of version 2, if there is one."""
    (tmp_path / "cpu.max").write_text(text, encoding="ascii")
    assert chunks._granted(str(tmp_path)) == cores


@pytest.mark.parametrize(("quota", "cores"), [("50000", 0.5), ("-1", math.inf)])
def test_what_a_container_of_version_1_grants(quota: str, cores: float, tmp_path: Path) -> None:
    """The quota and the period of control groups of version 1; −1 is none."""
    grant(tmp_path, cpu__cfs_quota_us=quota, cpu__cfs_period_us="100000")
    assert chunks._granted(str(tmp_path)) == cores


def test_no_container(tmp_path: Path) -> None:
    """Where no file says anything, nothing is withheld."""
    assert chunks._granted(str(tmp_path)) == math.inf


@pytest.mark.parametrize(("granted", "cores"), [(0.3, 1), (1.5, 2), (math.inf, 4), (64.0, 4)])
def test_a_part_of_a_core_counts_as_one(granted: float, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The least of both counts, rounded up, and at least one."""
    monkeypatch.setattr(chunks, "_granted", lambda: granted)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 3, 4}, raising=False)
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    assert chunks.cores() == cores
