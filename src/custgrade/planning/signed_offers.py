"""Offers that were signed: from when what was agreed holds, until somebody has put it into effect."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked
from custgrade.events.kinds import APPLY
from custgrade.events.terms import terms_from
from custgrade.planning.action_block import OPEN, ActionBlock, block
from custgrade.planning.assigned import Assigned
from custgrade.planning.schedule import Days


@frozen(eq=False)
class SignedOffers:
    """Offers of a policy that were signed and aren't in effect yet, arrays of shape (k,).

    rows: the customers' positions, ascending. due: from when what was agreed holds: the notice after the signature.
    name: of the offer, texts. what: its sentence when it was made. cents: the rise.
    """

    rows: npt.NDArray[np.int64] = field(converter=locked)
    due: Days = field(converter=locked)
    name: npt.NDArray[np.object_] = field(converter=locked)
    what: npt.NDArray[np.object_] = field(converter=locked)
    cents: npt.NDArray[np.int64] = field(converter=locked)


def signed_offers(plan: Assigned) -> SignedOffers:
    """Return the offers of the policy that were signed and aren't in effect yet."""
    rounds = plan.standing.rounds
    own = rounds.explained(lambda one: one.policy == plan.policy.name, bool)
    at = np.flatnonzero(rounds.is_in("signed") & own)
    names = rounds.explained(lambda one: one.name, object)
    for name in dict.fromkeys(names[at].tolist()):
        applied = plan.standing.last_day(APPLY, name)[rounds.rows] >= rounds.day
        at = at[~((names == name) & applied)[at]]
    notice = rounds.offered(lambda one: terms_from(one.terms).notice_days, np.int64)[at]
    return SignedOffers(
        rounds.rows[at],
        rounds.day[at] + notice.astype("timedelta64[D]"),
        names[at],
        rounds.offered(lambda one: terms_from(one.terms).what, object)[at],
        rounds.cents[at],
    )


def signed_offer_blocks(plan: Assigned) -> Iterator[ActionBlock]:
    """Yield that signed offers are to be put into effect, on the day from which they hold."""
    found = signed_offers(plan)
    soon = found.due <= plan.dates.until
    keys = [plan.treatment[found.rows].tolist(), found.name.tolist(), found.what.tolist()]
    blocks: dict[tuple[int, str, str], list[int]] = {}
    for at, key in enumerate(zip(*keys, strict=True)):
        if soon[at]:
            blocks.setdefault(key, []).append(at)
    for (place, name, what), some in blocks.items():
        yield block(
            plan,
            place,
            found.rows[some],
            APPLY,
            name,
            f"put into effect what was signed: {what or name}",
            found.due[some],
            number=plan.standing.next_number(APPLY, name, found.rows[some]),
            money=found.cents[some] / 100.0,
            changes=OPEN,
        )
