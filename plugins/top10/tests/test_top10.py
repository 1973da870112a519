"""The scorer `top10`: every parameter against plain counting, its errors."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import custgrade
from custgrade import CustgradeError, CustomerBase, load_model, scorer
from custgrade.cli.main import main
from custgrade.errors import FieldError, NothingToGradeError, ParameterError, ScorerError
from custgrade.plugins import default_registry

NAN = math.nan


def base_of(**columns: Any) -> CustomerBase:
    return CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def grades(base: CustomerBase, **parameters: Any) -> str:
    """`t` for everybody at the top, `r` for the rest, a dash for ungraded customers."""
    graded = scorer("top10", **parameters).fit(base).grade(base)
    return "".join(grade[:1] or "-" for grade in graded.grades.tolist())


def counted(scores: list[float], share: Fraction, ties: str) -> str:
    """The same letters by counting: who is above each customer, and who is equal."""
    known = [score for score in scores if math.isfinite(score)]
    rank = math.ceil(share * len(known))
    letters = ""
    for score in scores:
        above, through = sum(other > score for other in known), sum(other >= score for other in known)
        up = {"mid": above + through <= 2 * rank, "better": above < rank, "worse": through <= rank}[ties]
        letters += "-" if not math.isfinite(score) else "t" if up else "r"
    return letters


def test_the_top_tenth_by_profit() -> None:
    """Of 20 customers with two orders each the two most profitable are at the top."""
    assert "tt" + "r" * 18 == grades(base_of(profit=range(20, 0, -1), orders=[2] * 20))


def test_ten_percent_of_thirty_is_three() -> None:
    """The share is exact, as text and as a float, though `0.1 * 30 > 3`."""
    base = base_of(profit=range(30, 0, -1), orders=[2] * 30)
    assert ["ttt" + "r" * 27] * 3 == [grades(base, **given) for given in ({}, {"share": 0.1}, {"share": "1/10"})]


@given(
    scores=st.lists(
        st.sampled_from([NAN, -2.0, -0.0, 0.0, 0.01, 1.0, 2.0, 3.0, 1e300, math.inf]), min_size=1, max_size=40
    ),
    share=st.sampled_from(["0.10", 0.1, "1/3", 0.5, "2/3", "1e-9", "0.999999999", Fraction(1, 7)]),
    ties=st.sampled_from(["mid", "better", "worse"]),
    best=st.sampled_from(["highest", "lowest"]),
)
@settings(deadline=None, max_examples=50)
def test_any_share_is_that_of_counting(scores: list[float], share: Any, ties: str, best: str) -> None:
    """Shares, ties and directions give what counting gives, unknown and infinite values being ungraded."""
    assume(any(map(math.isfinite, scores)))
    exact = Fraction(str(share))
    rank_by = [score if best == "highest" else -score for score in scores]
    base = base_of(recency=scores)
    given_so = {"by": "recency", "minimum_orders": 0, "best": best}
    assert counted(rank_by, exact, ties) == grades(base, share=share, ties=ties, **given_so)


@pytest.mark.parametrize(("ties", "expected"), [("mid", "rrrr"), ("better", "tttt"), ("worse", "rrrr")])
def test_ties(ties: str, expected: str) -> None:
    """Four equals across the first tenth go where the rule says."""
    assert expected == grades(base_of(profit=[1.0] * 4, orders=[9] * 4), ties=ties)


def test_one_customer_is_at_the_top() -> None:
    """One customer fills the top, which has R = 1, whatever the profit."""
    assert ["t", "t"] == [grades(base_of(profit=[profit], orders=[2])) for profit in (-5.0, 0.0)]


def test_by_another_field() -> None:
    """Customers are ranked by any field, a derived one included."""
    base = base_of(profit=[1, 2, 3], revenue=[2, 8, 30], orders=[2, 2, 2])
    assert ["rrt", "trr"] == [grades(base, by=field) for field in ("profit", "margin")]


def test_the_direction_is_declared() -> None:
    """The axis rises with the field, or falls with it where the lowest value is best."""
    assert (("profit",), ()) == (scorer("top10").axes[0].rises, scorer("top10").axes[0].falls)
    lowest = scorer("top10", by="days_late", best="lowest").axes[0]
    assert ((), ("days_late",)) == (lowest.rises, lowest.falls)


def test_labels_may_be_any_words() -> None:
    """The two labels are the grades, the top first."""
    base = base_of(profit=[1, 2], orders=[2, 2])
    graded = scorer("top10", labels=["gold", "others"], share="1/2").fit(base).grade(base)
    assert ["others", "gold"] == graded.grades.tolist()
    assert {"gold": 1, "others": 1, "ungraded": 0} == graded.counts()


def test_a_new_customer_is_testing_the_waters() -> None:
    """Who has ordered once is ungraded with the reason, and isn't counted among those of whom a tenth is taken."""
    base = base_of(profit=[99, *range(10, 0, -1)], orders=[1] + [2] * 10)
    graded = scorer("top10").fit(base).grade(base)
    assert ["", "top", *["rest"] * 9] == graded.grades.tolist()
    assert ["fewer than 2 orders"] == [graded.reasons[code] for code in graded.reason_codes if code]


def test_minimum_orders_and_tenure() -> None:
    """Both minima may be set; the first that fails is the reason, and an unknown number is unknown."""
    base = base_of(profit=[9, 8, 7, 6, 5], orders=[2, 3, 3, NAN, 3], tenure=[1, 29, 30, 99, NAN])
    graded = scorer("top10", minimum_orders=3, minimum_tenure=30).fit(base).grade(base)
    assert ["", "", "top", "", ""] == graded.grades.tolist()
    assert ["fewer than 3 orders", "known for less than 30 days", "", "unknown: orders", "unknown: tenure"] == [
        graded.reasons[code] for code in graded.reason_codes
    ]


def test_no_minimum() -> None:
    """With both minima 0, neither orders nor tenure are read."""
    assert ("profit",) == scorer("top10", minimum_orders=0).inputs
    assert "t" == grades(base_of(profit=[1], orders=[0]), minimum_orders=0)


def test_data_without_orders_do_without_the_minimum() -> None:
    """Where the data has no orders or tenure, everybody is graded, and the model says what was left out."""
    base = base_of(profit=[2, 1])
    model = scorer("top10", minimum_tenure=30).fit(base)
    assert ["top", "rest"] == model.grade(base).grades.tolist()
    assert ("orders", "tenure") == model.dropped
    assert [f"left out, because the data has no such field: {field}" for field in ("orders", "tenure")] == list(
        model.notices
    )


def test_ranking_by_orders_needs_them() -> None:
    """What the ranking itself reads is never left out, be it orders or what is made of them."""
    for by in ("orders", "average_sale"):
        with pytest.raises(FieldError, match="'orders'"):
            scorer("top10", by=by).fit(base_of(revenue=[2, 1]))


@pytest.mark.parametrize(
    ("parameters", "error", "says"),
    [
        ({"by": 3}, ParameterError, "'by' of 'top10' must be a text; received 3"),
        ({"share": 0}, ParameterError, "received share 0; give a number above 0 and below 1, such as 0.1"),
        ({"share": 1}, ParameterError, "received share 1"),
        ({"share": "1.0"}, ParameterError, "received share '1.0'"),
        ({"share": 10}, ParameterError, "received share 10"),
        ({"share": "10 %"}, ParameterError, "received share '10 %'"),
        ({"share": -0.1}, ParameterError, "received share -0.1"),
        ({"share": NAN}, ParameterError, "received share nan"),
        ({"share": math.inf}, ParameterError, "received share inf"),
        ({"share": "1/0"}, ParameterError, "received share '1/0'"),
        ({"share": ""}, ParameterError, "received share ''"),
        ({"share": True}, ParameterError, "'share'"),
        ({"share": ["0.1"]}, ParameterError, "'share'"),
        ({"share": "1e-9999"}, ParameterError, "received share"),
        ({"labels": ["top"]}, ParameterError, "received ['top'] for labels"),
        ({"labels": ["a", "b", "c"]}, ParameterError, "received ['a', 'b', 'c'] for labels"),
        ({"labels": []}, ParameterError, "give two, the top first"),
        ({"labels": ["a", "a"]}, ScorerError, "different"),
        ({"labels": ["a", "ungraded"]}, ScorerError, "'ungraded'"),
        ({"labels": "ab"}, ParameterError, "list of texts"),
        ({"best": "most"}, ParameterError, "'highest', 'lowest'"),
        ({"ties": "up"}, ParameterError, "'mid', 'better', 'worse'"),
        ({"minimum_orders": -1}, ParameterError, "orders is 0 or more; received -1"),
        ({"minimum_orders": 1.5}, ParameterError, "whole number"),
        ({"minimum_orders": True}, ParameterError, "whole number"),
        ({"minimum_tenure": -30}, ParameterError, "0 or more; received -30"),
        ({"shares": ["0.1", "0.9"]}, ParameterError, "Did you mean 'share'?"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_an_error(parameters: dict[str, Any], error: type[CustgradeError], says: str) -> None:
    """What makes no sense is refused before any data is read, with what was received."""
    with pytest.raises(error) as caught:
        scorer("top10", **parameters)
    assert says in str(caught.value)


def test_a_field_that_is_not_there() -> None:
    """A base without the field is refused with what it has; without profit, a way to it is named."""
    with pytest.raises(FieldError, match="assume"):
        scorer("top10").fit(base_of(revenue=[1.0], orders=[2]))
    with pytest.raises(FieldError, match="loyalty"):
        scorer("top10", by="loyalty").fit(base_of(revenue=[1.0], orders=[2]))


def test_nothing_to_grade() -> None:
    """A base in which nobody can be graded is refused with the reasons."""
    with pytest.raises(NothingToGradeError, match=r"unknown: profit \(2 customers\)"):
        scorer("top10").fit(base_of(profit=[NAN, NAN], orders=[2, 2]))
    with pytest.raises(NothingToGradeError, match=r"fewer than 2 orders \(2 customers\)"):
        scorer("top10").fit(base_of(profit=[3, 4], orders=[1, 1]))
    with pytest.raises(NothingToGradeError, match="no customers"):
        scorer("top10").fit(base_of(profit=[], orders=[]))


@given(profit=st.lists(st.integers(-9, 9), min_size=1, max_size=30), share=st.sampled_from(["0.1", "1/3", "0.9"]))
@settings(deadline=None, max_examples=10)
def test_more_profit_is_never_worse(profit: list[int], share: str) -> None:
    """From the same model, a customer with more profit doesn't get the worse grade."""
    model = scorer("top10", share=share).fit(base_of(profit=profit, orders=[2] * len(profit)))
    rising = [model.grade_one({"profit": k / 2, "orders": 2}).grade for k in range(-20, 21)]
    assert sorted(rising, key=["rest", "top"].index) == rising


def test_a_saved_model_grades_the_same(tmp_path: Path) -> None:
    """A saved and loaded model gives the same grades, alone and in a batch, with the evidence that was left out."""
    newcomers = base_of(profit=[5, 4, 3, NAN], orders=[2, 1, NAN, 9])
    for number, base in enumerate((base_of(profit=[4, 2, 1], orders=[2, 2, 5]), base_of(profit=[4, 2, 1]))):
        model = scorer("top10", share="1/3").fit(base)
        model.save(tmp_path / f"{number}.json")
        loaded = load_model(tmp_path / f"{number}.json")
        expected = model.grade(newcomers).grades.tolist()
        assert (expected, model.notices) == (loaded.grade(newcomers).grades.tolist(), loaded.notices)
        assert expected == [loaded.grade_one(customer).grade for customer in newcomers]


def test_a_frame_gets_the_grade_columns() -> None:
    """A frame comes back with the five grade columns; it warns where it has no orders."""
    frame = pd.DataFrame({"profit": [1.0, 3.0, None], "orders": [2, 2, 2]})
    graded = custgrade.grade(frame, "top10")
    assert ["profit", "orders", "grade", "score", "status", "reason"] == list(graded.columns)
    assert ["rest", "top"] == graded["grade"].tolist()[:2]
    with pytest.warns(UserWarning, match="orders"):
        custgrade.grade(frame[["profit"]], "top10")


def test_a_file_is_graded_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line takes the parameters as TOML, writes the grades and reports each of them."""
    (tmp_path / "c.csv").write_text("customer_id,profit,orders\nx,1,2\ny,5,2\nz,9,1\n", encoding="utf-8")
    files = ["--customers", str(tmp_path / "c.csv"), "--out", str(tmp_path / "g.csv")]
    assert 0 == main(["grade", *files, "--scorer", "top10", "--param", "share=0.5", "--param", 'labels=["in", "out"]'])
    with (tmp_path / "g.csv").open(encoding="utf-8") as file:
        assert ["out", "in", ""] == [row["grade"] for row in csv.DictReader(file)]
    shown = capsys.readouterr().out.splitlines()
    assert ["in", "out", "ungraded", "total"] == [line.split()[0] for line in shown[2:6]]
    assert "ungraded: 1 customer: fewer than 2 orders" in shown


def test_its_parameters() -> None:
    """The parameters by name, in the order of the scheme's page."""
    parameters = default_registry().scheme("top10").parameters
    names = ["by", "share", "labels", "best", "ties", "minimum_orders", "minimum_tenure"]
    assert names == [parameter.name for parameter in parameters]
