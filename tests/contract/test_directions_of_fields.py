"""Fields say which of their values are better; schemes, percentiles and notes follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.cli.main import main
from custgrade.errors import FieldError
from custgrade.plugins import Axis, Percentile, Scorecard, Shares, Thresholds, criteria_from, rank_by

LEAST = ("recency", "days_late", "complaints", "returns", "discount", "cost_to_serve", "sales_hours", "service_hours")
HALVES = {"abcde": {"letters": "AB", "shares": ["1/2", "1/2"]}, "top10": {"share": "1/2", "labels": ["A", "B"]}}


def base_of(field: str, values: list[float]) -> cg.CustomerBase:
    return cg.CustomerBase([f"c{k}" for k in range(len(values))], {field: values})


@pytest.mark.parametrize("name", cg.STANDARD_FIELDS)
def test_every_standard_field_says_its_better_end(name: str) -> None:
    """Less is better of days, costs and complaints; more of everything else, but for whether gifts are refused."""
    expected = None if name == "no_gifts" else "lowest" if name in LEAST else "highest"
    assert cg.STANDARD_FIELDS[name].better == expected


@pytest.mark.parametrize("better", ["most", 1, True, ""])
def test_a_field_can_say_no_other_end(better: Any) -> None:
    """Anything but highest, lowest and None is refused."""
    with pytest.raises(FieldError, match="better is 'highest', 'lowest' or None"):
        cg.Field("mood", "rating", better=better)


@pytest.mark.parametrize("scheme", HALVES)
@pytest.mark.parametrize("field", [*LEAST, "revenue", "orders", "mood"])
def test_schemes_rank_by_the_better_end(scheme: str, field: str) -> None:
    """The better half by the field gets the A; a field that nobody defines is better where it is higher."""
    scorer = cg.scorer(scheme, by=field, minimum_orders=0, **HALVES[scheme])
    model, graded = scorer.fit_grade(base_of(field, [1.0, 2.0, 3.0, 4.0]))
    assert "".join(graded.grades) == ("AABB" if field in LEAST else "BBAA")
    assert (f"grade is by {field}, least first" in model.notices) == (field in LEAST)
    assert (scorer.axes[0].rises, scorer.axes[0].falls) == (((), (field,)) if field in LEAST else ((field,), ()))


def test_a_score_with_a_minus_needs_no_notice() -> None:
    """Its author wrote the direction."""
    axis = Axis("grade", "AB", lambda c: -c["recency"], Thresholds((-30.0,)), falls=["recency"])
    assert cg.Scorer([axis]).fit(base_of("recency", [1.0, 90.0])).notices == ()


@pytest.mark.parametrize("scheme", HALVES)
@pytest.mark.parametrize(("best", "expected"), [("highest", "BBAA"), ("lowest", "AABB")])
def test_what_is_given_counts(scheme: str, best: str, expected: str) -> None:
    """A given end is taken, whatever the field says."""
    for field in ("recency", "revenue"):
        scorer = cg.scorer(scheme, by=field, best=best, minimum_orders=0, **HALVES[scheme])
        assert "".join(scorer.fit(base_of(field, [1.0, 2.0, 3.0, 4.0])).grade(base_of(field, [1, 2, 3, 4])).grades) == (
            expected
        )


def test_percentiles_follow_too() -> None:
    """A percentile of recency is best for who came last; a scorecard with it falls with recency."""
    assert (Percentile("recency").best, Percentile("revenue").best, Percentile("mood").best) == (
        "lowest",
        "highest",
        "highest",
    )
    scorer = Scorecard(criteria_from({"recency": {"points": "percentile"}})).scorer()
    graded = scorer.fit_grade(base_of("recency", [0.0, 10.0, 20.0, 400.0]))[1]
    assert graded.scores["grade"].tolist() == sorted(graded.scores["grade"].tolist(), reverse=True)
    assert scorer.axes[0].falls == ("recency",)


def test_nobody_can_act_on_recency() -> None:
    """No way up asks for an order of the past."""
    assert not cg.STANDARD_FIELDS["recency"].actionable


ROWS = "customer_id,date,revenue,profit\nk1,2025-05-30,40,4\nk2,2022-03-14,80,3\n"


def test_the_report_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of two customers the one who was here today is A, and the report says in which direction it ranked."""
    (tmp_path / "orders.csv").write_text(ROWS, encoding="utf-8")
    halves = ["--param", "letters=AB", "--param", 'shares=["1/2", "1/2"]']
    out = tmp_path / "graded.csv"
    orders = ["--orders", str(tmp_path / "orders.csv")]
    assert main(["grade", *orders, "--scorer", "abcde", "--param", "by=recency", *halves, "--out", str(out)]) == 0
    assert "note: grade is by recency, least first" in capsys.readouterr().out.splitlines()
    assert [row.split(",")[0] for row in out.read_text(encoding="utf-8").splitlines() if ",A," in row] == ["k1"]


TIED = [3.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 9.0, 9.0, 9.0]


@pytest.mark.parametrize(
    "score",
    [
        rank_by("recency", "lowest"),
        lambda c: -c["recency"],
        lambda c: np.negative(c["recency"]),
    ],
    ids=["rank_by", "minus", "negative"],
)
def test_notes_tell_values_as_the_user_knows_them(score: Any) -> None:
    """Customers who tie at 6 days tie at 6, however the score turns the field round."""
    scorer = cg.Scorer(Axis("grade", "AB", score, Shares(("1/2", "1/2")), falls="recency"))
    notices = scorer.fit(base_of("recency", TIED)).notices
    assert [notice.rpartition(" tie at ")[2] for notice in notices if " tie at " in notice] == ["6"]


def test_a_derived_field_and_other_scores() -> None:
    """A margin's sign is turned back; a score that isn't one field is told as it is."""
    base = cg.CustomerBase([f"c{k}" for k in range(10)], {"profit": TIED, "revenue": [10.0] * 10, "orders": [1.0] * 10})
    for score, tie in (
        (lambda c: -c["margin"], "0.6"),
        (lambda c: -c["profit"] - c["orders"], "-7"),
        (lambda c: -np.sqrt(c["profit"] * 6.0), "-6"),
        (lambda c: c["profit"] * 1e6, "6,000,000"),
    ):
        scorer = cg.Scorer(Axis("grade", "AB", score, Shares(("1/2", "1/2"))))
        told = [notice.rpartition(" tie at ")[2] for notice in scorer.fit(base).notices if " tie at " in notice]
        assert told == [tie]


def test_notes_of_the_fit_are_called_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A loaded model's notes are said to be of its fit; those of a run that fits are not."""
    rows = "".join(f"c{k},{value}\n" for k, value in enumerate(TIED))
    (tmp_path / "customers.csv").write_text("customer_id,profit\n" + rows, encoding="utf-8")
    (tmp_path / "others.csv").write_text("customer_id,profit\nz,6\ny,1\n", encoding="utf-8")
    model = str(tmp_path / "model.json")
    assert (
        main(["grade", "--customers", str(tmp_path / "customers.csv"), "--scorer", "abcde", "--save-model", model]) == 0
    )
    fitted = [line for line in capsys.readouterr().out.splitlines() if "tie at 6" in line]
    assert fitted
    assert main(["grade", "--customers", str(tmp_path / "others.csv"), "--model", model]) == 0
    loaded = [line for line in capsys.readouterr().out.splitlines() if "tie at 6" in line]
    assert loaded == [line.replace("note: ", "note: when the model was fitted: ") for line in fitted]
