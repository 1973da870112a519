"""The explanation sheet: what it says to whom, and that it never grades a person."""

import re
from pathlib import Path

import pytest
from attrs import evolve
from small_policy import ON, graded, policy

import custgrade as cg
from custgrade.errors import FieldError
from custgrade.planning import (
    Effort,
    Entitlement,
    Incentive,
    Offer,
    Package,
    Policy,
    ServiceLevel,
    Terms,
    Transition,
    Treatment,
    restoring,
)

BELITTLING = ("worst", "bad", "poor", "low", "unprofitable", "loser", "grade", "rank", "score", "class", "segment")
TO_US = Transition("partner", "Smith & Co.", 60, "open orders are finished", ServiceLevel(24, 0.5))
IN_HOUSE = Transition("in-house", "our handbook", 30, "the machines are handed over")


def shop(**changes):
    """Return a policy with labels that no text has by chance, and with every part that a sheet can speak of."""
    best = Treatment(
        "SECRETGOAL one",
        level=ServiceLevel(4, 6, "named person", "Jane Doe", {"visits": Entitlement(2, unit="a quarter")}),
        effort=Effort(3, 30),
        terms=Terms(0.05, 45, 0, 30, 30, {"installation": 80}),
        touchpoints={"delivery": "we announce it the day before"},
    )
    middle = Treatment(
        "SECRETGOAL two",
        level=ServiceLevel(8, 2, "team"),
        offers=[
            Offer(
                "price",
                "the price that restores what serving you takes",
                explain="each order takes two visits",
                alternatives=["more volume at today's price", "fewer visits"],
                rise=restoring(margin=0.05),
                when=lambda c: c["margin"] < 0.05,
                transition=TO_US,
            ),
            Offer(
                "self-service",
                "our self-service",
                explain="you order online",
                alternatives="orders by phone",
                package="workshop",
                silence="keep",
                when=lambda c: c["profit"] > 900.0,
                transition=IN_HOUSE,
            ),
        ],
        incentives=[Incentive("voucher", 50, "zeta-one")],
        way_up="buy a broader range",
        sheet="we show you what each visit costs",
    )
    last = Treatment(
        "SECRETGOAL three",
        offers=Offer("plan", "a plan that we try out", explain="x", after_tries=2, alternatives="another day"),
        way_up="order online",
    )
    given = {
        "name": "shop",
        "purpose": "SECRETPURPOSE",
        "grades": ["zeta-one", "zeta-two", "zeta-three"],
        "treatments": {"zeta-one": best, "zeta-two": middle, "zeta-three": last},
        "also": {"A": "zeta-one", "B": "zeta-two", "C": "zeta-three"},
        "packages": [
            Package("workshop", {"revenue": 5000, "orders": 8}, ServiceLevel(2, 1, "team", "the north team")),
            Package("basic", what="online orders"),
        ],
    }
    return Policy(**{**given, **changes})


def customers(grades="ABBBC-", **columns):
    """Return customers with orders and costs, in euros, the second with a margin below the floor."""
    size = len(grades)
    filled = {
        "revenue": [8000.0, 1000.0, 2000.0, 2000.0, 300.0, 100.0],
        "profit": [900.0, 30.0, 1000.0, 500.0, 20.0, 10.0],
        "orders": [10.0, 4.0, 5.0, 5.0, 1.0, 1.0],
        "cost_to_serve": [100.0, 50.0, 10.0, float("nan"), 5.0, 1.0],
        **columns,
    }
    found = graded(grades, **{name: values[:size] for name, values in filled.items()})
    names = ["Miller & Sons", *[""] * (size - 1)][:size]
    return evolve(found, base=evolve(found.base, currency="EUR", names=names))


@pytest.fixture
def plan():
    """A plan with a customer for each kind of offer."""
    return cg.plan(customers(), shop(), ON)


def test_the_best_customers_sheet_in_full(plan):
    """Everything that is said to a customer without an offer, written down by hand."""
    assert [
        "For Miller & Sons (C0), on 2026-01-01:",
        "What we do for you:",
        "We answer you within 2 working hours.",
        "We set aside 6 hours of service for you each quarter.",
        "You have one person who looks after you: Jane Doe.",
        "Visits: 2 a quarter.",
        "Delivery: we announce it the day before.",
        "You have 45 days to pay.",
        "You get a discount of 5 %.",
        "We give you notice of a change 30 days before, and you give us notice 30 days before.",
        "Beyond this, installation costs 80.00 EUR an hour.",
        "What you bought:",
        "From 2025-01-01 to 2025-12-31 you bought for 8,000.00 EUR in 10 orders.",
        "That is 800.00 EUR an order.",
        "Packages:",
        "Your package is workshop.",
        "There is also basic, open to everybody: online orders.",
        "Our offer:",
        "Your prices and your package stay as they are.",
    ] == plan.sheet(0)


def test_an_offer_with_a_rise_in_full(plan):
    """The offer, its sum and share, its days, its alternatives, and what follows a decline."""
    lines = plan.sheet("C1")
    offer = lines[lines.index("Our offer:") + 1 :]
    assert [
        "We offer you this: the price that restores what serving you takes.",
        "Each order takes two visits.",
        "Over the same time, you would pay 21.06 EUR more, which is 2.1 % of what you bought.",
        "You have 21 days to answer, until 2026-01-22 if we talk on 2026-01-01.",
        "If you agree, the change starts 30 days after your answer.",
        "You can also choose this: more volume at today's price.",
        "You can also choose this: fewer visits.",
        "If you decline, or if we hear nothing from you, Smith & Co. takes over within 60 days.",
        "Until then, open orders are finished.",
        "Until then, this holds.",
        "We answer you within 24 working hours.",
        "We set aside 0.5 hours of service for you each quarter.",
        "Our service desk is there for you.",
        "We show you what each visit costs.",
        "What you can do:",
        "To get more from us, you can do this: buy a broader range.",
        "When you get there, this is for you: voucher, worth 50.00 EUR.",
    ] == offer


def test_other_offers(plan):
    """A package without a rise, an end in-house, silence that changes nothing, and tries before an offer."""
    text = " ".join(plan.sheet(2))
    assert "It is workshop. You wouldn't pay more." in text
    assert "If you decline, our handbook helps you to do this yourselves within 30 days." in text
    assert "Until then, we serve you as before. If we hear nothing from you, nothing changes." in text
    assert "First we try together what helps, 2 times. Then we offer you this." in " ".join(plan.sheet(4))
    assert "If you decline, or if we hear nothing from you, nothing changes." in plan.sheet(4)
    assert "Serving you" not in " ".join(plan.sheet(3))


def test_faults_of_ours_come_first():
    """Who waits for us to mend a fault is asked for nothing."""
    made = cg.plan(customers(complaints=[0.0, 2.0, 0.0, 0.0, 0.0, 0.0]), shop(), ON)
    assert made.held.tolist()[1]
    assert "We first put right what we did wrong. Until then, we ask nothing of you." in made.sheet(1)
    assert "Smith" not in " ".join(made.sheet(1))


def test_what_is_unknown_is_not_said():
    """Unknown purchases are called unknown, and returns beyond purchases are no purchases."""
    found = customers("AA", revenue=[float("nan"), -20.0])
    made = cg.plan(found, shop(), ON)
    assert "We don't know yet what you bought." in made.sheet(0)
    assert "From 2025-01-01 to 2025-12-31 you returned more than you bought, by 20.00 EUR." in made.sheet(1)
    assert "nan" not in " ".join([*made.sheet(0), *made.sheet(1)])


def test_a_sheet_never_grades_a_person(plan):
    """No label, goal, purpose, rank or belittling word is on any customer's sheet."""
    for row in range(len(plan)):
        text = "\n".join(plan.sheet(row))
        assert "zeta" not in text
        assert "SECRET" not in text
        assert [] == [word for word in BELITTLING if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
        for line in plan.sheet(row):
            assert re.fullmatch(r"[A-Z].*[.:]", line)


def test_a_sheet_of_the_small_policy_has_no_label_either():
    """Labels of one letter stand in no sheet as words of their own; "A" may begin a sentence."""
    made = cg.plan(graded("ABC-", profit=[100.0, 50.0, 30.0, 5.0]), policy(), ON)
    for row in range(4):
        text = "\n".join(made.sheet(row))
        assert not re.search(r"\b[BC]\b", text)
        assert not re.search(r"\bA\b(?! team)", text)


def test_ids_and_positions_name_the_same_customer(plan):
    """An id gives the sheet of its position; unknown ones are errors."""
    assert plan.sheet("C3") == plan.sheet(3)
    with pytest.raises(FieldError, match="C99"):
        plan.sheet("C99")
    with pytest.raises(FieldError, match="position"):
        plan.sheet(6)
    with pytest.raises(FieldError, match="position"):
        plan.sheet(-1)


EXAMPLES = Path(__file__).parents[2] / "examples"
SCORERS = {
    "ideal-mix": "abcd",
    "sales-service-mix": "matrix3x3",
    "packages": "floors",
    "fair-treatment": "top10",
    "golden-list": "abcde",
}


@pytest.mark.parametrize("name", SCORERS)
def test_no_sheet_of_the_plug_ins_policies_grades_a_person(name):
    """Every tenth customer of the example: no goal, and no label as a word, but "A" at the start of a sentence."""
    base = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31").join(cg.read_customers(EXAMPLES / "survey.csv"))
    made = cg.plan(cg.scorer(SCORERS[name]).fit(base).grade(base), cg.policy(name), "2026-01-15")
    goals = [treatment.goal for _, treatment in made.policy.by_place]
    labels = [grade for grade, _ in made.policy.by_place]
    for row in range(0, len(made), 10):
        for line in made.sheet(row)[1:]:
            assert [] == [goal for goal in goals if goal in line]
            assert [] == [label for label in labels if re.search(rf"\b{re.escape(label)}\b(?! [a-z])", line)]
