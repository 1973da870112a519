"""Pareto and contrast against plain sorts and loops over all pairs."""

from __future__ import annotations

import csv
import math
import statistics
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import FieldError, ParameterError
from custgrade.findings import contrast, pareto

NAN = math.nan
Graded = Callable[..., cg.Graded]
cents = st.lists(st.one_of(st.none(), st.integers(-500, 2000)), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(drawn=cents, share=st.sampled_from(["0.2", "1/3", "0.01", "1"]))
def test_the_curve_is_that_of_a_plain_sort(drawn: list[int | None], share: str, graded: Graded) -> None:
    """Each point has the best customers, rounded up, and their exact sum; the sentences have the top and the peak."""
    money = sorted((Fraction(one, 100) for one in drawn if one is not None), reverse=True)
    values = [NAN if one is None else one / 100 for one in drawn]
    found = pareto(graded([3.0] * len(values), profit=values), share=share)
    if not money:
        assert (found.rows, found.notes) == ((), ("unknown, as the data has no profit",))
        return
    size, total = len(money), sum(money)
    heads = sorted({-(-size * k // 20) for k in range(1, 21)})
    assert [row[1] for row in found.rows] == heads
    for row in found.rows:
        until = sum(money[: row[1]])
        assert row == (row[1] / size, row[1], float(until), float(until / total) if total > 0 else None)
    top = math.ceil(Fraction(share) * size)
    assert f", {top:,} of {size:,}, bring " in found.says[0]
    peak = max(sum(money[:n]) for n in range(size + 1))
    if total > 0 and peak > total:
        away = float(peak - total)
        assert f"take {away:,.2f} EUR away" in found.says[1]
    assert bool(len(money) < len(values)) == any("is unknown for" in note for note in found.notes)


def test_80_20_is_answered(graded: Graded) -> None:
    """Exactly 80 % is 80/20; a little less isn't; another share has no such answer."""
    assert "it is 80/20 or more" in pareto(graded([3.0] * 5, profit=[80.0, 5.0, 5.0, 5.0, 5.0])).says[0]
    assert "it is less than 80/20" in pareto(graded([3.0] * 5, profit=[79.99, 5.01, 5.0, 5.0, 5.0])).says[0]
    assert "80/20" not in pareto(graded([3.0] * 5, profit=[80.0, 5.0, 5.0, 5.0, 5.0]), share=0.4).says[0]


def test_superstore_is_80_20(superstore: cg.CustomerBase, superstore_file: Path) -> None:
    """The best 159 of 793 customers bring the share of the profit that decimals give."""
    profit: dict[str, Fraction] = defaultdict(Fraction)
    with superstore_file.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            profit[line["Customer ID"]] += Fraction(line["Profit"])
    ranked = sorted(profit.values(), reverse=True)
    found = pareto(cg.scorer("abcde", by="profit").fit(superstore).grade(superstore))
    share = float(sum(ranked[:159]) / sum(ranked))
    assert found.rows[3][1] == 159
    assert found.rows[3][3] == pytest.approx(share, rel=1e-12)
    assert f"159 of 793, bring {100 * share:.1f} % of the profit" in found.says[0]
    assert f"the best {sum(one > 0 for one in ranked)} customers" in found.says[1]


def test_pareto_refuses_what_it_cannot_use(graded: Graded) -> None:
    """A misspelt field, and a share beyond 1, are errors that name what there is."""
    some = graded([3.0], revenue=[5.0])
    with pytest.raises(FieldError, match=r"no 'revenu'. Did you mean 'revenue'\?"):
        pareto(some, by="revenu")
    with pytest.raises(ParameterError, match="share: a share is above 0 and at most 1"):
        pareto(some, by="revenue", share=1.5)


drawn_rows = st.lists(
    st.tuples(st.sampled_from([-1.0, -0.5, 0.0, 2.0, NAN]), *[st.sampled_from([NAN, 1.0, 2.0, 2.5, 7.0])] * 3),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(rows=drawn_rows)
def test_contrast_counts_all_pairs(rows: list[Any], graded: Graded) -> None:
    """Medians, and the share of pairs in which the unprofitable customer has more, ties counting half."""
    columns = {name: [row[k] for row in rows] for k, name in enumerate(("profit", "orders", "discount", "complaints"))}
    found = contrast(graded([3.0] * len(rows), **columns))
    bad = [k for k, value in enumerate(columns["profit"]) if value < 0]
    good = [k for k, value in enumerate(columns["profit"]) if value >= 0]
    expected = {}
    for name in ("orders", "discount", "complaints"):
        one = [columns[name][k] for k in bad if columns[name][k] == columns[name][k]]
        other = [columns[name][k] for k in good if columns[name][k] == columns[name][k]]
        if one and other:
            wins = sum(Fraction(1 if a > b else 0) + Fraction(a == b) / 2 for a in one for b in other)
            higher = wins / (len(one) * len(other))
            medians = statistics.median(one), statistics.median(other)
            expected[name] = (*medians, float(higher), len(one), len(other))
    if not bad or not good:
        assert found.rows == ()
        return
    told = {row[0]: row[2:] for row in found.rows if row[0] != "product mix"}
    assert told == expected
    distances = [round(abs(row[4] - 0.5), 9) for row in found.rows]
    assert distances == sorted(distances, reverse=True)
    assert found.per_customer["unprofitable"].tolist() == [k in bad for k in range(len(rows))]


def test_contrast_says_what_stands_out(graded: Graded) -> None:
    """The largest difference is a sentence; few customers, and what isn't known, are notes."""
    found = contrast(graded([3.0] * 5, profit=[-1.0, -2.0, 5.0, 6.0, NAN], discount=[30.0, 20.0, 1.0, 0.0, 9.0]))
    assert found.says == (
        "2 customers of 4 are unprofitable.",
        "Higher discount: a median of 25.00 EUR against 0.50 EUR among the others; in 100 % of all pairs the "
        "unprofitable customer has the higher value.",
    )
    assert "one group has only 2 customers, so differences may be chance" in found.notes
    assert "the profit of 1 customer is unknown, so they are in neither group" in found.notes
    same = contrast(graded([3.0] * 2, profit=[-1.0, 5.0], orders=[1.0, 1.0]))
    assert same.says[1] == "No field sets them apart from the others."
    assert "No customer is unprofitable" in contrast(graded([3.0], profit=[1.0])).says[0]
    assert "All customers are unprofitable" in contrast(graded([3.0], profit=[-1.0])).says[0]


def test_contrast_leaves_out_what_is_made_of_profit(superstore: cg.CustomerBase) -> None:
    """Neither profit nor the margin is compared; the average sale is."""
    found = contrast(cg.scorer("abcde", by="profit").fit(superstore).grade(superstore))
    names = [row[0] for row in found.rows]
    assert "average sale" in names
    assert not {"profit", "margin"} & set(names)
    assert found.says[0] == "155 customers of 793 are unprofitable."
