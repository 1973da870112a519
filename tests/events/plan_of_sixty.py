"""A small shop whose ids a spreadsheet would change, and the actions of its plans as files that come back filled in."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from attrs import evolve

import custgrade as cg
from custgrade.events import EventLog

Row = dict[str, str]
IDS = [*(f"{k:03d}" for k in range(52)), "1e5", "3-4", "123456789012", "=1+1", "2026-01-31", "C-0017", "MAR-5", "Ünï x"]


def graded() -> cg.Graded:
    """Return sixty customers with grades, the same every time."""
    numbers, size = np.random.default_rng(1), len(IDS)
    revenue = np.round(numbers.gamma(2, 800, size), 2)
    columns = {
        "revenue": revenue,
        "profit": np.round(revenue * numbers.normal(0.1, 0.2, size), 2),
        "orders": numbers.integers(1, 12, size),
        "product_mix": numbers.integers(1, 4, size),
        "consent": numbers.choice([0.0, 1.0, np.nan], size),
        "recency": numbers.integers(0, 300, size),
    }
    period = cg.Period("2017-12-31", "2017-01-01", "2017-12-31")
    base = cg.CustomerBase(ids=IDS, columns=columns, period=period, currency="EUR")
    return cg.scorer("abcd").fit(base).grade(base)


def entered(log: EventLog, day: str, policy: str = "ideal-mix") -> cg.Plan:
    """Return a plan that is recorded in a log."""
    plan = cg.plan(graded(), cg.policy(policy), day, log=log)
    return evolve(plan, revision=log.enter(plan).revision)


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[Row], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as a CSV file, and return its path."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def is_due(row: Row) -> bool:
    """Return whether an action is due and no answer."""
    return row["state"] == "due" and row["kind"] != "answer"


def filled(rows: list[Row], day: str, which: Callable[[Row], bool] = is_due) -> list[Row]:
    """Return the rows with the day on which some were done."""
    return [{**row, "done_on": day} if which(row) else row for row in rows]
