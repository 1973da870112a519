"""One decent policy, and the faulty ones that evolve from it, each with the rule that must stop it alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve

import custgrade as cg
from custgrade.cuts import Thresholds
from custgrade.planning import (
    Action,
    Entitlement,
    Incentive,
    Offer,
    Package,
    Policy,
    Reward,
    ServiceLevel,
    Shortlist,
    Terms,
    Transition,
    Treatment,
)
from custgrade.plugins import Axis

BASE = ServiceLevel(24, 0.5)
PARTNER = Transition("partner", "Smith & Co.", 60, "open orders are finished")
OFFER = Offer(
    "price",
    "a price that covers the work",
    explain="what our work for you costs",
    alternatives=["a larger order"],
    rise=10.0,
    transition=PARTNER,
)
A = Treatment(
    "delight them",
    "delight",
    level=ServiceLevel(4, 4, "team"),
    rewards=[Reward("basket", "gift", 50)],
    terms=Terms(discount=0.05, payment_days=30, extras={"training": 50}),
)
B = Treatment(
    "bring them up",
    "lift",
    level=BASE,
    rewards=[Reward("card", "thanks", 5)],
    incentives=[Incentive("voucher", 50, "A")],
    terms=Terms(payment_days=14, extras={"training": 50}),
    offers=[OFFER],
    way_up="order more at a time",
)
ASK = Action("needs", "ask", "what they need")
UNGRADED = Treatment(
    "get to know them",
    "ask",
    actions=ASK,
    terms=Terms(discount=0.5, payment_days=90),
    way_up="tell us what you need",
)
GOOD = Policy("decent", "keep the best and help the rest", "AB", {"A": A, "B": B}, base=BASE, ungraded=UNGRADED)


def with_a(**new: Any) -> Policy:
    return evolve(GOOD, treatments={"A": evolve(A, **new), "B": B})


def with_b(**new: Any) -> Policy:
    return evolve(GOOD, treatments={"A": A, "B": evolve(B, **new)})


def with_both(a: dict[str, Any], b: dict[str, Any]) -> Policy:
    return evolve(GOOD, treatments={"A": evolve(A, **a), "B": evolve(B, **b)})


def with_ungraded(**new: Any) -> Policy:
    return evolve(GOOD, ungraded=evolve(UNGRADED, **new))


def offer(**new: Any) -> Policy:
    return with_b(offers=[evolve(OFFER, **new)])


def released(**new: Any) -> Policy:
    return offer(transition=evolve(PARTNER, **new))


def package(**new: Any) -> Policy:
    return evolve(GOOD, packages=[Package("basic", **new)])


def priced(price: Any) -> Policy:
    """Return a policy that offers a package at a price for new customers."""
    changed = evolve(OFFER, package="basic")
    return evolve(
        package(price=price, minimum={"revenue": 10_000}), treatments={"A": A, "B": evolve(B, offers=[changed])}
    )


def by_revenue(cut: float = 500.0) -> cg.Scorer:
    return cg.Scorer(axes=[Axis("list", ["in", "out"], lambda c: c["revenue"], Thresholds([cut]), rises=["revenue"])])


def club(among: str, **treatments: Any) -> Policy:
    """Return a policy with the shortlist `club` among some grades; treatments: changes by grade."""
    changed = {grade: evolve(one, **treatments.get(grade, {})) for grade, one in GOOD.treatments.items()}
    return evolve(GOOD, shortlists=[Shortlist("club", among, by_revenue())], treatments=changed)


def party(value: Any = 10.0, **new: Any) -> Reward:
    return Reward("party", "newsletter", value, only="club", **new)


VISITS = {"visits": Entitlement(2.0, unit="visits a year")}

FAULTY: list[tuple[str, str, Policy]] = [
    ("R01", "slow service for B", with_b(level=ServiceLevel(80, 0.5))),
    ("R01", "no service hours for B", with_b(level=ServiceLevel(24, 0))),
    ("R01", "a further entitlement of the base left out", evolve(GOOD, base=evolve(BASE, further=VISITS))),
    ("R01", "slow service for ungraded customers", with_ungraded(level=ServiceLevel(48, 0.5))),
    (
        "R01",
        "an entitlement turned round",
        evolve(
            with_both(
                {"level": ServiceLevel(4, 4, "team", further=VISITS)},
                {"level": evolve(BASE, further={"visits": Entitlement(2.0, "less", "visits a year")})},
            ),
            base=evolve(BASE, further=VISITS),
            ungraded=UNGRADED,
        ),
    ),
    ("R02", "a base that is slow itself", evolve(GOOD, base=ServiceLevel(200, 0.5))),
    (
        "R02",
        "a base that differs by customer",
        evolve(GOOD, base=ServiceLevel(24, lambda c: c["revenue"]), treatments={"A": A, "B": evolve(B, level=None)}),
    ),
    ("R03", "B answered faster than A", with_b(level=ServiceLevel(2, 1))),
    ("R03", "B with a named person, A with a team", with_b(level=ServiceLevel(24, 1, "named person"))),
    ("R03", "more service hours for B", with_b(level=ServiceLevel(24, 5))),
    ("R03", "a further entitlement for B only", with_b(level=evolve(BASE, further=VISITS))),
    ("R04", "rewards of B are worth more", with_b(rewards=[Reward("thanks", "thanks", 60)])),
    ("R04", "rewards of B are worth more by cadence", with_b(rewards=[Reward("thanks", "thanks", 20, every=1)])),
    ("R04", "rewards of B on a shortlist are worth more", club("AB", B={"rewards": [party(60)]})),
    ("R05", "B pays later", with_b(terms=Terms(payment_days=60))),
    ("R05", "B has the discount", with_b(terms=Terms(discount=0.1, payment_days=14))),
    ("R05", "A pays a deposit", with_a(terms=Terms(discount=0.05, deposit=0.5))),
    ("R05", "extras are cheaper for B", with_b(terms=Terms(payment_days=14, extras={"training": 40}))),
    ("R05", "an offer lowers the price", offer(rise=-10.0)),
    ("R06", "a surcharge", with_b(terms=Terms(payment_days=14, surcharge=0.2))),
    ("R06", "a surcharge that is computed", with_b(terms=Terms(payment_days=14, surcharge=lambda c: c["revenue"]))),
    ("R06", "a discount below 0", with_b(terms=Terms(payment_days=14, discount=-0.1))),
    ("R06", "a surcharge in a package", package(terms=Terms(surcharge=0.2))),
    ("R07", "an offer that nobody explains", offer(explain="")),
    ("R08", "three days to sign", offer(open_days=3)),
    ("R08", "open for a year", offer(open_days=365)),
    ("R09", "the new price at once", offer(notice_days=0)),
    ("R09", "we may end overnight", with_b(terms=Terms(payment_days=14, our_notice_days=0, their_notice_days=0))),
    ("R09", "their notice is longer", with_b(terms=Terms(payment_days=14, our_notice_days=30, their_notice_days=60))),
    ("R09", "we may end a package overnight", package(terms=Terms(our_notice_days=0, their_notice_days=0))),
    ("R10", "released to nobody", released(referral="")),
    ("R10", "released to nowhere", released(to="")),
    ("R10", "released without a scope", released(scope=" ")),
    ("R10", "released overnight", released(days=1)),
    ("R10", "a transition that drags on", released(days=900)),
    ("R10", "released, and nothing declared", offer(transition=None, silence="transition")),
    ("R11", "silence is a signature", offer(silence="signed")),
    ("R12", "no way up for B", with_b(way_up="")),
    ("R12", "a blank way up for B", with_b(way_up=" ")),
    (
        "R13",
        "ungraded customers are charged more",
        with_ungraded(offers=[evolve(OFFER, transition=None, silence="keep")]),
    ),
    ("R13", "ungraded customers are released", with_ungraded(offers=[evolve(OFFER, rise=0.0)])),
    ("R13", "the aim is to release ungraded customers", with_ungraded(aim="release")),
    ("R13", "nobody asks ungraded customers", with_ungraded(actions=())),
    ("R14", "shown without consent", with_a(rewards=[Reward("wall", "showcase", 50)])),
    ("R15", "a club of Bs that As can't join", club("B", B={"rewards": [party()]})),
    ("R16", "an incentive for staying", with_b(incentives=[Incentive("voucher", 50, "B")])),
    ("R16", "an incentive for the best", with_a(incentives=[Incentive("voucher", 50, "A")])),
    ("R17", "a rise without alternatives", offer(alternatives=(), transition=None, silence="keep")),
    ("R17", "a release without alternatives", offer(alternatives=(" ",), rise=0.0)),
    ("R18", "three times the price", offer(steepest=2.0)),
    ("R19", "dropped during the transition", released(level=ServiceLevel(200, 0.5))),
    ("R19", "a package with slow service", package(level=ServiceLevel(48, 0.5))),
    ("R21", "a gift that is too large", with_a(rewards=[Reward("watch", "gift", 151)])),
    ("R21", "too many gifts", with_a(rewards=[Reward("dinner", "outing", 60, every=1)])),
    (
        "R21",
        "gifts hidden by a negative one",
        with_a(rewards=[Reward("dinner", "outing", 60, every=1), Reward("less", "outing", lambda c: -c["revenue"])]),
    ),
    (
        "R21",
        "too many gifts on a shortlist",
        club("AB", A={"rewards": [Reward("dinner", "outing", 40, every=1), Reward("trip", "event", 140, only="club")]}),
    ),
    ("R25", "a grade in an explanation", offer(explain="you are now a grade B customer")),
    ("R25", "a grade in a way up", with_b(way_up="order more to become an A")),
    ("R25", "a rank in a touchpoint", with_b(touchpoints={"support": "your rank decides who answers"})),
    ("R25", "a belittling word", with_b(sheet="we talk to unprofitable customers")),
    ("R25", "a grade in an alternative", offer(alternatives=["the same as for B customers"])),
    ("R25", "a grade in a package", package(what="for our As")),
]

OFFER_TO_KEEP = evolve(OFFER, transition=None, silence="keep")

ON_PLAN: list[tuple[str, str, Policy]] = [
    (
        "R04",
        "rewards of B are hidden by a negative one",
        with_b(rewards=[Reward("thanks", "thanks", 60), Reward("less", "thanks", lambda c: c["revenue"] * -0.1)]),
    ),
    ("R01", "hours by revenue, not clipped", with_b(level=evolve(BASE, service_hours=lambda c: c["revenue"] / 1000))),
    (
        "R03",
        "hours by revenue, above those in A",
        with_b(level=evolve(BASE, service_hours=lambda c: np.maximum(c["revenue"] / 100, 0.5))),
    ),
    (
        "R04",
        "rewards by revenue, above those in A",
        with_b(rewards=[Reward("thanks", "thanks", lambda c: c["revenue"] / 5)]),
    ),
    (
        "R04",
        "rewards of two shortlists together",
        evolve(
            GOOD,
            shortlists=[Shortlist("club", "AB", by_revenue(400.0)), Shortlist("guild", "AB", by_revenue(400.0))],
            treatments={"A": A, "B": evolve(B, rewards=[party(30), Reward("talk", "newsletter", 30, only="guild")])},
        ),
    ),
    (
        "R05",
        "a discount by revenue, above that in A",
        with_b(terms=Terms(payment_days=14, discount=lambda c: c["revenue"] / 1000)),
    ),
    ("R05", "an offer that lowers the price for some", offer(rise=lambda c: 450.0 - c["revenue"])),
    (
        "R06",
        "a discount that is below 0 for some",
        with_b(terms=Terms(payment_days=14, discount=lambda c: np.minimum(c["profit"], 0.0))),
    ),
    (
        "R06",
        "a discount of a package that is below 0 for some",
        package(minimum={"revenue": 150}, terms=Terms(discount=lambda c: np.minimum(c["profit"], 0.0))),
    ),
    ("R19", "slow service for some during the transition", released(level=ServiceLevel(lambda c: c["revenue"], 0.5))),
    ("R20", "repriced in spite of a complaint", offer(mend_first=False, transition=None, silence="keep")),
    ("R20", "released in spite of a complaint", offer(mend_first=False, rise=0.0)),
    ("R21", "gifts by revenue", with_a(rewards=[Reward("basket", "gift", lambda c: c["revenue"] / 5)])),
    (
        "R21",
        "gifts by revenue, too many",
        with_a(rewards=[Reward("basket", "gift", lambda c: c["revenue"] / 10, every=1)]),
    ),
    ("R24", "dearer than for a new customer", priced(420.0)),
]

REVENUE = [900.0, 800, 700, 600, 500, 400, 300, 200]
PROFIT = [90.0, 80, 70, 60, 50, 40, 30, -20]
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")
ON = "2026-01-01"


def graded(**columns: Any) -> cg.Graded:
    """Return eight customers, four of them A and four B, of whom one has complained; columns: further ones."""
    given = {"revenue": REVENUE, "profit": PROFIT, "complaints": [0, 0, 0, 0, 0, 1, 0, 0], **columns}
    base = cg.CustomerBase(ids=[f"C{k}" for k in range(8)], columns=given, period=PERIOD)
    return letters().fit(base).grade(base)


def letters() -> cg.Scorer:
    return cg.Scorer(
        axes=[Axis("grade", "AB", lambda c: c["revenue"], Thresholds([550.0]), rises=["revenue"])],
    )
