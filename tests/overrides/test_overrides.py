"""Manual grades: when they hold, that they stay apart from computed ones, and that they are always shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import OverrideError
from custgrade.plugins import Axis, Thresholds

HEADER = "customer_id,grade,reason,author,date,expires\n"
TABLE = HEADER + (
    "c1,A,pays for the group,Jane,2025-01-01,2025-12-31\n"
    'c3,B,"court case, settled",Jim,2025-06-01,2025-06-30\n'
    "c9,A,left,Jane,2025-01-01,2025-12-31\n"
    "c2,A,from next year,Jane,2026-01-01,2026-12-31\n"
    "c0,C,over,Jane,2024-01-01,2024-12-31\n"
)


def base_of(size: int = 4) -> cg.CustomerBase:
    """Customers c0, c1 … with profits of 30, 20, 10, 0, and so on; the last one's isn't known."""
    profit = np.append(30.0 - 10.0 * np.arange(size - 1), np.nan)
    return cg.CustomerBase([f"c{k}" for k in range(size)], {"profit": profit})


def model() -> cg.GradingModel:
    """A from 30 on, B from 20 on, C below."""
    axis = Axis("grade", "ABC", lambda c: c["profit"], Thresholds((30.0, 20.0)))
    return cg.Scorer([axis]).fit(base_of())


def override(**changes: Any) -> cg.Override:
    """An override with these changes."""
    plain = {"customer_id": "c1", "grade": "A", "reason": "why", "author": "who"}
    return cg.Override(**{**plain, "date": "2025-01-01", "expires": "2025-12-31", **changes})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The table as a file."""
    (tmp_path / "overrides.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "overrides.csv"


def test_what_holds_stands_beside_the_computed_grade(table: Path) -> None:
    """An override in force gives the final grade, an ungraded customer's too, and the computed grades stay."""
    graded = model().grade(base_of()).with_overrides(cg.read_overrides(table), on="2025-06-30")
    columns = graded.columns()
    assert ["A", "B", "C", ""] == graded.grades.tolist() == columns["grade"].tolist()
    assert ["A", "A", "C", "B"] == graded.final_grades.tolist() == columns["final_grade"].tolist()
    assert ["", "A", "", "B"] == columns["override_grade"].tolist()
    assert ["", "pays for the group", "", "court case, settled"] == columns["override_reason"].tolist()
    assert ["", "Jane", "", "Jim"] == columns["override_author"].tolist()
    assert ["", "2025-01-01", "", "2025-06-01"] == columns["override_date"].tolist()
    assert ["", "2025-12-31", "", "2025-06-30"] == columns["override_expires"].tolist()
    assert {"A": 1, "B": 1, "C": 1, "ungraded": 1} == graded.counts()


def test_every_override_is_shown(table: Path) -> None:
    """Those that hold, that nobody has, that are over and that are still to come are told apart."""
    graded = model().grade(base_of()).with_overrides(cg.read_overrides(table), on=dt.date(2025, 6, 30))
    assert [
        "override: c1 is A instead of B from 2025-01-01 to 2025-12-31: pays for the group (Jane)",
        "override: c3 is B instead of ungraded from 2025-06-01 to 2025-06-30: court case, settled (Jim)",
        "override of a customer who isn't in the data: c9 is A from 2025-01-01 to 2025-12-31: left (Jane)",
        "override not yet in force on 2025-06-30: c2 is A from 2026-01-01 to 2026-12-31: from next year (Jane)",
        "override expired on 2024-12-31: c0 is C from 2024-01-01 to 2024-12-31: over (Jane)",
    ] == graded.override_notes()


def test_customers_with_an_override_have_their_names(table: Path) -> None:
    """Whoever is named in the base is called by name and id, in force or not; strangers keep their id."""
    base = base_of()
    named = cg.CustomerBase(base.ids, dict(base.columns), names=["Old Ltd", "Miller & Sons", "", "c3"])
    notes = model().grade(named).with_overrides(cg.read_overrides(table), on="2025-06-30").override_notes()
    assert [
        "override: Miller & Sons (c1) is A instead of B",
        "override: c3 is B instead of ungraded",
        "override of a customer who isn't in the data: c9 is A",
        "override not yet in force on 2025-06-30: c2 is A",
        "override expired on 2024-12-31: Old Ltd (c0) is C",
    ] == [note.split(" from ")[0] for note in notes]


def test_without_any_there_are_no_columns(table: Path) -> None:
    """Grades without overrides look as ever; with overrides of which none holds the columns are there, and empty."""
    graded = model().grade(base_of())
    assert "final_grade" not in graded.columns()
    assert ([], {}) == (graded.override_notes(), graded.overridden())
    none = graded.with_overrides(cg.read_overrides(table), on="2030-01-01").columns()
    assert (none["grade"].tolist(), ["", "", "", ""]) == (none["final_grade"].tolist(), none["override_grade"].tolist())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_overrides_by_a_dictionary(data: st.DataObject) -> None:
    """Whatever is overridden and whenever, the final grades are those of a plain dictionary over the computed ones."""
    days = st.integers(0, 40).map(lambda day: dt.date(2025, 1, 1) + dt.timedelta(days=day))
    ids = data.draw(st.lists(st.integers(0, 12).map(lambda k: f"c{k}"), unique=True, max_size=8))
    records = []
    for one in ids:
        first, last = sorted([data.draw(days), data.draw(days)])
        records.append(override(customer_id=one, grade=data.draw(st.sampled_from("ABC")), date=first, expires=last))
    on, base = data.draw(days), base_of(10)
    graded = model().grade(base).with_overrides(cg.Overrides(records), on=on)
    held = {one.customer_id: one.grade for one in records if one.date <= on <= one.expires}
    expected = [held.get(who, grade) for who, grade in zip(base.ids.tolist(), graded.grades.tolist(), strict=True)]
    assert expected == graded.final_grades.tolist()
    assert len(records) == len(graded.override_notes())


@pytest.mark.parametrize(("kind", "size"), [("csv", 4), ("parquet", 300_000)])
def test_files_get_them_too(kind: str, size: int, table: Path, tmp_path: Path) -> None:
    """In a file of any size, whatever its parts are, each customer has what `with_overrides` says; and again."""
    frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(size)], "profit": base_of(size)["profit"]})
    source, out = tmp_path / f"in.{kind}", tmp_path / f"out.{kind}"
    if kind == "csv":
        frame.to_csv(source, index=False)
    else:
        frame.to_parquet(source, row_group_size=50_000)
    last = f"c{size - 1}"
    overrides = cg.Overrides([*cg.read_overrides(table).records[:1], override(customer_id=last, grade="B")])
    expected = model().grade(base_of(size)).with_overrides(overrides, on="2025-02-01")
    columns = {name: column.tolist() for name, column in expected.columns().items()}
    for _ in range(2):
        outcome = cg.grade_file(source, model(), out, overrides=overrides, on="2025-02-01")
        written = pd.read_csv(out) if kind == "csv" else pd.read_parquet(out)
        assert expected.override_notes() == list(outcome.override_notes)
        names = ["final_grade", "override_grade", "override_reason", "override_author", "override_date"]
        for name in ["grade", *names, "override_expires"]:
            found = written[name].astype(object).where(written[name].notna(), "").tolist()
            assert columns[name] == found


def test_the_command_line_shows_them(
    table: Path, tmp_path: Path, command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report lists every override, files get the columns, and a run without --on says what is missing."""
    monkeypatch.chdir(tmp_path)
    Path("c.csv").write_text("customer_id,profit\nc0,30\nc1,20\nc2,10\nc3,\n")
    how = ("grade", "--customers", "c.csv", "--scorer", "abcde", "--overrides", table)
    Path("e.csv").write_text(HEADER + "c1,B,a\x1b[1m,Jane,2025-01-01,2025-12-31\n")
    status, out, err = command(*how, "--on", "2025-06-30", "--out", "out.csv")
    assert (0, "") == (status, err)
    assert "override: c1 is A instead of" in out
    assert "override expired on 2024-12-31: c0 is C" in out
    assert "A,pays for the group,Jane,2025-01-01,2025-12-31" in Path("out.csv").read_text()
    status, out, _ = command(*how[:-1], "e.csv", "--on", "2025-06-30")
    assert (0, False) == (status, "\x1b" in out)
    Path("c.toml").write_text(
        '[source]\ncustomers = "c.csv"\noverrides = "overrides.csv"\non = 2025-06-30\n[scorer]\nname = "abcde"\n'
    )
    assert "override: c1 is A instead of" in command("grade", "--config", "c.toml")[1]
    for arguments, said in (
        (how, "the data has no as-of date. Give the day: --on 2026-01-31."),
        ((*how[:5], "--on", "2025-01-01"), "give --overrides FILE too, or leave out --on"),
        ((*how, "--on", "soon"), "write a date as YYYY-MM-DD"),
        ((*how, "--on", "2025-01-01", "--out", table), "--out would replace"),
        ((*how[:4], "top10", *how[5:], "--on", "2025-06-30"), "which isn't a grade of this scorer"),
        ((*how[:-1], "nowhere.csv", "--on", "2025-06-30"), "can't read the overrides nowhere.csv"),
    ):
        status, out, err = command(*arguments)
        assert (2, "") == (status, out)
        assert said in err


def test_tables_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing column, an empty reason, a date that is none, overlaps and other files are refused in words."""
    path = tmp_path / "o.csv"
    for content, said in (
        (b"", "has no column 'customer_id'"),
        (HEADER.replace("author", "autor").encode(), "no column 'author'. Is 'autor' meant?"),
        ((HEADER + "c1,A,,Jane,2025-01-01,2025-12-31\n").encode(), "line 2: an override needs its reason, a text"),
        ((HEADER + "c1,A,why,,2025-01-01,2025-12-31\n").encode(), "line 2: an override needs its author"),
        ((HEADER + "c1,A,why\n").encode(), "line 2: an override's date: received ''"),
        ((HEADER + ",A,why,Jane,2025-01-01,2025-12-31\n").encode(), "line 2: an override needs its customer_id"),
        ((HEADER + "c1,A,why,Jane,1.1.2025,2025-12-31\n").encode(), "line 2: an override's date: received '1.1.2025'"),
        ((HEADER + "c1,A,why,Jane,2025-12-31,2025-01-01\n").encode(), "expires on 2025-01-01, before it begins"),
        (
            (HEADER + 2 * "c1,A,why,Jane,2025-01-01,2025-12-31\n").encode(),
            "two overrides of 'c1' hold on 2025-01-01",
        ),
        (HEADER.replace("\n", ",grade\n").encode(), "has two columns 'grade'"),
        (b"\xff\xfe\x00", "is not a CSV file in UTF-8"),
        ((HEADER + '"c1,A\n').encode(), "is not a CSV file"),
        ((HEADER + "c1,A,why,Jane,2025-01-01,2025-12-31\n" * 10_001).encode(), "has more than 10,000 overrides"),
    ):
        path.write_bytes(content)
        with pytest.raises(OverrideError, match=said.replace("(", r"\(")):
            cg.read_overrides(path)
    for wrong in (tmp_path, tmp_path / "nowhere.csv", 3):
        with pytest.raises(OverrideError):
            cg.read_overrides(wrong)  # type: ignore[arg-type]  # on purpose


def test_ids_are_as_they_are_written_and_semicolons_part_too(tmp_path: Path) -> None:
    """Blanks around an id belong to it; a file of semicolons or tabs is read as well."""
    path = tmp_path / "o.csv"
    for mark in ";\t":
        path.write_text((HEADER + " c1,A,why,Jane,2025-01-01,2025-12-31\n").replace(",", mark))
        graded = model().grade(base_of()).with_overrides(cg.read_overrides(path), on="2025-06-01")
        assert [
            "override of a customer who isn't in the data:  c1 is A from 2025-01-01 to 2025-12-31: why (Jane)"
        ] == graded.override_notes()


def test_wrong_objects_are_refused() -> None:
    """Grades that the scale lacks, what is no override, and days that aren't known."""
    graded = model().grade(base_of())
    for wrong, said in (
        (lambda: graded.with_overrides(cg.Overrides([override(grade="D")]), on="2025-01-01"), "There are: A, B, C"),
        (lambda: graded.with_overrides(cg.Overrides([override()])), "no as-of date"),
        (lambda: graded.with_overrides([override()], on="2025-01-01"), "takes Overrides; received a list"),
        (lambda: cg.Overrides(["c1"]), "a list of Override; received 'c1'"),
        (lambda: cg.Overrides(cg.Customer("c1", {"profit": 1.0})), "a list of Override; received 'profit'"),
        (lambda: cg.Overrides(None), "a list of Override; received None"),
        (lambda: override(expires=""), "an override's expires: received ''"),
        (lambda: cg.grade_file("c.csv", "abcde", overrides=[]), "such as read_overrides"),
        (lambda: override(grade=""), "its grade, a text"),
        (lambda: override(reason=None), "its reason, a text; received None"),
    ):
        with pytest.raises(cg.CustgradeError, match=said):
            wrong()
