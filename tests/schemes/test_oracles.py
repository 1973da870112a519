"""The five schemes on the example, on Superstore and on CDNOW, against files read line by line and plain sorting."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import FieldError, ScorerError

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SUPERSTORE = DATA / "superstore" / "superstore.csv"
CDNOW = DATA / "cdnow" / "CDNOW_master.txt"
TIES = ("mid", "better", "worse")
THIRDS = ("1/3", "1/3", "1/3")
FIVE = ("0.05", "0.15", "0.30", "0.30", "0.20")
RATED = ("enjoyable", "challenges_us", "cares_about_us")
ESTIMATED = ("price_level", "effort", "promptness")
IDEAL = {"profit": 3, "days_late": 2, "enjoyable": 2, "challenges_us": 1, "cares_about_us": 2}


class Known(NamedTuple):
    """A set of customers: as custgrade reads them, and as this file does, a row per customer, ascending by id.

    profitability: a field that tells customers apart; where a margin is assumed, it doesn't.
    """

    base: cg.CustomerBase
    frame: pd.DataFrame
    profitability: str = "margin"


def gathered(lines: Iterable[Mapping[str, str]], sums: Sequence[str]) -> pd.DataFrame:
    """Customers of order lines: exact sums, counts, dates and lateness, by a loop over the lines."""
    totals: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(sums, Decimal(0)))
    orders: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    days: dict[str, list[dt.date]] = defaultdict(list)
    invoices: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    every: list[dt.date] = []
    for number, line in enumerate(lines):
        who = line["customer_id"]
        for name in sums:
            totals[who][name] += Decimal(line[name])
        kinds[who].add(line.get("category", ""))
        every.append(dt.date.fromisoformat(line["date"]))
        # a return is neither an order nor a visit
        if Decimal(line["revenue"]) >= 0:
            orders[who].add(line.get("order_id", str(number)))
            days[who].append(every[-1])
        if line.get("due_date"):
            invoices[who, line["order_id"]].append((line["due_date"], line["paid_date"]))
    today = max(every)
    late: dict[str, list[int]] = defaultdict(list)
    for (who, _), parts in invoices.items():
        due = [(dt.date.fromisoformat(paid) if paid else today) - dt.date.fromisoformat(at) for at, paid in parts]
        late[who].append(max(0, *(span.days for span in due)))
    ids = sorted(totals)
    return pd.DataFrame(
        {
            **{name: [float(totals[who][name]) for who in ids] for name in sums},
            "orders": [float(len(orders[who])) for who in ids],
            "product_mix": [float(len(kinds[who])) for who in ids],
            "recency": [float((today - max(days[who])).days) if days[who] else math.nan for who in ids],
            "tenure": [float((today - min(days[who])).days) if days[who] else math.nan for who in ids],
            "days_late": [sum(late[who]) / len(late[who]) if who in late else math.nan for who in ids],
        },
        index=pd.Index(ids, name="customer_id"),
    )


def derived(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with margin and average sale, in decimals, each unknown where it can't be divided."""
    margin = (frame["profit"] / frame["revenue"]).where(frame["revenue"] > 0)
    sale = frame["revenue"] / frame["orders"]
    return frame.assign(margin=margin.map(lambda q: round(q, 10)), average_sale=sale.map(lambda q: round(q, 8)))


@pytest.fixture(scope="module")
def example() -> Known:
    """The example's customers, orders and survey together."""
    files = [ROOT / "examples" / name for name in ("orders.csv", "survey.csv")]
    with files[0].open(encoding="utf-8", newline="") as file:
        frame = gathered(csv.DictReader(file), ("revenue", "profit", "discount"))
    survey = pd.read_csv(files[1], index_col="customer_id").astype(float)
    base = cg.read_orders(files[0]).join(cg.read_customers(files[1]))
    return Known(base, derived(frame.join(survey)))


@pytest.fixture(scope="module")
def superstore() -> Known:
    """The customers of Superstore."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    columns = {"customer_id": "Customer ID", "date": "Order Date", "order_id": "Order ID", "category": "Category"}
    columns |= {"revenue": "Sales", "profit": "Profit"}
    with SUPERSTORE.open(encoding="utf-8", newline="") as file:
        lines = [{name: line[column] for name, column in columns.items()} for line in csv.DictReader(file)]
    return Known(cg.read_orders(SUPERSTORE, columns), derived(gathered(lines, ("revenue", "profit"))))


@pytest.fixture(scope="module")
def cdnow() -> Known:
    """The customers of CDNOW, with an assumed margin of three tenths on each purchase."""
    if not CDNOW.exists():
        pytest.skip("the folder ../shared with real data is absent")
    rows = [line.split() for line in CDNOW.read_text(encoding="utf-8").splitlines()[1:]]
    lines = [{"customer_id": row[0], "date": row[1], "revenue": row[3]} for row in rows]
    frame = gathered(lines, ("revenue",))
    frame["profit"] = frame["revenue"] * 0.3
    base = cg.read_orders(
        CDNOW, {"revenue": "dollar_value"}, delimiter="space", date_format="%Y%m%d", assume_margin=0.3
    )
    return Known(base, derived(frame), "profit")


@pytest.fixture(params=["example", "superstore", "cdnow"])
def known(request: pytest.FixtureRequest) -> Known:
    """Each set in turn."""
    found: Known = request.getfixturevalue(request.param)
    return found


def cumulated(shares: Sequence[Any]) -> list[Fraction]:
    """Cumulated shares, without the last."""
    return list(accumulate(Fraction(str(share)) for share in shares))[:-1]


def placed(scores: pd.Series, ranks: Sequence[int], ties: str = "mid") -> pd.Series:
    """The code of each customer for boundaries at these ranks, from pandas' ranking; −1 where unknown."""
    above, through = scores.rank(method="min", ascending=False) - 1, scores.rank(method="max", ascending=False)
    needed = {"mid": (above + through) / 2, "better": above + 1, "worse": through}[ties]
    codes = pd.Series(0, index=scores.index)
    for rank in ranks:
        codes += needed > rank
    return codes.where(scores.notna(), -1)


def by_heads(scores: pd.Series, shares: Sequence[Any], ties: str = "mid") -> pd.Series:
    """Codes by shares of those who are known."""
    return placed(scores, [math.ceil(share * int(scores.count())) for share in cumulated(shares)], ties)


def by_value(scores: pd.Series, values: pd.Series, shares: Sequence[Any], ties: str = "mid") -> pd.Series:
    """Codes by shares of a value, cumulated exactly, each of a block of equals counting with the block's mean."""
    members = pd.DataFrame({"score": scores, "value": values.map(Fraction)})[scores.notna()]
    means = members.groupby("score")["value"].agg(lambda some: sum(some, Fraction(0)) / len(some))
    best_first = sorted(members["score"], reverse=True)
    reached = list(accumulate(means[score] for score in best_first))
    total = sum(members["value"], Fraction(0))
    ranks = [next(k for k, value in enumerate(reached, 1) if value >= share * total) for share in cumulated(shares)]
    return placed(scores, ranks, ties)


def by_thresholds(scores: pd.Series, at: Sequence[float]) -> pd.Series:
    """Codes by given values; one on a threshold is in the better class."""
    return sum((scores < least).astype(int) for least in at).where(scores.notna(), -1)


def points(values: pd.Series, best: str = "highest") -> pd.Series:
    """Percentile points, 0 to 100, in 101 equal shares; NaN where unknown."""
    codes = by_heads(values if best == "highest" else -values, [Fraction(1, 101)] * 101)
    return (100 - codes).where(values.notna())


def mean_points(columns: Mapping[str, pd.Series], weights: Mapping[str, int]) -> pd.Series:
    """The weighted mean of points 0 to 100 as fractions over what is known; None below half of the weight."""
    table = pd.DataFrame({name: columns[name] for name in weights})
    found = []
    for row in table.itertuples(index=False):
        parts = [(w, Fraction(p)) for w, p in zip(weights.values(), row, strict=True) if not math.isnan(p)]
        weight = sum(w for w, _ in parts)
        enough = 2 * weight >= sum(weights.values()) and weight > 0
        found.append(sum(w * p for w, p in parts) / weight if enough else None)
    return pd.Series(found, index=table.index, dtype=object)


def lettered(codes: pd.Series, labels: Sequence[str]) -> list[str]:
    """Labels by code, an empty text where unknown."""
    return ["" if code < 0 else labels[code] for code in codes]


def grades(base: cg.CustomerBase, scheme: str, **parameters: Any) -> list[str]:
    """What custgrade says."""
    found: list[str] = cg.scorer(scheme, **parameters).fit(base).grade(base).grades.tolist()
    return found


def proposed(values: pd.Series, share: str = "0.75", best: str = "highest") -> float:
    """The value at rank ceil(share × n) from the best."""
    ordered = np.sort(values.dropna())
    return float((ordered[::-1] if best == "highest" else ordered)[math.ceil(Fraction(share) * len(ordered)) - 1])


def test_the_files_are_read_alike(known: Known) -> None:
    """The customers and every number that the oracles start from are those that custgrade reads, to the last bit."""
    assert known.frame.index.tolist() == known.base.ids.tolist()
    both = [name for name in known.frame if name in known.base]
    assert {"revenue", "profit", "orders", "recency", "tenure", "margin", "average_sale"} <= set(both)
    for name in both:
        np.testing.assert_array_equal(known.frame[name], known.base[name], err_msg=name)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize(
    ("by", "best"), [("profit", "highest"), ("average_sale", "highest"), ("recency", "lowest"), ("orders", "highest")]
)
def test_abcde(known: Known, by: str, best: str, ties: str) -> None:
    """Five letters by rank, in either direction, by fields with few and with many ties."""
    scores = known.frame[by] if best == "highest" else -known.frame[by]
    assert lettered(by_heads(scores, FIVE, ties), "ABCDE") == grades(known.base, "abcde", by=by, best=best, ties=ties)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize(("by", "share"), [("profit", "0.10"), ("revenue", 0.05), ("tenure", "1/3"), ("orders", "0.2")])
def test_top10(known: Known, by: str, share: Any, ties: str) -> None:
    """The top share of those with two orders or more; who has fewer is ungraded."""
    scores = known.frame[by].where(known.frame["orders"] >= 2)
    codes = by_heads(scores, [Fraction(str(share)), 1 - Fraction(str(share))], ties)
    assert lettered(codes, ["top", "rest"]) == grades(known.base, "top10", by=by, share=share, ties=ties)


def ideal_points(frame: pd.DataFrame, latest: int = 60) -> dict[str, pd.Series]:
    """The points of the ideal customer's criteria; those of lateness are rounded, as days are no whole numbers."""
    late = (100 * (latest - frame["days_late"]) / latest).clip(0, 100)
    return {
        "profit": points(frame["profit"]),
        "days_late": late,
        **{name: (frame[name] - 1) * 25 for name in RATED if name in frame},
    }


def test_abcd_on_the_example(example: Known) -> None:
    """The ideal customer, all criteria known to the data: points, letters and who is known too little."""
    expected = mean_points(ideal_points(example.frame), IDEAL)
    graded = cg.scorer("abcd").fit(example.base).grade(example.base)
    found = pd.Series(graded.scores["grade"], index=example.frame.index)
    exact = pd.to_numeric(expected.map(lambda p: math.nan if p is None else float(p)))
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-9)
    assert lettered(by_thresholds(exact.round(9), (75, 50, 25)), "ABCD") == graded.grades.tolist()
    assert 20 == int(exact.isna().sum())


@pytest.mark.parametrize("ties", TIES)
def test_abcd_by_shares_of_ratings_on_the_example(example: Known, ties: str) -> None:
    """Three ratings with weights of their own, cut by shares: many customers have the same mean."""
    weights = {"enjoyable": 2, "challenges_us": 1, "cares_about_us": 2}
    means = mean_points({name: (example.frame[name] - 1) * 25 for name in RATED}, weights)
    scores = pd.to_numeric(means.map(lambda p: math.nan if p is None else float(p)))
    assert scores.nunique() < scores.count() / 3
    shares = ["0.1", "0.2", "0.3", "0.4"]
    found = grades(example.base, "abcd", weights=weights, shares=shares, ties=ties)
    assert lettered(by_heads(scores.round(9), shares, ties), "ABCD") == found


def test_abcd_where_only_profit_is_known(superstore: Known) -> None:
    """Of the ideal customer Superstore knows the profit; four criteria go with notices, and a warning stands last."""
    model = cg.scorer("abcd").fit(superstore.base)
    assert lettered(by_thresholds(points(superstore.frame["profit"]), (75, 50, 25)), "ABCD") == (
        model.grade(superstore.base).grades.tolist()
    )
    left_out = ["cares_about_us", "challenges_us", "days_late", "enjoyable"]
    assert [f"left out, because the data has no such field: {name}" for name in left_out] == list(model.notices[:4])
    assert [True] == [notice.startswith("warning: ") and "profit" in notice for notice in model.notices[4:]]


def test_abcd_with_criteria_that_fit(cdnow: Known) -> None:
    """CDNOW has revenue, recency and orders: percentiles up and down, steps, and weights of their own."""
    model = cg.scorer(
        "abcd",
        weights={},
        criteria={
            "revenue": {"points": "percentile", "weight": 2},
            "recency": {"points": "percentile", "best": "lowest"},
            "orders": {"points": "steps", "steps": [[1, 0], [2, 50], [5, 100]], "weight": 3},
        },
    ).fit(cdnow.base)
    orders = cdnow.frame["orders"]
    steps = pd.Series(np.select([orders >= 5, orders >= 2], [100.0, 50.0], 0.0), index=orders.index)
    columns = {"revenue": points(cdnow.frame["revenue"]), "recency": points(cdnow.frame["recency"], "lowest")}
    weighted = 2 * columns["revenue"] + columns["recency"] + 3 * steps
    expected = sum((weighted < 6 * at).astype(int) for at in (75, 50, 25))
    assert lettered(expected, "ABCD") == model.grade(cdnow.base).grades.tolist()
    assert () == model.notices


def cells(frame: pd.DataFrame, size: pd.Series, level: Any) -> list[str]:
    """Cells by group-wise sorting: `level` codes the customers of one class of revenue."""
    inner = pd.Series(-1, index=frame.index)
    for code, rows in frame.groupby(size.to_numpy()):
        if code >= 0:
            inner[rows.index] = level(rows)
    names = (["Large", "Medium", "Small"], ["High", "Mid", "Low"])
    return [
        "" if min(pair) < 0 else "/".join(labels[code] for labels, code in zip(names, pair, strict=True))
        for pair in zip(size, inner, strict=True)
    ]


@pytest.mark.parametrize("ties", TIES)
def test_matrix3x3_by_thirds(known: Known, ties: str) -> None:
    """Thirds by revenue, and thirds of each class by margin, where there is one, and by profit."""
    size = by_heads(known.frame["revenue"], THIRDS, ties)
    for profitability in {"profit", known.profitability}:
        expected = cells(known.frame, size, lambda rows, by=profitability: by_heads(rows[by], THIRDS, ties))
        assert expected == grades(known.base, "matrix3x3", profitability=profitability, ties=ties)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("name", ["example", "superstore"])
def test_matrix3x3_by_shares_of_the_revenue(name: str, ties: str, request: pytest.FixtureRequest) -> None:
    """The few who bring four fifths of the revenue, and of each class those who bring half of it at the best margin."""
    base, frame, _ = request.getfixturevalue(name)
    pareto, halves = ("0.8", "0.15", "0.05"), ("0.5", "0.3", "0.2")
    size = by_value(frame["revenue"], frame["revenue"], pareto, ties)
    expected = cells(frame, size, lambda rows: by_value(rows["margin"], rows["revenue"], halves, ties))
    cuts = {"size_cut": "value shares", "size_at": pareto, "level_cut": "value shares", "level_at": halves}
    assert expected == grades(base, "matrix3x3", ties=ties, **cuts)


def test_matrix3x3_by_the_cumulated_revenue_of_many(cdnow: Known) -> None:
    """Of 23,570 customers, those who bring four fifths of the revenue are Large, summed one by one."""
    cents = sorted((round(100 * revenue) for revenue in cdnow.frame["revenue"]), reverse=True)
    reached = list(accumulate(cents))
    ranks = [next(k for k, value in enumerate(reached, 1) if 100 * value >= p * reached[-1]) for p in (80, 95)]
    size = placed(cdnow.frame["revenue"], ranks)
    expected = cells(cdnow.frame, size, lambda rows: by_heads(rows["profit"], THIRDS))
    cut = {"size_cut": "value shares", "size_at": ["0.8", "0.15", "0.05"]}
    assert expected == grades(cdnow.base, "matrix3x3", profitability="profit", **cut)


def test_matrix3x3_at_amounts(known: Known) -> None:
    """Classes at amounts of revenue, and thirds or thresholds within."""
    at = [float(known.frame["revenue"].quantile(share)) for share in (0.9, 0.5)]
    size = by_thresholds(known.frame["revenue"], at)
    fixed = {"size_cut": "thresholds", "size_at": at}
    expected = cells(known.frame, size, lambda rows: by_heads(rows["profit"], THIRDS))
    assert expected == grades(known.base, "matrix3x3", profitability="profit", **fixed)
    levels = {"profitability": known.profitability, "level_cut": "thresholds", "level_at": [0.251, "0"]}
    expected = cells(known.frame, size, lambda rows: by_thresholds(rows[known.profitability], (0.251, 0.0)))
    assert expected == grades(known.base, "matrix3x3", **levels, **fixed)


def test_an_assumed_margin_is_the_same_for_all(cdnow: Known) -> None:
    """Where a margin of three tenths is assumed, nobody who bought is more profitable by margin than others."""
    counts = cg.scorer("abcde", by="margin").fit(cdnow.base).grade(cdnow.base).counts()
    assert {"C": 23_502, "ungraded": 68} == {grade: count for grade, count in counts.items() if count}


def test_matrix3x3_by_the_estimate(example: Known) -> None:
    """Where three ratings stand for profitability, their mean is cut within each class of revenue."""
    columns = {name: (example.frame[name] - 1) * 25 for name in ESTIMATED}
    means = mean_points(columns, dict.fromkeys(ESTIMATED, 1))
    frame = example.frame.assign(estimate=pd.to_numeric(means.map(lambda p: math.nan if p is None else float(p))))
    frame["estimate"] = frame["estimate"].round(9)
    size = by_heads(frame["revenue"], THIRDS)
    expected = cells(frame, size, lambda rows: by_heads(rows["estimate"], THIRDS))
    assert expected == grades(example.base, "matrix3x3", profitability="estimate")
    assert frame["estimate"].isna().sum() > 50


def test_matrix3x3_states_what_was_paid_of_the_list_price(example: Known, superstore: Known) -> None:
    """Revenue of revenue and discount for those who bought; without discounts it isn't stated."""
    frame = example.frame
    expected = (frame["revenue"] / (frame["revenue"] + frame["discount"])).where(frame["revenue"] > 0)
    graded = cg.scorer("matrix3x3").fit(example.base).grade(example.base)
    np.testing.assert_array_equal(expected, graded.details["full_price_share"])
    model = cg.scorer("matrix3x3").fit(superstore.base)
    assert ({}, ()) == (dict(model.grade(superstore.base).details), model.notices)


def checked(frame: pd.DataFrame, floors: Mapping[str, float], ceilings: Mapping[str, float], near: int = 1) -> Any:
    """Gaps by subtraction, and the grades that they leave possible."""
    gaps = pd.DataFrame(
        {name: (at - frame[name]).clip(lower=0) for name, at in floors.items()}
        | {name: (frame[name] - at).clip(lower=0) for name, at in ceilings.items()}
    )
    least, most = (gaps > 0).sum(axis=1), ((gaps > 0) | gaps.isna()).sum(axis=1)

    def place(missed: pd.Series) -> pd.Series:
        return (missed > 0).astype(int) + (missed > near).astype(int)

    sure = place(least) == place(most)
    return gaps, lettered(place(least).where(sure, -1), ["meets", "near", "below"])


@pytest.mark.parametrize("share", ["0.75", "0.5", "1/3", "0.999"])
def test_floors_proposed_from_the_data(known: Known, share: str) -> None:
    """Each floor is the value at its rank, every gap is the distance to it, and the grade counts what is missed."""
    names = [n for n in ("average_sale", known.profitability, "product_mix", "revenue") if n in known.base]
    at = {name: proposed(known.frame[name], share) for name in names}
    gaps, expected = checked(known.frame, at, {})
    model = cg.scorer("floors", floors=dict.fromkeys(names, "proposed"), reached_by=share).fit(known.base)
    graded = model.grade(known.base)
    assert expected == graded.grades.tolist()
    assert [f"{name}_gap" for name in names] == list(graded.details)
    for name in names:
        np.testing.assert_array_equal(gaps[name], graded.details[f"{name}_gap"], err_msg=name)
    assert {f"{name}_floor": value for name, value in at.items()} == model.quantiles


def test_floors_and_ceilings_decided_and_proposed(known: Known) -> None:
    """Decided and proposed ones in both directions, two of which may be missed."""
    at = {"revenue": 40.0, "orders": proposed(known.frame["orders"], "0.6")}
    most = {"recency": 100.0, "tenure": proposed(known.frame["tenure"], "0.6", "lowest")}
    gaps, expected = checked(known.frame, at, most, near=2)
    model = cg.scorer(
        "floors",
        floors={"revenue": 40, "orders": "proposed"},
        ceilings={"recency": 100, "tenure": "proposed"},
        reached_by="0.6",
        near=2,
    ).fit(known.base)
    graded = model.grade(known.base)
    assert expected == graded.grades.tolist()
    for name in (*at, *most):
        np.testing.assert_array_equal(gaps[name], graded.details[f"{name}_gap"], err_msg=name)


def test_floors_leave_out_what_cdnow_does_not_have(cdnow: Known) -> None:
    """Proposed floors on product mix and margin go with notices where nothing is known of costs and categories."""
    names = [name for name in cdnow.base.columns if name not in ("profit", "product_mix")]
    bare = cg.CustomerBase(cdnow.base.ids, {name: cdnow.base[name] for name in names})
    model = cg.scorer("floors").fit(bare)
    at = {name: proposed(cdnow.frame[name]) for name in ("average_sale", "revenue")}
    assert checked(cdnow.frame, at, {})[1] == model.grade(bare).grades.tolist()
    assert ("margin", "product_mix") == model.dropped


@pytest.fixture(scope="module")
def without_costs() -> cg.CustomerBase:
    """CDNOW as it is, without any margin assumed."""
    if not CDNOW.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return cg.read_orders(CDNOW, {"revenue": "dollar_value"}, delimiter="space", date_format="%Y%m%d")


@pytest.mark.parametrize(
    ("scheme", "says"),
    [
        ("abcd", ["cares_about_us, challenges_us, days_late, enjoyable, profit", "due_date and paid_date"]),
        ("abcde", ["no 'profit'", "It has: revenue, orders, recency"]),
        ("matrix3x3", ["no 'profit'", "It has: revenue, orders, recency"]),
        ("top10", ["no 'profit'", "It has: revenue, orders, recency"]),
    ],
)
def test_by_default_cdnow_is_refused_with_a_way_out(
    without_costs: cg.CustomerBase, scheme: str, says: list[str]
) -> None:
    """Without profits the error says what is missing, what is there, what could be mapped and what can be assumed."""
    with pytest.raises((FieldError, ScorerError)) as caught:
        cg.scorer(scheme).fit(without_costs)
    message = str(caught.value)
    assert [part for part in (*says, "number_of_cds", "assume_margin") if part not in message] == []


def test_what_cdnow_can_be_graded_by_without_costs(without_costs: cg.CustomerBase) -> None:
    """By revenue both rankings work, and the floors that are left stand."""
    assert {"top": 1167, "rest": 10495, "ungraded": 11908} == (
        cg.scorer("top10", by="revenue").fit(without_costs).grade(without_costs).counts()
    )
    counts = cg.scorer("abcde", by="revenue").fit(without_costs).grade(without_costs).counts()
    assert (1179, 3536, 23570) == (counts["A"], counts["B"], sum(counts.values()))
    graded = cg.scorer("floors").fit(without_costs).grade(without_costs)
    assert ["average_sale_gap", "revenue_gap"] == list(graded.details)
    with pytest.raises(ScorerError, match=re.escape("effort, price_level, promptness")):
        cg.scorer("matrix3x3", profitability="estimate").fit(without_costs)
