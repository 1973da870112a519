"""The largest rises and falls: against pandas, by hand, and as the command line leads with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import ParameterError
from custgrade.plugins import Axis, Thresholds

NAN = math.nan
Succeeds = Callable[..., tuple[int, str, str]]


def model_at(*boundaries: float, by: str = "profit") -> cg.GradingModel:
    """A model that grades by a field at these values."""
    labels = "ABCDEF"[: len(boundaries) + 1]
    axis = Axis("grade", labels, lambda c: c[by], Thresholds(boundaries), rises=[by])
    return cg.Scorer([axis]).fit(cg.CustomerBase(["x"], {by: [1.0]}))


MODEL = model_at(20.0, 10.0)
VALUES = st.one_of(st.just(NAN), st.integers(0, 30).map(float))
PEOPLE = st.dictionaries(st.integers(0, 30).map(lambda k: f"c{k}"), VALUES, min_size=1, max_size=25)


def base_of(profits: dict[str, float], **rest: Any) -> cg.CustomerBase:
    """Customers with these profits."""
    return cg.CustomerBase(list(profits), {"profit": list(profits.values())}, **rest)


@settings(max_examples=80, deadline=None)
@given(before=PEOPLE, after=PEOPLE, most=st.integers(1, 6))
def test_between_two_bases_by_pandas(before: dict[str, float], after: dict[str, float], most: int) -> None:
    """The largest differences of customers whose grade changed; who is absent has nothing, who is unknown has none."""
    comparison = cg.compare(MODEL, base_of(after), base_before=base_of(before))
    moved = set(comparison.ids[comparison.moved].tolist())
    frame = pd.DataFrame({"before": pd.Series(before), "after": pd.Series(after)})
    known = [
        name for name in frame.index if not any(name in some and math.isnan(some[name]) for some in (before, after))
    ]
    frame = frame.fillna(0.0)
    change = (frame.after - frame.before)[[name for name in known if name in moved]]
    largest = comparison.largest(most)
    for movers, expected, count in (
        (largest.rises, change[change > 0].sort_values(ascending=False), largest.counts[0]),
        (largest.falls, change[change < 0].sort_values(), largest.counts[1]),
    ):
        found = [np.nan_to_num(one.money_after) - np.nan_to_num(one.money_before) for one in movers]
        assert expected.tolist()[:most] == found
        assert len(expected) == count
        assert {one.customer_id: change[one.customer_id] for one in movers} == dict(
            zip([one.customer_id for one in movers], found, strict=True)
        )
    assert ((), True, "profit") == (largest.others, largest.two_bases, largest.measure and largest.measure.name)


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE, most=st.integers(1, 6))
def test_with_one_base_by_what_the_customer_brings(people: dict[str, float], most: int) -> None:
    """Of those whose grade rose or fell the most profitable first."""
    comparison = cg.compare(model_at(25.0, 10.0), base_of(people), model_before=model_at(20.0, 15.0))
    rows = comparison.to_pandas()
    rows["profit"] = [people[one] for one in rows.customer_id]
    largest = comparison.largest(most)
    for movers, change in ((largest.rises, "up"), (largest.falls, "down")):
        expected = rows[rows.change == change].sort_values("profit", ascending=False, kind="stable")
        assert expected.customer_id.tolist()[:most] == [one.customer_id for one in movers]
        assert all((one.change, one.money_before, one.cause) == (change, one.money_after, "model") for one in movers)


def test_by_hand_with_names() -> None:
    """A newcomer, a lost customer, one up and one down: names of whichever base has the customer."""
    before = base_of({"a": 25.0, "b": 5.0, "c": 22.0, "d": 21.0}, names=["Ann", "Bo", "", "Dee"], currency="EUR")
    after = base_of({"b": 12.0, "c": 4.0, "n": 28.0, "d": 25.0}, names=["Bo & Co", "", "New", "Dee"], currency="EUR")
    largest = cg.compare(MODEL, after, base_before=before).largest()
    assert [
        cg.Mover("n", "New (n)", "absent", "A", "graded", "customer", NAN, 28.0).label,
        "Bo & Co (b)",
    ] == [one.label for one in largest.rises]
    assert [("Ann (a)", "A", "absent", 25.0), ("c", "A", "C", 22.0)] == [
        (one.label, one.before, one.after, one.money_before) for one in largest.falls
    ]


def test_the_measure_is_money_that_both_have() -> None:
    """The field graded by if it is money, else profit, else revenue; none where neither base has money."""
    both = {"revenue": [1.0, 30.0], "profit": [1.0, 2.0], "orders": [1.0, 30.0]}
    for columns, by, expected in (
        (both, "revenue", "revenue"),
        (both, "profit", "profit"),
        (both, "orders", "profit"),
        ({k: both[k] for k in ("revenue", "orders")}, "orders", "revenue"),
        ({"orders": both["orders"]}, "orders", None),
        (both, "average_sale", "average_sale"),
    ):
        base, other = (cg.CustomerBase(["a", "b"], columns) for _ in range(2))
        swapped = other.take([1, 0])
        then = cg.CustomerBase(["a", "b"], dict(swapped.columns))
        model = model_at(20.0, by=by) if by != "average_sale" else cg.scorer("abcde", by=by).fit(base)
        found = cg.compare(model, base, base_before=then).measure
        assert expected == (found and found.name)
    without = cg.CustomerBase(["a", "b"], {"orders": [1.0, 30.0]})
    moves = cg.compare(model_at(20.0, by="orders"), without, model_before=model_at(40.0, by="orders")).largest()
    assert [("b", "B", "A")] == [(one.label, one.before, one.after) for one in moves.rises]


def test_how_many_is_a_number_above_0() -> None:
    """Anything else is refused."""
    comparison = cg.compare(MODEL, base_of({"a": 1.0}), model_before=MODEL)
    for wrong in (0, -1, True, 2.5, "3"):
        with pytest.raises(ParameterError, match="most must be a whole number of at least 1; received"):
            comparison.largest(wrong)  # type: ignore[arg-type]  # on purpose


def test_the_command_line_leads_with_them(tmp_path: Path, command: Succeeds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first tables hold names, grades, money with its currency, and the cause; nobody's grade isn't shown."""
    monkeypatch.chdir(tmp_path)
    Path("then.csv").write_text("customer_id,name,profit\na,Ann,25\nb,Bo,5\nc,Cy,22\n")
    Path("now.csv").write_text("customer_id,Name,profit\nb,Bo,30\nc,Cy,4\na,Ann,26\n")
    halves = ("--param", "letters=AB", "--param", 'shares=["1/2", "1/2"]')
    command("grade", "--customers", "then.csv", "--scorer", "abcde", *halves, "--save-model", "m.json")
    status, out, err = command(
        "compare", "m.json", "--customers", "now.csv", "--before", "then.csv", "--currency", "EUR"
    )
    assert (0, "") == (status, err)
    sections = out.split("\n\n")
    assert "largest rises in profit" == sections[1].splitlines()[0]
    assert "Bo (b)" in sections[1]
    assert ["5.00", "EUR", "30.00", "EUR", "+25.00", "EUR", "customer"] == sections[1].splitlines()[3].split()[-7:]
    assert sections[2].startswith("largest falls in profit")
    assert "-18.00 EUR" in sections[2]
    assert "absent" not in sections[3]


def test_many_grades_are_listed_by_cell(tmp_path: Path, command: Succeeds, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four axes with five labels only the cells that hold somebody are printed, the largest first."""
    monkeypatch.chdir(tmp_path)
    Path("four_axes.py").write_text(
        "import custgrade.plugins as cg\n"
        "def four():\n"
        "    names = ('profit', 'revenue', 'orders', 'complaints')\n"
        "    shares = cg.Shares(('1/5',) * 5)\n"
        "    return cg.Scorer([cg.Axis(n, 'ABCDE', lambda c, n=n: c[n], shares) for n in names])\n"
    )
    draw = np.random.default_rng(3)
    for name in ("then.csv", "now.csv"):
        columns = {n: draw.integers(1, 1000, 300) for n in ("profit", "revenue", "orders", "complaints")}
        pd.DataFrame({"customer_id": [f"c{k}" for k in range(300)], **columns}).to_csv(name, index=False)
    how = ("--scorer", "four_axes:four")
    status, out, err = command("grade", "--customers", "then.csv", *how, "--save-model", "m.json")
    assert (0, "") == (status, err)
    assert len(out.split("\n\n")[0].splitlines()) < 300
    status, out, err = command("compare", "m.json", *how, "--customers", "now.csv", "--before", "then.csv")
    assert (0, "") == (status, err)
    assert len(out.splitlines()) < 100
    cells = next(part for part in out.split("\n\n") if part.startswith("before"))
    counts = [int(line.split()[-1]) for line in cells.splitlines()[2:-1]]
    assert counts == sorted(counts, reverse=True)
    assert 0 not in counts
    assert 300 == sum(counts) + int(cells.splitlines()[-1].split()[1])
