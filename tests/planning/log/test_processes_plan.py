"""Several processes that plan from one log and write to it at once, also when some are killed."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from log_rows import Promises, rows_of
from sequences import actions_of, due
from writing_processes import DAYS, graded, plan_and_write, policy

import custgrade as cg
from custgrade.events import EventLog

_SCRIPT = Path(__file__).parent / "writing_processes.py"


def _check(url: str) -> None:
    """Fail unless the log keeps everything."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    rows = rows_of(engine)
    engine.dispose()
    assert len(rows) > 200
    assert {"gift", "newsletter", "explained", "contact"} <= {row["kind"] for row in rows}
    Promises({"busy": policy()}, {"busy": dt.date.fromisoformat(DAYS[0])}).check(rows)


def _start(url: str, other: int, seed: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(_SCRIPT), url, str(other), str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("others", [(0, 0, 0, 0), (0, 1, 2, 3)])
def test_processes_that_plan_at_once_keep_the_promises(log_url: str, others: tuple[int, ...]) -> None:
    """With the same and with other grades in each, nothing is done twice, and in the end nothing is due."""
    # the programme begins with a plan that is recorded before
    log = EventLog(log_url)
    log.enter(cg.plan(graded(0), policy(), DAYS[0], log=log))
    processes = [_start(log_url, other, seed) for seed, other in enumerate(others)]
    counts = []
    for one in processes:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
        counts.append([int(number) for number in out.split()])
    written, already, refused = np.sum(counts, axis=0).tolist()
    assert written > 100
    assert already + refused > 0, "processes met"
    _check(log_url)
    # what a process with other grades has left is done by a last run
    plan_and_write(log_url, 0, 99)
    assert not due(actions_of(cg.plan(graded(0), policy(), DAYS[-1], log=log)))
    _check(log_url)


def test_processes_that_are_killed_leave_a_log_that_keeps_the_promises(log_url: str) -> None:
    """After kill -9 of planning processes at random moments, the rest is done by the next run, and nothing twice."""
    log, rng = EventLog(log_url), np.random.default_rng(3)
    log.enter(cg.plan(graded(0), policy(), DAYS[0], log=log))
    for seed in range(4):
        process = _start(log_url, 0, seed)
        revision, end = log.revision, time.monotonic() + 60
        while log.revision == revision and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(float(rng.random()) * 0.15)
        process.kill()
        process.communicate()
    plan_and_write(log_url, 0, 99)
    _check(log_url)
    assert not due(actions_of(cg.plan(graded(0), policy(), DAYS[-1], log=log)))
