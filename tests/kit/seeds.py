"""The slow run: the contract of the built-in schemes over many seeds, to show that the kit raises no false alarm.

    python tests/kit/seeds.py [SEEDS]          # 50 by default, starting at 0

Prints a line per seed and a total, and ends with status 1 if any check failed. It isn't part of the test suite.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Count:
    """Counts what a run of pytest reports."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the outcome of a test's call, and failures of any part of it."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.skipped:
            self.skipped.append(report.nodeid)
        elif report.when == "call":
            self.passed += 1


def main(seeds: int) -> int:
    """Run the contracts once per seed, and return the exit status."""
    files = [str(path) for path in sorted(ROOT.glob("plugins/*/tests/test_contract.py"))]
    total, alarms, started = 0, [], time.monotonic()
    for seed in range(seeds):
        count = Count()
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:terminal", "-c", str(ROOT / "pyproject.toml")]
        pytest.main([*options, "--hypothesis-profile=default", f"--hypothesis-seed={seed}", *files], plugins=[count])
        total += count.passed
        alarms += [f"seed {seed}: {name}" for name in (*count.failed, *count.skipped)]
        print(f"seed {seed}: {count.passed} checks passed, {len(count.failed)} failed, {len(count.skipped)} skipped")
    print(f"{seeds} seeds, {total:,} checks passed, {len(alarms)} didn't; {time.monotonic() - started:.0f} s")
    print(*alarms, sep="\n")
    return 1 if alarms or not total else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
