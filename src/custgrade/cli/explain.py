"""`custgrade explain`: why customers have their grades, by a saved model."""

from __future__ import annotations

import argparse

from custgrade.cli.explanation_text import explanation_text
from custgrade.cli.progress import Progress
from custgrade.cli.questions import asked
from custgrade.cli.report import read_lines, shown
from custgrade.cli.sources import load
from custgrade.errors import ConfigurationError
from custgrade.explaining.explanations import explain
from custgrade.export.results import write_results
from custgrade.ingest.override_file import read_overrides


def run(options: argparse.Namespace) -> int:
    """Explain one customer, write the explanations of all, or both; return the exit status."""
    wanted, (model,) = asked(options)
    if wanted.identity is None and wanted.out is None:
        raise ConfigurationError("whom to explain: give --id ID for one customer, --out FILE for all, or both")
    overrides = read_overrides(wanted.overrides) if wanted.overrides else None
    with Progress() as progress:
        progress("reading")
        loaded = load(wanted)
        progress("explaining")
        explained = explain(model, loaded.base, wanted.reference, any_period=wanted.any_period)
        row = None if wanted.identity is None else loaded.base.position_of(wanted.identity)
        graded = explained.graded if overrides is None else explained.graded.with_overrides(overrides, wanted.on)
        if wanted.out:
            progress("writing")
            write_results(wanted.out, graded.outcomes() | explained.columns() | graded.manual_columns(), loaded)
    if row is not None:
        print(explanation_text(explained, row, graded.overrides))
        print()
    written = [f"wrote {wanted.out}"] if wanted.out else []
    notes = shown(graded.override_notes()) if row is None else []
    print("\n".join([*written, *notes, *read_lines(loaded.base)]))
    return 0
