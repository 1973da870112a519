"""The hours that are spent on customers, against those that they are entitled to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from custgrade.argument_checks import mapping_of
from custgrade.errors import ParameterError
from custgrade.findings.amounts import cell, hours_text, money_text
from custgrade.findings.finding import Cell, Finding
from custgrade.findings.subject import RATES, Floats, Subject, number_of, plan_of, unknown
from custgrade.planning.plan import LEAST_HOURS, TOLERANCE, Plan
from custgrade.planning.servicing import FITTING, OVER, UNDER, UNKNOWN, VERDICTS, Kind, Servicing, servicing as judged
from custgrade.selection.totals import exact_totals
from custgrade.text import counted, listed, shown

Proxy = Callable[[Mapping[str, Any]], Any]
"""A named function of columns that stands for hours, such as a number of orders; its unit doesn't matter."""

_TITLE = "Who gets more or less of our time than the policy says?"
_SCALED = (
    "{}: the policy's hours are multiplied by {:.4g}, so that all together are what is spent now; the mix is judged, "
    "and the differences add up to 0"
)
_LARGEST = 3


def servicing(
    plan: Plan,
    tolerance: float = TOLERANCE,
    proxies: Mapping[Literal["sales", "service"], Proxy] | None = None,
) -> Finding:
    """Return who gets too many, too few and fitting hours, for sales and for service.

    The hours spent, `sales_hours` and `service_hours`, are compared with those of the policy, which are scaled to all
    hours spent. The table has the difference in hours and what those hours cost at the policy's rate (negative: hours
    that are missing), beside the profit and the potential of the customers; the largest cost comes first. Without hours
    and without a proxy the answer is unknown.

    tolerance: a share of the entitled hours, within which a customer fits. proxies: by `sales` and `service`, functions
    of columns that stand for hours that the data lacks; the table shows the first line of the docstring, or the name.

    Raises ParameterError without a plan, and for wrong arguments.
    """
    plan = plan_of(plan, "servicing", "the policy says which hours customers are entitled to")
    allowed = number_of(tolerance, "tolerance")
    given = _checked(proxies)
    subject = Subject(plan.graded, plan)
    rows: list[tuple[Cell, ...]] = []
    says: list[str] = []
    notes: list[str] = []
    everybody: dict[str, npt.NDArray[Any]] = {}
    measured: list[str] = []
    for kind in ("sales", "service"):
        lacking = subject.lacks(f"{kind}_hours")
        if lacking and kind not in given:
            rows.append((kind, "", VERDICTS[UNKNOWN], len(plan), None, None, None, None))
            says.append(f"{kind.capitalize()}: {unknown(*lacking)}.")
            continue
        proxy = given.get(kind) if lacking else None
        found = _judged(plan, subject, kind, proxy, allowed)
        notes += _reasons(plan, kind, found, f"{kind}_hours" if proxy is None else "the proxy")
        source = f"{kind}_hours" if proxy is None else f"proxy: {_named(proxy)}"
        if proxy is None:
            measured.append(kind)
            notes += [f"{kind}: the proxy isn't used, as the data has {kind}_hours"] if kind in given else []
        else:
            notes.append(f"{kind}: judged by a proxy, {_named(proxy)}; its unit isn't hours, so no cost is given")
        if not np.isnan(found.scale):
            notes.append(_SCALED.format(kind, found.scale))
        gap = found.spent - found.entitled
        everybody |= {f"{kind}_verdict": found.verdict, f"{kind}_gap": gap}
        rows += _rows(subject, kind, source, found.verdict, None if proxy else gap)
        says += _says(subject, kind, found.verdict, None if proxy else gap)
    missing = [name for name in ("profit", "potential") if subject.lacks(name)]
    notes += [unknown(name) for name in missing] + subject.rates_note(measured)
    return Finding("servicing", _TITLE, _columns(subject), rows, says, notes, everybody)


def _columns(subject: Subject) -> list[tuple[str, str]]:
    return [
        ("kind", ""),
        ("from", ""),
        ("verdict", ""),
        ("customers", "customers"),
        ("hours too many", f"hours{_in_period(subject)}"),
        ("cost of those hours", "money"),
        ("profit", "money"),
        ("potential", "money"),
    ]


def _in_period(subject: Subject) -> str:
    """Return the length of the period, ` in 728 days`; an empty text if it is unknown."""
    period = subject.graded.base.period
    return "" if period is None else f" in {counted(period.days, 'days')}"


def _reasons(plan: Plan, kind: Kind, found: Servicing, source: str) -> list[str]:
    """Return notes on why the verdict on some customers is unknown; source: of the hours spent."""
    due = plan.sales_hours() if kind == "sales" else plan.entitled("service_hours")
    spent, promised = np.isfinite(found.spent), np.isfinite(due)
    unknown_for = {
        f"{source} is unknown": ~spent,
        f"the policy's {kind} hours are unknown for them": spent & ~promised,
        f"the policy has 0 {kind} hours, with which nothing can be compared": spent
        & promised
        & (found.verdict == UNKNOWN),
    }
    counts = {why: int(np.count_nonzero(which)) for why, which in unknown_for.items()}
    return [f"{kind}: unknown for {counted(count, 'customers')}, as {why}" for why, count in counts.items() if count]


def _checked(proxies: Any) -> Mapping[str, Proxy]:
    if proxies is None:
        return {}
    found = dict(mapping_of(proxies, "proxies", ParameterError).items())
    for kind, function in found.items():
        if kind not in RATES or not callable(function):
            raise ParameterError(
                f"proxies must have a function of columns for {listed(RATES)}; "
                f"received {shown(kind)}: {shown(function)}"
            )
    return found


def _named(function: Proxy) -> str:
    lines = (function.__doc__ or "").strip().splitlines()
    return lines[0].strip() if lines else getattr(function, "__name__", "a function without a name")


def _judged(plan: Plan, subject: Subject, kind: Kind, proxy: Proxy | None, tolerance: float) -> Servicing:
    least, spent = LEAST_HOURS, subject.columns[f"{kind}_hours"]
    if proxy is not None:
        # the proxy's unit isn't hours, so a least number of hours means nothing
        least, spent = 0.0, _values(proxy, kind, subject)
    if plan.graded.base.period is not None:
        return plan.servicing(kind, spent, tolerance, least)
    # scaling cancels the length of the period, so hours a quarter do
    hours = plan.sales_hours if kind == "sales" else lambda: plan.entitled("service_hours")
    return judged(kind, spent, hours, tolerance=tolerance, least=least)


def _values(proxy: Proxy, kind: str, subject: Subject) -> Floats:
    found = np.asarray(proxy(subject.columns.of(slice(None))), dtype=np.float64)
    if found.shape not in ((), (len(subject),)):
        raise ParameterError(
            f"the proxy for {kind} must return a number for each of the {len(subject):,} customers; "
            f"received shape {found.shape}"
        )
    return np.broadcast_to(found, (len(subject),))


def _rows(
    subject: Subject, kind: str, source: str, verdict: npt.NDArray[np.uint8], gap: Floats | None
) -> list[tuple[Cell, ...]]:
    """Return a row for each verdict, the largest cost first, unknown last."""
    counts = np.bincount(verdict, minlength=len(VERDICTS)).tolist()
    hours = [None] * len(VERDICTS) if gap is None else _sums(gap, verdict)
    profit, potential = (
        [None] * len(VERDICTS) if subject.lacks(name) else _sums(subject.columns[name], verdict)
        for name in ("profit", "potential")
    )
    codes = sorted((OVER, UNDER, FITTING), key=lambda code: (-abs(hours[code] or Fraction(0)), code))
    return [
        (
            kind,
            source,
            VERDICTS[code],
            counts[code],
            cell(hours[code]),
            cell(_cost(subject, kind, hours[code])),
            cell(profit[code]),
            cell(potential[code]),
        )
        for code in [*codes, UNKNOWN]
        # where all is unknown, it is unknown too that nobody gets too much
        if counts[code] or (code != UNKNOWN and counts[UNKNOWN] < len(subject))
    ]


def _sums(values: Floats, verdict: npt.NDArray[np.uint8]) -> list[Fraction | None]:
    """Return the exact sum of the known values by verdict, None where no customer's value is known."""
    known = np.isfinite(values)
    seen = np.bincount(verdict[known], minlength=len(VERDICTS)).tolist()
    customers = np.bincount(verdict, minlength=len(VERDICTS)).tolist()
    sums = exact_totals(np.ascontiguousarray(values), verdict, len(VERDICTS))
    return [None if of and not some else total for of, some, total in zip(customers, seen, sums, strict=True)]


def _cost(subject: Subject, kind: str, hours: Fraction | None) -> Fraction | None:
    return None if hours is None else hours * subject.rate(kind)


def _says(subject: Subject, kind: str, verdict: npt.NDArray[np.uint8], gap: Floats | None) -> list[str]:
    counts = np.bincount(verdict, minlength=len(VERDICTS)).tolist()
    if counts[UNKNOWN] and counts[UNKNOWN] == len(subject):
        return [f"{kind.capitalize()}: unknown for all {counted(len(subject), 'customers')}."]
    unclear = f"; unknown for {counts[UNKNOWN]:,}" if counts[UNKNOWN] else ""
    said = [
        f"{kind.capitalize()}: too much of our time for {counted(counts[OVER], 'customers')}, too little for "
        f"{counts[UNDER]:,}, and fitting for {counts[FITTING]:,}{unclear}."
    ]
    if gap is None:
        return said
    currency = subject.graded.base.currency
    for code, words in ((OVER, "too many"), (UNDER, "too few")):
        rows = np.flatnonzero(verdict == code)
        if len(rows):
            some = _largest(subject, rows, gap)
            labels = subject.graded.base.labels(some.tolist())
            named = [f"{label} {hours_text(abs(float(gap[row])))}" for label, row in zip(labels, some, strict=True)]
            total = abs(_sums(gap, verdict)[code] or Fraction(0))
            said.append(
                f"Hours {words} for {kind}: {hours_text(float(total))}{_in_period(subject)}, which cost "
                f"{money_text(total * subject.rate(kind), currency)}; the largest: {listed(named)}."
            )
    return said


def _largest(subject: Subject, rows: npt.NDArray[np.intp], gap: Floats) -> npt.NDArray[np.intp]:
    """Return those of some customers with the largest differences; equal ones in the order of ids."""
    sizes = np.abs(gap[rows])
    most = min(_LARGEST, len(rows))
    enough = sizes >= np.partition(sizes, -most)[-most]
    candidates = rows[enough]
    by_id = candidates[np.argsort(subject.graded.base.ids[candidates])]
    found: npt.NDArray[np.intp] = by_id[np.argsort(-np.abs(gap[by_id]), kind="stable")][:most]
    return found
