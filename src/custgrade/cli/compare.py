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
from custgrade.export.results import write_results


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
        base = load(wanted).base
        before = None if earlier is None else load(earlier).base
        progress("comparing")
        other = models[0] if len(models) > 1 else None
        comparison = compare(models[-1], base, model_before=other, base_before=before, any_period=wanted.any_period)
        if wanted.out:
            progress("writing")
            write_results(wanted.out, comparison.columns())
    print(comparison_text(comparison))
    written = [f"wrote {wanted.out}"] if wanted.out else []
    read = [*read_lines(base), *(read_lines(before, "before: ") if before is not None else ())]
    print("\n".join(["", *written, *read]))
    return 0
