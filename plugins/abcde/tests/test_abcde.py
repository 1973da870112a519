"""The scorer `abcde`: every parameter and its errors."""

from __future__ import annotations

import math
from typing import Any

import pytest

from custgrade import CustomerBase, scorer
from custgrade.errors import CutError, FieldError, NothingToGradeError, ParameterError, ScorerError
from custgrade.plugins import default_registry


def base_of(**columns: Any) -> CustomerBase:
    return CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def grades(base: CustomerBase, **parameters: Any) -> str:
    """The letters of all customers, a dash for ungraded ones."""
    graded = scorer("abcde", **parameters).fit(base).grade(base)
    return "".join(grade or "-" for grade in graded.grades.tolist())


def test_five_letters_by_default() -> None:
    """Of 20 customers 1 is A, 3 are B, 6 C, 6 D and 4 E, so that A and B are the top 20 %."""
    assert "ABBBCCCCCCDDDDDDEEEE" == grades(base_of(profit=range(20, 0, -1)))


def test_ten_identical_customers_are_all_c() -> None:
    """The middle of ten equals is in the third class."""
    assert "C" * 10 == grades(base_of(profit=[7.0] * 10))


def test_one_customer() -> None:
    """One customer fills the first class, which has R = 1."""
    assert "A" == grades(base_of(profit=[-5.0]))


def test_ten_percent_of_thirty_is_three() -> None:
    """Shares are exact."""
    assert "A" * 3 + "B" * 27 == grades(base_of(profit=range(30, 0, -1)), letters="AB", shares=["0.1", "0.9"])


def test_renamed_ids_change_nothing() -> None:
    """Ids have no part in a grade."""
    profit = [3.0, 3.0, 1.0, 2.0, 5.0]
    renamed = CustomerBase(["z", "y", "é", "1", ""], {"profit": profit})
    assert grades(base_of(profit=profit)) == grades(renamed)


def test_by_another_field() -> None:
    """Customers are ranked by any field, a derived one included."""
    base = base_of(profit=[1, 2, 3], revenue=[2, 8, 30])
    two = {"letters": "AB", "shares": ["1/3", "2/3"]}
    assert "BBA" == grades(base, by="profit", **two)
    assert "ABB" == grades(base, by="margin", **two)


def test_letters_may_be_words() -> None:
    """Any number of labels, as text or as a list."""
    base = base_of(profit=[2, 1])
    graded = scorer("abcde", letters=["gold", "silver"], shares=["0.5", "0.5"]).fit(base).grade(base)
    assert ["gold", "silver"] == graded.grades.tolist()
    assert {"gold": 1, "silver": 1, "ungraded": 0} == graded.counts()


def test_one_letter() -> None:
    """One letter with the share 1 is a scale, if a dull one."""
    assert "AAA" == grades(base_of(profit=[1, 2, 3]), letters="A", shares=["1"])


@pytest.mark.parametrize("shares", [[0.05, 0.15, 0.3, 0.3, 0.2], ["5e-2", "0.15", "3/10", "0.3", "1/5"]])
def test_shares_as_numbers_or_text(shares: list[Any]) -> None:
    """Floats stand for their decimal text."""
    base = base_of(profit=range(40))
    assert grades(base) == grades(base, shares=shares)


def test_the_lowest_may_be_best() -> None:
    """`best="lowest"` turns the ranking and the declared direction round."""
    base = base_of(recency=[10, 400])
    assert "AB" == grades(base, by="recency", best="lowest", letters="AB", shares=["0.5", "0.5"])
    assert ((), ("recency",)) == (
        scorer("abcde", by="recency", best="lowest").axes[0].rises,
        scorer("abcde", by="recency", best="lowest").axes[0].falls,
    )


@pytest.mark.parametrize(("ties", "expected"), [("mid", "BBBB"), ("better", "AAAA"), ("worse", "BBBB")])
def test_ties(ties: str, expected: str) -> None:
    """Four equals across the first quarter go where the rule says."""
    assert expected == grades(base_of(profit=[1.0] * 4), letters="AB", shares=["0.25", "0.75"], ties=ties)


def test_at_least_half_within_goes_up() -> None:
    """Under the default rule a block of two, one of which is within, goes to the better side."""
    assert "AAB" == grades(base_of(profit=[2, 2, 1]), letters="AB", shares=["1/3", "2/3"])


def test_minimum_orders_and_tenure() -> None:
    """Who has too little evidence is ungraded with the reason, and isn't counted."""
    base = base_of(profit=[9, 8, 7, 6], orders=[1, 2, 2, math.nan], tenure=[99, 5, 30, 99])
    graded = scorer("abcde", minimum_orders=2, minimum_tenure=30).fit(base).grade(base)
    assert ["", "", "A", ""] == graded.grades.tolist()
    reasons = [graded.reasons[code] for code in graded.reason_codes]
    assert ["fewer than 2 orders", "known for less than 30 days", "", "unknown: orders"] == reasons


def test_no_evidence_is_asked_for_by_default() -> None:
    """Neither orders nor tenure are needed unless a minimum is given."""
    assert ("profit",) == scorer("abcde").inputs
    assert ("orders", "profit") == tuple(sorted(scorer("abcde", minimum_orders=1).inputs))


@pytest.mark.parametrize(
    "parameters",
    [
        {"by": 3}, {"letters": 5}, {"letters": ["A", 1]}, {"shares": "0.5"}, {"shares": 0.5}, {"best": "most"},
        {"ties": "up"}, {"minimum_orders": 1.5}, {"minimum_orders": "2"}, {"minimum_orders": True},
        {"minimum_orders": -1},
        {"minimum_tenure": -1}, {"letters": "ABC"}, {"shares": ["0.5", "0.5"]}, {"colour": "red"},
        {"letters": "", "shares": []},
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_an_error(parameters: dict[str, Any]) -> None:
    """Unknown ones, wrong types, and letters that don't match the shares are refused before any data is read."""
    with pytest.raises((ParameterError, CutError, ScorerError)):
        scorer("abcde", **parameters)


@pytest.mark.parametrize(
    "shares", [["0.5", "0.6"], ["0.5", "0.4"], ["-0.5", "1.5"], ["0", "1"], ["x", "1"], [0.1, 0.8]]
)
def test_shares_must_sum_to_one(shares: list[Any]) -> None:
    """Shares are positive and sum to exactly 1."""
    with pytest.raises(CutError):
        scorer("abcde", letters="AB", shares=shares)


def test_the_same_letter_twice_is_an_error() -> None:
    """Letters differ."""
    with pytest.raises(ScorerError, match="different"):
        scorer("abcde", letters="AA", shares=["0.5", "0.5"])


def test_a_field_that_is_not_there() -> None:
    """A base without the field is refused with what it has; without profit, a way to it is named."""
    with pytest.raises(FieldError, match="assume"):
        scorer("abcde").fit(base_of(revenue=[1.0]))
    with pytest.raises(FieldError, match="loyalty"):
        scorer("abcde", by="loyalty").fit(base_of(revenue=[1.0]))


def test_nothing_to_grade() -> None:
    """A base in which every profit is unknown is refused."""
    with pytest.raises(NothingToGradeError, match=r"unknown: profit \(2 customers\)"):
        scorer("abcde").fit(base_of(profit=[math.nan, math.nan]))


def test_its_parameters() -> None:
    """The parameters by name, in the order of the scheme's page."""
    parameters = default_registry().scheme("abcde").parameters
    assert ["by", "letters", "shares", "best", "ties", "minimum_orders", "minimum_tenure"] == [
        p.name for p in parameters
    ]
