"""Customers' names: where they are read from, which of several counts, and that they follow the customers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.data.names import LazyNames
from custgrade.errors import FieldError


@pytest.mark.parametrize("column", ["name", "Name", "NAME", "customer_name", "Customer_Name"])
def test_an_obvious_column_is_read_and_said(column: str, tmp_path: Path) -> None:
    """A customer file's column of names is found in capitals or not; an empty cell leaves the id."""
    path = tmp_path / "c.csv"
    path.write_text(f"customer_id,{column},profit\nC-1,Miller & Sons,5\nC-2,,6\nC-3,C-3,7\n")
    base = cg.read_customers(path)
    assert ["Miller & Sons (C-1)", "C-2", "C-3"] == base.labels(range(3))
    assert "Miller & Sons (C-1)" == base.label(0)
    assert base.names is not None
    assert ["Miller & Sons", "", "C-3"] == base.names.tolist()
    shown = "name" if column == "name" else f"name from {column!r}"
    assert f"read from c.csv: customer_id, profit, {shown}".replace("c.csv", str(path)) == base.notes[0]


def test_which_column_is_names_can_be_said(tmp_path: Path) -> None:
    """`name_column` wins; an empty text reads none; an unknown one is refused; other columns aren't guessed."""
    path = tmp_path / "c.csv"
    path.write_text("customer_id,name,Trading As,profit\nC-1,Miller,Mill Ltd,5\n")
    assert "Mill Ltd (C-1)" == cg.read_customers(path, name_column="Trading As").label(0)
    assert cg.read_customers(path, name_column="").names is None
    with pytest.raises(FieldError, match=r"no column 'Tradings As' for 'name'\. Did you mean 'Trading As'"):
        cg.read_customers(path, name_column="Tradings As")
    with pytest.raises(FieldError, match="received 3 for name_column; give the name of a column as text"):
        cg.read_customers(path, name_column=3)  # type: ignore[arg-type]  # on purpose
    by_name = cg.read_customers(path, {"customer_id": "name", "profit": "profit"})
    assert ("Miller", None) == (by_name.label(0), by_name.names)
    path.write_text("customer_id,Customer Name,profit\nC-1,Miller,5\n")
    assert "Miller (C-1)" == cg.read_customers(path).label(0)
    path.write_text("customer_id,Trading As,profit\nC-1,Miller,5\n")
    assert "C-1" == cg.read_customers(path).label(0)


LINES = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.sampled_from(["", "  ", "Zoe", "Ann", "Éva", "zoe"])),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(lines=LINES)
def test_of_order_lines_the_newest_name_counts(lines: list[tuple[str, int, str]]) -> None:
    """The name on the newest line that has one, of several on that day the greatest by UTF-8; by a dictionary."""
    day = dt.date(2025, 3, 1)
    newest: dict[str, tuple[int, bytes, str]] = {}
    for who, at, name in lines:
        if name.strip():
            newest[who] = max(newest.get(who, (-1, b"", "")), (at, name.encode(), name))
    frame = pd.DataFrame(
        {
            "customer_id": [who for who, _, _ in lines],
            "date": [(day + dt.timedelta(days=at)).isoformat() for _, at, _ in lines],
            "revenue": 1.0,
            "customer_name": [name for _, _, name in lines],
        }
    )
    base = cg.read_orders(frame)
    expected = [newest[who][2] if who in newest else "" for who in base.ids.tolist()]
    few = [f"{name} ({who})" if name else who for who, name in zip(base.ids.tolist(), expected, strict=True)]
    assert few == base.labels(range(len(base)))
    assert base.names is not None
    assert expected == base.names.tolist()
    assert few == base.labels(range(len(base)))


def test_lines_after_the_as_of_date_name_nobody(tmp_path: Path) -> None:
    """A name is that on the as-of date, whatever the period."""
    path = tmp_path / "o.csv"
    path.write_text(
        "customer_id,date,revenue,name\na,2024-01-01,5,Old\na,2025-01-01,5,Now\na,2025-06-01,5,Later\na,2025-01-02,6,\n"
    )
    assert "Now (a)" == cg.read_orders(path, as_of="2025-02-01", window="300d").label(0)
    assert "Later (a)" == cg.read_orders(path).label(0)


def test_names_follow_through_joins_and_parts(tmp_path: Path) -> None:
    """The first base that has a name gives it; what is taken keeps the names of whom it holds."""
    (tmp_path / "one.csv").write_text("customer_id,name,profit\na,Ann,1\nb,,2\nc,,3\n")
    (tmp_path / "two.csv").write_text("customer_id,name,revenue\nb,Bo,1\na,Other,2\nd,Dee,3\n")
    (tmp_path / "three.csv").write_text("customer_id,orders\na,1\n")
    one, two, three = (cg.read_customers(tmp_path / f"{name}.csv") for name in ("one", "two", "three"))
    expected = ["Ann (a)", "Bo (b)", "c"]
    for joined in (one.join(two), one.join(two).join(three), one.join(three).join(two)):
        assert expected == joined.labels(range(3))
        assert joined.names is not None
        assert ["Ann", "Bo", ""] == joined.names.tolist()
        assert ["c", "Bo (b)"] == joined.take([2, 1]).labels([0, 1])
        assert ["Bo (b)"] == joined.take(np.array([False, True, False])).labels([0])
    assert ["Other (a)"] == three.join(two).labels([0])


def test_names_in_memory() -> None:
    """Texts, missing ones among them, or a function that is called when names are asked for, and once."""
    calls: list[int] = []

    def names() -> list[str]:
        calls.append(1)
        return ["Ann", "Bo"]

    base = cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0]}, names=names)
    assert not calls
    assert (["Ann (a)", "Bo (b)"], "Bo (b)", [1]) == (base.labels([0, 1]), base.label(1), calls)
    given_texts = cg.CustomerBase(["a", "b", "c"], {"profit": [1.0, 2.0, 3.0]}, names=["Ann", None, math.nan])
    assert ["Ann (a)", "b", "c"] == given_texts.labels([0, 1, 2])
    assert given_texts.names is not None
    assert not given_texts.names.flags.writeable
    assert ("a", None) == ((plain := cg.CustomerBase(["a"], {"profit": [1.0]})).label(0), plain.names)
    with pytest.raises(FieldError, match="equally long"):
        cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0]}, names=["Ann"])


def test_only_names_that_are_shown_are_read(tmp_path: Path) -> None:
    """A label asks for one name, not for all."""
    path = tmp_path / "c.csv"
    path.write_text("customer_id,name,profit\n" + "".join(f"c{k},n{k},{k}\n" for k in range(1000)))
    base = cg.read_customers(path)
    assert isinstance(base.given_names, LazyNames)
    asked: list[list[str]] = []
    find = base.given_names.find

    def noted(ids: list[str]) -> object:
        asked.append(list(ids))
        return find(ids)

    watched = cg.CustomerBase(base.ids, dict(base.columns), names=LazyNames(lambda: 1 / 0, noted), unique_ids=True)  # type: ignore[arg-type]
    assert "n7 (c7)" == watched.label(7)
    assert [["c7"]] == asked


def test_every_command_shows_them(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """explain, way-up and the overrides of grade call customers by their names; a configuration may say the column."""
    monkeypatch.chdir(tmp_path)
    Path("c.csv").write_text("customer_id,Trading As,profit\na,Ann\x1b[1m Ltd,5\nb,Bo Ltd,9\n")
    Path("o.csv").write_text("customer_id,grade,reason,author,date,expires\nb,A,why,who,2025-01-01,2025-12-31\n")
    source = ("--customers", "c.csv", "--name-column", "Trading As")
    status, out, err = command(
        "grade", *source, "--scorer", "abcde", "--save-model", "m.json", "--overrides", "o.csv", "--on", "2025-06-01"
    )
    assert (0, "") == (status, err)
    assert "override: Bo Ltd (b) is A instead of" in out
    for arguments in (("explain",), ("way-up", "--on", "2026-01-01")):
        status, out, err = command(*arguments, "--model", "m.json", *source, "--id", "b")
        assert (0, "", True) == (status, err, out.startswith("customer Bo Ltd (b): "))
        status, out, err = command(*arguments, "--model", "m.json", *source, "--id", "a")
        assert (0, "", False, True) == (status, err, "\x1b" in out, "Ltd (a)" in out)
    Path("c.toml").write_text('[source]\ncustomers = "c.csv"\nname_column = "Trading As"\n[model]\nload = "m.json"\n')
    assert command("explain", "--config", "c.toml", "--id", "b")[1].startswith("customer Bo Ltd (b): ")
    status, out, err = command("explain", "--model", "m.json", *source[:2], "--name-column", "Trade", "--id", "b")
    assert (2, "", True) == (status, out, "no column 'Trade' for 'name'" in err)


def test_written_answers_name_everybody(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file of answers has the names of its customers, of those too who are only in the earlier file."""
    monkeypatch.chdir(tmp_path)
    lines = [f"c{k},2025-0{k}-01,{100 + k},{10 * k},{'' if k == 3 else f'Firm {k}'}\n" for k in range(1, 9)]
    head = "customer_id,date,revenue,profit,customer_name\n"
    Path("before.csv").write_text(head + "".join(lines[:6]))
    Path("now.csv").write_text(head + "".join(lines[2:]))
    Path("survey.csv").write_text("customer_id,Name,potential\nc3,Third,5\nc4,Fourth,6\n")
    expected = {f"c{k}": None if k == 3 else f"Firm {k}" for k in range(1, 9)}

    def written(*arguments: str, out: str = "out.csv") -> dict[str, str | None]:
        status, _, err = command(*arguments, "--out", out)
        assert (0, "") == (status, err)
        frame = pd.read_csv(out, dtype=str) if out.endswith("csv") else pd.read_parquet(out)
        assert ["customer_id", "name"] == list(frame.columns[:2])
        return dict(
            zip(frame["customer_id"], frame["name"].astype(object).where(frame["name"].notna(), None), strict=True)
        )

    now = {identity: name for identity, name in expected.items() if identity > "c2"}
    assert now == written("grade", "--orders", "now.csv", "--scorer", "abcd", "--save-model", "m.json")
    asked = ("--model", "m.json", "--orders", "now.csv")
    for out in ("out.csv", "out.parquet"):
        assert now == written("explain", *asked, out=out)
        assert now == written("way-up", *asked, out=out)
        assert expected == written("compare", "m.json", *asked[2:], "--any-period", "--before", "before.csv", out=out)
    assert {**now, "c3": "Third"} == written("way-up", *asked, "--customers", "survey.csv")
    assert {**now, "c3": "Third"} == written("grade", *asked, "--customers", "survey.csv")


def named_base(ids: str, names: object, profits: list[float]) -> cg.CustomerBase:
    """Return a base of customers with one letter as id."""
    return cg.CustomerBase(list(ids), {"profit": profits}, names=names)


NAMED = named_base("abc", ["Ann", "", "Cy"], [1.0, 5.0, 9.0])
MODEL = cg.scorer("abcde").fit(NAMED)
RESULTS: dict[str, Callable[[cg.CustomerBase], Any]] = {
    "grades": MODEL.grade,
    "explanations": lambda base: cg.explain(MODEL, base),
    "ways up": lambda base: cg.way_up(MODEL, base, on="2026-01-01"),
    "a comparison": lambda base: cg.compare(MODEL, base, model_before=cg.scorer("top10", by="profit").fit(base)),
}


@pytest.mark.parametrize("which", RESULTS)
def test_results_in_memory_name_everybody(which: str) -> None:
    """Names follow the ids in every form of a result; a customer without a name has a missing one."""
    result = RESULTS[which](NAMED)
    columns = result.to_dict()
    assert ["customer_id", "name"] == list(columns)[:2]
    assert ["Ann", "", "Cy"] == columns["name"].tolist()
    expected = ["Ann", None, "Cy"]
    frames = (result.to_polars()["name"].to_list(), result.to_arrow()["name"].to_pylist())
    assert (expected, expected) == frames
    pandas = result.to_pandas()["name"]
    assert expected == pandas.astype(object).where(pandas.notna(), None).tolist()
    nameless = cg.CustomerBase(NAMED.ids, dict(NAMED.columns))
    assert [name for name in columns if name != "name"] == list(RESULTS[which](nameless).to_dict())


@pytest.mark.parametrize("which", RESULTS)
def test_names_are_read_when_a_result_is_listed(which: str) -> None:
    """Grading, explaining and comparing read no names."""
    calls: list[int] = []

    def names() -> list[str]:
        calls.append(1)
        return ["Ann", "", "Cy"]

    result = RESULTS[which](cg.CustomerBase(NAMED.ids, dict(NAMED.columns), names=names))
    result.output_columns()
    assert (f"{result!r}", []) == (f"{result!r}", calls)
    assert (["Ann", "", "Cy"], [1]) == (result.to_dict()["name"].tolist(), calls)


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (["Ann", "Bo", "Cy"], ["Dee", "", "Cy B."], ["Dee", "Bo", "Cy B.", "Ann"]),
        (None, ["Dee", "", "Cy"], ["Dee", "", "Cy", ""]),
        (["Ann", "", "Cy"], None, ["", "", "Cy", "Ann"]),
        (None, None, None),
    ],
)
def test_compared_customers_have_their_later_name(
    earlier: list[str] | None, later: list[str] | None, expected: list[str] | None
) -> None:
    """It is the later base's, else the earlier base's, also of customers in one base only."""
    before, after = named_base("abc", earlier, [1.0, 5.0, 9.0]), named_base("dbc", later, [1.0, 5.0, 9.0])
    comparison = cg.compare(MODEL, after, base_before=before)
    assert ["d", "b", "c", "a"] == comparison.ids.tolist()
    names = comparison.to_dict().get("name")
    assert expected == (None if names is None else names.tolist())
    if expected is not None:
        moved = comparison.largest()
        labels = [mover.label for mover in (*moved.rises, *moved.falls)]
        assert {f"{expected[0]} (d)" if expected[0] else "d", f"{expected[3]} (a)" if expected[3] else "a"} == set(
            labels
        )


def test_customers_in_another_order_keep_their_names() -> None:
    """Two bases of the same customers are matched by id, not by position."""
    before, after = named_base("abc", ["Ann", "Bo", "Cy"], [1.0, 2.0, 3.0]), named_base("cab", None, [1.0, 2.0, 3.0])
    assert ["Cy", "Ann", "Bo"] == cg.compare(MODEL, after, base_before=before).to_dict()["name"].tolist()
    same = named_base("abc", None, [1.0, 2.0, 3.0])
    assert ["Ann", "Bo", "Cy"] == cg.compare(MODEL, same, base_before=before).to_dict()["name"].tolist()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_written_grades_have_names(ending: str, tmp_path: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    """Grades of order lines in memory are written with the columns that the command line writes."""
    (tmp_path / "o.csv").write_text(
        "customer_id,date,profit,customer_name\na,2025-01-01,5,Ann\nb,2025-01-02,7,\nc,2025-01-03,9,Cy\n"
    )
    base = cg.read_orders(tmp_path / "o.csv")
    cg.scorer("abcde").fit(base).grade(base).write(tmp_path / f"one.{ending}")
    status, _, err = command(
        "grade", "--orders", tmp_path / "o.csv", "--scorer", "abcde", "--out", tmp_path / f"two.{ending}"
    )
    assert (0, "") == (status, err)
    one, two = (
        (pd.read_csv if ending == "csv" else pd.read_parquet)(tmp_path / f"{name}.{ending}") for name in ("one", "two")
    )
    assert ["customer_id", "name", "profit"] == list(one.columns)[:3]
    pd.testing.assert_frame_equal(one, two)


def test_a_field_called_name_is_not_hidden_by_names() -> None:
    """Fields keep their columns, as in files; explanations and ways up have no columns of fields."""
    base = cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0], "name": [3.0, 4.0]}, names=["Ann", "Bo"])
    columns = MODEL.grade(base).to_dict()
    assert (["customer_id", "profit", "name"], [3.0, 4.0]) == (list(columns)[:3], columns["name"].tolist())
    assert ["Ann", "Bo"] == cg.explain(MODEL, base).to_dict()["name"].tolist()


@pytest.mark.parametrize("lines", [False, True])
def test_customers_that_a_join_leaves_out_are_named(
    lines: bool, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """The examples of customers in the other file only are labels, in memory and in the report."""
    (tmp_path / "one.csv").write_text("customer_id,profit\na,1\nb,2\n")
    dated = (",date", ",2025-01-01") if lines else ("", "")
    (tmp_path / "two.csv").write_text(
        f"customer_id,name,revenue{dated[0]}\n"
        + "".join(f"{line}{dated[1]}\n" for line in ("x,Xenia,1", "b,Bo,2", "z,,3"))
    )
    one = cg.read_customers(tmp_path / "one.csv")
    two = (cg.read_orders if lines else cg.read_customers)(tmp_path / "two.csv")
    assert [("Xenia (x)", "z")] == [left.examples for left in one.join(two).left_out]
    if not lines:
        source = ("--customers", tmp_path / "one.csv", "--customers", tmp_path / "two.csv")
        status, out, err = command("grade", *source, "--scorer", "abcde")
        told = "left out: 2 customers: not among the customers they were joined to (Xenia (x); z)"
        assert (0, "", True) == (status, err, told in out.splitlines())
