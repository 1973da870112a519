"""Where customers stand on the day of a plan: what a log says of them, for the policy that makes the plan."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.converters import locked
from custgrade.data.period import Period
from custgrade.events.event_columns import Occasion, days_of
from custgrade.events.history import History, no_history
from custgrade.events.kinds import CONSENT, CONTACTS, GIFTS, REWARDS, RUN, SNOOZE, TAKE_DOWN
from custgrade.events.rounds import Rounds, rounds_of
from custgrade.planning.customer_columns import CustomerColumns, Rows
from custgrade.planning.holding import Places, Stays, stays
from custgrade.planning.occurrences import Done, done
from custgrade.planning.policy import Policy
from custgrade.planning.schedule import NEVER, Dates, Days, months_later, newest_slot, period_end

RETURNS_AFTER = 12
"""Months after the end of the business before a customer who is still in the data is treated as a new one."""

Truth = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@frozen(slots=False, eq=False)
class Standing:
    """What a log says of customers, for one policy and day.

    history: the customers' events until the day. policy: the policy. dates: the days of the plan; `since` is the first
    day of the programme. stays: the treatments that customers have entered. rounds: the newest round of offers of each.
    """

    history: History
    policy: Policy
    dates: Dates
    stays: Stays
    rounds: Rounds

    @property
    def known(self) -> bool:
        """Whether the log says anything."""
        return len(self.history) > 0

    @property
    def served(self) -> Places:
        """The place of the treatment whose entitlements count for each customer, uint8 of shape (n,)."""
        return self.stays.served

    @cached_property
    def entered(self) -> Days:
        """The day on which each customer entered today's treatment: the programme's first day in its first plan."""
        first = self.dates.since if np.isnat(self.stays.first) else self.dates.on
        found: Days = locked(np.where(np.isnat(self.stays.entered), first, self.stays.entered))
        return found

    @cached_property
    def served_since(self) -> Days:
        """The day since which each customer has had the entitlements that count; absences within the hold time count.

        In the first plan of the policy, it is the programme's first day.
        """
        since = self.stays.served_since
        found: Days = locked(np.where(np.isnat(since), self.entered, since))
        return found

    @cached_property
    def ended(self) -> Truth:
        """Whether the business with each customer has ended, bool of shape (n,)."""
        rounds = self.rounds
        return self._customers(rounds.is_in("ended") & (months_later(rounds.day, RETURNS_AFTER) > self.dates.on))

    @cached_property
    def busy(self) -> Truth:
        """Whether an offer of any policy is under way for each customer, bool of shape (n,)."""
        return self._customers(self.rounds.under_way)

    @property
    def busy_elsewhere(self) -> Truth:
        """Whether an offer of another policy is under way for each customer, bool of shape (n,)."""
        rounds = self.rounds
        return self._customers(rounds.under_way & ~rounds.explained(lambda one: one.policy == self.policy.name, bool))

    def _customers(self, some: Truth) -> Truth:
        """Return whether each customer has one of some rounds, bool of shape (n,); some: of all rounds."""
        found = np.zeros(self.history.size, dtype=bool)
        found[self.rounds.rows[some]] = True
        return found

    def done(self, group: str, name: str, rows: Rows, every: int | None = None) -> Done | None:
        """Return what was done for some customers; None if nothing was.

        every: months between two times; None for what isn't done again and again.
        """
        if not self.known:
            return None
        # rewards follow the treatment whose entitlements count, everything else that of today
        back = (self.served_since if group == "reward" else self.entered)[rows]
        return done(self.history, group, name, rows, every=every, pause=self.policy.pause_months, back=back)

    def consent(self, columns: CustomerColumns) -> npt.NDArray[np.float64]:
        """Return the consent of each customer: the newest one in the log, else that of the data; NaN where unknown."""
        said = self.history.known.where(lambda one: one.kind == CONSENT)
        if not len(said):
            return columns["consent"]
        found = np.array(columns["consent"], dtype=np.float64)
        # of two with the same number, which merged customers may have, a no counts
        order = np.lexsort((-said.cents, said.number, said.days))
        found[said.who[order]] = said.cents[order] / 100.0
        return found

    def snoozed(self, name: str) -> Days:
        """Return the last day until which an item is put off for each customer, datetime64[D] of shape (n,) or ().

        The newest snooze counts. name: of the item; what is put off by an empty name counts for every item as well.
        """
        everything = self._snoozed("")
        return np.fmax(everything, self._snoozed(name)) if name else everything

    @cached_property
    def _snoozes(self) -> History:
        return self.history.known.where(lambda one: one.kind == SNOOZE)

    def _snoozed(self, name: str) -> Days:
        some = self._snoozes
        some = some.where(lambda one: one.name == name) if len(some) else some
        if not len(some):
            return np.array(NEVER)
        found = np.full(self.history.size, NEVER)
        order = np.lexsort((some.number, some.days))
        found[some.who[order]] = days_of([one.until for one in some.occasions])[some.code[order]]
        return found

    def put_off(self, name: str, rows: Rows) -> Truth:
        """Return whether an item is put off for each of some customers on the day of the plan, bool."""
        until = self.snoozed(name)
        if not until.shape:
            return np.full(len(rows), bool(until >= self.dates.on))
        found: Truth = until[rows] >= self.dates.on
        return found

    def last_day(self, kind: str, name: str) -> Days:
        """Return the last day of events of a kind with a name, datetime64[D] of shape (n,); NaT for none."""
        return _newest(self.history.known.where(lambda one: one.kind == kind and one.name == name))

    def mended(self, name: str, period: Period | None) -> Truth:
        """Return whether our faults were mended since the as-of date of the data, bool of shape (n,).

        name: of the action.
        """
        if not self.known or period is None:
            return np.zeros(self.history.size, dtype=bool)
        return self.last_day("mend", name) >= np.datetime64(period.as_of)

    def next_number(self, group: str, name: str, rows: Rows) -> Whole:
        """Return the number that the next event of a group with a name has, for some customers, int64."""
        found = self.done(group, name, rows)
        return np.ones(len(rows), dtype=np.int64) if found is None else found.most + 1

    def next_round(self, rows: Rows) -> Whole:
        """Return the round that the next offer of some customers is, int64."""
        most = np.zeros(self.history.size, dtype=np.int64)
        most[self.rounds.rows] = self.rounds.number
        return most[rows] + 1

    def seen_on(self, columns: CustomerColumns) -> Days:
        """Return the later of each customer's last order and last contact, datetime64[D]; NaT if both are unknown."""
        period, found = columns.period, self.last_contact
        if period is None or "recency" not in columns:
            return found
        # a day before the calendar can't be written down
        recency = np.clip(columns["recency"], 0.0, period.as_of.toordinal() - 1)
        days = np.where(np.isfinite(recency), recency, 0.0).astype("timedelta64[D]")
        ordered = np.where(np.isfinite(recency), np.datetime64(period.as_of) - days, NEVER)
        return np.fmax(found, ordered)

    def shown(self, name: str) -> Truth:
        """Return whether each customer is shown by a showcase that wasn't taken down, bool of shape (n,)."""
        begun, ended = self.last_day("showcase", name), self.last_day(TAKE_DOWN, name)
        return ~np.isnat(begun) & ~(ended >= begun)

    def offers_again(self, months: npt.NDArray[np.int32]) -> Truth:
        """Return whether each customer may get a new offer, bool of shape (n,).

        months: from the end of the last round to the next one, for each customer.
        """
        found = np.ones(self.history.size, dtype=bool)
        rounds = self.rounds
        silent = rounds.is_in("kept") & (rounds.until > rounds.day)
        over_on = np.where(silent, rounds.until, rounds.day)
        found[rounds.rows] = ~rounds.under_way & (months_later(over_on, months[rounds.rows]) <= self.dates.on)
        return found

    @cached_property
    def contacts(self) -> Whole:
        """How often each customer was contacted in the policy's contact_days, the day of the plan included."""
        first = self.dates.on - np.timedelta64(self.policy.contact_days - 1, "D")
        some = self._contacted
        some = some.take(some.days >= first)
        return np.bincount(some.who, minlength=self.history.size)

    @cached_property
    def last_contact(self) -> Days:
        """The last day on which each customer was contacted; NaT for never."""
        return _newest(self._contacted)

    @property
    def _contacted(self) -> History:
        return self.history.known.where(lambda one: one.kind in CONTACTS)

    @cached_property
    def given_this_year(self) -> Whole:
        """What each customer was given as gifts in the calendar year of the plan, over all policies, in cents."""
        year = str(self.dates.on.astype("datetime64[Y]"))
        some = self.history.known.where(lambda one: one.kind in GIFTS and one.day[:4] == year)
        found = np.zeros(self.history.size, dtype=np.int64)
        np.add.at(found, some.who, some.cents)
        return found

    @cached_property
    def budget_period(self) -> tuple[np.datetime64, np.datetime64]:
        """The first and the last day of the budget period that the plan lies in."""
        months = self.policy.budget_months
        start, _ = newest_slot(self.dates.since, months, self.dates.on)
        return start, period_end(self.dates.since, months, self.dates.on)

    def spent(self, treatment: str) -> int:
        """Return what was spent on rewards to the customers of a grade in the budget period, in cents.

        It is what was given under this grade, also to customers who have another grade now or aren't in the data.
        """
        first, last = (str(day) for day in self.budget_period)

        def counts(one: Occasion) -> bool:
            return (
                one.kind in REWARDS
                and one.policy == self.policy.name
                and one.treatment == treatment
                and first <= one.day <= last
            )

        return int(self.history.where(counts).cents.sum())

    @cached_property
    def last_run(self) -> np.datetime64:
        """The day of the newest plan of the policy that was recorded; NaT if there is none."""
        runs = self._runs
        return runs.days.max() if len(runs) else NEVER

    @property
    def last_version(self) -> str:
        """The version of the policy by which the newest plan was made; empty if there is none."""
        runs = self._runs
        return runs.occasions[runs.code[np.argmax(runs.number)]].version if len(runs) else ""

    @property
    def runs(self) -> int:
        """How many plans of the policy were recorded."""
        return int(self._runs.number.max(initial=0))

    @property
    def _runs(self) -> History:
        return self.history.where(lambda one: one.kind == RUN and one.name == self.policy.name)


def _newest(some: History) -> Days:
    """Return the last day of each customer's events, datetime64[D] of shape (n,); NaT for none."""
    found = np.full(some.size, NEVER)
    np.maximum.at(found.view(np.int64), some.who, some.days.astype(np.int64))
    return found


def standing(history: History, policy: Policy, treated: Places, dates: Dates) -> Standing:
    """Return where customers stand.

    history: until the day of the plan. treated: the place of each customer's treatment today.
    """
    return Standing(history, policy, dates, stays(history, policy, treated, dates.on), rounds_of(history, dates.on))


def standing_without_log(policy: Policy, treated: Places, dates: Dates) -> Standing:
    """Return where customers stand if nothing was ever done."""
    return standing(no_history(len(treated)), policy, treated, dates)
