"""Ways up say the whole grade that they lead to: several axes, named segments, the best grade, and plain words."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.plugins import Axis, Thresholds
from custgrade.testing import ContractBrokenError, ScorerContract
from custgrade.testing.checks import ways_up as checks
from custgrade.testing.subject import Subject

sys.path.insert(0, str(Path(__file__).parent))
try:
    from schemes import example, made_up, rfm, sale_and_frequency, segments, shared_scorecard
finally:
    sys.path.pop(0)


def test_no_way_up_where_an_axis_is_ungraded() -> None:
    """C-0235 has revenue and no margin, so it isn't graded, and no change of revenue is told."""
    base = example()
    ways = cg.way_up(cg.scorer("matrix3x3").fit(base), base)
    row = base.position_of("C-0235")
    assert ways.sentences(row)[0].startswith("Not graded")
    ungraded = ways.graded.grades == ""
    assert 0 < ungraded.sum()
    for name, column in ways.columns().items():
        empty = column[ungraded] == "" if column.dtype.kind == "T" else np.isnan(column[ungraded])
        assert empty.all(), name
    assert not any(list(ways.moves(row)) for row in np.flatnonzero(ungraded).tolist())


def test_the_grade_is_that_after_the_move() -> None:
    """More revenue makes a Medium customer Large, and its margin, now smaller and compared with others, Low."""
    base = cg.CustomerBase(
        [f"c{k}" for k in range(9)],
        {
            "revenue": [900.0, 800.0, 700.0, 600.0, 500.0, 400.0, 30.0, 20.0, 10.0],
            "profit": [450.0, 320.0, 210.0, 60.0, 100.0, 120.0, 3.0, 3.0, 3.0],
        },
    )
    model = cg.scorer("matrix3x3").fit(base)
    ways = cg.way_up(model, base, on="2026-01-01")
    assert "Medium/Low" == ways.graded.grade_at(3)
    assert "Raise revenue by 100.00 to 700.00 to reach Large/Low." in ways.sentences(3)
    columns = ways.columns()
    assert (700.0, 100.0, "Large/Low") == tuple(
        columns[f"revenue_revenue_{part}"][3] for part in ("to", "change", "grade")
    )


def test_a_class_that_is_left_is_come_back_to() -> None:
    """At 10 the first axis is better and the second worse, which is at least 11 from 20 again at 31."""
    first = Axis("first", "AB", lambda c: c["profit"], Thresholds((10.0,)), rises=["profit"])
    second = Axis("second", "AB", lambda c: np.abs(c["profit"] - 20.0), Thresholds((11.0,)))
    base = cg.CustomerBase(["c0"], {"profit": [0.0]})
    ways = cg.way_up(cg.Scorer([first, second]).fit(base), base, on="2026-01-01")
    assert [31.0] == ways.axes["first"].to["profit"].tolist()


def test_a_gap_in_a_nested_axis_is_passed() -> None:
    """At 4 the first axis is better, but the one within it is unknown from 3 to 5."""
    first = Axis("first", "AB", lambda c: c["profit"], Thresholds((4.0,)), rises=["profit"])
    second = Axis(
        "second",
        "AB",
        lambda c: np.where(
            c["profit"] < 5.0, np.floor(np.where(c["profit"] < 3.0, c["revenue"], math.nan)) / 2.0, c["revenue"]
        ),
        Thresholds((1.0,)),
        within="first",
    )
    base = cg.CustomerBase(["c0", "c1"], {"profit": [0.0, 9.0], "revenue": [8.0, 8.0]})
    ways = cg.way_up(cg.Scorer([first, second]).fit(base), base, on="2026-01-01")
    assert 5.0 == ways.axes["first"].to["profit"][0]


def test_segments_change_or_no_way_is_told() -> None:
    """Every way leads to a segment of another name; Champions hear that theirs is the best, and nobody else does."""
    base = made_up(400, 4)
    model = rfm(segments()).fit(base)
    ways = cg.way_up(model, base, on="2026-01-01")
    for row, grade in enumerate(ways.graded.grades.tolist()):
        assert (grade == "Champions") == (ways.sentences(row) == ["This is the best grade."])
        for _, reached, moves in ways.moves(row):
            values = {name: float(column[row]) for name, column in base.columns.items()}
            after = model.grade_one({n: values[n] for n in model.scorer.inputs} | {m.field.name: m.to for m in moves})
            assert reached == after.grade != grade


def test_a_change_that_leads_up_on_two_axes_is_told_once() -> None:
    """Revenue alone decides two axes side by side: raising it to 10 is one way up, to the best of both."""
    axes = [Axis(name, "AB", lambda c: c["revenue"], Thresholds((10.0,)), rises=["revenue"]) for name in ("one", "two")]
    base = cg.CustomerBase(["a"], {"revenue": [4.0]})
    ways = cg.way_up(cg.Scorer(axes).fit(base), base, on="2026-01-01")
    assert ["Raise revenue by 6.00 to 10.00 to reach A/A."] == ways.sentences(0)[:-1]


def test_what_makes_another_axis_worse_is_no_way() -> None:
    """Orders are better on one axis and worse on the other, which are side by side: there is no way in them."""
    axes = [
        Axis("many", "AB", lambda c: c["orders"], Thresholds((5.0,)), rises=["orders"]),
        Axis("few", "AB", lambda c: -c["orders"], Thresholds((-4.0,)), falls=["orders"]),
    ]
    base = cg.CustomerBase(["a", "b"], {"orders": [4.0, 5.0]})
    ways = cg.way_up(cg.Scorer(axes).fit(base), base, on="2026-01-01")
    none = "No change of a single field that can be influenced reaches a better grade."
    assert [none, "This holds from 2026-01-01 to 2026-04-01."] == ways.sentences(0)
    assert ways.sentences(0) == ways.sentences(1)


@pytest.mark.parametrize(
    ("value", "needed", "said"),
    [
        (-24.4, -14.32, "Reduce the loss by 10.08 EUR to 14.32 EUR to reach A."),
        (-24.4, 14.58, "Turn the loss of 24.40 EUR into a profit of 14.58 EUR to reach A."),
        (-24.4, 0.0, "Reduce the loss by 24.40 EUR to 0.00 EUR to reach A."),
        (2.0, 14.58, "Raise profit by 12.58 EUR to 14.58 EUR to reach A."),
    ],
)
def test_losses_in_plain_words(value: float, needed: float, said: str) -> None:
    """A profit below 0 is called a loss."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((needed,)), rises=["profit"])
    base = cg.CustomerBase(["a"], {"profit": [value]}, currency="EUR")
    assert said == cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01").sentences(0)[0]


def test_a_score_that_hides_what_a_field_does_claims_nothing() -> None:
    """With traceable=False, fields are moved that the axis is declared to rise or fall with, and no others."""
    axis = Axis(
        "grade",
        "AB",
        lambda c: c["effort"] - c["complaints"],
        Thresholds((10.0,)),
        rises=["effort"],
        traceable=False,
        needs=["effort", "complaints"],
    )
    base = cg.CustomerBase(["a"], {"effort": [2.0], "complaints": [1.0]})
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert ("effort",) == ways.axes["grade"].fields
    assert ["No change was found that reaches a better grade."] == ways.sentences(0)[:-1]


def test_values_outside_the_bounds_are_moved_into_them() -> None:
    """A rating of 0.5 is below the scale of 1 to 5; what is told is on the scale."""
    axis = Axis("grade", "AB", lambda c: c["effort"], Thresholds((0.8,)), rises=["effort"])
    base = cg.CustomerBase(["a"], {"effort": [0.5]})
    ways = cg.way_up(cg.Scorer([axis]).fit(base), base, on="2026-01-01")
    assert [1.0] == ways.axes["grade"].to["effort"].tolist()


def middle_of_three() -> cg.Scorer:
    """Best in the middle of a field, by a score that is declared to rise with another only."""

    def score(c: dict[str, float]) -> float:
        return np.where((c["effort"] >= 2.0) & (c["effort"] <= 3.0), 10.0, 0.0) + c["needs_met"]  # type: ignore[return-value]

    return cg.Scorer([Axis("grade", "ABC", score, Thresholds((13.0, 4.0)), rises=["needs_met"])])


@pytest.mark.parametrize("value", [1.0, 2.5, 5.0, math.nan])
def test_a_band_is_reached_from_both_sides(value: float) -> None:
    """From 1.0 the effort is raised to 2.0, from 5.0 it is lowered to 3.0."""
    base = cg.CustomerBase(["a"], {"effort": [value], "needs_met": [3.0]})
    to = cg.way_up(middle_of_three().fit(base), base, on="2026-01-01").axes["grade"].to["effort"]
    assert {1.0: 2.0, 5.0: 3.0}.get(value) == (None if np.isnan(to[0]) else to[0])


@pytest.mark.parametrize(
    "made",
    [rfm, lambda: rfm(segments()), sale_and_frequency, shared_scorecard, middle_of_three],
    ids=["three axes", "segments", "shared fields", "scorecard", "a band"],
)
def test_the_kit_passes_right_scorers(made: Callable[[], cg.Scorer]) -> None:
    """Axes side by side, named segments, shared fields and a score that is best in the middle break no promise."""

    class Right(ScorerContract):
        examples = 10

        def scorer(self) -> cg.Scorer:
            return made()

    Right().test_3_a_way_up_leads_up()


def test_the_kit_blames_a_score_that_depends_on_other_customers() -> None:
    """A hidden score that looks at how many are graded leads elsewhere when some are graded without the others."""
    axis = Axis(
        "grade",
        "AB",
        lambda c: c["effort"] + (3.0 if len(c["effort"]) > 1 else 0.0),
        Thresholds((4.5,)),
        rises=["effort"],
        traceable=False,
        needs=["effort"],
    )
    with pytest.raises(ContractBrokenError, match="the scorer breaks promise 3, a way up leads up"):
        checks.a_way_up_leads_up_in_samples(Subject(lambda: cg.Scorer([axis])))


def test_the_kit_blames_custgrade_for_a_wrong_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A way to a grade that isn't reached is no fault of a scorer that keeps the contract."""
    real = checks.way_up

    def wrong(*given: Any, **named: Any) -> cg.WaysUp:
        ways = real(*given, **named)
        for axis in ways.axes.values():
            for column in axis.reached.values():
                column.flags.writeable = True
                column[:] = 0
        return ways

    monkeypatch.setattr(checks, "way_up", wrong)
    with pytest.raises(ContractBrokenError, match="by custgrade's search for ways up, not by the scorer"):
        checks.a_way_up_leads_up_in_samples(Subject(lambda: cg.scorer("abcde")))
