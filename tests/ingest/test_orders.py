"""Order lines become customers: every field against an oracle that adds up fractions, one customer at a time."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attrs import field, frozen
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import BadRowsError, SourceError

START = dt.date(2024, 1, 1)
MONEY = st.integers(-(10**9), 10**9).map(lambda units: Decimal(units).scaleb(-6))
DAYS = st.integers(0, 60).map(lambda days: START + dt.timedelta(days=days))
MICRO = Decimal("0.000001")


@frozen
class Line:
    """One order line; the names are those of the columns."""

    customer_id: str
    date: dt.date
    order_id: str | None
    category: str | None
    revenue: Decimal
    cost: Decimal
    discount: Decimal | None
    sales_hours: Decimal | None
    complaints: int | None
    effort: Decimal | None
    due_date: dt.date | None
    paid_date: dt.date | None = field(default=None)


LINES = st.lists(
    st.builds(
        Line,
        customer_id=st.sampled_from(["A", "B", "C", "Ä", "a"]),
        date=DAYS,
        order_id=st.one_of(st.none(), st.sampled_from(["1", "2", "3"])),
        category=st.one_of(st.none(), st.sampled_from(["x", "y", "z"])),
        revenue=MONEY,
        cost=MONEY,
        discount=st.one_of(st.none(), st.integers(2, 900).map(Decimal)),
        sales_hours=st.one_of(st.none(), st.integers(0, 100).map(lambda n: Decimal(n) / 10)),
        complaints=st.one_of(st.none(), st.integers(0, 3)),
        effort=st.one_of(st.none(), st.integers(10, 50).map(lambda n: Decimal(n) / 10)),
        due_date=st.one_of(st.none(), DAYS),
        paid_date=st.one_of(st.none(), DAYS),
    ),
    min_size=1,
    max_size=12,
)
NAMES = [item.name for item in Line.__attrs_attrs__]  # type: ignore[attr-defined]


def frame(lines: Sequence[Line], leave_out: Sequence[str] = ()) -> pl.DataFrame:
    """The lines as text columns, as a file has them."""
    return pl.DataFrame(
        {
            name: [None if getattr(line, name) is None else str(getattr(line, name)) for line in lines]
            for name in NAMES
            if name not in leave_out
        },
        schema={name: pl.String for name in NAMES if name not in leave_out},
    )


def expected(lines: Sequence[Line], as_of: dt.date, start: dt.date | None, leave_out: Sequence[str]) -> dict[str, Any]:
    """What the customers of these lines are, added up one by one."""
    seen = [line for line in lines if line.date <= as_of]
    people: dict[str, dict[str, float]] = {}
    for name in sorted({line.customer_id for line in seen}, key=str.encode):
        every = [line for line in seen if line.customer_id == name]
        mine = [line for line in every if start is None or line.date >= start]
        if mine:
            people[name] = _customer(every, mine, as_of, leave_out)
    return {"ids": list(people), **{key: [p[key] for p in people.values()] for key in next(iter(people.values()), {})}}


def _customer(
    every: Sequence[Line], mine: Sequence[Line], as_of: dt.date, leave_out: Sequence[str]
) -> dict[str, float]:
    nan = float("nan")

    def total(name: str) -> float:
        known = [Fraction(getattr(line, name)) for line in mine if getattr(line, name) is not None]
        return float(sum(known)) if known else nan

    # a line without an order id is an order of its own, and a line of negative revenue is neither an order nor a visit
    blank = "order_id" in leave_out
    sales = [(number, line) for number, line in enumerate(mine) if line.revenue >= 0]
    orders = {number if blank or line.order_id is None else line.order_id for number, line in sales}
    first = min((line.date for line in every if line.revenue >= 0), default=None)
    last = max((line.date for _, line in sales), default=None)
    ratings = [Fraction(line.effort) for line in mine if line.effort is not None]
    late: dict[Any, int] = {}
    for number, line in enumerate(mine):
        if line.due_date is None:
            continue
        paid = as_of if line.paid_date is None else min(line.paid_date, as_of)
        key = number if blank or line.order_id is None else line.order_id
        late[key] = max(late.get(key, 0), (paid - line.due_date).days)
    return {
        "revenue": total("revenue"),
        "profit": float(sum(Fraction(line.revenue) - Fraction(line.cost) for line in mine)),
        "orders": float(len(orders)),
        "recency": nan if last is None else float((as_of - last).days),
        "tenure": nan if first is None else float((as_of - first).days),
        "days_late": float(Fraction(sum(late.values()), len(late))) if late else nan,
        "product_mix": float(len({line.category for line in mine if line.category is not None})),
        "returns": float(-sum(Fraction(line.revenue) for line in mine if line.revenue < 0)),
        "discount": total("discount"),
        "sales_hours": total("sales_hours"),
        "complaints": total("complaints"),
        "effort": float(sum(ratings) / len(ratings)) if ratings else nan,
    }


def found(base: cg.CustomerBase) -> dict[str, Any]:
    return {"ids": base.ids.tolist(), **{name: column.tolist() for name, column in base.columns.items()}}


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether ids and numbers are the same to the last bit, NaN like NaN."""
    return {name: list(map(repr, values)) for name, values in left.items()} == {
        name: list(map(repr, values)) for name, values in right.items()
    }


@settings(max_examples=60, deadline=None)
@given(
    lines=LINES,
    as_of=st.one_of(st.none(), DAYS),
    window=st.one_of(st.none(), st.integers(1, 90)),
    leave_out=st.sampled_from([(), ("order_id",)]),
)
def test_every_field_is_what_adding_up_gives(
    lines: list[Line], as_of: dt.date | None, window: int | None, leave_out: tuple[str, ...]
) -> None:
    """All fields of all customers are the exact sums, counts, means and days of their lines, rounded once."""
    end = as_of or max(line.date for line in lines)
    start = None if window is None else end - dt.timedelta(days=window - 1)
    truth = expected(lines, end, start, leave_out)
    if not truth["ids"]:
        with pytest.raises(SourceError):
            cg.read_orders(frame(lines, leave_out), as_of=as_of, window=window)
        return
    base = cg.read_orders(frame(lines, leave_out), as_of=as_of, window=window)
    result = found(base)
    assert sorted(truth) == sorted(result)
    wrong = {
        name: (values, result[name]) for name, values in truth.items() if not same({name: values}, {name: result[name]})
    }
    assert wrong == {}
    later = sum(line.date > end for line in lines)
    assert [left.count for left in base.left_out if "after the as-of" in left.reason] == [later] * bool(later)


@settings(max_examples=30, deadline=None)
@given(lines=LINES, seed=st.randoms(use_true_random=False))
def test_order_of_lines_changes_nothing(lines: list[Line], seed: random.Random) -> None:
    """Shuffled lines give the same customers, to the last bit."""
    shuffled = list(lines)
    seed.shuffle(shuffled)
    assert same(found(cg.read_orders(frame(lines))), found(cg.read_orders(frame(shuffled))))


def one(amount: Any, kind: pl.DataType | None = None) -> float:
    """The revenue that a single amount gives."""
    data = {"customer_id": ["A"], "date": [START], "revenue": pl.Series([amount], dtype=kind)}
    return float(cg.read_orders(pl.DataFrame(data))["revenue"][0])


def each(amounts: Sequence[Any], kind: Any) -> list[float]:
    """The revenue that each amount gives to a customer of its own."""
    ids = [f"{number:06}" for number in range(len(amounts))]
    data = {"customer_id": ids, "date": [START] * len(ids), "revenue": pl.Series(list(amounts), dtype=kind)}
    return [float(value) for value in cg.read_orders(pl.DataFrame(data))["revenue"]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.decimals(-(10**11), 10**11, allow_nan=False, places=18), min_size=1, max_size=50))
def test_text_is_rounded_half_even_to_six_decimals(amounts: list[Decimal]) -> None:
    """An amount in text counts exactly up to six decimals; beyond, it is rounded half to even."""
    truth = [float(Fraction(Decimal(f"{amount:f}").quantize(MICRO, ROUND_HALF_EVEN))) for amount in amounts]
    assert each([f"{amount:f}" for amount in amounts], pl.String()) == truth


@pytest.mark.parametrize(
    ("text", "rounded"),
    [
        ("0.0000005", "0"),
        ("0.0000015", "0.000002"),
        ("0.0000025", "0.000002"),
        ("-0.0000015", "-0.000002"),
        ("0.00000050000000001", "0.000001"),
        ("0.0000005000000000000000001", "0.000001"),
        ("0.00000249999999999999999999", "0.000002"),
        ("999999999999.9999994", "999999999999.999999"),
        ("1e3", "1000"),
        (" 12.5 ", "12.5"),
        ("+.5", "0.5"),
    ],
)
def test_text_amounts_on_the_edge(text: str, rounded: str) -> None:
    """Ties and near-ties of the seventh decimal go where exact arithmetic says."""
    assert one(text) == float(Decimal(rounded))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-9e11, 9e11, allow_nan=False), min_size=1, max_size=50))
def test_doubles_are_rounded_half_even_to_six_decimals(amounts: list[float]) -> None:
    """A double counts as the six decimals nearest to its exact value."""
    truth = [float(Decimal(amount).quantize(MICRO, ROUND_HALF_EVEN)) for amount in amounts]
    assert each(amounts, pl.Float64()) == truth


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=50))
def test_doubles_of_cents_count_as_those_cents(cents: list[int]) -> None:
    """A double that came from an amount with two decimals counts as that amount."""
    assert each([count / 100 for count in cents], pl.Float64()) == [count / 100 for count in cents]


def test_many_doubles_of_all_sizes_are_rounded_exactly() -> None:
    """Doubles from cents to hundreds of billions are all rounded to the six decimals nearest to them."""
    draw = random.Random(7)
    amounts = [draw.uniform(-size, size) for size in (1.0, 1e3, 1e6, 1e8, 1e9, 1e10, 1e11, 9e11) for _ in range(2000)]
    ids = [f"{k:06}" for k in range(len(amounts))]
    data = pl.DataFrame({"customer_id": ids, "date": [START] * len(ids), "revenue": amounts})
    truth = [float(Decimal(amount).quantize(MICRO, ROUND_HALF_EVEN)) for amount in amounts]
    result = cg.read_orders(data)["revenue"].tolist()
    assert [pair for pair in zip(amounts, truth, result, strict=True) if pair[1] != pair[2]][:3] == []


@pytest.mark.parametrize("size", [10**4, 10**9, 10**11, 9 * 10**11])
def test_sums_are_rounded_once(size: int) -> None:
    """Sums of large amounts with six decimals are the double nearest to the exact sum."""
    draw = random.Random(size)
    amounts = {
        f"{k:04}": [Decimal(draw.randrange(-size * 10**6, size * 10**6)).scaleb(-6) for _ in range(3)]
        for k in range(1500)
    }
    lines = [(name, START, str(amount)) for name, some in amounts.items() for amount in some]
    data = pl.DataFrame(lines, schema=["customer_id", "date", "revenue"], orient="row")
    truth = [float(sum(map(Fraction, some))) for some in amounts.values()]
    result = cg.read_orders(data)["revenue"].tolist()
    assert [pair for pair in zip(truth, result, strict=True) if pair[0] != pair[1]][:3] == []


def test_equal_ratings_have_that_rating_as_mean() -> None:
    """Customers who always gave the same rating tie with one who gave it once."""
    lines = [(f"C{count}", START, "4.1") for count in range(1, 12) for _ in range(count)]
    data = pl.DataFrame(lines, schema=["customer_id", "date", "effort"], orient="row")
    assert set(cg.read_orders(data)["effort"].tolist()) == {4.1}


def test_bounds_hold_for_means_and_sums() -> None:
    """A rating that a line can't have is a bad row."""
    data = pl.DataFrame({"customer_id": ["A"], "date": [START], "effort": [5.5]})
    with pytest.raises(BadRowsError, match="effort outside 1 to 5"):
        cg.read_orders(data)


TABLE = {
    "customer_id": ["007", "B", "007", "Ä", "B"],
    "date": [START + dt.timedelta(days=k) for k in (3, 0, 9, 4, 9)],
    "order_id": ["1", "2", None, "4", "4"],
    "category": ["x", None, "y", "x", "x"],
    "revenue": [Decimal("10.10"), Decimal("-3.333333"), Decimal("0.000001"), Decimal("123456789.12"), Decimal("7.00")],
    "profit": [Decimal("1"), Decimal("2"), Decimal("-3"), Decimal("4.5"), Decimal("0")],
    "due_date": [START, None, START, START, START],
    "paid_date": [START + dt.timedelta(days=2), None, None, START, START + dt.timedelta(days=90)],
}


def _arrow() -> pa.Table:
    return pa.table(TABLE)


def _text(folder: Path) -> Path:
    rows = zip(*TABLE.values(), strict=True)
    lines = [",".join(TABLE), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _parquet(folder: Path) -> Path:
    pl.from_arrow(_arrow()).write_parquet(folder / "orders.parquet")  # type: ignore[union-attr]
    return folder / "orders.parquet"


def _relation(_: Path) -> Any:
    connection = duckdb.connect()
    connection.register("orders", _arrow())
    return connection.sql("SELECT * FROM orders")


SOURCES: dict[str, Callable[[Path], Any]] = {
    "csv": _text,
    "csv as text": lambda folder: str(_text(folder)),
    "parquet": _parquet,
    "pandas": lambda _: pd.DataFrame(TABLE),
    "pandas with text": lambda _: pd.DataFrame(TABLE).astype({"revenue": "string", "date": "string"}),
    "pandas with times": lambda _: pd.DataFrame(TABLE).assign(date=pd.to_datetime(pd.Series(TABLE["date"]))),
    "pandas with categories": lambda _: pd.DataFrame(TABLE).astype({"customer_id": "category"}),
    "polars": lambda _: pl.from_arrow(_arrow()),
    "polars lazy": lambda _: pl.from_arrow(_arrow()).lazy(),  # type: ignore[union-attr]
    "arrow": lambda _: _arrow(),
    "arrow stream": lambda _: _arrow().to_reader(),
    "duckdb": _relation,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_gives_the_same_customers(kind: str, tmp_path: Path) -> None:
    """The same lines as a file, a frame, a stream or a relation give the same customers, to the last bit."""
    base = cg.read_orders(SOURCES[kind](tmp_path))
    assert same(found(cg.read_orders(_text(tmp_path))), found(base))
    assert base.ids.tolist() == ["007", "B", "Ä"]


def test_decimals_of_pandas_are_exact_however_rare() -> None:
    """One amount with six decimals among thousands with one counts fully."""
    amounts = [Decimal("1.1")] * 1234 + [Decimal("0.000001")] + [Decimal("1.1")] * 3766
    data = pd.DataFrame({"customer_id": "A", "date": START, "revenue": amounts})
    assert cg.read_orders(data)["revenue"].tolist() == [float(sum(amounts))]


def test_large_decimals_of_pandas_are_read_however_rare() -> None:
    """One large amount among thousands of small ones is read, too."""
    amounts = [Decimal("1.1")] * 1234 + [Decimal("123456789.000001")] + [Decimal("1.1")] * 3766
    data = pd.DataFrame({"customer_id": "A", "date": START, "revenue": amounts})
    assert cg.read_orders(data)["revenue"].tolist() == [float(sum(amounts))]


@pytest.mark.parametrize("blank", ["", "  ", None], ids=repr)
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_blank_orders_are_orders_of_their_own(kind: Callable[..., Any], blank: str | None) -> None:
    """Each line with an empty order id is an order, and a note counts them; empty categories count as none."""
    data = kind(
        {"customer_id": ["A", "A"], "date": ["2024-01-01"] * 2, "order_id": ["1", blank], "category": [blank, "x"]}
    )
    base = cg.read_orders(data)
    assert (base["orders"].tolist(), base["product_mix"].tolist()) == ([2.0], [1.0])
    assert base.notes[1:] == ("1 order line has no order id; it counts as an order of its own",)


def test_blank_orders_of_files_are_orders_of_their_own(put: Callable[..., Path]) -> None:
    """Quoted nothing and blanks are empty in a text file, too."""
    path = put(
        "o.csv", 'customer_id,date,order_id,category\nA,2024-01-01,1,""\nA,2024-01-01,"  ",x\nA,2024-01-01,"",  \n'
    )
    base = cg.read_orders(path)
    assert (base["orders"].tolist(), base["product_mix"].tolist()) == ([3.0], [1.0])
    assert base.notes[1:] == ("2 order lines have no order id; each counts as an order of its own",)


def test_invoices_without_an_order_id_count_one_by_one() -> None:
    """A line with a blank order id is an invoice of its own, beside those of orders."""
    lines = [("2024-01-01", "1", "2024-01-10", "2024-01-20")] * 2
    lines += [("2024-01-01", "", "2024-01-10", "2024-01-11"), ("2024-01-01", " ", "2024-01-10", "2024-01-14")]
    assert _late(*lines, as_of="2024-02-01") == [5.0]


def test_blank_order_ids_count_inside_the_period_only() -> None:
    """Lines before the period are neither orders nor in the note, with order ids or without."""
    data = pl.DataFrame(
        {
            "customer_id": ["A"] * 4,
            "date": ["2023-01-01", "2024-01-01", "2024-01-02", "2024-01-03"],
            "order_id": [""] * 4,
        }
    )
    base = cg.read_orders(data, since="2024-01-01")
    assert base["orders"].tolist() == [3.0]
    assert base.notes[1:] == ("3 order lines have no order id; each counts as an order of its own",)


def _late(*lines: tuple[str, str, str | None, str | None], **options: Any) -> list[float]:
    rows = [("A", *line) for line in lines]
    data = pl.DataFrame(
        rows,
        schema=dict.fromkeys(["customer_id", "date", "order_id", "due_date", "paid_date"], pl.String),
        orient="row",
    )
    return cg.read_orders(data, **options)["days_late"].tolist()


def test_early_payment_counts_as_nothing() -> None:
    """Paying early doesn't make up for paying late."""
    lines = (("2024-01-01", "1", "2024-01-10", "2024-01-02"), ("2024-01-01", "2", "2024-01-10", "2024-01-14"))
    assert _late(*lines, as_of="2024-02-01") == [2.0]


def test_unpaid_invoices_count_to_the_as_of_date() -> None:
    """An unpaid invoice is late by the days from due to as-of; one not yet due is not late."""
    lines = (("2024-01-01", "1", "2024-01-10", None), ("2024-01-01", "2", "2024-03-01", None))
    assert _late(*lines, as_of="2024-01-20") == [5.0]


def test_payment_after_the_as_of_date_is_not_known_yet() -> None:
    """What is paid after the as-of date is unpaid at it."""
    assert _late(("2024-01-01", "1", "2024-01-10", "2024-12-31"), as_of="2024-01-20") == [10.0]


def test_lines_of_an_order_are_one_invoice() -> None:
    """An invoice of many lines counts once."""
    lines = [("2024-01-01", "1", "2024-01-10", "2024-01-20")] * 3 + [("2024-01-01", "2", "2024-01-10", "2024-01-10")]
    assert _late(*lines, as_of="2024-02-01") == [5.0]


def test_customers_without_due_dates_have_no_days_late() -> None:
    """Without a due date, being late is unknown, not 0; and such invoices don't dilute the mean."""
    assert repr(_late(("2024-01-01", "1", None, None))) == "[nan]"
    lines = (("2024-01-01", "1", None, None), ("2024-01-01", "2", "2024-01-01", "2024-01-09"))
    assert _late(*lines, as_of="2024-02-01") == [8.0]


def test_discount_in_money_is_summed() -> None:
    """Discounts in money are summed, also where some are small or there are none at all."""
    for amounts, total in (([0.5, 20.0], 20.5), ([0.0, 0.0], 0.0)):
        data = pl.DataFrame({"customer_id": ["A", "A"], "date": [START] * 2, "discount": amounts})
        assert cg.read_orders(data)["discount"].tolist() == [total]


def test_profit_without_a_mapped_one_is_revenue_less_cost() -> None:
    """Profit is revenue minus cost, line by line and exact."""
    data = pl.DataFrame(
        {"customer_id": ["A", "A"], "date": [START] * 2, "revenue": ["0.3", "0.3"], "cost": ["0.1", "0.2"]}
    )
    assert cg.read_orders(data)["profit"].tolist() == [0.3]


def test_assumed_margin_makes_profit_and_says_so() -> None:
    """An assumed margin gives profit as a share of revenue, and a note."""
    data = pl.DataFrame({"customer_id": ["A"], "date": [START], "revenue": [200.0]})
    base = cg.read_orders(data, assume_margin=0.25)
    assert base["profit"].tolist() == [50.0]
    assert [note for note in base.notes if "assumed" in note] == ["profit is assumed to be 0.25 of revenue"]


def test_period_is_told_and_counted() -> None:
    """The period runs from its start to the as-of date; lines before it, and customers with no other, are counted."""
    data = pl.DataFrame(
        {"customer_id": ["A", "A", "B"], "date": ["2024-01-01", "2024-02-01", "2024-01-05"], "revenue": [1, 2, 4]}
    )
    base = cg.read_orders(data, since="2024-01-10", as_of="2024-02-10")
    assert base.period == cg.Period("2024-02-10", "2024-01-10", "2024-02-10")
    assert (base.ids.tolist(), base["revenue"].tolist(), base["tenure"].tolist()) == (["A"], [2.0], [40.0])
    assert [(left.count, left.what) for left in base.left_out] == [(2, "order lines"), (1, "customers")]


@pytest.mark.parametrize(
    ("window", "start"), [("1d", "2024-02-01"), (32, "2024-01-01"), (dt.timedelta(days=2), "2024-01-31")]
)
def test_window_counts_days_up_to_the_as_of_date(window: Any, start: str) -> None:
    """A window of n days ends with the as-of date and holds n days."""
    data = pl.DataFrame({"customer_id": ["A"], "date": ["2024-02-01"]})
    period = cg.read_orders(data, window=window).period
    assert period == cg.Period("2024-02-01", start, "2024-02-01")


def test_as_of_is_the_newest_date_by_default() -> None:
    """Without an as-of date, the newest usable line gives it; bad and anonymous lines don't."""
    data = pl.DataFrame(
        {"customer_id": ["A", "", "B"], "date": ["2024-01-05", "2024-06-01", "2024-07-01"], "revenue": ["1", "1", "x"]}
    )
    assert cg.read_orders(data, on_bad_rows="skip").as_of == dt.date(2024, 1, 5)
    assert cg.read_orders(data, on_bad_rows="skip", window=10).as_of == dt.date(2024, 1, 5)


def test_dates_follow_their_format() -> None:
    """With a format, dates of text are read by it, and by nothing else."""
    data = pl.DataFrame({"customer_id": ["A"], "date": ["05.01.2024"]})
    assert cg.read_orders(data, date_format="%d.%m.%Y").as_of == dt.date(2024, 1, 5)
    with pytest.raises(BadRowsError, match=r"'05\.01\.2024'"):
        cg.read_orders(data)


def test_column_given_as_nothing_is_not_read() -> None:
    """A column of a field's own name is left alone when the field is given as an empty text."""
    data = pl.DataFrame({"customer_id": ["A"], "date": [START], "discount": [0.2], "revenue": [5.0]})
    base = cg.read_orders(data, {"discount": ""})
    assert (list(base.columns), base.unmapped) == (["revenue", "orders", "recency", "tenure", "returns"], ("discount",))


def test_further_fields_are_combined_as_they_say() -> None:
    """Fields of a plug-in are summed or averaged as their definition says."""
    extra = [cg.Field("visits", "count", combine="sum"), cg.Field("mood", "rating", low=0, high=10, combine="mean")]
    data = pl.DataFrame({"customer_id": ["A", "A"], "date": [START] * 2, "visits": [2, 3], "mood": [7.5, 8.5]})
    base = cg.read_orders(data, fields=extra)
    assert (base["visits"].tolist(), base["mood"].tolist()) == ([5.0], [8.0])


def test_times_with_a_zone_keep_the_date_of_their_zone() -> None:
    """A moment with a time zone is dated as its own zone shows it, on every machine."""
    moments = pd.to_datetime(["2024-01-01T23:30", "2024-01-03T00:30"]).tz_localize("America/New_York")
    data = pd.DataFrame({"customer_id": ["A", "B"], "date": moments})
    assert cg.read_orders(data)["recency"].tolist() == [2.0, 0.0]
    assert cg.read_orders(data).as_of == dt.date(2024, 1, 3)
