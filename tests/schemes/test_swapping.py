"""Any scheme is swapped for any other by one word; what comes out follows the scale, and saved models stay true."""

from __future__ import annotations

import csv
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custgrade as cg
from custgrade.plugins import default_registry

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = ["--orders", str(EXAMPLES / "orders.csv"), "--customers", str(EXAMPLES / "survey.csv")]
Run = Callable[..., tuple[int, str, str]]

SCALES = {
    "abcd": ["A", "B", "C", "D"],
    "abcde": ["A", "B", "C", "D", "E"],
    "floors": ["meets", "near", "below"],
    "matrix3x3": [f"{size}/{level}" for size in ("Large", "Medium", "Small") for level in ("High", "Mid", "Low")],
    "top10": ["top", "rest"],
}
AXES = {"floors": ["floors"], "matrix3x3": ["revenue", "profitability"]}
DETAILS = {
    "floors": ["average_sale_gap", "margin_gap", "product_mix_gap", "revenue_gap"],
    "matrix3x3": ["full_price_share"],
}
COLUMNS = {
    name: [
        "grade",
        *(f"{axis}_{part}" for axis in AXES.get(name, []) for part in ("grade", "score")),
        *(["score"] if name not in AXES else []),
        *DETAILS.get(name, []),
        "status",
        "reason",
    ]
    for name in SCALES
}
LINES = """customer_id,order_id,date,category,revenue,profit
a,1,2024-01-02,x,10.5,3
a,2,2024-02-03,y,20,-1
b,3,2024-01-02,x,5,1
b,4,2024-05-06,x,7,2
c,5,2024-03-01,z,1,0.5
"""
every_scheme = pytest.mark.parametrize("name", SCALES)


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The example's customers."""
    return cg.read_orders(EXAMPLES / "orders.csv").join(cg.read_customers(EXAMPLES / "survey.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def described(graded: cg.Graded) -> list[list[Any]]:
    """All grade columns as lists, numbers by their bits."""
    return [
        [value.hex() if isinstance(value, float) else value for value in column.tolist()]
        for column in graded.columns().values()
    ]


def test_these_are_all_schemes(command: Run) -> None:
    """The five schemes are found, and listed with what they do."""
    assert list(SCALES) == list(default_registry().providers("scorers"))
    listed = command("scorers")[1].splitlines()[2:7]
    assert list(SCALES) == [line.split()[0] for line in listed]
    assert all("Grade customers" in line for line in listed)


@every_scheme
def test_one_word_in_python(name: str, base: cg.CustomerBase) -> None:
    """The same three lines grade by any scheme; columns and counts follow its scale."""
    graded = cg.scorer(name).fit(base).grade(base)
    assert COLUMNS[name] == list(graded.columns())
    assert [*SCALES[name], "ungraded"] == list(graded.counts())
    assert len(base) == sum(graded.counts().values())
    assert {"graded", "ungraded"} >= set(graded.columns()["status"].tolist())
    assert set(SCALES[name]) == {grade for grade in graded.grades.tolist() if grade}


KINDS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "arrow": pa.Table.from_pandas,
    "duckdb": lambda frame: duckdb.from_arrow(pa.Table.from_pandas(frame)),
}


def as_lists(frame: Any) -> dict[str, list[Any]]:
    """The columns of any frame, missing values as None."""
    if isinstance(frame, duckdb.DuckDBPyRelation):
        columns = dict(zip(frame.columns, map(list, zip(*frame.fetchall(), strict=True)), strict=True))
    elif isinstance(frame, pd.DataFrame):
        columns = frame.to_dict("list")
    elif isinstance(frame, pa.Table):
        columns = frame.to_pydict()
    else:
        columns = frame.lazy().collect().to_dict(as_series=False)
    return {
        name: [None if value is None or value != value else value for value in some] for name, some in columns.items()
    }


@every_scheme
@pytest.mark.parametrize("kind", KINDS)
def test_one_word_for_a_frame(name: str, kind: str, base: cg.CustomerBase) -> None:
    """Any kind of frame comes back with the columns of the scheme after its own, and with the same values."""
    frame = pd.DataFrame({"customer_id": base.ids.tolist(), **{n: base[n] for n in base.columns}})
    found = as_lists(cg.grade(KINDS[kind](frame), name))
    graded = cg.scorer(name).fit(base).grade(base)
    expected = as_lists(pd.DataFrame({n: column.tolist() for n, column in graded.columns().items()}))
    assert [*frame.columns, *COLUMNS[name]] == list(found)
    for column in COLUMNS[name]:
        assert [value or None if isinstance(value, str) else value for value in expected[column]] == found[column]


@every_scheme
def test_one_word_on_the_command_line(name: str, base: cg.CustomerBase, tmp_path: Path, command: Run) -> None:
    """`--scorer NAME` writes the columns of the scheme, and the report has a line for each of its grades."""
    status, out, err = command("grade", *FILES, "--scorer", name, "--out", tmp_path / "g.csv")
    assert (status, err) == (0, "")
    written = rows(tmp_path / "g.csv")
    assert [*["customer_id"], *base.columns, *COLUMNS[name]] == list(written[0])
    graded = cg.scorer(name).fit(base).grade(base)
    assert graded.grades.tolist() == [row["grade"] for row in written]
    for detail in DETAILS.get(name, []):
        found = [float(row[detail] or "nan") for row in written]
        np.testing.assert_array_equal(graded.details[detail], found)
    counts = graded.counts()
    lines = {line.split()[0]: int(line.split()[1].replace(",", "")) for line in out.split("\n\n")[0].splitlines()[2:]}
    shown = [*SCALES[name], *(["ungraded"] if counts["ungraded"] else [])]
    assert {**{grade: counts[grade] for grade in shown}, "total": len(base)} == lines
    assert [*shown, "total"] == list(lines)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A file with a few order lines, which any scheme can grade."""
    path = tmp_path / "orders.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


@every_scheme
def test_one_word_in_a_configuration(name: str, few: Path, command: Run) -> None:
    """A configuration file is switched to another scheme by the name alone."""
    config = few.with_name("c.toml")
    config.write_text(
        f'[source]\norders = "orders.csv"\n[scorer]\nname = "{name}"\n[output]\nout = "g.csv"\n', encoding="utf-8"
    )
    assert command("grade", "--config", config)[0] == 0
    expected = [column for column in COLUMNS[name] if column != "full_price_share"]
    assert expected == list(rows(few.with_name("g.csv"))[0])[-len(expected) :]


@every_scheme
def test_the_shown_examples_work(name: str, few: Path, monkeypatch: pytest.MonkeyPatch, command: Run) -> None:
    """The flags and the TOML that `custgrade scorers NAME` shows grade as they stand, like the defaults."""
    monkeypatch.chdir(few.parent)
    lines = command("scorers", name)[1].splitlines()
    (flags,) = [line.strip() for line in lines if line.strip().startswith("custgrade grade --orders")]
    toml = "\n".join(line.strip() for line in lines[next(k for k, line in enumerate(lines) if "in TOML" in line) + 1 :])
    assert tomllib.loads(toml)["scorer"]["name"] == name
    Path("custgrade.toml").write_text('[source]\norders = "orders.csv"\n' + toml, encoding="utf-8")
    reports = [command(*call) for call in (shlex.split(flags)[1:], ["grade", "--config", "custgrade.toml"])]
    assert [(0, "")] * 2 == [(status, err) for status, _, err in reports]
    assert reports[0] == reports[1] == command("grade", "--orders", "orders.csv", "--scorer", name)


@every_scheme
def test_every_default_can_be_given(name: str, base: cg.CustomerBase) -> None:
    """Giving every default explicitly makes the same scorer."""
    given = {item.name: item.default for item in default_registry().scheme(name).parameters}
    assert cg.scorer(name).fingerprint == cg.scorer(name, **given).fingerprint
    assert described(cg.scorer(name).fit(base).grade(base)) == described(cg.scorer(name, **given).fit(base).grade(base))


@every_scheme
def test_saved_models_grade_the_same(name: str, base: cg.CustomerBase, tmp_path: Path) -> None:
    """A loaded model gives every column of every customer to the last bit, alone too, and saves the same bytes."""
    model = cg.scorer(name).fit(base)
    model.save(tmp_path / "m.json")
    loaded = cg.load_model(tmp_path / "m.json")
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "m.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    graded = model.grade(base)
    assert described(graded) == described(loaded.grade(base))
    for row in range(0, len(base), 23):
        one = loaded.grade_one(base.customer(row))
        assert (graded.grades[row], graded.reasons[graded.reason_codes[row]]) == (one.grade, one.reason)
        assert {axis: str(graded.labels(axis)[row]) for axis in graded.codes} == dict(one.labels)
        for several, single in ((graded.scores, one.scores), (graded.details, one.details)):
            assert {n: column[row].hex() for n, column in several.items()} == {n: v.hex() for n, v in single.items()}


@every_scheme
def test_models_saved_and_used_on_the_command_line(name: str, few: Path, command: Run) -> None:
    """A model that one run saves grades in another, which reports the same, its notes as those of the fit."""
    files = [few.with_name(part) for part in ("a.csv", "m.json", "b.csv")]
    first = command("grade", "--orders", few, "--scorer", name, "--out", files[0], "--save-model", files[1])
    again = command("grade", "--orders", few, "--model", files[1], "--out", files[2])
    assert (0, 0) == (first[0], again[0])
    said = [re.sub("^(note|warning): when the model was fitted: ", r"\1: ", line) for line in again[1].splitlines()]
    reports = [[line for line in run if not line.startswith("wrote ")] for run in (first[1].splitlines(), said)]
    assert reports[0] == reports[1]
    of_the_fit = [notice.removeprefix("warning: ") for notice in cg.load_model(files[1]).notices]
    assert of_the_fit == re.findall("^(?:note|warning): when the model was fitted: (.*)$", again[1], re.MULTILINE)
    assert files[0].read_bytes() == files[2].read_bytes()


@every_scheme
def test_order_and_ids_change_nothing(name: str, base: cg.CustomerBase) -> None:
    """Rows in another order, under other ids, get the same grades, details and notices."""
    order = np.random.default_rng(7).permutation(len(base))
    turned = cg.CustomerBase([f"x{k}" for k in order], {n: base[n][order] for n in base.columns})
    model, other = cg.scorer(name).fit(base), cg.scorer(name).fit(turned)
    assert (model.boundaries, model.learned, model.notices) == (other.boundaries, other.learned, other.notices)
    plain = [[column[k] for k in order] for column in described(model.grade(base))]
    assert plain == described(other.grade(turned))


@every_scheme
def test_equal_customers_get_equal_grades(name: str, base: cg.CustomerBase) -> None:
    """Every customer twice: twins share everything, and each grade has an even number."""
    twice = cg.CustomerBase(range(2 * len(base)), {n: np.repeat(base[n], 2) for n in base.columns})
    graded = cg.scorer(name).fit(twice).grade(twice)
    for column in described(graded):
        assert column[::2] == column[1::2]
    assert [] == [count for count in graded.counts().values() if count % 2]


@every_scheme
def test_a_score_is_portable(name: str) -> None:
    """All five are traced, so they run on every engine, and their models can name them."""
    scorer = cg.scorer(name)
    assert scorer.portable
    assert (name, "custgrade") == (scorer.origin.name, scorer.origin.distribution)


@every_scheme
def test_one_customer_is_a_base(name: str, base: cg.CustomerBase) -> None:
    """A business with a single customer is graded too, and that customer is in the best class of every ranking."""
    best = int(np.argmax(base["profit"]))
    alone = base.take([best])
    graded = cg.scorer(name).fit(alone).grade(alone)
    assert "graded" == graded.columns()["status"][0]
    if name != "abcd":
        assert SCALES[name][0] == graded.grades[0]


@every_scheme
def test_wrong_names_are_refused_with_the_right_one(name: str, refused: Callable[..., str]) -> None:
    """A misspelt scheme ends the command, which names the one that is meant and all that there are."""
    message = refused("grade", *FILES, "--scorer", f"{name}z")
    assert f"Did you mean '{name}'?" in message
    assert "There are: abcd, abcde, floors, matrix3x3, top10." in message
