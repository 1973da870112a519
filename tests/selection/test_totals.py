"""Exact totals against sums of Fractions."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given, settings, strategies as st

from custgrade.selection.totals import exact_sum, exact_totals

moderate = settings(deadline=None, max_examples=40)
finite = st.floats(allow_nan=False, allow_infinity=False)
cents = st.integers(-(10**8), 10**8).map(lambda k: k / 100)


def counted_as(value: float) -> Fraction:
    """The decimal that a float64 is written as if it has six places or fewer and is below 2³¹, else the float64."""
    written = Decimal(repr(value))
    return Fraction(written) if -written.as_tuple().exponent <= 6 and abs(value) < 2**31 else Fraction(value)


class TestExactSum:
    """Sums without rounding."""

    @given(values=st.lists(finite | cents, max_size=50))
    @moderate
    def test_it_is_the_sum_of_fractions(self, values: list[float]) -> None:
        """Amounts sum as decimals do, other doubles, denormals and extremes included, as rational numbers do."""
        assert sum(map(counted_as, values), Fraction(0)) == exact_sum(np.array(values, dtype=np.float64))

    @given(values=st.lists(st.sampled_from([5e-324, -5e-324, 1e308, -1e308, 0.1, -0.0, 2.0**-1022]), max_size=50))
    @moderate
    def test_extremes_do_not_cancel_to_something_else(self, values: list[float]) -> None:
        """Huge and tiny numbers in one sum keep every bit, in either order."""
        expected = sum(map(counted_as, values), Fraction(0))
        assert expected == exact_sum(np.array(values, dtype=np.float64))
        assert expected == exact_sum(np.array(values[::-1], dtype=np.float64))

    def test_nothing_sums_to_zero(self) -> None:
        """The sum of no values is 0."""
        assert Fraction(0) == exact_sum(np.empty(0))

    def test_more_values_than_one_block_holds(self) -> None:
        """Mantissas of 53 ones, more than a block of them, don't overflow."""
        value = float(2**53 - 1)
        assert Fraction(2**53 - 1) * (2**20 + 3) == exact_sum(np.full(2**20 + 3, value))

    def test_strided_and_negative_arrays(self) -> None:
        """A strided, reversed view sums like its values."""
        values = np.array([0.1, -0.2, 0.3, -0.7, 1e-300])
        assert Fraction(1, 10) + Fraction(3, 10) + Fraction(1e-300) == exact_sum(values[::-2])

    def test_what_is_not_finite_counts_as_nothing(self) -> None:
        """NaN and infinities leave the sum of the others as it is."""
        assert Fraction(1, 10) + 2 == exact_sum(np.array([math.nan, 0.1, math.inf, -math.inf, 2.0]))

    def test_every_magnitude_in_one_chunk(self) -> None:
        """Powers of two from the least to the greatest, shuffled, sum exactly."""
        values = [math.ldexp(1.0, power) * sign for power in range(-1074, 1024) for sign in (1, 1, -1)]
        random.Random(5).shuffle(values)
        assert sum(map(counted_as, values), Fraction(0)) == exact_sum(np.array(values))


class TestTotalsByClass:
    """Totals of several classes at once."""

    @given(
        rows=st.lists(st.tuples(finite | cents, st.sampled_from([0, 1, 2, 255])), max_size=50),
        kind=st.sampled_from([np.uint8, np.int64]),
    )
    @moderate
    def test_each_class_has_the_sum_of_its_rows(self, rows: list[tuple[float, int]], kind: type) -> None:
        """Per class the sum of Fractions; a class beyond the number of classes belongs to none."""
        values, groups = np.array([v for v, _ in rows], dtype=np.float64), np.array([g for _, g in rows], dtype=kind)
        expected = [sum((counted_as(v) for v, g in rows if g == group), Fraction(0)) for group in range(3)]
        assert expected == exact_totals(values, groups, 3)

    def test_more_rows_than_a_chunk(self) -> None:
        """Amounts in cents over several chunks add up per class as exact rational numbers do."""
        generator = np.random.default_rng(3)
        values = np.round(generator.normal(1e5, 1e6, 600_000), 2)
        groups = generator.integers(0, 4, len(values)).astype(np.uint8)
        expected = [sum(map(counted_as, values[groups == group].tolist()), Fraction(0)) for group in range(4)]
        assert expected == exact_totals(values, groups, 4)


class TestDecimals:
    """Amounts are decimals, although float64 can't hold most of them."""

    def test_a_tenth_and_two_tenths(self) -> None:
        """0.1 + 0.2 is 0.3, not 0.30000000000000004."""
        assert Fraction(3, 10) == exact_sum(np.array([0.1, 0.2]))

    @given(steps=st.lists(st.integers(-(2**31) * 10**6 + 1, 2**31 * 10**6 - 1), max_size=60))
    @moderate
    def test_six_places_are_kept(self, steps: list[int]) -> None:
        """Decimals of six places below 2³¹, divided into float64, add up as they were."""
        values = np.array([float(Fraction(step, 10**6)) for step in steps], dtype=np.float64)
        assert Fraction(sum(steps), 10**6) == exact_sum(values)

    @given(steps=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=60), seed=st.integers(0, 9))
    @moderate
    def test_amounts_beside_numbers_off_the_grid(self, steps: list[int], seed: int) -> None:
        """A third, an infinity and a huge number between amounts change nothing of the amounts' sum."""
        others = [1 / 3, math.inf, 2.0**40 + 0.1, math.nan]
        values = [step / 100 for step in steps] + others
        random.Random(seed).shuffle(values)
        expected = Fraction(sum(steps), 100) + Fraction(1 / 3) + Fraction(2.0**40 + 0.1)
        assert expected == exact_sum(np.array(values))
