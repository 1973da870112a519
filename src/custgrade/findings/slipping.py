"""Who has moved down since earlier grades."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.comparing.order import order_of
from custgrade.data.ids import positions
from custgrade.data.period import Period
from custgrade.data.scale import UNGRADED
from custgrade.errors import Hint, ParameterError
from custgrade.findings.amounts import cell, known_sum, money_text, share_text
from custgrade.findings.finding import Finding
from custgrade.findings.subject import Subject, subject_of, unknown
from custgrade.model.graded import Graded
from custgrade.planning.plan import Plan
from custgrade.selection.totals import exact_totals
from custgrade.text import counted, exactly, listed

_TITLE = "Who has slipped since?"
_NO_EARLIER = "unknown, as no earlier grades are given"
_EARLIER = Hint(
    "Give them: before=model.grade(earlier_base).",
    "Give them: --before FILE, or --before-as-of DATE for the same order lines up to an earlier day.",
)
_MONEY = ("revenue", "profit")
_COLUMNS = [("from", ""), ("to", ""), ("customers", "customers")]
_COLUMNS += [(f"{name} {when}", "money") for name in _MONEY for when in ("before", "after")]


def slipped(plan: Plan | Graded, before: Plan | Graded | None = None) -> Finding:
    """Return which customers have a worse grade than before by the same model, with their money before and now.

    Customers are matched by id. Manual grades don't count on either side. The table has a row for each pair of grades
    that somebody moved between, the largest revenue now first (without revenue, the most customers first).

    before: earlier grades by the same model; without them the answer is unknown.

    Raises ParameterError if the earlier grades have another scale or another currency.
    """
    subject = subject_of(plan, "slipped")
    if before is None:
        return Finding("slipped", _TITLE, _COLUMNS, notes=[_NO_EARLIER], hints=[_EARLIER])
    now, then = subject.graded, subject_of(before, "slipped").graded
    _check(now, then)
    rows = positions(now.base.ids, then.base.ids)
    both = np.flatnonzero(rows >= 0)
    earlier = rows[both]
    order = order_of(
        now.scale,
        {name: codes[earlier] for name, codes in then.codes.items()},
        {name: codes[both] for name, codes in now.codes.items()},
    )
    graded = len(now.scale.grades)
    one, other = then.grade_codes[earlier], now.grade_codes[both]
    had, has = one < graded, other < graded
    # grades of one name are one grade
    worse = order.worse & had & has & (one != other)
    better = order.better & had & has & (one != other)
    down, down_then = both[worse], earlier[worse]
    pairs, groups = np.unique(one[worse] * (graded + 1) + other[worse], return_inverse=True)
    counts = np.bincount(groups, minlength=len(pairs)).tolist()
    money = {
        f"{name} {when}": _totals(whose, name, places, groups, len(pairs))
        for name in _MONEY
        for when, whose, places in (("before", then, down_then), ("after", now, down))
    }
    names = now.grade_names
    found = [
        (names[pair // (graded + 1)], names[pair % (graded + 1)], counts[k], *(column[k] for column in money.values()))
        for k, pair in enumerate(pairs.tolist())
    ]
    by = list(money).index("revenue after") + 3
    order_by = {name: k for k, name in enumerate(names)}
    found.sort(key=lambda row: (-(row[by] or 0), -row[2], order_by[row[0]], order_by[row[1]]))
    slid = np.zeros(len(now), dtype=bool)
    slid[down] = True
    compared = int(np.count_nonzero(had & has))
    up = int(np.count_nonzero(better))
    have = "has" if len(down) == 1 else "have"
    said = f"{counted(len(down), 'customers')} of {compared:,} with a grade then and now {have} slipped"
    says = [f"{said}{f' ({share_text(len(down) / compared)})' if compared else ''}; {up:,} have moved up."]
    revenue = known_sum(row[by] for row in found)
    if len(down) and revenue is not None:
        says.append(f"The revenue of those who slipped is {money_text(revenue, now.base.currency)} now.")
    gone = len(then) - len(both)
    notes = [
        *_different_models(now, then),
        *_periods(now.base.period, then.base.period),
        *([f"not in the data now, and not counted: {counted(gone, 'customers')} with earlier grades"] if gone else []),
        *_lost(int(np.count_nonzero(had & ~has))),
        *(unknown(name) for name in _MONEY if Subject(now, None).lacks(name)),
    ]
    rows_shown = [(*row[:3], *map(cell, row[3:])) for row in found]
    return Finding("slipped", _TITLE, _COLUMNS, rows_shown, says, notes, {"slipped": slid})


def _check(now: Graded, then: Graded) -> None:
    if now.scale != then.scale:
        raise ParameterError(
            f"slipped: the earlier grades have another scale, {listed(then.scale.grades)}; it must be "
            f"{listed(now.scale.grades)}.",
            Hint("Grade both bases with one model.", "Give one --model for both."),
        )
    one, other = now.base.currency, then.base.currency
    if one and other and one != other:
        raise ParameterError(f"slipped: the earlier amounts are in {other}, those now in {one}; convert one of them")


def _totals(graded: Graded, name: str, rows: npt.NDArray[np.intp], groups: npt.NDArray[Any], size: int) -> list[Any]:
    """Return the exact total of a field by group, None where no customer's value is known."""
    if name not in graded.base:
        return [None] * size
    values = np.ascontiguousarray(graded.base[name][rows])
    known = np.bincount(groups[np.isfinite(values)], minlength=size).tolist()
    return [total if seen else None for total, seen in zip(exact_totals(values, groups, size), known, strict=True)]


def _different_models(now: Graded, then: Graded) -> list[str]:
    """Return notes on what shows that the grades are of different models."""
    found = []
    for name in sorted({*now.learned, *then.learned}):
        one, other = then.learned.get(name), now.learned.get(name)
        if one != other:
            texts = ("none" if value is None else exactly(value) for value in (one, other))
            found.append(f"{name} was {' and is '.join(texts)} now")
    moved = [name for name in now.codes if _cut_elsewhere(now, then, name)]
    found += [f"the boundaries of {name} have moved" for name in moved]
    if not found:
        return ["both grades must be of one saved model; nothing in them shows that they aren't"]
    return [
        f"the grades are of different models ({'; '.join(found)}), so some customers slipped because the model "
        "changed; grade both with one model"
    ]


def _cut_elsewhere(now: Graded, then: Graded, axis: str) -> bool:
    """Return whether the scores of one label overlap those of another, which one model's boundaries can't give."""
    if now.scale.axis(axis).within is not None:
        return False
    spans = sorted(_ends([now, then], axis).values())
    return any(high >= low for (_, high), (low, _) in pairwise(spans))


def _ends(several: list[Graded], axis: str) -> dict[int, tuple[float, float]]:
    """Return the least and the greatest score of each label, over several gradings."""
    found: dict[int, tuple[float, float]] = {}
    for graded in several:
        codes, scores = graded.codes[axis], graded.scores[axis]
        for code in np.unique(codes[codes != UNGRADED]).tolist():
            some = scores[codes == code]
            low, high = found.get(code, (np.inf, -np.inf))
            found[code] = (min(low, float(some.min())), max(high, float(some.max())))
    return found


def _periods(now: Period | None, then: Period | None) -> list[str]:
    if now is None or then is None or now.days == then.days:
        return []
    return [
        f"the data covers {counted(now.days, 'days')} now and {counted(then.days, 'days')} then; amounts grow with that"
    ]


def _lost(count: int) -> list[str]:
    if not count:
        return []
    return [f"a grade then and none now: {counted(count, 'customers')}; it is unknown whether they slipped"]
