"""Every way in which a saved model can fail to fit what it meets has its own error, which says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import (
    FieldError,
    ModelCurrencyError,
    ModelError,
    ModelFieldError,
    ModelPeriodError,
    ModelScorerError,
    ModelUnitError,
    ModelVersionError,
)
from custgrade.plugins import (
    Axis,
    Criterion,
    Percentile,
    Rating,
    Registry,
    Scorecard,
    Thresholds,
    hookimpl,
    minimum_evidence,
)
from custgrade.registry.find import FoundPlugin

VISITS = cg.Field("visits", "count", combine="sum")
YEAR, LEAP_YEAR, QUARTER = ("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31"), ("2024-10-01", "2024-12-31")


def base_of(period: tuple[str, str] | None = None, extra: tuple[cg.Field, ...] = (), **columns: Any) -> cg.CustomerBase:
    """Three customers with these fields, of a period from a day to a day."""
    covered = None if period is None else cg.Period(period[1], *period)
    return cg.CustomerBase(["a", "b", "c"], columns, period=covered, extra_fields=extra)


def scorer_of(score: Callable[[Any], Any], **rest: Any) -> cg.Scorer:
    """A scorer of one axis, cut at 1."""
    return cg.Scorer([Axis("grade", "AB", score, Thresholds((1.0,)))], **rest)


def registry_of(scheme: Callable[..., cg.Scorer], version: str) -> Registry:
    """A registry with one plug-in, whose scheme `visitors` is this function."""

    class Module:
        @staticmethod
        @hookimpl
        def custgrade_scorers() -> dict[str, Callable[..., cg.Scorer]]:
            return {"visitors": scheme}

    found = FoundPlugin("custgrade-visitors", "visitors", "visitors", version, SimpleNamespace(load=lambda: Module))
    return Registry(finder=lambda: (found,))


def times(factor: float = 1.0) -> cg.Scorer:
    return scorer_of(lambda c: c["profit"] * factor)


def plus(factor: float = 1.0) -> cg.Scorer:
    return scorer_of(lambda c: c["profit"] + factor)


def relabelled(factor: float = 1.0) -> cg.Scorer:
    return cg.Scorer([Axis("grade", "XY", lambda c: c["profit"] * factor, Thresholds((1.0,)))])


class TestVersions:
    """The plug-in is there, and grades differently."""

    @staticmethod
    def saved(tmp_path: Path) -> Path:
        """A model fitted with version 1.0 of a plug-in."""
        registry = registry_of(times, "1.0")
        registry.scorer("visitors").fit(base_of(profit=[0.0, 1.0, 2.0])).save(tmp_path / "m.json")
        return tmp_path / "m.json"

    def test_the_error_names_scorer_and_both_versions(self, tmp_path: Path) -> None:
        """What the model was fitted with, what is installed, and what to do are in one message."""
        now = registry_of(plus, "2.0")
        with pytest.raises(ModelVersionError) as caught:
            cg.load_model(self.saved(tmp_path), registry=now)
        for said in (
            "'visitors'",
            "grades differently",
            "custgrade-visitors 1.0",
            "custgrade-visitors 2.0",
            "fit again",
        ):
            assert said in str(caught.value)
        assert isinstance(caught.value, ModelScorerError)

    def test_other_labels_are_another_version_too(self, tmp_path: Path) -> None:
        """A version whose axes are others is told like one whose scores are."""
        now = registry_of(relabelled, "2.0")
        with pytest.raises(ModelVersionError, match=r"custgrade-visitors 1\.0.*custgrade-visitors 2\.0"):
            cg.load_model(self.saved(tmp_path), registry=now)

    def test_another_version_that_grades_alike_is_fine(self, tmp_path: Path) -> None:
        """What counts is what decides a grade, not the number of the version."""
        now = registry_of(times, "2.0")
        assert "A" == cg.load_model(self.saved(tmp_path), registry=now).grade_one({"profit": 3}).grade

    def test_a_version_that_needs_what_was_left_out(self, tmp_path: Path) -> None:
        """A version that can't do without the field whose criterion the model left out grades differently as well."""

        def either(weight: int = 1) -> cg.Scorer:
            names = ("effort", "enjoyable")
            return Scorecard([Criterion(name, Rating(), weight=weight) for name in names]).scorer()

        def one(weight: int = 1) -> cg.Scorer:
            return Scorecard([Criterion("enjoyable", Rating(), weight=weight)]).scorer()

        registry_of(either, "1.0").scorer("visitors").fit(base_of(effort=[1.0, 2.0, 3.0])).save(tmp_path / "m.json")
        with pytest.raises(ModelVersionError, match=r"custgrade-visitors 1\.0.*custgrade-visitors 2\.0.*enjoyable"):
            cg.load_model(tmp_path / "m.json", registry=registry_of(one, "2.0"))

    def test_a_scorer_that_was_given_has_no_version(self, tmp_path: Path) -> None:
        """Passing another scorer is no matter of versions."""
        with pytest.raises(ModelScorerError, match="grades differently") as caught:
            cg.load_model(self.saved(tmp_path), scorer=scorer_of(lambda c: c["revenue"]))
        assert not isinstance(caught.value, ModelVersionError)

    def test_an_untraced_score_that_needs_other_fields_grades_differently(self, tmp_path: Path) -> None:
        """Of a score that can't be traced, the fields it needs are compared."""

        def needing(*fields: str) -> cg.Scorer:
            axis = Axis("grade", "AB", lambda c: c[fields[0]], Thresholds((1,)), traceable=False, needs=list(fields))
            return cg.Scorer([axis])

        needing("profit").fit(base_of(profit=[0.0, 1.0, 2.0])).save(tmp_path / "m.json")
        with pytest.raises(ModelScorerError, match="grades differently"):
            cg.load_model(tmp_path / "m.json", scorer=needing("profit", "orders"))


class TestFields:
    """A field is missing, or in another unit."""

    def test_a_missing_field(self) -> None:
        """The error is one of models and of fields, names the field and those there are."""
        model = scorer_of(lambda c: c["profit"]).fit(base_of(profit=[0.0, 1.0, 2.0]))
        with pytest.raises(ModelFieldError, match=r"no 'profit'.*It has: orders.*The model needs it"):
            model.grade(base_of(orders=[1.0, 2.0, 3.0]))
        assert {ModelError, FieldError} <= set(ModelFieldError.__mro__)

    def test_a_base_in_another_unit(self) -> None:
        """A field of the author's own whose unit the base has otherwise is refused, with both units."""
        model = scorer_of(lambda c: c["visits"], fields=[VISITS]).fit(base_of(visits=[0.0, 1.0, 2.0]))
        base = base_of(extra=(cg.Field("visits", "hours"),), visits=[0.0, 1.0, 2.0])
        with pytest.raises(ModelUnitError, match="'visits' in count; the data has it in hours"):
            model.grade(base)
        assert 3 == len(model.grade(base_of(extra=(VISITS,), visits=[0.0, 1.0, 2.0])))

    def test_a_unit_that_only_the_base_knew_is_kept(self, tmp_path: Path) -> None:
        """Where the scorer doesn't define a field, its unit is that of the base it was fitted on, in the file too."""
        model = scorer_of(lambda c: c["visits"]).fit(base_of(extra=(VISITS,), visits=[0.0, 1.0, 2.0]))
        model.save(tmp_path / "m.json")
        loaded = cg.load_model(tmp_path / "m.json", scorer=scorer_of(lambda c: c["visits"]))
        assert {"visits": "count"} == dict(loaded.units)
        assert model.to_dict() == loaded.to_dict()
        for one in (model, loaded):
            with pytest.raises(ModelUnitError):
                one.grade(base_of(extra=(cg.Field("visits", "hours"),), visits=[0.0, 1.0, 2.0]))
            assert 3 == len(one.grade(base_of(visits=[0.0, 1.0, 2.0])))

    def test_a_field_that_only_fitting_or_details_need_may_be_in_any_unit(self) -> None:
        """Only what decides a grade is compared."""
        scorer = scorer_of(lambda c: c["profit"], fields=[VISITS], details={"twice": lambda c: 2 * c["visits"]})
        model = scorer.fit(base_of(profit=[0.0, 1.0, 2.0]))
        other = base_of(extra=(cg.Field("visits", "hours"),), profit=[0.0, 1.0, 2.0], visits=[0.0, 1.0, 2.0])
        assert 3 == len(model.grade(other))

    def test_fitting_refuses_another_unit_as_well(self) -> None:
        """A model that couldn't grade the base it is fitted on isn't made."""
        base = base_of(extra=(cg.Field("visits", "hours"),), visits=[0.0, 1.0, 2.0])
        with pytest.raises(FieldError, match="'visits' in count; the data has it in hours"):
            scorer_of(lambda c: c["visits"], fields=[VISITS]).fit(base)

    def test_a_scorer_that_reads_another_unit_now(self, tmp_path: Path) -> None:
        """Loading compares the units in the file with those of the scorer."""
        make = lambda unit: scorer_of(lambda c: c["visits"], fields=[cg.Field("visits", unit)])
        make("hours").fit(base_of(visits=[0.0, 1.0, 2.0])).save(tmp_path / "m.json")
        with pytest.raises(ModelUnitError, match=r"'visits' in hours.*in days"):
            cg.load_model(tmp_path / "m.json", scorer=make("days"))
        assert {"visits": "hours"} == dict(cg.load_model(tmp_path / "m.json", scorer=make("hours")).units)


def test_another_currency() -> None:
    """The error names both currencies and says what to do; where one isn't known, nothing is said."""
    scorer, profit = scorer_of(lambda c: c["profit"]), {"profit": [1.0]}
    model = scorer.fit(cg.CustomerBase(["a"], profit, currency="EUR"))
    with pytest.raises(ModelCurrencyError, match=r"in EUR; the data is in USD\. Convert the amounts.*or fit again"):
        model.grade(cg.CustomerBase(["a"], profit, currency="USD"))
    assert 1 == len(model.grade(cg.CustomerBase(["a"], profit)))


SUMS = {
    "a sum": lambda c: c["revenue"],
    "a sum of hours": lambda c: c["sales_hours"],
    "a count of orders": lambda c: c["orders"],
    "a count of categories": lambda c: c["product_mix"],
    "returned money": lambda c: c["returns"],
    "a count of complaints": lambda c: c["complaints"],
    "a quotient written out": lambda c: c["profit"] / c["revenue"],
    "a sum of the author's own": lambda c: c["visits"],
}
OTHERS = {
    "a quotient": lambda c: c["margin"],
    "an average": lambda c: c["average_sale"],
    "days": lambda c: c["recency"] + c["tenure"] + c["days_late"],
    "a rating": lambda c: c["enjoyable"],
    "what could be": lambda c: c["potential"],
    "a share": lambda c: c["share_of_wallet"],
}
FIELDS = {name: [1.0, 2.0, 3.0] for name in (*(n for n, f in cg.STANDARD_FIELDS.items() if not f.derived), "visits")}


class TestPeriods:
    """The base covers another length of time."""

    @pytest.mark.parametrize("score", SUMS.values(), ids=SUMS)
    def test_what_adds_up_is_held_against_the_same_length(self, score: Callable[[Any], Any]) -> None:
        """A model that reads what adds up over the period refuses a quarter after a year, unless it is meant."""
        model = scorer_of(score, fields=[VISITS]).fit(base_of(YEAR, **FIELDS))
        with pytest.raises(ModelPeriodError, match=r"365 days.*2023-01-01 to 2023-12-31.*92 days.*2024-10-01 to"):
            model.grade(base_of(QUARTER, **FIELDS))
        assert 3 == len(model.grade(base_of(QUARTER, **FIELDS), any_period=True))
        model.check(base_of(QUARTER, **FIELDS), any_period=True)

    @pytest.mark.parametrize("score", OTHERS.values(), ids=OTHERS)
    def test_what_does_not_add_up_may_be_of_any_length(self, score: Callable[[Any], Any]) -> None:
        """Quotients, averages, days and ratings mean the same over any period."""
        assert 3 == len(scorer_of(score).fit(base_of(YEAR, **FIELDS)).grade(base_of(QUARTER, **FIELDS)))

    def test_the_message_says_what_to_do(self) -> None:
        """The fields, the option, its argument in Python, and the way to say that it is meant are named."""
        model = scorer_of(lambda c: c["revenue"] + c["orders"]).fit(base_of(YEAR, **FIELDS))
        with pytest.raises(ModelPeriodError) as caught:
            model.check(base_of(QUARTER, **FIELDS))
        for said in ("revenue, orders", "window='365d'", "fit again", "any_period=True"):
            assert said in str(caught.value)

    def test_evidence_and_learned_columns_count(self) -> None:
        """A sum that decides by evidence or by a percentile is held against the same length; one in details isn't."""
        evidence = scorer_of(lambda c: c["margin"], evidence=minimum_evidence(orders=2))
        learned = scorer_of(lambda c: c["place"], learned={"place": Percentile("profit", 2)})
        for scorer in (evidence, learned):
            with pytest.raises(ModelPeriodError):
                scorer.fit(base_of(YEAR, **FIELDS)).grade(base_of(QUARTER, **FIELDS))
        details = scorer_of(lambda c: c["margin"], details={"twice": lambda c: 2 * c["revenue"]})
        assert 3 == len(details.fit(base_of(YEAR, **FIELDS)).grade(base_of(QUARTER, **FIELDS)))

    @pytest.mark.parametrize(
        ("fitted", "graded", "fits"),
        [
            (YEAR, LEAP_YEAR, True),
            (LEAP_YEAR, YEAR, True),
            (("2023-01-01", "2023-01-31"), ("2023-02-01", "2023-02-28"), True),
            (("2023-02-01", "2023-02-28"), ("2023-01-01", "2023-01-31"), True),
            (("2023-01-01", "2023-01-08"), ("2023-01-01", "2023-01-09"), True),
            (("2023-01-01", "2023-01-08"), ("2023-01-01", "2023-01-07"), True),
            (("2023-01-01", "2023-01-08"), ("2023-01-01", "2023-01-10"), False),
            (("2023-01-01", "2023-01-07"), ("2023-01-01", "2023-01-08"), False),
            (None, QUARTER, True),
            (YEAR, None, True),
            (None, None, True),
        ],
    )
    def test_an_eighth_more_or_less_passes(self, fitted: Any, graded: Any, fits: bool) -> None:
        """Years and leap years, months of 28 and 31 days fit each other; so does a period that isn't known."""
        model = scorer_of(lambda c: c["revenue"]).fit(base_of(fitted, **FIELDS))
        if fits:
            assert 3 == len(model.grade(base_of(graded, **FIELDS)))
        else:
            with pytest.raises(ModelPeriodError):
                model.grade(base_of(graded, **FIELDS))

    def test_the_way_up_asks_the_same(self) -> None:
        """Ways up by a model of a year are refused for a quarter, unless it is meant."""
        axis = Axis("grade", "AB", lambda c: c["revenue"], Thresholds((2.0,)), rises=["revenue"])
        model = cg.Scorer([axis]).fit(base_of(YEAR, **FIELDS))
        with pytest.raises(ModelPeriodError):
            cg.way_up(model, base_of(QUARTER, **FIELDS))
        assert 2.0 == cg.way_up(model, base_of(QUARTER, **FIELDS), any_period=True).axes["grade"].to["revenue"][0]

    def test_one_customer_and_a_frame_have_no_period(self) -> None:
        """What has no period is graded as it is."""
        model = scorer_of(lambda c: c["revenue"]).fit(base_of(YEAR, **FIELDS))
        assert "A" == model.grade_one({"revenue": 3}).grade
