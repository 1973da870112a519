"""The event log: the time to write and read a log of two million events, and to write checked rewards into it.

    python benchmarks/log.py [URL …] [--customers 1e6] [--rewards 1e5] [--repeats 3] [--json FILE]

Each log is an SQLite file of its own, or the database of a URL, in which the tables of a log must not exist; they are
dropped afterwards. All customers enter a treatment, then each gets a reward. `history` reads the events of all
customers, whose ids come in another order than the log's. The last figure is the time to write rewards with budgets and
a cap, checked against the log of two million events; every repetition is another reward. Targets for a million
customers: history in 3.5 s on SQLite; 100,000 checked rewards in 5 s on SQLite and 15 s on PostgreSQL.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from reporting import amount, circumstances, table, write_json

from custgrade.events import Batch, EventLog
from custgrade.events.event_columns import EventColumns, Occasion
from custgrade.events.limits import Budget, Cap, Limits
from custgrade.events.schema import METADATA

HEAD = ["log", "s to write `entered`", "s to write rewards", "s to read the history", "s to write checked rewards"]
DAYS = [str(np.datetime64("2025-01-01") + k) for k in range(365)]
GRADES = "ABCDE"


def ids_of(size: int) -> Any:
    """Return ids of customers in a fixed order."""
    return np.array([f"C-{k:07}" for k in range(size)], dtype=np.dtypes.StringDType())


def events(kind: str, name: str, ids: Any, number: int) -> EventColumns:
    """Return an event for each customer, spread over the days of a year and five grades."""
    shared = {"policy": "golden-list", "version": "1a2b3c4d", "author": "benchmark"}
    occasions = [Occasion(kind, name, day, treatment=grade, **shared) for day in DAYS for grade in GRADES]
    size = len(ids)
    code = np.arange(size, dtype=np.int64) % len(occasions)
    return EventColumns(ids, occasions, code, np.full(size, number), np.full(size, 1000))


def timed(job: Callable[[], Any]) -> float:
    """Return how long a job takes, in seconds."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def measure(where: str, customers: int, rewards: int, repeats: int) -> dict[str, float]:
    """Return the figures of a log, medians where there are several."""
    log, ids = EventLog(where), ids_of(customers)
    found = {"entered": timed(lambda: log.add(events("entered", "golden-list", ids, 1)))}
    found["rewards"] = timed(lambda: log.add(events("gift", "basket", ids, 1)))
    mixed = np.random.default_rng(1).permutation(ids)
    found["history"] = statistics.median(timed(lambda: log.history(mixed)) for _ in range(repeats))
    year = (DAYS[0], DAYS[-1])
    limits = Limits(
        [Budget("golden-list", grade, *year, 100_000 * customers) for grade in GRADES],
        [Cap(("gift",), *year, "gifts", 100_000)],
    )
    some = mixed[:rewards]
    found["checked"] = statistics.median(
        timed(lambda k=k: log.add(Batch(events("gift", "basket", some, k + 2), limits))) for k in range(repeats)
    )
    return found


def main() -> None:
    """Run it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="*", metavar="URL", help="of further databases than an SQLite file")
    parser.add_argument("--customers", type=amount, default=1_000_000)
    parser.add_argument("--rewards", type=amount, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sizes = (options.customers, options.rewards, options.repeats)
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["SQLite"] = measure(str(Path(folder) / "log.db"), *sizes)
    for url in options.urls:
        engine = sa.create_engine(url)
        if sa.inspect(engine).has_table("custgrade_log"):
            parser.error(f"there is a log in {engine.url!r} already")
        try:
            found[engine.dialect.name] = measure(url, *sizes)
        finally:
            METADATA.drop_all(engine)
            engine.dispose()
    rows = [[name, *(f"{seconds:.2f}" for seconds in one.values())] for name, one in found.items()]
    print(f"{circumstances(('numpy', 'sqlalchemy', 'psycopg'))}, {options.customers:,} customers\n")
    print(table(HEAD, rows))
    if options.json:
        write_json(options.json, found)


if __name__ == "__main__":
    main()
