"""Random sequences of moves of offers: the log accepts, refuses and derives what an oracle in plain Python does."""

import datetime as dt
import random
import sys
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import STATES, Event, EventLog, OfferTerms
from custgrade.events.rounds import rounds_of

sys.path.insert(0, str(Path(__file__).parent))
try:
    from offer_oracle import ORDER, Customer, RefusedError, may_follow
finally:
    sys.path.pop(0)

TERMS = [
    "",
    OfferTerms(what="a price").text(),
    OfferTerms(what="a package", days=60, to="a partner").text(),
    OfferTerms(what="a partner", days=60, silence="transition", to="a partner").text(),
    OfferTerms(what="a partner", days=60, silence="transition", moved=2).text(),
]


def walk(random_, customer, length):
    """Return moves of a customer, in order of days, most of which may follow one another."""
    oracle, day, found, name = Customer(), dt.date(2026, 1, 1), [], "price"
    for _ in range(length):
        day += dt.timedelta(days=random_.choice([0, 0, 1, 5, 14, 15, 20, 28, 29, 60]))
        sensible = sorted(may_follow(oracle.state(day)))
        kind = random_.choice(sensible) if random_.random() < 0.93 else random_.choice(ORDER)
        until = None
        if kind in ("offered", "transition"):
            length_ = random_.choice(
                [14, 14, 20, 28, 28, 13, 29, 30, 31, 180, 183] if random_.random() < 0.2 else [14, 21, 28]
            )
            until = None if random_.random() < 0.02 else day + dt.timedelta(days=length_)
        if kind == "explained":
            name = random_.choice(["price", "package"])
        terms = random_.choice(TERMS) if kind == "offered" else ""
        event = Event(customer, kind, name if random_.random() < 0.98 else "other", day, until=until, terms=terms)
        try:
            oracle = oracle.add([event])
            number = max(oracle.rounds)
        except RefusedError:
            number = max(oracle.rounds, default=0) + random_.choice([0, 1])
        given = random_.choice([None, number or None]) if random_.random() < 0.95 else random_.choice([1, 2, 3])
        found.append(evolve(event, number=given))
    return found


def batches(random_, events):
    """Return events, in order of days, cut into batches, each in any order, some with the same event twice."""
    cuts = sorted(random_.sample(range(1, len(events)), min(random_.choice([0, 1, 2, 4, 99]), len(events) - 1)))
    found = [events[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]
    for batch in found:
        batch += [one for one in batch if random_.random() < 0.1]
        random_.shuffle(batch)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_log_accepts_what_the_oracle_accepts(log_url, seed):
    """Batches of moves of several customers: the same are refused, and the same states follow on each day."""
    log = EventLog(log_url)
    random_ = random.Random(seed)
    accepted = refused = 0
    oracles = {}
    for sequence in range(25):
        mine = {f"{sequence}-{one}": Customer() for one in range(random_.choice([1, 1, 2, 3]))}
        events = [one for customer in mine for one in walk(random_, customer, random_.choice([4, 8, 12]))]
        events.sort(key=lambda one: one.day)
        for batch in batches(random_, events):
            late = random_.random() < 0.9
            try:
                after = {
                    customer: oracle.add([one for one in batch if one.customer_id == customer], late=late)
                    for customer, oracle in mine.items()
                }
                expected = None
            except RefusedError as error:
                expected = error
            if expected is None:
                added = log.add(batch, late=late)
                written = sum(len(moves) for one in after.values() for moves in one.rounds.values())
                written -= sum(len(moves) for one in mine.values() for moves in one.rounds.values())
                assert (added.written, added.already) == (written, len(batch) - written)
                mine, accepted = after, accepted + 1
            else:
                with pytest.raises(LogError):
                    log.add(batch, late=late)
                refused += 1
        oracles |= mine
    assert accepted > 40
    assert refused > 20
    recorded = {(one.customer_id, one.number, one.kind, one.day) for one in log.events()}
    expected = {
        (customer, number, one.kind, one.day)
        for customer, oracle in oracles.items()
        for number, moves in oracle.rounds.items()
        for one in moves
    }
    assert expected == recorded
    history = log.history(np.array(list(oracles), dtype=np.dtypes.StringDType()))
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=k) for k in (0, 30, 100, 400, 3000)]
    for day in [max(one.last_day for one in oracles.values()), *days]:
        rounds = rounds_of(history.take(history.days <= np.datetime64(day)), np.datetime64(day))
        states = ["none"] * len(oracles)
        for row, state in zip(rounds.rows.tolist(), rounds.state.tolist(), strict=True):
            states[row] = STATES[state]
        assert states == [until(oracle, day).state(day) for oracle in oracles.values()]


def until(oracle, day):
    found = Customer()
    for number, moves in oracle.rounds.items():
        if known := [one for one in moves if one.day <= day]:
            found.rounds[number] = known
    return found
