"""What is asked of saved models, and the answers that are written."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from custgrade.cli.chosen_scorer import saved_model
from custgrade.cli.settings import QuestionSettings, questions
from custgrade.errors import ConfigurationError
from custgrade.export.formats import check_format
from custgrade.files import check_writable
from custgrade.model.grading_model import GradingModel
from custgrade.model.model_file import origin_of, read
from custgrade.registry.check import PLUGIN_NAME


def asked(options: argparse.Namespace) -> tuple[QuestionSettings, list[GradingModel]]:
    """Return what is asked, and the models it is asked of, after making sure that the answer can be written.

    Raises ConfigurationError, OutputError and what `saved_model` raises.
    """
    wanted = questions(options)
    if wanted.out:
        check_format(wanted.out)
        check_writable(wanted.out)
    if wanted.bad_rows:
        check_writable(wanted.bad_rows)
    return wanted, saved_models(wanted.models, wanted.scorers)


def saved_models(paths: Sequence[str], scorers: Sequence[str]) -> list[GradingModel]:
    """Return saved models; scorers: of those whose scheme isn't a plug-in, one for all of them or one each.

    Raises ConfigurationError for another number of scorers, and what `saved_model` raises.
    """
    if len(paths) == 1:
        scorers = [*scorers, *[""] * (1 - len(scorers))]
        return [saved_model(paths[0], scorers[0])]
    own = [path for path in paths if not re.fullmatch(PLUGIN_NAME, origin_of(read(path)).name)]
    if scorers and len(scorers) not in (1, len(own)):
        raise ConfigurationError(f"--scorer is given {len(scorers)} times, for {len(own)} models that are no plug-in's")
    named = dict(zip(own, scorers if len(scorers) == len(own) else [*scorers] * len(own), strict=False))
    return [saved_model(path, named.get(path)) for path in paths]
