"""`custgrade grade`: grade the customers of files, write them, and print a report."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from custgrade.cli.chosen_scorer import saved_model, scheme
from custgrade.cli.progress import Progress
from custgrade.cli.report import report
from custgrade.cli.settings import GradeSettings, settings
from custgrade.cli.sources import source_rows
from custgrade.export.formats import check_outputs
from custgrade.files import write_atomically
from custgrade.grading.files import graded_files
from custgrade.ingest.rows.bad_rows_report import bad_rows_report
from custgrade.model.grading_model import GradingModel
from custgrade.model.override_file import read_overrides
from custgrade.model.scorer import Scorer


def run(options: argparse.Namespace) -> int:
    """Grade customers as the options say, and return the exit status."""
    wanted = settings(options)
    check_outputs(wanted.out, wanted.save_model, wanted.bad_rows)
    chosen = saved_model(wanted.model, wanted.scorer) if wanted.model else _scorer(wanted)
    overrides = read_overrides(wanted.overrides) if wanted.overrides else None
    with (
        Progress() as progress,
        bad_rows_report(wanted.bad_rows) as rows_report,
        _model_file(wanted) as save,
        graded_files(
            source_rows(wanted, [chosen.scorer if isinstance(chosen, GradingModel) else chosen], rows_report),
            chosen,
            wanted.out,
            wanted.prefix,
            progress,
            overrides,
            wanted.on,
            wanted.any_period,
        ) as outcome,
    ):
        save(outcome.model)
    written = [path for path in (wanted.out, wanted.save_model, wanted.bad_rows) if path]
    print("\n".join([report(outcome, written, fitted_before=wanted.model is not None), *wanted.notes]))
    return 0


@contextmanager
def _model_file(wanted: GradeSettings) -> Iterator[Callable[[GradingModel], None]]:
    """Yield a function that writes a model to --save-model; without that option it does nothing.

    The file is replaced when the block ends without an error.
    """
    if not wanted.save_model:
        yield lambda model: None
        return
    from custgrade.model.model_file import as_text

    with write_atomically(wanted.save_model) as temporary:

        def save(model: GradingModel) -> None:
            temporary.write_text(as_text(model), encoding="utf-8")

        yield save


def _scorer(wanted: GradeSettings) -> Scorer:
    assert wanted.scorer is not None
    return scheme(wanted.scorer).scorer(**wanted.parameters)
