"""Start-up, as ratios within one run: `python benchmarks/startup.py [orders.csv with Superstore's columns]`.

Prints the medians of `import custgrade` against `import numpy`, and of grading a file of orders from the command line
against `import duckdb`. The commands take turns, so that a change of the machine's speed meets both, and bytecode is
cached, as after any installation.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 15
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ROOT = Path(__file__).parents[1]
SUPERSTORE = ["customer_id=Customer ID", "date=Order Date", "order_id=Order ID", "revenue=Sales", "profit=Profit"]


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
    return time.perf_counter() - started


def compare(name: str, command: list[str], against: list[str]) -> None:
    """Print the medians of two commands run in turn, and the median of their ratios pair by pair."""
    seconds(command), seconds(against)
    pairs = [(seconds(command), seconds(against)) for _ in range(RUNS)]
    one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name}: {one:.3f} s against {other:.3f} s, ratio {ratio:.2f} (median of {RUNS} pairs)")


def main() -> None:
    """Run both comparisons."""
    python = sys.executable
    compare("import custgrade / import numpy", [python, "-c", "import custgrade"], [python, "-c", "import numpy"])
    with tempfile.TemporaryDirectory() as folder:
        orders, columns = (sys.argv[1], SUPERSTORE) if len(sys.argv) > 1 else (str(ROOT / "examples/orders.csv"), [])
        command = [str(Path(python).with_name("custgrade")), "grade", "--orders", orders, "--scorer", "abcde"]
        command += ["--out", str(Path(folder) / "graded.csv")]
        for column in columns:
            command += ["--column", column]
        compare("custgrade grade / import duckdb", command, [python, "-c", "import duckdb"])


if __name__ == "__main__":
    main()
