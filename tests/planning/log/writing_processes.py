"""What a process does in the tests of processes that plan and write at once; it is started by name."""

from __future__ import annotations

import sys
import time

import numpy as np
from attrs import evolve
from random_worlds import busy, random_base
from sequences import guard_once

import custgrade as cg
from custgrade.errors import LogError
from custgrade.events import EventLog
from custgrade.planning import Policy

ROUNDS = 4
CUSTOMERS = 40
DAYS = ("2018-01-15", "2018-02-01", "2018-02-20", "2018-03-25")


def policy() -> Policy:
    """Return a policy with small budgets and a limit of contacts."""
    found = busy()
    small = {grade: evolve(one, budget=60.0) for grade, one in found.treatments.items()}
    return evolve(found, treatments=small, contact_limit=3, contact_days=30, budget_months=1, gift_limit_year=150.0)


def graded(other: int) -> cg.Graded:
    """Return the customers, with other data for each number."""
    base = random_base(np.random.default_rng(1000 + other), [f"c{k}" for k in range(CUSTOMERS)])
    first = random_base(np.random.default_rng(1000), [f"c{k}" for k in range(CUSTOMERS)])
    return cg.scorer("abcd").fit(first).grade(base)


def plan_and_write(url: str, other: int, seed: int) -> tuple[int, int, int]:
    """Plan and write on several days, until nothing is due or ROUNDS are over.

    Returns how many events were written, how many were there already, and how often the log refused.
    """
    rng, log, mine, small = np.random.default_rng(seed), EventLog(url), graded(other), policy()
    written = already = refused = 0
    for day in DAYS:
        # processes with other grades undo what the others enter, so they never come to an end
        for attempt in range(ROUNDS):
            made = cg.plan(mine, small, day, log=log)
            actions = made.actions()
            answers = [k for k, (kind, *_) in enumerate(actions.blocks) if kind == "answer"]
            due = np.flatnonzero((actions.states == 0) & ~np.isin(actions.block, answers))
            if not len(due):
                break
            # large and small parts in turn, so that several processes come through
            part = int(rng.integers(1, len(due) + 1)) if attempt < ROUNDS - 2 else len(due)
            some = np.sort(rng.permutation(due)[:part])
            time.sleep(float(rng.random()) * 0.02)
            try:
                log.enter(made)
                added = log.add(actions.done(day, some))
            except LogError:
                refused += 1
                continue
            written, already = written + added.written, already + added.already
    return written, already, refused


if __name__ == "__main__":
    with guard_once():
        print(*plan_and_write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
