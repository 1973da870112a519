"""The way up of all customers, against grading them with the same model.

    python benchmarks/way_up.py [--customers 1e6] [--repeats 5] [--json FILE]

Customers are those of `custgrade synth`, seed 1, in memory. Both take turns; ratios are medians turn by turn.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reporting import amount, circumstances, table, write_json

import custgrade as cg

SCORERS = ("abcd", "abcde", "floors", "matrix3x3", "top10")
HEAD = ["scorer", "ms to grade", "ms for the way up", "way up ÷ grading", "customers with a way up"]


def seconds(job: Callable[..., Any], *arguments: Any) -> float:
    """How long a job takes."""
    begun = time.perf_counter()
    job(*arguments)
    return time.perf_counter() - begun


def measure(customers: int, repeats: int) -> dict[str, Any]:
    """Return medians for each scorer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        cg.synthetic(file, customers, seed=1)
        base = cg.read_customers(file)
    found: dict[str, Any] = {"customers": customers}
    for name in SCORERS:
        model = cg.scorer(name).fit(base)
        ways = cg.way_up(model, base, on="2026-01-01")
        possible = sum(int(axis.possible.sum()) for axis in ways.axes.values())
        pairs = [(seconds(model.grade, base), seconds(cg.way_up, model, base, "2026-01-01")) for _ in range(repeats)]
        grading, way = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(b / a for a, b in pairs)
        found[name] = {"grading": grading, "way up": way, "ratio": ratio, "possible": possible}
    return found


def main() -> None:
    """Run it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=amount, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.customers, options.repeats)
    rows = [
        [
            name,
            f"{1e3 * one['grading']:.1f}",
            f"{1e3 * one['way up']:.1f}",
            f"{one['ratio']:.1f}",
            f"{one['possible']:,}",
        ]
        for name, one in found.items()
        if isinstance(one, dict)
    ]
    print(f"{circumstances(('numpy',))}, {options.customers:,} customers\n")
    print(table(HEAD, rows))
    if options.json:
        write_json(options.json, found)


if __name__ == "__main__":
    main()
