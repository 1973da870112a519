"""Currencies: labels, columns of several currencies, and exact conversion."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import FieldError, SourceError

TEXT = "customer_id,date,revenue,profit,Währung\na,2025-01-01,300,90,EUR\nb,2025-01-02,26000,7000,JPY\n"
RATES = {"JPY": "0.0061", "USD": Decimal("0.912345678901")}
LINES = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.integers(-(10**14), 10**14).map(lambda n: Decimal(n).scaleb(-6)),
        st.sampled_from(["EUR", "jpy", "USD"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(lines=LINES)
def test_amounts_are_converted_exactly_before_they_are_summed(lines: list[tuple[str, Decimal, str]]) -> None:
    """Sums, returns and profits are those of exact products with the rates, rounded once."""
    frame = pl.DataFrame(
        [[who, "2025-01-01", f"{amount:f}", "0.3", unit] for who, amount, unit in lines],
        schema=["customer_id", "date", "revenue", "cost", "currency"],
        orient="row",
    )
    base = cg.read_orders(frame, currency="EUR", rates=RATES)
    one = {name: Fraction(str(rate)) for name, rate in {**RATES, "EUR": 1}.items()}
    for row, who in enumerate(base.ids.tolist()):
        mine = [(Fraction(amount), one[unit.upper()]) for other, amount, unit in lines if other == who]
        assert base["revenue"][row] == float(sum(amount * rate for amount, rate in mine))
        assert base["returns"][row] == float(-sum(amount * rate for amount, rate in mine if amount < 0))
        assert base["profit"][row] == float(sum((amount - Fraction(3, 10)) * rate for amount, rate in mine))


def test_several_currencies_stop(put: Callable[..., Path]) -> None:
    """Two currencies stop with their counts and both ways out, each of which works."""
    path = put("o.csv", TEXT)
    with pytest.raises(SourceError, match="by column 'Währung': 'EUR'") as caught:
        cg.read_orders(path, currency="EUR")
    assert "--only 'Währung=EUR'" in caught.value.for_command_line()
    base = cg.read_orders(path, only={"Währung": "EUR"})
    assert (base.ids.tolist(), base.currency) == (["a"], "EUR")
    base = cg.read_orders(path, currency="EUR", rates=put("rates.csv", "currency,rate\nJPY,0.0061\n"))
    assert (base["revenue"].tolist(), base["profit"].tolist(), base.currency) == ([300.0, 158.6], [90.0, 42.7], "EUR")
    assert any("1 JPY = 0.0061 EUR" in note for note in base.notes)
    assert cg.read_orders(path, {"currency": ""})["revenue"].tolist() == [300.0, 26000.0]


def test_one_currency_is_the_label(put: Callable[..., Path]) -> None:
    """The only currency is taken as the label, which is said; another label is refused."""
    path = put("o.csv", TEXT.replace("JPY", "eur"))
    base = cg.read_orders(path)
    assert base.currency == "EUR"
    assert "money is in EUR, by column 'Währung'" in base.notes
    with pytest.raises(SourceError, match="amounts are in EUR by column 'Währung', not in USD"):
        cg.read_orders(path, currency="USD")
    base = cg.read_orders(put("p.csv", TEXT.replace("JPY", "")))
    assert any(note.startswith("1 order line has no currency") for note in base.notes)


def test_only_lines_that_count_have_a_currency(put: Callable[..., Path]) -> None:
    """Lines after the as-of date, before the period and without a customer don't bring a currency."""
    path = put("o.csv", TEXT + ",2025-01-01,1,1,USD\n")
    assert cg.read_orders(path, as_of="2025-01-01").currency == "EUR"
    assert cg.read_orders(path, since="2025-01-02").currency == "JPY"


def test_customer_files_have_currencies_too(put: Callable[..., Path]) -> None:
    """Amounts of customers are converted exactly; numbers that aren't money stay."""
    path = put("c.csv", "customer_id,revenue,cost,orders,ccy\na,10.10,0.1,3,USD\nb,10,,4,EUR\n")
    with pytest.raises(SourceError, match="several currencies"):
        cg.read_customers(path)
    base = cg.read_customers(path, currency="EUR", rates={"usd": 0.9})
    assert (base["revenue"].tolist(), base["orders"].tolist()) == ([9.09, 10.0], [3.0, 4.0])
    assert repr(base["profit"].tolist()) == "[9.0, nan]"


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ({"JPY": 0}, "the rate of 'JPY' is 0"),
        ({"JPY": "-1"}, "the rate of 'JPY' is '-1'"),
        ({"JPY": "nan"}, "the rate of 'JPY'"),
        ({"JPY": True}, "the rate of 'JPY'"),
        ({"JPY": "1e-13"}, "at most 12 decimals"),
        ({"JPY": 1, "jpy": 2}, "JPY has two rates"),
        ({"USD": 1}, "no rate for 'JPY' .1."),
        ({"JPY": 1, "EUR": 2}, "one EUR is worth 2 EUR"),
        ({}, "there are no rates"),
    ],
)
def test_rates_that_are_refused(rates: dict[str, Any], message: str, put: Callable[..., Path]) -> None:
    """Rates are numbers above 0, one for each currency that occurs, and 1 for the currency of the base."""
    with pytest.raises(SourceError, match=message):
        cg.read_orders(put("o.csv", TEXT), currency="EUR", rates=rates)


def test_rates_need_a_currency_and_a_column(put: Callable[..., Path]) -> None:
    """Rates without the currency to convert to, or without a column of currencies, are refused."""
    with pytest.raises(FieldError, match="without the currency to convert to"):
        cg.read_orders(put("o.csv", TEXT), rates=RATES)
    with pytest.raises(FieldError, match="no column of currencies"):
        cg.read_orders(put("p.csv", TEXT.replace("Währung", "w")), currency="EUR", rates=RATES)
    with pytest.raises(SourceError, match="columns currency and rate"):
        cg.read_orders(put("q.csv", TEXT), currency="EUR", rates=put("r.csv", "a,b\n1,2\n"))
