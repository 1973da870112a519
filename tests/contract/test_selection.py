"""The population in memory, against brute force."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

import custgrade as cg
from custgrade.cuts import Block, Count, FittedCut, Question, RankedBlocks, TieBlocks, Total, ValueBlocks
from custgrade.cuts.array_population import ArrayPopulation
from custgrade.cuts.cut import described
from custgrade.cuts.exact import as_float
from custgrade.cuts.medians import lower_medians
from custgrade.errors import CutError
from custgrade.plugins import Axis, Boundary

moderate = settings(deadline=None, max_examples=40)
finite = st.floats(allow_nan=False, allow_infinity=False)
scores = st.lists(
    st.one_of(st.sampled_from([0.0, 1.0, 2.0, math.nan]), st.sampled_from([5e-324, 1e308, -1e308, 0.1]), finite),
    min_size=1,
    max_size=25,
)
CHUNKS = (1, 3, 7, 1000)


def counted_as(value: float) -> Fraction:
    """The decimal that a float64 is written as if it has six places or fewer and is below 2³¹, else the float64."""
    written = Decimal(repr(value))
    return Fraction(written) if -written.as_tuple().exponent <= 6 and abs(value) < 2**31 else Fraction(value)


SHARES = (Fraction(1, 10), Fraction(1, 3), Fraction(1, 2), Fraction(9, 10))


def column(name: str) -> Callable[..., np.ndarray]:
    return lambda chunk: chunk[name]


SCORE, VALUE, GROUP = column("score"), column("value"), column("group")


def ranked_block(members: list[float], rank: int) -> Block:
    value = sorted(members, reverse=True)[rank - 1]
    return Block(value, sum(m > value for m in members), sum(m >= value for m in members), rank)


def blocks_at_values(rows: list[tuple[float, Fraction]]) -> tuple[Block, ...]:
    """The blocks at the smallest ranks at which values, each block's spread evenly, reach the shares of their total."""
    total = sum((value for _, value in rows), Fraction(0))
    best_first = sorted((score for score, _ in rows), reverse=True)
    blocks = []
    for share in SHARES:
        reached = Fraction(0)
        for rank, score in enumerate(best_first, 1):
            block = [v for s, v in rows if s == score]
            reached += sum(block, Fraction(0)) / len(block)
            if reached >= share * total:
                blocks.append(ranked_block([s for s, _ in rows], rank))
                break
    return tuple(blocks)


def population(chunk: int, **columns: list[float]) -> ArrayPopulation:
    arrays = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    return ArrayPopulation(arrays, len(next(iter(arrays.values()))), chunk)


def test_what_no_float64_holds_is_infinite() -> None:
    """An exact sum beyond the largest float64 becomes the infinity on its side."""
    sums = [Fraction(1, 10), Fraction(10) ** 400, -(Fraction(10) ** 400)]
    assert [0.1, math.inf, -math.inf] == [as_float(exact) for exact in sums]


class TestAnswers:
    """Each kind of ask, with and without groups."""

    @pytest.mark.parametrize("chunk", CHUNKS)
    @given(values=scores)
    @moderate
    def test_blocks_at_ranks(self, chunk: int, values: list[float]) -> None:
        """The count is of known scores; each block is found by sorting and counting."""
        known = [value for value in values if not math.isnan(value)]
        questions = [Question(Count(), SCORE), Question(TieBlocks(SHARES), SCORE)]
        (count,), (answer,) = population(chunk, score=values).answer(questions)
        assert len(known) == count == answer.count
        expected = [ranked_block(known, math.ceil(share * len(known))) for share in SHARES] if known else []
        assert tuple(expected) == answer.blocks
        assert Fraction(len(known)) == answer.total

    @pytest.mark.parametrize("chunk", CHUNKS)
    @given(values=scores, groups=st.lists(st.sampled_from([0.0, 1.0, 2.0, 255.0]), min_size=1, max_size=9))
    @moderate
    def test_blocks_within_groups(self, chunk: int, values: list[float], groups: list[float]) -> None:
        """Every group is answered as if it were alone; those in no class, and classes of nobody, are too."""
        group = [groups[row % len(groups)] for row in range(len(values))]
        question = Question(TieBlocks(SHARES), SCORE, group=GROUP, classes=4)
        (answers,) = population(chunk, score=values, group=group).answer([question])
        assert 4 == len(answers)
        for code, answer in enumerate(answers):
            known = [v for v, g in zip(values, group, strict=True) if g == code and not math.isnan(v)]
            assert len(known) == answer.count
            expected = [ranked_block(known, math.ceil(share * len(known))) for share in SHARES] if known else []
            assert tuple(expected) == answer.blocks

    @pytest.mark.parametrize("chunk", CHUNKS)
    @given(values=scores, money=st.lists(st.sampled_from([0.0, 0.1, 5.0, 1e308, 5e-324, math.nan]), min_size=1))
    @moderate
    def test_blocks_at_cumulated_values(self, chunk: int, values: list[float], money: list[float]) -> None:
        """The rank is the smallest at which values, each block's spread evenly, reach the share of the total."""
        value = [money[row % len(money)] for row in range(len(values))]
        rows = [
            (s, Fraction(0) if math.isnan(v) else counted_as(v))
            for s, v in zip(values, value, strict=True)
            if not math.isnan(s)
        ]
        (answer,) = population(chunk, score=values, value=value).answer(
            [Question(ValueBlocks("value", SHARES), SCORE, VALUE)]
        )[0]
        total = sum((v for _, v in rows), Fraction(0))
        assert (len(rows), total) == (answer.count, answer.total)
        unknown = sum(math.isnan(v) and not math.isnan(s) for s, v in zip(values, value, strict=True))
        assert unknown == answer.unknown
        assert (blocks_at_values(rows) if total > 0 else ()) == answer.blocks

    @given(values=st.lists(st.integers(-9, 20).map(lambda eighths: eighths / 8), min_size=1, max_size=20))
    @example(values=[0.5, 0.375, 0.25, -0.125])
    @moderate
    def test_losses_at_the_end_of_their_own_ranking(self, values: list[float]) -> None:
        """Where the value is the score, the share is reached before losses begin, or the total isn't positive."""
        (answer,) = population(7, score=values).answer([Question(ValueBlocks("score", SHARES), SCORE, SCORE)])[0]
        assert 0 == answer.negative
        expected = blocks_at_values([(value, counted_as(value)) for value in values]) if sum(values) > 0 else ()
        assert expected == answer.blocks
        assert all(block.value > 0 for block in answer.blocks)

    def test_losses_in_another_ranking_are_counted(self) -> None:
        """Values below 0 that aren't the score are counted and leave no blocks; ungraded customers' don't count."""
        question = Question(ValueBlocks("value", SHARES), SCORE, VALUE)
        (answer,) = population(3, score=[1, 2, math.nan], value=[-1, 5, -7]).answer([question])[0]
        assert (1, (), 2) == (answer.negative, answer.blocks, answer.count)

    @pytest.mark.parametrize("chunk", CHUNKS)
    @given(values=scores, money=st.lists(st.sampled_from([0.1, -0.3, 1e308, -1e308, math.nan]), min_size=1))
    @moderate
    def test_totals_are_exact_and_of_graded_customers(
        self, chunk: int, values: list[float], money: list[float]
    ) -> None:
        """A total leaves out unknown values and ungraded customers, and is a fraction without rounding."""
        value = [money[row % len(money)] for row in range(len(values))]
        ((total,),) = population(chunk, score=values, value=value).answer([Question(Total("value"), SCORE, VALUE)])
        kept = [counted_as(v) for s, v in zip(values, value, strict=True) if not (math.isnan(s) or math.isnan(v))]
        assert sum(kept, Fraction(0)) == total

    def test_no_questions_and_nobody(self) -> None:
        """No questions have no answers, and an empty population answers with zeros."""
        assert [] == population(1, score=[1.0]).answer([])
        empty = population(1, score=[])
        questions = [Question(Count(), SCORE), Question(TieBlocks(SHARES), SCORE)]
        (count,), (blocks,) = empty.answer(questions)
        assert (0, 0, ()) == (count, blocks.count, blocks.blocks)

    def test_asks_are_values(self) -> None:
        """Asks of the same are equal, and asks of something else aren't."""
        asks = [Count(), TieBlocks(SHARES), ValueBlocks("value", SHARES), Total("value")]
        again = [Count(), TieBlocks(list(SHARES)), ValueBlocks("value", list(SHARES)), Total("value")]
        assert asks == again
        assert len(asks) == len({*asks, *again})

    def test_an_answer_about_heads_has_no_losses_or_unknowns(self) -> None:
        """What only an answer about a value holds is 0 unless it is given."""
        (answer,) = population(1, score=[1.0]).answer([Question(TieBlocks(SHARES), SCORE)])[0]
        assert (0, 0) == (answer.negative, answer.unknown)
        assert Fraction(0) == RankedBlocks(0, ()).total

    def test_answers_come_in_the_order_of_questions(self) -> None:
        """Mixed questions about different scores are answered in their own order."""
        other = column("value")
        questions = [
            Question(Total("value"), SCORE, VALUE),
            Question(Count(), other),
            Question(Count(), SCORE),
        ]
        answers = population(1, score=[1, math.nan, 3], value=[5, 6, 7]).answer(questions)
        assert [(Fraction(12),), (3,), (2,)] == answers


class TestOwnCuts:
    """Cuts that authors write talk to the population by asks alone."""

    def test_a_cut_may_ask_in_rounds(self) -> None:
        """A cut that asks twice, the second time depending on the first, learns from both answers."""

        class AtMean:
            def check(self, labels: int) -> None:
                assert labels == 2

            def fit(self, labels):
                ((count,),) = yield (Count(),)
                ((total,),) = yield (Total("profit"),)
                return FittedCut([(Boundary(float(total / count)),)])

        base = cg.CustomerBase(["a", "b", "c"], {"profit": [1.0, 2.0, 6.0]})
        model = cg.Scorer([Axis("grade", "AB", lambda c: c["profit"], AtMean())]).fit(base)
        assert ["B", "B", "A"] == model.grade(base).grades.tolist()

    @pytest.mark.parametrize(
        "returned",
        [
            None,
            FittedCut([]),
            FittedCut([()]),
            FittedCut([(Boundary(1), Boundary(2))]),
            FittedCut([(Boundary(1),), None]),
        ],
    )
    def test_a_cut_that_returns_nonsense_is_refused(self, returned: object) -> None:
        """What a cut returns is checked: its type, its classes, the number and the order of its boundaries."""

        class Nonsense:
            def check(self, labels: int) -> None:
                pass

            def fit(self, labels):
                yield (Count(),)
                return returned

        labels = "ABC" if isinstance(returned, FittedCut) and returned.boundaries[:1] not in ((), ((),)) else "AB"
        base = cg.CustomerBase(["a"], {"profit": [1.0]})
        with pytest.raises(CutError):
            cg.Scorer([Axis("grade", labels, lambda c: c["profit"], Nonsense())]).fit(base)

    def test_a_cut_that_asks_nothing_may_return_at_once(self) -> None:
        """A cut that needs no answers is still a cut."""

        class Fixed:
            def check(self, labels: int) -> None:
                pass

            def fit(self, labels):
                return FittedCut([(Boundary(2),)])
                yield

        base = cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0]})
        model = cg.Scorer([Axis("grade", "AB", lambda c: c["profit"], Fixed())]).fit(base)
        assert ["B", "A"] == model.grade(base).grades.tolist()


@given(numbers=scores)
@moderate
def test_the_lower_median_is_the_one_of_sorting(numbers: list[float]) -> None:
    """Of an even count it is the lower one of the two in the middle; NaN where no value is finite."""
    known = sorted(number for number in numbers if math.isfinite(number))
    expected = known[(len(known) - 1) // 2] + 0.0 if known else math.nan
    medians = lower_medians({"score": np.array(numbers), "unknown": np.full(len(numbers), math.nan)}, len(numbers))
    assert [expected.hex(), math.nan.hex()] == [medians["score"].hex(), medians["unknown"].hex()]


def test_a_cut_without_a_text_of_its_own_is_described_by_what_it_holds() -> None:
    """By its slots and its attributes, not by its address, which differs from process to process."""

    class Slotted:
        __slots__ = ("at", "never_set")

        def __init__(self, at: float) -> None:
            self.at = at

    class Plain(Slotted):
        def __init__(self, at: float, ties: str) -> None:
            super().__init__(at)
            self.ties = ties

    assert "Slotted[('at', 3.0)]" == described(Slotted(3.0))  # type: ignore[arg-type]  # nothing but what it holds
    assert "Plain[('at', 3.0), ('ties', 'mid')]" == described(Plain(3.0, "mid"))  # type: ignore[arg-type]  # the same
