"""`custgrade compare`: who moved between two models, two dates, or both."""

from __future__ import annotations

import argparse
import math

import numpy as np

from custgrade.cli.progress import Progress
from custgrade.cli.questions import asked
from custgrade.cli.report import aligned, printable, read_lines
from custgrade.cli.sources import load
from custgrade.comparing.changes import Changes
from custgrade.comparing.comparison import Comparison, compare
from custgrade.errors import ConfigurationError, counted
from custgrade.export.write import write_columns
from custgrade.ingest.bad_rows_report import bad_rows_report

_SHOWN = 10


def run(options: argparse.Namespace) -> int:
    """Compare grades with those before, write them customer by customer, and return the exit status."""
    wanted, models = asked(options)
    earlier = wanted.earlier()
    if earlier is None and len(wanted.models) < 2:
        raise ConfigurationError(
            "there is nothing to compare with: give a second model, --before FILE, or --before-as-of DATE"
        )
    with Progress() as progress:
        progress("reading")
        scorers = [model.scorer for model in models]
        with bad_rows_report(wanted.bad_rows) as rows_report:
            base = load(wanted, scorers, rows_report).base
            before = None if earlier is None else load(earlier, scorers, rows_report).base
        progress("comparing")
        other = models[0] if len(models) > 1 else None
        comparison = compare(models[-1], base, model_before=other, base_before=before, any_period=wanted.any_period)
        if wanted.out:
            progress("writing")
            write_columns(wanted.out, comparison.ids, comparison.output_columns())
    print(told(comparison))
    print("\n".join(["", *read_lines(base), *(read_lines(before, "before: ") if before is not None else ())]))
    for path in (wanted.out, wanted.bad_rows):
        if path:
            print(f"wrote {path}")
    return 0


def told(comparison: Comparison) -> str:
    """Return the migration matrix, how many moved and why, the first of them, and how far shares shifted."""
    names = zip(comparison.names_before, comparison.matrix.tolist(), strict=True)
    matrix = [["before \\ after", *comparison.names_after]]
    matrix += [[name, *(f"{count:,}" for count in line)] for name, line in names]
    causes = [["change", "customers", "by customer", "by model", "by both"]]
    for change, count in comparison.counts().items():
        why = comparison.causes().get(change, dict.fromkeys(Changes.cause_names[1:]))
        causes.append([change, f"{count:,}", *("" if some is None else f"{some:,}" for some in why.values())])
    lines = [aligned(matrix), "", aligned(causes)]
    if comparison.cancelled:
        lines.append(f"{counted(comparison.cancelled, 'customers')} changed, and the model put them back")
    moved = np.flatnonzero(comparison.moved)
    if len(moved):
        lines += ["", *(_moved(comparison, row) for row in moved[:_SHOWN].tolist())]
    if len(moved) > _SHOWN:
        lines.append(f"and {len(moved) - _SHOWN:,} more; --out FILE writes all")
    stability = [["axis", "drift", "stability"]]
    for name in dict.fromkeys([*comparison.drift, *comparison.stability]):
        found = [index.get(name, math.nan) for index in (comparison.drift, comparison.stability)]
        stability.append([name, *("–" if math.isnan(value) else f"{value:.4f}" for value in found)])
    return "\n".join([*lines, "", "population stability index", aligned(stability)])


def _moved(comparison: Comparison, row: int) -> str:
    whole = comparison.whole
    before, after = whole.names_before[whole.before[row]], whole.names_after[whole.after[row]]
    change, cause = whole.change_names[whole.change_codes[row]], whole.cause_names[whole.cause_codes[row]]
    return f"{printable(str(comparison.ids[row]))}: {before} → {after}, {change}, by {cause}"
