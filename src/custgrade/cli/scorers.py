"""`custgrade scorers [NAME]`: a table of the scorers, or the parameters of one with examples."""

from __future__ import annotations

import argparse

from custgrade.cli.chosen_scorer import scheme
from custgrade.cli.scheme_text import heading, parameter_table, scheme_list, usage
from custgrade.registry.registry import Scheme


def run(options: argparse.Namespace) -> int:
    """Print the list of scorers, or the parameters of one; return the exit status."""
    print(_one(scheme(options.name)) if options.name else scheme_list("scorers", lambda found: found.summary))
    return 0


def _one(found: Scheme) -> str:
    return "\n\n".join(filter(None, [heading(found), parameter_table(found), usage(found, "scorers")]))
