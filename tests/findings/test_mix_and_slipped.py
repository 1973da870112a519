"""The distance to a target mix, and who has slipped, against other ways to compute them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import ParameterError
from custgrade.findings import slipped, target_mix

NAN = math.nan
Graded = Callable[..., cg.Graded]
MIX = {"A": 3.0, "B": 2.0, "C": 1.0, "": NAN}


@settings(max_examples=200, deadline=None)
@given(grades=st.lists(st.sampled_from(["A", "B", "C", ""]), max_size=12), parts=st.tuples(*[st.integers(0, 9)] * 3))
def test_the_distance_is_what_the_mixes_do_not_share(grades: list[str], parts: Any, graded: Graded) -> None:
    """1 − Σ min(share, target) is the distance; ungraded customers aren't counted."""
    whole = sum(parts) or 1
    target = {
        grade: Fraction(part, whole) for grade, part in zip("ABC", parts if sum(parts) else (1, 0, 0), strict=True)
    }
    found = target_mix(graded([MIX[grade] for grade in grades]), target)
    counts = Counter(grade for grade in grades if grade)
    size = sum(counts.values())
    assert [row[1] for row in found.rows] == [counts[grade] for grade in "ABC"]
    if not size:
        assert found.says == ("No customer has a grade.",)
        return
    common = sum(min(Fraction(counts[grade], size), target[grade]) for grade in "ABC")
    differences = [row[4] for row in found.rows]
    assert sum(abs(one) for one in differences) / 2 == pytest.approx(float(1 - common), abs=1e-12)
    assert found.says[0].startswith(f"{round(100 * float(1 - common), 1):g} % of the ")
    assert any(note.startswith("not counted: ") for note in found.notes) == (size < len(grades))


def test_the_target_may_be_grades_in_any_proportion(graded: Graded) -> None:
    """All in A and B: the distance is the share of the others."""
    some = graded([3.0, 2.0, 2.0, 1.0])
    assert target_mix(some, ["A", "B"]).says[0] == "25 % of the 4 graded customers would have to change their grade."
    assert target_mix(some, ["A"]).says[0] == "75 % of the 4 graded customers would have to change their grade."
    assert [row[3] for row in target_mix(some, ["A", "B"]).rows] == [None, None, 0.0]


def test_without_a_target_the_mix_is_shown(graded: Graded) -> None:
    """Nobody ordered a mix, so nothing is said of a distance, and a hint says how to give a target."""
    found = target_mix(graded([3.0, 2.0, 2.0, 1.0]))
    assert found.title == "What is the mix of grades?"
    assert found.says == ("The mix of the 4 graded customers is 25 % A, 50 % B, 25 % C.",)
    assert [row[3:] for row in found.rows] == [(None, None)] * 3
    (hint,) = found.hints
    assert "target={'A': 0.5, 'B': 0.5}" in hint.python
    assert "--set 'target={A = 0.5, B = 0.5}'" in hint.option


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"A": 0.5}, "the shares must add up to 1; received {'A': 0.5}, in all 0.5"),
        ({"A": 0.5, "E": 0.5}, "there is no grade 'E'; there are A, B, C"),
        ({"A": 2, "B": -1}, "the share of A must be from 0 to 1; received 2"),
        ({"A": "all"}, "the share of A must be from 0 to 1; received 'all'"),
        (["D"], "there is no grade 'D'"),
        ([], "at least one grade"),
        ("AB", "shares by grade"),
        (7, "shares by grade"),
    ],
)
def test_a_wrong_target_is_refused(target: Any, says: str, graded: Graded) -> None:
    """The error names what was received, and the grades that there are."""
    with pytest.raises(ParameterError) as caught:
        target_mix(graded([3.0]), target)
    assert says in str(caught.value)


def test_a_mix_by_shares_never_moves(synthetic: cg.CustomerBase) -> None:
    """The trap: fitted again, a model by shares gives the same mix; the frozen one shows the change."""
    better = synthetic.with_columns(profit=synthetic["profit"] * 3.0)
    scorer = cg.scorer("abcde", by="profit")
    frozen = scorer.fit(synthetic)
    before, again = target_mix(frozen.grade(synthetic)), target_mix(scorer.fit(better).grade(better))
    assert before.rows == again.rows
    assert target_mix(frozen.grade(better)).rows != before.rows
    assert "by one saved model" in before.notes[0]


customers = st.dictionaries(
    st.sampled_from([f"c{k}" for k in range(8)]), st.tuples(st.sampled_from("ABC "), st.integers(-500, 2000))
)


@settings(max_examples=200, deadline=None)
@given(then=customers, now=customers)
def test_slipped_is_a_loop_over_both(then: Any, now: Any, graded: Graded) -> None:
    """Each customer of both bases whose grade is worse now is counted, with the money of both dates."""

    def made(some: Any) -> cg.Graded:
        mix = [MIX[grade.strip()] for grade, _ in some.values()]
        return graded(mix, ids=list(some), revenue=[cents / 100 for _, cents in some.values()])

    found = slipped(made(now), made(then))
    expected: dict[Any, list[Any]] = {}
    for who in now:
        if who in then and "A" <= then[who][0] < now[who][0]:
            one = expected.setdefault((then[who][0], now[who][0]), [0, Fraction(0), Fraction(0)])
            one[0] += 1
            one[1] += Fraction(then[who][1], 100)
            one[2] += Fraction(now[who][1], 100)
    assert {row[:2]: list(row[2:5]) for row in found.rows} == {
        pair: [count, float(before), float(after)] for pair, (count, before, after) in expected.items()
    }
    assert [row[4] for row in found.rows] == sorted((row[4] for row in found.rows), reverse=True)
    down = [who in then and "A" <= then[who][0] < now[who][0] for who in now]
    assert found.per_customer["slipped"].tolist() == down
    lost = sum(now[who][0] == " " and then[who][0] != " " for who in now if who in then)
    assert bool(lost) == any("it is unknown whether they slipped" in note for note in found.notes)


def test_slipped_knows_other_scales_and_currencies(graded: Graded, synthetic: cg.CustomerBase) -> None:
    """Grades of another scale, or money of another currency, can't be compared."""
    other = cg.scorer("abcde").fit(synthetic).grade(synthetic)
    with pytest.raises(ParameterError, match="another scale, A, B, C, D, E; it must be A, B, C"):
        slipped(graded([3.0]), other)
    with pytest.raises(ParameterError, match="the earlier amounts are in USD, those now in EUR"):
        slipped(graded([3.0]), graded([3.0], currency="USD"))
    alone = slipped(graded([3.0]))
    assert alone.notes == ("unknown, as no earlier grades are given",)
    assert ("before=" in alone.hints[0].python, "--before FILE" in alone.hints[0].option) == (True, True)
    assert "before=" not in alone.hints[0].option


def test_slipped_notices_another_model(synthetic: cg.CustomerBase) -> None:
    """Boundaries that have moved, and learned numbers that differ, are named; one model isn't suspected."""
    poorer = synthetic.with_columns(profit=synthetic["profit"] / 2.0)
    scorer = cg.scorer("abcde", by="profit")
    one, other = scorer.fit(synthetic), scorer.fit(poorer)
    same = slipped(one.grade(poorer), one.grade(synthetic))
    assert "nothing in them shows that they aren't" in same.notes[0]
    moved = slipped(other.grade(poorer), one.grade(synthetic))
    assert "the boundaries of grade have moved" in moved.notes[0]
    now = one.grade(synthetic)
    learned = slipped(evolve(now, learned={"floor": 2.0}), evolve(now, learned={"floor": 1.5}))
    assert "floor was 1.5 and is 2 now" in learned.notes[0]


def test_nested_axes_slip_within_their_class(superstore: cg.CustomerBase) -> None:
    """In the matrix a customer slips by a smaller revenue class, or a lower profitability within the same one."""
    model = cg.scorer("matrix3x3").fit(superstore)
    then = model.grade(superstore)
    now = model.grade(superstore.with_columns(profit=superstore["profit"] - 0.1 * superstore["revenue"]))
    found = slipped(now, then)
    assert found.rows
    for before, after, *_ in found.rows:
        large, small = before.split("/"), after.split("/")
        assert large[0] == small[0]
        assert ["High", "Mid", "Low"].index(large[1]) < ["High", "Mid", "Low"].index(small[1])
