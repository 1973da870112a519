"""The next step towards the answer to each customer's offer, by the day, the log and the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked, tupled
from custgrade.events.moves import LEAST_OPEN, STATES
from custgrade.events.rounds import Rounds
from custgrade.events.steps import AFTER_CALL
from custgrade.events.terms import OfferTerms, terms_from
from custgrade.planning.customer_columns import CustomerColumns
from custgrade.planning.holding import better_places
from custgrade.planning.money_amounts import cents
from custgrade.planning.offer import Offer
from custgrade.planning.policy import Policy
from custgrade.planning.schedule import NEVER, Days
from custgrade.planning.standing import Standing

STEPS = (
    "",
    "explain",
    "mend",
    "try",
    "offer",
    "remind",
    "answer",
    "call",
    "refer",
    "transition",
    "end",
    "withdraw",
    "apply",
)
"""The next steps towards an offer's end. explain, mend and try come before the offer is begun, apply after it was
signed."""
OWN_FAULTS = "our own faults"
"""The name of the action that mends what we did wrong."""

_OFFER, _ANSWER, _CALL, _REFER, _TRANSITION, _END, _WITHDRAW = (
    STEPS.index(step) for step in ("offer", "answer", "call", "refer", "transition", "end", "withdraw")
)
GONE_UP, NO_LONGER, GONE_FROM_POLICY, NO_GRADE = range(1, 5)
WHY_WITHDRAWN = (
    "",
    "the customer has a better grade now",
    "its condition no longer holds",
    "the policy no longer has it",
    "the customer has no grade now",
)


@frozen(eq=False)
class OffersUnderWay:
    """The offers of a policy that are under way, arrays of shape (k,).

    rows: the customers' positions, ascending. name: positions in `names`. state: int8, positions in `STATES` of events.
    step: uint8, positions in `STEPS`. due: the day of the step. until: the last day to answer, or of the transition;
    NaT for none. unmoved: the same day before days off have moved it; NaT if it is recorded already. number: the round.
    cents: the rise. remind_on: the day of the reminder; NaT for none. why: why an offer is withdrawn, positions in
    `WHY_WITHDRAWN`. terms: positions in `texts`, the terms that are frozen with the step `offer`. changed: whether
    today's data would give another rise. place: of the treatment under which it was explained.
    """

    rows: npt.NDArray[np.int64] = field(converter=locked)
    names: tuple[str, ...] = field(converter=tupled)
    name: npt.NDArray[np.int64]
    state: npt.NDArray[np.int8]
    step: npt.NDArray[np.uint8]
    due: Days
    until: Days
    unmoved: Days
    number: npt.NDArray[np.int64]
    cents: npt.NDArray[np.int64]
    remind_on: Days
    why: npt.NDArray[np.uint8]
    texts: tuple[str, ...] = field(converter=tupled)
    terms: npt.NDArray[np.int64]
    changed: npt.NDArray[np.bool_]
    place: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)


def offers_under_way(
    policy: Policy,
    standing: Standing,
    treated: npt.NDArray[np.uint8],
    rise: npt.NDArray[np.float64],
    columns: CustomerColumns,
) -> OffersUnderWay:
    """Return the next step of each offer of the policy that is under way.

    treated: the place of each customer's treatment today. rise: the rise that each would be offered today.
    """
    rounds, on = standing.rounds, standing.dates.on
    mine = np.flatnonzero(rounds.under_way & rounds.explained(lambda one: one.policy == policy.name, bool))
    known = _Known(policy, rounds, mine)
    rows, state = rounds.rows[mine], rounds.state[mine]
    day, made_on, answer_by = rounds.day[mine], rounds.offered_on[mine], rounds.until[mine]
    step, due, until = np.zeros(len(mine), np.uint8), np.full(len(mine), NEVER), np.full(len(mine), NEVER)
    frozen_days = rounds.offered(lambda one: terms_from(one.terms).days, np.int64)[mine]

    def set_step(name: str, code: int, begins: Days, ends: Days) -> None:
        some = state == STATES.index(name)
        step[some], due[some], until[some] = code, begins[some], ends[some]

    def from_today(begins: Days, days: npt.NDArray[np.int64]) -> Days:
        found: Days = np.maximum(begins, on) + days.astype("timedelta64[D]")
        return found

    nothing = np.full(len(mine), NEVER)
    next_day = day + np.timedelta64(1, "D")
    earliest = np.maximum(next_day, made_on + np.timedelta64(LEAST_OPEN, "D"))
    set_step("explained", _OFFER, next_day, from_today(next_day, known.of(lambda one: one.open_days, np.int64, 0)))
    set_step("open", _ANSWER, answer_by, answer_by)
    set_step("lapsed", _CALL, answer_by + np.timedelta64(1, "D"), nothing)
    set_step("called", _REFER, day + np.timedelta64(AFTER_CALL, "D"), nothing)
    set_step("declined", _REFER, day, nothing)
    set_step("referred", _TRANSITION, earliest, from_today(earliest, frozen_days))
    set_step("in transition", _END, rounds.ends_on[mine], rounds.ends_on[mine])
    why = _why_withdrawn(policy, treated[rows], known, rows, columns)
    # terms that are frozen hold, whatever the policy says later
    why[(why == GONE_FROM_POLICY) & (state != STATES.index("explained"))] = 0
    # who has lost the grade may still accept an offer, and is neither asked for more nor handed over
    no_grade = len(policy.by_place) - 1
    lost = (treated[rows] == no_grade) & (known.place != no_grade)
    why[lost & (state != STATES.index("open"))] = NO_GRADE
    step[why > 0], due[why > 0], until[why > 0] = _WITHDRAW, on, NEVER
    before = known.of(lambda one: one.remind_days or 0, np.int64, 0)
    reminds = (step == _ANSWER) & (before > 0) & ~rounds.reminded[mine]
    unmoved = np.where(np.isin(step, (_OFFER, _TRANSITION)), until, NEVER)
    until = np.where(np.isnat(unmoved), until, policy.days_off.working(unmoved))
    texts, terms = known.terms(np.where(np.isnat(unmoved), 0, (until - unmoved).astype(np.int64)), step == _TRANSITION)
    return OffersUnderWay(
        rows=rows,
        names=known.names,
        name=known.name,
        state=state,
        step=step,
        due=due,
        until=until,
        unmoved=unmoved,
        number=rounds.number[mine],
        cents=rounds.cents[mine],
        remind_on=np.where(reminds, answer_by - before.astype("timedelta64[D]"), NEVER),
        why=why,
        texts=texts,
        terms=terms,
        changed=np.isin(step, (_OFFER, _ANSWER)) & np.isfinite(rise[rows]) & (cents(rise[rows]) != rounds.cents[mine]),
        place=known.place,
    )


def no_offers_under_way() -> OffersUnderWay:
    """Return that no offer is under way."""
    whole, days, truth = np.zeros(0, np.int64), np.zeros(0, "datetime64[D]"), np.zeros(0, bool)
    few = np.zeros(0, np.uint8)
    return OffersUnderWay(
        rows=whole,
        names=(),
        name=whole,
        state=few.astype(np.int8),
        step=few,
        due=days,
        until=days,
        unmoved=days,
        number=whole,
        cents=whole,
        remind_on=days,
        why=few,
        texts=(),
        terms=whole,
        changed=truth,
        place=whole,
    )


class _Known:
    """The policy's offers that are under way: of each, the offer of today's policy with its name, if there is one."""

    def __init__(self, policy: Policy, rounds: Rounds, which: npt.NDArray[np.int64]) -> None:
        places = {grade: place for place, (grade, _) in enumerate(policy.by_place)}
        names = rounds.explained(lambda one: one.name, object)[which]
        self.place = rounds.explained(lambda one: places.get(one.treatment, -1), np.int64)[which]
        pairs = dict.fromkeys(zip(self.place.tolist(), names.tolist(), strict=True))
        self.offers: list[Offer | None] = [_offer_named(policy, place, name) for place, name in pairs]
        codes = {pair: code for code, pair in enumerate(pairs)}
        self.names = tuple(name for _, name in pairs)
        self.name = np.fromiter(
            map(codes.__getitem__, zip(self.place.tolist(), names.tolist(), strict=True)), np.int64, len(names)
        )

    def of(self, value_of: Callable[[Offer], Any], dtype: Any, missing: Any) -> npt.NDArray[Any]:
        """Return a value of each customer's offer in today's policy; `missing` where the policy lacks it."""
        values = [missing if one is None else value_of(one) for one in self.offers]
        return np.array(values, dtype=dtype)[self.name] if values else np.zeros(0, dtype=dtype)

    def terms(
        self, moved: npt.NDArray[np.int64], transition: npt.NDArray[np.bool_]
    ) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
        """Return the terms of offers and transitions that are to begin, as texts, and the position of each one's text.

        moved: by how many days days off move their last days. transition: whether a transition is to begin.
        """
        keys, found = np.unique(np.column_stack([self.name, moved, transition]), axis=0, return_inverse=True)
        texts = tuple(
            OfferTerms(moved=days).text() if ends else _terms(self.offers[name], days)
            for name, days, ends in keys.tolist()
        )
        return texts, found.reshape(-1)


def _terms(offer: Offer | None, moved: int) -> str:
    if offer is None:
        return ""
    end = offer.transition
    return OfferTerms(
        what=offer.what,
        package=offer.package,
        silence="transition" if offer.silence == "transition" else "keep",
        notice_days=offer.notice_days,
        to="" if end is None else end.to,
        referral="" if end is None else end.referral,
        scope="" if end is None else end.scope,
        days=0 if end is None else end.days,
        moved=moved,
    ).text()


def _offer_named(policy: Policy, place: int, name: str) -> Offer | None:
    """Return the offer with a name, of the treatment at a place or else of any."""
    places = policy.by_place
    order = [places[place][1]] if place >= 0 else []
    return next(
        (one for treatment in [*order, *(t for _, t in places)] for one in treatment.offers if one.name == name), None
    )


def _why_withdrawn(
    policy: Policy,
    treated: npt.NDArray[np.uint8],
    known: _Known,
    rows: npt.NDArray[np.int64],
    columns: CustomerColumns,
) -> npt.NDArray[np.uint8]:
    """Return why each offer is withdrawn, positions in `WHY_WITHDRAWN`; 0 if nothing speaks against it."""
    better = better_places(policy)
    up = (known.place >= 0) & better[treated, np.where(known.place >= 0, known.place, 0)]
    found = np.where(up, GONE_UP, 0).astype(np.uint8)
    for code, offer in enumerate(known.offers):
        mine = np.flatnonzero(known.name == code)
        if offer is None:
            found[mine[found[mine] == 0]] = GONE_FROM_POLICY
        elif offer.when is not None:
            clear = mine[~columns.unknown(offer.when.reads, rows[mine])]
            holds = np.isin(rows[clear], columns.hold(offer.when, rows[clear]))
            found[clear[~holds & (found[clear] == 0)]] = NO_LONGER
    return found
