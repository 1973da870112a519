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
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from processes import run_once
from reporting import circumstances, machine, median_ratio, table, versions, write_json, yes_or_no

CALLS = 2_000
LIBRARIES = ("custgrade", "scikit-learn", "numpy")
HEAD = ("what", "microseconds a call", "times grade_one")
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


def measure(repeats: int = 15, plugins: int = 50) -> dict[str, Any]:
    """Return what all took, in turns."""
    import numpy as np
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
        installed(Path(folder), plugins)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])}
        for _ in range(repeats):
            taken["grade_one"] += seconds_alone(1)
            begun = time.perf_counter()
            for k in range(CALLS):
                bins.transform(rows[k % 1_000])
            taken["KBinsDiscretizer.transform"].append((time.perf_counter() - begun) / CALLS)
            taken["grade_one, with plug-ins"].append(run_once([__file__, "--alone"], 60.0, environment)["seconds"])
    found = {
        name: {
            "seconds": some,
            "median": statistics.median(some),
            "times grade_one": median_ratio(some, taken["grade_one"]),
        }
        for name, some in taken.items()
    }
    return {"plugins": plugins, "alone as together": same, "of 1,000 as the discretizer": agree, "contestants": found}


def shown(result: dict[str, Any]) -> str:
    """Return a table, and how far the classes agree."""
    lines = [
        [name, f"{1e6 * one['median']:.1f}", f"{one['times grade_one']:.2f}"]
        for name, one in result["contestants"].items()
    ]
    agree, same = result["of 1,000 as the discretizer"], yes_or_no(result["alone as together"])
    more = f"{result['plugins']} plug-ins more; alone as together: {same}"
    return f"{table(HEAD, lines)}\n\n{more}; the discretizer's class is the same for {agree} of 1,000"


def main() -> None:
    """Run all in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--plugins", type=int, default=50)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(json.dumps({"seconds": statistics.median(seconds_alone(3))}))
        return
    result = measure(options.repeats, options.plugins)
    print(f"{circumstances(LIBRARIES)}\n\n{shown(result)}")
    if options.json:
        write_json(options.json, {"machine": machine(), "versions": versions(LIBRARIES), **result})


if __name__ == "__main__":
    main()
