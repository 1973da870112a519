"""`custgrade way-up`: what would move customers up, by a saved model."""

from __future__ import annotations

import argparse

import numpy as np

from custgrade.cli.progress import Progress
from custgrade.cli.questions import asked
from custgrade.cli.report import read_lines
from custgrade.cli.sources import load
from custgrade.cli.ways_up_text import customer_text, summary_text
from custgrade.errors import SourceError
from custgrade.export.write import write_columns
from custgrade.ingest.bad_rows_report import bad_rows_report
from custgrade.ways_up.ways_up import way_up


def run(options: argparse.Namespace) -> int:
    """Tell the ways up of one customer, write those of all, and sum them up; return the exit status."""
    wanted, (model,) = asked(options)
    with Progress() as progress:
        progress("reading")
        with bad_rows_report(wanted.bad_rows) as rows_report:
            loaded = load(wanted, [model.scorer], rows_report)
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
            write_columns(wanted.out, ways.graded.base.ids, columns)
    print(summary_text(ways) if row is None else customer_text(ways, row))
    written = [f"wrote {path}" for path in (wanted.out, wanted.bad_rows) if path]
    print("\n".join(["", *written, *read_lines(loaded.base)]))
    return 0
