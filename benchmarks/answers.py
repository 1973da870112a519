"""Explaining a million customers, finding their ways up and comparing them, from Parquet to Parquet.

    python benchmarks/answers.py [--customers 1e6] [--schemes abcd abcde floors matrix3x3 top10] [--json FILE]

Each command of the command line runs once per scheme, as a process of its own. Printed are its seconds and its peak
memory, which doesn't depend on how the customers lie in the file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from reporting import amount, circumstances, table, write_json

SCHEMES = ("abcd", "abcde", "floors", "matrix3x3", "top10")
HEAD = ("scheme", "what", "seconds", "peak MB")


def measured(arguments: list[str]) -> tuple[float, float]:
    """Return how long a command takes, and its peak memory in MB.

    Raises RuntimeError when it fails.
    """
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "custgrade", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"custgrade {' '.join(arguments)} failed")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def main() -> None:
    """Run all, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=amount, default=1_000_000)
    parser.add_argument("--schemes", nargs="+", default=SCHEMES, choices=SCHEMES)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        now, before, model, out = (str(Path(folder) / name) for name in ("now.parquet", "before.parquet", "m", "out"))
        for path, seed in ((now, 1), (before, 2)):
            measured(["synth", "--customers", str(options.customers), "--seed", str(seed), "--out", path])
        for scheme in options.schemes:
            read = ["--customers", now]
            measured(["grade", *read, "--scorer", scheme, "--save-model", model])
            for what, arguments in (
                ("explain", ["explain", "--model", model, *read]),
                ("way-up", ["way-up", "--model", model, *read, "--on", "2026-01-01"]),
                ("compare", ["compare", model, *read, "--before", before]),
            ):
                seconds, peak = measured([*arguments, "--out", f"{out}.parquet"])
                found.append({"scheme": scheme, "what": what, "seconds": seconds, "peak MB": peak})
    rows = [[one["scheme"], one["what"], f"{one['seconds']:.1f}", f"{one['peak MB']:.0f}"] for one in found]
    print(circumstances(("custgrade", "numpy", "duckdb")))
    print(f"{options.customers:,} customers")
    print(table(HEAD, rows))
    if options.json:
        write_json(options.json, {"customers": options.customers, "answers": found})


if __name__ == "__main__":
    main()
