"""What is done for customers under the policy `ideal-mix`."""

from __future__ import annotations

from custgrade.planning import Action

WHAT_TO_ADD = Action(
    "what to add",
    "ask",
    "ask which products and services they would like us to add",
    "they know best what would delight them",
    after=14,
    every=12,
    hours=0.5,
)
REFERRAL = Action(
    "referral",
    "ask",
    "ask for an introduction to somebody whom we could serve as well",
    "delighted customers like to tell others",
    after=45,
    every=12,
    hours=0.25,
)
REVISE = Action(
    "revise their service",
    "review",
    "go through every touchpoint of their service and revise it",
    "the service for the ideal customer comes first",
    after=30,
    every=12,
    hours=0.5,
)
SURVEY = Action(
    "survey",
    "survey",
    "ask for needs, delivery, frequency, and how easy it is to buy from us",
    "no complaints don't mean that all is well",
    after=60,
    every=12,
    hours=0.25,
)
WHAT_HOLDS_BACK = Action(
    "what holds us back",
    "review",
    "find out what keeps them from being an ideal customer",
    "a B can be the next A",
    after=21,
    every=6,
    hours=1.0,
)
SIT_DOWN = Action(
    "sit down",
    "sit-down",
    "explain what serving them takes, and listen to what they need",
    "explain before asking for anything",
    after=14,
    hours=0.5,
)
NEEDS = Action(
    "needs", "ask", "ask what they need, and what they plan to buy", "they may be trying us out", after=14, hours=0.25
)


def tried(tries: int) -> list[Action]:
    """Return the tries to improve the business with a customer, a month apart; none for 0."""
    if not tries:
        return []
    what = "agree on one thing that would make the business better for both sides"
    return [Action("try", "try", what, "improve first, part last", after=30, tries=tries, hours=1.0)]


def reasons_to_call(broad: int) -> list[Action]:
    """Return what can be sold besides, each with the reason: occasions to talk to customers who buy rarely.

    broad: customers who buy fewer categories are shown more of the range.
    """
    return [
        Action(
            "more of the range",
            "cross-sell",
            "show what similar customers buy and they don't",
            "they buy from few of our categories",
            after=30,
            every=6,
            when=lambda c: c["product_mix"] < float(broad),
            hours=0.5,
        ),
        Action(
            "bought elsewhere",
            "cross-sell",
            "ask what they buy elsewhere, and what would bring it to us",
            "they buy less than half of what they need from us",
            after=60,
            every=6,
            when=lambda c: c["share_of_wallet"] < 0.5,
            hours=0.5,
        ),
        Action(
            "plans",
            "cross-sell",
            "ask for their plans, and propose what helps",
            "they could buy more than today",
            after=90,
            every=6,
            when=lambda c: c["potential"] > 0.0,
            hours=0.5,
        ),
    ]
