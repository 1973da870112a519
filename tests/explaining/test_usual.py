"""What is usual among the best, and the sentences that a customer can hear: by sorting, in parts, and in words."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.explaining.usual import BestCustomers, usual_values
from custgrade.plugins import Axis, Shares, rank_by

EXAMPLES = Path(__file__).parents[2] / "examples"
FORBIDDEN = re.compile(r"\b(grades?|graded|scores?|ranks?|ranked|points?|class|classes|worst|bad|poor|hold)\b", re.I)
SCHEMES = ("abcd", "abcde", "floors", "matrix3x3", "top10")


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The 500 customers of the example."""
    orders = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31", currency="EUR")
    return orders.join(cg.read_customers(EXAMPLES / "survey.csv"))


def lower_median(values: list[float]) -> float:
    """The lower median of what is known, by sorting."""
    known = sorted(value for value in values if not math.isnan(value))
    return known[(len(known) - 1) // 2] if known else math.nan


@pytest.mark.parametrize("scheme", SCHEMES)
def test_usual_is_the_lower_median_of_the_best_class(scheme: str, base: cg.CustomerBase) -> None:
    """Per axis, and per class of its parent, by sorting the values of the best class that holds anybody."""
    explained = cg.explain(cg.scorer(scheme).fit(base), base)
    graded, scale = explained.graded, explained.model.scale
    for name, axis in explained.axes.items():
        within = scale.axis(name).within
        for group in range(scale.parent_classes(name)):
            inside = [within is None or int(graded.codes[within][row]) == group for row in range(len(base))]
            codes = [int(code) if there else 255 for code, there in zip(graded.codes[name], inside, strict=True)]
            rows = [row for row, code in enumerate(codes) if code == min(codes) != 255]
            for field in axis.fields:
                expected = lower_median([float(base[field][row]) for row in rows])
                assert expected == pytest.approx(explained.usual.of(name, field, group), nan_ok=True, abs=0)


@pytest.mark.parametrize("size", [1, 7, 499])
def test_usual_comes_from_parts_as_from_the_whole(size: int, base: cg.CustomerBase) -> None:
    """However the base is cut, also where the best class begins in a later part, the table is the same."""
    model = cg.scorer("matrix3x3").fit(base)
    names = {"revenue": ("revenue",), "profitability": ("margin", "revenue")}
    best = BestCustomers(names)
    for start in range(0, len(base), size):
        best.add(model.grade(base.take(np.arange(start, min(start + size, len(base))))))
    assert usual_values(model.grade(base), names) == best.usual()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_sentences_can_be_read_to_the_customer(scheme: str, base: cg.CustomerBase) -> None:
    """Nobody hears of a grade, a score or a rank, of long fractions or of symbols; everybody hears something."""
    explained = cg.explain(cg.scorer(scheme).fit(base), base)
    for row in range(0, len(base), 3):
        told = " ".join(explained.sentences(row))
        assert told
        assert not FORBIDDEN.search(told), told
        assert not re.search(r"\d\.\d{3,}|nan|e-\d|_", told), told


def one(field: str, value: float, usual: float, best: str = "highest", **rest: Any) -> list[str]:
    """What the second of two customers hears who are graded by one field."""
    base = cg.CustomerBase(["best", "one"], {field: [usual, value]}, currency="EUR", **rest)
    model = cg.Scorer(
        [
            Axis(
                "grade",
                "AB",
                rank_by(field, best),  # type: ignore[arg-type]  # one of both
                Shares(("1/2", "1/2")),
                rises=[field] if best == "highest" else [],
                falls=[field] if best == "lowest" else [],
            )
        ],
        fields=rest.get("extra_fields", ()),
    ).fit(base)
    return cg.explain(model, base).sentences(1)


def test_late_invoices_in_words() -> None:
    """Field, value with unit, what is usual among the best, and what to do."""
    assert [
        "Your invoices are paid 35 days late on average; our best customers pay within 2 days. "
        "Paying sooner would help most."
    ] == one("days_late", 35.0, 2.0, "lowest")
    assert "paid 1 day late on average; our best customers pay on time." in one("days_late", 1.0, 0.0, "lowest")[0]


@pytest.mark.parametrize("name", sorted(name for name, field in cg.STANDARD_FIELDS.items() if not field.derived))
def test_every_standard_field_has_words(name: str) -> None:
    """Both values are named with their unit, in whichever direction the field is better."""
    low, high = {"0/1": (0.0, 1.0), "ratio": (0.25, 0.5)}.get(cg.STANDARD_FIELDS[name].unit, (2.0, 4.0))
    shown = {
        "money": ("2.00 EUR", "4.00 EUR"),
        "days": ("2 days", "4 days"),
        "hours": ("2.0 hours", "4.0 hours"),
        "count": ("2", "4"),
        "rating": ("2 of 5", "4 of 5"),
        "ratio": ("25 %", "50 %"),
        "0/1": ("no", "yes"),
    }[cg.STANDARD_FIELDS[name].unit]
    for best, value, usual in (("highest", low, high), ("lowest", high, low)):
        (told,) = one(name, value, usual, best)
        assert all(text in told for text in shown), told
        assert not FORBIDDEN.search(told), told


def test_a_plugins_own_field_is_told_by_its_name_unit_and_description() -> None:
    """A field that has no words of its own gets those of its definition; what nobody can act on has no advice."""
    fields = [
        cg.Field("defects", "per 1,000 parts", "parts that came back", 0.0, resolution=1.0),
        cg.Field("distance", "km", resolution=1.0, actionable=False),
    ]
    assert [
        "Your defects (parts that came back) are 9 per 1,000 parts; among our best customers, 2 per 1,000 parts is "
        "usual. Lower defects would help most."
    ] == one("defects", 9.0, 2.0, "lowest", extra_fields=fields[:1])
    assert ["Your distance is 900 km; among our best customers, 20 km is usual."] == one(
        "distance", 900.0, 20.0, "lowest", extra_fields=fields[1:]
    )


def test_a_floor_that_is_met_is_not_said_to_help(base: cg.CustomerBase) -> None:
    """Of a checklist only floors that are missed would help."""
    explained = cg.explain(cg.scorer("floors").fit(base), base)
    axis = explained.axes["floors"]
    for row in range(len(base)):
        helped = [told for told in explained.sentences(row) if "would help" in told]
        assert len(helped) <= sum(part[row] == -1.0 for part in axis.parts.values())


def test_what_is_usual_may_be_given() -> None:
    """A part of a base is explained against what is usual in all of it."""
    whole = cg.CustomerBase(["a", "b", "c"], {"profit": [900.0, 50.0, 1.0]})
    model = cg.scorer("abcde", letters="AB", shares=["1/3", "2/3"]).fit(whole)
    usual = cg.explain(model, whole).usual
    part = cg.explain(model, whole.take([2]), usual=usual)
    assert cg.explain(model, whole).sentences(2) == part.sentences(0)
    assert "usually 900.00." in part.sentences(0)[0]


def test_losses_are_said_as_losses() -> None:
    """A value below zero isn't read out with its sign."""
    assert (
        "Our loss on your orders is 24.40 EUR; with our best customers our profit is usually 883.10 EUR."
        in (one("profit", -24.4, 883.1)[0])
    )
    assert "with our best customers our loss is usually 3.00 EUR." in one("profit", -24.4, -3.0)[0]
    assert "Your revenue with us, net of returns, is minus 5.00 EUR; that of our best" in one("revenue", -5.0, 10.0)[0]
    assert (
        "You bought from 1 category; our best customers usually bought from 3 categories."
        in (one("product_mix", 1.0, 3.0)[0])
    )


@pytest.mark.parametrize(
    ("name", "verb"), [("nps", "is"), ("status", "is"), ("class_size", "is"), ("defects", "are"), ("days_lost", "is")]
)
def test_the_verb_agrees_with_the_fields_name(name: str, verb: str) -> None:
    """Plural names have a plural verb; abbreviations and words that merely end in s have not."""
    assert f" {verb} 4; among" in one(name, 4.0, 9.0, extra_fields=[cg.Field(name, "", resolution=1.0)])[0]
