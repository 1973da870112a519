"""Loading saved models, with a scorer of a plug-in or a given scorer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from custgrade.errors import CustgradeError, Hint, ModelScorerError
from custgrade.model.grading_model import GradingModel
from custgrade.model.model_file import origin_of, read
from custgrade.model.saved_model import from_dict
from custgrade.model.scorer import Scorer
from custgrade.registry.check import PLUGIN_NAME
from custgrade.registry.registry import Registry, Scheme, default_registry
from custgrade.text import shown


def load_model(
    path: str | os.PathLike[str],
    scorer: Scorer | Callable[..., Scorer] | None = None,
    registry: Registry | None = None,
) -> GradingModel:
    """Return the model saved at `path`.

    scorer: the scorer, or the function that makes it; needed for a model whose scorer isn't from a plug-in. A model
    file can't import any code other than installed plug-ins.

    Raises ModelFormatError or ModelDigestError when the file isn't an unchanged model, ModelScorerError when the
    plug-in is missing or refuses the saved parameters, ModelVersionError when it now grades differently, and
    ModelUnitError when it now reads a field in another unit.
    """
    if scorer is not None and not callable(scorer) and not isinstance(scorer, Scorer):
        raise ModelScorerError(f"scorer must be a Scorer or a function that returns one; received {shown(scorer)}")
    content = read(path)
    origin = origin_of(content)
    if scorer is None and not re.fullmatch(PLUGIN_NAME, origin.name):
        whose = f"{origin.name!r}, which is not a plug-in" if origin.name else "made in Python"
        raise ModelScorerError(
            f"the model's scorer was {whose}.",
            Hint("Pass it: load_model(path, scorer=...).", "Give it: --scorer module:function, or --scorer FILE.toml."),
        )
    try:
        if isinstance(scorer, Scorer):
            made = scorer
        elif scorer is not None:
            made = Scheme(getattr(scorer, "__name__", origin.name), scorer).scorer(**origin.parameters)
        else:
            made = (registry or default_registry()).scorer(origin.name, **origin.parameters)
    except CustgradeError as error:
        raise ModelScorerError(
            f"the model needs scorer {origin.name!r} of {origin.who}, which can't be made here: {error.message}",
            error.hint,
        ) from error
    return from_dict(content, made, installed=scorer is None)
