"""Jobs of processes that write one log at once, or are killed while they write; run by the tests.

python writing_process.py race URL NAME: says "ready", waits for a line, writes, and says what it was told, as JSON.
python writing_process.py killed URL TIMES SEED: kills a child that writes, many times, and says what it found, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from functools import cache

import sqlalchemy as sa
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import Batch, Event, EventLog
from custgrade.events.event_columns import EventColumns, event_columns
from custgrade.events.limits import Budget, Limits

TURNS, SIZE = 15, 20
LIMITS = Limits([Budget("p", "A", "2026-01-01", "2026-12-31", 25_000)])
"""Enough for 25 batches of 20 gifts of 0.50."""
BATCH = 1000


def race(url: str, me: str) -> None:
    """Write what others write too, what is this process's own, and what only one of them can write."""
    print("ready", flush=True)
    sys.stdin.readline()
    told: Counter[str] = Counter()
    log = EventLog(url)

    def add(what: str, events: Batch | list[Event]) -> None:
        try:
            added = log.add(events)
        except LogError as error:
            expected = {"budget": "the budget is", "offer": "the offer is explained"}[what]
            told[f"{what} refused" if expected in str(error) else str(error)] += 1
        else:
            told[f"{what} written"] += added.written
            told[f"{what} already"] += added.already

    for turn in range(TURNS):
        customers = range(SIZE)
        add("same", [Event(f"C-{k}", "gift", "basket", "2026-01-02", turn + 1, money=1) for k in customers])
        add("own", [Event(f"{me}-{k}", "thanks", "card", "2026-01-02", turn + 1) for k in customers])
        add("offer", [Event(f"C-{turn}-{k}", "explained", f"offer of {me}", "2026-01-02") for k in customers])
        rest = {"policy": "p", "treatment": "A", "money": 0.5}
        # a number that a refused batch would have had is taken by the next one
        number = told["budget written"] // SIZE + 1
        budgeted = [Event(f"B-{me}-{k}", "gift", "b", "2026-01-02", number, **rest) for k in customers]
        add("budget", Batch(budgeted, LIMITS))
    print(json.dumps(told))


@cache
def gifts() -> EventColumns:
    """Return a gift to each of many customers; making the events takes as long as writing them."""
    return event_columns([Event(f"C-{k}", "gift", "gift", "2026-01-02", 1) for k in range(BATCH)])


def batch(name: str) -> EventColumns:
    """Return events with one name."""
    (one,) = gifts().occasions
    return evolve(gifts(), occasions=[evolve(one, name=name)])


def write_until_killed(url: str, name: str) -> None:
    """Write batches for ever, each of events with a name of its own."""
    turn, log = 0, EventLog(url)
    while True:
        log.add(batch(f"{name}-{turn}"))
        turn += 1


def killed(url: str, times: int, seed: int) -> None:
    """Kill a child that writes at random moments; say how large the batches are, and how long the next write takes."""
    random_ = random.Random(seed)
    EventLog(url).add(batch("first"))
    # how long a batch takes depends on the machine, and a kill must come in the middle of one as well as between two;
    # the first one takes longer, as modules are loaded and tables made
    begun = time.perf_counter()
    EventLog(url).add(batch("second"))
    usual = time.perf_counter() - begun
    found = {"sizes": [], "batches": 0, "revision": 0, "slowest": 0.0}
    for k in range(times):
        child = os.fork()
        if not child:
            write_until_killed(url, str(k))
        time.sleep(random_.uniform(0.0, 4 * usual))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        begun = time.perf_counter()
        found["revision"] = EventLog(url).add(Event("after a kill", "gift", "gift", "2026-01-02", k + 1)).revision
        found["slowest"] = max(found["slowest"], time.perf_counter() - begun)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        sizes = connection.scalars(
            sa.text("SELECT count(*) FROM custgrade_event WHERE customer_id <> 'after a kill' GROUP BY name")
        ).all()
    engine.dispose()
    print(json.dumps(found | {"sizes": sorted(set(sizes)), "batches": len(sizes)}))


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    if job == "race":
        race(*arguments)
    else:
        killed(arguments[0], int(arguments[1]), int(arguments[2]))
