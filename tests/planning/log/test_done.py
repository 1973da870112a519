"""Which actions are recorded as done: positions or truth values, and nothing that is only like them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_policy import graded, policy

import custgrade as cg
from custgrade.errors import LogError, PolicyError


@pytest.fixture(scope="module")
def actions() -> Any:
    return cg.plan(graded("AB"), policy(), "2026-01-31").actions()


def test_positions_and_truth_values(actions: Any) -> None:
    """Both name the same actions; nothing is nothing."""
    due = actions.states == 0
    assert len(actions.done("2026-01-31", due)) == len(actions.done("2026-01-31", np.flatnonzero(due)))
    assert len(actions.done("2026-01-31", [])) == 0


@pytest.mark.parametrize(
    "which",
    [
        "x",
        0,
        1.5,
        [0.5],
        [np.nan],
        [-1],
        [10**9],
        [0, 0],
        [True] * 99,
        [None],
        {},
        [[0]],
        ["0"],
        [[0], [0, 1]],
        object,
    ],
    ids=str,
)
def test_what_names_no_actions(actions: Any, which: Any) -> None:
    """Neither a position from the end, nor half of one, nor truth values for other actions."""
    with pytest.raises(LogError, match="position"):
        actions.done("2026-01-31", which)


def test_a_log_that_was_not_opened() -> None:
    """The class of logs is no log."""
    from custgrade.events import EventLog

    with pytest.raises(PolicyError, match="log must be a log of events"):
        cg.plan(graded("AB"), policy(), "2026-01-31", log=EventLog)  # type: ignore[arg-type]
