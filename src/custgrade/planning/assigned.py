"""What a policy assigns to each customer, as columns: treatments, packages, offers and rewards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked, read_only
from custgrade.data.output_columns import CodedTexts
from custgrade.model.graded import Graded
from custgrade.planning.choosing import NO_OFFER, NO_PACKAGE
from custgrade.planning.customer_columns import CustomerColumns, Rows, quarters_of
from custgrade.planning.offer import Offer
from custgrade.planning.offer_steps import OWN_FAULTS, STEPS, OffersUnderWay
from custgrade.planning.package import Package
from custgrade.planning.policy import Policy
from custgrade.planning.rewarding import RewardBlock
from custgrade.planning.room import Room
from custgrade.planning.schedule import Dates, Days
from custgrade.planning.service_level import Entitlement
from custgrade.planning.servicing import Kind, Servicing, servicing
from custgrade.planning.standing import Standing
from custgrade.planning.tries import Tries, tries_of

TOLERANCE, LEAST_HOURS = 0.25, 1.0


def _locked(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return read_only({name: locked(column) for name, column in value.items()})


def _date(day: np.datetime64) -> dt.date:
    found: dt.date = day.astype(dt.date)
    return found


@frozen(slots=False, eq=False, repr=False)
class Assigned:
    """What a policy assigns to each customer, in the order of the graded base; see `Plan`.

    graded: the customers with their grades; manual grades count where they hold. policy: the policy, with the grades
    that were mapped for this plan. dates: the days of the plan. treatment: the place of each customer's treatment in
    `policy.by_place`, uint8 of shape (n,). package: its position in `policy.packages`, uint8; 255 for none. at_stake:
    money over the base's period, float64; NaN where unknown. offer: its position in the treatment's offers, int8; −1
    for none. rise: money over the period, float64; NaN without an offer. held: whether an offer waits until our own
    faults are mended, bool. shortlists: the members of each list, bool. rewards: the rewards of the horizon. standing:
    what the log says of the customers. under_way: the offers that are under way; `offer` has those that could begin.
    room: the contacts and gifts that still fit. notices: whether a notice of less service fits for each customer, bool.
    """

    graded: Graded
    policy: Policy
    dates: Dates
    treatment: npt.NDArray[np.uint8] = field(converter=locked)
    package: npt.NDArray[np.uint8] = field(converter=locked)
    at_stake: npt.NDArray[np.float64] = field(converter=locked)
    offer: npt.NDArray[np.int8] = field(converter=locked)
    rise: npt.NDArray[np.float64] = field(converter=locked)
    held: npt.NDArray[np.bool_] = field(converter=locked)
    shortlists: Mapping[str, npt.NDArray[np.bool_]] = field(converter=_locked)
    rewards: tuple[RewardBlock, ...]
    standing: Standing
    under_way: OffersUnderWay
    room: Room
    notices: npt.NDArray[np.bool_] = field(converter=locked)

    @property
    def on(self) -> dt.date:
        """The day of the plan."""
        return _date(self.dates.on)

    @property
    def until(self) -> dt.date:
        """The last day of the horizon, included."""
        return _date(self.dates.until)

    @property
    def since(self) -> dt.date:
        """The day that due days are counted from."""
        return _date(self.dates.since)

    def __len__(self) -> int:
        return len(self.treatment)

    @cached_property
    def customer_columns(self) -> CustomerColumns:
        """The columns that amounts and conditions read."""
        return CustomerColumns(self.graded)

    def rows(self, place: int) -> Rows:
        """Return the positions of the customers with the treatment at a place."""
        return np.flatnonzero(self.treatment == place)

    def package_rows(self, code: int) -> Rows:
        """Return the positions of the customers with the package at a position in `policy.packages`."""
        return np.flatnonzero(self.package == code)

    def offer_rows(self, place: int, code: int) -> Rows:
        """Return the positions of the customers with the offer at a position (`code`) of the treatment at a place."""
        return np.flatnonzero((self.treatment == place) & (self.offer == code))

    def counts(self) -> dict[str, int]:
        """Return the number of customers by the policy's grades, `ungraded` last."""
        found = np.bincount(self.treatment, minlength=len(self.policy.by_place)).tolist()
        return dict(zip([grade for grade, _ in self.policy.by_place], found, strict=True))

    def package_of(self, row: int) -> Package | None:
        """Return the package of the customer at a position, or None."""
        code = int(self.package[row])
        return None if code == NO_PACKAGE else self.policy.packages[code]

    def offer_of(self, row: int) -> Offer | None:
        """Return the offer of the customer at a position, or None."""
        code = int(self.offer[row])
        return None if code == NO_OFFER else self.policy.by_place[int(self.treatment[row])][1].offers[code]

    def entitlements(self) -> tuple[str, ...]:
        """Return the names of all entitlements of the policy: those of the base, then the others."""
        levels = [self.policy.base, *(self.policy.level_of(one) for _, one in self.policy.by_place)]
        levels += [package.level for package in self.policy.packages if package.level is not None]
        return tuple(dict.fromkeys(name for level in levels for name in level.entitlements()))

    def entitled(self, name: str) -> npt.NDArray[np.float64]:
        """Return what each customer is entitled to, float64 of shape (n,).

        It is the better of what the treatment and the package give; the base where that is unknown.

        name: `response_hours`, `service_hours`, `desk` (a position in `DESKS`), or a further entitlement.
        """
        found = np.full(len(self), np.nan)
        for place, (_, treatment) in enumerate(self.policy.by_place):
            rows = np.flatnonzero(self.standing.served == place)
            if len(rows):
                level = self.policy.level_of(treatment)
                found[rows] = self.entitled_by(level.entitlements().get(name), name, rows)
        for code, package in enumerate(self.policy.packages):
            rows = self.package_rows(code)
            one = package.level.entitlements().get(name) if package.level is not None else None
            if one is not None and len(rows):
                found[rows] = one.better_of(found[rows], self.entitled_by(one, name, rows))
        return found

    def entitled_by(self, entitlement: Entitlement | None, name: str, rows: Rows) -> npt.NDArray[np.float64]:
        """Return what an entitlement gives to some customers; the base where it is unknown or None."""
        base = self.policy.base.entitlements().get(name)
        least = np.full(len(rows), np.nan) if base is None else self.customer_columns.values(base.amount, rows)
        if entitlement is None:
            return least
        values = self.customer_columns.values(entitlement.amount, rows)
        return np.where(np.isfinite(values), values, least)

    def sales_hours(self) -> npt.NDArray[np.float64]:
        """Return the sales hours a quarter that the policy spends on each customer, float64 of shape (n,)."""
        found = np.full(len(self), np.nan)
        for place, (_, treatment) in enumerate(self.policy.by_place):
            rows = self.rows(place)
            if len(rows):
                found[rows] = self.customer_columns.values(treatment.effort.sales_hours, rows)
        return found

    def servicing(
        self,
        kind: Kind,
        spent: npt.NDArray[np.float64] | None = None,
        tolerance: float = TOLERANCE,
        least: float = LEAST_HOURS,
    ) -> Servicing:
        """Return who is over- and under-serviced.

        kind: sales or service. spent: hours over the period, or a proxy in any unit; by default the field `sales_hours`
        or `service_hours`. tolerance: a share of the entitled hours. least: hours.

        Raises PolicyError if the period is unknown.
        """
        known = self.customer_columns[f"{kind}_hours"] if spent is None else spent

        def entitled() -> npt.NDArray[np.float64]:
            hours = self.sales_hours() if kind == "sales" else self.entitled("service_hours")
            return hours * quarters_of(self.graded)

        return servicing(kind, known, entitled, tolerance=tolerance, least=least)

    def first_steps(self) -> npt.NDArray[np.uint8]:
        """Return the step with which each customer's offer begins, uint8 of shape (n,), positions in `STEPS`; 0: none.

        Tries that were made count.
        """
        tries = self.by_offer(lambda offer: offer.after_tries)
        steps = self.by_offer(lambda offer: STEPS.index("explain")).astype(np.uint8)
        if tries.any():
            steps[(steps > 0) & (self._tries().counts() < tries)] = STEPS.index("try")
        steps[self.held] = STEPS.index("mend")
        return steps

    def _tries(self) -> Tries:
        return tries_of(self.policy, self.standing, self.treatment)

    def explained_on(self) -> Days:
        """Return the day on which each customer's offer is to be explained, datetime64[D] of shape (n,).

        It is after the day of the last try that the offer needs, and after the day on which we mended our own faults.
        """
        tries = self.by_offer(lambda offer: offer.after_tries)
        found: Days = self.standing.entered + self.by_offer(lambda offer: offer.after).astype("timedelta64[D]")
        if self.standing.known:
            # a further try doesn't move it, or gifts that wait for it would be due on the day of the try
            needed = [self._tries().days_of(tries)] if tries.any() else []
            for before in (*needed, self.standing.last_day("mend", OWN_FAULTS)):
                found = np.fmax(found, before + np.timedelta64(1, "D"))
        return found

    def answer_by(self) -> Days:
        """Return the last day to answer each customer's new offer, before days off move it, datetime64[D].

        It is counted from the explanation, or from the day of the plan if that is overdue.
        """
        open_days = self.by_offer(lambda offer: offer.open_days).astype("timedelta64[D]")
        found: Days = np.maximum(self.explained_on(), self.dates.on) + open_days
        return found

    def by_offer(self, value_of: Callable[[Offer], int]) -> npt.NDArray[np.int32]:
        """Return a number of each customer's offer, int32 of shape (n,); 0 without an offer."""
        offers = [treatment.offers for _, treatment in self.policy.by_place]
        table = np.zeros((len(offers), 1 + max(map(len, offers))), dtype=np.int32)
        for place, some in enumerate(offers):
            table[place, 1 : len(some) + 1] = [value_of(offer) for offer in some]
        found: npt.NDArray[np.int32] = table[self.treatment, self.offer.astype(np.int16) + 1]
        return found

    def offer_names(self) -> CodedTexts:
        """Return the name of each customer's offer, under way or about to begin, as codes; an empty text for none."""
        names: dict[str, int] = {"": 0}
        codes = self.by_offer(lambda offer: names.setdefault(offer.name, len(names)))
        under_way = np.array([names.setdefault(name, len(names)) for name in self.under_way.names], dtype=np.int32)
        if len(self.under_way):
            codes[self.under_way.rows] = under_way[self.under_way.name]
        return CodedTexts(tuple(names), codes)
