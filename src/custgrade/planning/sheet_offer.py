"""What the explanation sheet says of an offer that was explained, made or signed already."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from custgrade.events.moves import STATES
from custgrade.events.offer_sequence import NOTHING
from custgrade.events.terms import OfferTerms, terms_from
from custgrade.planning.assigned import Assigned
from custgrade.planning.offer_steps import STEPS
from custgrade.planning.sheet_words import as_sentence, count_text

_SAID = ("explained", "open", "lapsed", "called", "declined", "referred", "in transition", "signed")


def offer_said(plan: Assigned, row: int, money: Callable[[float], str]) -> list[str]:
    """Return what to say of a customer's newest offer, by the terms with which it was made; none if it is over.

    It may be an offer of another policy. money: returns an amount in words.
    """
    rounds = plan.standing.rounds
    at = int(np.searchsorted(rounds.rows, row))
    if at == len(rounds) or int(rounds.rows[at]) != row or STATES[rounds.state[at]] not in _SAID:
        return []
    return list(_lines(plan, row, at, money))


def _lines(plan: Assigned, row: int, at: int, money: Callable[[float], str]) -> Iterator[str]:
    rounds = plan.standing.rounds
    state, until = STATES[rounds.state[at]], rounds.until[at]
    step, planned, answer_by = _planned(plan, row)
    if step == "withdraw":
        yield f"We take back the offer that we explained to you on {rounds.explained_on[at]}. Nothing changes."
        return
    if state == "explained":
        terms = planned
        what = f": {terms.what}" if terms.what else ""
        yield as_sentence(f"on {rounds.explained_on[at]} we explained our offer to you{what}")
        yield "You get it in writing, with the last day to answer."
        until = answer_by
    else:
        terms = terms_from(str(rounds.offered(lambda one: one.terms, object)[at]))
        what = f"on {rounds.offered_on[at]} we offered you this: {terms.what}" if terms.what else ""
        yield as_sentence(what or f"on {rounds.offered_on[at]} we made you an offer")
    rise = int(rounds.cents[at]) / 100.0
    if state == "signed":
        yield f"You agreed to it on {rounds.day[at]}. The change starts {count_text(terms.notice_days, 'days')} later."
    yield f"Over the same time, you pay {money(rise)} more." if rise > 0.0 else "You don't pay more."
    if state in ("explained", "open"):
        if not np.isnat(until):
            yield f"You can answer until {until}."
        yield f"If you agree, the change starts {count_text(terms.notice_days, 'days')} after your answer."
        yield from _refused(terms)
    elif state != "signed":
        yield from _late(plan, at, state, terms)


def _planned(plan: Assigned, row: int) -> tuple[str, OfferTerms, np.datetime64]:
    """Return the next step of an offer of the plan's policy, the terms that it would be made with, and its last day."""
    under_way = plan.under_way
    at = int(np.searchsorted(under_way.rows, row))
    if at == len(under_way) or int(under_way.rows[at]) != row:
        return "", OfferTerms(), np.datetime64("NaT", "D")
    terms = terms_from(under_way.texts[int(under_way.terms[at])])
    return STEPS[under_way.step[at]], terms, under_way.until[at]


def _refused(terms: OfferTerms) -> Iterator[str]:
    """Yield what follows if the customer declines, or doesn't answer."""
    if not terms.releases:
        yield "If you decline, or if we hear nothing from you, nothing changes."
        return
    quiet = terms.silence == "transition"
    silence = "or if we hear nothing from you, even after we have called you, " if quiet else ""
    yield f"If you decline, {silence}{_takes_over(terms)} within {count_text(terms.days, 'days')}."
    yield from _scope(terms)
    if not quiet:
        yield "If we hear nothing from you, nothing changes."


def _late(plan: Assigned, at: int, state: str, terms: OfferTerms) -> Iterator[str]:
    """Yield what follows after the last day to answer, or after a no."""
    rounds = plan.standing.rounds
    declined = int(rounds.sequence.declined[rounds.at[at]])
    if declined != NOTHING:
        yield f"You declined it on {rounds.sequence.day[declined]}."
    else:
        yield f"You could answer until {rounds.until[at]}, and we haven't had your answer."
    if state == "in transition":
        yield as_sentence(f"{_takes_over(terms)} by {rounds.ends_on[at]}")
    else:
        yield as_sentence(f"{_takes_over(terms)} within {count_text(terms.days, 'days')} from the day we agree on")
    yield from _scope(terms)
    yield "Until then, we serve you as before. If you would rather take our offer, you still can."


def _takes_over(terms: OfferTerms) -> str:
    whom = terms.referral or "a partner"
    return f"{whom} helps you to do this yourselves" if terms.to == "in-house" else f"{whom} takes over"


def _scope(terms: OfferTerms) -> Iterator[str]:
    if terms.scope:
        yield as_sentence(f"until then, {terms.scope}")
