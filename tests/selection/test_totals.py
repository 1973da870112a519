"""Exact totals against sums of Fractions."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
from hypothesis import given, settings, strategies as st

from custgrade.selection.totals import exact_sum, exact_totals

moderate = settings(deadline=None, max_examples=40)
finite = st.floats(allow_nan=False, allow_infinity=False)


class TestExactSum:
    """Sums without rounding."""

    @given(values=st.lists(finite, max_size=50))
    @moderate
    def test_it_is_the_sum_of_fractions(self, values: list[float]) -> None:
        """Any finite doubles, denormals and extremes included, sum as rational numbers do."""
        assert sum(map(Fraction, values), Fraction(0)) == exact_sum(np.array(values, dtype=np.float64))

    @given(values=st.lists(st.sampled_from([5e-324, -5e-324, 1e308, -1e308, 0.1, -0.0, 2.0**-1022]), max_size=50))
    @moderate
    def test_extremes_do_not_cancel_to_something_else(self, values: list[float]) -> None:
        """Huge and tiny numbers in one sum keep every bit, in either order."""
        expected = sum(map(Fraction, values), Fraction(0))
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
        assert Fraction(0.1) + Fraction(0.3) + Fraction(1e-300) == exact_sum(values[::-2])

    def test_what_is_not_finite_counts_as_nothing(self) -> None:
        """NaN and infinities leave the sum of the others as it is."""
        assert Fraction(0.1) + 2 == exact_sum(np.array([math.nan, 0.1, math.inf, -math.inf, 2.0]))

    def test_every_magnitude_in_one_chunk(self) -> None:
        """Powers of two from the least to the greatest, shuffled, sum exactly."""
        values = [math.ldexp(1.0, power) * sign for power in range(-1074, 1024) for sign in (1, 1, -1)]
        random.Random(5).shuffle(values)
        assert sum(map(Fraction, values), Fraction(0)) == exact_sum(np.array(values))


class TestTotalsByClass:
    """Totals of several classes at once."""

    @given(
        rows=st.lists(st.tuples(finite, st.sampled_from([0, 1, 2, 255])), max_size=50),
        kind=st.sampled_from([np.uint8, np.int64]),
    )
    @moderate
    def test_each_class_has_the_sum_of_its_rows(self, rows: list[tuple[float, int]], kind: type) -> None:
        """Per class the sum of Fractions; a class beyond the number of classes belongs to none."""
        values, groups = np.array([v for v, _ in rows], dtype=np.float64), np.array([g for _, g in rows], dtype=kind)
        expected = [sum((Fraction(v) for v, g in rows if g == group), Fraction(0)) for group in range(3)]
        assert expected == exact_totals(values, groups, 3)

    def test_more_rows_than_a_chunk(self) -> None:
        """Amounts in cents over several chunks add up per class as exact rational numbers do."""
        generator = np.random.default_rng(3)
        values = np.round(generator.normal(1e5, 1e6, 600_000), 2)
        groups = generator.integers(0, 4, len(values)).astype(np.uint8)
        expected = [sum(map(Fraction, values[groups == group].tolist()), Fraction(0)) for group in range(4)]
        assert expected == exact_totals(values, groups, 4)
