"""Plans: what each customer gets, and what is done by when, as columns."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked, read_only
from custgrade.data.output_columns import CodedTexts, OutputColumn, check_names, identity_columns
from custgrade.model.graded import Graded
from custgrade.model.native_frame import AsFrame
from custgrade.planning.amount import Amount
from custgrade.planning.choosing import NO_OFFER, NO_PACKAGE
from custgrade.planning.customer_columns import CustomerColumns, quarters_of
from custgrade.planning.guard.rules import Breach
from custgrade.planning.guard.waivers import WaiverUse
from custgrade.planning.package import Package
from custgrade.planning.policy import Policy
from custgrade.planning.rewarding import Dates, RewardBlock
from custgrade.planning.service_level import DESKS, Entitlement
from custgrade.planning.servicing import Kind, Servicing, servicing
from custgrade.planning.treatment import Treatment

NEXT = ("", "explain", "mend", "try")
TOLERANCE, LEAST_HOURS = 0.25, 1.0


def _locked(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return read_only({name: locked(column) for name, column in value.items()})


@frozen(slots=False, eq=False, repr=False)
class Plan(AsFrame):
    """What a policy gives each customer, and what is to be done by when; in the order of the graded base.

    graded: the customers with their grades; manual grades count where they hold. policy: the policy, with the grades
    that were mapped for this plan. on: the day of the plan. until: the last day of the horizon, included. since: the
    day that due days are counted from. treatment: the place of each customer's treatment in `policy.by_place`, uint8 of
    shape (n,). package: its position in `policy.packages`, uint8; 255 for none. at_stake: money over the base's period,
    float64; NaN where unknown. offer: its position in the treatment's offers, int8; −1 for none. rise: money over the
    period, float64; NaN without an offer. held: whether an offer waits until our own faults are mended, bool.
    shortlists: the members of each list, bool. rewards: the rewards of the horizon. breaches: breaches that are waived.
    warnings: breaches that are only warnings. waivers: the waivers, and what each did. unchecked: sentences on rules
    that lack their data. notes: further sentences.
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
    breaches: tuple[Breach, ...] = ()
    warnings: tuple[Breach, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def on(self) -> dt.date:
        """The day of the plan."""
        return self.dates.on.astype(dt.date)  # type: ignore[no-any-return]

    @property
    def until(self) -> dt.date:
        """The last day of the horizon, included."""
        return self.dates.until.astype(dt.date)  # type: ignore[no-any-return]

    @property
    def since(self) -> dt.date:
        """The day that due days are counted from."""
        return self.dates.since.astype(dt.date)  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return len(self.treatment)

    @cached_property
    def customer_columns(self) -> CustomerColumns:
        """The columns that amounts and conditions read."""
        return CustomerColumns(self.graded)

    def rows(self, place: int) -> npt.NDArray[np.intp]:
        """Return the positions of the customers with the treatment at a place."""
        return np.flatnonzero(self.treatment == place)

    def counts(self) -> dict[str, int]:
        """Return the number of customers by the policy's grades, `ungraded` last."""
        found = np.bincount(self.treatment, minlength=len(self.policy.by_place)).tolist()
        return dict(zip([grade for grade, _ in self.policy.by_place], found, strict=True))

    def package_of(self, row: int) -> Package | None:
        """Return the package of the customer at a position, or None."""
        code = int(self.package[row])
        return None if code == NO_PACKAGE else self.policy.packages[code]

    def entitled(self, name: str) -> npt.NDArray[np.float64]:
        """Return what each customer is entitled to, float64 of shape (n,).

        It is the better of what the treatment and the package give; the base where that is unknown.

        name: `response_hours`, `service_hours`, `desk` (a position in `DESKS`), or a further entitlement.
        """
        found = np.full(len(self), np.nan)
        for place, (_, treatment) in enumerate(self.policy.by_place):
            found_here = self.rows(place)
            if len(found_here):
                level = self.policy.level_of(treatment)
                found[found_here] = self.entitled_by(level.entitlements().get(name), name, found_here)
        for code, package in enumerate(self.policy.packages):
            rows = np.flatnonzero(self.package == code)
            if package.level is not None and len(rows):
                one = package.level.entitlements().get(name)
                better = np.fmin if one is not None and one.better == "less" else np.fmax
                found[rows] = better(found[rows], self.entitled_by(one, name, rows))
        return found

    def entitled_by(
        self, entitlement: Entitlement | None, name: str, rows: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.float64]:
        """Return what an entitlement gives to some customers; the base where it is unknown or None."""
        base = self.policy.base.entitlements().get(name)
        least = np.full(len(rows), np.nan) if base is None else self.customer_columns.values(base.amount, rows)
        if entitlement is None:
            return least
        values = self.customer_columns.values(entitlement.amount, rows)
        return np.where(np.isnan(values), least, values)

    def by_treatment(self, amount_of: Any) -> npt.NDArray[np.float64]:
        """Return an amount of each customer's treatment, float64 of shape (n,).

        amount_of: a function that returns the Amount of a `Treatment`.
        """
        found = np.full(len(self), np.nan)
        for place, (_, treatment) in enumerate(self.policy.by_place):
            rows = self.rows(place)
            if len(rows):
                found[rows] = self.customer_columns.values(amount_of(treatment), rows)
        return found

    def sales_hours(self) -> npt.NDArray[np.float64]:
        """Return the sales hours a quarter that the policy spends on each customer, float64 of shape (n,)."""

        def hours(treatment: Treatment) -> Amount:
            return treatment.effort.sales_hours

        return self.by_treatment(hours)

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

    def next_steps(self) -> npt.NDArray[np.uint8]:
        """Return the next step towards each customer's offer, uint8 of shape (n,), positions in `NEXT`; 0 for none."""
        found = np.zeros(len(self), dtype=np.uint8)
        for place, (_, treatment) in enumerate(self.policy.by_place):
            for code, offer in enumerate(treatment.offers):
                step = NEXT.index("try" if offer.after_tries else "explain")
                found[(self.treatment == place) & (self.offer == code)] = step
        found[self.held] = NEXT.index("mend")
        return found

    def offer_names(self) -> CodedTexts:
        """Return the name of each customer's offer, as codes; an empty text for none."""
        names: dict[str, int] = {"": 0}
        codes = np.zeros(len(self), dtype=np.uint16)
        for place, (_, treatment) in enumerate(self.policy.by_place):
            for code, offer in enumerate(treatment.offers):
                codes[(self.treatment == place) & (self.offer == code)] = names.setdefault(offer.name, len(names))
        return CodedTexts(tuple(names), codes)

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the plan's columns without the id, by name; money is over the base's period, hours are a quarter's."""
        by_place = self.policy.by_place
        graded = self.graded
        final = (
            graded.grade_codes
            if graded.overrides is None
            else graded.overrides.final_codes(graded.scale, graded.grade_codes)
        )
        found: dict[str, OutputColumn] = {
            "grade": CodedTexts(graded.grade_names, final),
            "treatment": CodedTexts(tuple(grade for grade, _ in by_place), self.treatment),
            "goal": CodedTexts(tuple(treatment.goal for _, treatment in by_place), self.treatment),
        }
        if self.policy.packages:
            found["package"] = CodedTexts(tuple(one.name for one in self.policy.packages), self.package, NO_PACKAGE)
        found["at_stake"] = self.at_stake
        for name in self.policy.base.entitlements():
            hours = self.entitled(name)
            found[name] = CodedTexts(DESKS, hours.astype(np.uint8)) if name == "desk" else hours
        found["sales_hours"] = self.sales_hours()
        found["offer"] = self.offer_names()
        found["price_rise"] = np.where(self.offer == NO_OFFER, np.nan, self.rise)
        revenue = self.customer_columns["revenue"]
        with np.errstate(divide="ignore", invalid="ignore"):
            found["price_rise_share"] = np.where(revenue > 0.0, self.rise / revenue, np.nan)
        found["next"] = CodedTexts(NEXT, self.next_steps())
        for name, members in self.shortlists.items():
            found[name] = members
        for name, detail in self.policy.details.items():
            found[name] = np.asarray(self.customer_columns.values(detail, np.arange(len(self))))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return `customer_id`, `name` if the base has names, and the plan's columns, by name, as numpy arrays."""
        base, added = self.graded.base, self.columns()
        found = identity_columns(base.ids, base.names)
        check_names(found, added)
        return found | added

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write a row per customer to a .csv or .parquet file, in the base's order; it is replaced in one step.

        Raises OutputError.
        """
        from custgrade.export.write import write_columns

        base = self.graded.base
        write_columns(path, identity_columns(base.ids, base.names) | self.output_columns())

    def __repr__(self) -> str:
        counts = ", ".join(f"{grade} {count:,}" for grade, count in self.counts().items())
        return f"<Plan: {self.policy.name} on {self.on} for {len(self):,} customers: {counts}>"
