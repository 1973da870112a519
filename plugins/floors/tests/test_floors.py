"""The scorer `floors`: every parameter against plain loops, its errors."""

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
from custgrade.errors import CutError, FieldError, NothingToGradeError, ParameterError, PluginError, ScorerError
from custgrade.plugins import default_registry

NAN = math.nan
FOUR = ("average_sale", "margin", "product_mix", "revenue")
DECIDED = {"average_sale": 150, "margin": 0.2, "product_mix": 2, "revenue": 1000}


def base_of(**columns: Any) -> CustomerBase:
    return CustomerBase([f"c{k}" for k in range(len(next(iter(columns.values()))))], columns)


def proposal(values: list[float], share: str | float | Fraction, best: str = "highest") -> float:
    """The value at rank ceil(share × n), counted from the best of those who have one."""
    known = sorted((value for value in values if math.isfinite(value)), reverse=best == "highest")
    return known[math.ceil(Fraction(str(share)) * len(known)) - 1] + 0.0


def gap(value: float, floor: float, best: str = "highest") -> float:
    """How far a value is from its floor; NaN where it is unknown."""
    return NAN if math.isnan(value) else max(floor - value if best == "highest" else value - floor, 0.0)


def verdict(gaps: list[float], near: int = 1) -> str:
    """The grade by gaps: what every way to fill the unknown ones agrees on, or nothing."""
    missed, unknown = sum(g > 0 for g in gaps), sum(map(math.isnan, gaps))
    possible = {"meets" if m == 0 else "near" if m <= near else "below" for m in range(missed, missed + unknown + 1)}
    return possible.pop() if len(possible) == 1 else ""


def test_decided_floors() -> None:
    """Who reaches all floors meets, who misses one is near, who misses more is below; a floor itself is met."""
    base = base_of(
        revenue=[1000, 1000, 999, 300], orders=[5, 5, 5, 3], profit=[200, 199, 150, 10], product_mix=[2, 2, 2, 3]
    )
    model = scorer("floors", floors=DECIDED).fit(base)
    assert ["meets", "near", "below", "below"] == model.grade(base).grades.tolist()
    assert () == model.notices


@pytest.mark.parametrize(("floor", "parts"), [(0.2, 5), (0.1, 10), (0.05, 20)])
def test_a_margin_exactly_on_its_floor_meets_it(floor: float, parts: int) -> None:
    """Whose profit is exactly the share of the revenue that the floor asks for meets it, whatever the amounts."""
    profit = [cents / 100 for cents in range(1, 400)]
    revenue = [parts * cents / 100 for cents in range(1, 400)]
    model = scorer("floors", floors={"margin": floor}).fit(base_of(revenue=revenue, profit=profit))
    assert {"meets"} == set(model.grade(base_of(revenue=revenue, profit=profit)).grades.tolist())


def test_an_average_sale_exactly_on_its_floor_meets_it() -> None:
    """Whose orders come to exactly the floor on average meets it, in cents too."""
    orders = [float(count) for count in range(1, 400)]
    revenue = [1499 * count / 100 for count in range(1, 400)]
    model = scorer("floors", floors={"average_sale": 14.99}).fit(base_of(revenue=revenue, orders=orders))
    assert {"meets"} == set(model.grade(base_of(revenue=revenue, orders=orders)).grades.tolist())


@given(
    rows=st.lists(st.tuples(*[st.sampled_from([NAN, 0.0, 1.0, 2.0, 3.0])] * 3), min_size=1, max_size=20),
    near=st.integers(1, 3),
    at=st.tuples(*[st.integers(0, 3)] * 3),
)
@settings(deadline=None, max_examples=40)
def test_grades_and_gaps_are_those_of_a_loop(rows: list[tuple[float, ...]], near: int, at: tuple[int, ...]) -> None:
    """Floors and ceilings are missed where a loop says so, and unknown ones leave open what they could change."""
    bests = {"orders": "highest", "referrals": "highest", "complaints": "lowest"}
    gaps = [
        [gap(value, floor, best) for value, floor, best in zip(row, at, bests.values(), strict=True)] for row in rows
    ]
    expected = [verdict(some, near) for some in gaps]
    base = base_of(**{name: [row[k] for row in rows] for k, name in enumerate(bests)})
    made = scorer(
        "floors", floors={"orders": at[0], "referrals": at[1]}, ceilings={"complaints": float(at[2])}, near=near
    )
    if not any(expected):
        with pytest.raises(NothingToGradeError, match="unknown: "):
            made.fit(base)
        return
    graded = made.fit(base).grade(base)
    assert expected == graded.grades.tolist()
    assert repr(gaps) == repr(
        list(map(list, zip(*(column.tolist() for column in graded.details.values()), strict=True)))
    )
    missed = [-float(sum(g > 0 for g in some)) + 0.0 for some in gaps]
    assert missed == [m if math.isnan(s) else s for m, s in zip(missed, graded.scores["floors"].tolist(), strict=True)]


@given(
    values=st.lists(
        st.sampled_from([NAN, math.inf, -math.inf, -2.0, -0.0, 0.0, 0.01, 0.1, 7.0, 1e17]), min_size=1, max_size=40
    ),
    share=st.sampled_from(["0.75", 0.75, "3/4", 0.1, "1/3", "2/3", "0.999", "1e-9", Fraction(5, 7)]),
    best=st.sampled_from(["highest", "lowest"]),
)
@settings(deadline=None, max_examples=40)
def test_a_proposed_floor_is_the_value_at_its_rank(values: list[float], share: Any, best: str) -> None:
    """What is proposed is the value at rank ceil(share × n) from the best, and at least that share reaches it."""
    known = [value for value in values if math.isfinite(value)]
    assume(known)
    expected = proposal(values, share, best)
    at = {"recency": "proposed"}
    tables = {"floors": at} if best == "highest" else {"floors": {}, "ceilings": at}
    model = scorer("floors", reached_by=share, **tables).fit(base_of(recency=values))
    name = "recency_floor" if best == "highest" else "recency_ceiling"
    assert {name: expected} == model.quantiles
    met = [value for value in known if model.grade_one({"recency": value}).grade == "meets"]
    assert [v for v in known if (v >= expected if best == "highest" else v <= expected)] == met
    assert len(met) >= Fraction(str(share)) * len(known)
    assert [f"{name} is {expected:.10g}:"] == [notice[: notice.index(":") + 1] for notice in model.learned_notes]


def test_all_four_are_proposed_by_default() -> None:
    """Average sale, margin, product mix and revenue each get the floor that three quarters of the customers reach."""
    revenue, orders = [100, 90, 80, 70, 60, 50, 40, 30], [1, 3, 2, 7, 4, 5, 8, 6]
    profit, mix = [10, 9, 24, 7, -6, 5, NAN, 3], [1, 1, 2, 3, 5, 2, 1, 4]
    base = base_of(revenue=revenue, orders=orders, profit=profit, product_mix=mix)
    columns = {
        "average_sale": [r / o for r, o in zip(revenue, orders, strict=True)],
        "margin": [p / r for p, r in zip(profit, revenue, strict=True)],
        "product_mix": list(map(float, mix)),
        "revenue": list(map(float, revenue)),
    }
    floors = {name: proposal(values, "0.75") for name, values in columns.items()}
    expected = [verdict([gap(columns[n][k], floors[n]) for n in FOUR]) for k in range(8)]
    model = scorer("floors").fit(base)
    assert expected == model.grade(base).grades.tolist()
    assert {f"{n}_floor": floors[n] for n in FOUR} == model.quantiles
    stated = [
        f"{n}_floor is {floors[n]:.10g}: at least 75 % of the customers whose {n} is known reach it" for n in FOUR
    ]
    assert stated == list(model.learned_notes)


def test_a_proposal_is_frozen() -> None:
    """Newcomers are held to the floors that were proposed, whatever they bring themselves."""
    model = scorer("floors", floors={"revenue": "proposed"}).fit(base_of(revenue=[10, 20, 30, 40]))
    assert {"revenue_floor": 20.0} == model.quantiles
    graded = model.grade(base_of(revenue=[19.99, 20.0, 1e9, NAN]))
    assert ["near", "meets", "meets", ""] == graded.grades.tolist()


def test_deciding_on_what_was_proposed_changes_nothing() -> None:
    """The floors that a model learned, given as decided ones, grade alike, those who are on them included."""
    base = base_of(revenue=[1460.75, 10.1, 5000, 77], orders=[3, 1, 7, 2], profit=[100, 1, 999, 9])
    names = ("average_sale", "margin", "revenue")
    model = scorer("floors", floors=dict.fromkeys(names, "proposed"), reached_by="0.5").fit(base)
    decided = scorer("floors", floors={name: model.quantiles[f"{name}_floor"] for name in names})
    assert model.grade(base).grades.tolist() == decided.fit(base).grade(base).grades.tolist()


def test_a_proposal_rests_on_customers_whose_evidence_is_thin_too() -> None:
    """Everybody whose value is known counts for a proposal, whoever is graded."""
    base = base_of(revenue=[1, 2, 3, 4], orders=[1, 1, 5, 5])
    model = scorer("floors", floors={"revenue": "proposed"}, reached_by="0.5", minimum_orders=2).fit(base)
    assert {"revenue_floor": 3.0} == model.quantiles
    assert ["", "", "meets", "meets"] == model.grade(base).grades.tolist()


def test_decided_and_proposed_side_by_side() -> None:
    """Some floors may be decided and others proposed, in both directions, and their order is kept."""
    base = base_of(revenue=[50, 40, 30, 20], orders=[4, 3, 2, 1], days_late=[0, 30, 10, 90], complaints=[0, 0, 5, 9])
    model = scorer(
        "floors",
        floors={"revenue": "proposed", "orders": 3},
        ceilings={"days_late": 30, "complaints": "proposed"},
        reached_by="0.5",
        near=2,
    ).fit(base)
    assert ["meets", "meets", "below", "below"] == model.grade(base).grades.tolist()
    assert ["revenue_gap", "orders_gap", "days_late_gap", "complaints_gap"] == list(model.grade(base).details)
    assert {"revenue_gap": 20.0, "orders_gap": 2.0, "days_late_gap": 60.0, "complaints_gap": 9.0} == dict(
        model.grade_one({"revenue": 20, "orders": 1, "days_late": 90, "complaints": 9}).details
    )


def test_near_and_labels() -> None:
    """`near` says how many floors may be missed, and the three labels may be any words."""
    base = base_of(orders=[1, 0, 0], referrals=[1, 1, 0], testimonials=[1, 0, 0])
    at = dict.fromkeys(("orders", "referrals", "testimonials"), 1)
    words = ["fine", "almost", "far"]
    for near, expected in (
        (1, ["fine", "far", "far"]),
        (2, ["fine", "almost", "far"]),
        (3, ["fine", "almost", "almost"]),
    ):
        model = scorer("floors", floors=at, near=near, labels=words).fit(base)
        assert expected == model.grade(base).grades.tolist()
        assert tuple(words) == model.scale.grades


def test_a_proposed_floor_without_data_is_left_out() -> None:
    """What is only proposed goes, with a notice and its gap; what was decided must be there."""
    base = base_of(revenue=[2, 1], orders=[1, 1])
    model = scorer("floors").fit(base)
    assert ("margin", "product_mix") == model.dropped
    assert [f"left out, because the data has no such field: {name}" for name in model.dropped] == list(
        model.notices[:2]
    )
    assert ["average_sale_gap", "revenue_gap"] == list(model.grade(base).details)
    with pytest.raises(FieldError, match="'profit'"):
        scorer("floors", floors={"revenue": "proposed", "margin": 0.1}).fit(base)


def test_one_floor_left_is_a_warning() -> None:
    """Where one floor is left, the model warns that the grade says little; where it was asked for, it doesn't."""
    base = base_of(revenue=[2, 1])
    warnings = [notice for notice in scorer("floors").fit(base).notices if notice.startswith("warning: ")]
    assert [True] == ["revenue" in warning and "little" in warning for warning in warnings]
    asked = scorer("floors", floors={"revenue": "proposed"}).fit(base)
    assert [] == [notice for notice in asked.notices if notice.startswith("warning: ")]


def test_no_floor_left_is_an_error() -> None:
    """A base with none of the fields is refused with what could be mapped, and how profit could be got."""
    with pytest.raises(ScorerError, match="average_sale, margin, product_mix, revenue"):
        scorer("floors").fit(base_of(orders=[1, 2]))
    with pytest.raises(FieldError, match=r"'nps'\. It has: orders"):
        scorer("floors", floors={"nps": 3}).fit(base_of(orders=[1, 2]))


def test_a_field_in_which_everything_is_unknown() -> None:
    """A floor that nobody's value could propose leaves everybody open whom the others don't decide."""
    base = base_of(revenue=[1, 5, 5], orders=[1, 5, 1], profit=[NAN] * 3)
    model = scorer("floors", floors={"margin": "proposed", "revenue": 3, "orders": 3}).fit(base)
    graded = model.grade(base)
    assert ["below", "", ""] == graded.grades.tolist()
    assert "unknown: profit" == graded.reasons[graded.reason_codes[1]]
    assert [None, None, None] == [None if math.isnan(g) else g for g in graded.details["margin_gap"].tolist()]
    assert math.isnan(model.quantiles["margin_floor"])
    assert [] == [notice for notice in model.notices if "nan" in notice]
    with pytest.raises(NothingToGradeError, match="unknown: profit"):
        scorer("floors", floors={"margin": "proposed", "revenue": 3}).fit(base)


def test_gaps_are_stated_for_the_ungraded_too() -> None:
    """A gap is stated wherever the value is known."""
    model = scorer("floors", floors={"orders": 4, "revenue": 9}).fit(base_of(orders=[4, 1], revenue=[9, NAN]))
    details = model.grade(base_of(orders=[1], revenue=[NAN])).details
    assert (3.0, True) == (details["orders_gap"][0], math.isnan(details["revenue_gap"][0]))


def test_minimum_orders_and_tenure() -> None:
    """Who has too little evidence is ungraded with the reason."""
    base = base_of(revenue=[9, 9, 9, 9], orders=[1, 2, 2, NAN], tenure=[99, 5, 30, 99])
    graded = scorer("floors", floors={"revenue": 5}, minimum_orders=2, minimum_tenure=30).fit(base).grade(base)
    assert ["", "", "meets", ""] == graded.grades.tolist()
    assert ["fewer than 2 orders", "known for less than 30 days", "", "unknown: orders"] == [
        graded.reasons[code] for code in graded.reason_codes
    ]
    with pytest.raises(FieldError, match="'tenure'"):
        scorer("floors", minimum_tenure=1).fit(base_of(revenue=[9], orders=[1]))


@pytest.mark.parametrize(
    ("parameters", "error", "says"),
    [
        ({"floors": {}}, ParameterError, "no floors and no ceilings: give at least one"),
        ({"floors": {"revenue": "1000"}}, ParameterError, "received '1000' for floors.revenue; give a number or"),
        ({"floors": {"revenue": "Proposed"}}, ParameterError, "received 'Proposed'"),
        ({"floors": {"revenue": NAN}}, ScorerError, "floor of 'revenue' is a finite number; received nan"),
        ({"floors": {"revenue": math.inf}}, ScorerError, "received inf"),
        ({"floors": {"margin": Fraction(1, 3)}}, ParameterError, "of 'floors' must be a table of numbers or texts"),
        ({"floors": {"revenue": True}}, ParameterError, "'floors' of 'floors' must be a table of numbers or texts"),
        ({"floors": {"revenue": [1]}}, ParameterError, "'floors'"),
        ({"floors": {"revenue": 10**400}}, CustgradeError, "revenue"),
        ({"floors": ["revenue"]}, ParameterError, "'floors'"),
        ({"floors": {1: 2}}, ParameterError, "'floors'"),
        ({"ceilings": {"days_late": "x"}}, ParameterError, "received 'x' for ceilings.days_late"),
        ({"ceilings": {"revenue": 9}}, ParameterError, "'revenue' is in floors and in ceilings"),
        ({"reached_by": 0}, CutError, "received 0"),
        ({"reached_by": 1}, CustgradeError, "below 1"),
        ({"reached_by": "1.5"}, CutError, "received '1.5'"),
        ({"reached_by": -0.5}, CutError, "received -0.5"),
        ({"reached_by": NAN}, CutError, "received nan"),
        ({"reached_by": "most"}, CutError, "received 'most'"),
        ({"reached_by": True}, ParameterError, "'reached_by'"),
        ({"near": 0}, ScorerError, "at least 1; received 0"),
        ({"near": -1}, ScorerError, "at least 1; received -1"),
        ({"near": 1.5}, ParameterError, "whole number"),
        ({"near": True}, ParameterError, "whole number"),
        ({"near": 10**400}, CustgradeError, "near"),
        ({"labels": ["in", "out"]}, ParameterError, "give three, for none, few and more floors missed"),
        ({"labels": []}, ParameterError, "received [] for labels; give three"),
        ({"labels": ["a", "a", "b"]}, ScorerError, "different"),
        ({"labels": ["a", "ungraded", "b"]}, ScorerError, "'ungraded'"),
        ({"labels": "abc"}, ParameterError, "list of texts"),
        ({"minimum_orders": -1}, ParameterError, "orders is 0 or more; received -1"),
        ({"minimum_tenure": -1}, ParameterError, "0 or more; received -1"),
        ({"floor": {"revenue": 1}}, ParameterError, "Did you mean 'floors'?"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_an_error(parameters: dict[str, Any], error: type[CustgradeError], says: str) -> None:
    """What makes no sense is refused before any data is read, with what was received."""
    with pytest.raises(error) as caught:
        scorer("floors", **parameters)
    assert not isinstance(caught.value, PluginError)
    assert says in str(caught.value)


def test_one_customer_and_equals() -> None:
    """One customer reaches what is proposed from it, and so do any number of equals."""
    for count in (1, 2, 7):
        base = base_of(revenue=[5] * count, orders=[2] * count, profit=[1] * count, product_mix=[1] * count)
        assert ["meets"] * count == scorer("floors").fit(base).grade(base).grades.tolist()
    with pytest.raises(NothingToGradeError, match="no customers"):
        scorer("floors").fit(base_of(revenue=[], orders=[], profit=[], product_mix=[]))


def test_directions_are_declared() -> None:
    """The axis rises with the fields that have a floor and falls with those that have a ceiling."""
    axis = scorer("floors", ceilings={"days_late": "proposed", "complaints": 1}).axes[0]
    assert (FOUR, ("days_late", "complaints")) == (axis.rises, axis.falls)


@given(
    rows=st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=2, max_size=15),
    at=st.tuples(*[st.one_of(st.just("proposed"), st.integers(0, 9))] * 3),
)
@settings(deadline=None, max_examples=6)
def test_better_is_not_worse(rows: list[tuple[int, ...]], at: tuple[Any, ...]) -> None:
    """From the same model, more of what has a floor and less of what has a ceiling is never worse."""
    names = ("orders", "referrals", "complaints")
    base = base_of(**{name: [row[k] for row in rows] for k, name in enumerate(names)})
    model = scorer("floors", floors=dict(zip(names[:2], at[:2], strict=True)), ceilings={names[2]: at[2]}).fit(base)
    for k, name in enumerate(names):
        for row in rows[:2]:
            moved = [model.grade_one({**dict(zip(names, row, strict=True)), name: value}).grade for value in range(10)]
            order = ["below", "near", "meets"] if k < 2 else ["meets", "near", "below"]
            assert sorted(moved, key=order.index) == moved


@pytest.mark.parametrize(
    "parameters",
    [{}, {"floors": {"revenue": 20, "margin": "proposed"}, "ceilings": {"days_late": "proposed"}, "near": 2},
     {"floors": {"revenue": 0.1}}, {"reached_by": Fraction(1, 3), "labels": ["x", "y", "z"]},
    ],
)  # fmt: skip
def test_a_saved_model_grades_the_same(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """A saved and loaded model gives the same grades and gaps, alone and in a batch, for newcomers too."""
    columns = {"revenue": [50, 40, 0.1, 20, NAN], "profit": [5, 20, 3, -1, 1], "days_late": [0, NAN, 10, 90, 1]}
    base = base_of(**columns)
    newcomers = base.take([3, 0, 4]).with_columns(revenue=[19.99, 20, 1e9])
    model = scorer("floors", **parameters).fit(base)
    model.save(tmp_path / "m.json")
    loaded = load_model(tmp_path / "m.json")
    assert (model.learned, model.notices, model.dropped) == (loaded.learned, loaded.notices, loaded.dropped)
    for some in (base, newcomers):
        expected, found = model.grade(some), loaded.grade(some)
        alone = [loaded.grade_one(customer) for customer in some]
        assert expected.grades.tolist() == found.grades.tolist() == [one.grade for one in alone]
        for name, column in expected.details.items():
            assert repr(column.tolist()) == repr(found.details[name].tolist()) == repr([o.details[name] for o in alone])


def test_gaps_in_a_frame() -> None:
    """A frame gets a column per gap before the status; what is left out has none, and is warned of."""
    frame = pd.DataFrame({"revenue": [9.0, 4.0, None], "orders": [3, 1, 2]})
    graded = custgrade.grade(frame, "floors", floors={"revenue": 5, "orders": "proposed"}, reached_by="1/3")
    added = ["grade", "floors_grade", "floors_score", "revenue_gap", "orders_gap", "status", "reason"]
    assert [*frame.columns, *added] == list(graded.columns)
    assert [[0.0, 1.0], [0.0, 2.0, 1.0]] == [graded["revenue_gap"].tolist()[:2], graded["orders_gap"].tolist()]
    assert math.isnan(graded["revenue_gap"][2])
    with pytest.warns(custgrade.CustgradeWarning) as caught:
        custgrade.grade(frame, "floors")
    assert {"margin", "product_mix"} <= {str(one.message).rpartition(" ")[2] for one in caught}


def test_a_file_is_graded_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line takes tables as TOML, writes the gaps, and reports what is proposed and what was left out."""
    (tmp_path / "c.csv").write_text(
        "customer_id,revenue,orders,days_late\nx,9,3,0\ny,4,,5\nz,1,1,9\n", encoding="utf-8"
    )
    call = ["grade", "--customers", str(tmp_path / "c.csv"), "--out", str(tmp_path / "g.csv"), "--scorer", "floors"]
    given_so = [
        'floors={revenue = 5, orders = "proposed", margin = "proposed"}',
        "ceilings={days_late = 4.5}",
        "near=2",
    ]
    assert 0 == main([*call, *(part for one in given_so for part in ("--param", one))])
    with (tmp_path / "g.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    gaps = [[row[f"{name}_gap"] for name in ("revenue", "orders", "days_late")] for row in rows]
    assert [["0.0", "0.0", "0.0"], ["1.0", "", "0.5"], ["4.0", "0.0", "4.5"]] == gaps
    assert ["meets", "", "near"] == [row["grade"] for row in rows]
    shown = capsys.readouterr().out.splitlines()
    assert ["meets", "near", "below", "ungraded", "total"] == [line.split()[0] for line in shown[2:7]]
    assert "note: left out, because the data has no such field: margin" in shown
    assert [line for line in shown if "orders_floor is 1:" in line]


def test_its_parameters() -> None:
    """The parameters by name, in the order of the scheme's page."""
    parameters = default_registry().scheme("floors").parameters
    names = ["floors", "ceilings", "reached_by", "near", "labels", "minimum_orders", "minimum_tenure"]
    assert names == [parameter.name for parameter in parameters]
