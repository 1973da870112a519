"""What is asked of saved models, and the answers that are written."""

from __future__ import annotations

import argparse

from custgrade.cli.chosen_scorer import saved_model
from custgrade.cli.settings import QuestionSettings, questions
from custgrade.export.write import check_format
from custgrade.files import check_writable
from custgrade.model.grading_model import GradingModel


def asked(options: argparse.Namespace) -> tuple[QuestionSettings, list[GradingModel]]:
    """Return what is asked, and the models it is asked of, after making sure that the answer can be written.

    Raises ConfigurationError, OutputError and what `saved_model` raises.
    """
    wanted = questions(options)
    if wanted.out:
        check_format(wanted.out)
        check_writable(wanted.out)
    return wanted, [saved_model(path, wanted.scorer) for path in wanted.models]
