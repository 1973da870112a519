"""Plans: what each customer gets, and what is done by when."""

from __future__ import annotations

import os
from typing import Any

from attrs import frozen

from custgrade.data.output_columns import OutputColumn, OutputColumns, check_names, identity_columns
from custgrade.events.batch import Batch
from custgrade.model.native_frame import AsFrame
from custgrade.planning.assigned import (
    LEAST_HOURS as LEAST_HOURS,
    TOLERANCE as TOLERANCE,
    Assigned,
)
from custgrade.planning.entering import entering
from custgrade.planning.guard.rules import Breach
from custgrade.planning.guard.waivers import WaiverUse
from custgrade.planning.plan_actions import PlanActions, actions_of
from custgrade.planning.plan_columns import plan_columns
from custgrade.planning.sheet import sheet
from custgrade.planning.summary import AtStake, TreatmentSummary, largest, summary


@frozen(slots=False, eq=False, repr=False)
class Plan(Assigned, AsFrame):
    """What a policy gives each customer, and what is to be done by when; in the order of the graded base.

    graded: the customers with their grades; manual grades count where they hold. policy: the policy, with the grades
    that were mapped for this plan. on: the day of the plan. until: the last day of the horizon, included. since: the
    day that due days are counted from. treatment: the place of each customer's treatment in `policy.by_place`, uint8 of
    shape (n,). package: its position in `policy.packages`, uint8; 255 for none. at_stake: money over the base's period,
    float64; NaN where unknown. offer: its position in the treatment's offers, int8; −1 for none. rise: money over the
    period, float64; NaN without an offer. held: whether an offer waits until our own faults are mended, bool.
    shortlists: the members of each list, bool. rewards: the rewards of the horizon. breaches: breaches that are waived.
    warnings: breaches that are only warnings. waivers: the waivers, and what each did. unchecked: sentences on rules
    that lack their data. notes: further sentences. revision: that of the log; None without a log.
    """

    breaches: tuple[Breach, ...] = ()
    warnings: tuple[Breach, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    revision: int | None = None

    def entering(self) -> Batch:
        """Return the events that record this plan: the treatments that customers enter, and that it was made."""
        return entering(self, self.revision)

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the plan's columns without id and name, by name; see `custgrade.planning.plan_columns`."""
        return plan_columns(self)

    def to_dict(self) -> dict[str, Any]:
        """Return `customer_id`, `name` where the base has names, and the plan's columns, by name, as numpy arrays."""
        base, added = self.graded.base, self.columns()
        own = identity_columns(base.ids, base.names)
        check_names(own, added)
        return {**own, **added}

    def actions(self) -> PlanActions:
        """Return the actions that are due until the end of the horizon: a row for each customer and action."""
        return actions_of(self, self.revision)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write a row per customer to a .csv or .parquet file, in the base's order; it is replaced in one step.

        In CSV, an apostrophe stands before each text that a spreadsheet would run as a formula, and before each id that
        it would change, such as `007`. Remove it to get the text back.

        Raises OutputError.
        """
        self.write_columns(path, {})

    def write_columns(self, path: str | os.PathLike[str], further: OutputColumns) -> None:
        """Write what `write` writes, with further columns after the plan's.

        Raises OutputError, and FieldError if two columns have the same name.
        """
        from custgrade.export.customer_rows import write_customer_rows

        base, added = self.graded.base, self.output_columns()
        own = identity_columns(base.ids, base.names)
        check_names(own, [*added, *further])
        write_customer_rows(path, own, {**added, **further})

    def write_actions(self, path: str | os.PathLike[str]) -> None:
        """Write a row per customer and action to a .csv or .parquet file; see `actions` and `write`.

        Raises OutputError.
        """
        self.actions().write(path)

    def sheet(self, customer: str | int) -> list[str]:
        """Return what to say in a conversation with a customer, as sentences without any grade.

        customer: the id, or the position in the base.

        Raises FieldError if there is no such customer.
        """
        return sheet(self, customer)

    def summary(self) -> list[TreatmentSummary]:
        """Return the customers, hours and money of each grade of the policy, of ungraded customers, and of all."""
        return summary(self)

    def largest(self, count: int = 10) -> list[AtStake]:
        """Return the customers with the most money at stake; among equal sums, in the order of their ids."""
        return largest(self, count)

    def findings(self) -> tuple[Any, ...]:
        """Return the findings that the policy names, made from this plan; see `custgrade.findings`."""
        return tuple(function(self) for function in self.policy.findings)

    def __repr__(self) -> str:
        counts = ", ".join(f"{grade} {count:,}" for grade, count in self.counts().items())
        return f"<Plan: {self.policy.name} on {self.on} for {len(self):,} customers: {counts}>"
