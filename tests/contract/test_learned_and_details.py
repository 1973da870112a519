"""Learned numbers, proposed floors, details beside the grades, evidence that may be lacking, criteria in tables."""

from __future__ import annotations

import csv
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings, strategies as st

import custgrade as cg
from custgrade.errors import ConfigurationError, CutError, FieldError, ModelScorerError, ParameterError, ScorerError
from custgrade.plugins import (
    Axis,
    Checklist,
    Criterion,
    Evidence,
    Floor,
    Linear,
    Percentile,
    Quantile,
    Rating,
    Scorecard,
    Steps,
    Thresholds,
    criteria_from,
    minimum_evidence,
)

NAN = math.nan
few = settings(deadline=None, max_examples=40)
shares = st.sampled_from(["0.5", 0.75, "1/3", "0.001", "0.999", Fraction(2, 7)])
values = st.one_of(
    st.lists(
        st.sampled_from([NAN, math.inf, -math.inf, -1.0, -0.0, 0.0, 0.1, 0.3, 5e-324, 1e308]), min_size=1, max_size=25
    ),
    st.lists(st.integers(-300, 300).map(lambda cents: cents / 100), min_size=1, max_size=40),
)


def base_of(**columns: Any) -> cg.CustomerBase:
    return cg.CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def ranked(of: list[float], share: Any, best: str) -> float:
    """The value at rank ceil(share × n) from the best, of those that are known."""
    known = sorted(filter(math.isfinite, of), reverse=best == "highest")
    return known[math.ceil(Fraction(str(share)) * len(known)) - 1] + 0.0


def above(quantile: Quantile) -> cg.Scorer:
    """A scorer that grades by the distance from a learned number; the number itself is stated beside it."""
    return cg.Scorer(
        [Axis("grade", "AB", lambda c: c[quantile.field] - c["learnt"], Thresholds((0,)))],
        learned={"learnt": quantile},
        details={"learnt_number": lambda c: c["learnt"] + c["orders"] * 0.0},
    )


def by_profit(**rest: Any) -> cg.Scorer:
    return cg.Scorer([Axis("grade", "AB", lambda c: c["profit"], Thresholds((1,)))], **rest)


class TestQuantile:
    """A number that is learned from the whole base."""

    @given(of=values, share=shares, best=st.sampled_from(["highest", "lowest"]))
    @few
    def test_it_is_the_value_at_its_rank(self, of: list[float], share: Any, best: str) -> None:
        """The number is one that a customer has, at rank ceil(share × n); at least the share reaches it."""
        assume(any(map(math.isfinite, of)))
        expected = ranked(of, share, best)
        base = base_of(profit=of, orders=[1.0] * len(of))
        model = above(Quantile("profit", share, best)).fit(base)
        graded = model.grade(base)
        assert {expected.hex()} == {number.hex() for number in graded.details["learnt_number"].tolist()}
        assert {"learnt": expected} == model.quantiles
        known = list(filter(math.isfinite, of))
        reaching = [value for value in known if (value >= expected if best == "highest" else value <= expected)]
        assert len(reaching) >= Fraction(str(share)) * len(known)

    def test_everybody_sees_the_same_number(self) -> None:
        """Also those whose own value is unknown, and newcomers whatever they bring."""
        base = base_of(profit=[4, 3, 2, 1, NAN], orders=[1] * 5)
        model = above(Quantile("profit", "0.5")).fit(base)
        assert [3.0] * 5 == model.grade(base).details["learnt_number"].tolist()
        assert ["A", "A", "B", "B", ""] == model.grade(base).grades.tolist()
        newcomer = model.grade_one({"profit": 99, "orders": 1})
        assert ("A", 96.0, 3.0) == (newcomer.grade, newcomer.scores["grade"], newcomer.details["learnt_number"])

    def test_where_nobody_is_known_the_number_is_unknown(self) -> None:
        """A column without a known value teaches nothing, and says so in no number."""
        scorer = cg.Scorer(
            [Axis("grade", "AB", lambda c: np.where(np.isnan(c["learnt"]), c["orders"], 0.0), Thresholds((1,)))],
            learned={"learnt": Quantile("profit", "0.5")},
        )
        model = scorer.fit(base_of(profit=[NAN, NAN], orders=[1, 0]))
        assert ({"learnt": None}, True) == (dict(model.learned), math.isnan(model.quantiles["learnt"]))
        assert ["A", "B"] == model.grade(base_of(profit=[NAN, 7.0], orders=[1, 0])).grades.tolist()
        assert [] == [notice for notice in model.notices if "nan" in notice]

    def test_the_notice_counts_those_whose_value_is_known(self) -> None:
        """Where most values are unknown, the notice doesn't say that a share of all customers reaches the number."""
        model = above(Quantile("profit", "0.75")).fit(base_of(profit=[4, 3, 2, 1, *[NAN] * 96], orders=[1] * 100))
        assert ("learnt is 2: at least 75 % of the customers whose profit is known reach it",) == model.learned_notes

    def test_it_is_frozen_to_the_last_bit(self, tmp_path: Path) -> None:
        """A saved and loaded model has the same number, and the file holds it as a boundary."""
        base = base_of(profit=[0.1 + 0.2, 1 / 3, 0.7], orders=[1] * 3)
        scorer = above(Quantile("profit", "0.9", "lowest"))
        model = scorer.fit(base)
        model.save(tmp_path / "m.json")
        loaded = cg.load_model(tmp_path / "m.json", scorer=scorer)
        expected = [(0.7).hex()] * 3
        for one in (model, loaded):
            assert expected == [number.hex() for number in one.grade(base).details["learnt_number"].tolist()]
        assert {"learnt": [[-0.7, True]]} == json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["learned"]

    def test_its_settings_are_part_of_the_scorer(self, tmp_path: Path) -> None:
        """A model isn't loaded with a scorer that learns another share or direction."""
        base = base_of(profit=[1, 2], orders=[1, 1])
        above(Quantile("profit", "0.5")).fit(base).save(tmp_path / "m.json")
        for other in (Quantile("profit", "0.6"), Quantile("profit", "0.5", "lowest"), Percentile("profit", 1)):
            with pytest.raises(ModelScorerError):
                cg.load_model(tmp_path / "m.json", scorer=above(other))

    @given(cents=st.lists(st.integers(-500, 500), min_size=1, max_size=20), share=shares)
    @few
    def test_units_do_not_matter(self, cents: list[int], share: Any) -> None:
        """In cents the same customers reach the number as in whole money."""
        found = []
        for factor in (1, 100):
            base = base_of(profit=[c * 100 / factor for c in cents], orders=[1] * len(cents))
            found.append(above(Quantile("profit", share)).fit(base).grade(base).grades.tolist())
        assert found[0] == found[1]

    def test_a_derived_field(self) -> None:
        """The number may be one of a derived field, over those for whom it is known."""
        base = base_of(profit=[1, 1, 1, 1], revenue=[2, 4, 8, 0], orders=[1] * 4)
        graded = above(Quantile("margin", "2/3")).fit(base).grade(base)
        assert [0.25] * 4 == graded.details["learnt_number"].tolist()
        assert ["A", "A", "B", ""] == graded.grades.tolist()

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("profit", 0), "received 0"),
            (("profit", 1), "below 1"),
            (("profit", "2/2"), "below 1"),
            (("profit", 1.5), "received 1.5"),
            (("profit", -0.5), "received -0.5"),
            (("profit", NAN), "received nan"),
            (("profit", "most"), "received 'most'"),
            (("profit", True), "received True"),
            (("profit", None), "received None"),
            (("profit", "0.5", "up"), "'highest' or 'lowest'; received 'up'"),
        ],
    )
    def test_nonsense_is_refused(self, arguments: tuple[Any, ...], says: str) -> None:
        """A share is above 0 and below 1, and one of two directions is best."""
        with pytest.raises((ScorerError, CutError), match=says):
            Quantile(*arguments)


class TestProposedFloors:
    """Floors of a checklist that the base proposes."""

    def test_proposed_beside_decided(self) -> None:
        """A proposed floor is the number learned, a decided one stays as it is; gaps are in the field's unit."""
        checklist = Checklist(
            [
                Floor("revenue", Quantile("revenue", "0.5")),
                Floor("days_late", Quantile("days_late", "0.5", "lowest"), "lowest"),
                Floor("orders", 2),
            ]
        )
        base = base_of(revenue=[9, 7, 5, NAN], days_late=[30, 0, 10, 5], orders=[3, 2, 1, 2])
        graded = checklist.scorer().fit(base).grade(base)
        assert ["near", "meets", "below", ""] == graded.grades.tolist()
        assert "unknown: revenue" == graded.reasons[graded.reason_codes[3]]
        expected = {"revenue_gap": [0.0, 0.0, 2.0], "days_late_gap": [25.0, 0.0, 5.0, 0.0], "orders_gap": [0, 0, 1, 0]}
        assert expected == {
            name: [gap for gap in column.tolist() if not math.isnan(gap)] for name, column in graded.details.items()
        }

    def test_one_without_data_is_left_out_and_stays_so(self, tmp_path: Path) -> None:
        """A proposed floor goes with its number, its gap and a notice, and its absence is frozen in the model."""
        checklist = Checklist(
            [Floor(name, Quantile(name, "0.5")) for name in ("revenue", "margin", "orders")], axis="profile"
        )
        base = base_of(revenue=[3, 2, 1], orders=[1, 2, 3])
        model = checklist.scorer().fit(base)
        assert (("margin",), ("left out, because the data has no such field: margin",)) == (
            model.dropped,
            model.notices[:1],
        )
        assert ["revenue_floor", "orders_floor"] == list(model.learned)
        assert ["revenue_gap", "orders_gap"] == list(model.grade(base).details)
        model.save(tmp_path / "m.json")
        loaded = cg.load_model(tmp_path / "m.json", scorer=checklist.scorer())
        richer = base.with_columns(profit=[1, 1, 1])
        assert model.grade(base).grades.tolist() == loaded.grade(richer).grades.tolist()
        assert ["revenue_gap", "orders_gap"] == list(loaded.grade_one({"revenue": 1, "orders": 1, "profit": 1}).details)

    def test_a_decided_floor_is_never_left_out(self) -> None:
        """A floor with a value needs its field, also where evidence on the same field may be lacking."""
        checklist = Checklist([Floor("orders", 3), Floor("revenue", 10)])
        for evidence in ((), minimum_evidence(2, optional=True)):
            with pytest.raises(FieldError, match="'orders'"):
                checklist.scorer(evidence=evidence).fit(base_of(revenue=[5, 20]))

    def test_one_left_is_a_warning_and_none_an_error(self) -> None:
        """With one floor left the model warns; with none, the fields that could be mapped are listed."""
        checklist = Checklist([Floor(name, Quantile(name, "0.5")) for name in ("revenue", "margin")])
        model = checklist.scorer().fit(base_of(revenue=[1]))
        assert ["revenue" in notice for notice in model.notices if notice.startswith("warning: ")] == [True]
        with pytest.raises(ScorerError, match="margin, revenue"):
            checklist.scorer().fit(base_of(profit=[1]))

    @pytest.mark.parametrize(
        "make",
        [
            lambda: Floor("orders", Quantile("revenue", "0.5")),
            lambda: Floor("orders", Quantile("orders", "0.5"), "lowest"),
            lambda: Floor("orders", Quantile("orders", "0.5", "lowest")),
            lambda: Floor("orders", Percentile("orders")),
            lambda: Floor("orders", "proposed"),
            lambda: Floor("orders", None),
            lambda: Floor("orders", 10**400),
        ],
    )
    def test_what_is_not_proposed_by_its_own_field_is_refused(self, make: Any) -> None:
        """A floor is a finite number, or a quantile of its own field with the same side best."""
        with pytest.raises(ScorerError, match="'orders'"):
            make()


KINDS: dict[str, Any] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": lambda data: pl.DataFrame(data).lazy(),
    "arrow": lambda data: pa.table(dict(data)),
    "duckdb": lambda data: duckdb.from_arrow(pa.table(dict(data))),
}


def as_polars(frame: Any) -> pl.DataFrame:
    """Any kind of frame as one kind, NaN as null."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif isinstance(frame, pd.DataFrame):
        frame = pl.from_pandas(frame)
    elif not isinstance(frame, pl.DataFrame):
        frame = pl.from_arrow(frame if isinstance(frame, pa.Table) else frame.to_arrow_table())
    return frame.fill_nan(None)


class TestDetails:
    """Columns that are stated beside the grades."""

    def test_they_decide_nothing(self, tmp_path: Path) -> None:
        """Grades, inputs and what is learned are the same without details, and a model loads either way."""
        base = base_of(profit=[2, 0], revenue=[3, 4])
        plain, stating = by_profit(), by_profit(details={"share": lambda c: c["profit"] / c["revenue"]})
        assert (plain.inputs, plain.fingerprint) == (stating.inputs, stating.fingerprint)
        assert ("revenue",) == stating.detail_inputs
        assert plain.fit(base).boundaries == stating.fit(base).boundaries
        plain.fit(base).save(tmp_path / "m.json")
        loaded = cg.load_model(tmp_path / "m.json", scorer=stating)
        assert plain.fit(base).grade(base).grades.tolist() == loaded.grade(base).grades.tolist()
        assert [2 / 3, 0.0] == loaded.grade(base).details["share"].tolist()

    def test_they_are_given_by_name_only(self) -> None:
        """What follows the evidence by position is the fields, as it was before there were details."""
        size = cg.Field("shop_size", "m2")
        scorer = cg.Scorer([Axis("grade", "AB", lambda c: c["shop_size"], Thresholds((1,)))], {}, (), (size,))
        assert ((size,), {}) == (scorer.fields, scorer.details)

    @given(rows=st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=20))
    @few
    def test_alone_and_among_many_the_same_bits(self, rows: list[tuple[float, float]]) -> None:
        """A detail is row-local: every customer has the same alone; not finite is unknown, and zero has no sign."""
        scorer = cg.Scorer(
            [Axis("grade", "A", lambda c: np.where(c["profit"] > 0.0, 1.0, 0.0), Thresholds(()))],
            details={"quotient": lambda c: c["profit"] / c["revenue"], "negative": lambda c: -c["profit"]},
        )
        base = base_of(profit=[row[0] for row in rows], revenue=[row[1] for row in rows])
        model = scorer.fit(base)
        graded = model.grade(base)
        for k, (profit, revenue) in enumerate(rows):
            found = {name: column[k] for name, column in graded.details.items()}
            with np.errstate(all="ignore"):
                expected = {"quotient": np.float64(profit) / np.float64(revenue), "negative": -profit}
            for name, value in expected.items():
                wanted = float(value) + 0.0 if math.isfinite(value) else NAN
                assert (wanted.hex(), wanted.hex()) == (
                    float(found[name]).hex(),
                    model.grade_one(base.customer(k)).details[name].hex(),
                )

    def test_more_customers_than_one_batch(self) -> None:
        """Batches leave no seam."""
        size = (1 << 16) + 3
        base = cg.CustomerBase(range(size), {"profit": np.ones(size), "revenue": np.arange(size) + 1.0})
        scorer = by_profit(details={"share": lambda c: c["profit"] / c["revenue"]})
        np.testing.assert_array_equal(1.0 / (np.arange(size) + 1.0), scorer.fit(base).grade(base).details["share"])

    def test_one_whose_field_the_data_lacks_is_not_stated(self) -> None:
        """It is left out, unknown for a single customer, and stated where the field is there."""
        scorer = by_profit(details={"margin_now": lambda c: c["margin"], "double": lambda c: c["profit"] * 2.0})
        model = scorer.fit(base_of(profit=[2, 0]))
        assert ["double"] == list(model.grade(base_of(profit=[2, 0])).details)
        details = model.grade_one({"profit": 2}).details
        assert (True, 4.0) == (math.isnan(details["margin_now"]), details["double"])
        assert [0.5] == model.grade(base_of(profit=[2], revenue=[4])).details["margin_now"].tolist()

    def test_one_may_read_what_is_learned(self) -> None:
        """A detail may read learned columns, and goes where those go."""
        scorer = Scorecard([Criterion("profit", Percentile("profit", 4)), Criterion("orders", Linear(0, 4))]).scorer()
        stating = cg.Scorer(
            scorer.axes, learned=scorer.learned, details={"standing": lambda c: c["profit_percentile"] / 4.0}
        )
        base = base_of(profit=[5, 4, 3, 2, 1], orders=[4] * 5)
        assert [1.0, 0.75, 0.5, 0.25, 0.0] == stating.fit(base).grade(base).details["standing"].tolist()
        poorer = base_of(orders=[4] * 5)
        assert {} == dict(stating.fit(poorer).grade(poorer).details)

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_of_frame_has_them(self, kind: str) -> None:
        """A detail is a column of numbers between scores and status, under the prefix, missing where unknown."""
        scorer = by_profit(details={"share": lambda c: c["profit"] / c["revenue"]})
        frame = KINDS[kind]({"profit": [2.0, None], "revenue": [4.0, 1.0]})
        found = as_polars(cg.grade(frame, scorer, prefix="p_"))
        added = ["p_grade", "p_score", "p_share", "p_status", "p_reason"]
        assert ["profit", "revenue", *added] == found.columns
        assert ([0.5, None], pl.Float64) == (found["p_share"].to_list(), found["p_share"].dtype)

    def test_files_have_them(self, tmp_path: Path) -> None:
        """Written files have them before the status, empty in CSV and null in Parquet where unknown."""
        base = base_of(profit=[2, 0], revenue=[4, 0])
        graded = by_profit(details={"share": lambda c: c["profit"] / c["revenue"]}).fit(base).grade(base)
        graded.write(tmp_path / "g.csv", prefix="p_")
        graded.write(tmp_path / "g.parquet")
        with (tmp_path / "g.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert ["0.5", ""] == [row["p_share"] for row in rows]
        assert ["p_score", "p_share", "p_status", "p_reason"] == list(rows[0])[-4:]
        table = pl.read_parquet(tmp_path / "g.parquet")
        assert ([0.5, None], pl.Float64) == (table["share"].to_list(), table["share"].dtype)
        assert ["score", "share", "status", "reason"] == table.columns[-4:]
        assert graded.to_dict()["share"] is graded.details["share"]

    def test_one_named_like_a_column_of_the_data_is_a_clash(self, tmp_path: Path) -> None:
        """Where the data has a column of that name, a prefix is asked for."""
        base = base_of(profit=[2], share=[4])
        graded = by_profit(details={"share": lambda c: c["profit"] * 2.0}).fit(base).grade(base)
        for write in (graded.to_dict, lambda: graded.write(tmp_path / "g.csv")):
            with pytest.raises(FieldError, match="share"):
                write()
        with pytest.raises(FieldError, match=r"share.*prefix"):
            cg.grade(
                pd.DataFrame({"profit": [1.0], "share": [2.0]}),
                by_profit(details={"share": lambda c: c["profit"] * 2.0}),
            )

    @pytest.mark.parametrize("name", ["grade", "score", "status", "reason"])
    def test_one_named_like_a_grade_column_is_refused(self, name: str) -> None:
        """A detail can't take the place of a grade, its score, the status or the reason."""
        base = base_of(profit=[2, 0])
        with pytest.raises(cg.CustgradeError, match=name):
            by_profit(details={name: lambda c: c["profit"] * 7.0}).fit(base).grade(base).columns()

    @pytest.mark.parametrize(
        ("details", "says"),
        [
            ({"x": lambda c: np.mean(c["profit"])}, "detail 'x': np.mean can't be traced"),
            ({"x": lambda c: 5.0}, "detail 'x' reads no field"),
            ({"x": lambda c: "high"}, "detail 'x'"),
            ({"x": 5}, "detail 'x'"),
            ({"x": lambda c: 1.0 if c["profit"] > 0 else 0.0}, "no single truth value"),
            (5, "details"),
        ],
    )
    def test_what_is_not_row_local_is_refused(self, details: Any, says: str) -> None:
        """Details are traced like scores, and errors say which one is meant."""
        with pytest.raises(ScorerError, match=says):
            by_profit(details=details)


class TestOptionalEvidence:
    """Evidence that is left out where the data lacks its field."""

    def evident(self, optional: bool = True) -> cg.Scorer:
        return by_profit(
            evidence=[
                Evidence("few orders", lambda c: c["orders"] >= 2, optional=optional),
                Evidence("cheap", lambda c: (c["average_sale"] >= 10.0) | (c["recency"] < 5.0), optional=True),
                Evidence("new", lambda c: c["tenure"] >= 30),
            ]
        )

    def test_it_counts_where_the_field_is_there(self) -> None:
        """With its field it is evidence like any other, unknown values included."""
        base = base_of(
            profit=[1, 1, 1, 1], orders=[2, 1, NAN, 2], revenue=[30, 30, 30, 5], recency=[9] * 4, tenure=[30] * 4
        )
        model = self.evident().fit(base)
        graded = model.grade(base)
        assert ["", "few orders", "unknown: orders", "cheap"] == [graded.reasons[code] for code in graded.reason_codes]
        assert ((), ()) == (model.dropped, model.notices)

    def test_it_is_left_out_where_the_field_is_not(self, tmp_path: Path) -> None:
        """Without a field that it reads, derived ones included, it goes with a notice, and so in the saved model."""
        base = base_of(profit=[1, 1], revenue=[30, 5], recency=[9, 9], tenure=[30, 1])
        model = self.evident().fit(base)
        assert ["A", ""] == model.grade(base).grades.tolist()
        assert ("average_sale", "orders") == model.dropped
        model.save(tmp_path / "m.json")
        loaded = cg.load_model(tmp_path / "m.json", scorer=self.evident())
        richer = base.with_columns(orders=[1, 1])
        assert ["A", ""] == loaded.grade(richer).grades.tolist()
        assert [e.reason for e in model.scorer.evidence] == [e.reason for e in loaded.scorer.evidence] == ["new"]

    def test_what_is_not_optional_is_needed(self) -> None:
        """Evidence that isn't said to be optional needs its field, and so does what a score reads."""
        with pytest.raises(FieldError, match="'orders'"):
            self.evident(optional=False).fit(base_of(profit=[1], revenue=[1], recency=[1], tenure=[30]))
        with pytest.raises(FieldError, match="'tenure'"):
            self.evident().fit(base_of(profit=[1]))
        with pytest.raises(FieldError, match="'profit'"):
            by_profit(evidence=[Evidence("loss", lambda c: c["profit"] >= 0.0, optional=True)]).fit(base_of(orders=[1]))

    def test_evidence_is_needed_where_a_criterion_on_the_same_field_goes(self) -> None:
        """Evidence that isn't optional stays, and needs its field, though a criterion on that field is left out."""
        card = Scorecard([Criterion("orders", Linear(0, 4)), Criterion("effort", Rating())])
        assert ("orders",) == card.scorer().fit(base_of(effort=[5])).dropped
        with pytest.raises(FieldError, match="'orders'"):
            card.scorer(evidence=minimum_evidence(2)).fit(base_of(effort=[5]))

    def test_a_frame_without_the_field_is_warned_of(self) -> None:
        """Grading a frame in one call warns of what was left out."""
        frame = pd.DataFrame({"profit": [1.0], "tenure": [30.0]})
        with pytest.warns(cg.CustgradeWarning) as caught:
            assert ["A"] == cg.grade(frame, self.evident())["grade"].tolist()
        fields = [str(one.message).rpartition(" ")[2] for one in caught]
        assert {"average_sale", "orders"} <= set(fields)


class TestMinimumEvidence:
    """Evidence that most schemes offer."""

    def test_nothing_is_asked_for_by_default(self) -> None:
        """0 asks for nothing."""
        assert () == minimum_evidence() == minimum_evidence(0, 0) == minimum_evidence(orders=0, optional=True)

    @pytest.mark.parametrize("optional", [False, True])
    def test_orders_first_then_tenure(self, optional: bool) -> None:
        """Exactly the minimum is enough; orders are looked at first, and both are optional or neither."""
        base = base_of(profit=[1] * 5, orders=[3, 2, 3, 2, NAN], tenure=[9, 9, 8, 8, 8])
        evidence = minimum_evidence(3, 9, optional)
        graded = by_profit(evidence=evidence).fit(base).grade(base)
        expected = ["", "fewer than 3 orders", "known for less than 9 days", "fewer than 3 orders", "unknown: orders"]
        assert expected == [graded.reasons[code] for code in graded.reason_codes]
        assert [optional] * 2 == [item.optional for item in evidence]

    def test_numbers_are_said_as_they_are(self) -> None:
        """The reason says the number in full."""
        reasons = [item.reason for item in minimum_evidence(1234567, 2000000)]
        assert ["fewer than 1234567 orders", "known for less than 2000000 days"] == [
            text.replace(",", "") for text in reasons
        ]

    @pytest.mark.parametrize("least", [-1, -0.5, NAN, "2", None, [2]])
    def test_nonsense_is_refused(self, least: Any) -> None:
        """What isn't a number from 0 on is refused with what was received."""
        for arguments in ({"orders": least}, {"tenure": least}):
            with pytest.raises(ParameterError) as caught:
                minimum_evidence(**arguments)
            assert repr(least) in str(caught.value)


class TestCriteriaFrom:
    """Criteria written as tables."""

    def test_every_kind(self) -> None:
        """Tables give the criteria that Python would, in their order, with exact weights."""
        expected = (
            Criterion("days_late", Linear(60.0, 0.0), 2),
            Criterion("orders", Linear(0.0, 12.0), "1/3"),
            Criterion("effort", Rating(), 0.1),
            Criterion("promptness", Rating(10.0, 0.0)),
            Criterion("referrals", Steps({0: 0, 1: 60, 3: 100})),
            Criterion("profit", Percentile("profit"), 3),
            Criterion("recency", Percentile("recency", best="lowest")),
        )
        tables = {
            "days_late": {"weight": 2, "worst": 60, "best": 0},
            "orders": {"points": "linear", "worst": 0, "best": 12, "weight": "1/3"},
            "effort": {"points": "rating", "weight": 0.1},
            "promptness": {"points": "rating", "worst": 10, "best": 0},
            "referrals": {"points": "steps", "steps": [[0, 0], [1, 60], [3, 100]]},
            "profit": {"points": "percentile", "weight": 3},
            "recency": {"points": "percentile", "best": "lowest"},
        }
        assert expected == criteria_from(tables)
        assert Fraction(1, 10) == criteria_from(tables)[2].weight
        assert () == criteria_from({})

    @pytest.mark.parametrize(
        ("table", "says"),
        [
            (3, "extra: 'effort' must be a table; received 3"),
            (None, "extra: 'effort' must be a table; received None"),
            ({}, "extra.effort: points = 'linear' needs 'worst', 'best'"),
            ({"best": 1}, "needs 'worst'"),
            ({"points": "steps"}, "needs 'steps'"),
            ({"points": "step"}, "extra.effort: points is one of linear, rating, steps, percentile; received 'step'"),
            ({"points": None}, "received None"),
            ({"points": ["rating"]}, "received ['rating']"),
            ({"points": "rating", "steps": []}, "extra.effort: unknown key 'steps'. The keys are: weight, points"),
            ({"points": "rating", "wieght": 1}, "Did you mean 'weight'?"),
            ({"points": "rating", "weight": 0}, "extra.effort: a weight is a number above 0; received 0"),
            ({"points": "rating", "weight": "a"}, "received 'a'"),
            ({"points": "rating", "weight": True}, "received True"),
            ({"points": "rating", "weight": math.inf}, "received inf"),
            ({"points": "rating", "worst": 5}, "extra.effort: worst and best are different finite numbers"),
            ({"worst": 0, "best": NAN}, "received nan"),
            ({"worst": 0, "best": "x"}, "'x'"),
            ({"worst": 0, "best": None}, "extra.effort"),
            ({"worst": 0, "best": True}, "extra.effort"),
            ({"worst": 0, "best": 10**400}, "extra.effort"),
            ({"points": "steps", "steps": [[10**400, 0]]}, "extra.effort"),
            ({"points": "steps", "steps": 3}, "extra.effort"),
            ({"points": "steps", "steps": [[0, 0, 0]]}, "extra.effort"),
            ({"points": "steps", "steps": []}, "extra.effort: steps are"),
            ({"points": "steps", "steps": [[0, 0], [0, 100]]}, "extra.effort"),
            ({"points": "steps", "steps": [[0, 0], [5, 200]]}, "points from 0 to 100"),
            ({"points": "percentile", "best": "up"}, "extra.effort: best is 'highest' or 'lowest'; received 'up'"),
        ],
    )  # fmt: skip
    def test_mistakes_are_named(self, table: Any, says: str) -> None:
        """An error names the table by the name it is given, the field, the key, and what was received."""
        with pytest.raises(ConfigurationError) as caught:
            criteria_from({"effort": table}, name="extra")
        assert says in str(caught.value)

    @pytest.mark.parametrize("tables", [3, None, [("effort", {"points": "rating"})], "effort"])
    def test_what_is_no_table_is_refused(self, tables: Any) -> None:
        """The tables together are a table by field."""
        with pytest.raises(ConfigurationError, match="criteria"):
            criteria_from(tables)

    def test_whoever_asks_says_where(self) -> None:
        """Messages begin with what the given function says of the table and the key."""
        asked = []

        def where(*table: str, key: str | None = None) -> str:
            asked.append((table, key))
            return "over there"

        for table in ({"points": "rating", "weight": 0}, {"points": "x"}, {"points": "rating", "worst": "a"}, {}, 3):
            with pytest.raises(ConfigurationError, match=r"^over there"):
                criteria_from({"effort": table}, where)
        place = ("criteria", "effort")
        assert [
            (place, "weight"),
            (place, "points"),
            (place, "worst"),
            (place, None),
            (("criteria",), "effort"),
        ] == asked


@pytest.mark.parametrize("point", [math.nan, math.inf])
def test_points_of_a_learned_column_are_finite(point: float) -> None:
    """A learned column of one's own whose classes stand for no number is refused while the scorer is made."""

    class Halves(Percentile):
        points = (1.0, point)

    with pytest.raises(ScorerError, match=f"the points of learned column 'half' are finite numbers.*{point}"):
        by_profit(learned={"half": Halves("profit", 1)})
