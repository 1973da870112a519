"""The kit's strategies, its messages, and what it says when it can't work."""

import contextlib
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st

import custgrade as cg
from custgrade.plugins import Axis, Shares, Thresholds
from custgrade.testing import ContractBrokenError, ScorerContract, customer_bases, field_columns, field_values

ROOT = Path(__file__).parents[2]
FIELDS = ("profit", "orders", "enjoyable")
quick = settings(database=None, suppress_health_check=list(HealthCheck), max_examples=4000, deadline=None)


def alike(base, one, other):
    return all(column[[one]].tobytes() == column[[other]].tobytes() for column in base.columns.values())


KINDS = {
    "nobody": lambda b: len(b) == 0,
    "one customer": lambda b: len(b) == 1,
    "several": lambda b: len(b) >= 10,
    "ties": lambda b: len(b) > 3 and 1 < len(np.unique(b["profit"])) < len(b) - 1,
    "all equal": lambda b: len(b) > 3 and len(np.unique(b["profit"])) == 1,
    "duplicates under other ids": lambda b: len(b) > 2 and b.ids[0] != b.ids[-1] and alike(b, 0, len(b) - 1),
    "unknown": lambda b: np.isnan(b["profit"]).any(),
    "nothing known": lambda b: len(b) > 1 and np.isnan(b["profit"]).all(),
    "zero": lambda b: (b["profit"] == 0).any(),
    "denormals": lambda b: ((np.abs(b["profit"]) < 1e-307) & (b["profit"] != 0)).any(),
    "huge": lambda b: (np.isfinite(b["profit"]) & (np.abs(b["profit"]) > 1e300)).any(),
    "infinite": lambda b: np.isinf(b["profit"]).any(),
    "negative": lambda b: (b["profit"] < -1).any(),
    "outside the bounds": lambda b: (b["enjoyable"] > 5).any(),
    "skew": lambda b: len(b) > 4 and b["profit"].max() > 1000 * np.median(b["profit"]) > 0,
    "what matters": lambda b: (b["profit"] == 77.77).any(),
    "beside what matters": lambda b: (b["profit"] == 77.76).any(),
}


def test_bases_are_nasty_on_purpose():
    """Among some hundred bases there is every kind of nastiness."""
    seen = set()

    class CompleteError(Exception):
        """Every kind was seen, so that no further bases are needed."""

    @given(customer_bases(FIELDS, near=[77.77]))
    @settings(
        database=None,
        suppress_health_check=list(HealthCheck),
        max_examples=800,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
    )
    def look(base):
        seen.update(kind for kind, holds in KINDS.items() if kind not in seen and holds(base))
        if set(KINDS) == seen:
            raise CompleteError

    with contextlib.suppress(CompleteError):
        look()
    assert set(KINDS) == seen


@given(base=customer_bases(FIELDS, min_size=3, max_size=7, nasty=False))
@settings(max_examples=50, deadline=None)
def test_tame_bases_keep_to_bounds_and_grids(base):
    """Without nasty values, what is known lies within the fields' bounds and on their grids, and sizes are kept."""
    assert 3 <= len(base) <= 7
    for name, column in base.columns.items():
        field = cg.STANDARD_FIELDS[name]
        known = column[~np.isnan(column)]
        assert ((field.low <= known) & (known <= field.high)).all()
        steps = known / field.resolution
        np.testing.assert_allclose(steps, np.round(steps), atol=1e-4)


def test_fields_of_ones_own_are_drawn():
    """A field that isn't a standard one is drawn as it is defined."""
    field = cg.Field("visits", "count", low=2, high=9, resolution=1)
    column = find(field_columns(field, 3, nasty=False), lambda c: all(2 < v < 9 for v in c), settings=quick)
    assert [3.0, 3.0, 3.0] == column
    assert 9.0 == find(field_values(field, nasty=False), lambda v: v > 8, settings=quick)
    base = find(customer_bases([field], min_size=1, nasty=False), lambda b: b["visits"][0] == 4, settings=quick)
    assert ("visits",) == tuple(one.name for one in base.extra_fields)


class Thirds(ScorerContract):
    """A correct scorer."""

    examples = 5

    def scorer(self):
        return cg.scorer("abcde", letters="ABC", shares=["1/3", "1/3", "1/3"])


CHECKS = [name for name in dir(ScorerContract) if name.startswith("test_")]


def test_there_are_checks_for_every_promise():
    """The ids of the checks begin with the promise they are about."""
    assert set("0123456789") == {name.split("_")[1] for name in CHECKS}


@pytest.mark.parametrize("check", CHECKS)
def test_checks_say_in_a_sentence_what_they_check(check):
    """Every check has a docstring of one line."""
    assert getattr(ScorerContract, check).__doc__.strip().endswith(".")
    assert getattr(ScorerContract, check).__doc__.count("\n") == 0


def test_the_smallest_base_is_shown():
    """A breach is shown for a base of few customers with round numbers, with the promise in words."""

    class Positional(ScorerContract):
        def scorer(self):
            score = lambda c: c["profit"] + np.arange(len(c["profit"])) * 1e-3
            axis = Axis("grade", "AB", score, Shares(["1/2", "1/2"]), traceable=False, needs=["profit"])
            return cg.Scorer([axis])

    with pytest.raises(ContractBrokenError) as caught:
        Positional().test_1_ties_equal_customers_get_equal_grades()
    message = str(caught.value)
    assert "for this base of 2 customers:" in message
    assert "  customer_id  profit\n" in message
    assert "the contract: Customers with equal inputs get equal grades" in message


def test_a_long_base_is_cut_short():
    """Of a long base the first twelve customers are shown."""
    from custgrade.testing.promises import broken_promise

    base = cg.CustomerBase([f"c{k}" for k in range(20)], {"profit": np.arange(20.0)})
    assert "c11          11.0\n  … and 8 more" in str(broken_promise("1, ties", "x", base))


def test_what_keeps_a_scorer_from_running_is_said_once():
    """One check fails for it, and the others are skipped with its name."""

    class Nothing(ScorerContract):
        def scorer(self):
            return cg.Scorer([])

    outcomes = {}
    for check in CHECKS:
        try:
            getattr(Nothing(), check)()
        except ContractBrokenError:
            outcomes[check] = "failed"
        except pytest.skip.Exception as skipped:
            outcomes[check] = str(skipped)
    assert "failed" == outcomes.pop("test_0_a_scorer_can_be_made")
    assert {"the scorer breaks promise 0, a scorer can be made; see the failed test of that promise"} == set(
        outcomes.values()
    )
    assert len(outcomes) == len(CHECKS) - 1


def test_a_class_without_a_scorer_says_so():
    """Whoever forgets `scorer` is told what to write."""
    with pytest.raises(ContractBrokenError, match="has no scorer; write def scorer"):
        type("Forgot", (ScorerContract,), {})().test_0_a_scorer_can_be_made()


def test_inexact_functions_may_be_accepted():
    """With exact = False a score that opted out of tracing may use np.exp."""

    class Decay(ScorerContract):
        exact = False

        def scorer(self):
            score = lambda c: np.exp(-c["recency"] / 90.0)
            return cg.Scorer([Axis("grade", "AB", score, Thresholds([0.5]), traceable=False, needs=["recency"])])

    Decay().test_0_scores_are_row_local_and_exact()


def test_unknown_may_mean_none():
    """A field named in zero_if_unknown may count as none where it is unknown."""

    class Referrals(ScorerContract):
        zero_if_unknown = ("referrals",)

        def scorer(self):
            score = lambda c: np.where(np.isnan(c["referrals"]), 0.0, c["referrals"]) + 0.0 * c["orders"]
            return cg.Scorer([Axis("grade", "AB", score, Thresholds([1]), rises=["referrals"])])

    Referrals().test_8_unknown_is_not_the_worst()
    Referrals.zero_if_unknown = ()
    with pytest.raises(ContractBrokenError, match=r"zero_if_unknown = \('referrals',\)"):
        Referrals().test_8_unknown_is_not_the_worst()


@pytest.mark.parametrize("package", ["pytest", "hypothesis", "time_machine"])
def test_a_missing_package_is_named(package):
    """Without pytest or Hypothesis the import says what to install, and custgrade itself works."""
    code = f"""
import sys
sys.modules[{package!r}] = None
import custgrade.errors
try:
    import custgrade.testing
except custgrade.errors.MissingExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    expected = f"custgrade.testing needs pytest, Hypothesis and time-machine, and '{package}' is not installed: "
    assert expected + "pip install 'custgrade[testing]'\n" == done.stdout


def test_every_built_in_scheme_inherits_the_contract():
    """Each plug-in folder has its contract, as its author would."""
    folders = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
    without = [
        folder.name
        for folder in folders
        if "(ScorerContract)" not in (folder / "tests" / "test_contract.py").read_text(encoding="utf-8")
    ]
    assert (5, []) == (len(folders), without)


@given(st.data())
@settings(max_examples=3, deadline=None)
def test_strategies_work_inside_tests_of_ones_own(data):
    """A strategy may be drawn from within a test."""
    base = data.draw(customer_bases(["revenue"], min_size=1))
    assert len(base) >= 1
    assert not math.isnan(float(len(base)))


def test_random_numbers_are_found_first():
    """A scorer that answers differently when it is asked again breaks that promise, and no other check says so."""

    class Random(ScorerContract):
        def scorer(self):
            draw = np.random.default_rng()
            score = lambda c: c["profit"] + draw.uniform(0, 1e-4, len(c["profit"]))
            axis = Axis("g", "AB", score, Shares(["1/2", "1/2"]), traceable=False, needs=["profit"])
            return cg.Scorer([axis])

    for check in CHECKS:
        expected = ContractBrokenError if check == "test_2_order_only_the_data" else pytest.skip.Exception
        with pytest.raises(expected, match=r"random numbers|breaks promise 2, only the data"):
            getattr(Random(), check)()


def test_what_fails_for_extreme_values_does_not_run():
    """A score that can't take an infinity is named once, by the check that is about it."""

    class Whole(ScorerContract):
        def scorer(self):
            score = lambda c: np.array([float("nan") if math.isnan(v) else float(int(v)) for v in c["recency"]])
            axis = Axis("g", "AB", score, Thresholds([9]), traceable=False, needs=["recency"])
            return cg.Scorer([axis])

    with pytest.raises(ContractBrokenError, match=r"grading a base with extreme values failed: .*OverflowError"):
        Whole().test_0_it_runs()
    with pytest.raises(pytest.skip.Exception, match="0, it runs"):
        Whole().test_2_order_ids()


def test_a_field_of_ones_own_is_no_misspelling():
    """A name that is nearly a known field's is one's own once it is defined."""

    class Own(ScorerContract):
        fields = ()

        def scorer(self):
            axis = Axis("g", "AB", lambda c: c["revenues"], Thresholds([9]))
            return cg.Scorer([axis], fields=self.fields)

    with pytest.raises(ContractBrokenError, match="Did you mean 'revenue'"):
        Own().test_0_reads_only_declared_fields()
    Own.fields = (cg.Field("revenues", "money"),)
    Own().test_0_reads_only_declared_fields()
