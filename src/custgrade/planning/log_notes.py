"""What a plan must say of its log: events that don't count, and customers who aren't in the data."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np

from custgrade.data.ids import Ids
from custgrade.events.forgotten import is_forgotten
from custgrade.events.history import NOBODY, History
from custgrade.events.kinds import RUN
from custgrade.text import counted, listed

_MOST_COMPARED = 20_000
"""The number of customers above which the nearest ids aren't looked for."""


def log_notes(history: History, ids: Ids) -> list[str]:
    """Return sentences about events after the day of the plan, and about customers who aren't in the data."""
    notes = []
    if history.later:
        notes.append(f"the log has {counted(history.later, 'events')} after the day of the plan, left out here")
    strange = int(np.sum((history.who == NOBODY) & history.each(lambda one: one.kind != RUN, bool)))
    if strange and history.strangers:
        said = [_nearest(one, ids) for one in history.strangers if not is_forgotten(one)]
        notes.append(
            f"the log has {counted(strange, 'events')} of customers who aren't in the data, such as {listed(said)}. "
            "If an id has changed, record it: custgrade events alias OLD NEW"
        )
    return notes


def _nearest(identity: str, ids: Ids) -> str:
    near = get_close_matches(identity, ids.tolist(), 1, 0.8) if len(ids) <= _MOST_COMPARED else []
    return f"{identity!r} (the nearest id is {near[0]!r})" if near else repr(identity)
