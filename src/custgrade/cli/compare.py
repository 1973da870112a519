"""`custgrade compare`: who moved between two models, two dates, or both."""

from __future__ import annotations

import argparse

from custgrade.cli.comparison_text import comparison_text
from custgrade.cli.progress import Progress
from custgrade.cli.questions import asked
from custgrade.cli.report import read_lines
from custgrade.cli.sources import load
from custgrade.comparing.comparison import compare
from custgrade.errors import ConfigurationError
from custgrade.export.write import write_columns
from custgrade.ingest.bad_rows_report import bad_rows_report


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
    print(comparison_text(comparison))
    written = [f"wrote {path}" for path in (wanted.out, wanted.bad_rows) if path]
    read = [*read_lines(base), *(read_lines(before, "before: ") if before is not None else ())]
    print("\n".join(["", *written, *read]))
    return 0
