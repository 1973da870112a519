"""A plain RFM scorer, of three axes side by side, keeps every promise of the contract, with and without segments."""

from itertools import product

import custgrade as cg
from custgrade.plugins import Axis, Shares
from custgrade.testing import ScorerContract

FIFTHS = Shares(["1/5"] * 5)
AXES = (
    Axis("recency", "54321", lambda c: -c["recency"], FIFTHS, falls=["recency"]),
    Axis("frequency", "54321", lambda c: c["orders"], FIFTHS, rises=["orders"]),
    Axis("monetary", "54321", lambda c: c["revenue"], FIFTHS, rises=["revenue"]),
)


def segment(recency, frequency, monetary):
    """The usual names of the corners; the middle is called after its recency."""
    if min(recency, frequency, monetary) >= "4":
        return "Champions"
    if recency >= "4":
        return "Promising"
    return "At risk" if max(frequency, monetary) >= "4" else "Asleep"


SEGMENTS = {labels: segment(*labels) for labels in product("54321", repeat=3)}


class TestRfm(ScorerContract):
    """Recency (lower is better), orders and revenue, five equal shares each."""

    examples = 5

    def scorer(self):
        return cg.Scorer(AXES)


class TestSegments(ScorerContract):
    """The same three axes, whose 125 grades have the names of four segments."""

    examples = 5

    def scorer(self):
        return cg.Scorer(AXES, names=SEGMENTS)


def test_the_scorers_are_what_the_checks_are_meant_for():
    """The checks run on 125 grades of three axes and on four segments, and every segment has customers."""
    plain, named = TestRfm().scorer(), TestSegments().scorer()
    assert 125 == len(plain.scale.grades) and {*SEGMENTS.values()} == {*named.scale.grades}
    base = cg.CustomerBase(
        [f"c{k}" for k in range(125)],
        {name: [float(1 + k // 5**place % 5) for k in range(125)] for place, name in enumerate(plain.inputs)},
    )
    assert all(named.fit(base).grade(base).counts()[name] for name in named.scale.grades)
    assert {1} == {plain.fit(base).grade(base).counts()[name] for name in plain.scale.grades}
