"""`custgrade way-up`: the changes that would move customers up, by a saved model."""

from __future__ import annotations

import argparse

from custgrade.cli.model_command import settings_and_models
from custgrade.cli.progress import Progress
from custgrade.cli.report import read_lines
from custgrade.cli.sources import source_rows
from custgrade.cli.ways_up_text import customer_text, summary_text
from custgrade.grading.answers import write_per_customer
from custgrade.grading.reading import reading
from custgrade.ingest.rows.bad_rows_report import bad_rows_report
from custgrade.model.stream import GradedStream
from custgrade.ways_up.summary import WaysSummary
from custgrade.ways_up.ways_up import Quote, WaysUp


def run(options: argparse.Namespace) -> int:
    """Print the ways up of one customer or a summary, write those of all customers, and return the exit status."""
    wanted, (model,) = settings_and_models(options)
    summary, text = WaysSummary(), ""
    with (
        Progress() as progress,
        bad_rows_report(wanted.bad_rows) as report,
        reading(source_rows(wanted, [model.scorer], report), model.scorer.inputs, False, progress) as found,
    ):
        base = found.loaded.base
        stream = GradedStream.of(model, base, any_period=wanted.any_period)
        quote = Quote(model, base, wanted.on, wanted.valid)
        if wanted.identity is not None:
            customer = stream.customer(found.loaded.position_of(wanted.identity), wanted.identity)
            text = customer_text(quote.ways_up(customer), 0)
        if wanted.out or not text:
            write_per_customer(found, stream, wanted.out, quote.ways_up, WaysUp.answer_columns, summary.add, progress)
        print(text or summary_text(summary, quote, base))
    written = [f"wrote {path}" for path in (wanted.out, wanted.bad_rows) if path]
    print("\n".join(["", *written, *read_lines(base)]))
    return 0
