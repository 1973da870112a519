"""Several files at once: joined by id in the engine, graded part by part, the same as joined in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import custgrade as cg
from custgrade.export.parquet_file import read_footer
from custgrade.ingest.loaded import _SMALL

MANY = 300_000
GRADES = ["grade", "score", "status", "reason"]


def written(frame: pl.DataFrame, path: Path) -> Path:
    """Write a frame as what the path ends in; row groups are small, so that there are several."""
    if path.suffix == ".csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path, row_group_size=70_000)
    return path


def read(path: Path) -> pl.DataFrame:
    """A graded file, all ids as texts."""
    return pl.read_csv(path, infer_schema_length=None) if path.suffix == ".csv" else pl.read_parquet(path)


def businesses(size: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Customers, and answers of nine in ten of them in another order, along with strangers'."""
    draw = np.random.default_rng(5)
    ids = [f"C{k}" for k in draw.permutation(size)]
    first = pl.DataFrame({"customer_id": ids, "note": draw.choice(["a", 'b "c"', ""], size)})
    asked = draw.permutation(ids)[: size * 9 // 10].tolist()
    profit = np.round(draw.normal(100, 300, len(asked)), 1)
    answers = pl.DataFrame({"customer_id": asked, "profit": profit}).with_columns(
        profit=pl.when(pl.Series(draw.random(len(asked)) < 0.1)).then(None).otherwise("profit")
    )
    strangers = pl.DataFrame({"customer_id": [f"S{k}" for k in range(7)], "profit": [1.0] * 7})
    return first, pl.concat([strangers, answers])


@pytest.mark.parametrize(
    ("ending", "out", "size"), [("parquet", "parquet", MANY), ("parquet", "csv", 5_000), ("csv", "parquet", 5_000)]
)
def test_joined_customers_are_graded_as_in_memory(
    ending: str, out: str, size: int, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Two files, also of more rows than a part: rows in the first's order, with the field and grades of memory."""
    first, answers = businesses(size)
    one, other = written(first, tmp_path / f"a.{ending}"), written(answers, tmp_path / f"b.{ending}")
    target = tmp_path / f"out.{out}"
    files = ["--customers", one, "--customers", other]
    status, report, err = command("grade", *files, "--scorer", "abcde", "--param", "by=profit", "--out", target)
    assert (status, err) == (0, "")
    assert "7 customers" in report
    assert "(S0; S1; S2; S3; S4)" in report
    base = cg.read_customers(one).join(cg.read_customers(other))
    graded = cg.scorer("abcde").fit_grade(base)[1]
    found = read(target)
    assert ["customer_id", "note", "profit", *GRADES] == found.columns
    assert first["customer_id"].to_list() == found["customer_id"].to_list()
    joined = first.join(answers, on="customer_id", how="left", maintain_order="left")
    assert joined["profit"].to_list() == found["profit"].to_list()
    assert graded.grades.tolist() == found["grade"].fill_null("").to_list()
    scores = found["score"].fill_null(np.nan)
    assert np.array_equal(graded.scores["grade"], scores.to_numpy(), equal_nan=True)


def test_own_columns_of_the_first_file_are_copied_byte_for_byte(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """The graded file begins with the data of the first Parquet file as it was, also when fields are joined to it."""
    first, answers = businesses(5_000)
    one, other = written(first, tmp_path / "a.parquet"), written(answers, tmp_path / "b.csv")
    status, _, err = command(
        "grade", "--customers", one, "--customers", other, "--scorer", "abcde", "--out", tmp_path / "out.parquet"
    )
    assert (status, err) == (0, "")
    size = read_footer(one).footer_at
    assert one.read_bytes()[:size] == (tmp_path / "out.parquet").read_bytes()[:size]


@pytest.mark.parametrize("customers", [500, _SMALL // 4 * 5])
def test_orders_joined_with_a_survey_are_graded_as_in_memory(
    customers: int, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Customers from order lines, few and many, with a survey joined to them: ascending by id, all fields written."""
    orders, survey, out = tmp_path / "orders.parquet", tmp_path / "survey.csv", tmp_path / "out.parquet"
    cg.synthetic(orders, customers, seed=3, kind="orders")
    cg.synthetic(survey, customers, seed=3, kind="survey")
    files = ["--orders", orders, "--customers", survey, "--as-of", "2025-12-31"]
    status, _, err = command("grade", *files, "--scorer", "abcd", "--out", out)
    assert (status, err) == (0, "")
    base = cg.read_orders(orders, as_of="2025-12-31").join(cg.read_customers(survey))
    model, graded = cg.scorer("abcd").fit_grade(base)
    found = pl.read_parquet(out)
    assert base.ids.tolist() == found["customer_id"].to_list()
    assert [*base.columns] == found.columns[1 : 1 + len(base.columns)]
    for name, column in base.columns.items():
        assert np.array_equal(column, found[name].fill_null(np.nan).to_numpy(), equal_nan=True)
    assert graded.grades.tolist() == found["grade"].fill_null("").to_list()
    assert len(base) == model.customers


IDS = st.lists(st.sampled_from(["A", "B", "C", "a", "ä", "Ω", "1", "01", "x y", "x,y", '"', "\x00z"]), unique=True)


@given(one=IDS.filter(bool), other=IDS.filter(bool), ending=st.sampled_from([".csv", ".parquet"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_ids_are_joined_as_in_memory(
    one: list[str], other: list[str], ending: str, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Whatever the ids are, customers are joined and left out as in memory; if none is found, both refuse."""
    if ending == ".csv":
        one, other = ([text for text in some if "\x00" not in text] or ["A"] for some in (one, other))
    first = written(pl.DataFrame({"customer_id": one, "profit": [1.0] * len(one)}), tmp_path / f"a{ending}")
    second = {"customer_id": other, "revenue": [float(k) for k in range(len(other))]}
    survey = written(pl.DataFrame(second), tmp_path / f"b{ending}")
    out = tmp_path / "out.parquet"
    status, report, error = command(
        "grade", "--customers", first, "--customers", survey, "--scorer", "top10", "--param", "by=profit", "--out", out
    )
    if other and not set(one) & set(other):
        assert status == 2
        assert "no customer id is in both" in error
        with pytest.raises(cg.CustgradeError, match="no customer id is in both"):
            cg.read_customers(first).join(cg.read_customers(survey))
        return
    assert status == 0
    base = cg.read_customers(first).join(cg.read_customers(survey))
    found = pl.read_parquet(out)
    assert base.columns["revenue"].tolist() == pytest.approx(found["revenue"].fill_null(np.nan).to_list(), nan_ok=True)
    assert base.ids.tolist() == found["customer_id"].to_list()
    assert bool(base.left_out) == ("not among the customers" in report)


def test_a_field_in_both_files_is_refused_before_they_are_read(tmp_path: Path, refused: Callable[..., str]) -> None:
    """Two files with the same field are refused at once, although one of them has a row that can't be read."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("customer_id,profit\nA,much\n", encoding="utf-8")
    files: list[Any] = ["--customers", tmp_path / "a.csv", "--customers", tmp_path / "b.csv"]
    message = refused("grade", *files, "--scorer", "abcde")
    assert "b.csv can't be joined to " in message
    assert "a.csv: both have the field profit. Remove or rename the column in one of the files;" in message


def test_a_missing_field_is_told_before_orders_are_added_up(tmp_path: Path, refused: Callable[..., str]) -> None:
    """What order lines can't give is said at once, with what could be done, although a line can't be read."""
    (tmp_path / "o.csv").write_text("customer_id,date,revenue\nA,2024-01-01,much\n", encoding="utf-8")
    message = refused("grade", "--orders", tmp_path / "o.csv", "--scorer", "abcde")
    assert "the data has no 'profit'" in message
    assert "--assume-margin 0.3" in message


def test_the_second_file_changing_meanwhile_is_refused(
    tmp_path: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file that is read is watched, and the output stays as it was when one is written to."""
    first, answers = businesses(100)
    one, other = written(first, tmp_path / "a.csv"), written(answers, tmp_path / "b.csv")
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    from custgrade.model import stream

    fit = stream.fit_codes

    def change_and_fit(*given: Any) -> Any:
        with other.open("a", encoding="utf-8") as file:
            file.write("new,1\n")
        return fit(*given)

    monkeypatch.setattr(stream, "fit_codes", change_and_fit)
    message = refused("grade", "--customers", one, "--customers", other, "--scorer", "abcde", "--out", out)
    assert "b.csv changed while it was read" in message
    assert out.read_text(encoding="utf-8") == "before"
