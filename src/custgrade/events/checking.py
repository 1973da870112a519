"""Checking events against what a log says, all at once: what is there already, what may follow, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from custgrade.events.event_columns import NEXT, PARTS, EventColumns, Occasion
from custgrade.events.history import History
from custgrade.events.kinds import GROUPS
from custgrade.events.offer_checks import check_moves
from custgrade.events.refusals import Refusals
from custgrade.events.repeats import groups_of, positions_of, repeated
from custgrade.events.unnumbered import TWICE, Unnumbered
from custgrade.text import counted

Whole = npt.NDArray[np.int64]
_REMARKS = {"author": "", "note": "", "version": ""}
"""What may differ between two rows that say the same."""


@frozen(eq=False)
class Checked:
    """What is to be written.

    fresh: the positions of the events that aren't in the log yet. number: the number of each of them. notes: sentences
    on events that are in the log otherwise than they were given.
    """

    fresh: Whole
    number: Whole
    notes: tuple[str, ...] = ()


def checked(history: History, events: EventColumns, who: Whole, *, late: bool = True, gaps: bool = False) -> Checked:
    """Return the events that aren't in the log yet, with their numbers.

    history: of the customers of the events, without a last day. who: the position of each event's customer in the
    history. late: whether an offer may be signed after its last day, or after it was declined.
    gaps: whether numbers may be missing; each event then has its number.

    Raises LogError for events that can't have happened, or differ from what is recorded.
    """
    refusals = Refusals(events)
    known = history.known
    groups, new_group, old_group = _groups(events, known)
    old = np.column_stack([known.who, old_group, known.number])
    keys = np.column_stack([who, new_group, events.number])
    there = positions_of(old, keys)
    there[events.number == NEXT] = -1
    _check_there(refusals, known, events, there)
    unnumbered = Unnumbered(known, events, who)
    there[unnumbered.rows] = unnumbered.recorded(refusals)
    twice, first = unnumbered.given_before(there)
    _check_twice(refusals, events, keys, there)
    _refuse_different(refusals, events, first, twice, f"; {TWICE}")
    is_fresh = there < 0
    is_fresh[twice] = False
    fresh = np.flatnonzero(is_fresh)
    fresh = fresh[~repeated(keys[fresh]) | (events.number[fresh] == NEXT)]
    number = events.number[fresh].copy()
    offers = groups == "offer"
    counted = ~offers[new_group[fresh]]
    if not gaps:
        number[counted] = _numbers(refusals, events, fresh[counted], new_group, who, old)
    moves = ~counted
    number[moves] = check_moves(refusals, known, events, fresh[moves], who, late=late)
    refusals.refuse()
    notes = (*_other_days(known, events, there), *unnumbered.said_twice(twice))
    return Checked(fresh, number, notes)


def _groups(events: EventColumns, known: History) -> tuple[npt.NDArray[Any], Whole, Whole]:
    """Return the group of each key, and the key of each new and each old event: its group and name, or its move."""
    keys: dict[tuple[str, str, str], int] = {}

    def code(one: Any) -> int:
        group = GROUPS[one.kind]
        # a move of an offer happens once in a round, whatever the other moves are
        return keys.setdefault((group, one.name, one.kind if group == "offer" else ""), len(keys))

    new = np.array([code(one) for one in events.occasions], dtype=np.int64)[events.code]
    old = np.array([code(one) for one in known.occasions], dtype=np.int64)[known.code]
    return np.array([group for group, _, _ in keys], dtype=object), new, old


def _check_there(refusals: Refusals, known: History, events: EventColumns, there: Whole) -> None:
    at = np.flatnonzero(there >= 0)
    other = at[known.cents[there[at]] != events.cents[at]]
    for row in refusals.shown(other):
        old = int(there[row])
        refusals.add(
            row,
            f"it is recorded already, with {known.cents[old] / 100:,.2f} on {known.occasions[known.code[old]].day}; "
            f"received {events.cents[row] / 100:,.2f}",
        )


def _other_days(known: History, events: EventColumns, there: Whole) -> tuple[str, ...]:
    """Return a sentence about events that are recorded with another day, as after a slip in a day."""
    at = np.flatnonzero(there >= 0)
    at = at[known.days[there[at]] != events.days[at]]
    if not len(at):
        return ()
    row = int(at[0])
    one = events.occasions[events.code[row]]
    what = " ".join(part for part in (one.kind, one.name and repr(one.name)) if part)
    return (
        f"{counted(len(at), 'events')} recorded already with another day, such as {what} of customer "
        f"{str(events.customer_id[row])!r} on {known.days[there[row]]}; received {events.days[row]}. If that day is "
        "wrong, void it and add it again",
    )


def _check_twice(refusals: Refusals, events: EventColumns, keys: Whole, there: Whole) -> None:
    """Refuse events with the same key that differ."""
    at = np.flatnonzero((there < 0) & (events.number != NEXT))
    order = at[np.lexsort(keys[at].T[::-1])]
    same = np.flatnonzero((keys[order][1:] == keys[order][:-1]).all(axis=1))
    _refuse_different(refusals, events, order[same], order[same + 1])


def _refuse_different(refusals: Refusals, events: EventColumns, one: Whole, other: Whole, hint: str = "") -> None:
    """Refuse events that differ from another one with the same key."""
    if not len(other):
        return
    alike: dict[Occasion, int] = {}
    codes = [alike.setdefault(evolve(each, **_REMARKS), len(alike)) for each in events.occasions]
    code = np.array(codes, dtype=np.int64)[events.code]
    differ = (events.cents[one] != events.cents[other]) | (code[one] != code[other])
    refused = refusals.shown(other[differ])
    for first, second in zip(one[differ].tolist(), refused, strict=False):
        said = _differences(events, first, second)
        refusals.add(second, f"it is given twice, with {said}{refusals.lines(first, second)}{hint}")


def _differences(events: EventColumns, first: int, second: int) -> str:
    rows = (first, second)
    told = [f"{events.cents[row] / 100:,.2f} on {events.days[row]}" for row in rows]
    if told[0] == told[1]:
        one, other = (events.occasions[events.code[row]] for row in rows)
        name = next(part for part in PARTS if part not in _REMARKS and getattr(one, part) != getattr(other, part))
        told = [f"{name} {getattr(each, name)!r}" for each in (one, other)]
    return " and ".join(told)


def _numbers(refusals: Refusals, events: EventColumns, fresh: Whole, group: Whole, who: Whole, old: Whole) -> Whole:
    """Return the numbers of events that aren't moves of offers; those without a number get the next ones.

    fresh: their positions. old: the keys of the events in the log.
    """
    if not len(fresh):
        return fresh
    of = groups_of(np.concatenate([np.column_stack([who[fresh], group[fresh]]), old[:, :2]]))
    mine, theirs = of[: len(fresh)], of[len(fresh) :]
    most = np.zeros(of.max() + 1, dtype=np.int64)
    np.maximum.at(most, theirs, old[:, 2])
    numbers = events.number[fresh]
    # numbers that are given come first, then the next ones by day, whatever the order of the events
    last = np.where(numbers == NEXT, np.iinfo(np.int64).max, numbers)
    order = np.lexsort((events.cents[fresh], events.days[fresh], last, mine))
    sorted_mine, sorted_numbers = mine[order], numbers[order]
    counts = (sorted_numbers == NEXT) | (sorted_numbers > most[sorted_mine])
    before = np.cumsum(counts)
    start = np.flatnonzero(np.append(True, sorted_mine[1:] != sorted_mine[:-1]))
    base = np.repeat(before[start] - counts[start], np.diff(start, append=len(order)))
    expected = most[sorted_mine] + before - base
    wrong = counts & (sorted_numbers != NEXT) & (sorted_numbers != expected)
    for place in refusals.shown(np.flatnonzero(wrong)):
        newest = int(expected[place]) - 1
        said = f"number {newest} is the last one recorded" if newest else "none is recorded"
        refusals.add(int(fresh[order[place]]), f"{said}, so the next number is {newest + 1}")
    found = np.empty(len(fresh), dtype=np.int64)
    found[order] = np.where(sorted_numbers == NEXT, expected, sorted_numbers)
    return found
