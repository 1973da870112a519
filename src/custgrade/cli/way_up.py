"""`custgrade way-up`: what would move customers up, by a saved model."""

from __future__ import annotations

import argparse

import numpy as np

from custgrade.cli.progress import Progress
from custgrade.cli.questions import asked
from custgrade.cli.report import aligned, printable, read_lines
from custgrade.cli.sources import load
from custgrade.data.scale import UNGRADED
from custgrade.errors import SourceError, counted
from custgrade.export.results import write_results
from custgrade.ways_up.ways_up import WaysUp, way_up


def run(options: argparse.Namespace) -> int:
    """Tell the ways up of one customer, write those of all, and sum them up; return the exit status."""
    wanted, (model,) = asked(options)
    with Progress() as progress:
        progress("reading")
        loaded = load(wanted)
        if wanted.on is None and loaded.base.as_of is None:
            raise SourceError("a way up is quoted for a date, and customer files have none: give --on 2026-01-31")
        progress("looking for ways up")
        ways = way_up(model, loaded.base, wanted.on, wanted.valid, any_period=wanted.any_period)
        row = None if wanted.identity is None else loaded.base.position_of(wanted.identity)
        if wanted.out:
            progress("writing")
            text = np.dtypes.StringDType()
            dates = {"on": ways.on, "expires": ways.expires}
            columns = {**ways.graded.outcomes(), **ways.columns()}
            columns |= {name: np.full(len(ways), str(date), dtype=text) for name, date in dates.items()}
            write_results(wanted.out, columns, loaded)
    if row is None:
        print(summary(ways))
    else:
        print(f"customer {printable(str(ways.graded.base.ids[row]))}: {ways.graded.grade_at(row) or 'ungraded'}")
        print("\n".join(f"  {sentence}" for sentence in ways.sentences(row)))
    print("\n".join(["", *read_lines(loaded.base)]))
    if wanted.out:
        print(f"wrote {wanted.out}")
    return 0


def summary(ways: WaysUp) -> str:
    """Return how many customers can move up, by axis and by field."""
    rows = [["axis", "field", "customers", "median change"]]
    for name, axis in ways.axes.items():
        for field, to in axis.to.items():
            change = (to - ways.graded.base.columns[field])[np.isfinite(to)]
            rows.append([name, field, f"{len(change):,}", f"{np.median(change):,.6g}" if len(change) else ""])
        if axis.pairs.rows.size or len(axis.fields) > 1:
            rows.append([name, "two fields", f"{len(axis.pairs.rows):,}", ""])
    lines = [aligned(rows, text_columns=2), ""]
    for name, axis in ways.axes.items():
        graded = ways.graded.codes[name] != UNGRADED
        below, ungraded = int((axis.next != UNGRADED).sum()), len(graded) - int(graded.sum())
        lines.append(
            f"{name}: of {counted(int(graded.sum()), 'graded customers')}, {below:,} below the best class, "
            f"{int(axis.possible.sum()):,} with a way up; {ungraded:,} ungraded"
        )
    return "\n".join([*lines, f"quoted for {ways.on}, until {ways.expires}"])
