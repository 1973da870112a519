"""Offers as they are declared: R05, R07 to R11, R17 and R18."""

from __future__ import annotations

from collections.abc import Iterator

from custgrade.planning.guard.comparing import amount_text
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.plain_text import says_something
from custgrade.planning.guard.rules import Breach
from custgrade.planning.guard.terms import LEAST_NOTICE
from custgrade.planning.offer import Offer, Transition
from custgrade.planning.policy import Policy
from custgrade.text import counted

SHORTEST, LONGEST = 14, 28
"""The days that an offer is open, both included."""

TRANSITION = (14, 180)
"""The days of a transition, both included."""

STEEPEST = 0.5
"""The largest rise as a share of what the customer pays."""


def asks_much(offer: Offer) -> bool:
    """Return whether an offer may raise the price, or end the business."""
    return offer.transition is not None or offer.rise.constant is None or offer.rise.constant > 0.0


def offer_breaches(policy: Policy) -> Iterator[Breach]:
    """Yield the breaches of the rules on offers."""
    for grade, treatment in policy.by_place:
        for offer in treatment.offers:
            yield from _offer(grade, offer)


def _offer(grade: str, offer: Offer) -> Iterator[Breach]:
    where = f"offer {offer.name!r}"

    def breach(rule: str, key: str, what: str, mend: str) -> Breach:
        return Breach(rule, grade, f"{where} {what}", mend, path=treatment_path(grade, "offer", offer.name, key))

    if offer.rise.constant is not None and offer.rise.constant < 0.0:
        what = f"lowers the price by {amount_text(-offer.rise.constant)}, and 0 is the most"
        yield breach("R05", "rise", what, "Make rise at least 0; give an incentive for reaching a better grade")
    if not says_something(offer.explain):
        yield breach("R07", "explain", "isn't explained", "Give explain, a sentence that can be read to the customer")
    if not SHORTEST <= offer.open_days <= LONGEST:
        what = f"is open {counted(offer.open_days, 'days')}, and {SHORTEST} to {LONGEST} are allowed"
        nearest = min(max(offer.open_days, SHORTEST), LONGEST)
        yield breach("R08", "open_days", what, f"Make open_days {nearest}")
    if offer.notice_days < LEAST_NOTICE:
        what = f"takes effect {counted(offer.notice_days, 'days')} after the answer, and {LEAST_NOTICE} is the least"
        yield breach("R09", "notice_days", what, f"Make notice_days at least {LEAST_NOTICE}")
    if offer.silence == "signed":
        mend = "Make silence 'keep', or 'transition' with a transition"
        yield breach("R11", "silence", "takes no answer as a signature", mend)
    if asks_much(offer) and not any(map(says_something, offer.alternatives)):
        kind = "a rise" if offer.transition is None else "a transition"
        mend = "Name one: more volume, a package, extras at a price"
        yield breach("R17", "alternatives", f"has {kind} and 0 alternatives, and 1 is the least", mend)
    if offer.raises and offer.steepest > STEEPEST:
        share = amount_text(offer.steepest * 100.0)
        what = f"may rise by {share} % of revenue, and {amount_text(STEEPEST * 100.0)} % is the most"
        mend = f"Make steepest at most {amount_text(STEEPEST)}, and give a further offer to customers beyond it"
        yield breach("R18", "steepest", what, mend)
    if offer.transition is not None:
        yield from _transition(grade, offer.name, offer.transition)
    elif offer.silence == "transition":
        what = "releases customers who don't answer, and has no transition"
        yield breach("R10", "silence", what, "Give a transition, or make silence 'keep'")


def _transition(grade: str, name: str, transition: Transition) -> Iterator[Breach]:
    def breach(key: str, what: str, mend: str) -> Breach:
        path = treatment_path(grade, "offer", name, "transition", key)
        return Breach("R10", grade, f"offer {name!r}, transition: {what}", mend, path=path)

    if not transition.to:
        yield breach("to", "nothing says where customers go", "Make to 'partner' or 'in-house'")
    if not says_something(transition.referral):
        yield breach("referral", "nobody takes over", "Give referral, the name of the partner or colleague")
    if not says_something(transition.scope):
        what = "nothing says what is finished and handed over"
        yield breach("scope", what, "Give scope, such as 'open orders are finished'")
    least, most = TRANSITION
    if not least <= transition.days <= most:
        nearest = min(max(transition.days, least), most)
        what = f"it takes {counted(transition.days, 'days')}, and {least} to {most} are allowed"
        yield breach("days", what, f"Make days {nearest}")
