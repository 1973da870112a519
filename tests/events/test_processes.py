"""Several processes on one log, and processes that are killed while they write."""

import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from custgrade.events import EventLog

SCRIPT = Path(__file__).parent / "writing_process.py"
SIZE, TURNS, PROCESSES, BUDGETED = 20, 15, 4, 25


def started(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process):
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(out)


def test_four_processes_at_once(log_url):
    """Four processes create one log and write the same and other events: no double, all told, the budget kept.

    A reader meanwhile sees whole batches only.
    """
    log = EventLog(log_url)
    processes = [started("race", log_url, f"P{k}") for k in range(PROCESSES)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    reads = [(0, 0)]
    while any(process.poll() is None for process in processes):
        history = log.history(["C-1"])
        reads.append((history.revision, len(history)))
        # columns of all events are read in a small part of the time that events one by one take
        if len(reads) % 5 == 0:
            assert len(list(log.events())) % SIZE == 0
        with contextlib.suppress(subprocess.TimeoutExpired):
            processes[0].wait(0.02)
    told = sum((Counter(said(process)) for process in processes), Counter())
    assert reads == sorted(reads)
    assert all(size % SIZE == 0 for _, size in reads)
    turns = SIZE * TURNS
    expected = {
        "same written": turns,
        "same already": turns * (PROCESSES - 1),
        "own written": turns * PROCESSES,
        "offer written": turns,
        "offer refused": TURNS * (PROCESSES - 1),
        "budget written": SIZE * BUDGETED,
        "budget refused": TURNS * PROCESSES - BUDGETED,
    }
    assert expected == dict(+told)
    assert len(list(log.events())) == sum(number for what, number in expected.items() if "written" in what)
    assert log.revision == TURNS * (1 + PROCESSES + 1) + BUDGETED


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_killed_process_leaves_a_whole_log(log_url):
    """After each of 50 kills the next write works at once; each batch is there with all its events or none."""
    times = 50
    found = said(started("killed", log_url, times, 1))
    assert found["sizes"] == [1000]
    assert found["batches"] > 5
    assert found["revision"] == found["batches"] + times
    assert found["slowest"] < 10
