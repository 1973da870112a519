"""The policy `packages`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from custgrade import findings
from custgrade.errors import ParameterError
from custgrade.planning import (
    Action,
    Effort,
    Offer,
    Policy,
    ServiceLevel,
    Terms,
    Transition,
    Treatment,
    restoring,
)
from custgrade.plugins import Setting
from custgrade_floors.offered_packages import Sizes, packages_from

PROPOSED = "proposed"

ALSO: Mapping[str, str] = MappingProxyType(
    {
        "A": "meets",
        "B": "meets",
        "C": "near",
        "D": "below",
        "E": "below",
        "top": "meets",
        "rest": "near",
        "Large/High": "meets",
        "Large/Mid": "near",
        "Large/Low": "below",
        "Medium/High": "meets",
        "Medium/Mid": "near",
        "Medium/Low": "below",
        "Small/High": "meets",
        "Small/Mid": "near",
        "Small/Low": "below",
    }
)
"""For grades of other schemes, the grade whose treatment customers get."""

EXPLAIN = (
    "So that we can serve you well for years, we need {}. Taken together, your orders of today are smaller on average, "
    "or leave less. We show you how we calculate, and which ways there are."
)
EXPLAIN_SAME = (
    "Nothing changes for you: your price stays as it is. We put down in writing what you get, how quickly we answer, "
    "how you pay, and how each side can end the contract."
)
ALTERNATIVES = (
    "order more at a time, at today's price",
    "regular deliveries in a package with a team that knows you",
    "extra services only when you need them, at a fair hourly rate",
)
SHEET = "we would like to go through our services with you, and to find the package that fits what you need"
WAY_UP = "bring orders together, and choose the package that fits what you need; we ask for {}"


def packages(
    margin: Annotated[
        float | str, Setting("the least margin, or 'proposed' for the floor that the scorer has learned", "ratio")
    ] = 0.05,
    average_sale: Annotated[
        float | str, Setting("the least average sale, or 'proposed' for the floor that the scorer has learned", "money")
    ] = 150.0,
    steepest: Annotated[
        float,
        Setting(
            "the steepest rise of a price; where more is needed, a package or a talk is offered", "share of revenue"
        ),
    ] = 0.25,
    open_days: Annotated[int, Setting("how long an offer is open", "days")] = 21,
    notice_days: Annotated[int, Setting("from the answer to an offer to the change", "days")] = 30,
    trial: Annotated[float, Setting("the least average sale of every package", "money")] = 50.0,
    maintenance: Annotated[float, Setting("the least revenue of the package for regular customers", "money")] = 1000.0,
    project: Annotated[float, Setting("the least average sale of the package for projects", "money")] = 500.0,
    regular: Annotated[int, Setting("the least orders of the package for regular customers", "orders")] = 4,
    deposit: Annotated[float, Setting("what is paid at the onset of a project or a trial", "share of an order")] = 0.3,
    our_notice_days: Annotated[int, Setting("our notice to end a contract", "days")] = 60,
    their_notice_days: Annotated[int, Setting("the customer's notice to end a contract", "days")] = 30,
    after_decline: Annotated[
        Literal["partner", "in-house", "keep"],
        Setting(
            "who takes over after a decline: a partner, the customer's own people, or nobody, as all stays the same"
        ),
    ] = "partner",
    partner: Annotated[str, Setting("who takes over", "a name")] = "a partner we recommend",
    transition_days: Annotated[int, Setting("how long a customer is still served after a decline", "days")] = 60,
) -> Policy:
    """Offer every customer a contract in writing: at the same price, at one that restores the floors, or a package."""
    floors = {"margin": _floor("margin", margin), "average_sale": _floor("average_sale", average_sale)}
    rise = restoring(**floors)
    minimum = _minimum(floors)
    explain = EXPLAIN.format(minimum)

    def price(c: Mapping[str, Any]) -> Any:
        return c["revenue"] + rise(c)

    def reaches(c: Mapping[str, Any]) -> Any:
        return rise(c) == 0.0

    def misses(c: Mapping[str, Any]) -> Any:
        return rise(c) > 0.0

    def regular_and_misses(c: Mapping[str, Any]) -> Any:
        return misses(c) & (c["orders"] >= 2.0)

    scope = "open orders are finished, and your data and our notes are handed over"
    end = None if after_decline == "keep" else Transition(after_decline, partner, transition_days, scope)
    common: dict[str, Any] = {"after": 14, "open_days": open_days, "notice_days": notice_days}
    offers = [
        Offer("contract", "the same price, in writing", EXPLAIN_SAME, when=reaches, silence="keep", **common),
        Offer(
            "price",
            "a price at which your orders reach the minimum",
            explain,
            ALTERNATIVES,
            rise,
            regular_and_misses,
            steepest=steepest,
            transition=end,
            **common,
        ),
        Offer(
            "package",
            f"single orders from a size of {_plain(trial)} on, paid by card, with our desk for questions",
            explain,
            ALTERNATIVES,
            when=regular_and_misses,
            package="trial",
            transition=end,
            **common,
        ),
        Offer(
            "talk",
            "a talk about what would make it work for both of us",
            explain,
            # without a package: most of these customers have one already
            (ALTERNATIVES[0], ALTERNATIVES[-1]),
            when=misses,
            silence="keep",
            **common,
        ),
    ]

    def treatment(goal: str, aim: str, level: ServiceLevel, sales_hours: float) -> Treatment:
        sit_down = Action(
            "sit down",
            "sit-down",
            "explain the services, what they are worth, and the packages",
            "a new contract is a good occasion to talk",
            after=7,
            hours=0.5,
        )
        terms = Terms(our_notice_days=our_notice_days, their_notice_days=their_notice_days)
        way_up = "" if aim == "keep" else WAY_UP.format(minimum)
        return Treatment(
            goal,
            aim,
            level,
            Effort(sales_hours, 90),
            terms,
            offers=offers,
            actions=sit_down,
            way_up=way_up,
            sheet=SHEET,
        )

    base = ServiceLevel(24, 0.5, "shared desk")
    return Policy(
        "packages",
        "every customer has a contract that carries its service, and agreed to it",
        ("meets", "near", "below"),
        {
            "meets": treatment("keep them, in writing", "keep", ServiceLevel(4, 4, "named person"), 1),
            "near": treatment("restore the floor they miss", "restore", ServiceLevel(8, 2, "team"), 1.5),
            "below": treatment("find a package that carries itself", "restore", ServiceLevel(16, 1, "team"), 1.5),
        },
        base=base,
        ungraded=Treatment(
            "get to know them",
            "ask",
            effort=Effort(0.5, 90),
            offers=Offer("contract", "the same price, in writing", EXPLAIN_SAME, silence="keep", **common),
            actions=Action(
                "needs", "ask", "ask what they need, and which package fits", "they may be trying us out", after=7
            ),
            way_up="tell us what you need, and try the package that fits",
            sheet=SHEET,
        ),
        also=ALSO,
        packages=packages_from(
            Sizes(trial, maintenance, project, regular), price, deposit, our_notice_days, their_notice_days
        ),
        at_stake=rise,
        findings=findings.package_fit,
        at_stake_means="what customers would have to pay more over the period for the floors to be reached",
    )


def _floor(name: str, floor: float | str) -> float | str:
    """Return a floor, or the name of the number that the scorer has learned."""
    if isinstance(floor, str) and floor != PROPOSED:
        raise ParameterError(f"received {floor!r} for {name}; give a number or {PROPOSED!r}")
    return f"{name}_floor" if isinstance(floor, str) else floor


def _minimum(floors: Mapping[str, float | str]) -> str:
    """Return the floors in the customer's words; one that the scorer has learned is a number of the grading."""
    sale, margin = floors["average_sale"], floors["margin"]
    size = (
        "an average order of a least size" if isinstance(sale, str) else f"an average order of at least {_plain(sale)}"
    )
    part = "a part" if isinstance(margin, str) else f"{_plain(100.0 * margin)} %"
    return f"{size}, and {part} of what you pay left after the costs"


def _plain(value: float) -> str:
    return f"{value:,.10g}"
