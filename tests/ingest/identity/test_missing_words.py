"""Words that mean an unknown value: no customer, no category, no number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import custgrade as cg
from custgrade.ingest.cells.missing_values import DEFAULT_WORDS, missing_of

Put = Callable[[str, str | bytes], Path]


def _kept(texts: list[str | None], words: list[str] | None) -> list[bool]:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (k INTEGER, v VARCHAR)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(texts)))
    rows = connection.execute(f"SELECT {missing_of(words).holds('v')} FROM t ORDER BY k").fetchall()
    return [bool(one) for (one,) in rows]


@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
            st.sampled_from([*DEFAULT_WORDS, "007", "NULLS", "n", "unknown customer", "-1"]),
        ).flatmap(lambda text: st.sampled_from([text, text.upper(), text.title(), f" {text}", f"{text}   "])),
        min_size=1,
    ),
    st.sampled_from([None, ["guest", "-9999"], ["0", "éa"], []]),
)
def test_a_text_is_kept_unless_it_is_a_word_whatever_its_capitals(texts: list[str], words: list[str] | None) -> None:
    """The fast conditions agree with a comparison of trimmed texts in lower case."""
    known = [] if words == [] else [*DEFAULT_WORDS, *(words or [])]
    # DuckDB folds one letter at a time
    expected = [bool(text.strip(" ")) and "".join(map(str.lower, text.strip(" "))) not in known for text in texts]
    assert expected == _kept([*texts], words)


@pytest.mark.parametrize(
    "word", ["NULL", "null", " N/A ", "#N/A", "n.a.", "NaN", "None", "nil", "\\N", "<NA>", "NA", "-", "--"]
)
def test_a_word_in_place_of_an_id_is_no_customer(put: Put, word: str) -> None:
    """Its lines are counted as lines without a customer, and the word is shown with its lines."""
    text = f"customer_id,date,profit\n{word},2025-01-01,9\nk1,2025-01-01,1\n{word},2025-01-02,9\n,2025-01-02,9\n"
    base = cg.read_orders(put("o.csv", text))
    (gone,) = base.left_out
    assert ["k1"] == base.ids.tolist()
    assert ("without a customer id", 3, (f"{word.strip()!r} on 2",)) == (gone.reason, gone.count, gone.examples)
    one = cg.read_customers(put("c.csv", f"customer_id,profit\n{word},9\nk1,1\n{word},8\n"))
    assert (["k1"], (f"{word.strip()!r} on 2",)) == (one.ids.tolist(), one.left_out[0].examples)


def test_parquet_and_frames_have_the_same_words(tmp_path: Path) -> None:
    """A word among typed columns is no customer either, wherever it stands."""
    frame = pd.DataFrame(
        {"customer_id": ["NULL", *["k1"] * 30, "n/a"], "date": pd.to_datetime(["2025-01-01"] * 32), "profit": 1.0}
    )
    path = tmp_path / "o.parquet"
    frame.to_parquet(path)
    for source in (path, frame, frame.astype({"customer_id": "category"})):
        base = cg.read_orders(source)
        assert (["k1"], 2) == (base.ids.tolist(), base.left_out[0].count)


def test_an_empty_list_turns_the_words_off(put: Put) -> None:
    """`missing=[]` makes NULL a customer; further words are added to the default list."""
    path = put("o.csv", "customer_id,date,profit\nNULL,2025-01-01,9\nguest,2025-01-01,1\nk1,2025-01-01,2\n")
    assert ["NULL", "guest", "k1"] == cg.read_orders(path, missing=[]).ids.tolist()
    assert ["k1"] == cg.read_orders(path, missing=["Guest"]).ids.tolist()


def test_lines_without_an_order_id_or_a_category_are_known_by_words_too(put: Put) -> None:
    """NULL is no order id and N/A no category."""
    head = "customer_id,date,order_id,category,profit\n"
    base = cg.read_orders(put("o.csv", f"{head}a,2025-01-01,NULL,N/A,1\na,2025-01-01,NULL,x,1\n"))
    assert ([2.0], [1.0]) == (base["orders"].tolist(), base["product_mix"].tolist())


@pytest.mark.parametrize("form", ["csv", "int", "float", "text"])
def test_a_given_number_is_unknown_whichever_way_it_is_written(put: Put, form: str) -> None:
    """A code for unknown is NaN in every kind of column; the id 007 isn't the code 7."""
    source: Any = put("c.csv", "customer_id,profit,potential\nk1,100,500\n007,-99999,300\nk3,10,99999999.0\n")
    if form != "csv":
        kind = {"int": np.int64, "float": np.float64, "text": str}[form]
        source = pd.read_csv(source, dtype={"customer_id": str})
        source = source.assign(profit=source["profit"].astype(kind), potential=source["potential"].astype(kind))
    base = cg.read_customers(source, missing=["-99999", "99999999", "7"])
    assert ["k1", "007", "k3"] == base.ids.tolist()
    assert np.array_equal([100.0, np.nan, 10.0], base["profit"], equal_nan=True)
    assert np.array_equal([500.0, 300.0, np.nan], base["potential"], equal_nan=True)


def test_a_given_number_in_order_lines_is_empty(tmp_path: Path) -> None:
    """The code adds nothing to a sum, and a required amount with the code is refused as empty."""
    days = pd.to_datetime(["2025-01-01"] * 2)
    frame = pd.DataFrame({"customer_id": ["a", "a"], "date": days, "profit": [1, 2], "sales_hours": [2.5, -1]})
    assert [2.5] == cg.read_orders(frame, missing=["-1"])["sales_hours"].tolist()
    with pytest.raises(cg.errors.BadRowsError, match="row 2: unreadable profit"):
        cg.read_orders(frame, missing=["-1", "2"])
