"""Plans of a million customers: the time to make, write and export them, and the memory that they keep.

    python benchmarks/plan.py [POLICY …] [--customers 1e6] [--repeats 5] [--json FILE]

Customers are those of `custgrade synth`, seed 1, in memory, for a period of two years. A policy is one of the installed
ones, with the scorer that it is written for, or `rewards`, which is defined here. The
figures are medians. Targets for a million customers: a plan in 2 s, 130 B a customer, and two million actions in 2 s.
`÷ copying` is the time to write the actions, over the time that DuckDB takes to write a finished table of as many rows
with the same columns to a CSV file; both take turns.

A plan keeps its arrays: those of the customers, and those of the rewards. Peak memory is what making it takes besides.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve
from reporting import amount, circumstances, table, write_json

import custgrade as cg
from custgrade.planning import Action, Effort, Policy, Reward, ServiceLevel, Treatment, money
from custgrade.planning.plan_actions import PlanActions

ON = "2026-01-01"
PERIOD = cg.Period("2025-12-31", "2024-01-01", "2025-12-31")
SCORERS = {
    "ideal-mix": "abcd",
    "sales-service-mix": "matrix3x3",
    "packages": "floors",
    "fair-treatment": "top10",
    "golden-list": "abcde",
    "rewards": "abcde",
}
HEAD = [
    *("policy", "s to plan", "B kept a customer", "B at the peak", "actions"),
    *("s, rows as CSV", "s, rows as Parquet", "s, actions as CSV", "s, actions as Parquet", "÷ copying"),
]


def rewards() -> Policy:
    """Return a policy with a gift and an action for every customer."""

    def worth(c: Any) -> Any:
        return money(np.clip(0.01 * c["revenue"], 1.0, 100.0))

    def treatment(hours: float) -> Treatment:
        gift = Reward("gift", value=worth, every=3)
        news = Action("news", "tell", "what is new", every=1)
        return Treatment(
            "keep",
            level=ServiceLevel(8, hours),
            effort=Effort(1),
            rewards=gift,
            actions=news,
            way_up="buy more broadly",
        )

    hours = zip("ABCDE", (6, 5, 4, 3, 2), strict=True)
    return Policy("rewards", "a trial", "ABCDE", {grade: treatment(each) for grade, each in hours})


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a job takes, in seconds, and its result."""
    begun = time.perf_counter()
    result = job()
    return time.perf_counter() - begun, result


def kept(plan: cg.Plan) -> int:
    """Return the bytes of a plan's own arrays."""
    own = [plan.treatment, plan.package, plan.at_stake, plan.offer, plan.rise, plan.held, *plan.shortlists.values()]
    return sum(one.nbytes for one in own) + sum(
        block.rows.nbytes + block.cents.nbytes + block.states.nbytes for block in plan.rewards
    )


def peak(job: Callable[[], Any]) -> int:
    """Return the most memory that a job takes at any time, in bytes."""
    tracemalloc.start()
    try:
        job()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def copying(actions: PlanActions, file: Path) -> Callable[[], Any]:
    """Return a job in which DuckDB writes a finished table with the rows of these actions."""
    import duckdb

    actions.write(file)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"CREATE TABLE actions AS FROM '{file}'")
    return lambda: connection.execute(f"COPY actions TO '{file.with_suffix('.copy.csv')}' (HEADER true)")


def measure(name: str, base: cg.CustomerBase, repeats: int, folder: Path) -> dict[str, Any]:
    """Return the figures of a policy."""
    policy = rewards() if name == "rewards" else cg.policy(name)
    model = cg.scorer(SCORERS[name]).fit(base)
    plans, last = [], None
    for _ in range(repeats):
        # scores are computed when they are first read, so each plan gets grades of its own
        graded = model.grade(base)
        seconds, last = timed(lambda graded=graded: cg.plan(graded, policy, ON))
        plans.append(seconds)
    assert last is not None
    again = model.grade(base)
    most = peak(lambda: cg.plan(again, policy, ON))
    made: cg.Plan = last
    found: dict[str, Any] = {"plan": statistics.median(plans), "kept": kept(made) / len(made), "peak": most / len(made)}
    found["actions"] = len(made.actions())
    copy = copying(made.actions(), folder / "finished.parquet")
    times: dict[str, list[float]] = {"copy": []}
    for _ in range(repeats):
        for what, write in (("rows", made.write), ("actions", made.write_actions)):
            for suffix in ("csv", "parquet"):
                file = folder / f"{what}.{suffix}"
                seconds, _ = timed(lambda write=write, file=file: write(file))
                times.setdefault(f"{what} {suffix}", []).append(seconds)
        times["copy"].append(timed(copy)[0])
    ratios = [one / other for one, other in zip(times["actions csv"], times["copy"], strict=True)]
    return (
        found | {what: statistics.median(taken) for what, taken in times.items()} | {"ratio": statistics.median(ratios)}
    )


def main() -> None:
    """Run it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all that are installed, and `rewards`")
    parser.add_argument("--customers", type=amount, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    names = options.policies or [name for name in SCORERS if name == "rewards" or name in cg.policies()]
    found: dict[str, Any] = {"customers": options.customers}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        cg.synthetic(file, options.customers, seed=1)
        base = evolve(cg.read_customers(file), period=PERIOD)
        # the first use reads the ids from the file
        _ = base.ids
        for name in names:
            found[name] = measure(name, base, options.repeats, Path(folder))
    rows = [
        [
            name,
            f"{one['plan']:.2f}",
            f"{one['kept']:.0f}",
            f"{one['peak']:.0f}",
            f"{one['actions']:,}",
            *(f"{one[f'{what} {kind}']:.2f}" for what in ("rows", "actions") for kind in ("csv", "parquet")),
            f"{one['ratio']:.1f}",
        ]
        for name, one in found.items()
        if isinstance(one, dict)
    ]
    print(f"{circumstances(('numpy', 'duckdb'))}, {options.customers:,} customers\n")
    print(table(HEAD, rows))
    if options.json:
        write_json(options.json, found)


if __name__ == "__main__":
    main()
