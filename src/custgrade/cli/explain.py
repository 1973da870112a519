"""`custgrade explain`: why customers have their grades, by a saved model."""

from __future__ import annotations

import argparse
import math

import numpy as np

from custgrade.cli.progress import Progress
from custgrade.cli.questions import asked
from custgrade.cli.report import aligned, printable, read_lines
from custgrade.cli.sources import source_rows
from custgrade.data.standard import known_fields
from custgrade.errors import ConfigurationError, exactly
from custgrade.explaining.explanations import Explainer, Explanations
from custgrade.explaining.on_axis import AxisExplanation
from custgrade.explaining.terms import CONSTANT
from custgrade.grading.answers import answer_parts
from custgrade.grading.reading import reading
from custgrade.ingest.bad_rows_report import bad_rows_report
from custgrade.model.stream import GradedStream


def run(options: argparse.Namespace) -> int:
    """Explain one customer, write the explanations of all, or both; return the exit status."""
    wanted, (model,) = asked(options)
    if wanted.identity is None and wanted.out is None:
        raise ConfigurationError("whom to explain: give --id ID for one customer, --out FILE for all, or both")
    text = ""
    with (
        Progress() as progress,
        bad_rows_report(wanted.bad_rows) as report,
        reading(source_rows(wanted, [model.scorer], report), model.scorer.inputs, False, progress) as found,
    ):
        stream = GradedStream.of(model, found.loaded.base, any_period=wanted.any_period)
        explainer = Explainer.of(stream, wanted.reference)
        if wanted.identity is not None:
            customer = stream.customer(found.loaded.position_of(wanted.identity), wanted.identity)
            text = told(explainer.explain(customer), 0)
        if wanted.out:
            answer_parts(found, stream, wanted.out, explainer.explain, Explanations.answer_columns, len, progress)
    if text:
        print(text, end="\n\n")
    print("\n".join(read_lines(found.loaded.base)))
    for path in (wanted.out, wanted.bad_rows):
        if path:
            print(f"wrote {path}")
    return 0


def told(explained: Explanations, row: int) -> str:
    """Return everything about one customer: numbers first, then in words that can be shown to the customer."""
    graded = explained.graded
    lines = [f"customer {printable(str(graded.base.ids[row]))}: {graded.grade_at(row) or 'ungraded'}"]
    if graded.base.as_of:
        lines.append(f"as of {graded.base.as_of}")
    for axis in explained.axes.values():
        lines += ["", *_axis(explained, axis, row)]
    return "\n".join([*lines, "", "in words:", *(f"  {sentence}" for sentence in explained.sentences(row))])


def _axis(explained: Explanations, axis: AxisExplanation, row: int) -> list[str]:
    score, labels = float(axis.score[row]), explained.model.scale.axis(axis.axis).labels
    if math.isnan(score):
        return [f"{axis.axis}: no score", *(f"  {line}" for line in _parts(explained, axis, row).splitlines())]
    code = int(explained.graded.codes[axis.axis][row])
    placed = labels[code] if code < len(labels) else "ungraded"
    lines = [f"{axis.axis}: {placed}, score {score:,.10g}"]
    if axis.rank[row]:
        lines.append(
            f"  rank {axis.rank[row]:,} of {axis.ranked[row]:,}; percentile rank {float(axis.percentile[row]):.2f}"
        )
    for place, label, value, inclusive, far in (
        ("above", code - 1, axis.above, axis.above_inclusive, axis.to_above),
        ("below", code, axis.below, axis.below_inclusive, axis.to_below),
    ):
        if not math.isnan(value[row]):
            reached = "at least" if inclusive[row] else "more than"
            what = f"{labels[label]} takes {reached} {float(value[row]):,.10g}"
            lines.append(f"  boundary {place}: {what}; {float(far[row]):,.10g} away")
    lines += [f"  {line}" for line in _parts(explained, axis, row).splitlines()]
    if axis.kind == "contributions":
        lines.append(f"  they add up to the score; rounding leaves {float(axis.remainder[row]):.1g}")
    else:
        lines.append("  each is the score less what it would be with the reference's value of that field")
    unknown = [name for name, where in axis.unknown.items() if where[row]]
    return [*lines, f"  unknown: {', '.join(unknown)}"] if unknown else lines


def _parts(explained: Explanations, axis: AxisExplanation, row: int) -> str:
    """The parts of a score as a table, most first."""
    fields, view = known_fields(explained.model.scorer.fields), explained.graded.base.view
    parts = {name: float(part[row]) for name, part in axis.parts.items()}
    middle = explained.model.machine.columns({n: np.array([v]) for n, v in explained.reference.items()})
    by_reference = axis.against == "the reference"
    rows = [["field", "unit", "value", *(["reference"] if by_reference else []), axis.kind.removesuffix("s")]]
    for name in sorted(parts, key=lambda name: (math.isnan(parts[name]), -parts[name])):
        value = "" if name == CONSTANT else _number(float(view[name][row]))
        reference = ["" if name == CONSTANT else _number(float(middle[name][0]))] if by_reference else []
        unit = fields[name].unit if name in fields else ""
        rows.append([name, unit, value, *reference, "" if math.isnan(parts[name]) else _number(parts[name])])
    return aligned(rows, text_columns=2)


def _number(value: float) -> str:
    return "unknown" if math.isnan(value) else exactly(round(value, 6))
