"""Amounts in text are read as they were meant, in every usual form, or refused in words; never as another amount."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import CustgradeError

GROUPS = {".": [",", " ", "'", "\u00a0", "\u202f", "’", ""], ",": [".", " ", "'", "\u00a0", "\u202f", "’", ""]}
MINUSES = ["-{}", "{}-", "({})", "−{}", "–{}", "- {}"]
CURRENCIES = ["{}", "€{}", "{} €", "$ {}", "{} EUR", "CHF {}", "{} zł", "R$ {}", "{} kr", "Fr. {}"]


def _written(amount: Decimal, decimal: str, group: str, minus: str, currency: str) -> str:
    """Return an amount as a person writes it, by nothing that custgrade uses."""
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    parts: list[str] = []
    while len(whole) > 3:
        whole, last = whole[:-3], whole[-3:]
        parts.insert(0, last)
    number = currency.format(group.join([whole, *parts]) + decimal + cents)
    return minus.format(number) if amount < 0 else number


amounts = st.decimals("-9999999.99", "9999999.99", places=2)


@st.composite
def columns(draw: st.DrawFn) -> tuple[list[Decimal], list[str], str]:
    """Draw amounts, the texts of a column in which all are written alike, and the decimal sign."""
    values = draw(st.lists(amounts, min_size=1, max_size=8))
    decimal = draw(st.sampled_from([".", ","]))
    form = (draw(st.sampled_from(GROUPS[decimal])), draw(st.sampled_from(MINUSES)), draw(st.sampled_from(CURRENCIES)))
    return values, [_written(value, decimal, *form) for value in values], decimal


@given(columns())
@settings(max_examples=60)
def test_an_amount_is_read_as_it_was_meant(column: tuple[list[Decimal], list[str], str]) -> None:
    """In all combinations of signs, the amounts of a column with two decimals are read exactly, without an option."""
    values, texts, decimal = column
    frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(len(texts))], "profit": texts})
    for options in ({}, {"decimal": decimal}):
        base = cg.read_customers(frame, **options)
        assert base["profit"].tolist() == [float(value) for value in values]


WHOLE = st.lists(st.integers(1000, 999_999), min_size=1, max_size=5)


@given(WHOLE, st.sampled_from([".", ","]))
@settings(max_examples=20)
def test_what_may_be_two_amounts_stops_or_is_decided(values: list[int], group: str) -> None:
    """Whole thousands alone are refused with both readings; a flag, or another column, decides."""
    other = "," if group == "." else "."
    texts = [f"{value:,}".replace(",", group) for value in values]
    ids = [f"c{k}" for k in range(len(texts))]
    frame = pd.DataFrame({"customer_id": ids, "profit": texts})
    with pytest.raises(CustgradeError, match="may be") as caught:
        cg.read_customers(frame)
    assert f'decimal="{other}"' in str(caught.value) and f'decimal="{group}"' in str(caught.value)
    expected = [float(value) for value in values]
    assert cg.read_customers(frame, decimal=other)["profit"].tolist() == expected
    assert cg.read_customers(frame, decimal=group)["profit"].tolist() == [value / 1000 for value in values]
    frame["revenue"] = f"12{other}5"
    base = cg.read_customers(frame)
    assert base["profit"].tolist() == expected
    assert any("'profit'" in note and texts[0] in note for note in base.notes)


@pytest.mark.parametrize("group", [".", ","])
def test_a_late_amount_that_may_be_two_is_never_read(group: str, tmp_path: Path) -> None:
    """Where the first 20,000 rows are whole numbers, a later 1.234 is a bad row that names both readings."""
    path = tmp_path / "customers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows(
            [["customer_id", "profit"], *([f"c{k}", k % 90] for k in range(20_000)), ["z", f"1{group}234"]]
        )
    with pytest.raises(CustgradeError, match="line 20002") as caught:
        cg.read_customers(path)
    assert "1234" in str(caught.value) and "1.234" in str(caught.value)


REFUSED = {
    "two signs": ["1.234.5", "2.5"],
    "groups of two and three": ["12.34.567,8", "1,5"],
    "a group of four": ["1,2345.00", "2.50"],
    "a minus inside": ["12-50", "2.50"],
    "two minuses": ["--2.50", "2.50"],
    "a bracket that isn't closed": ["(2.50", "2.50"],
    "a bracket and a minus": ["-(2.50)", "2.50"],
    "per cent": ["12 %", "2.50"],
    "a word": ["2.50 each", "2.50"],
    "two numbers": ["2.50 3.50", "2.50"],
    "a letter in a number": ["1O.50", "2.50"],
    "a currency in the middle": ["2€50", "2.50"],
    "debit and credit": ["2.50 CR", "2.50"],
    "both signs in one column": ["1.234,50", "1,234.50"],
    "two currencies": ["€ 2.50", "$ 2.50"],
}


@pytest.mark.parametrize("texts", REFUSED.values(), ids=REFUSED)
def test_what_is_no_amount_is_refused(texts: list[str]) -> None:
    """A cell that isn't an amount in the form of its column is named; it is never read as another amount."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "profit": texts})
    with pytest.raises(CustgradeError) as caught:
        cg.read_customers(frame)
    assert repr(texts[0]) in str(caught.value)


READ: dict[str, tuple[list[str], dict[str, Any], list[float]]] = {
    "Indian groups": (["12,34,567.50", "1,00,000.00"], {}, [1234567.5, 100000.0]),
    "a dash for 0 beside a currency": (["$ -", "$ 2.50", "$-"], {}, [0.0, 2.5, 0.0]),
    "blanks for thousands, whole numbers": (["1 234", "12 345 678"], {}, [1234.0, 12345678.0]),
    "several points are thousands": (["1.234.567", "2.345"], {}, [1234567.0, 2345.0]),
    "three decimals after a 0": (["0,125", "1,250"], {}, [0.125, 1.25]),
    "a minus after the currency": (["€-2.50", "€ 3.00"], {}, [-2.5, 3.0]),
    "an amount without a 0": ([".50", "-.25"], {}, [0.5, -0.25]),
    "a comma and no decimals": (["12,", "2,5"], {}, [12.0, 2.5]),
    "thousands that are named": (["1.234", "2.000"], {"thousands": "."}, [1234.0, 2000.0]),
    "a full-width minus and a non-breaking blank": (["\uff0d1\u00a0234,50", "2,00"], {}, [-1234.5, 2.0]),
}


@pytest.mark.parametrize(("texts", "options", "values"), READ.values(), ids=READ)
def test_further_forms(texts: list[str], options: dict[str, Any], values: list[float]) -> None:
    """Further usual forms are read."""
    frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(len(texts))], "profit": texts})
    assert cg.read_customers(frame, **options)["profit"].tolist() == values


def test_a_share_in_per_cent() -> None:
    """A ratio may be written in per cent, and is read exactly."""
    frame = pd.DataFrame({"customer_id": ["a", "b", "c"], "share_of_wallet": ["12 %", "7.5%", "0.25"], "profit": 1})
    assert cg.read_customers(frame)["share_of_wallet"].tolist() == [0.12, 0.075, 0.25]


def test_a_rating_is_never_thousands() -> None:
    """A rating of 4.500 is four and a half, because ratings end at 5."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "enjoyable": ["4.500", "3.000"]})
    assert cg.read_customers(frame)["enjoyable"].tolist() == [4.5, 3.0]


def test_a_currency_sign_is_the_label() -> None:
    """A sign that stands for one currency is taken as its label; one that stands for several isn't."""
    frame = pd.DataFrame({"customer_id": ["a"], "profit": ["2,50 €"]})
    assert cg.read_customers(frame).currency == "EUR"
    assert cg.read_customers(frame.replace("2,50 €", "$2.50")).currency is None
    with pytest.raises(CustgradeError, match="'USD'"):
        cg.read_customers(frame, currency="USD")


@pytest.mark.parametrize(("option", "value"), [("decimal", ";"), ("thousands", "x"), ("decimal", 3), ("decimal", "")])
def test_other_signs_are_refused(option: str, value: Any) -> None:
    """A decimal sign or a separator that doesn't exist is refused in words."""
    frame = pd.DataFrame({"customer_id": ["a"], "profit": ["2.50"]})
    with pytest.raises(CustgradeError, match=f"{option} must be"):
        cg.read_customers(frame, **{option: value})
