"""A policy file gives the policy that Python code with the same content gives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from custgrade import read_policy
from custgrade.errors import ConfigurationError
from custgrade.planning import (
    Action,
    Amount,
    Condition,
    DaysOff,
    Effort,
    Entitlement,
    Incentive,
    Offer,
    Package,
    Policy,
    Reward,
    ServiceLevel,
    Terms,
    Transition,
    Treatment,
    money,
    restoring,
)
from custgrade.planning.amount import as_amount, as_condition
from custgrade.plugins import GradeScale, ScaleAxis
from custgrade.policy_files.keys import keys_of
from custgrade.toml_files import read_toml

EVERY_KEY = Path(__file__).parent / "every_key.toml"
START = 'name = "shop"\npurpose = "p"\n'


def policy(folder: Path, text: str) -> Policy:
    path = folder / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def tables(value: Any) -> list[dict[str, Any]]:
    found = [value] if isinstance(value, dict) else []
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        found += tables(one)
    return found


def test_the_example_has_every_key_of_every_class() -> None:
    """The file that the other tests read has each attribute of each class, so that none can be left out unnoticed."""
    written = {key for table in tables(read_toml(EVERY_KEY).content) for key in table}
    kinds = [Policy, Treatment, ServiceLevel, Entitlement, Effort, Terms, Reward, Incentive, Action, Offer, Transition]
    for kind in [*kinds, Package]:
        given = {attribute.name for attribute in attrs.fields(kind)} - {"origin", "source", "grades", "name"}
        singular = {name if name in written else name.removesuffix("s") for name in given}
        assert singular - written == set(), kind.__name__
        assert singular <= {*keys_of(kind)}


def test_every_key_reaches_its_attribute() -> None:
    """Each part of the example equals the one that Python makes from the same values."""
    found = read_policy(EVERY_KEY)
    revenue, profitability = (
        ScaleAxis("revenue", ("Large", "Small")),
        ScaleAxis("profitability", ("High", "Low"), "revenue"),
    )
    assert found.grades == GradeScale((revenue, profitability))
    assert (found.name, found.purpose, found.at_stake_means) == ("every-key", "show every key", "the loss")
    assert found.also == {"A": "Large/High", "B": "Small/Low"}
    assert (found.budget_months, found.sales_rate, found.service_rate) == (6, 70, 45.5)
    assert (found.gift_limit, found.gift_limit_year, found.findings) == (100, 400, ())
    assert (found.hold_days, found.pause_months, found.contact_limit, found.contact_days) == (60, 18, 3, 14)
    assert found.days_off == DaysOff(["saturday", "sunday"], [dt.date(2026, 12, 25), dt.date(2027, 1, 1)])
    assert found.at_stake == as_amount(lambda c: np.maximum(-1.0 * c["profit"], 0.0))
    assert found.details == {"a_tenth": as_amount(lambda c: 0.1 * c["revenue"])}
    assert found.base == ServiceLevel(24, 0.5, "shared desk", further={"visits": Entitlement(1, "more", "a year")})
    assert found.base.who == "the desk"
    needs = Action("needs", "ask", "what they need")
    assert found.ungraded == Treatment("get to know them", "ask", actions=needs, way_up="tell us what you need")
    project = Package(
        "project",
        {"revenue": 5000, "average_sale": lambda c: c["average_sale_floor"]},
        ServiceLevel(4, 8, "named person", further={"visits": Entitlement(4, unit="a year")}),
        Terms(payment_days=45),
        9000,
        "a project with a named person",
    )
    assert found.packages == (project, Package("maintenance", {"revenue": 500}))
    assert found.treatments == {
        "Large/High": best(),
        "Large/Low": Treatment("terms that carry the service", offers=price(), way_up="reach the floor"),
        "Small/High": Treatment("sell them more", way_up="a broader range", incentives=voucher()),
        "Small/Low": Treatment("keep it simple", way_up="buy together what is bought apart"),
    }


def best() -> Treatment:
    level = ServiceLevel(
        4,
        lambda c: np.minimum(np.maximum(0.5 * c["orders"], 1.0), 6.0),
        "named person",
        further={"visits": Entitlement(4, unit="a year")},
    )
    extras = {"rush": 80, "night call": lambda c: np.minimum(0.01 * c["revenue"], 200.0)}
    gift = Reward(
        "gift",
        "gift",
        lambda c: money(np.minimum(np.maximum(0.01 * c["revenue"], 10.0), 100.0)),
        every=3,
        after=14,
        only="golden",
    )
    add = Action(
        "add",
        "ask",
        "what to add to our service",
        "they know best",
        after=14,
        every=12,
        when=lambda c: (c["orders"] >= 2.0) & ((c["margin"] > 0.0) & (c["margin"] <= 0.9)),
        only="golden",
        hours=0.5,
    )
    return Treatment(
        "delight them",
        "delight",
        level,
        Effort(1.5, 30),
        Terms(0.05, 45, 0, 60, 30, extras, 0),
        [gift, Reward("showcase", "showcase", consent=True)],
        5000,
        actions=[add, Action("again", "try", "one more thing", tries=3)],
        touchpoints={"inquiry": "their person answers", "survey": "after each order"},
        sheet="what you get, and what it costs us",
    )


def price() -> Offer:
    restored = restoring(margin=0.05)
    while_it_ends = ServiceLevel(24, 1, further={"visits": Entitlement(1, unit="a year")})
    return Offer(
        "price",
        "the price that restores the floor",
        "what serving you costs",
        ["more volume", "a package"],
        restoring(margin=0.05, average_sale="average_sale_floor"),
        lambda c: restored(c) > 0.0,
        0.2,
        "maintenance",
        7,
        21,
        45,
        0,
        6,
        Transition("partner", "Smith & Co.", 60, "open orders are finished", while_it_ends),
        "keep",
        False,
        5,
    )


def voucher() -> Incentive:
    return Incentive("voucher", lambda c: money(np.minimum(0.02 * c["potential"], 50.0)), "Large/High", "a voucher")


def test_shortlists_rank_by_what_the_file_says() -> None:
    """The scorers of the example put the best share in, by weights, by one field or by a scorecard."""
    golden, quick, scored = read_policy(EVERY_KEY).shortlists
    assert (golden.name, golden.among) == ("golden", ("Large/High", "Large/Low"))
    assert golden.where == as_condition(lambda c: c["orders"] >= 2.0)
    columns = {"product_mix": np.array([1.0, 2.0]), "orders": np.array([9.0, 2.0]), "profit": np.array([5.0, 7.0])}
    assert golden.scorer.scores["list"](columns).tolist() == [10 + 13.5 + 0.0005, 20 + 3 + 0.0007]
    assert [str(share) for share in golden.scorer.axes[0].cut.shares] == ["1/20", "19/20"]
    # days late are better when lower
    assert quick.scorer.scores["list"]({"days_late": np.array([3.0])}).tolist() == [-3.0]
    assert [str(share) for share in quick.scorer.axes[0].cut.shares] == ["1/3", "2/3"]
    assert set(scored.scorer.inputs) == {"orders", "days_late"}


def test_the_texts_of_functions_can_be_read() -> None:
    """Amounts and conditions of a file say in words what they are."""
    found = read_policy(EVERY_KEY)
    best, low = found.treatments["Large/High"], found.treatments["Large/Low"]
    assert str(best.rewards[0].value) == "1 % of revenue, 10 to 100"
    assert str(found.at_stake) == "-100 % of profit, at least 0"
    assert str(best.actions[0].when) == "orders at least 2 and margin above 0 and at most 0.9"
    assert str(low.offers[0].rise) == "the rise to margin 0.05 and the average sale floor"
    assert str(best.terms.extras["night call"]) == "1 % of revenue, at most 200"
    assert str(Amount(3.0)) == "3"
    assert str(as_amount(lambda c: c["revenue"])) == "a function of the customer"
    condition = as_condition(lambda c: c["revenue"] > 0.0)
    assert isinstance(condition, Condition)
    assert str(condition) == "a condition on the customer"


@pytest.mark.parametrize(
    ("share", "text"), [("0.07", "7 %"), ("1e-05", "0.001 %"), ("1e22", f"1{'0' * 24} %"), ("2", "200 %")]
)
def test_shares_are_shown_without_noise(tmp_path: Path, share: str, text: str) -> None:
    """A share is shown as per cent with the digits that it has."""
    found = policy(tmp_path, f'at_stake = {{share = {share}, of = "revenue"}}\n{START}[treatment.A]\ngoal = "g"\n')
    assert str(found.at_stake) == f"{text} of revenue"


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("below = 2", [True, False, False, False]),
        ("above = 2", [False, False, True, False]),
        ("least = 2", [False, True, True, False]),
        ("most = 2", [True, True, False, False]),
        ('below = "limit"', [True, True, False, False]),
    ],
)
def test_the_ends_of_bounds(tmp_path: Path, bound: str, expected: list[bool]) -> None:
    """`below` and `above` leave their end out, `least` and `most` include it; unknown values never hold."""
    offer = f'offer.price = {{what = "w", when = {{field = "orders", {bound}}}}}'
    found = policy(tmp_path, f'{START}[treatment.A]\ngoal = "g"\n{offer}\n').treatments["A"].offers[0].when
    assert found is not None
    columns = {"orders": np.array([1.0, 2.0, 3.0, np.nan]), "limit": np.full(4, 2.5)}
    assert found.holds(columns, 4).tolist() == expected


def test_only_amounts_that_somebody_pays_are_rounded(tmp_path: Path) -> None:
    """A gift is rounded to cents; an estimate such as the money at stake is not."""
    text = 'at_stake = {share = 0.01, of = "revenue"}\n' + START
    text += '[treatment.A]\ngoal = "g"\nreward.gift = {value = {share = 0.01, of = "revenue"}}\n'
    found, columns = policy(tmp_path, text), {"revenue": np.array([123.45])}
    assert found.at_stake is not None
    assert found.at_stake.values(columns, 1).tolist() == [0.01 * 123.45]
    assert found.treatments["A"].rewards[0].value.values(columns, 1).tolist() == [1.23]


def test_grades_are_in_the_order_of_their_tables(tmp_path: Path) -> None:
    """Without `grades` the first treatment is the best grade's; with it, the tables may have any order."""
    parts = '[treatment.top]\ngoal = "g"\n[treatment.rest]\ngoal = "h"\nway_up = "w"\n'
    assert policy(tmp_path, START + parts).grades.grades == ("top", "rest")
    assert policy(tmp_path, f'grades = ["rest", "top"]\n{START}{parts}').grades.grades == ("rest", "top")


def test_no_reminder_is_written_in_a_file(tmp_path: Path) -> None:
    """`"none"` stands for None where None isn't the default; without the key there is the default."""
    offers = '[treatment.A]\ngoal = "g"\noffer.one = {what = "w", remind_days = "none"}\noffer.two.what = "w"\n'
    one, two = policy(tmp_path, START + offers).treatments["A"].offers
    assert (one.remind_days, two.remind_days) == (None, 7)


def test_the_policy_keeps_its_file(tmp_path: Path) -> None:
    """A policy knows the file that it is from, so that breaches of the guard can name lines."""
    found = policy(tmp_path, START + '[treatment.A]\ngoal = "g"\n')
    assert found.source is not None
    assert found.source.where("treatment", "A").endswith("shop.toml, line 3: [treatment.A]")


def test_findings_are_looked_up_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in `findings` gives the function of that name, with the parameters of its table."""
    import custgrade.findings

    def count(plan: Any, by: str = "profit") -> str:
        return f"{plan} by {by}"

    monkeypatch.setattr(custgrade.findings, "FINDINGS", {"count": count, "other-count": count}, raising=False)
    parts = f'{START}[treatment.A]\ngoal = "g"\n'
    assert policy(tmp_path, f'findings = ["count"]\n{parts}').findings == (count,)
    table = 'findings = {other-count = {by = "revenue"}, count = {}}\n'
    first, second = policy(tmp_path, table + parts).findings
    assert (first("plan"), second) == ("plan by revenue", count)
    with pytest.raises(
        ConfigurationError, match=r"line 1: \[findings.count\]: this finding has no parameter 'bye'.*'by'"
    ):
        policy(tmp_path, f'findings.count.bye = "revenue"\n{parts}')
