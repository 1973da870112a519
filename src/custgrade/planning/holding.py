"""Up at once, down with notice: the treatments that customers have entered, and whose entitlements they keep."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.events.history import History
from custgrade.events.kinds import ENTERED, NOTICE
from custgrade.planning.policy import Policy
from custgrade.planning.schedule import NEVER, Days

Places = npt.NDArray[np.uint8]


@frozen(eq=False)
class Stays:
    """The treatments of customers by a log, arrays of shape (n,).

    entered: the day on which each customer entered today's treatment, datetime64[D]; NaT if that is today. number: how
    many treatments were entered before, int64. served: the place of the treatment whose entitlements count, uint8.
    served_since: the day from which they have counted; NaT for customers who were never in this treatment. untold:
    whether a customer must still be told that they get less. until: the day from which the entitlements of today's
    treatment count, if who must be told is told on the day of the plan; NaT where they count already. served_until: the
    day from which those of `served` no longer count; before `until` after a fall in two steps. first: the first day of
    the policy in the log; NaT if there is none.
    """

    entered: Days
    number: npt.NDArray[np.int64]
    served: Places
    served_since: Days
    untold: npt.NDArray[np.bool_]
    until: Days
    served_until: Days
    first: np.datetime64


def better_places(policy: Policy) -> npt.NDArray[np.bool_]:
    """Return whether the treatment at a place, a row, is that of a better grade than the one at another, a column.

    Every grade is better than none.
    """
    own = policy.grades.grades
    found = np.zeros((len(own) + 1, len(own) + 1), dtype=bool)
    for better, worse in policy.grades.comparable():
        found[own.index(better), own.index(worse)] = True
    found[:-1, -1] = True
    return found


def stays(history: History, policy: Policy, treated: Places, on: np.datetime64) -> Stays:
    """Return which treatments customers have entered, and whose entitlements they keep.

    After a fall, the entitlements of the better grade are kept for the policy's hold_days, and until the customer was
    told and the notice of its terms has passed. Each grade that a customer has left is kept in this way, counted from
    the day on which it ended, and the best of them counts. A fall in two steps 60 days apart is therefore followed by
    two changes 60 days apart, each after a notice of its own.

    treated: the place of each customer's treatment today.
    """
    size = len(treated)
    some = history.where(lambda one: one.kind == ENTERED and one.name == policy.name)
    first = some.days.min() if len(some) else NEVER
    some = some.known
    found = Stays(
        np.full(size, NEVER),
        np.zeros(size, dtype=np.int64),
        treated.copy(),
        np.full(size, NEVER),
        np.zeros(size, dtype=bool),
        np.full(size, NEVER),
        np.full(size, NEVER),
        first,
    )
    if not len(some):
        return found
    names = {grade: place for place, (grade, _) in enumerate(policy.by_place)}
    places = some.each(lambda one: names.get(one.treatment, -1), np.int64)
    # customers who were merged may have entered two treatments with the same number
    order = np.lexsort((-places, some.number, some.days, some.who))
    who, days, places = some.who[order], some.days[order], places[order]
    last = np.append(who[1:] != who[:-1], True)
    found.number[who[last]] = np.maximum.reduceat(some.number[order], np.flatnonzero(np.append(True, last[:-1])))
    stayed = places[last] == treated[who[last]]
    found.entered[who[last][stayed]] = days[last][stayed]
    ends = np.append(days[1:], NEVER)
    ends[last] = np.where(stayed, NEVER, on)
    if policy.hold_days:
        _hold(found, history, policy, treated, who, places, ends, on)
    here = places == found.served[who]
    _since(found, treated, who[here], days[here], ends[here], np.timedelta64(policy.hold_days, "D"), on)
    return found


def _since(
    found: Stays,
    treated: Places,
    who: npt.NDArray[np.int64],
    days: Days,
    ends: Days,
    hold: np.timedelta64,
    on: np.datetime64,
) -> None:
    """Set since when the entitlements count: absences of at most the hold time don't interrupt them.

    who, days, ends: of each stay in the treatment whose entitlements count.
    """
    if not len(who):
        return
    newcomer = np.append(True, who[1:] != who[:-1])
    begins = newcomer | np.append(False, days[1:] - ends[:-1] > hold)
    begun = np.maximum.accumulate(np.where(begins, np.arange(len(who)), 0))
    last = np.flatnonzero(np.append(newcomer[1:], True))
    # who comes back today, after more than the hold time, enters anew
    anew = (found.served == treated)[who[last]] & (on - ends[last] > hold)
    last = last[~anew]
    found.served_since[who[last]] = days[begun[last]]


def _hold(
    found: Stays,
    history: History,
    policy: Policy,
    treated: Places,
    who: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
    ends: Days,
    on: np.datetime64,
) -> None:
    """Set whose entitlements count for customers who have fallen, and who must still be told.

    who, places, ends: of each stay, the customer, the place of the treatment, −1 if the policy has it no longer, and
    the day after it; NaT for a stay that goes on.
    """
    better = better_places(policy)
    fell = (places >= 0) & ~np.isnat(ends)
    fell &= better[np.where(fell, places, 0), treated[who]]
    who, places, ends = who[fell], places[fell], ends[fell]
    told = _told(history.known.where(lambda one: one.kind == NOTICE and one.name == policy.name), who, ends)
    was_told = ~np.isnat(told)
    notice = np.array([one.terms.our_notice_days for _, one in policy.by_place])[places].astype("timedelta64[D]")
    holds = ends + np.timedelta64(policy.hold_days, "D")
    until = np.maximum(holds, np.where(was_told, told, on) + notice)
    over = was_told & (until <= on)
    who, places, was_told, until = who[~over], places[~over], was_told[~over], until[~over]
    # a worse place first, so that the best one is what remains
    order = np.argsort(-places, kind="stable")
    found.served[who[order]] = places[order]
    found.served_until[who[order]] = until[order]
    # today's treatment counts when none of the better ones does any more
    np.fmax.at(found.until, who, until)
    np.logical_or.at(found.untold, who, ~was_told)


def _told(notices: History, who: npt.NDArray[np.int64], ends: Days) -> Days:
    """Return the day of the first notice on or after the end of each stay, datetime64[D]; NaT if there is none.

    who, ends: of each stay, the customer and the day after it.
    """
    if not len(notices):
        return np.full(len(who), NEVER)
    order = np.lexsort((notices.days, notices.who))
    theirs, days = notices.who[order], notices.days[order].astype(np.int64)
    # customer and day as one number, so that all stays are looked up at once
    first = days.min() - 1
    width = max(int(days.max()), int(ends.astype(np.int64).max(initial=0))) - first + 1
    least = np.maximum(ends.astype(np.int64) - first, 0)
    at = np.searchsorted(theirs * width + days - first, who * width + least)
    found = np.minimum(at, len(theirs) - 1)
    told: Days = np.where((at < len(theirs)) & (theirs[found] == who), notices.days[order][found], NEVER)
    return told
