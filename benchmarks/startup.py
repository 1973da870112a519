"""Start-up, as ratios within one run.

    python benchmarks/startup.py [orders.csv with Superstore's columns] [--repeats 15] [--json FILE]

Prints the medians of `import custgrade` against `import numpy`, and of grading a file of orders from the command line
against `import duckdb`. The commands take turns, so that a change of the machine's speed meets both, and bytecode is
cached, as after any installation.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from reporting import circumstances, machine, median_ratio, table, versions, write_json

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ROOT = Path(__file__).parents[1]
SUPERSTORE = ["customer_id=Customer ID", "date=Order Date", "order_id=Order ID", "revenue=Sales", "profit=Profit"]
LIBRARIES = ("custgrade", "numpy", "duckdb")
HEAD = ("what", "against", "seconds", "against, seconds", "ratio")


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
    return time.perf_counter() - started


def compare(what: str, against: str, command: list[str], other: list[str], repeats: int) -> dict[str, Any]:
    """Return the seconds of two commands run in turn, and the median of their ratios pair by pair."""
    seconds(command), seconds(other)
    pairs = [(seconds(command), seconds(other)) for _ in range(repeats)]
    ours, theirs = map(list, zip(*pairs, strict=True))
    return {
        "what": what,
        "against": against,
        "seconds": ours,
        "against, seconds": theirs,
        "ratio": median_ratio(ours, theirs),
    }


def measure(repeats: int = 15, superstore: Path | None = None) -> dict[str, Any]:
    """Return both comparisons."""
    python = sys.executable
    imported = compare(
        "import custgrade", "import numpy", [python, "-c", "import custgrade"], [python, "-c", "import numpy"], repeats
    )
    with tempfile.TemporaryDirectory() as folder:
        orders, columns = (superstore, SUPERSTORE) if superstore else (ROOT / "examples/orders.csv", [])
        command = [str(Path(python).with_name("custgrade")), "grade", "--orders", str(orders), "--scorer", "abcde"]
        command += ["--out", str(Path(folder) / "graded.csv")]
        for column in columns:
            command += ["--column", column]
        graded = compare("custgrade grade", "import duckdb", command, [python, "-c", "import duckdb"], repeats)
    return {"comparisons": [imported, graded]}


def rows(result: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table."""
    return [
        [
            one["what"],
            one["against"],
            *(f"{statistics.median(one[part]):.3f}" for part in ("seconds", "against, seconds")),
            f"{one['ratio']:.2f}",
        ]
        for one in result["comparisons"]
    ]


def main() -> None:
    """Run both comparisons, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("orders", nargs="?", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure(options.repeats, options.orders)
    print(f"{circumstances(LIBRARIES)}, medians of {options.repeats} pairs\n")
    print(table(HEAD, rows(result), texts=2))
    if options.json:
        write_json(options.json, {"machine": machine(), "versions": versions(LIBRARIES), **result})


if __name__ == "__main__":
    main()
