"""Amounts with a dash for no cents, currencies that contradict each other, shares in per cent, and truth values."""

from __future__ import annotations

from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import SourceError

pd = pytest.importorskip("pandas")


def revenues(folder: Path, cells: list[str], **options: object) -> list[float]:
    """Return the revenues that are read from order lines with one customer each."""
    file = folder / "orders.csv"
    rows = "".join(f"k{k};2025-02-1{k};{cell}\n" for k, cell in enumerate(cells))
    file.write_text(f"customer_id;date;revenue\n{rows}", encoding="utf-8")
    base = cg.read_orders(file, **options)  # type: ignore[arg-type]
    return [float(value) for value in base["revenue"]]


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["1.234,- €", "7,-- €", "-3,-", "12,50 €"], [1234, 7, -3, 12.5]),
        (["CHF 1'234.\u2013", "CHF 3.\u2014", "CHF 7.-", "CHF 12.50"], [1234, 3, 7, 12.5]),
        (["(7.-)", "12.5-", "8.00 -", "3.-"], [-7, -12.5, -8, 3]),
    ],
)
def test_a_dash_after_the_decimal_sign_means_no_cents(tmp_path: Path, cells: list[str], right: list[float]) -> None:
    """`7.-` is 7, as shops in Germany and Switzerland write it, and a minus after decimals stays a minus."""
    assert revenues(tmp_path, cells) == right


def test_a_dash_for_no_cents_is_stated(tmp_path: Path) -> None:
    """The report shows such an amount with the number that it is read as."""
    file = tmp_path / "customers.csv"
    file.write_text("customer_id;revenue\na;1.234,-\nb;2,50\n", encoding="utf-8")
    base = cg.read_customers(file)
    assert base["revenue"].tolist() == [1234, 2.5]
    assert any("'1.234,-' is 1234" in str(note) for note in base.notes)


def test_a_dash_apart_from_the_decimal_sign_is_refused(tmp_path: Path) -> None:
    """`7. -` could be 7 or -7."""
    with pytest.raises(SourceError, match=r"7\. -"):
        revenues(tmp_path, ["7. -", "12.50"])


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["1,50 €", "EUR 2,50", "3,50"], [1.5, 2.5, 3.5]),
        (["1 234,50 kr", "12,00 kr.", "-3,00 kr"], [1234.5, 12, -3]),
        (["Rs. 1,234.50", "Rs 3", "Rs. 0.50"], [1234.5, 3, 0.5]),
        (["5.25+", "3.00-", "+1.00"], [5.25, -3, 1]),
    ],
)
def test_signs_of_one_currency_may_differ(tmp_path: Path, cells: list[str], right: list[float]) -> None:
    """€ and EUR are one currency, as are `kr` and `kr.`; a plus may follow a number as a minus may."""
    assert revenues(tmp_path, cells) == right


@pytest.mark.parametrize("sign", ["$5.50", "£5.50", "5.50 kr", "USD 5.50"])
def test_a_sign_contradicts_the_given_currency(tmp_path: Path, sign: str) -> None:
    """Dollars can't be labelled as euros."""
    with pytest.raises(SourceError, match="currency is given as 'EUR'"):
        revenues(tmp_path, [sign], currency="EUR")


def test_a_sign_of_several_currencies_takes_the_given_one(tmp_path: Path) -> None:
    """$ may be Canadian dollars."""
    assert revenues(tmp_path, ["$5.50"], currency="CAD") == [5.5]


@pytest.mark.parametrize("read", [cg.read_orders, cg.read_customers])
def test_a_sign_contradicts_the_column_of_currencies(tmp_path: Path, read: object) -> None:
    """An amount in dollars beside the currency EUR stops, and with the currency CAD it doesn't."""
    file = tmp_path / "mixed.csv"
    text = "customer_id,date,revenue,currency\na,2025-01-01,$5.50,{0}\nb,2025-01-01,$6.50,{0}\n"
    file.write_text(text.format("EUR"), encoding="utf-8")
    with pytest.raises(SourceError, match="sign '\\$', but are in EUR by column 'currency'"):
        read(file)  # type: ignore[operator]
    file.write_text(text.format("CAD"), encoding="utf-8")
    assert read(file).currency == "CAD"  # type: ignore[operator]


def test_a_share_in_per_cent_shows_the_decimal_sign(tmp_path: Path) -> None:
    """A decimal comma is recognised although a per cent sign follows."""
    file = tmp_path / "customers.csv"
    file.write_text("customer_id;share_of_wallet\na;12,5 %\nb;25 %\n", encoding="utf-8")
    assert cg.read_customers(file)["share_of_wallet"].tolist() == [0.125, 0.25]


@pytest.mark.parametrize("read", [cg.read_orders, cg.read_customers])
def test_truth_values_are_no_amounts(read: object) -> None:
    """A column of True and False isn't money of 1 and 0."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "date": ["2025-01-01"] * 2, "revenue": [True, False]})
    with pytest.raises(SourceError, match="which can't be read as an amount"):
        read(frame)  # type: ignore[operator]
