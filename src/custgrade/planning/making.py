"""Making a plan from graded customers and a policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import evolve

from custgrade.argument_checks import float_of
from custgrade.data.base import CustomerBase
from custgrade.data.period import as_date, as_days
from custgrade.data.scale import GradeScale
from custgrade.errors import Hint, PolicyError, RespectError
from custgrade.events.history import History
from custgrade.events.kinds import ENTERED, NOTICE
from custgrade.model.graded import Graded
from custgrade.planning.by_data import ByData, by_data
from custgrade.planning.choosing import NO_OFFER, offers_of
from custgrade.planning.customer_columns import CustomerColumns
from custgrade.planning.guard.checks import plan_breaches, policy_breaches
from custgrade.planning.guard.exact_types import check_exact
from custgrade.planning.guard.faults import let_down
from custgrade.planning.guard.rules import BASE, PACKAGES
from custgrade.planning.guard.waivers import USED, Waiver, apply_waivers
from custgrade.planning.log_notes import log_notes
from custgrade.planning.new_offers import contacts_for_offers, with_new_offers
from custgrade.planning.offer_steps import OWN_FAULTS, no_offers_under_way, offers_under_way
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.rewarding import rewards_of
from custgrade.planning.room import Room
from custgrade.planning.schedule import Dates
from custgrade.planning.standing import Standing, standing, standing_without_log
from custgrade.planning.standing_notes import days_off_notes, renaming_notes, standing_notes
from custgrade.text import did_you_mean, listed, shown, type_with_article

if TYPE_CHECKING:
    from custgrade.events.log import EventLog

HORIZON = 92


def plan(
    graded: Graded,
    policy: Policy,
    on: str | dt.date,
    *,
    since: str | dt.date | None = None,
    horizon: int | str = HORIZON,
    grades: Mapping[str, str] | None = None,
    waivers: Iterable[Waiver] = (),
    hours: Mapping[str, float] | None = None,
    groups: Any = None,
    log: EventLog | None = None,
) -> Plan:
    """Return the plan that a policy makes for graded customers, after the guard has checked it.

    The plan depends on its arguments only, and customers with equal values get equal treatment, whatever their order.

    on: the day of the plan, not before the as-of date. since: the first day of the programme, from which due days are
    counted; by default that of the log, or else `on`. horizon: days from `on` to the last day for which actions are
    listed. grades: for grades that the policy lacks, the grade whose treatment they get: `{"E": "D"}`. waivers:
    breaches that are allowed. hours: the hours a quarter that there are, by `sales` and `service`, for the rule R22.
    groups: a text for each customer, in the base's order, for the rule R23. log: what was done until the day of the
    plan, which isn't planned again; a plan never writes to it.

    Raises RespectError for a breach of the guard's rules that isn't waived, and PolicyError if a grade has no
    treatment, an entitlement reads an unknown column, or an argument is wrong.
    """
    if not isinstance(graded, Graded):
        raise PolicyError(
            f"plan takes graded customers first; received {type_with_article(graded)}.",
            Hint("Grade a base with a model: model.grade(base)."),
        )
    if type(policy) is not Policy:
        raise PolicyError(
            f"plan takes a Policy second; received {type_with_article(policy)}.",
            Hint('Make one: custgrade.policy("golden-list"), or custgrade.read_policy("policy.toml").'),
        )
    check_exact(policy)
    mapped = _mapped(policy, grades, graded.scale)
    allowed = _waivers(waivers)
    history = _history(log, graded.base, as_date(on, "on"))
    dates = _dates(graded, on, since if since is not None else _first_day(history, mapped), horizon)
    graded = _graded_on(graded, as_date(on, "on"))
    treated = _treated(graded, mapped)
    # the guard judges what the policy gives to each grade, not what is left of it after what was given
    basis = by_data(mapped, treated, CustomerColumns(graded))
    made = _made(graded, mapped, basis, standing_without_log(mapped, treated, dates), treated)
    found, unchecked = plan_breaches(made, _hours(hours), _groups(groups, len(made)))
    breaches = [*policy_breaches(mapped, graded.scale), *found]
    errors = [breach for breach in breaches if not breach.warns]
    known = [*(grade for grade, _ in mapped.by_place), *graded.scale.grades, BASE, PACKAGES]
    remaining, waived, uses = apply_waivers(errors, allowed, made.on, known, graded.base.ids)
    if remaining:
        idle = [str(use) for use in uses if use.state != USED]
        text = "\n".join(map(str, remaining))
        raise RespectError(text, Hint.alike(f"({'; '.join(idle)})") if idle else None, remaining)
    warnings = tuple(breach for breach in breaches if breach.warns)
    if history is not None and len(history):
        made = _made(graded, mapped, basis, standing(history, mapped, treated, dates), treated)
    revision = None if history is None else history.revision
    return evolve(
        made,
        breaches=waived,
        warnings=warnings,
        waivers=uses,
        unchecked=unchecked,
        revision=revision,
        notes=(*made.notes, *(log_notes(history, graded.base.ids) if history is not None else ())),
    )


def _history(log: EventLog | None, base: CustomerBase, on: dt.date) -> History | None:
    """Return the customers' events until the day of the plan; None without a log."""
    if log is None:
        return None
    history = getattr(log, "history", None)
    if not callable(history) or isinstance(log, type):
        raise PolicyError(
            f"log must be a log of events; received {type_with_article(log)}",
            Hint('Open one: custgrade.EventLog("log.db").'),
        )
    found: History = history(base.ids, on.isoformat())
    if found.currency and base.currency and found.currency != base.currency:
        raise PolicyError(f"the log is in {found.currency}, and the customers' amounts are in {base.currency}")
    return found


def _first_day(history: History | None, policy: Policy) -> np.datetime64 | None:
    """Return the first day of the programme by the log; None if it hasn't begun."""
    if history is None:
        return None
    # what was done counts too, if no plan was recorded
    begun = history.where(lambda one: one.policy == policy.name or (one.kind == ENTERED and one.name == policy.name))
    return begun.days.min() if len(begun) else None


def _made(graded: Graded, policy: Policy, basis: ByData, where: Standing, treated: npt.NDArray[np.uint8]) -> Plan:
    """Return the plan before the guard has checked it."""
    columns, notes = CustomerColumns(graded), [*basis.notes]
    size = len(graded)
    draft = Plan(
        graded=graded,
        policy=policy,
        dates=where.dates,
        treatment=treated,
        package=basis.package,
        at_stake=basis.at_stake,
        offer=np.full(size, NO_OFFER, dtype=np.int8),
        rise=np.full(size, np.nan),
        held=np.zeros(size, dtype=bool),
        shortlists=basis.shortlists,
        rewards=(),
        standing=where,
        under_way=no_offers_under_way(),
        room=Room(where),
        notices=where.stays.untold,
    )

    @cache
    def at_fault() -> npt.NDArray[np.bool_]:
        return let_down(draft) & ~where.mended(OWN_FAULTS, graded.base.period)

    offered = offers_of(policy, treated, draft.package, columns, at_fault, notes)
    draft = evolve(draft, under_way=offers_under_way(policy, where, treated, offered.rise, columns))
    draft = with_new_offers(draft, offered, notes)
    contacted = contacts_for_offers(draft)
    draft.room.take_contacts(contacted)
    draft = evolve(draft, notices=draft.room.contact(NOTICE, np.arange(size), where.stays.untold))
    busy = where.busy.copy()
    busy[contacted] = True
    # what was done today doesn't make a gift due on the same day
    busy[where.rounds.rows[where.rounds.day == where.dates.on]] = True
    scores = tuple(graded.scores.values())
    rewards = rewards_of(policy, where, draft.shortlists, scores, columns, draft.room, busy, notes)
    notes += [*standing_notes(where), *renaming_notes(where), *days_off_notes(draft)]
    missing = [name for name in policy.reads if name not in columns]
    if missing:
        notes.append(f"the data has no such columns, so their values are unknown: {listed(missing)}")
    return evolve(draft, rewards=rewards, notes=tuple(notes))


def _graded_on(graded: Graded, day: dt.date) -> Graded:
    """Return the customers with the manual grades that hold on the day of the plan."""
    if graded.overrides is None or graded.overrides.day == day:
        return graded
    return graded.with_overrides(graded.overrides.given, day)


def _mapped(policy: Policy, grades: Any, scale: GradeScale) -> Policy:
    """Return the policy with the mapped grades, which must be grades of the scale."""
    if grades is None:
        return policy
    found = policy.mapped(grades)
    for grade in grades:
        if grade not in scale.grades:
            raise PolicyError(
                f"grade {shown(grade)} can't be mapped, because the customers' scale doesn't have it; its grades are: "
                f"{listed(scale.grades)}.{did_you_mean(str(grade), scale.grades)}"
            )
        if grade in policy.grades.grades and grades[grade] != grade:
            raise PolicyError(
                f"grade {grade!r} can't be mapped to {grades[grade]!r}, because the policy has a treatment of its own "
                f"for {grade!r}"
            )
    return found


def _treated(graded: Graded, policy: Policy) -> npt.NDArray[np.uint8]:
    """Return the place of each customer's treatment; manual grades count where they hold."""
    places = np.array(policy.places(graded.scale), dtype=np.uint8)
    found: npt.NDArray[np.uint8] = places[graded.final_grade_codes]
    return found


def _dates(graded: Graded, on: Any, since: Any, horizon: Any) -> Dates:
    day = as_date(on, "on")
    first = day if since is None else as_date(since, "since")
    period = graded.base.period
    if period is not None and day < period.as_of:
        raise PolicyError(f"a plan is made on or after the data's as-of date, {period.as_of}; received {day}")
    if first > day:
        raise PolicyError(f"since must be on or before the day of the plan, {day}; received {first}")
    length = as_days(horizon, "horizon")
    if day.toordinal() + length > dt.date.max.toordinal():
        raise PolicyError(f"the horizon must end before the year 10000; received {length:,} days from {day}")
    return Dates(np.datetime64(day), np.datetime64(day) + np.timedelta64(length, "D"), np.datetime64(first))


def _waivers(value: Any) -> tuple[Waiver, ...]:
    given = (value,) if isinstance(value, Waiver) else value
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise PolicyError(f"waivers must be a list of Waiver; received {shown(value)}")
    found = tuple(given)
    odd = [one for one in found if type(one) is not Waiver]
    if odd:
        raise PolicyError(f"waivers must be a list of Waiver; received {shown(odd[0])}")
    return found


def _hours(value: Any) -> Mapping[str, float]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= {"sales", "service"}:
        raise PolicyError(f"hours must be numbers by 'sales' and 'service'; received {shown(value)}")
    found = {}
    for name, given in value.items():
        number = float_of(given)
        if number is None or not 0.0 <= number < np.inf:
            raise PolicyError(f"{name} hours must be a number of hours a quarter, 0 or more; received {shown(given)}")
        found[name] = float(number)
    return found


def _groups(value: Any, size: int) -> npt.NDArray[Any] | None:
    if value is None:
        return None
    try:
        given = np.asarray(value, dtype=object)
        # None and NaN are customers without a group
        missing: Any = np.equal(given, np.array(None, dtype=object)) | np.not_equal(given, given)
        found = np.where(missing, "", given).astype(np.dtypes.StringDType(coerce=False))
    except (TypeError, ValueError, UnicodeError) as error:
        raise PolicyError(f"groups must have a text for each customer; received {shown(value)}") from error
    if found.shape != (size,):
        raise PolicyError(f"groups must have a text for each of the {size:,} customers; received shape {found.shape}")
    return found
