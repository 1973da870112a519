"""Comparing grades with those before: by hand, against pandas, and whatever the customers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.cli.comparison_text import comparison_text
from custgrade.errors import FieldError, ModelError, ParameterError
from custgrade.plugins import Axis, Evidence, Thresholds

NAN = math.nan


def base_of(**profits: float) -> cg.CustomerBase:
    """Customers with these profits."""
    return cg.CustomerBase(list(profits), {"profit": list(profits.values())})


def cut_at(*boundaries: float, labels: str | Sequence[str] = "ABCDEF") -> cg.GradingModel:
    """A model that grades by profit at these values, whatever it is fitted on."""
    labels = labels[: len(boundaries) + 1]
    axis = Axis("grade", labels, lambda c: c["profit"], Thresholds(boundaries), rises=["profit"])
    return cg.Scorer([axis]).fit(base_of(x=1.0))


def beside(**boundaries: tuple[float, ...]) -> cg.GradingModel:
    """A model with one axis by each of these fields, cut at these values; none is within another."""
    axes = [
        Axis(name, "ABC", lambda c, name=name: c[name], Thresholds(values), rises=[name])
        for name, values in boundaries.items()
    ]
    return cg.Scorer(axes).fit(cg.CustomerBase(["x"], {name: [1.0] for name in boundaries}))


def rows_of(comparison: cg.Comparison) -> list[tuple[str, ...]]:
    """The columns of texts as one tuple per customer."""
    texts = [column.tolist() for column in comparison.columns().values() if column.dtype.kind == "T"]
    return list(zip(*texts, strict=True))


BEFORE = base_of(a=30, b=30, c=20, d=20, e=20, f=NAN, g=30, h=NAN, i=25)
AFTER = base_of(j=26, i=20, a=30, b=12, c=30, d=26, e=20, f=20, g=NAN)
OLD, NEW = cut_at(25, 15), cut_at(28, 11)
"""A from 25 and B from 15 on; later, A from 28 and B from 11 on."""


def test_ten_customers_by_hand() -> None:
    """Models and customers are others: each customer's grades, what became of them, and why."""
    comparison = cg.compare(NEW, AFTER, model_before=OLD, base_before=BEFORE)
    assert [
        ("j", "absent", "B", "graded", "both"),  # the earlier model would have said A
        ("i", "A", "B", "down", "customer"),
        ("a", "A", "A", "same", ""),
        ("b", "A", "B", "down", "both"),  # A, C, B
        ("c", "B", "A", "up", "customer"),
        ("d", "B", "B", "same", ""),  # B, A, B: cancelled out
        ("e", "B", "B", "same", ""),
        ("f", "ungraded", "B", "graded", "customer"),
        ("g", "A", "ungraded", "lost", "customer"),
        ("h", "ungraded", "absent", "same", ""),  # no grade before and after
    ] == rows_of(comparison)
    assert ("A", "B", "C", "ungraded", "absent") == comparison.names_before == comparison.names_after
    assert [[1, 2, 0, 1, 0], [1, 2, 0, 0, 0], [0] * 5, [0, 1, 0, 0, 1], [0, 1, 0, 0, 0]] == comparison.matrix.tolist()
    assert {"same": 4, "up": 1, "down": 2, "aside": 0, "graded": 2, "lost": 1} == comparison.counts()
    assert {"customer": 1, "model": 0, "both": 1} == comparison.causes()["down"]
    assert 1 == comparison.cancelled
    assert "<Comparison: 10 customers, 6 moved: up 1, down 2, aside 0, graded 2, lost 1>" == repr(comparison)
    assert "<Changes: 10 customers: same 4, up 1, down 2, aside 0, graded 2, lost 1>" == repr(comparison.axes["grade"])
    assert ["A", "A", "B"] == comparison.graded_before.grades[:3].tolist()
    assert ["B", "B", "A"] == comparison.graded_after.grades[:3].tolist()


def test_the_text_says_what_the_words_mean() -> None:
    """The text explains the names of changes that some customers have, and who kept the same grade."""
    lines = comparison_text(cg.compare(NEW, AFTER, model_before=OLD, base_before=BEFORE)).splitlines()
    assert "graded: no grade before; lost: no grade after" in lines
    assert "1 customer kept the same grade only because the change of the model offset their own change" in lines
    other = comparison_text(cg.compare(cut_at(25, 15, labels="XYZ"), AFTER, model_before=OLD))
    assert "\naside: another grade that is neither better nor worse\n" in other


def test_two_models_on_one_base_move_because_of_the_model() -> None:
    """With one base, every cause is the model, and the population hasn't shifted."""
    comparison = cg.compare(NEW, AFTER, model_before=OLD)
    assert [("j", "down"), ("b", "up"), ("d", "down")] == [
        (row[0], row[3]) for row in rows_of(comparison) if row[3] != "same"
    ]
    assert {"model"} == {row[4] for row in rows_of(comparison)} - {""}
    assert {"grade": 0.0} == dict(comparison.drift)
    assert 0 < comparison.stability["grade"]
    assert AFTER.ids.tolist() == comparison.ids.tolist()


def test_one_model_on_two_bases_moves_because_of_the_customer() -> None:
    """With one model, every cause is the customer, and stability is the drift."""
    comparison = cg.compare(OLD, AFTER, base_before=BEFORE)
    assert {"customer"} == {row[4] for row in rows_of(comparison)} - {""}
    assert dict(comparison.drift) == dict(comparison.stability)
    assert 0 == comparison.cancelled


def test_a_newcomer_whom_only_the_later_model_grades() -> None:
    """Coming is a step of the customer, also where the earlier model wouldn't have graded who came."""
    model = beside(profit=(2.0, 1.0))
    wary = cg.Scorer(
        [Axis("profit", "ABC", lambda c: c["profit"], Thresholds((2.0, 1.0)), rises=["profit"])],
        evidence=[Evidence("too small", lambda c: c["profit"] > 5)],
    ).fit(base_of(x=9.0))
    comparison = cg.compare(model, base_of(a=3, b=9, c=3), model_before=wary, base_before=base_of(c=3))
    assert [
        ("a", "absent", "A", "graded", "both"),
        ("b", "absent", "A", "graded", "customer"),
        ("c", "ungraded", "A", "graded", "model"),
    ] == rows_of(comparison)


def test_scales_that_differ() -> None:
    """From A–C to A–D the matrix is rectangular, every other grade is aside, and no axis is in common."""
    wider = cut_at(28, 20, 11)
    comparison = cg.compare(wider, AFTER, model_before=OLD, base_before=BEFORE)
    assert (5, 6) == comparison.matrix.shape
    assert ("A", "B", "C", "D", "ungraded", "absent") == comparison.names_after
    assert {("i", "A", "B", "aside", "customer"), ("b", "A", "C", "aside", "customer")} == {
        row for row in rows_of(comparison) if row[3] == "aside" and row[0] in "ib"
    }
    assert 0 == comparison.counts()["up"] + comparison.counts()["down"]
    assert ({}, {}) == (dict(comparison.axes), dict(comparison.stability))
    assert ["grade"] == list(comparison.drift)
    named = cut_at(25, 15, labels=("gold", "silver", "bronze"))
    renamed = cg.compare(named, AFTER, model_before=OLD)
    assert {"aside"} == {row[3] for row in rows_of(renamed) if row[1] != "ungraded"}


def test_side_by_side_axes_go_up_down_or_aside() -> None:
    """Better on one axis and worse on the other is aside; columns say what each axis gave."""
    model = beside(profit=(2.0, 1.0), orders=(2.0, 1.0))
    before = cg.CustomerBase("abcde", {"profit": [0, 1, 2, 1, NAN], "orders": [0, 1, 1, 1, 1]})
    after = cg.CustomerBase("abcde", {"profit": [1, 0, 1, 1, NAN], "orders": [0, 1, 2, 1, 2]})
    comparison = cg.compare(model, after, base_before=before)
    assert ["up", "down", "aside", "same", "same"] == comparison.columns()["change"].tolist()
    columns = comparison.columns()
    assert ["C", "B", "B", "B", "B"] == columns["orders_before"].tolist()
    assert ["C", "B", "A", "B", "A"] == columns["orders_after"].tolist()
    assert ["up", "down", "down", "same", "same"] == comparison.axes["profit"].columns()["change"].tolist()
    assert ["same", "same", "up", "same", "up"] == comparison.axes["orders"].columns()["change"].tolist()
    assert ["profit", "orders"] == list(comparison.stability)


def test_grades_that_share_a_name_are_the_same() -> None:
    """A move between two grades of one name isn't seen as one, though it is on the axis."""
    axes = [
        Axis(name, "AB", lambda c, name=name: c[name], Thresholds((1.0,)), rises=[name])
        for name in ("profit", "orders")
    ]
    names = {("A", "A"): "best", ("A", "B"): "best"}
    model = cg.Scorer(axes, names=names).fit(cg.CustomerBase("x", {"profit": [1.0], "orders": [1.0]}))
    before = cg.CustomerBase("ab", {"profit": [1, 0], "orders": [0, 1]})
    after = cg.CustomerBase("ab", {"profit": [1, 1], "orders": [1, 0]})
    comparison = cg.compare(model, after, base_before=before)
    assert [("best", "best", "same"), ("B/A", "best", "aside")] == [row[1:4] for row in rows_of(comparison)]
    assert ["up", "down"] == comparison.axes["orders"].columns()["change"].tolist()


def test_a_nested_axis_is_compared_within_its_parents_class() -> None:
    """In a matrix, size decides; profitability counts among customers of one size."""
    draw = np.random.default_rng(7)

    def drawn(first: int) -> cg.CustomerBase:
        columns = {"revenue": np.round(draw.lognormal(5, 1, 60), 2), "profit": np.round(draw.normal(50, 40, 60), 2)}
        return cg.CustomerBase([str(k) for k in range(first, first + 60)], columns)

    before, after = drawn(0), drawn(10)
    model = cg.scorer("matrix3x3", profitability="profit").fit(before)
    comparison = cg.compare(model, after, base_before=before)
    one, other = model.grade(before), model.grade(after)
    changes = dict(zip(comparison.ids.tolist(), comparison.columns()["change"].tolist(), strict=True))
    levels = dict(
        zip(comparison.ids.tolist(), comparison.axes["profitability"].columns()["change"].tolist(), strict=True)
    )
    for k in range(10, 60):
        was = [int(codes[k]) for codes in one.codes.values()]
        now = [int(codes[k - 10]) for codes in other.codes.values()]
        expected = "up" if model.scale.better(now, was) else "down" if model.scale.better(was, now) else "same"
        assert expected == changes[str(k)]
        level = "same" if was[1] == now[1] else "aside" if was[0] != now[0] else expected
        assert level == levels[str(k)]
    assert {"aside", "same", "up", "down"} <= set(levels.values())
    assert {"revenue_before", "profitability_after"} <= set(comparison.columns())
    unnested = cg.compare(beside(revenue=(2.0, 1.0), profit=(2.0, 1.0)), after, model_before=model)
    assert {} == dict(unnested.axes)
    sizes = ("Large", "Middling", "Small")
    otherwise = cg.scorer("matrix3x3", profitability="profit", sizes=sizes).fit(before)
    assert {} == dict(cg.compare(otherwise, after, model_before=model).axes)


def crosstab(one: cg.Graded, other: cg.Graded) -> list[list[int]]:
    """The migration matrix of two bases' grades by pandas."""
    sides = [
        pd.Series([grade or "ungraded" for grade in graded.grades.tolist()], index=graded.base.ids.tolist())
        for graded in (one, other)
    ]
    table = pd.concat(sides, axis=1, keys=["one", "other"]).fillna("absent")
    names = [[*graded.scale.grades, "ungraded", "absent"] for graded in (one, other)]
    found = pd.crosstab(table["one"], table["other"]).reindex(index=names[0], columns=names[1], fill_value=0)
    return [[int(count) for count in row] for row in found.to_numpy()]


def index_of(before: Sequence[str], after: Sequence[str]) -> float:
    """The stability index of two lists of labels, from its definition."""
    total = 0.0
    for label in {*before, *after}:
        expected = (list(before).count(label) or 0.5) / len(before)
        actual = (list(after).count(label) or 0.5) / len(after)
        total += (actual - expected) * math.log(actual / expected)
    return total


PROFITS = st.dictionaries(
    st.sampled_from("abcdefghijklmno"), st.sampled_from([NAN, 5.0, 12.0, 18.0, 26.0, 30.0]), max_size=12
)
MODELS = st.sampled_from([OLD, NEW, cut_at(20), cut_at(28, 20, 11)])


@given(PROFITS, PROFITS, MODELS, MODELS)
@settings(max_examples=40, deadline=None)
def test_everybody_is_counted_once_and_has_the_cause_that_the_steps_say(
    profits_before: dict[str, float], profits: dict[str, float], model_before: cg.GradingModel, model: cg.GradingModel
) -> None:
    """The matrix is pandas', changes and causes follow from three grades each, the indices from their definition."""
    before, after = base_of(**profits_before), base_of(**profits)
    comparison = cg.compare(model, after, model_before=model_before, base_before=before)
    assert len({*profits_before, *profits}) == len(comparison) == int(comparison.matrix.sum())
    if len(comparison):
        assert crosstab(model_before.grade(before), model.grade(after)) == comparison.matrix.tolist()
    assert [*profits, *(one for one in profits_before if one not in profits)] == comparison.ids.tolist()

    def graded(by: cg.GradingModel, who: str, among: dict[str, float]) -> str:
        return by.grade_one({"profit": among[who]}).grade or "ungraded" if who in among else "absent"

    cancelled = 0
    for who, was, now, change, cause in rows_of(comparison):
        assert (graded(model_before, who, profits_before), graded(model, who, profits)) == (was, now)
        between = graded(model_before, who, profits)
        had, has = (grade not in ("ungraded", "absent") for grade in (was, now))
        if was == now or not (had or has):
            assert ("same", "") == (change, cause)
            cancelled += was != between != now
            continue
        steps = {(True, False): "customer", (False, True): "model", (True, True): "both"}
        assert steps[was != between, between != now] == cause
        if had and has:
            alike = model_before.scale.axes == model.scale.axes
            assert ("aside" if not alike else "up" if now < was else "down") == change
        else:
            assert ("lost" if had else "graded") == change
    assert cancelled == comparison.cancelled
    assert int(comparison.moved.sum()) == sum(sum(causes.values()) for causes in comparison.causes().values())
    for name, index in comparison.stability.items():
        labels = [one.labels(name).tolist() for one in (model_before.grade(before), model.grade(after))]
        expected = index_of(*labels) if all(labels) else NAN
        assert expected == pytest.approx(index, nan_ok=True, abs=1e-12)


@given(PROFITS, PROFITS, MODELS, MODELS)
@settings(max_examples=40, deadline=None)
def test_swapping_before_and_after_transposes_the_matrix(
    profits_before: dict[str, float], profits: dict[str, float], model_before: cg.GradingModel, model: cg.GradingModel
) -> None:
    """Seen backwards, rows are columns, up is down, graded is lost, and the stability index is the same."""
    before, after = base_of(**profits_before), base_of(**profits)
    there = cg.compare(model, after, model_before=model_before, base_before=before)
    back = cg.compare(model_before, before, model_before=model, base_before=after)
    assert there.matrix.T.tolist() == back.matrix.tolist()
    turned = {"up": "down", "down": "up", "graded": "lost", "lost": "graded"}
    assert {turned.get(change, change): count for change, count in there.counts().items()} == back.counts()
    assert dict(there.stability) == pytest.approx(dict(back.stability), nan_ok=True, abs=1e-12)


@given(PROFITS, MODELS)
@settings(max_examples=30, deadline=None)
def test_compared_with_itself_nobody_moves(profits: dict[str, float], model: cg.GradingModel) -> None:
    """The same model, on the same customers or on a copy in another order, moves nobody."""
    base = base_of(**profits)
    mixed = base_of(**dict(reversed(profits.items())))
    for comparison in (
        cg.compare(model, base, model_before=model),
        cg.compare(model, base, base_before=mixed),
    ):
        assert not comparison.moved.any()
        assert len(base) == comparison.counts()["same"]
        assert int(np.trace(comparison.matrix)) == len(base)
        assert {0.0} == set(comparison.stability.values()) if len(base) else math.isnan(comparison.stability["grade"])


CODES = st.integers(0, 2)


@given(
    st.lists(st.tuples(CODES, CODES, CODES, CODES, CODES, CODES), min_size=1, max_size=30),
    st.sampled_from([(None, None, None), (None, "one", None), (None, None, "two"), (None, "one", "one")]),
)
@settings(max_examples=40, deadline=None)
def test_better_is_what_the_scale_says(rows: list[tuple[int, ...]], within: tuple[str | None, ...]) -> None:
    """For axes side by side and within others, up is where the scale says that the new grade is better."""
    names = ("one", "two", "three")
    axes = [
        Axis(name, "ABC", lambda c, name=name: c[name], Thresholds((2.0, 1.0)), rises=[name], within=parent)
        for name, parent in zip(names, within, strict=True)
    ]
    fields = [cg.Field(name, "") for name in names]
    everything = {
        name: [float(3 ** (2 - k) and (row // 3**k) % 3) for row in range(27)] for k, name in enumerate(names)
    }
    ids = [str(k) for k in range(max(27, len(rows)))]
    model = cg.Scorer(axes, fields=fields).fit(cg.CustomerBase(ids[:27], everything, extra_fields=fields))

    def customers(first: int) -> cg.CustomerBase:
        columns = {name: [2.0 - row[first + k] for row in rows] for k, name in enumerate(names)}
        return cg.CustomerBase(ids[: len(rows)], columns, extra_fields=fields)

    found = cg.compare(model, customers(3), base_before=customers(0)).columns()["change"].tolist()
    for row, change in zip(rows, found, strict=True):
        was, now = row[:3], row[3:]
        better, worse = model.scale.better(now, was), model.scale.better(was, now)
        assert ("same" if was == now else "up" if better else "down" if worse else "aside") == change


def test_a_stability_index_by_hand() -> None:
    """From 50/30/20 % to 40/30/30 % it is −0.1 ln 0.8 + 0.1 ln 1.5 = 0.062861, whoever the customers are."""
    model = cut_at(2, 1)
    before = cg.CustomerBase([f"b{k}" for k in range(10)], {"profit": [2] * 5 + [1] * 3 + [0] * 2})
    after = cg.CustomerBase([f"a{k}" for k in range(20)], {"profit": [2] * 8 + [1] * 6 + [0] * 6})
    comparison = cg.compare(model, after, base_before=before)
    assert 0.062861 == pytest.approx(comparison.stability["grade"], abs=5e-7)
    assert comparison.drift["grade"] == comparison.stability["grade"]


def test_an_empty_class_counts_as_half_a_customer() -> None:
    """Ten in A and none in B, then five and five: (0.5 − 1) ln 0.5 + (0.5 − 0.05) ln 10."""
    before = cg.CustomerBase([str(k) for k in range(10)], {"profit": [2.0] * 10})
    after = cg.CustomerBase([str(k) for k in range(10)], {"profit": [2.0] * 5 + [1.0] * 5})
    found = cg.compare(cut_at(2, 1), after, base_before=before).stability["grade"]
    assert -0.5 * math.log(0.5) + 0.45 * math.log(10) == pytest.approx(found, rel=1e-12)


def test_frames_hold_the_columns() -> None:
    """Pandas, Polars and Arrow get the same rows; who didn't move has no cause."""
    comparison = cg.compare(NEW, AFTER, model_before=OLD, base_before=BEFORE)
    texts = ["customer_id", "before", "after", "change", "cause"]
    assert [*texts, "money_before", "money_after"] == list(comparison.to_pandas().columns)
    expected = [tuple(value or None for value in row) for row in rows_of(comparison)]
    assert expected == comparison.to_polars().select(texts).rows()
    assert expected == [tuple(row.values()) for row in comparison.to_arrow().select(texts).to_pylist()]


def test_amounts_stand_beside_the_grades() -> None:
    """Before and after, unknown where the customer is absent; one amount where both models grade the same base."""
    columns = cg.compare(NEW, AFTER, base_before=BEFORE).columns()
    money = zip(columns["money_before"].tolist(), columns["money_after"].tolist(), strict=True)
    found = dict(zip(columns["customer_id"].tolist(), map(repr, money), strict=True))
    assert {"a": "(30.0, 30.0)", "j": "(nan, 26.0)", "g": "(30.0, nan)", "h": "(nan, nan)"}.items() <= found.items()
    columns = cg.compare(NEW, AFTER, model_before=OLD).columns()
    assert "money_before" not in columns
    np.testing.assert_array_equal(AFTER.columns["profit"], columns["money"])


def test_results_cant_be_changed() -> None:
    """Arrays and mappings are read-only."""
    comparison = cg.compare(NEW, AFTER, model_before=OLD, base_before=BEFORE)
    whole = comparison.whole
    for array in (comparison.ids, whole.matrix, whole.before, whole.after, whole.change_codes, whole.cause_codes):
        assert not array.flags.writeable
    with pytest.raises(TypeError):
        comparison.stability["grade"] = 1.0  # type: ignore[index]  # on purpose


def test_wrong_arguments_are_refused_in_words() -> None:
    """Nothing to compare with, no model, no base, a field that is missing, another currency, a grade called absent."""
    with pytest.raises(ParameterError, match="give model_before, another model, or base_before"):
        cg.compare(NEW, AFTER)
    with pytest.raises(FieldError, match="compare takes fitted models; received a Scorer"):
        cg.compare(cg.scorer("abcde"), AFTER, base_before=BEFORE)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(FieldError, match="compare takes fitted models; received a CustomerBase"):
        cg.compare(NEW, AFTER, model_before=BEFORE)  # type: ignore[arg-type]  # on purpose
    for given_bases in (("x", None), (AFTER, {"profit": [1]})):
        with pytest.raises(FieldError, match=r"compare takes a CustomerBase; received a (str|dict)"):
            cg.compare(NEW, given_bases[0], model_before=OLD, base_before=given_bases[1])  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="orders"):
        cg.compare(NEW, AFTER, model_before=beside(orders=(2.0, 1.0)))
    euros: Any = cg.CustomerBase(["a"], {"profit": [1.0]}, currency="EUR")
    dollars: Any = cg.CustomerBase(["a"], {"profit": [1.0]}, currency="USD")
    with pytest.raises(ModelError, match="fitted on money in USD"):
        cg.compare(cg.scorer("abcde").fit(dollars), dollars, base_before=euros)
    with pytest.raises(ModelError, match="a grade is called 'absent', which stands for customers who aren't in a base"):
        cg.compare(NEW, AFTER, model_before=cut_at(1, labels=("present", "absent")))


def test_customers_before_are_not_of_a_later_date() -> None:
    """What is compared is of the later date, so that nobody swaps them unnoticed; errors say which model and whom."""
    early, late = (
        cg.CustomerBase(
            ["a", "b"], {"profit": [1.0, 2.0]}, period=cg.Period(f"{year}-12-31", f"{year}-01-01", f"{year}-12-31")
        )
        for year in (2023, 2025)
    )
    model = cg.scorer("abcde").fit(late)
    with pytest.raises(ParameterError, match="base_before is of 2025-12-31, which is after 2023-12-31"):
        cg.compare(model, early, base_before=late)
    with pytest.raises(ModelError, match="the model can't grade the customers before: the data has no 'profit'"):
        cg.compare(model, late, base_before=cg.CustomerBase(["a"], {"revenue": [1.0]}))
