"""exp, log, power and mean_of_known: accuracy, special values, and the same bits however they are called."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.functions import exp, log, mean_of_known, power
from custgrade.plugins import Axis, Thresholds

moderate = settings(deadline=None, max_examples=60)
quiet = {"all": "ignore"}
anything = st.one_of(
    st.floats(), st.sampled_from([0.0, -0.0, 5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan, 1.0])
)
FUNCTIONS = {
    "exp": exp,
    "log": log,
    "power 0.3": lambda x: power(x, 0.3),
    "power -2": lambda x: power(x, -2),
    "power 0": lambda x: power(x, 0),
    "mean": lambda x: mean_of_known(x, x * 2.0, 3.0),
}


def called(function, *arguments):
    with np.errstate(**quiet):
        return function(*arguments)


def bits(value) -> bytes:
    """The bits of a float64 result, one NaN like another."""
    array = np.atleast_1d(np.asarray(value, dtype=np.float64)).copy()
    array[np.isnan(array)] = np.nan
    return array.tobytes()


def decimal(function: str, *numbers: float) -> Decimal:
    """A function in 60 digits, by the standard library."""
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 60, 999999, -999999
        x = Decimal(numbers[0])
        return x.exp() if function == "exp" else x.ln() if function == "log" else (Decimal(numbers[1]) * x.ln()).exp()


def relative_error(actual: float, expected: Decimal) -> float:
    with localcontext() as context:
        context.prec = 60
        return float(abs(Decimal(actual) - expected) / abs(expected))


class TestExp:
    """e^x."""

    @given(x=st.floats(-708.0, 709.7))
    @settings(deadline=None, max_examples=150)
    def test_the_relative_error_is_below_the_stated_bound(self, x: float) -> None:
        """Where the result is a normal number it is within 1e-15 of the true one."""
        assert relative_error(float(called(exp, x)), decimal("exp", x)) < 1e-15

    def test_it_agrees_with_the_standard_library_on_a_grid(self) -> None:
        """A thousand values agree with math.exp to two parts in 1e15."""
        x = np.linspace(-700.0, 700.0, 1001)
        np.testing.assert_allclose([math.exp(v) for v in x], called(exp, x), rtol=2e-15)

    @pytest.mark.parametrize(
        ("x", "expected"),
        [
            (0.0, 1.0), (-0.0, 1.0), (5e-324, 1.0), (math.inf, math.inf), (-math.inf, 0.0), (1e308, math.inf),
            (-1e308, 0.0), (710.0, math.inf), (-760.0, 0.0), (math.nan, math.nan),
        ],
    )  # fmt: skip
    def test_special_values(self, x: float, expected: float) -> None:
        """Limits are reached, overflow is infinite, underflow zero, NaN stays NaN."""
        assert bits(expected) == bits(called(exp, x))

    @given(x=st.floats(-745.0, -708.5))
    @moderate
    def test_denormal_results_are_within_one_unit(self, x: float) -> None:
        """Below the normal range the result is off by less than two of the smallest numbers."""
        assert abs(float(called(exp, x)) - math.exp(x)) <= 2 * 5e-324 + 1e-15 * math.exp(x)


class TestLog:
    """ln x."""

    @given(x=st.floats(min_value=5e-324, allow_infinity=False))
    @settings(deadline=None, max_examples=150)
    def test_the_error_is_below_the_stated_bound(self, x: float) -> None:
        """Over all positive numbers, denormals too, the error is below 2e-16 + 2e-15 of the result."""
        expected = decimal("log", x)
        with localcontext() as context:
            context.prec = 60
            error = abs(Decimal(float(called(log, x))) - expected)
        assert error < Decimal("2e-16") + Decimal("2e-15") * abs(expected)

    @given(x=st.floats(0.9, 1.1))
    @moderate
    def test_near_one(self, x: float) -> None:
        """Near 1, where logarithms cancel, it agrees with math.log."""
        assert math.isclose(math.log(x), float(called(log, x)), rel_tol=2e-15, abs_tol=2e-16)

    @pytest.mark.parametrize(
        ("x", "expected"),
        [
            (1.0, 0.0), (0.0, -math.inf), (-0.0, -math.inf), (-5e-324, math.nan), (-1.0, math.nan),
            (math.inf, math.inf), (-math.inf, math.nan), (math.nan, math.nan),
        ],
    )  # fmt: skip
    def test_special_values(self, x: float, expected: float) -> None:
        """1 gives exactly 0, 0 gives −inf, negative numbers and NaN give NaN."""
        assert bits(expected) == bits(called(log, x))

    @given(k=st.integers(-1074, 1023))
    @moderate
    def test_powers_of_two(self, k: int) -> None:
        """Powers of two, denormals included, agree with math.log."""
        assert math.isclose(math.log(2.0**k), float(called(log, 2.0**k)), rel_tol=4e-16, abs_tol=0.0)


class TestPower:
    """x^a."""

    @given(x=st.floats(1e-30, 1e30), exponent=st.floats(-5.0, 5.0).filter(bool))
    @settings(deadline=None, max_examples=150)
    def test_the_relative_error_is_below_the_stated_bound(self, x: float, exponent: float) -> None:
        """The relative error is below 1e-15·(2 + |a·ln x|)."""
        bound = 1e-15 * (2 + abs(exponent * math.log(x)))
        assert relative_error(float(called(power, x, exponent)), decimal("power", x, exponent)) < bound

    @pytest.mark.parametrize(
        ("x", "exponent", "expected"),
        [
            (0.0, 2.0, 0.0), (-0.0, 2.0, 0.0), (0.0, -1.0, math.inf), (-1.0, 2.0, math.nan), (math.nan, 2.0, math.nan),
            (math.nan, 0.0, math.nan), (0.0, 0.0, 1.0), (5.0, 0, 1.0), (1.0, 123.4, 1.0), (math.inf, 2.0, math.inf),
            (math.inf, -2.0, 0.0),
        ],
    )  # fmt: skip
    def test_special_values(self, x: float, exponent: float, expected: float) -> None:
        """Zero, one, infinity, negative bases and NaN."""
        assert bits(expected) == bits(called(power, x, exponent))

    def test_a_negative_base_has_no_power_of_zero_either(self) -> None:
        """NaN below 0, 1 for exponent 0: the docstring's two rules meet at exponent 0, where numpy's answer is 1."""
        assert bits(1.0) == bits(called(power, -2.0, 0.0))


class TestMeanOfKnown:
    """The mean over what is known."""

    @given(
        rows=st.lists(
            st.lists(st.one_of(st.just(math.nan), st.integers(-99, 99).map(float)), min_size=3, max_size=3), min_size=1
        )
    )
    @moderate
    def test_it_is_the_mean_of_known_values(self, rows: list[list[float]]) -> None:
        """Each customer's mean is over known values only, NaN where there is none."""
        expected = []
        for row in rows:
            known = [value for value in row if not math.isnan(value)]
            expected.append(sum(known) / len(known) if known else math.nan)
        np.testing.assert_array_equal(expected, called(mean_of_known, *np.array(rows).T))

    def test_one_known_number(self) -> None:
        """Numbers work like columns."""
        assert 2.0 == float(called(mean_of_known, math.nan, 2.0))


class TestNoWarnings:
    """Ordinary numbers give ordinary results without a warning."""

    @pytest.mark.parametrize("function", [exp, lambda x: power(x + 1.0, 0.5), mean_of_known, lambda x: log(x + 1.0)])
    @pytest.mark.parametrize("x", [0.0, 0.5, 3.0])
    def test_called_directly(self, function, x: float) -> None:
        """Called on a harmless number or array, outside of a score, they don't warn."""
        assert math.isfinite(float(function(x)))
        assert np.isfinite(function(np.array([x]))).all()


class TestSameBits:
    """The promise that numpy's own functions don't keep."""

    @pytest.mark.parametrize("name", FUNCTIONS)
    @given(values=st.lists(anything, min_size=1, max_size=40), start=st.integers(0, 39), step=st.integers(1, 5))
    @moderate
    def test_scalars_arrays_strides_and_slices(self, name: str, values: list[float], start: int, step: int) -> None:
        """One by one, contiguous, strided, reversed, Fortran-ordered or sliced: always the same bits."""
        function = FUNCTIONS[name]
        array = np.array(values)
        whole = called(function, array)
        assert bits(whole) == b"".join(bits(called(function, value)) for value in values)
        assert bits(whole) == b"".join(bits(called(function, np.float64(value))) for value in values)
        assert bits(whole[start::step]) == bits(called(function, array[start::step]))
        assert bits(whole[::-1]) == bits(called(function, array[::-1]))
        wide = np.asfortranarray(np.column_stack([array] * 3))
        assert bits(whole) == bits(np.ascontiguousarray(called(function, wide[:, 1])))
        unaligned = np.frombuffer(b"x" + array.tobytes(), dtype=np.uint8)[1:].view(np.float64)
        assert bits(whole) == bits(called(function, unaligned))

    @pytest.mark.parametrize("name", FUNCTIONS)
    @given(values=st.lists(anything, min_size=1, max_size=40))
    @moderate
    def test_traced(self, name: str, values: list[float]) -> None:
        """A score that uses them can be traced, and gives the bits of calling them."""
        function = FUNCTIONS[name]
        scorer = cg.Scorer([Axis("grade", "A", lambda c: function(c["profit"]), Thresholds(()))])
        assert ("profit",) == scorer.inputs
        array = np.array(values) + 0.0
        assert bits(called(function, array)) == bits(scorer.scores["grade"]({"profit": array}))

    @given(x=st.lists(st.floats(0, 1e6), min_size=2, max_size=50))
    @moderate
    def test_log_and_exp_keep_order(self, x: list[float]) -> None:
        """More is never less: both are monotone over sorted values."""
        ordered = np.sort(np.array(x))
        assert (np.diff(called(log, ordered[ordered > 0])) >= 0).all()
        assert (np.diff(called(exp, ordered / 2000.0)) >= 0).all()

    @given(x=st.floats(1e-300, 1e300), y=st.integers(1, 4))
    @settings(deadline=None, max_examples=300)
    def test_neighbours_keep_order(self, x: float, y: int) -> None:
        """Neighbouring numbers don't swap their logarithms, so that a declared direction holds to the last bit."""
        near = np.array([x, *(x * (1 + k * 2.0**-52) for k in range(1, y + 1))])
        assert (np.diff(called(log, near)) >= 0).all()
