"""Models from the content of their files, exact to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custgrade.cuts.boundary import Boundaries, Boundary, in_order
from custgrade.data.period import Period
from custgrade.data.standard import known_fields
from custgrade.errors import ModelError, ModelFormatError, ScorerError
from custgrade.model.compatibility import another_scorer, other_unit, scorer_in_another_unit
from custgrade.model.file_schema import FORMAT
from custgrade.model.grading_model import GradingModel
from custgrade.model.model_file import origin_of
from custgrade.scoring.axis import Axis
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.text import listed


def from_dict(content: Mapping[str, Any], scorer: TracedScorer, installed: bool = False) -> GradingModel:
    """Return the model with the content of a model file.

    scorer: the scorer that the model was fitted with. installed: whether it comes from the plug-in that the model
    names; a difference is then one of versions.

    Raises ModelFormatError when a part is missing or invalid, ModelScorerError when the scorer isn't the one that the
    model was fitted with, ModelVersionError when it is that scorer in another version, and ModelUnitError when the
    scorer now reads a field in another unit.
    """
    origin, made_by = origin_of(content), content["custgrade"]
    said, data = content["scorer"], content["data"]
    if content["axes"] != scorer.scale.to_dict():
        how = f"the model has axes {content['axes']!r}, the scorer {scorer.scale.to_dict()!r}"
        raise another_scorer(origin, made_by, scorer, installed, how)
    try:
        adapted = scorer.without(said["dropped_fields"])
    except ScorerError as error:
        raise another_scorer(origin, made_by, scorer, installed, str(error)) from error
    try:
        if adapted.fingerprint != said["fingerprint"]:
            raise another_scorer(origin, made_by, scorer, installed)
        if set(content["fields"]) != set(adapted.inputs):
            how = f"the model reads {listed(sorted(content['fields']))}, the scorer {listed(sorted(adapted.inputs))}"
            raise another_scorer(origin, made_by, scorer, installed, how)
        tables = {"learned": content["learned"], "boundaries": content["boundaries"], "data.graded": data["graded"]}
        for (part, table), names in zip(tables.items(), (adapted.learned, adapted.scores, adapted.scores), strict=True):
            if set(table) != set(names):
                raise ModelFormatError(f"the model's {part} has {listed(table)}; its scorer has {listed(names)}")
        period = None
        if data["as_of"] is not None:
            period = Period(data["as_of"], data["period_start"], data["period_end"])
        model = GradingModel(
            scorer=adapted,
            learned={
                name: _read_boundaries(content["learned"][name], len(column.points))
                for name, column in adapted.learned.items()
            },
            boundaries={axis.name: _axis_boundaries(content, adapted, axis) for axis in adapted.axes},
            dropped=tuple(said["dropped_fields"]),
            period=period,
            currency=data["currency"],
            customers=data["customers"],
            graded=data["graded"],
            notices=tuple(content["notices"]),
            units={name: field["unit"] for name, field in content["fields"].items() if field["unit"]},
        )
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelFormatError(f"the model has an invalid part of format {FORMAT}: {error!r}") from error
    other = other_unit(model.units, known_fields(adapted.fields))
    if other:
        raise scorer_in_another_unit(origin, made_by, scorer, *other)
    return model


def _axis_boundaries(content: Mapping[str, Any], scorer: TracedScorer, axis: Axis) -> tuple[Boundaries | None, ...]:
    classes = scorer.scale.parent_classes(axis.name)
    rows = content["boundaries"][axis.name]
    if len(rows) != classes:
        raise ModelFormatError(f"the model has boundaries of axis {axis.name!r} for {len(rows)} classes, not {classes}")
    return tuple(_read_boundaries(row, len(axis.labels)) for row in rows)


def _read_boundaries(value: Any, labels: int) -> Boundaries | None:
    if value is None:
        return None
    boundaries = tuple(Boundary(number, inclusive) for number, inclusive in value)
    if len(boundaries) != labels - 1 or not in_order(boundaries):
        raise ModelFormatError(
            f"the model has boundaries {value}; {labels} classes need {labels - 1} boundaries that never rise"
        )
    return boundaries
