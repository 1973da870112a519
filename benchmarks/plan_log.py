"""Plans from a log: the time to make one, the memory that it takes, and the time to write what was done.

    python benchmarks/plan_log.py [URL] [--customers 1e6] [--repeats 3] [--written 100e3] [--json FILE]

The log has two events for each customer: the treatment that was entered, and a gift. Customers are those of `custgrade
synth`, seed 1, in memory, and the policy is `rewards` of `plan.py` with a budget for each grade. The figures are
medians. Targets for a million customers: a plan in 6 s, and 100,000 checked rewards written in 5 s on SQLite and in
15 s on PostgreSQL.

URL: of an empty database, such as `postgresql+psycopg://user@host/name`; by default, a new SQLite file. The log in the
database remains.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve
from plan import PERIOD, peak, rewards, timed
from reporting import amount, circumstances, table, write_json

import custgrade as cg
from custgrade.events import EventLog
from custgrade.planning import Policy

FIRST, SECOND = "2026-01-01", "2026-04-01"
"""The days of the plans; a gift is due every three months."""
BUDGET = 1e9
HEAD = ["s to read the log", "s to plan", "s without a log", "B at the peak", "actions", "s to choose", "s to write"]


def policy() -> Policy:
    """Return the policy `rewards` with budgets."""
    found = rewards()
    given = {grade: evolve(one, budget=BUDGET) for grade, one in found.treatments.items()}
    return evolve(found, treatments=given, gift_limit=150.0)


def fill(log: EventLog, model: cg.GradingModel, base: cg.CustomerBase) -> None:
    """Record a plan, and all gifts that are due by it."""
    made = cg.plan(model.grade(base), policy(), FIRST, log=log)
    log.enter(made)
    actions = made.actions()
    gifts = np.isin(actions.block, [k for k, (kind, *_) in enumerate(actions.blocks) if kind == "gift"])
    log.add(actions.done(FIRST, gifts & (actions.states == 0)))


def kept_at_most(log: EventLog, model: cg.GradingModel, base: cg.CustomerBase) -> int:
    """Return the most memory that making a plan takes at any time, in bytes."""
    graded = model.grade(base)
    return peak(lambda: cg.plan(graded, policy(), SECOND, log=log))


def measure(log: EventLog, base: cg.CustomerBase, repeats: int, written: int) -> dict[str, Any]:
    """Return the figures of a log that is filled first."""
    model = cg.scorer("abcde").fit(base)
    filling, _ = timed(lambda: fill(log, model, base))
    times: dict[str, list[float]] = {}

    def time_of(what: str, job: Any) -> Any:
        seconds, result = timed(job)
        times.setdefault(what, []).append(seconds)
        return result

    for _ in range(repeats):
        # scores are computed when they are first read, so each plan gets grades of its own
        graded, again = model.grade(base), model.grade(base)
        time_of("read", lambda: log.history(base.ids, SECOND))
        time_of("plan", lambda graded=graded: cg.plan(graded, policy(), SECOND, log=log))
        time_of("without", lambda again=again: cg.plan(again, policy(), SECOND))
    peaked = kept_at_most(log, model, base)
    count = 0
    for _ in range(repeats):
        made = cg.plan(model.grade(base), policy(), SECOND, log=log)
        actions = made.actions()
        count = len(actions)
        gifts = np.isin(actions.block, [k for k, (kind, *_) in enumerate(actions.blocks) if kind == "gift"])
        some = np.flatnonzero(gifts & (actions.states == 0))[:written]
        batch = time_of("choose", lambda actions=actions, some=some: actions.done(SECOND, some))
        added = time_of("write", lambda batch=batch: log.add(batch))
        assert added.written == len(some), added
    found = {what: statistics.median(taken) for what, taken in times.items()}
    return {**found, "peak": peaked / len(base), "actions": count, "fill": filling}


def main() -> None:
    """Run it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", metavar="URL")
    parser.add_argument("--customers", type=amount, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--written", type=amount, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        cg.synthetic(file, options.customers, seed=1)
        base = evolve(cg.read_customers(file), period=PERIOD)
        # the first use reads the ids from the file
        _ = base.ids
        log = EventLog(options.url or Path(folder) / "log.db")
        if log.revision:
            parser.error(f"the database has a log already: {log!r}")
        one = measure(log, base, options.repeats, options.written)
    print(f"{circumstances(('numpy', 'sqlalchemy'))}, {options.customers:,} customers\n")
    row = [
        *(f"{one[what]:.2f}" for what in ("read", "plan", "without")),
        f"{one['peak']:.0f}",
        f"{one['actions']:,}",
        *(f"{one[what]:.2f}" for what in ("choose", "write")),
    ]
    print(table(HEAD, [row]))
    if options.json:
        write_json(options.json, {"customers": options.customers, **one})


if __name__ == "__main__":
    main()
