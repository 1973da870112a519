"""Plans and their actions as tables and files: what they hold, that they're replaced at once, and in any order."""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.errors import FieldError, OutputError
from custgrade.planning import Action, Offer, Policy, Reward, Treatment
from custgrade.planning.action_blocks import action_blocks
from custgrade.planning.digest import policy_digest

KEY = ["customer_id", "kind", "item", "number"]
COLUMNS = [
    *KEY,
    *("due", "until", "state", "why", "change", "money", "hours", "treatment", "policy", "what", "done_on"),
    *("answer", "note", "planned_on", "version", "revision", "terms"),
]
BLANK = ("done_on", "answer", "note", "revision", "terms")
FILLED = [name for name in COLUMNS if name not in (*BLANK, "version")]


def three(**columns):
    """Return an A, a C with a margin below the floor, and a B."""
    return graded("ACB", revenue=[1000.0, 1000.0, 500.0], profit=[100.0, 30.0, 50.0], **columns)


def test_actions_are_what_a_person_expects():
    """Three customers' actions, written down by hand."""
    rows = cg.plan(three(), policy(), ON).actions().to_pandas().to_dict("records")
    found = [tuple(None if pd.isna(row[name]) else row[name] for name in FILLED) for row in rows]
    day = pd.Timestamp
    start, until, talked = day(ON), day("2026-01-22"), day("2026-01-15")
    explain = "explain: the price that restores the floor"
    talk = "explain what serving them takes"
    # (30 + 21.06) ÷ (1000 + 21.06) is the first margin of 0.05, rounded to 1e-10
    assert found == [
        ("C1", "explain", "price", 1, start, until, "due", None, "new", 21.06, None, "C", "small", explain, start),
        ("C0", "gift", "gift", 1, start, None, "due", None, "new", 10.0, None, "A", "small", "gift", start),
        ("C1", "sit-down", "talk", 1, talked, None, "upcoming", None, "new", None, 1.0, "C", "small", talk, start),
    ]
    assert {policy_digest(policy())[:12]} == {row["version"] for row in rows}
    empty = [row[name] for row in rows for name in BLANK]
    assert all(pd.isna(one) or one == "" for one in empty)


def test_columns_of_a_plan_are_what_a_person_expects():
    """The next step of three customers, with its days, as written down by hand."""
    made = cg.plan(three(), policy(), ON)
    frame = made.to_pandas()
    assert ["", "price", ""] == frame.offer.fillna("").tolist()
    assert ["", "explain", ""] == frame.next.fillna("").tolist()
    assert [None, dt.date(2026, 1, 1), None] == made.columns()["next_day"].tolist()
    assert [None, dt.date(2026, 1, 22), None] == made.columns()["next_until"].tolist()
    assert "name" not in frame


def test_an_overdue_offer_is_open_from_today():
    """The last day to answer counts from the day of the plan if the explanation should have come before."""
    made = cg.plan(three(), policy(), ON, since="2025-06-01")
    assert [dt.date(2026, 1, 22)] == [one for one in made.columns()["next_until"].tolist() if one is not None]
    (until,) = {one for one in made.actions().columns()["until"].tolist() if one is not None}
    assert dt.date(2026, 1, 22) == until


def test_there_are_as_many_actions_as_in_the_blocks():
    """Each block's customers, days, money and hours follow each other in the table."""
    made = cg.plan(graded("ABC-" * 20, profit=list(np.linspace(-50, 200, 80))), policy(), ON, horizon=400)
    found = made.actions()
    first = 0
    for block in action_blocks(made):
        here = slice(first, first + len(block.rows))
        assert found.rows[here].tolist() == block.rows.tolist()
        assert found.due[here].tolist() == np.broadcast_to(block.due, len(block.rows)).tolist()
        assert found.columns()["item"][here].tolist() == [block.item] * len(block.rows)
        first += len(block.rows)
    assert first == len(found) > 50


def named(made):
    """Return the customers with names, of whom one has none."""
    return evolve(made, base=evolve(made.base, names=[f"Miller & Sons, no. {k}" for k in range(len(made) - 1)] + [""]))


def texts(column):
    """Return the texts of a column, empty for those that are missing."""
    return ["" if pd.isna(one) else one for one in column.tolist()]


@pytest.mark.parametrize("what", ["plan", "actions"])
def test_files_hold_what_frames_hold(what, tmp_path):
    """CSV, Parquet and the frame have the same columns, rows and values; dates of Parquet are dates."""
    made = cg.plan(named(three()), policy(details={"loyal": lambda c: c["revenue"] * 2.0}), ON)
    table = made if what == "plan" else made.actions()
    expected = table.to_pandas()
    write = made.write if what == "plan" else made.write_actions
    write(tmp_path / "t.csv")
    write(tmp_path / "t.parquet")
    stored = pq.read_table(tmp_path / "t.parquet")
    days = [name for name in expected if expected[name].dtype.kind == "M"]
    assert len(days) >= 2
    assert ["date32[day]"] * len(days) == [str(stored.schema.field(name).type) for name in days]
    assert ["customer_id", "name"] == list(expected)[:2]
    for read in (stored.to_pandas(), pd.read_csv(tmp_path / "t.csv", keep_default_na=False, na_values=[""])):
        assert list(expected) == list(read)
        for name in expected:
            one, other = expected[name], read[name]
            if name in days:
                assert (
                    pd.to_datetime(one).tolist() == pd.to_datetime(other).tolist() or (one.isna() == other.isna()).all()
                )
                known = one.notna()
                assert pd.to_datetime(one[known]).tolist() == pd.to_datetime(other[known]).tolist()
            elif one.dtype.kind == "f":
                np.testing.assert_array_equal(one.to_numpy(), other.astype(float).to_numpy())
            else:
                # a column of texts that are all empty is read as numbers that are all unknown
                assert texts(one) == texts(other)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_same_plan_gives_the_same_bytes(suffix, tmp_path):
    """A second run writes the same files."""
    texts = []
    for run in range(2):
        made = cg.plan(named(graded("ABC" * 3000)), policy(), ON)
        made.write(tmp_path / f"{run}.{suffix}")
        made.write_actions(tmp_path / f"actions{run}.{suffix}")
        texts.append([(tmp_path / f"{name}{run}.{suffix}").read_bytes() for name in ("", "actions")])
    assert texts[0] == texts[1]


@pytest.mark.parametrize("write", ["write", "write_actions"])
def test_a_run_that_ends_half_way_leaves_the_old_file(write, tmp_path, monkeypatch):
    """Whoever is interrupted while the file is written keeps the old one, and no other file is left."""
    file = tmp_path / "plan.csv"
    file.write_text("old", encoding="utf-8")
    made = cg.plan(three(), policy(), ON)

    def interrupted(query, path, options):
        path.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr("custgrade.export.customer_rows.copied", interrupted)
    with pytest.raises(KeyboardInterrupt):
        getattr(made, write)(file)
    assert [file] == list(tmp_path.iterdir())
    assert "old" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("write", ["write", "write_actions"])
def test_only_known_formats_are_written(write, tmp_path):
    """Another name, and a folder that doesn't exist, are refused."""
    made = cg.plan(three(), policy(), ON)
    with pytest.raises(OutputError, match=r"ends in \.csv or \.parquet"):
        getattr(made, write)(tmp_path / "plan.xlsx")
    with pytest.raises(OutputError, match="there is no folder"):
        getattr(made, write)(tmp_path / "none" / "plan.csv")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_no_customers(suffix, tmp_path):
    """The plan of an empty base is empty, and its files have columns and no rows."""
    made = cg.plan(graded(""), policy(), ON)
    made.write(tmp_path / f"plan.{suffix}")
    made.write_actions(tmp_path / f"actions.{suffix}")
    read = pd.read_csv if suffix == "csv" else pd.read_parquet
    assert COLUMNS == list(read(tmp_path / f"actions.{suffix}"))
    assert 0 == len(read(tmp_path / f"plan.{suffix}")) == len(made.actions()) == len(made.actions().to_pandas())
    assert [] == made.largest()
    assert 0 == made.summary()[-1].customers


def test_a_detail_may_not_have_the_name_of_a_column(tmp_path):
    """Two columns of one name are an error that says which."""
    made = cg.plan(three(), policy(details={"goal": lambda c: c["revenue"]}), ON)
    with pytest.raises(FieldError, match="'goal'"):
        made.output_columns()
    made = cg.plan(three(), policy(details={"customer_id": lambda c: c["revenue"]}), ON)
    with pytest.raises(FieldError, match="customer_id"):
        made.write(tmp_path / "plan.csv")


def by_id(columns, key):
    """Return rows of columns as a sorted list."""
    texts = [[str(value) for value in columns[name].tolist()] for name in columns]
    return sorted(zip(*texts, strict=True), key=lambda row: row[: len(key)])


CUSTOMERS = st.lists(
    st.tuples(
        st.sampled_from("ABC-"),
        st.sampled_from([0.0, 100.0, 500.0, 1000.0]),
        st.sampled_from([-50.0, 0.0, 20.0, 100.0]),
        st.sampled_from([10.0, 40.0, 90.0, float("nan")]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(CUSTOMERS, st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(customers, random):
    """Any order of rows gives the same plan, actions, sums and largest customers; the budget ends midway."""
    tight = evolve(policy().treatments["A"], budget=15.0)
    made_of = policy(treatments={**policy().treatments, "A": tight})
    order = list(range(len(customers)))
    random.shuffle(order)
    plans = []
    for places in (range(len(customers)), order):
        some = [customers[place] for place in places]
        names = ("revenue", "profit", "recency")
        columns = {name: [one[k + 1] for one in some] for k, name in enumerate(names)}
        found = graded("".join(one[0] for one in some), **columns)
        ids = [f"C{place}" for place in places]
        plans.append(cg.plan(evolve(found, base=evolve(found.base, ids=ids)), made_of, ON))
    one, other = plans
    assert by_id(one.to_dict(), ["customer_id"]) == by_id(other.to_dict(), ["customer_id"])
    assert by_id(one.actions().to_dict(), KEY) == by_id(other.actions().to_dict(), KEY)
    assert one.summary() == other.summary()
    without_row = [[evolve(each, row=0) for each in plan.largest(3)] for plan in plans]
    assert without_row[0] == without_row[1]


def test_tries_come_before_an_offer():
    """An offer after tries isn't explained yet: the next step is to try, and no offer is among the actions."""
    offer = Offer("price", "a price", explain="why", alternatives="more volume", rise=5.0, after_tries=2)
    tries = Action("try", "try", "one thing that helps both", tries=2)
    parts = {
        "A": Treatment("keep", rewards=Reward("thanks", "thanks")),
        "B": Treatment("b", offers=offer, actions=tries, way_up="x"),
    }
    made = cg.plan(graded("AB"), Policy("p", "x", "AB", parts, also={"C": "B"}), ON)
    assert ["", "try"] == made.columns()["next"].tolist()
    assert "explain" not in made.actions().columns()["kind"].tolist()
