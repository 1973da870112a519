"""`custgrade compare`: who moved between two models, two dates, or both."""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from custgrade.cli.comparison_text import comparison_text
from custgrade.cli.model_command import settings_and_models
from custgrade.cli.progress import Progress
from custgrade.cli.report import read_lines
from custgrade.cli.settings import SourceSettings
from custgrade.cli.sources import source_rows
from custgrade.errors import ConfigurationError
from custgrade.grading.compare_files import compare_files
from custgrade.grading.reading import Reading, joined_head, reading
from custgrade.ingest.rows.bad_rows_report import bad_rows_report
from custgrade.model.summary import SUMMED


def run(options: argparse.Namespace) -> int:
    """Compare grades with those before, write them customer by customer, and return the exit status."""
    wanted, models = settings_and_models(options)
    earlier = wanted.earlier()
    if earlier is None and len(wanted.models) < 2:
        raise ConfigurationError(
            "there is nothing to compare with: give a second model, --before FILE, or --before-as-of DATE"
        )
    with ExitStack() as stack:
        progress = stack.enter_context(Progress())
        report = stack.enter_context(bad_rows_report(wanted.bad_rows))

        def read(settings: SourceSettings) -> Reading:
            files = source_rows(settings, [model.scorer for model in models], report)
            head = joined_head(files)
            names = dict.fromkeys([*(name for model in models for name in model.scorer.inputs), *SUMMED])
            there = [name for name in names if name in head.columns]
            return stack.enter_context(reading(files, there, False, progress))

        found = read(wanted)
        before = None if earlier is None else read(earlier)
        other = models[0] if len(models) > 1 else None
        comparison = compare_files(found, before, models[-1], other, wanted.out, wanted.any_period, progress)
        print(comparison_text(comparison))
    base = found.loaded.base
    written = [f"wrote {path}" for path in (wanted.out, wanted.bad_rows) if path]
    lines = [*read_lines(base), *(read_lines(before.loaded.base, "before: ") if before is not None else ())]
    print("\n".join(["", *written, *lines]))
    return 0
