"""Fields, customers, bases, periods, scales, graded customers, and the interfaces of policies."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.data.period import as_date, as_days
from custgrade.errors import FieldError, ScorerError, SourceError
from custgrade.plugins import Axis, ScaleAxis, Thresholds

moderate = settings(deadline=None, max_examples=40)
NAN = math.nan


def base_of(**columns: Any) -> cg.CustomerBase:
    return cg.CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def two_axes(names: dict[Any, str] | None = None) -> cg.Scorer:
    return cg.Scorer(
        [
            Axis("size", ["Large", "Small"], lambda c: c["revenue"], Thresholds((10,))),
            Axis("yield", ["High", "Low"], lambda c: c["margin"], Thresholds((0.5,)), within="size"),
        ],
        names=names or {},
    )


def counted_as(value: float) -> Fraction:
    """The decimal that a float64 is written as if it has six places or fewer and is below 2³¹, else the float64."""
    written = Decimal(repr(value))
    return Fraction(written) if -written.as_tuple().exponent <= 6 and abs(value) < 2**31 else Fraction(value)


class TestField:
    """Definitions of fields."""

    def test_the_standard_fields_are_there_with_units(self) -> None:
        """Every standard field of the design, by its unit; the derived ones know their parts."""
        units = {name: field.unit for name, field in cg.STANDARD_FIELDS.items()}
        expected = {
            **dict.fromkeys(
                ["revenue", "profit", "cost_to_serve", "average_sale", "returns", "discount", "potential"], "money"
            ),
            **dict.fromkeys(["margin", "share_of_wallet"], "ratio"),
            **dict.fromkeys(["orders", "product_mix", "referrals", "testimonials", "complaints"], "count"),
            **dict.fromkeys(["recency", "tenure", "days_late"], "days"),
            **dict.fromkeys(["sales_hours", "service_hours"], "hours"),
            **dict.fromkeys(
                ["enjoyable", "challenges_us", "cares_about_us", "ease_of_buying", "needs_met", "price_level"], "rating"
            ),
            **dict.fromkeys(["effort", "promptness"], "rating"),
            "consent": "0/1",
            "no_gifts": "0/1",
        }
        assert expected == units
        assert {"margin", "average_sale"} == {name for name, field in cg.STANDARD_FIELDS.items() if field.derived}
        with pytest.raises(TypeError):
            cg.STANDARD_FIELDS["revenue"] = None

    @pytest.mark.parametrize(
        "rest",
        [
            {"name": "a b"}, {"name": "1a"}, {"name": ""}, {"low": 2, "high": 1}, {"low": NAN}, {"resolution": 0},
            {"resolution": -1}, {"resolution": NAN}, {"parts": ("profit",)}, {"derive": lambda c: c["profit"]},
            {"derive": lambda c: c["profit"], "parts": "profit", "rises": "revenue"},
        ],
    )  # fmt: skip
    def test_nonsense_is_refused(self, rest: dict[str, Any]) -> None:
        """Names are identifiers, bounds in order, grids positive, derived fields complete."""
        with pytest.raises(FieldError):
            cg.Field(**{"name": "loyalty", "unit": "count", **rest})

    def test_an_extra_field_may_not_redefine_a_standard_one(self) -> None:
        """Two meanings of one name are refused."""
        with pytest.raises(FieldError, match="field 'profit' has two different definitions"):
            cg.CustomerBase(["a"], {"x": [1]}, extra_fields=[cg.Field("profit", "hours")])["margin"]

    def test_an_own_derived_field_is_recomputed(self) -> None:
        """A field that a scorer brings along is derived like the standard ones."""
        per_order = cg.Field(
            "profit_per_order", "money", derive=lambda c: c["profit"] / c["orders"], parts=("profit", "orders")
        )
        scorer = cg.Scorer([Axis("grade", "AB", lambda c: c["profit_per_order"], Thresholds((2,)))], fields=[per_order])
        base = base_of(profit=[4, 4], orders=[1, 4])
        assert ["A", "B"] == scorer.fit(base).grade(base).grades.tolist()


class TestCustomer:
    """One record."""

    def test_missing_is_unknown(self) -> None:
        """None and absent fields are NaN; numbers of any kind are floats."""
        customer = cg.Customer("a", {"profit": None, "orders": 3, "revenue": Decimal("1.5"), "margin": Fraction(1, 4)})
        assert math.isnan(customer["profit"]) and math.isnan(customer["tenure"])
        assert (3.0, 1.5, 0.25) == (customer["orders"], customer["revenue"], customer["margin"])

    @pytest.mark.parametrize("values", [{"x": "1"}, {"x": b"1"}, {"x": []}, {1: 2.0}, {"x": 10**400}, {"x": 1j}])
    def test_what_is_no_number_is_refused(self, values: dict[Any, Any]) -> None:
        """Texts, lists and numbers beyond float64 are FieldErrors."""
        with pytest.raises(FieldError):
            cg.Customer("a", values)

    def test_it_is_frozen(self) -> None:
        """Neither the record nor its values can be changed."""
        customer = cg.Customer("a", {"profit": 1})
        with pytest.raises(AttributeError):
            customer.id = "b"
        with pytest.raises(TypeError):
            customer.values["profit"] = 2

    def test_an_id_is_text(self) -> None:
        """A whole number becomes text, as in a base; any other id is refused."""
        assert "7" == cg.Customer(7, {}).id
        for wrong in (None, True, 1.5, [1], "\ud800"):
            with pytest.raises(FieldError, match="an id must be"):
                cg.Customer(wrong, {})


class TestCustomerBase:
    """Many customers."""

    @pytest.mark.parametrize(
        ("ids", "expected"),
        [
            (["b", "a"], ["b", "a"]),
            (["007", "7"], ["007", "7"]),
            ([3, 1], ["3", "1"]),
            (range(2), ["0", "1"]),
            (np.array([3, 1], dtype=np.uint8), ["3", "1"]),
            (np.array(["x", "yy"]), ["x", "yy"]),
            (np.array(["x", 5], dtype=object), ["x", "5"]),
            (["", " "], ["", " "]),
            (["é\n,\"'", "日本 😀"], ["é\n,\"'", "日本 😀"]),
            (["a" * 10_000, "b"], ["a" * 10_000, "b"]),
            (["a\0", "b"], ["a\0", "b"]),
            ([2**63 - 1, -(2**63)], [str(2**63 - 1), str(-(2**63))]),
            (pd.Series(["p", "q"]), ["p", "q"]),
            (pl.Series(["p", "q"]), ["p", "q"]),
            (lambda: ["l", "m"], ["l", "m"]),
        ],
    )
    def test_ids_of_all_kinds(self, ids: Any, expected: list[str]) -> None:
        """Texts and whole numbers, from lists, arrays or series, are kept letter by letter."""
        assert expected == cg.CustomerBase(ids, {"profit": [1, 2]}).ids.tolist()

    @pytest.mark.parametrize(
        "ids",
        [
            ["a", None],
            [1.5, 2.5],
            [True, False],
            [b"a", b"b"],
            [["a"], ["b"]],
            [dt.date(2020, 1, 1)] * 2,
            [NAN, "a"],
            np.array(["a", True], dtype=object),
        ],
    )
    def test_other_ids_are_refused(self, ids: Any) -> None:
        """Missing ids, fractions, truth values, bytes and dates aren't ids."""
        with pytest.raises(FieldError):
            cg.CustomerBase(ids, {"profit": [1, 2]})

    def test_duplicates_are_refused(self) -> None:
        """An id that occurs twice is named, also when it does so as text and number."""
        with pytest.raises(FieldError, match=r"1 ids occur more than once: '7'"):
            cg.CustomerBase(np.array(["7", 7], dtype=object), {"profit": [1, 2]})

    def test_derived_fields_are_refused(self) -> None:
        """Margin is recomputed, so it can't be given."""
        with pytest.raises(FieldError, match="give profit and revenue"):
            base_of(margin=[0.5])
        with pytest.raises(FieldError):
            base_of(profit=[0.5]).with_columns(average_sale=[1.0])

    @pytest.mark.parametrize(
        "column",
        [
            ["1", "2"], np.array(["1", "2"], dtype=object), [1j, 2], [[1], [2]], [[1], [1, 2]],
            [dt.date(2020, 1, 1)] * 2,
            np.array([1, 2], dtype="datetime64[D]"), [10**400, 1], [object(), 1],
        ],
    )  # fmt: skip
    def test_what_is_no_number_is_refused(self, column: Any) -> None:
        """Texts, dates, nested lists and numbers beyond float64 are FieldErrors."""
        with pytest.raises(FieldError):
            cg.CustomerBase(["a", "b"], {"profit": column})

    def test_a_scalar_is_no_column(self) -> None:
        """One number isn't a column, even for one customer."""
        with pytest.raises(FieldError):
            cg.CustomerBase(["a"], {"profit": 5.0})

    @pytest.mark.parametrize(
        "column",
        [
            [1, None],
            np.ma.array([1.0, 2.0], mask=[0, 1]),
            pd.Series([1, None]),
            pl.Series([1.0, None]),
            np.array([1, None], dtype=object),
        ],
    )
    def test_missing_is_nan(self, column: Any) -> None:
        """None, masks and nulls are NaN."""
        np.testing.assert_array_equal([1.0, NAN], cg.CustomerBase(["a", "b"], {"profit": column})["profit"])

    @given(values=st.lists(st.floats(), min_size=1, max_size=20))
    @moderate
    def test_columns_are_contiguous_float64_without_negative_zero(self, values: list[float]) -> None:
        """Columns are read-only copies, contiguous, and never hold −0.0."""
        given_array = np.repeat(np.array(values), 2)[::2]
        column = base_of(profit=given_array).columns["profit"]
        np.testing.assert_array_equal(values, column)
        assert np.float64 == column.dtype and column.flags.c_contiguous and not column.flags.writeable
        assert not np.signbit(column[column == 0]).any()
        given_array[0] = 77.25
        np.testing.assert_array_equal(values, column)

    def test_everything_is_read_only(self) -> None:
        """Ids, columns and the mapping of columns can't be changed."""
        base = base_of(profit=[1.0])
        for array in (base.ids, base.columns["profit"], base["profit"]):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = array[0]
        with pytest.raises(TypeError):
            base.columns["profit"] = [2.0]

    def test_lengths_must_agree(self) -> None:
        """Columns and ids are equally long."""
        with pytest.raises(FieldError, match="equally long"):
            cg.CustomerBase(["a"], {"profit": [1, 2]})

    def test_derived_columns_and_unknown_ones(self) -> None:
        """Derived columns are computed where their parts are known; an unknown one is an error with a guess."""
        base = base_of(profit=[1, 1, NAN], revenue=[4, 0, 4])
        np.testing.assert_array_equal([0.25, NAN, NAN], base["margin"])
        assert "margin" in base and "average_sale" not in base and "nothing" not in base
        with pytest.raises(FieldError, match="Did you mean 'revenue'"):
            base["revenu"]

    @given(size=st.integers(0, 8), data=st.data())
    @moderate
    def test_take(self, size: int, data: st.DataObject) -> None:
        """Rows by position, mask or slice are numpy's."""
        base = cg.CustomerBase([f"k{k}" for k in range(size)], {"profit": np.arange(float(size))})
        rows = data.draw(st.permutations(range(size)))[: size // 2]
        mask = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
        for chosen in (np.array(rows, dtype=int), mask, slice(1, None, 2)):
            taken = base.take(chosen)
            np.testing.assert_array_equal(np.arange(float(size))[chosen], taken["profit"])
            assert [f"k{int(k)}" for k in taken["profit"]] == taken.ids.tolist()

    def test_taking_a_customer_twice_is_refused(self) -> None:
        """Ids stay unique, also in what a join gave."""
        joined = base_of(profit=[1, 2]).join(base_of(orders=[1, 2]))
        for base in (base_of(profit=[1, 2]), joined):
            with pytest.raises(FieldError, match="more than once"):
                base.take([0, 0])

    def test_customers_and_back(self) -> None:
        """Records make a base and a base records; a field that some lack is unknown for them."""
        records = [cg.Customer("b", {"profit": 1.0}), cg.Customer("a", {"orders": 2.0})]
        base = cg.CustomerBase.from_customers(records, currency="EUR")
        assert (["b", "a"], "EUR") == (base.ids.tolist(), base.currency)
        np.testing.assert_array_equal([1.0, NAN], base["profit"])
        assert ["b", "a"] == [customer.id for customer in base]
        assert 2.0 == base.customer(1)["orders"]
        assert 0 == len(cg.CustomerBase.from_customers([]))

    def test_join_refuses_a_field_on_both_sides_and_two_currencies(self) -> None:
        """Which of two values counts isn't guessed; money in two currencies isn't mixed."""
        with pytest.raises(FieldError, match="profit"):
            base_of(profit=[1]).join(base_of(profit=[1]))
        with pytest.raises(FieldError, match="USD"):
            cg.CustomerBase(["a"], {"x": [1]}, currency="EUR").join(cg.CustomerBase(["a"], {"y": [1]}, currency="USD"))

    @moderate
    @given(
        st.lists(st.text("abcé", max_size=3), unique=True, max_size=12),
        st.lists(st.text("abcé", max_size=3), unique=True, max_size=12),
    )
    def test_join_finds_who_has_the_same_id(self, left: list[str], right: list[str]) -> None:
        """Whatever the ids and their order, each customer gets what the other base says of that very id."""
        other = cg.CustomerBase(right, {"orders": np.arange(float(len(right)))})
        base = cg.CustomerBase(left, {"profit": [1.0] * len(left)})
        if left and right and not set(left) & set(right):
            with pytest.raises(FieldError, match="no customer id is in both"):
                base.join(other)
            return
        joined = base.join(other)
        np.testing.assert_array_equal(
            [float(right.index(text)) if text in right else NAN for text in left], joined["orders"]
        )
        assert len(set(right) - set(left)) == sum(item.count for item in joined.left_out)

    @pytest.mark.parametrize(("left", "right"), [(0, 0), (0, 2), (2, 0)])
    def test_join_with_an_empty_side(self, left: int, right: int) -> None:
        """Joining nobody, or to nobody, gives the left side's customers."""
        one = cg.CustomerBase([str(k) for k in range(left)], {"profit": [1.0] * left})
        joined = one.join(cg.CustomerBase([str(k) for k in range(right)], {"orders": [2.0] * right}))
        assert (left, left, {"profit", "orders"}) == (len(joined), len(joined["orders"]), set(joined.columns))
        assert right - min(left, right) == sum(item.count for item in joined.left_out)


def test_a_customer_goes_over_the_names_of_its_fields() -> None:
    """Iterating a customer ends, and `in` asks for a field."""
    customer = cg.Customer("a", {"profit": 3.0, "orders": None})
    assert (["profit", "orders"], True, False) == (list(customer), "profit" in customer, "revenue" in customer)


class TestPeriod:
    """Dates and lengths."""

    def test_days_count_both_ends(self) -> None:
        """A year from its first to its last day is 366 days in 2020."""
        assert 366 == cg.Period("2020-12-31", "2020-01-01", dt.datetime(2020, 12, 31, 5)).days

    @pytest.mark.parametrize(
        "dates",
        [("2020-01-01", "2020-01-02", "2020-01-01"), ("2020-01-01", "2020-01-01", "2020-01-02"), ("x", "x", "x")],
    )
    def test_the_order_of_dates(self, dates: tuple[str, str, str]) -> None:
        """A period that ends before it starts, or after its as-of date, is refused."""
        with pytest.raises(SourceError):
            cg.Period(*dates)

    def test_dates_of_other_kinds(self) -> None:
        """A datetime, and numpy's, are dates by their day."""
        kinds = [dt.datetime(2020, 2, 29, 23), np.datetime64("2020-02-29"), np.datetime64("2020-02-29T23:59:59.9")]
        assert [dt.date(2020, 2, 29)] * 3 == [as_date(value) for value in kinds]

    @pytest.mark.parametrize(
        "value", ["2020-02-30", "01.02.2020", "20200101", "", None, 20200101, "2020-1-1", np.datetime64("NaT")]
    )
    def test_what_is_no_date(self, value: Any) -> None:
        """Only ISO dates are dates; the error shows one."""
        with pytest.raises(SourceError, match="YYYY-MM-DD"):
            as_date(value)

    @pytest.mark.parametrize(
        ("value", "days"), [("365d", 365), (" 30 days ", 30), (7, 7), ("1", 1), (dt.timedelta(days=2), 2)]
    )
    def test_lengths(self, value: Any, days: int) -> None:
        """Days as text, number or timedelta."""
        assert days == as_days(value)

    @pytest.mark.parametrize(
        "value", ["0d", -1, 0, "1y", "1.5d", True, 1.5, None, dt.timedelta(hours=5), "99999999d", 10**9]
    )
    def test_what_is_no_length(self, value: Any) -> None:
        """Anything but a positive whole number of days is refused."""
        with pytest.raises(SourceError):
            as_days(value)


class TestGradeScale:
    """Which of two grades is better."""

    nested = cg.GradeScale([ScaleAxis("size", "LS"), ScaleAxis("yield", "HL", within="size")])
    beside = cg.GradeScale([ScaleAxis("r", "AB"), ScaleAxis("f", "AB")])

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ((0, 1), (1, 0), True),
            ((1, 0), (0, 1), False),
            ((0, 0), (0, 1), True),
            ((0, 1), (0, 1), False),
            ((0, 255), (1, 0), True),
            ((0, 255), (0, 1), False),
            ((255, 255), (1, 1), False),
            ((0, 0), (255, 255), False),
        ],
    )
    def test_nested_axes_compare_the_parent_first(self, one: Any, other: Any, expected: bool) -> None:
        """The child counts only within one parent class; ungraded compares with nothing."""
        assert expected == self.nested.better(one, other)

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ((0, 0), (1, 1), True),
            ((0, 1), (1, 0), False),
            ((1, 0), (0, 1), False),
            ((0, 0), (0, 1), True),
            ((0, 0), (0, 0), False),
            ((0, 255), (1, 1), False),
        ],
    )
    def test_side_by_side_axes_are_partially_ordered(self, one: Any, other: Any, expected: bool) -> None:
        """Better is not worse on any axis and better on one."""
        assert expected == self.beside.better(one, other)

    @given(codes=st.tuples(*[st.tuples(st.sampled_from([0, 1, 255]), st.sampled_from([0, 1, 255]))] * 3))
    @moderate
    def test_better_is_a_strict_order(self, codes: Any) -> None:
        """Nothing is better than itself, no two are better than each other, and better of better is better."""
        a, b, c = codes
        for scale in (self.nested, self.beside):
            assert not scale.better(a, a)
            assert not (scale.better(a, b) and scale.better(b, a))
            if scale.better(a, b) and scale.better(b, c):
                assert scale.better(a, c)

    def test_names_of_grades(self) -> None:
        """Grades come best first, joined by a slash unless they are named; ungraded has no name."""
        scale = cg.GradeScale(self.nested.axes, {("L", "H"): "Champions"})
        assert ("Champions", "L/L", "S/H", "S/L") == scale.grades
        assert "" == scale.grade((0, 255))

    @pytest.mark.parametrize(
        "make",
        [
            lambda: cg.GradeScale([]),
            lambda: ScaleAxis("a", ()),
            lambda: ScaleAxis("a", ["x"] * 2),
            lambda: ScaleAxis("a", [str(k) for k in range(255)]),
            lambda: ScaleAxis("a", [1, 2]),
        ],
    )
    def test_nonsense_is_refused(self, make: Any) -> None:
        """A scale has axes, and an axis 1 to 254 different texts."""
        with pytest.raises(ScorerError):
            make()

    def test_the_most_labels(self) -> None:
        """254 labels work, none of them being confused with ungraded."""
        labels = [f"g{k}" for k in range(254)]
        scorer = cg.Scorer([Axis("grade", labels, lambda c: c["profit"], Thresholds(range(252, -1, -1)))])
        base = base_of(profit=[300, 0, -1, NAN])
        assert ["g0", "g252", "g253", ""] == scorer.fit(base).grade(base).grades.tolist()


class TestGraded:
    """Customers with their grades."""

    base = base_of(revenue=[20, 20, 5, NAN, 5], profit=[15, 2, 4, 1, NAN])

    def graded(self, **rest: Any) -> cg.Graded:
        """The base, graded on two axes."""
        return two_axes(**rest).fit(self.base).grade(self.base)

    def test_counts_and_grades(self) -> None:
        """Whole grades, counts best first, and `ungraded` last."""
        graded = self.graded()
        assert ["Large/High", "Large/Low", "Small/High", "", ""] == graded.grades.tolist()
        expected = {"Large/High": 1, "Large/Low": 1, "Small/High": 1, "Small/Low": 0, "ungraded": 2}
        assert list(expected.items()) == list(graded.counts().items())
        assert ["Large", "Large", "Small", "", "Small"] == graded.labels("size").tolist()
        with pytest.raises(FieldError, match="size, yield"):
            graded.labels("colour")

    def test_grades_of_one_name_are_counted_together(self) -> None:
        """Several cells may share a name, as in RFM; nobody is lost from the counts or the summary."""
        graded = self.graded(names={("Large", "High"): "Top", ("Large", "Low"): "Top"})
        assert 5 == sum(graded.counts().values())
        assert 2 == graded.counts()["Top"]
        assert 5 == sum(line.customers for line in graded.summary() if line.grade != "total")

    def test_a_label_called_ungraded_is_refused_or_counted(self) -> None:
        """A label named like the status can't hide customers from the counts."""
        try:
            scorer = cg.Scorer([Axis("grade", ["fine", "ungraded"], lambda c: c["profit"], Thresholds((3,)))])
        except ScorerError:
            return
        assert 5 == sum(scorer.fit(self.base).grade(self.base).counts().values())

    def test_columns(self) -> None:
        """The output columns of the design, with a prefix if asked for."""
        columns = self.graded().columns()
        expected = ["grade", "size_grade", "size_score", "yield_grade", "yield_score", "status", "reason"]
        assert expected == list(columns)
        assert ["graded"] * 3 + ["ungraded"] * 2 == columns["status"].tolist()
        assert ["", "", "", "unknown: revenue", "unknown: profit"] == columns["reason"].tolist()
        np.testing.assert_array_equal([20, 20, 5, NAN, 5], columns["size_score"])
        assert [f"x_{name}" for name in expected] == list(self.graded().columns("x_"))

    @pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
    def test_frames(self, kind: str) -> None:
        """Ids, fields and grades come in each frame with ungraded ones missing."""
        graded = self.graded()
        frame = {"pandas": graded.to_pandas, "polars": graded.to_polars, "arrow": graded.to_arrow}[kind]()
        assert isinstance(frame, {"pandas": pd.DataFrame, "polars": pl.DataFrame, "arrow": pa.Table}[kind])
        rows = (
            frame.to_pandas()
            if kind == "arrow"
            else pd.DataFrame(frame.to_dict(as_series=False))
            if kind == "polars"
            else frame
        )
        assert self.base.ids.tolist() == rows["customer_id"].tolist()
        assert ["Large/High", "Large/Low", "Small/High", None, None] == [
            None if pd.isna(g) else g for g in rows["grade"]
        ]
        np.testing.assert_array_equal(self.base["revenue"], rows["revenue"].to_numpy(dtype=float))

    def test_a_field_named_like_a_grade_column_is_refused(self) -> None:
        """A clash is an error, not an overwritten column."""
        base = base_of(profit=[1.0], status=[1.0])
        with pytest.raises(FieldError, match="status"):
            cg.scorer("abcde").fit(base).grade(base).to_dict()

    @given(
        profit=st.lists(
            st.one_of(st.just(NAN), st.integers(-(10**6), 10**6).map(lambda c: c / 100)), min_size=1, max_size=30
        )
    )
    @moderate
    def test_the_summary_adds_up(self, profit: list[float]) -> None:
        """Customers, exact money and shares of the positive total, per grade, as pandas has them."""
        if all(map(math.isnan, profit)):
            return
        base = base_of(profit=profit)
        graded = cg.scorer("abcde").fit(base).grade(base)
        lines = {line.grade: line for line in graded.summary()}
        kinds = pd.Series([grade or "ungraded" for grade in graded.grades.tolist()])
        known = [counted_as(p) for p in profit if not math.isnan(p)]
        for grade, count in kinds.value_counts().items():
            mine = [counted_as(p) for p, kind in zip(profit, kinds, strict=True) if kind == grade and not math.isnan(p)]
            assert count == lines[grade].customers
            assert float(sum(mine, Fraction(0))) == lines[grade].totals["profit"]
            share = float(sum(mine, Fraction(0)) / sum(known)) if sum(known) > 0 else NAN
            assert share == lines[grade].shares["profit"] or (
                math.isnan(share) and math.isnan(lines[grade].shares["profit"])
            )
        assert (len(profit), float(sum(known, Fraction(0)))) == (
            lines["total"].customers,
            lines["total"].totals["profit"],
        )

    def test_a_summary_of_more_money_than_float64_holds(self) -> None:
        """A total beyond float64 is infinite, and the summary still there."""
        base = base_of(profit=[1e308, 1e308])
        lines = cg.scorer("abcde").fit(base).grade(base).summary()
        assert math.inf == lines[-1].totals["profit"]
        assert {1.0} == {line.shares["profit"] for line in lines if line.customers}

    def test_it_is_read_only(self) -> None:
        """Codes, scores, reasons and the arrays made of them can't be changed."""
        graded = self.graded()
        for array in (*graded.codes.values(), *graded.scores.values(), graded.reason_codes, graded.grade_codes):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
        with pytest.raises(TypeError):
            graded.codes["size"] = None


class TestPublicNames:
    """What `custgrade` offers."""

    def test_every_public_name_can_be_had(self) -> None:
        """Each name in `dir` resolves, and an unknown one is an AttributeError."""
        for name in dir(cg):
            assert getattr(cg, name) is not None or name.startswith("__")
        with pytest.raises(AttributeError, match="nothing_here"):
            cg.nothing_here  # noqa: B018  # asking is the test
