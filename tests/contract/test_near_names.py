"""Which names are taken for slips of others, and in which direction errors point."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.plugins import Axis, Thresholds
from custgrade.text import did_you_mean, meant_instead
from custgrade.typing_slips import slips

NEAR = [
    ("revenu", "revenue"),
    ("reveneu", "revenue"),
    ("Revenue", "revenue"),
    ("proft", "profit"),
    ("prfoit", "profit"),
    ("order", "orders"),
    ("oders", "orders"),
    ("Order_ID", "order id"),
    ("order-id", "order_id"),
    ("tenur", "tenure"),
    ("recencey", "recency"),
    ("complaint", "complaints"),
    ("ease_of_buyng", "ease_of_buying"),
    ("lettres", "letters"),
    ("bye", "by"),
    ("abc", "abcd"),
    ("halfs", "halves"),
    ("rders", "orders"),
]
FAR = [
    ("tenure", "revenue"),
    ("recency", "revenue"),
    ("effort", "profit"),
    ("discount", "account"),
    ("returns", "referrals"),
    ("sales_hours", "service_hours"),
    ("profit", "promptness"),
    ("rate", "date"),
    ("cost", "post"),
    ("by", "my"),
    ("to", "of"),
    ("x", "y"),
    ("margin", "orders"),
    ("", "by"),
    ("count", "amount"),
    ("effort", "export"),
    ("letters", "filters"),
]


@pytest.mark.parametrize(("received", "known"), NEAR)
def test_a_slip_is_recognised(received: str, known: str) -> None:
    """Letters left out, added, changed or swapped; capitals and what stands between words."""
    assert did_you_mean(received, ["potential", known, "challenges_us"]) == f" Did you mean {known!r}?"


@pytest.mark.parametrize(("received", "known"), FAR)
def test_another_word_is_none(received: str, known: str) -> None:
    """Names that only share letters are not suggested for each other."""
    assert did_you_mean(received, [known]) == did_you_mean(known, [received]) == ""


def test_no_standard_field_is_a_slip_of_another() -> None:
    """Each of the standard fields is a word of its own."""
    names = list(cg.STANDARD_FIELDS)
    near = [(name, did_you_mean(name, [other for other in names if other != name])) for name in names]
    assert [(name, guess) for name, guess in near if guess] == []


def test_the_nearest_comes_first() -> None:
    """Of several near names the one with the fewest slips; of equally near ones the first."""
    assert did_you_mean("orderz", ["order_z1", "orders", "ordery"]) == " Did you mean 'orders'?"


def distance(one: str, other: str) -> int:
    """Slips by the definition: every way of undoing the last letters, without a table."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        distance(one[:-1], other) + 1,
        distance(one, other[:-1]) + 1,
        distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-2:][::-1]:
        found = min(found, distance(one[:-2], other[:-2]) + 1)
    return found


@given(one=st.text("abc", max_size=5), other=st.text("abc", max_size=5), most=st.integers(0, 4))
@settings(max_examples=200, deadline=None)
def test_slips_are_counted_as_defined(one: str, other: str, most: int) -> None:
    """The count is that of the definition, cut off beyond the most that is asked for."""
    assert min(distance(one, other), most + 1) == slips(one, other, most)


def axis(score: Any, **rest: Any) -> cg.Scorer:
    return cg.Scorer(Axis("grade", "AB", score, Thresholds((5,)), **rest))


BASE = cg.CustomerBase(["a"], {"revenu": [1.0], "tenure": [2.0]})
DIRECTIONS = {
    "a score reads a misspelt field": (
        lambda: axis(lambda c: c["revenu"], rises=["revenue"]),
        "reads 'revenu', which isn't a field. Did you mean 'revenue'?",
        "mean 'revenu'?",
    ),
    "a misspelt direction": (
        lambda: axis(lambda c: c["revenue"], rises=["revenu"]),
        "Did you mean 'revenue'?",
        "mean 'revenu'?",
    ),
    "a direction that isn't near": (
        lambda: axis(lambda c: c["tenure"], rises=["revenue"]),
        "doesn't read it. Its score reads: tenure",
        "mean",
    ),
    "data with a misspelt column": (
        lambda: axis(lambda c: c["revenue"]).fit(BASE),
        "Is 'revenu' meant? Rename it to 'revenue'.",
        "Did you",
    ),
    "data without anything near": (
        lambda: axis(lambda c: c["recency"]).fit(BASE),
        "the data has no 'recency'. It has: revenu, tenure",
        "mean",
    ),
    "a score that reads a name nobody knows": (
        lambda: axis(lambda c: c["tenur"]).fit(BASE),
        "the data has no 'tenur'. Did you mean 'tenure'?",
        "Rename",
    ),
    "a column that is asked for": (lambda: BASE["revenue"], "Is 'revenu' meant? Rename it to 'revenue'.", "Did you"),
}


@pytest.mark.parametrize(("what", "says", "never"), DIRECTIONS.values(), ids=DIRECTIONS.keys())
def test_errors_point_from_the_wrong_name_to_the_right_one(what: Any, says: str, never: str) -> None:
    """Fields that are defined are right; what only a score or the data calls so is the slip."""
    with pytest.raises(cg.CustgradeError) as caught:
        what()
    assert says in str(caught.value)
    assert never not in str(caught.value)


def test_a_name_of_the_users_own_is_to_be_renamed() -> None:
    """The right name is missing, and the data has a slip of it; or nothing near."""
    assert meant_instead("author", ["autor", "date"]) == " Is 'autor' meant? Rename it to 'author'."
    assert meant_instead("author", ["date"]) == ""
