"""Checks of a policy on graded customers, each with its own way to the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from custgrade.errors import RespectError
from custgrade.model.graded import Graded
from custgrade.planning.making import plan
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.service_level import DESKS, Entitlement
from custgrade.testing.graded_customers import regraded
from custgrade.testing.policy_promises import broken

ON = "2026-01-01"
"""The day of the plans that the checks make."""


def planned(policy: Policy, graded: Graded) -> Plan:
    """Return the plan for customers, or raise an error of the promise `respect`, with the guard's breaches."""
    try:
        return plan(graded, policy, ON)
    except RespectError as error:
        raise broken("respect", f"the guard refuses the plan: {error}", graded) from error


def nobody_below_the_base(policy: Policy, graded: Graded) -> None:
    """Raise an error if a customer is entitled to less than the base level, each customer looked at alone."""
    made = planned(policy, graded)
    least_of = policy.base.entitlements()
    levels = [policy.level_of(treatment).entitlements() for _, treatment in policy.by_place]
    for row in range(len(graded)):
        level = levels[int(made.treatment[row])]
        for name, least in least_of.items():
            mine, base = _value(made, level, name, row), _number(made, least, row)
            if mine is not None and base is not None and _less(mine, base, least.better):
                raise broken("base", f"{graded.base.ids[row]} gets {name} {mine:g}; the base is {base:g}", graded)


def never_more_in_a_worse_grade(policy: Policy, graded: Graded) -> None:
    """Raise an error if a customer would be entitled to more in a worse grade, each pair of grades planned for."""
    levels = [policy.level_of(treatment) for _, treatment in policy.by_place]
    better_values = {name: one.better for level in levels for name, one in level.entitlements().items()}
    entitled: dict[str, dict[str, Any]] = {}
    for grade in policy.grades.grades:
        made = planned(policy, regraded(graded, grade))
        entitled[grade] = {name: made.entitled(name) for name in better_values}
        entitled[grade]["rewards"] = _yearly(made)
    for better, worse in policy.grades.comparable():
        for name, values in entitled[worse].items():
            less_is_better = better_values.get(name) == "less"
            more = values < entitled[better][name] if less_is_better else values > entitled[better][name]
            if more.any():
                row = int(np.flatnonzero(more)[0])
                raise broken(
                    "never more in a worse grade",
                    f"{graded.base.ids[row]} gets {name} {_named(name, values[row])} in {worse!r}, "
                    f"and {_named(name, entitled[better][name][row])} in {better!r}",
                    graded,
                )


def equal_customers_are_planned_alike(policy: Policy, graded: Graded) -> None:
    """Raise an error if two customers with equal values and grades have different plans."""
    made = planned(policy, graded).columns()
    alike: dict[bytes, int] = {}
    everything = [*graded.base.columns.values(), *graded.details.values(), *graded.scores.values()]
    for row in range(len(graded)):
        key = b"".join((column[row] + 0.0).tobytes() for column in everything)
        key += b"".join(column[row].tobytes() for column in graded.codes.values())
        other = alike.setdefault(key, row)
        for name, column in made.items():
            if repr(column[row]) != repr(column[other]):
                ids = graded.base.ids
                raise broken("equal customers", f"{ids[row]} and {ids[other]} are equal but for {name}", graded)


def the_order_of_rows_has_no_effect(policy: Policy, graded: Graded, shuffled: Graded) -> None:
    """Raise an error if the same customers in another order get another plan."""
    here, there = planned(policy, graded), planned(policy, shuffled)
    places = {identity: row for row, identity in enumerate(graded.base.ids.tolist())}
    order = [places[identity] for identity in shuffled.base.ids.tolist()]
    others = there.columns()
    for name, column in here.columns().items():
        if repr(column[order].tolist()) != repr(others[name].tolist()):
            raise broken("order of rows", f"{name} depends on the order of the rows", graded)


def offers_are_bearable(policy: Policy, graded: Graded) -> None:
    """Raise an error if a rise isn't in whole cents, is negative, or is steeper than its offer allows."""
    made = planned(policy, graded)
    for row in np.flatnonzero(made.offer >= 0).tolist():
        _, treatment = policy.by_place[int(made.treatment[row])]
        offer, rise = treatment.offers[int(made.offer[row])], float(made.rise[row])
        revenue = float(graded.base["revenue"][row])
        if rise < 0.0 or abs(rise * 100.0 - round(rise * 100.0)) > 1e-6 * max(1.0, rise):
            raise broken("offers", f"{graded.base.ids[row]} is asked for {rise!r}, which isn't whole cents", graded)
        if rise > max(revenue, 0.0) * offer.steepest:
            raise broken("offers", f"{graded.base.ids[row]} pays {revenue:g} and is asked for {rise:g} more", graded)


def unknown_is_not_bad(policy: Policy, graded: Graded) -> None:
    """Raise an error if an ungraded customer is charged more or released."""
    made = planned(policy, graded)
    ungraded = np.flatnonzero(made.treatment == len(policy.grades.grades))
    for row in ungraded[made.offer[ungraded] >= 0].tolist():
        offer = policy.ungraded.offers[int(made.offer[row])]
        if made.rise[row] > 0.0 or offer.transition is not None:
            raise broken("unknown is not bad", f"{graded.base.ids[row]} is ungraded and gets {offer.name!r}", graded)


def _value(made: Plan, level: Mapping[str, Entitlement], name: str, row: int) -> float | None:
    """Return one entitlement of one customer, without a package; None where it is unknown."""
    one = level.get(name)
    return None if one is None else _number(made, one, row)


def _number(made: Plan, one: Entitlement, row: int) -> float | None:
    value = float(one.amount.values(made.customer_columns.of(np.array([row])), 1)[0])
    return None if np.isnan(value) else value


def _less(one: float, other: float, better: str) -> bool:
    return one > other if better == "less" else one < other


def _yearly(made: Plan) -> Any:
    """Return what each customer's rewards without a shortlist are worth a year, in cents."""
    total = np.zeros(len(made))
    for place, (_, treatment) in enumerate(made.policy.by_place):
        rows = made.rows(place)
        for reward in treatment.rewards:
            if not reward.only and not reward.consent:
                values = np.fmax(np.nan_to_num(made.customer_columns.values(reward.value, rows)), 0.0)
                total[rows] += values * (12.0 / reward.every)
    return np.floor(total * 100.0 + 0.5)


def _named(name: str, value: float) -> str:
    return DESKS[int(value)] if name == "desk" else f"{value:g}"


def parts_that_differ(one: Policy, other: Policy) -> Iterator[str]:
    """Yield the names of the attributes in which two policies differ."""
    for attribute in attrs.fields(Policy):
        if attribute.eq and getattr(one, attribute.name) != getattr(other, attribute.name):
            yield attribute.name
