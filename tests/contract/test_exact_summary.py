"""Totals of a summary against decimal arithmetic, and lengths that cost nothing."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.plugins import Axis, Thresholds, ValueShares

AMOUNTS = st.one_of(
    st.integers(-(10**9), 10**9).map(lambda k: f"{k / 100:.2f}"),
    st.integers(0, 10**12).map(lambda k: f"{k / 10**6:.6f}"),
)


@given(amounts=st.lists(AMOUNTS, min_size=2, max_size=60))
@settings(max_examples=100, deadline=None)
def test_totals_are_those_of_decimals(amounts: list[str]) -> None:
    """Per grade and overall, the float64 nearest to the sum of the decimals that the amounts are."""
    base = cg.CustomerBase([str(k) for k in range(len(amounts))], {"profit": [float(text) for text in amounts]})
    graded = cg.scorer("top10", share="1/2", minimum_orders=0).fit_grade(base)[1]
    with localcontext(prec=80):
        for line in graded.summary():
            mine = [
                Decimal(a) for a, g in zip(amounts, graded.grades.tolist(), strict=True) if line.grade in (g, "total")
            ]
            assert line.totals["profit"] == float(sum(mine, Decimal(0)))


def test_ten_cents_and_twenty() -> None:
    """0.10 and 0.20 are 0.30, whatever order and grade they are in."""
    base = cg.CustomerBase(["a", "b", "c"], {"revenue": [0.1, 0.2, 0.7], "profit": [0.1, 0.2, 0.7]})
    total = cg.scorer("abcde").fit_grade(base.take([0, 1]))[1].summary()[-1]
    assert (total.totals["revenue"], total.totals["profit"]) == (0.3, 0.3)
    assert cg.scorer("abcde").fit_grade(base)[1].summary()[-1].totals["revenue"] == 1.0


def test_files_add_up_alike(tmp_path: Path) -> None:
    """The summary of a graded file has the same totals."""
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,profit\n" + "".join(f"c{k},0.1\n" for k in range(300)), encoding="utf-8")
    outcome = cg.grade_file(path, cg.scorer("abcde"))
    assert outcome.summary[-1].totals["profit"] == 30.0


def test_a_share_of_a_value_is_reached_exactly() -> None:
    """0.7 and 0.1 are 80 % of 1.0: the third customer isn't needed to reach it, as float64's own sums would have it."""
    base = cg.CustomerBase(list("abcd"), {"revenue": [0.7, 0.1, 0.1, 0.1], "profit": [4.0, 3.0, 2.0, 1.0]})
    axis = Axis("grade", "AB", lambda c: c["profit"], ValueShares(("0.8", "0.2"), "revenue"))
    assert cg.Scorer(axis).fit_grade(base)[1].grades.tolist() == ["A", "A", "B", "B"]


def test_the_length_needs_no_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many customers there are is known without asking why some aren't graded."""
    base = cg.CustomerBase(["a", "b"], {"profit": [1.0, np.nan]})
    graded = cg.scorer("abcde").fit(base).grade(base)

    def fails(*_: Any) -> None:
        raise AssertionError("reasons were computed")

    monkeypatch.setattr("custgrade.model.reasons.Reasons.assign", fails)
    assert len(graded) == 2
    assert len(graded.grades) == 2


def test_a_scheme_is_traced_once() -> None:
    """The function that scores is run once when a scheme makes its scorer."""
    runs = []

    def score(c: Any) -> Any:
        runs.append(1)
        return c["profit"]

    def scheme() -> cg.Scorer:
        return cg.Scorer(Axis("grade", "AB", score, Thresholds((5,))))

    scorer = cg.scorer(scheme)
    assert (runs, scorer.origin.name.rpartition(".")[2]) == ([1], "scheme")
