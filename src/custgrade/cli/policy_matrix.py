"""What a policy gives each grade, as a table: entitlements, effort, offers and actions × grades."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from custgrade.cli.report import printable
from custgrade.model.wording import words
from custgrade.planning.action import Action
from custgrade.planning.amount import Amount
from custgrade.planning.effort import Terms
from custgrade.planning.offer import Offer
from custgrade.planning.package import Package
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Incentive, Reward
from custgrade.planning.service_level import ServiceLevel
from custgrade.planning.treatment import Treatment
from custgrade.text import counted, exactly, listed

WIDTH = 100
"""The largest width of a table, in characters."""
_MOST_COLUMNS = 4
_GAP = "  "
_BY_CUSTOMER = "by customer"
Cells = dict[str, list[str]]
"""The lines of a cell by the name of its row; a row without lines is left out."""


def matrix(policy: Policy, counts: Mapping[str, int] = MappingProxyType({})) -> str:
    """Return what each grade gets, a row for each entitlement and a column for each grade and for ungraded customers.

    Columns that don't fit within the width are in further tables. Packages, if there are any, follow in the same form.

    counts: the number of customers by grade; with it, the hours of all customers are rows too.
    """
    columns = {grade: _treatment_cells(policy, one, counts.get(grade)) for grade, one in policy.by_place}
    parts = [_tables("grade", columns)]
    if policy.packages:
        parts.append(_tables("package", {one.name: _package_cells(policy, one) for one in policy.packages}))
    lists = [
        f"shortlist {one.name}: the best of {listed(one.among)} by {listed(map(words, one.scorer.inputs))}"
        for one in policy.shortlists
    ]
    notes = ["hours are a quarter's, money is each time"]
    if counts:
        notes.append(_hours_in_all(policy, counts))
    else:
        notes.append(
            "--count GRADE=NUMBER adds the hours of all customers; custgrade plan shows them for your customers"
        )
    return "\n\n".join([*parts, "\n".join(printable(line) for line in [*lists, *notes])])


def _treatment_cells(policy: Policy, treatment: Treatment, count: int | None) -> Cells:
    level, effort = policy.level_of(treatment), treatment.effort
    hours = _hours(level, effort.sales_hours)
    return {
        "goal": [treatment.goal],
        **_level_cells(level),
        "sales hours": [amount_text(effort.sales_hours)],
        "hours a customer": [_BY_CUSTOMER if hours is None else _plain(hours)],
        "customers": [] if count is None else [f"{count:,}"],
        "hours in all": [] if count is None else [_BY_CUSTOMER if hours is None else f"{hours * count:,.1f}"],
        "silence": [] if effort.silence_days is None else [f"at most {counted(effort.silence_days, 'days')}"],
        **_terms_cells(treatment.terms),
        "rewards": [_reward(one) for one in treatment.rewards],
        "budget": [] if treatment.budget is None else [f"{treatment.budget:,.2f} {_months(policy.budget_months)}"],
        "incentives": [_incentive(one) for one in treatment.incentives],
        "offers": [_offer(one) for one in treatment.offers],
        "actions": [_action(one) for one in treatment.actions],
        "touchpoints": [f"{stage}: {text}" for stage, text in treatment.touchpoints.items()],
        "way up": [treatment.way_up] if treatment.way_up else [],
    }


def _package_cells(policy: Policy, package: Package) -> Cells:
    minimum = [f"{words(name)} at least {amount_text(floor)}" for name, floor in package.minimum.items()]
    return {
        "what": [package.what] if package.what else [],
        "minimum": minimum,
        **_level_cells(package.level or policy.base),
        **({} if package.terms is None else _terms_cells(package.terms)),
        "price": [] if package.price is None else [amount_text(package.price)],
    }


def _level_cells(level: ServiceLevel) -> Cells:
    further = {words(name): [_with_unit(one.amount, one.unit)] for name, one in level.further.items()}
    return {
        "answer within": [_with_unit(level.response_hours, "working hours")],
        "service hours": [amount_text(level.service_hours)],
        "desk": [f"{level.desk}, {level.who}" if level.who else level.desk],
        **further,
    }


def _terms_cells(terms: Terms) -> Cells:
    extras = [f"{name}: {amount_text(price)} an hour" for name, price in terms.extras.items()]
    return {
        "discount": _unless_zero(terms.discount),
        "deposit": _unless_zero(terms.deposit),
        "surcharge": _unless_zero(terms.surcharge),
        "payment": [_with_unit(terms.payment_days, "days")],
        "notice": [f"ours {counted(terms.our_notice_days, 'days')}, theirs {counted(terms.their_notice_days, 'days')}"],
        "extras": extras,
    }


def amount_text(amount: Amount) -> str:
    """Return an amount as text; `by customer` for a function that has no text."""
    return _plain(amount.constant) if amount.constant is not None else amount.text or _BY_CUSTOMER


def _plain(number: float) -> str:
    """Return a number as text, without the noise of binary sums and products after its tenth digit."""
    return exactly(float(f"{number:.10g}"))


def _with_unit(amount: Amount, unit: str) -> str:
    text = amount_text(amount)
    return text if text == _BY_CUSTOMER else f"{text} {unit}".rstrip()


def _worth(value: Amount) -> str:
    text = amount_text(value)
    return f" ({text})" if text == _BY_CUSTOMER else f" of {text}"


def _unless_zero(share: Amount) -> list[str]:
    if share.constant is None:
        return [amount_text(share)]
    return [f"{exactly(round(share.constant * 100, 6))} %"] if share.constant else []


def _months(count: int) -> str:
    return "a year" if count == 12 else f"in {counted(count, 'months')}"


def _every(months: int | None) -> str:
    return "" if months is None else ", every year" if months == 12 else f", every {counted(months, 'months')}"


def _hours(level: ServiceLevel, sales: Amount) -> float | None:
    """Return the hours of sales and service of one customer a quarter; None if they differ by customer."""
    service = level.service_hours
    return None if service.constant is None or sales.constant is None else service.constant + sales.constant


def _hours_in_all(policy: Policy, counts: Mapping[str, int]) -> str:
    """Return a sentence with the hours of all customers of the grades whose hours are stated."""
    found = {grade: _hours(policy.level_of(one), one.effort.sales_hours) for grade, one in policy.by_place}
    stated = {grade: hours * counts[grade] for grade, hours in found.items() if grade in counts and hours is not None}
    unknown = [grade for grade in counts if grade not in stated]
    without = f", without {listed(unknown)}" if unknown else ""
    return (
        f"hours in all: {sum(stated.values()):,.1f} for {counted(sum(counts[g] for g in stated), 'customers')}{without}"
    )


def _limits(only: str, more: Sequence[str] = ()) -> str:
    return "".join(f", {one}" for one in [*([f"only {only}"] if only else []), *more])


def _reward(one: Reward) -> str:
    worth = "" if one.value.constant == 0.0 else _worth(one.value)
    name = one.name if one.kind in one.name else f"{one.name} ({one.kind})"
    return f"{name}{worth}{_every(one.every)}{_limits(one.only, ['with consent'] if one.consent else [])}"


def _incentive(one: Incentive) -> str:
    return f"{one.what or one.name}{_worth(one.value)} for reaching {one.reaching}"


def _offer(one: Offer) -> str:
    parts = [f"{one.name}: {one.what}"]
    if one.when is not None and one.when.text:
        parts.append(f"if {one.when}")
    if one.raises:
        text = amount_text(one.rise)
        rise = text if one.rise.text else f"a rise {text}" if text == _BY_CUSTOMER else f"a rise of {text}"
        parts.append(f"{rise}, at most {exactly(round(one.steepest * 100, 6))} % of revenue")
    if one.package:
        parts.append(f"package {one.package}")
    parts.append(f"open {counted(one.open_days, 'days')}")
    if one.remind_days is not None:
        parts.append(f"reminder {counted(one.remind_days, 'days')} before the last one")
    if one.transition is not None:
        parts.append(f"else handed over to {one.transition.referral} in {counted(one.transition.days, 'days')}")
    return "; ".join(parts)


def _action(one: Action) -> str:
    times = f", {one.tries} times" if one.every is None and one.tries > 1 else ""
    condition = [f"if {one.when}"] if one.when is not None and one.when.text else []
    return f"{one.kind}: {one.what}{times}{_every(one.every)}{_limits(one.only, condition)}"


def _tables(title: str, columns: Mapping[str, Cells]) -> str:
    """Return tables with a column for each name; each has up to four columns, which share the width."""
    rows = [row for row in dict.fromkeys(row for cells in columns.values() for row in cells) if _lines(columns, row)]
    first = max(len(title), *(len(row) for row in rows))
    together = math.ceil(len(columns) / math.ceil(len(columns) / _MOST_COLUMNS))
    widest = (WIDTH - first) // together - len(_GAP)
    names = list(columns)
    blocks = [names[k : k + together] for k in range(0, len(names), together)]
    return "\n\n".join(_table(title, first, rows, {name: columns[name] for name in block}, widest) for block in blocks)


def _lines(columns: Mapping[str, Cells], row: str) -> list[str]:
    return [printable(line) for cells in columns.values() for line in cells.get(row, [])]


def _table(title: str, first: int, rows: Sequence[str], columns: Mapping[str, Cells], widest: int) -> str:
    texts = {
        name: [name, *(line for row in rows for line in _lines({name: cells}, row))] for name, cells in columns.items()
    }
    wide = {name: min(widest, max(map(len, lines))) for name, lines in texts.items()}
    widths = [first, *wide.values()]
    header = [_wrapped([name], width) for name, width in wide.items()]
    lines = [*_rows(title, header, widths), _line(["-" * width for width in widths], widths)]
    for row in rows:
        cells = [_wrapped(cells.get(row, []), wide[name]) for name, cells in columns.items()]
        lines += _rows(row, cells, widths)
    return "\n".join(lines)


def _rows(name: str, cells: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """Return the lines of one row, whose cells may have several lines."""
    lines = zip_longest(*cells, fillvalue="")
    return [_line([name if k == 0 else "", *parts], widths) for k, parts in enumerate(lines)]


def _wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Return the lines of a cell within a width; later parts of a line that is too long are indented."""
    fits: Callable[[str], list[str]] = textwrap.TextWrapper(width, subsequent_indent=" ", break_on_hyphens=False).wrap
    return [part for line in lines for part in fits(printable(line))]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
