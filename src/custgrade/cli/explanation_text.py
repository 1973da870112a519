"""The text of `custgrade explain` for one customer: the numbers, then sentences for the customer."""

from __future__ import annotations

import math

import numpy as np

from custgrade.cli.report import aligned, printable
from custgrade.cuts.boundary import Boundary
from custgrade.explaining.axis_explanation import AxisExplanation
from custgrade.explaining.explanations import Explanations
from custgrade.explaining.terms import CONSTANT
from custgrade.model.graded_by import GradedBy, graded_by
from custgrade.model.overrides import ActiveOverrides
from custgrade.model.wording import NOTHING, amount, not_graded, number, words


def explanation_text(explained: Explanations, row: int, overrides: ActiveOverrides | None = None) -> str:
    """Return the explanation of one customer: numbers, then sentences that can be read to the customer.

    row: the customer's position. overrides: manual grades, of which the customer's are shown too.
    """
    graded = explained.graded
    grade = graded.grade_at(row)
    lines = [f"customer {graded.base.label(row)}: {grade or 'ungraded'}"]
    if not grade:
        lines.append(not_graded(graded.reason_at(row)))
    lines += [] if overrides is None else _manual(overrides, str(graded.base.ids[row]))
    if graded.base.as_of:
        lines.append(f"as of {graded.base.as_of}")
    for axis in explained.axes.values():
        lines += ["", *_axis(explained, axis, row)]
    said = [f"  {sentence}" for sentence in explained.sentences(row)]
    return "\n".join(map(printable, [*lines, "", "to the customer:", *said]))


def _manual(overrides: ActiveOverrides, identity: str) -> list[str]:
    """Return a line for each manual grade of a customer, including those that aren't valid on the day."""
    lines = []
    for one in overrides.given.records:
        if one.customer_id == identity:
            held = one.date <= overrides.day <= one.expires
            over = f"expired on {one.expires}" if one.expires < overrides.day else f"not valid before {one.date}"
            when = f"from {one.date} to {one.expires}" if held else over
            lines.append(f"manual grade: {one.grade}, {when}: {one.reason} ({one.author})")
    return lines


def _axis(explained: Explanations, axis: AxisExplanation, row: int) -> list[str]:
    by = graded_by(explained.model.scorer, axis.axis, explained.model.units)
    score, labels = float(axis.score[row]), explained.model.scale.axis(axis.axis).labels
    how = f"graded by {by.name}{f' ({by.order})' if by.order else ''}"
    parts = [f"  {line}" for line in _parts(explained, axis, by, row).splitlines()]
    if math.isnan(score):
        return [f"{words(axis.axis)}: no score, {how}", *parts]
    code = int(explained.graded.codes[axis.axis][row])
    placed = labels[code] if code < len(labels) else "ungraded"
    lines = [f"{words(axis.axis)}: {placed}, {_score(by, score, explained.currency)}", f"  {how}"]
    if axis.rank[row]:
        rank, ranked = int(axis.rank[row]), int(axis.ranked[row])
        lines.append(f"  rank {rank:,} of {ranked:,}; percentile rank {number(float(axis.percentile[row]), 2)}")
    lines += _boundaries(explained, axis, by, row, code, labels)
    lines += parts
    if axis.against == "the reference":
        whose = "as given" if explained.compared_with == axis.against else explained.compared_with
        lines.append(f"  the reference is {whose}")
    if axis.kind == "effects":
        lines.append("  an effect is the score minus the score with the reference's value of that field")
    unknown = [words(name) for name, where in axis.unknown.items() if where[row]]
    return [*lines, f"  unknown: {', '.join(unknown)}"] if unknown else lines


def _score(by: GradedBy, score: float, currency: str) -> str:
    said = by.said(score, currency)
    if by.kind == "field":
        return f"{by.name} of {said}"
    return f"{'score ' if by.kind == 'score' else ''}{said}"


def _boundaries(
    explained: Explanations, axis: AxisExplanation, by: GradedBy, row: int, code: int, labels: tuple[str, ...]
) -> list[str]:
    """Return a line each for the boundaries above and below the customer, with their distances."""
    lines = []
    needs = {"field": f"needs {by.name} of", "score": "needs a score of", "floors": "means"}.get(by.kind, "needs")
    for place, label, value, inclusive, far in (
        ("above", code - 1, axis.above, axis.above_inclusive, axis.to_above),
        ("below", code, axis.below, axis.below_inclusive, axis.to_below),
    ):
        if not math.isnan(value[row]):
            boundary = Boundary(float(value[row]), bool(inclusive[row]))
            reached = by.reached(boundary, explained.currency)
            # of floors, a whole number is missed, so a customer may well be on the boundary
            on = by.kind == "floors" and not far[row]
            away = "" if on else f"; {by.distance(float(far[row]), explained.currency)} away"
            lines.append(f"  boundary {place}: {labels[label]} {needs} {reached}{away}")
    return lines


def _parts(explained: Explanations, axis: AxisExplanation, by: GradedBy, row: int) -> str:
    """Return the parts of a score as a table, largest first."""
    currency = explained.currency
    parts = {name: float(part[row]) for name, part in axis.parts.items()}
    view = explained.graded.base.view_at(slice(row, row + 1))
    middle = explained.model.batch_grader.columns({n: np.array([v]) for n, v in explained.reference.items()})
    by_reference = axis.against == "the reference"
    what = "points" if by.kind == "points" else axis.kind.removesuffix("s")
    rows = [["field", "value", "usual among the best", *(["reference"] if by_reference else []), what]]
    for name in sorted(parts, key=lambda name: (math.isnan(parts[name]), -parts[name])):
        plain = f"{parts[name]:,.1f}" if by.kind == "points" else number(parts[name])
        part = NOTHING if math.isnan(parts[name]) else plain
        if name == CONSTANT:
            rows.append(["same for everyone", NOTHING, NOTHING, *([NOTHING] if by_reference else []), part])
            continue
        field = explained.definition(name)
        usual = explained.usual_for(axis.axis, name, row)
        if by.kind == "field" and not math.isnan(parts[name]):
            part = by.said(parts[name], currency)
        cells = [amount(field, float(view[name][0]), currency)]
        cells.append(NOTHING if math.isnan(usual) else amount(field, usual, currency))
        cells += [amount(field, float(middle[name][0]), currency)] if by_reference else []
        rows.append([words(name), *cells, part])
    return aligned(rows)
