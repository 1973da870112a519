"""Real data: the published figures of Superstore and CDNOW, to the cent."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import FieldError
from custgrade.plugins import Axis, Shares

DATA = Path(__file__).parents[2].parent / "shared" / "data"
SUPERSTORE = DATA / "superstore" / "superstore.csv"
CDNOW = DATA / "cdnow" / "CDNOW_master.txt"
SUPERSTORE_COLUMNS = {
    "customer_id": "Customer ID",
    "date": "Order Date",
    "order_id": "Order ID",
    "revenue": "Sales",
    "profit": "Profit",
    "category": "Category",
}
CDNOW_OPTIONS: dict[str, Any] = {
    "columns": {"revenue": "dollar_value"},
    "delimiter": "space",
    "date_format": "%Y%m%d",
}


@pytest.fixture(scope="module")
def superstore() -> cg.CustomerBase:
    """The customers of Superstore."""
    if not SUPERSTORE.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return cg.read_orders(SUPERSTORE, SUPERSTORE_COLUMNS)


@pytest.fixture(scope="module")
def cdnow() -> cg.CustomerBase:
    """The customers of CDNOW."""
    if not CDNOW.exists():
        pytest.skip("the folder ../shared with real data is absent")
    return cg.read_orders(CDNOW, **CDNOW_OPTIONS)


def top(base: cg.CustomerBase, by: str, share: str) -> tuple[int, float]:
    """How many customers a cut puts in the top share, and their per cent of the total, two decimals."""
    rest = str(1 - Fraction(share))
    score: Callable[[Any], Any] = lambda c: c[by]
    scorer = cg.Scorer(axes=[Axis("grade", ["top", "rest"], score, Shares([share, rest]), rises=[by])])
    graded = scorer.fit(base).grade(base)
    column = base[by]
    return graded.counts()["top"], round(100 * column[graded.codes["grade"] == 0].sum() / column.sum(), 2)


def test_superstore_totals(superstore: cg.CustomerBase) -> None:
    """Superstore has 793 customers and 5,009 orders, with its published revenue and profit."""
    totals = [round(float(superstore[name].sum()), 4) for name in ("revenue", "profit", "orders")]
    assert (len(superstore), totals) == (793, [2_297_200.8603, 286_397.0217, 5009.0])
    assert superstore.left_out == ()
    assert str(superstore.as_of) == "2017-12-30"
    assert (superstore["profit"] < 0).sum() == 155
    assert superstore["product_mix"].max() == 3


@pytest.mark.parametrize(
    ("by", "share", "count", "percent"),
    [
        ("profit", "0.20", 159, 81.66),
        ("profit", "0.10", 80, 57.69),
        ("profit", "0.05", 40, 39.03),
        ("revenue", "0.20", 159, 48.15),
        ("revenue", "0.10", 80, 30.88),
        ("revenue", "0.05", 40, 19.02),
    ],
)
def test_superstore_top_shares(superstore: cg.CustomerBase, by: str, share: str, count: int, percent: float) -> None:
    """The best customers of Superstore hold the published shares."""
    assert top(superstore, by, share) == (count, percent)


def test_superstore_shuffled_gives_the_same_file(superstore: cg.CustomerBase, tmp_path: Path) -> None:
    """Superstore's lines backwards give the same graded file, byte for byte."""
    import polars as pl

    lines = pl.read_csv(SUPERSTORE, infer_schema=False)
    lines.reverse().write_csv(tmp_path / "backwards.csv")
    backwards = cg.read_orders(tmp_path / "backwards.csv", SUPERSTORE_COLUMNS)
    for name, base in (("a.csv", superstore), ("b.csv", backwards)):
        cg.scorer("abcde").fit(base).grade(base).write(tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_cdnow_totals(cdnow: cg.CustomerBase) -> None:
    """CDNOW has 23,570 customers, whose ids keep their zeros, and its published revenue."""
    assert (len(cdnow), round(float(cdnow["revenue"].sum()), 2)) == (23_570, 2_500_315.63)
    assert (cdnow.ids[0], cdnow.ids[-1]) == ("00001", "23570")
    assert cdnow["orders"].sum() == 69_659
    assert (str(cdnow.period.start), str(cdnow.as_of)) == ("1997-01-01", "1998-06-30")  # type: ignore[union-attr]


@pytest.mark.parametrize(("share", "percent"), [("0.20", 67.78), ("0.10", 50.94), ("0.05", 36.69)])
def test_cdnow_top_shares(cdnow: cg.CustomerBase, share: str, percent: float) -> None:
    """The best customers of CDNOW hold the published shares of revenue."""
    assert top(cdnow, "revenue", share)[1] == percent


def test_cdnow_by_profit_says_what_could_be_mapped(cdnow: cg.CustomerBase) -> None:
    """Without profits, the error names the columns that are left and the margin that can be assumed."""
    with pytest.raises(FieldError) as caught:
        cg.scorer("abcde", by="profit").fit(cdnow)
    message = str(caught.value)
    assert [part for part in ("'profit'", "number_of_cds", "assume_margin=0.3") if part not in message] == []


def test_cdnow_from_the_command_line(
    cdnow: cg.CustomerBase, tmp_path: Path, command: Callable[..., tuple[int, str, str]], refused: Callable[..., str]
) -> None:
    """The command line refuses CDNOW by profit with a way out, and takes it with an assumed margin."""
    call = ["grade", "--orders", CDNOW, "--delimiter", "space", "--date-format", "%Y%m%d"]
    call += ["--column", "revenue=dollar_value", "--scorer", "abcde"]
    assert "--assume-margin" in refused(*call)
    status, out, err = command(*call, "--assume-margin", "0.3", "--out", tmp_path / "graded.csv")
    assert (status, err) == (0, "")
    assert "23,570" in out
    assert "2,500,315.63" in out
    assert (tmp_path / "graded.csv").read_text(encoding="utf-8").splitlines()[1].startswith("00001,")
    assert len(cdnow) == 23_570
