"""The settings and saved models of the commands that use models: explain, way-up and compare."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from custgrade.cli.chosen_scorer import saved_model
from custgrade.cli.settings import ModelCommandSettings, model_command_settings
from custgrade.errors import ConfigurationError
from custgrade.export.formats import check_outputs
from custgrade.model.grading_model import GradingModel
from custgrade.model.model_file import origin_of, read
from custgrade.registry.check import PLUGIN_NAME


def settings_and_models(options: argparse.Namespace) -> tuple[ModelCommandSettings, list[GradingModel]]:
    """Return the settings of a command that uses saved models, and the models, after checking the output files.

    Raises ConfigurationError, OutputError and what `saved_model` raises.
    """
    wanted = model_command_settings(options)
    check_outputs(wanted.out, wanted.bad_rows)
    return wanted, saved_models(wanted.models, wanted.scorers)


def saved_models(paths: Sequence[str], scorers: Sequence[str]) -> list[GradingModel]:
    """Return saved models.

    scorers: the names of the scorers of models whose scorer isn't a plug-in's, one for all of them or one for each.

    Raises ConfigurationError for another number of scorers, and what `saved_model` raises.
    """
    if len(paths) == 1:
        scorers = [*scorers, *[""] * (1 - len(scorers))]
        return [saved_model(paths[0], scorers[0])]
    own = [path for path in paths if not re.fullmatch(PLUGIN_NAME, origin_of(read(path)).name)]
    if scorers and len(scorers) not in (1, len(own)):
        raise ConfigurationError(
            f"--scorer is given {len(scorers)} times, but {len(own)} models have a scorer that isn't a plug-in's; give "
            "it once for all of them, or once for each"
        )
    named = dict(zip(own, scorers if len(scorers) == len(own) else [*scorers] * len(own), strict=False))
    return [saved_model(path, named.get(path)) for path in paths]
