"""One customer graded by a fitted model, against a one-row transform of scikit-learn's KBinsDiscretizer.

    python benchmarks/one_customer.py [--repeats 15] [--plugins 50] [--json FILE]

Both hold five classes of one field, cut by quantiles of the same 10,000 customers. The discretizer encodes ordinally,
which is its fastest way, and is given a ready array. custgrade is asked twice: alone, and in a process in which so many
further plug-ins are installed. Rows are medians over turns of 2,000 calls; ratios are taken turn by turn. The classes
of 1,000 further customers are compared with those of the same customers graded together.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CALLS = 2_000
PROJECT = """\
def custgrade_scorers():
    raise RuntimeError("a plug-in that nobody asked for was loaded")
"""


def model() -> Any:
    """A fitted model of one axis, and customers to ask about."""
    import numpy as np

    import custgrade as cg

    profit = np.random.default_rng(1).lognormal(6, 1.5, 11_000)
    scorer = cg.scorer("abcde", shares=["0.2"] * 5)
    fitted = scorer.fit(cg.CustomerBase(np.arange(10_000), {"profit": profit[:10_000]}))
    return fitted, profit[:10_000], profit[10_000:].tolist()


def seconds_alone(repeats: int) -> list[float]:
    """Seconds a call of `grade_one`, turn by turn."""
    fitted, _, others = model()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        for k in range(CALLS):
            fitted.grade_one({"profit": others[k % 1_000]})
        taken.append((time.perf_counter() - begun) / CALLS)
    return taken


def installed(folder: Path, count: int) -> None:
    """Put so many distributions with a plug-in of custgrade each into a folder."""
    for k in range(count):
        (folder / f"plugged{k}.py").write_text(PROJECT, encoding="utf-8")
        about = folder / f"plugged{k}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: plugged{k}\nVersion: 1.0\n", encoding="utf-8")
        (about / "entry_points.txt").write_text(f"[custgrade]\nplugged{k} = plugged{k}\n", encoding="utf-8")


def main() -> None:
    """Run all in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--plugins", type=int, default=50)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps(statistics.median(seconds_alone(3))))
        return
    import numpy as np
    import sklearn
    from sklearn.preprocessing import KBinsDiscretizer

    import custgrade as cg

    fitted, profit, others = model()
    bins = KBinsDiscretizer(5, encode="ordinal", strategy="quantile", quantile_method="averaged_inverted_cdf")
    bins.fit(profit.reshape(-1, 1))
    rows = [np.array([[value]]) for value in others]
    together = fitted.grade(cg.CustomerBase(np.arange(1_000), {"profit": others})).grades.tolist()
    same = together == [fitted.grade_one({"profit": value}).grade for value in others]
    agree = sum("EDCBA"[int(bins.transform(row)[0, 0])] == grade for row, grade in zip(rows, together, strict=True))
    taken: dict[str, list[float]] = {"grade_one": [], "KBinsDiscretizer.transform": [], "grade_one, with plug-ins": []}
    with tempfile.TemporaryDirectory() as folder:
        installed(Path(folder), options.plugins)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])}
        command = [sys.executable, __file__, "--alone"]
        for _ in range(options.repeats):
            taken["grade_one"] += seconds_alone(1)
            begun = time.perf_counter()
            for k in range(CALLS):
                bins.transform(rows[k % 1_000])
            taken["KBinsDiscretizer.transform"].append((time.perf_counter() - begun) / CALLS)
            found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            taken["grade_one, with plug-ins"].append(json.loads(found.stdout))
    versions = {module.__name__: module.__version__ for module in (cg, sklearn, np)}
    shown = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {shown}, {options.plugins} plug-ins more\n")
    print("| what | microseconds a call | times grade_one |")
    print("|---|---:|---:|")
    table = {}
    for name, some in taken.items():
        ratio = statistics.median(one / ours for one, ours in zip(some, taken["grade_one"], strict=True))
        table[name] = {"seconds": statistics.median(some), "times grade_one": ratio}
        print(f"| {name} | {1e6 * statistics.median(some):.1f} | {ratio:.2f} |")
    print(f"\nalone as together: {'yes' if same else 'NO'}; the discretizer's class is the same for {agree} of 1,000")
    if options.json:
        result = {"versions": versions, "plugins": options.plugins, "same": same, "runs": table}
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
