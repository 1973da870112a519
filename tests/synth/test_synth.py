"""Synthetic data: the same for a seed, coherent between its files, and as uneven as real customers are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import custgrade as cg
from custgrade.synth.write import PART

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """20,000 customers of seed 1."""
    path = tmp_path_factory.mktemp("synth") / "customers.parquet"
    cg.synthetic(path, 20_000, seed=1)
    return pl.read_parquet(path)


@pytest.mark.parametrize("kind", ["customers", "orders", "survey"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_seed_gives_the_same_bytes(kind: Any, ending: str, tmp_path: Path) -> None:
    """Two runs write the same file, over more than one part, and another seed writes another."""
    size = PART + 1_000 if ending == "parquet" else 2_000
    digests = []
    for run, seed in enumerate((3, 3, 4)):
        path = tmp_path / f"{run}.{ending}"
        cg.synthetic(path, size, seed, kind)
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("kind", ["customers", "orders", "survey"])
def test_more_customers_begin_with_the_same_ones(kind: Any, tmp_path: Path) -> None:
    """A longer file begins like a shorter one, also where that ends within or between parts."""
    frames = {}
    for size in (100, PART, PART + 7):
        cg.synthetic(tmp_path / "out.parquet", size, 5, kind)
        frames[size] = pl.read_parquet(tmp_path / "out.parquet")
        assert size == frames[size]["customer_id"].n_unique()
    longest = frames[PART + 7]
    for size in (100, PART):
        assert longest.head(frames[size].height).equals(frames[size])


def test_customers_are_what_their_orders_add_up_to(tmp_path: Path) -> None:
    """Every field that order lines give is, for every customer, the one in the customer file."""
    cg.synthetic(tmp_path / "orders.csv", 3_000, 9, "orders")
    cg.synthetic(tmp_path / "customers.csv", 3_000, 9)
    summed = cg.read_orders(tmp_path / "orders.csv", as_of="2025-12-31")
    given = cg.read_customers(tmp_path / "customers.csv")
    assert summed.ids.tolist() == sorted(given.ids.tolist())
    order = np.argsort(np.array(given.ids.tolist()))
    for name, column in summed.columns.items():
        np.testing.assert_array_equal(given.columns[name][order], column, err_msg=name)


def test_the_survey_holds_the_same_answers(customers: pl.DataFrame, tmp_path: Path) -> None:
    """What a survey of the same seed says is what the customer file says."""
    cg.synthetic(tmp_path / "survey.parquet", 20_000, 1, "survey")
    survey = pl.read_parquet(tmp_path / "survey.parquet")
    assert customers.select(survey.columns).equals(survey)


def test_every_standard_field_is_there_and_within_its_bounds(customers: pl.DataFrame, tmp_path: Path) -> None:
    """All input fields are written, and `read_customers` finds nothing wrong with them."""
    customers.write_parquet(tmp_path / "in.parquet")
    base = cg.read_customers(tmp_path / "in.parquet")
    assert {name for name, field in cg.STANDARD_FIELDS.items() if not field.derived} == set(base.columns)


PROMISES: dict[str, Callable[[pl.DataFrame], bool]] = {
    "a tenth brings most of the revenue": lambda f: (
        0.55 < f["revenue"].sort(descending=True)[: f.height // 10].sum() / f["revenue"].sum() < 0.8
    ),
    "a fifth costs more than it brings": lambda f: 0.1 < (f["profit"] < 0).mean() < 0.3,
    "cost to serve does not follow revenue": lambda f: f.select(pl.corr("revenue", "cost_to_serve")).item() < 0.5,
    "some pay late": lambda f: 0.15 < (f["days_late"].fill_null(0) > 5).mean() < 0.4,
    "ratings have gaps": lambda f: 0.15 < f["effort"].is_null().mean() < 0.3,
    "many tie": lambda f: 0.1 < (f["revenue"] == 49).mean() < 0.15,
    "few refer others": lambda f: 0.03 < (f["referrals"] > 0).mean() < 0.3,
    "some send goods back": lambda f: 0.05 < (f["returns"] > 0).mean() < 0.5,
    "the latent value tells more of the next year than the past does": lambda f: (
        f.select(pl.corr("true_value", "next_profit")).item() > f.select(pl.corr("profit", "next_profit")).item() + 0.05
    ),
    "the latent value is right on average": lambda f: (
        abs(f["true_value"].mean() / f["next_profit"].mean() - 1) < 0.1  # type: ignore[operator]
    ),
}


@pytest.mark.parametrize("promise", PROMISES)
def test_what_the_documentation_says_of_them(promise: str, customers: pl.DataFrame) -> None:
    """Each property that the documentation states holds for 20,000 customers."""
    assert PROMISES[promise](customers)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--customers", "5"), "--out is missing"),
        (("--out", "x.csv"), "--customers is missing"),
        (("--customers", "0", "--out", "x.csv"), "for customers; give a whole number from 1"),
        (("--customers", "-3", "--out", "x.csv"), "for customers; give a whole number from 1"),
        (("--customers", "2.5", "--out", "x.csv"), "--customers takes a whole number"),
        (("--customers", "many", "--out", "x.csv"), "--customers takes a whole number"),
        (("--customers", "inf", "--out", "x.csv"), "--customers takes a whole number"),
        (("--customers", "nan", "--out", "x.csv"), "--customers takes a whole number"),
        (("--customers", "5", "--seed", "-1", "--out", "x.csv"), "for seed; give a whole number from 0"),
        (("--customers", "5", "--seed", "x", "--out", "x.csv"), "--seed takes a whole number"),
        (("--customers", "5", "--out", "x.xls"), "give a file name that ends in .csv or .parquet"),
        (("--customers", "5", "--out", "no/x.csv"), "there is no folder no"),
        (("--customers", "5", "--orders", "--survey", "--out", "x.csv"), "one run writes one file"),
    ],
)
def test_wrong_options_are_one_message(
    arguments: tuple[str, ...],
    says: str,
    refused: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Options that make no sense end with a message and no file."""
    monkeypatch.chdir(tmp_path)
    assert says in refused("synth", *arguments)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "options"), [("orders.csv", ["--orders"]), ("survey.csv", ["--survey"])])
def test_the_example_comes_from_it(
    name: str, options: list[str], command: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """The files in `examples/` are what the command in their README writes."""
    out = tmp_path / name
    assert (0, f"wrote {out}\n", "") == command("synth", "--customers", "500", *options, "--seed", "2025", "--out", out)
    assert (EXAMPLES / name).read_bytes() == out.read_bytes()
