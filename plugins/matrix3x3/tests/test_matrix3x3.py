"""The scorer `matrix3x3`: every parameter against group-wise sorting, its errors."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade
from custgrade import CustgradeError, CustomerBase, load_model, scorer
from custgrade.cli.main import main
from custgrade.errors import CutError, FieldError, NothingToGradeError, ParameterError, PluginError, ScorerError
from custgrade.plugins import default_registry

NAN = math.nan
THIRDS = ["1/3", "1/3", "1/3"]
RATINGS = ("price_level", "effort", "promptness")
SIZES, LEVELS = ["Large", "Medium", "Small"], ["High", "Mid", "Low"]


def base_of(**columns: Any) -> CustomerBase:
    return CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def initials(graded: custgrade.Graded) -> list[str]:
    """The cells by their first letters, such as `LH`; a dash for ungraded customers."""
    return ["".join(part[0] for part in grade.split("/")) if grade else "-" for grade in graded.grades.tolist()]


def grades(base: CustomerBase, **parameters: Any) -> list[str]:
    """The cells of all customers."""
    return initials(scorer("matrix3x3", **parameters).fit(base).grade(base))


def exactly(shares: list[str]) -> list[Fraction]:
    """Cumulated shares, without the last."""
    return list(accumulate(map(Fraction, shares)))[:-1]


def placed(scores: list[float], ranks: list[int], ties: str) -> list[int]:
    """The code of each score, by counting who is above and who is equal, for boundaries at these ranks."""
    codes = []
    for score in scores:
        above, through = sum(other > score for other in scores), sum(other >= score for other in scores)
        least = {"mid": math.ceil((above + through) / 2), "better": above + 1, "worse": through}[ties]
        codes.append(sum(rank < least for rank in ranks))
    return codes


def by_shares(scores: list[float], values: list[float], shares: list[str], ties: str) -> list[int]:
    """Codes by head count."""
    return placed(scores, [math.ceil(share * len(scores)) for share in exactly(shares)], ties)


def by_value(scores: list[float], values: list[float], shares: list[str], ties: str) -> list[int]:
    """Codes by cumulated value, each customer of a block of equals counting with the block's mean."""
    means = {
        score: sum(Fraction(v) for s, v in zip(scores, values, strict=True) if s == score) / scores.count(score)
        for score in scores
    }
    reached = list(accumulate(means[score] for score in sorted(scores, reverse=True)))
    goals = [share * sum(map(Fraction, values)) for share in exactly(shares)]
    ranks = [next(k for k, value in enumerate(reached, 1) if value >= goal) for goal in goals]
    return placed(scores, ranks, ties)


def by_thresholds(scores: list[float], values: list[float], at: list[float], ties: str) -> list[int]:
    """Codes by given values; a value on a threshold is in the better class."""
    return [sum(score < least for least in at) for score in scores]


ORACLES: dict[str, Any] = {"shares": by_shares, "value shares": by_value, "thresholds": by_thresholds}


def nested(
    sizes: list[float | None], levels: list[float | None], size: tuple[str, Any], level: tuple[str, Any], ties: str
) -> list[str]:
    """The cells by sorting twice: all by revenue, then each class of revenue by itself; None is unknown."""
    known = [row for row, value in enumerate(sizes) if value is not None]
    revenue: list[float] = [sizes[row] for row in known]
    cells = ["-"] * len(sizes)
    parents = dict(zip(known, ORACLES[size[0]](revenue, revenue, size[1], ties), strict=True))
    for code in range(3):
        rows = [row for row in known if parents[row] == code and levels[row] is not None]
        scores: list[float] = [levels[row] for row in rows]
        within = ORACLES[level[0]](scores, [sizes[row] for row in rows], level[1], ties) if rows else []
        for row, inner in zip(rows, within, strict=True):
            cells[row] = SIZES[code][0] + LEVELS[inner][0]
    return cells


def test_nine_customers_fill_nine_cells() -> None:
    """Thirds by revenue, and in each third thirds by margin."""
    revenue = [900, 800, 700, 600, 500, 400, 300, 200, 100]
    profit = [9, 80, 700, 6, 50, 400, 3, 20, 100]
    expected = ["LL", "LM", "LH", "ML", "MM", "MH", "SL", "SM", "SH"]
    assert expected == grades(base_of(revenue=revenue, profit=profit, discount=[0] * 9))


money = st.integers(1, 6).map(float)
profits = st.one_of(st.none(), st.integers(-4, 4).map(float))
size_cuts = st.sampled_from(
    [
        ("shares", THIRDS),
        ("shares", ["0.1", "0.2", "0.7"]),
        ("value shares", THIRDS),
        ("value shares", ["0.8", "0.15", "0.05"]),
        ("thresholds", [5.0, 2.5]),
    ]
)
level_cuts = st.sampled_from(
    [
        ("shares", THIRDS),
        ("shares", ["0.5", "0.3", "0.2"]),
        ("value shares", THIRDS),
        ("value shares", ["0.7", "0.2", "0.1"]),
        ("thresholds", [1.0, 0.25]),
    ]
)


@given(
    rows=st.lists(st.tuples(st.one_of(money, money, st.none()), profits), min_size=1, max_size=30),
    size=size_cuts,
    level=level_cuts,
    ties=st.sampled_from(["mid", "better", "worse"]),
    profitability=st.sampled_from(["margin", "profit"]),
)
@settings(deadline=None, max_examples=60)
def test_cells_are_those_of_sorting_twice(
    rows: list[tuple[float | None, float | None]],
    size: tuple[str, Any],
    level: tuple[str, Any],
    ties: str,
    profitability: str,
) -> None:
    """Every way to cut either axis gives what sorting all, and then each class, gives; ties and unknowns included."""
    sizes = [revenue for revenue, _ in rows]
    levels = [
        None if profit is None or revenue is None else profit / revenue if profitability == "margin" else profit
        for revenue, profit in rows
    ]
    base = base_of(revenue=sizes, profit=[profit for _, profit in rows], discount=[0] * len(rows))
    made = scorer(
        "matrix3x3",
        size_cut=size[0],
        size_at=size[1],
        level_cut=level[0],
        level_at=level[1],
        ties=ties,
        profitability=profitability,
    )
    if all(revenue is None for revenue in sizes):
        with pytest.raises(NothingToGradeError, match="unknown: revenue"):
            made.fit(base)
        return
    assert nested(sizes, levels, size, level, ties) == initials(made.fit(base).grade(base))


@given(
    rows=st.lists(
        st.tuples(*[st.one_of(st.just(None), st.integers(2, 10).map(lambda k: k / 2))] * 3), min_size=1, max_size=20
    ),
    level=st.sampled_from([("shares", THIRDS), ("value shares", THIRDS), ("thresholds", [75.0, 25.0])]),
)
@settings(deadline=None, max_examples=30)
def test_the_estimate_is_the_mean_of_the_ratings(rows: list[tuple[float | None, ...]], level: tuple[str, Any]) -> None:
    """Ratings 1 to 5 are 0 to 100 points; two of the three must be known."""
    estimates = []
    for row in rows:
        known = [Fraction(rating) for rating in row if rating is not None]
        points = sum((rating - 1) * 25 for rating in known) / max(len(known), 1)
        estimates.append(round(float(points), 10) if len(known) >= 2 else None)
    revenue = [float(k % 5 + 1) for k in range(len(rows))]
    ratings = {name: [row[k] for row in rows] for k, name in enumerate(RATINGS)}
    base = base_of(revenue=revenue, discount=[0] * len(rows), **ratings)
    made = scorer("matrix3x3", profitability="estimate", level_cut=level[0], level_at=level[1])
    graded = made.fit(base).grade(base)
    assert nested(list(revenue), estimates, ("shares", THIRDS), level, "mid") == initials(graded)
    assert estimates == [None if math.isnan(score) else score for score in graded.scores["profitability"].tolist()]


def test_an_estimate_without_one_of_its_ratings() -> None:
    """A rating that the data lacks is left out with a notice; of the other two one is enough for half of the weight."""
    base = base_of(revenue=[3, 2, 1], effort=[5, NAN, NAN], promptness=[5, 1, NAN], discount=[0, 0, 0])
    model = scorer("matrix3x3", profitability="estimate").fit(base)
    assert ("left out, because the data has no such field: price_level",) == model.notices
    graded = model.grade(base)
    assert ["Large/High", "Medium/High", ""] == graded.grades.tolist()
    assert "unknown: effort, promptness" == graded.reasons[graded.reason_codes[2]]


def test_an_estimate_by_one_rating_is_a_warning() -> None:
    """With one rating left, the model warns that the estimate says little; with none, the ratings are listed."""
    model = scorer("matrix3x3", profitability="estimate").fit(base_of(revenue=[1], effort=[4], discount=[0]))
    assert ["effort" in notice for notice in model.notices if notice.startswith("warning: ")] == [True]
    with pytest.raises(ScorerError, match="effort, price_level, promptness"):
        scorer("matrix3x3", profitability="estimate").fit(base_of(revenue=[1], profit=[1]))


def test_two_by_two_with_words_of_its_own() -> None:
    """Labels and their number are free; whole grades are both labels with a slash between."""
    base = base_of(revenue=[4, 3, 2, 1], profit=[1, 2, 1, 2], discount=[0] * 4)
    given_so = {"sizes": ["big", "little"], "size_at": [0.5, 0.5], "levels": ["good", "bad"], "level_at": [0.5, 0.5]}
    model = scorer("matrix3x3", **given_so).fit(base)
    assert ["big/bad", "big/good", "little/bad", "little/good"] == model.grade(base).grades.tolist()
    assert ("big/good", "big/bad", "little/good", "little/bad") == model.scale.grades


def test_profitability_is_compared_within_a_class_only() -> None:
    """A small customer is High with a margin that is Low among large ones."""
    base = base_of(revenue=[9, 8, 7, 3, 2, 1], profit=[8, 7, 6, 0.3, 0.1, 0], discount=[0] * 6)
    two = {"sizes": ["L", "S"], "size_at": ["0.5", "0.5"]}
    assert ["LH", "LM", "LL", "SH", "SM", "SL"] == grades(base, **two)


def test_scale_is_nested() -> None:
    """Profitability is an axis within revenue, and each is declared to rise with what it is made of."""
    size, level = scorer("matrix3x3").axes
    assert ("revenue", "profitability", "revenue") == (size.name, level.name, level.within)
    assert (("revenue",), ("margin",)) == (size.rises, level.rises)
    assert ("profit",) == scorer("matrix3x3", profitability="profit").axes[1].rises
    assert RATINGS == scorer("matrix3x3", profitability="estimate").axes[1].rises


def test_revenue_that_is_not_positive() -> None:
    """Who brought nothing has no margin and is ungraded, but still counts as a customer by size, and has a profit."""
    base = base_of(revenue=[2, 1, 0, -3], profit=[1, 1, -1, -3], discount=[0] * 4)
    assert ["LM", "LH", "-", "-"] == grades(base)
    assert ["LH", "LH", "MH", "SH"] == grades(base, profitability="profit")
    graded = scorer("matrix3x3").fit(base).grade(base)
    assert ["Large", "Large", "Medium", "Small"] == graded.labels("revenue").tolist()
    assert ["", "", "unknown: margin", "unknown: margin"] == [graded.reasons[code] for code in graded.reason_codes]


def test_a_margin_exactly_on_a_threshold_is_in_the_better_class() -> None:
    """Whose profit is exactly a fifth of the revenue is High at a threshold of 0.2, whatever the amounts."""
    base = base_of(
        revenue=[5 * cents / 100 for cents in range(1, 400)], profit=[cents / 100 for cents in range(1, 400)]
    )
    graded = scorer("matrix3x3", level_cut="thresholds", level_at=[0.2, 0]).fit(base).grade(base)
    assert {"High"} == set(graded.labels("profitability").tolist())


def test_negative_revenue_with_value_shares() -> None:
    """Revenue by its own shares may end in losses; profit can't be cumulated by negative revenue, and is refused."""
    base = base_of(revenue=[5, 3, -1], profit=[1, 2, 3], discount=[0] * 3)
    assert ["LH", "SM", "SH"] == grades(base, size_cut="value shares", profitability="profit")
    with pytest.raises(CutError, match="1 customer with a revenue below 0"):
        grades(base, level_cut="value shares", profitability="profit")


@pytest.mark.parametrize(
    ("ties", "medium", "expected"),
    [("mid", 4, "LLMSSS"), ("better", 4, "LLMMMM"), ("mid", 5, "LLMMMM"), ("worse", 5, "LLMSSS")],
)
def test_ties_in_shares_of_the_revenue(ties: str, medium: int, expected: str) -> None:
    """Equals across the share of the revenue go where the rule says, for revenue and for profitability."""
    revenue = [5.0, 5.0, 3.0, 1.0, 1.0, 1.0]
    shares = ["10/16", f"{medium}/16", f"{6 - medium}/16"]
    base = base_of(revenue=revenue, profit=revenue, discount=[0] * 6)
    cuts = {"size_cut": "value shares", "size_at": shares, "ties": ties}
    assert expected == "".join(cell[0] for cell in grades(base, profitability="profit", **cuts))
    one = {"sizes": ["All"], "size_at": [1], "level_cut": "value shares", "level_at": shares, "ties": ties}
    turned = expected.translate(str.maketrans("LMS", "HML"))
    assert turned == "".join(cell[1] for cell in grades(base, profitability="profit", **one))


def test_a_class_that_held_nobody() -> None:
    """Who falls into a class without a reference group is ungraded with that reason."""
    base = base_of(revenue=[3, 2, 1], profit=[1, 1, 1])
    model = scorer("matrix3x3", size_cut="thresholds", size_at=[1000, 2]).fit(base)
    newcomer = model.grade_one({"revenue": 5000, "profit": 100})
    assert ("", "Large", "") == (newcomer.grade, newcomer.labels["revenue"], newcomer.labels["profitability"])
    assert "no customer of the same revenue to compare profitability with" == newcomer.reason


def test_what_was_paid_of_the_list_price() -> None:
    """The share of the full price is revenue ÷ (revenue + discount), and unknown where nothing was paid."""
    base = base_of(revenue=[90, 50, 0, -5, 10, NAN], profit=[1] * 6, discount=[10, 0, 5, 0, NAN, 1])
    graded = scorer("matrix3x3").fit(base).grade(base)
    expected = [90 / 100, 1.0, None, None, None, None]
    assert expected == [None if math.isnan(share) else share for share in graded.details["full_price_share"].tolist()]


def test_without_discounts_the_full_price_is_not_stated() -> None:
    """Data without discounts are graded the same; the detail is left out."""
    columns = {"revenue": [3, 2, 1], "profit": [1, 1, 1]}
    with_discount = scorer("matrix3x3").fit(base_of(**columns, discount=[1, 1, 1]))
    without = scorer("matrix3x3").fit(base_of(**columns))
    assert {} == dict(without.grade(base_of(**columns)).details)
    assert (with_discount.boundaries, with_discount.notices) == (without.boundaries, without.notices)
    assert math.isnan(without.grade_one({"revenue": 3, "profit": 1}).details["full_price_share"])


def test_the_share_of_the_full_price_in_a_frame_and_for_one() -> None:
    """A frame gets the share as a column before the status, and one customer as a detail."""
    frame = pd.DataFrame({"revenue": [9.0, 4.0], "profit": [1.0, 1.0], "discount": [1.0, None]})
    graded = custgrade.grade(frame, "matrix3x3")
    added = ["grade", "revenue_grade", "revenue_score", "profitability_grade", "profitability_score"]
    assert [*frame.columns, *added, "full_price_share", "status", "reason"] == list(graded.columns)
    assert (0.9, True) == (graded["full_price_share"][0], math.isnan(graded["full_price_share"][1]))
    model = scorer("matrix3x3").fit(base_of(**{name: frame[name].tolist() for name in frame}))
    assert {"full_price_share": 0.9} == dict(model.grade_one({"revenue": 9, "profit": 1, "discount": 1}).details)


def test_a_file_is_graded_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line takes the parameters as TOML, writes both axes and the detail, and reports every cell."""
    (tmp_path / "c.csv").write_text("customer_id,revenue,profit,discount\nx,9,1,1\ny,4,2,\nz,1,1,0\n", encoding="utf-8")
    call = ["grade", "--customers", str(tmp_path / "c.csv"), "--out", str(tmp_path / "g.csv"), "--scorer", "matrix3x3"]
    given_so = ['size_cut="thresholds"', "size_at=[5, 2]", "profitability=profit", 'level_at=["1/4", "1/4", "1/2"]']
    assert 0 == main([*call, *(part for one in given_so for part in ("--param", one))])
    with (tmp_path / "g.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert ["Large/High", "Medium/High", "Small/High"] == [row["grade"] for row in rows]
    assert ["0.9", "", "1.0"] == [row["full_price_share"] for row in rows]
    shown = [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:12]]
    assert [*(f"{size}/{level}" for size in SIZES for level in LEVELS), "total"] == shown


def test_the_report_says_what_is_not_stated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without discounts the command line notes that the share of the full price is left out."""
    for columns, notes in (("revenue,profit", 1), ("revenue,profit,discount", 0)):
        (tmp_path / "c.csv").write_text(
            f"customer_id,{columns}\nx{',1' * (columns.count(',') + 1)}\n", encoding="utf-8"
        )
        assert 0 == main(["grade", "--customers", str(tmp_path / "c.csv"), "--scorer", "matrix3x3"])
        assert notes == capsys.readouterr().out.count("note: full_price_share is left out")


def test_minimum_orders_and_tenure() -> None:
    """Who has too little evidence is ungraded on both axes with the reason, and isn't counted."""
    base = base_of(revenue=[9, 8, 7], profit=[1, 1, 1], discount=[0] * 3, orders=[1, 2, 2], tenure=[99, 5, 30])
    graded = scorer("matrix3x3", minimum_orders=2, minimum_tenure=30).fit(base).grade(base)
    assert ["", "", "Large/High"] == graded.grades.tolist()
    assert ["fewer than 2 orders", "known for less than 30 days", ""] == [
        graded.reasons[code] for code in graded.reason_codes
    ]
    with pytest.raises(FieldError, match="'orders'"):
        scorer("matrix3x3", minimum_orders=2).fit(base_of(revenue=[1], profit=[1]))


@pytest.mark.parametrize(
    ("parameters", "error", "says"),
    [
        ({"sizes": "LMS"}, ParameterError, "'sizes' of 'matrix3x3' must be a list of texts"),
        ({"sizes": ["L", "S"]}, CutError, "2 labels need 2 shares; received 3"),
        ({"sizes": ["L", "L", "S"]}, ScorerError, "axis 'revenue'"),
        ({"sizes": []}, ScorerError, "0 labels"),
        ({"levels": ["High", "Low"]}, CutError, "2 labels"),
        ({"levels": ["a/b", "c", "d"]}, ScorerError, "axis 'profitability'"),
        ({"levels": ["ungraded", "c", "d"]}, ScorerError, "'ungraded'"),
        ({"size_cut": "heads"}, ParameterError, "'shares', 'value shares', 'thresholds'; received 'heads'"),
        ({"level_cut": 3}, ParameterError, "received 3"),
        ({"size_cut": "thresholds"}, ParameterError, "thresholds need size_at"),
        ({"level_cut": "thresholds"}, ParameterError, "thresholds need level_at"),
        ({"size_cut": "thresholds", "size_at": []}, CutError, "need 2 thresholds; received 0"),
        ({"size_cut": "thresholds", "size_at": [9]}, CutError, "need 2 thresholds; received 1"),
        ({"size_cut": "thresholds", "size_at": [1, 9]}, CutError, "best first and fall"),
        ({"size_cut": "thresholds", "size_at": [9, 9]}, CutError, "best first and fall"),
        ({"size_cut": "thresholds", "size_at": [NAN, 1]}, ParameterError, "size_at has nan; give numbers"),
        ({"size_cut": "thresholds", "size_at": [math.inf, 1]}, ParameterError, "size_at has inf"),
        ({"size_cut": "thresholds", "size_at": [9, "one"]}, ParameterError, "size_at has 'one'; give numbers"),
        ({"level_cut": "thresholds", "level_at": ["1/0", "0"]}, ParameterError, "level_at has '1/0'"),
        ({"size_cut": "thresholds", "size_at": [10**400, 1]}, CustgradeError, "size_at"),
        ({"size_at": []}, CutError, "sum to 1"),
        ({"size_at": ["0.5", "0.6", "0.1"]}, CutError, "0.5 + 0.6 + 0.1 = 1.2"),
        ({"size_at": ["0", "0.5", "0.5"]}, CutError, "received '0'"),
        ({"level_at": "1/3"}, ParameterError, "'level_at'"),
        ({"level_at": [NAN, 0.5, 0.5]}, CutError, "received nan"),
        ({"profitability": "gain"}, ParameterError, "'margin', 'profit', 'estimate'; received 'gain'"),
        ({"ties": "up"}, ParameterError, "'mid', 'better', 'worse'"),
        ({"minimum_orders": -1}, ParameterError, "orders is 0 or more; received -1"),
        ({"minimum_tenure": -1}, ParameterError, "0 or more; received -1"),
        ({"minimum_orders": 0.5}, ParameterError, "whole number"),
        ({"level": "profit"}, ParameterError, "Did you mean 'levels'?"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_an_error(parameters: dict[str, Any], error: type[CustgradeError], says: str) -> None:
    """What makes no sense is refused before any data is read, with what was received."""
    with pytest.raises(error) as caught:
        scorer("matrix3x3", **parameters)
    assert not isinstance(caught.value, PluginError)
    assert says in str(caught.value)


def test_fields_that_are_not_there() -> None:
    """A base without revenue or profit is refused with what it has, and how profit could be got."""
    with pytest.raises(FieldError, match="'revenue'"):
        scorer("matrix3x3").fit(base_of(profit=[1.0]))
    with pytest.raises(FieldError, match=r"'profit'.*assume"):
        scorer("matrix3x3").fit(base_of(revenue=[1.0]))


def test_nothing_to_grade() -> None:
    """A base in which every revenue is unknown is refused; one in which every margin is, has no grades."""
    with pytest.raises(NothingToGradeError, match=r"unknown: revenue \(2 customers\)"):
        scorer("matrix3x3").fit(base_of(revenue=[NAN, NAN], profit=[1, 2]))
    base = base_of(revenue=[1, 2], profit=[NAN, NAN])
    assert {"ungraded": 2} == {k: n for k, n in scorer("matrix3x3").fit(base).grade(base).counts().items() if n}


@pytest.mark.parametrize("count", [1, 2, 7])
def test_equals_stay_together(count: int) -> None:
    """Any number of equal customers share one cell; one customer alone is Large and High."""
    cells = grades(base_of(revenue=[5] * count, profit=[1] * count, discount=[0] * count))
    assert [cells[0]] * count == cells
    assert count > 1 or cells == ["LH"]


@given(rows=st.lists(st.tuples(st.integers(1, 9), st.integers(-9, 9)), min_size=3, max_size=25))
@settings(deadline=None, max_examples=6)
def test_better_is_not_worse(rows: list[tuple[int, int]]) -> None:
    """More revenue is never a smaller class; more profit at the same revenue is never a lower one within it."""
    model = scorer("matrix3x3").fit(base_of(revenue=[r for r, _ in rows], profit=[p for _, p in rows]))
    sizes = [model.grade_one({"revenue": k / 2, "profit": 1}).labels["revenue"] for k in range(1, 21)]
    assert sorted(sizes, key=SIZES[::-1].index) == sizes
    for revenue in {rows[0][0], rows[-1][0]}:
        levels = [model.grade_one({"revenue": revenue, "profit": k / 2}).labels["profitability"] for k in range(-9, 10)]
        assert sorted(levels, key=["", *LEVELS[::-1]].index) == levels


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"profitability": "estimate"},
        {"size_cut": "value shares", "level_cut": "value shares", "ties": "worse"},
        {"size_cut": "thresholds", "size_at": [5, "2.5"], "level_cut": "thresholds", "level_at": [0.5, 0]},
        {"size_at": [Fraction(1, 3)] * 3},
    ],
)
def test_a_saved_model_grades_the_same(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """A saved and loaded model gives the same grades and details, alone and in a batch, for newcomers too."""
    columns = {"revenue": [9, 6, 5, 3, 2, 1], "profit": [1, 5, 2, 3, 0, 1], "discount": [1, 0, NAN, 2, 0, 1]}
    base = base_of(**columns, **{name: [5, 1, 2, NAN, 4, 3] for name in RATINGS})
    newcomers = base.take([5, 0, 3]).with_columns(revenue=[NAN, 2.5, 8])
    model = scorer("matrix3x3", **parameters).fit(base)
    model.save(tmp_path / "m.json")
    loaded = load_model(tmp_path / "m.json")
    for some in (base, newcomers):
        expected, found = model.grade(some), loaded.grade(some)
        alone = [loaded.grade_one(customer) for customer in some]
        assert expected.grades.tolist() == found.grades.tolist() == [one.grade for one in alone]
        shares = [graded.details["full_price_share"].tolist() for graded in (expected, found)]
        assert repr(shares[0]) == repr(shares[1]) == repr([one.details["full_price_share"] for one in alone])


@pytest.mark.parametrize("at", [[Fraction(5, 2), Fraction(4, 3)], ["5/2", "4/3"], [2.5, "1.3e0"], ["2.5", 1]])
def test_thresholds_as_numbers_texts_and_fractions_can_be_saved(tmp_path: Path, at: list[Any]) -> None:
    """What the scorer accepts as a threshold is that number, and can be saved and loaded."""
    base = base_of(revenue=[3, 2.5, 2.4, 1], profit=[1, 1, 1, 1])
    model = scorer("matrix3x3", size_cut="thresholds", size_at=at).fit(base)
    assert ["Large", "Large", "Medium"] == model.grade(base).labels("revenue").tolist()[:3]
    model.save(tmp_path / "m.json")
    assert model.boundaries == load_model(tmp_path / "m.json").boundaries


def test_its_parameters() -> None:
    """The parameters by name, in the order of the scheme's page."""
    parameters = default_registry().scheme("matrix3x3").parameters
    names = ["sizes", "size_cut", "size_at", "profitability", "levels", "level_cut", "level_at", "ties"]
    assert [*names, "minimum_orders", "minimum_tenure"] == [parameter.name for parameter in parameters]
