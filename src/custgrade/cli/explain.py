"""`custgrade explain`: the reasons for grades, by a saved model."""

from __future__ import annotations

import argparse

from custgrade.cli.explanation_text import explanation_text
from custgrade.cli.model_command import settings_and_models
from custgrade.cli.progress import Progress
from custgrade.cli.report import read_lines, shown
from custgrade.cli.sources import source_rows
from custgrade.errors import ConfigurationError
from custgrade.explaining.explanations import Explainer, Explanations
from custgrade.grading.answers import write_per_customer
from custgrade.grading.reading import reading
from custgrade.ingest.rows.bad_rows_report import bad_rows_report
from custgrade.model.override_file import read_overrides
from custgrade.model.stream import GradedStream


def run(options: argparse.Namespace) -> int:
    """Explain one customer, write the explanations of all, or both; return the exit status."""
    wanted, (model,) = settings_and_models(options)
    if wanted.identity is None and wanted.out is None:
        raise ConfigurationError("no customer is chosen: give --id ID for one customer, --out FILE for all, or both")
    overrides = read_overrides(wanted.overrides) if wanted.overrides else None
    text, notes = "", []
    with (
        Progress() as progress,
        bad_rows_report(wanted.bad_rows) as report,
        reading(source_rows(wanted, [model.scorer], report), model.scorer.inputs, False, progress) as found,
    ):
        stream = GradedStream.of(model, found.loaded.base, any_period=wanted.any_period)
        if overrides is not None:
            stream = stream.with_overrides(overrides, wanted.on, found.loaded.positions)
        explainer = Explainer.of(stream, wanted.reference)
        if wanted.identity is not None:
            one = explainer.explain_one(found.loaded.position_of(wanted.identity), wanted.identity)
            text = explanation_text(one, 0, one.graded.overrides)
        if wanted.out:
            write_per_customer(found, stream, wanted.out, explainer.explain, Explanations.answer_columns, len, progress)
        if not text:
            notes = shown(stream.override_notes())
    if text:
        print(text, end="\n\n")
    written = [f"wrote {path}" for path in (wanted.out, wanted.bad_rows) if path]
    print("\n".join([*written, *notes, *read_lines(found.loaded.base)]))
    return 0
