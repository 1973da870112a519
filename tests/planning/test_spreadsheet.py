"""Texts in CSV files come back from a spreadsheet as they were, and none is run as a formula."""

import csv
import datetime as dt
import re

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.export.spreadsheet import marked_id, marked_sql, marked_text, plain_text
from custgrade.ingest.engine import connect

CHANGED = [
    *("007", "0012", "1e5", "2E10", "1.5e3", "3-4", "3/4", "1-2", "2026-01-31", "31.01.2026", "1/2/2026", "12:30"),
    *("1234567890123456", "123456789012", "1.50", "1,000", "12%", "$5", "5 €", "(12)", " 12", "12 ", "1 1/2", "TRUE"),
    *("false", "WAHR", "MAR-5", "march1", "Sept 2", "5 May", "12-DEC-2025", "Okt.3", "5 PM", "12:30pm", "#N/A", "1."),
    *(".5", "0.0", "-5", "+1", "2026-01-31T10:00:00Z", "00", "5e-1", "1 000", "DEC12"),
]
RUN = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "'quoted", " =1", "=cmd|' /C calc'!A0", "＝1", "\n=1", "--x"]
PLAIN = ["C-0017", "12", "0", "99999999999", "AB-10315", "E5", "A1", "x=1", "a@b.com", "no 7", "O'Neil", "Müller", "7b"]
FORMATS = (
    *("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%d-%m", "%m-%d", "%d/%m", "%d.%m", "%H:%M"),
    *("%b-%d", "%b %d", "%b%d", "%d-%b", "%d %b", "%d%b", "%B %d", "%d-%b-%Y", "%b-%Y", "%Y/%m/%d", "%H:%M:%S"),
)


def as_date(text):
    """Return a text as a day if any common format fits, else None."""
    for pattern in FORMATS:
        try:
            # without a year, 29 February would be refused
            return dt.datetime.strptime(
                f"2024 {text.strip()}", f"%Y {pattern}" if "%Y" not in pattern else f"2024 {pattern}"
            )
        except ValueError:
            continue
    return None


def opened(cell):
    """Return what a naive spreadsheet makes of a cell of a CSV file: a formula, a day, a number, or the text itself."""
    if cell.lstrip(" \u00a0")[:1] in set("=+-@") and cell.lstrip(" \u00a0"):
        return ("formula", cell)
    if cell[:1] in ("\t", "\r", "\n"):
        return ("formula", cell)
    if cell.strip().upper() in ("TRUE", "FALSE"):
        return ("truth", cell)
    if as_date(cell) is not None:
        return ("day", cell)
    if not re.fullmatch(r"[0-9.,eE+\s-]+", cell, re.ASCII):
        return cell
    try:
        value = float(cell.strip().replace(",", ""))
    except ValueError:
        return cell
    shown = f"{value:.0f}" if value.is_integer() and abs(value) < 1e11 else f"{value:.5E}"
    return cell if shown == cell else ("number", shown)


HOSTILE = st.one_of(
    st.text(alphabet="0123456789eE.-/:, =+@'\t", max_size=12),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    st.sampled_from([*CHANGED, *RUN, *PLAIN]),
    st.dates().map(str),
    st.dates(min_value=dt.date(1900, 1, 1)).map(lambda day: day.strftime("%b-%d")),
    st.integers(0, 10**18).map(str),
)


@pytest.mark.parametrize("text", [*CHANGED, *RUN])
def test_an_id_that_a_spreadsheet_would_change_gets_an_apostrophe(text):
    """Ids that look like numbers, days or formulas are marked, and come back."""
    assert f"'{text}" == marked_id(text)
    assert text == plain_text(marked_id(text))


@pytest.mark.parametrize("text", PLAIN)
def test_plain_ids_stay_unchanged(text):
    """Ids that no spreadsheet changes aren't marked."""
    assert text == marked_id(text) == marked_text(text)


@pytest.mark.parametrize("text", RUN)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    """Formulas in names and sentences are marked."""
    assert f"'{text}" == marked_text(text)


@settings(max_examples=250, deadline=None)
@given(HOSTILE)
@example("1e5")
@example("'")
def test_an_id_comes_back_from_a_spreadsheet(text):
    """A spreadsheet shows a marked id as text, and without the mark it is the id again."""
    cell = opened(marked_id(text))
    assert isinstance(cell, str)
    assert text == plain_text(cell)


@settings(max_examples=50, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=40))
def test_the_engine_marks_as_python_does(texts):
    """DuckDB's patterns match what Python's match."""
    connection = connect()
    connection.register("given", {"text": np.array([*texts, "x"], dtype=object)})
    text = "CAST(text AS VARCHAR)"
    query = f"SELECT {marked_sql(text, identity=True)}, {marked_sql(text, identity=False)} FROM given"
    assert [(marked_id(one), marked_text(one)) for one in [*texts, "x"]] == connection.execute(query).fetchall()


IDS = [*CHANGED, *RUN, *PLAIN, "two\nlines", 'with "quotes"', "semi;colon", "Ünï©ode", "日本"]


def hostile_plan():
    """Return a plan for customers with hostile ids and names, by a policy with hostile texts."""
    made = graded("A" * len(IDS))
    base = cg.CustomerBase(IDS, dict(made.base.columns), period=made.base.period, names=IDS[::-1])
    evil = policy()
    treatments = dict(evil.treatments)
    from attrs import evolve

    from custgrade.planning import Action

    treatments["A"] = evolve(treatments["A"], goal="=1+1", actions=Action("@evil", "tell", "=HYPERLINK(1)"))
    return cg.plan(evolve(made, base=base), evolve(evil, treatments=treatments), ON)


def test_files_run_no_formula_and_keep_ids(tmp_path):
    """Ids and names of the files come back, in both files, and no cell but a number begins like a formula."""
    plan = hostile_plan()
    plan.write(tmp_path / "plan.csv")
    plan.write_actions(tmp_path / "actions.csv")
    with (tmp_path / "plan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert IDS == [plain_text(row["customer_id"]) for row in rows]
    assert IDS[::-1] == [plain_text(row["name"]) for row in rows]
    with (tmp_path / "actions.csv").open(encoding="utf-8", newline="") as file:
        actions = list(csv.DictReader(file))
    assert len(plan.actions()) == len(actions) > len(IDS)
    expected = plan.actions().to_dict()
    assert expected["customer_id"].tolist() == [plain_text(row["customer_id"]) for row in actions]
    assert expected["item"].tolist() == [plain_text(row["item"]) for row in actions]
    assert expected["what"].tolist() == [plain_text(row["what"]) for row in actions]
    for row in [*rows, *actions]:
        for cell in row.values():
            assert not re.match(r"\s*[=+@-]", cell) or re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)


def test_parquet_has_the_texts_as_they_are(tmp_path):
    """Parquet files need no marks."""
    import pandas as pd

    plan = hostile_plan()
    plan.write(tmp_path / "plan.parquet")
    assert IDS == pd.read_parquet(tmp_path / "plan.parquet").customer_id.tolist()
