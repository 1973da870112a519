"""Three customers of Superstore who are just below a boundary: why, and what would move them up, worked out by hand."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import custgrade as cg

SUPERSTORE = Path(__file__).parents[2].parent / "shared" / "data" / "superstore" / "superstore.csv"
COLUMNS = {
    "customer_id": "Customer ID",
    "date": "Order Date",
    "order_id": "Order ID",
    "revenue": "Sales",
    "profit": "Profit",
    "category": "",
    "discount": "",
}
pytestmark = pytest.mark.skipif(not SUPERSTORE.exists(), reason="needs shared data")

Money = dict[str, Decimal]


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The 793 customers."""
    return cg.read_orders(SUPERSTORE, columns=COLUMNS, as_of="2017-12-31", currency="USD")


@pytest.fixture(scope="module")
def lines() -> tuple[Money, Money, dict[str, str]]:
    """Profit and revenue of each customer, added up as decimals, and the customers' names."""
    profit: Money = defaultdict(Decimal)
    revenue: Money = defaultdict(Decimal)
    names = {}
    with SUPERSTORE.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            profit[line["Customer ID"]] += Decimal(line["Profit"])
            revenue[line["Customer ID"]] += Decimal(line["Sales"])
            names[line["Customer ID"]] = line["Customer Name"]
    return profit, revenue, names


def asked(base: cg.CustomerBase, scheme: str, who: str) -> tuple[int, cg.Explanations, cg.WaysUp]:
    """Where a customer stands, with the explanations and the ways up of all."""
    model = cg.scorer(scheme).fit(base)
    return base.position_of(who), cg.explain(model, base), cg.way_up(model, base)


def test_barbara_fisher_is_one_rank_below_c(base: cg.CustomerBase, lines: tuple[Money, Money, dict[str, str]]) -> None:
    """abcde: 397 earn more, and C ends with rank ceil(793 / 2) = 397, whose profit is 227.8338; hers is 227.4384."""
    profit, _, names = lines
    ranked = sorted(profit.values(), reverse=True)
    assert ("Barbara Fisher", Decimal("227.4384")) == (names["BF-10975"], profit["BF-10975"])
    assert (397, Decimal("227.8338"), 397) == (
        math.ceil(Fraction(793, 2)),
        ranked[396],
        sum(value > profit["BF-10975"] for value in ranked),
    )
    row, explained, ways = asked(base, "abcde", "BF-10975")
    axis = explained.axes["grade"]
    assert ("D", 398, 793) == (explained.graded.grades[row], axis.rank[row], axis.ranked[row])
    assert {"profit": 227.4384} == {name: part[row] for name, part in axis.parts.items()}
    assert (227.8338, True) == (axis.above[row], axis.above_inclusive[row])
    assert pytest.approx(0.3954, abs=1e-12) == axis.to_above[row]
    # D ends with rank ceil(0.8 × 793) = 635
    assert (0.6042, True) == (axis.below[row], axis.below_inclusive[row])
    assert Decimal("0.6042") == ranked[math.ceil(Fraction(8 * 793, 10)) - 1]
    # 395 customers are worse, and nobody is equal: (395 - 0 + 1/2) / 793
    assert float(Fraction(100 * 791, 2 * 793)) == axis.percentile[row]
    # A is the first 40; the lower median of 40 is the 20th from below, 21st from above
    usual = f"{ranked[20]:,.2f} USD"
    assert [
        f"Our profit on your orders is 227.44 USD; with our best customers our profit is usually {usual}. "
        "Ordering more from us would help most."
    ] == explained.sentences(row)
    # the first whole cent that isn't below 227.8338
    assert ["Raise profit by 0.40 USD to 227.84 USD to reach C.", "This holds from 2017-12-31 to 2018-03-31."] == (
        ways.sentences(row)
    )


def test_chris_cortes_lacks_two_cents_of_profit(
    base: cg.CustomerBase, lines: tuple[Money, Money, dict[str, str]]
) -> None:
    """matrix3x3: the third with most revenue is 265 customers; the 177th margin of theirs begins Mid, his is 178th."""
    profit, revenue, names = lines
    large = sorted(revenue, key=lambda who: -revenue[who])[: math.ceil(Fraction(793, 3))]
    margins = sorted((profit[who] / revenue[who] for who in large), reverse=True)
    his = profit["CC-12220"] / revenue["CC-12220"]
    assert ("Chris Cortes", 265, 177) == (names["CC-12220"], len(large), math.ceil(Fraction(2 * 265, 3)))
    assert (Decimal("393.9618"), Decimal("3913.418"), his) == (profit["CC-12220"], revenue["CC-12220"], margins[177])
    row, explained, ways = asked(base, "matrix3x3", "CC-12220")
    axis = explained.axes["profitability"]
    assert ("Large/Low", 178, 265) == (explained.graded.grades[row], axis.rank[row], axis.ranked[row])
    assert (float(round(his, 10)), float(round(margins[176], 10))) == (axis.parts["margin"][row], axis.above[row])
    assert math.isnan(axis.below[row])
    # 393.97 / 3913.418 = 0.10067158 isn't enough for 0.1006736570, 393.98 / 3913.418 = 0.10067414 is
    assert Decimal("393.97") / revenue["CC-12220"] < round(margins[176], 10) < Decimal("393.98") / revenue["CC-12220"]
    assert "Raise profit by 0.02 USD to 393.98 USD to reach Large/Mid." in ways.sentences(row)


def test_alan_barnes_is_one_point_below_b(base: cg.CustomerBase, lines: tuple[Money, Money, dict[str, str]]) -> None:
    """abcd: of its fields Superstore has profit only; 50 points begin with rank ceil(51 / 101 × 793) = 401."""
    profit, _, names = lines
    ranked = sorted(profit.values(), reverse=True)
    assert ("Alan Barnes", 404) == (names["AB-10165"], sum(value > profit["AB-10165"] for value in ranked))
    needed = ranked[math.ceil(Fraction(51 * 793, 101)) - 1]
    row, explained, ways = asked(base, "abcd", "AB-10165")
    axis = explained.axes["grade"]
    assert ("C", 49.0, 50.0, 1.0) == (
        explained.graded.grades[row],
        axis.score[row],
        axis.above[row],
        axis.to_above[row],
    )
    assert ({"profit": 49.0}, 0.0) == ({name: part[row] for name, part in axis.parts.items()}, axis.remainder[row])
    assert (["profit"], []) == (axis.names(axis.worst, row), axis.names(axis.best, row))
    assert (Decimal("220.8130"), Decimal("224.8887")) == (profit["AB-10165"], needed)
    assert "Raise profit by 4.08 USD to 224.89 USD to reach B." == ways.sentences(row)[0]
