"""Plans that are run again and again: what must hold after any sequence of runs, writes, answers and mistakes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from random_worlds import SCORERS, busy, random_base, random_policy
from sequences import Sequence, actions_of, due, guard_once

import custgrade as cg
from custgrade.errors import LogError, RespectError
from custgrade.events import EventLog
from custgrade.planning import Policy

PART, PARTS = 10, 30
IN_MEMORY = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
"""A database in memory that is emptied after each use; an engine compiles each statement only once."""
ON = "2018-01-31"


def _graded(policy: str, seed: int = 7) -> cg.Graded:
    base = random_base(np.random.default_rng(seed), [f"c{k}" for k in range(60)])
    return cg.scorer(SCORERS[policy]).fit(base).grade(base)


def _policy(name: str) -> Policy:
    return busy() if name == "busy" else random_policy(np.random.default_rng(5), name)


def _run(seed: int, engine: sa.Engine) -> None:
    try:
        Sequence(seed, engine).run()
    except Exception as error:
        error.add_note(f"the sequence with seed {seed} fails: python tests/planning/log/many_sequences.py 1 {seed}")
        raise


@pytest.mark.parametrize("part", range(PARTS))
def test_any_sequence_of_runs_keeps_the_promises(part: int) -> None:
    """Nothing is done twice or lost, and budgets, limits, windows and notices are kept, in any sequence of runs."""
    first = int(os.environ.get("CUSTGRADE_FIRST_SEQUENCE", "0"))
    for seed in range(first + part * PART, first + (part + 1) * PART):
        _run(seed, IN_MEMORY)
        IN_MEMORY.dispose()


@pytest.mark.parametrize("seed", range(20_000, 20_006))
def test_sequences_keep_the_promises_on_both_databases(seed: int, log_url: str) -> None:
    """The same holds in a file of SQLite and on PostgreSQL."""
    engine = sa.create_engine(log_url, poolclass=sa.NullPool)
    _run(seed, engine)
    engine.dispose()


@pytest.mark.parametrize("name", SCORERS)
def test_no_log_a_missing_one_and_an_empty_one_give_the_same_plan(name: str, tmp_path: Path) -> None:
    """A log that doesn't exist yet and one without events give the plan that is made without a log."""
    graded, policy = _graded(name), _policy(name)
    empty = EventLog(tmp_path / "empty.db")
    empty.upgrade()
    found = []
    for log in (None, EventLog(tmp_path / "missing.db"), empty):
        try:
            made = cg.plan(graded, policy, ON, log=log)
        except RespectError as error:
            found.append(str(error))
            continue
        columns = {one: column.tolist() for one, column in made.actions().to_dict().items() if one != "revision"}
        found.append(str(columns) + str({one: column.tolist() for one, column in made.columns().items()}))
    assert found[0] == found[1] == found[2]
    assert not (tmp_path / "missing.db").exists()


def _rewards(log: EventLog) -> dict[tuple[str, str, Any], Any]:
    return {(one.customer_id, one.name, one.due): one.day for one in log.events() if one.kind in ("gift", "newsletter")}


@cache
def _given(step: int) -> dict[tuple[str, str, Any], Any]:
    """Return the day of each reward if a plan is made and done every so many days."""
    graded, policy = _graded("golden-list", 3), cg.policy("golden-list", budgets=dict.fromkeys("ABCDE", 1e6))
    log = EventLog(sa.create_engine("sqlite://", poolclass=sa.StaticPool))
    with guard_once():
        for day in np.arange(np.datetime64(ON), np.datetime64("2018-09-15"), step):
            made = cg.plan(graded, policy, str(day), log=log, horizon=1)
            log.enter(made)
            log.add(made.actions().done(str(day)))
    return _rewards(log)


@pytest.mark.parametrize("every", [2, 7])
def test_daily_runs_give_the_rewards_of_rare_runs(every: int) -> None:
    """Runs once a week give the same slots of rewards as daily ones, at most six days later."""
    daily, rare = _given(1), _given(every)
    last = max(rare.values())
    assert {key for key, day in daily.items() if day <= last} == rare.keys()
    assert len(rare) > 100
    delays = [(rare[key] - daily[key]).days for key in rare]
    assert 0 <= min(delays) and max(delays) < every


def test_a_plan_that_is_never_entered_gives_nothing_twice() -> None:
    """Without a recorded plan, what was done counts all the same: dates, budgets and notices stay."""
    graded, policy = _graded("busy"), random_policy(np.random.default_rng(1), "busy")
    log = EventLog(sa.create_engine("sqlite://", poolclass=sa.StaticPool))
    for day in ("2018-01-31", "2018-02-03", "2018-02-10"):
        made = cg.plan(graded, policy, day, log=log)
        log.add(made.actions().done(day))
        assert not due(actions_of(cg.plan(graded, policy, day, log=log)))
        assert str(made.since) == "2018-01-31"


def test_a_gift_from_an_old_plan_is_refused_while_an_offer_is_under_way() -> None:
    """A gift that was due before an offer began is refused during it, and the refusal says so."""
    graded, policy = _graded("busy"), busy()
    log = EventLog(sa.create_engine("sqlite://", poolclass=sa.StaticPool))
    made = cg.plan(graded, policy, ON, log=log)
    log.enter(made)
    actions = made.actions()
    kinds = np.array([kind for kind, *_ in actions.blocks], dtype=object)[actions.block]
    offered = set(actions.rows[(kinds == "explain") & (actions.states == 0)].tolist())
    assert offered, "somebody gets an offer"
    waits = {int(row) for row, state in zip(actions.rows, actions.states, strict=True) if state == 2}
    assert offered & waits, "gifts wait on the day on which an offer begins"
    old = cg.plan(graded, policy, "2018-02-27", log=log).actions()
    gift = np.flatnonzero((np.array([kind for kind, *_ in old.blocks])[old.block] == "gift") & (old.states == 0))[:1]
    who = str(old.plan.graded.base.ids[old.rows[gift[0]]])
    log.add(cg.events.Event(who, "explained", "terms", "2018-02-28", policy="busy"))
    with pytest.raises(LogError, match=f"{who}.*gift on 2018-02-28, while an offer is under way"):
        log.add(old.done("2018-02-28", gift))
