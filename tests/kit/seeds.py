"""The slow run: the contract of the built-in schemes over many seeds, to show that the kit raises no false alarm.

    python tests/kit/seeds.py [--seeds 50] [--first 0] [-k EXPRESSION]

Prints a line per seed and a total, and ends with status 1 if any check failed. It isn't part of the test suite. Two
runs with other first seeds may go side by side. -k chooses contracts, as for pytest.
"""

from __future__ import annotations

import argparse
import contextlib
import io
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


def main(seeds: range, chosen: str) -> int:
    """Run the contracts once per seed, and return the exit status."""
    files = [str(path) for path in sorted(ROOT.glob("plugins/*/tests/test_contract.py"))]
    total, alarms, started = 0, [], time.monotonic()
    for seed in seeds:
        count = Count()
        options = ["-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), "-k", chosen]
        # where the variable CI is set, Hypothesis tries the same bases each time, unless it is told not to
        randomly = ["--hypothesis-profile=default", f"--hypothesis-seed={seed}"]
        with contextlib.redirect_stdout(io.StringIO()):
            pytest.main([*options, *randomly, *files], plugins=[count])
        total += count.passed
        alarms += [f"seed {seed}: {name}" for name in (*count.failed, *count.skipped)]
        alarms += [] if count.passed else [f"seed {seed}: nothing ran"]
        shown = f"{count.passed} checks passed, {len(count.failed)} failed, {len(count.skipped)} skipped"
        print(f"seed {seed}: {shown}", flush=True)
    print(f"{len(seeds)} seeds, {total:,} checks passed, {len(alarms)} didn't; {time.monotonic() - started:.0f} s")
    print(*alarms, sep="\n")
    return 1 if alarms else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("-k", default="", help="which contracts, as for pytest")
    options = parser.parse_args()
    sys.exit(main(range(options.first, options.first + options.seeds), options.k))
