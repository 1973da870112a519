"""Random customers and policies for sequences of plans."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve

import custgrade as cg
from custgrade.planning import Action, Effort, Offer, Policy, Reward, ServiceLevel, Terms, Transition, Treatment

SCORERS = {
    "golden-list": "abcde",
    "ideal-mix": "abcd",
    "packages": "floors",
    "sales-service-mix": "matrix3x3",
    "fair-treatment": "top10",
    "generated": "abcd",
    "busy": "abcd",
}
"""The policies, and the scorers that they are written for."""
WITH_OFFERS = ("ideal-mix", "packages", "fair-treatment", "generated", "busy")
PERIOD = cg.Period("2017-12-31", "2017-01-01", "2017-12-31")


def random_base(rng: np.random.Generator, ids: list[str]) -> cg.CustomerBase:
    """Return customers with random values, among which many are equal or unknown."""
    size = len(ids)
    revenue = np.round(rng.gamma(2, 800, size), 2)
    columns: dict[str, Any] = {
        "revenue": revenue,
        "profit": np.round(revenue * rng.normal(0.05, 0.2, size), 2),
        "orders": rng.integers(1, 12, size).astype(float),
        "product_mix": rng.integers(1, 5, size).astype(float),
        "days_late": rng.integers(0, 60, size).astype(float),
        "sales_hours": rng.integers(0, 60, size) / 2,
        "service_hours": rng.integers(0, 60, size) / 2,
        "consent": rng.choice([0.0, 1.0, np.nan], size),
        "no_gifts": rng.choice([0.0, 0.0, 1.0, np.nan], size),
        "recency": rng.integers(0, 300, size).astype(float),
        "complaints": rng.choice([0.0, 0.0, 0.0, 0.0, 1.0], size),
    }
    if rng.random() < 0.4:
        for name in columns:
            columns[name][: size // 2] = columns[name][0]
    for name in ("profit", "orders", "recency"):
        if rng.random() < 0.2:
            columns[name][rng.random(size) < 0.1] = np.nan
    return cg.CustomerBase(ids=ids, columns=columns, period=PERIOD)


def generated(rng: np.random.Generator) -> Policy:
    """Return a policy with random rewards, actions and offers for A to D."""

    def rewards() -> list[Reward]:
        kinds = ["gift", "newsletter", "thanks", "showcase", "event", "outing"]
        found = []
        for k in range(int(rng.integers(1, 4))):
            kind = str(rng.choice(kinds))
            free = kind in ("thanks", "showcase")
            worth = 0.0 if free else float(rng.integers(1, 20))
            every = int(rng.choice([1, 2, 3, 6, 12]))
            after = int(rng.choice([0, 7, 30]))
            found.append(Reward(f"reward {k}", kind, worth, every, after, consent=kind == "showcase"))
        return found

    def actions() -> list[Action]:
        often = Action("often", str(rng.choice(["contact", "review", "tell"])), "do it", every=int(rng.choice([1, 3])))
        once = Action("try", "try", "try it", after=int(rng.choice([0, 10])), tries=int(rng.integers(1, 4)))
        return [often, once]

    silence = str(rng.choice(["keep", "transition"]))
    offer = Offer(
        "terms",
        "terms that carry the service",
        "what serving you takes",
        "more volume at today's price",
        when=lambda c: c["profit"] < 0.0,
        after=int(rng.choice([0, 14])),
        open_days=int(rng.integers(14, 29)),
        after_tries=int(rng.integers(0, 3)),
        again=int(rng.choice([3, 12])),
        transition=Transition("partner", "Smith & Co.", int(rng.integers(30, 90)), "open orders are finished"),
        silence=silence,
        remind_days=None if rng.random() < 0.3 else int(rng.integers(2, 10)),
    )
    same: dict[str, Any] = {"way_up": "buy more broadly", "sheet": "we would like to hear what you need"}
    best = rewards()
    given = {"A": best, "B": best[: int(rng.integers(0, len(best) + 1))]}
    levels = {"A": ServiceLevel(4, 6), "B": ServiceLevel(8, 3), "C": ServiceLevel(16, 1)}
    treatments = {
        grade: Treatment(
            f"keep {grade}",
            "keep",
            levels.get(grade),
            Effort(1, int(rng.choice([30, 90]))),
            Terms(our_notice_days=int(rng.choice([30, 45]))),
            rewards=given.get(grade, ()),
            offers=offer if grade in "CD" else (),
            actions=actions(),
            **same,
        )
        for grade in "ABCD"
    }
    return Policy("generated", "a trial", "ABCD", treatments, gift_limit=50.0, gift_limit_year=240.0 * 3)


def busy() -> Policy:
    """Return a policy in which customers who get an offer get gifts too, and every contact counts."""
    gift = Reward("gift", "gift", 10.0, 1)
    news = Reward("news", "newsletter", 1.0, 1, after=3)
    offer = Offer(
        "terms",
        "terms that carry the service",
        "what serving you takes",
        "more volume at today's price",
        when=lambda c: c["profit"] < 0.0,
        open_days=14,
        again=1,
        transition=Transition("partner", "Smith & Co.", 30, "open orders are finished"),
    )
    treatments = {
        grade: Treatment(
            f"keep {grade}",
            "keep",
            ServiceLevel(hours, hours),
            Effort(1, 20),
            rewards=[gift, news],
            offers=offer,
            actions=Action("call", "contact", "call", every=1),
            way_up="buy more broadly",
            sheet="we would like to hear what you need",
        )
        for grade, hours in zip("ABCD", (6, 6, 6, 6), strict=True)
    }
    return Policy("busy", "a trial", "ABCD", treatments)


def random_policy(rng: np.random.Generator, name: str) -> Policy:
    """Return a policy with random budgets, limits, hold times and days off."""
    found = generated(rng) if name == "generated" else busy() if name == "busy" else cg.policy(name)
    if rng.random() < 0.5:
        small = {
            grade: evolve(one, budget=float(rng.integers(5, 400))) if rng.random() < 0.7 else one
            for grade, one in found.treatments.items()
        }
        found = evolve(found, treatments=small)
    changes: dict[str, Any] = {"hold_days": int(rng.choice([0, 30, 90])), "budget_months": int(rng.choice([1, 3, 12]))}
    if rng.random() < 0.5:
        changes |= {"contact_limit": int(rng.integers(1, 5)), "contact_days": int(rng.choice([7, 30, 60]))}
    if rng.random() < 0.5:
        changes["days_off"] = ["saturday", "sunday", "2018-05-01", "2018-12-25", "2018-12-26"]
    if name == "busy":
        changes["gift_limit_year"] = 150.0
    return evolve(found, **changes)


def other_terms(policy: Policy) -> Policy:
    """Return a policy whose offers have other texts and last days, and whose transitions are longer."""

    def offer(one: Offer) -> Offer:
        longer = None if one.transition is None else evolve(one.transition, days=min(180, one.transition.days + 11))
        return evolve(one, what=f"{one.what}!", open_days=14 + (one.open_days + 3) % 15, transition=longer)

    changed = {
        grade: evolve(one, offers=[offer(each) for each in one.offers]) for grade, one in policy.treatments.items()
    }
    return evolve(policy, treatments=changed)
