"""Checks that a scorer and a base fit a model, and the errors where they don't."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.missing import missing_fields
from custgrade.data.period import Period
from custgrade.data.standard import adds_up, known_fields
from custgrade.errors import (
    Hint,
    ModelCurrencyError,
    ModelFieldError,
    ModelPeriodError,
    ModelScorerError,
    ModelUnitError,
    ModelVersionError,
    ParameterError,
)
from custgrade.model.fitted_scorer import FittedScorer
from custgrade.scoring.origin import Origin
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.text import counted, listed
from custgrade.version import version

_TOLERATED = 8
"""Periods may differ by an eighth of the model's: years of 365 and 366 days, months of 28 and 31 days."""


def definitions(scorer: TracedScorer, base: CustomerBase) -> dict[str, Field]:
    """Return the fields that the scorer or the base defines; where both do, the scorer's definition counts."""
    return {**base.fields, **known_fields(scorer.fields)}


def other_unit(units: Mapping[str, str], fields: Mapping[str, Field]) -> tuple[str, str, str] | None:
    """Return the first field whose two units differ, with both units, or None; an unknown unit fits any other."""
    for name, unit in units.items():
        other = fields[name].unit if name in fields else ""
        if unit and other and unit != other:
            return name, unit, other
    return None


def check_compatible(model: FittedScorer, base: CustomerBase, any_period: bool) -> None:
    """Raise an error unless a base has the model's fields in its units, its currency and its length of period.

    any_period: whether the base may cover a period of another length.

    Raises ModelFieldError, ModelUnitError, ModelCurrencyError or ModelPeriodError.
    """
    if not isinstance(any_period, bool):
        raise ParameterError(f"any_period must be True or False; received {any_period!r}")
    missing = [name for name in model.scorer.inputs if name not in base.columns]
    if missing:
        hint = "The model needs it: map its column, join the file that has it, or fit again."
        raise ModelFieldError(missing_fields(missing, base.view, further=base.unmapped).message, Hint.alike(hint))
    other = other_unit(model.units, base.fields)
    if other:
        name, unit, found = other
        raise ModelUnitError(
            f"the model was fitted on {name!r} in {unit}; the data has it in {found}. Convert the column, or fit again."
        )
    if base.currency and model.currency and base.currency != model.currency:
        raise ModelCurrencyError(
            f"the model was fitted on money in {model.currency}; the data is in {base.currency}. "
            "Convert the amounts, or fit again."
        )
    if not any_period:
        _refuse_another_period(model, base)


def _refuse_another_period(model: FittedScorer, base: CustomerBase) -> None:
    fitted, found = model.period, base.period
    if fitted is None or found is None or abs(fitted.days - found.days) * _TOLERATED <= fitted.days:
        return
    summed = _summed(model.scorer, definitions(model.scorer, base))
    if summed:
        length = f"{fitted.days}d"
        raise ModelPeriodError(
            f"the model was fitted on {_length_and_dates(fitted)}; the data covers {_length_and_dates(found)}. The "
            f"model reads fields that add up over the period: {listed(summed)}.",
            _same_length(length),
        )


def _same_length(length: str) -> Hint:
    how = "Read a period of the same length ({}), fit again, or accept any length: {}."
    return Hint(how.format(f"window={length!r}", "any_period=True"), how.format(f"--window {length}", "--any-period"))


def _summed(scorer: TracedScorer, fields: Mapping[str, Field]) -> list[str]:
    """Return the fields that decide a grade and add up over the period; parts of quotients don't count."""
    read = {name for score in (*scorer.scores.values(), *scorer.conditions) for name in scorer.fields_read(score)}
    return [name for name in scorer.inputs if name in read and name in fields and adds_up(fields[name])]


def _length_and_dates(period: Period) -> str:
    return f"{counted(period.days, 'days')}, {period.start} to {period.end}"


def another_scorer(
    origin: Origin, made_by: str, scorer: TracedScorer, installed: bool, how: str = ""
) -> ModelScorerError:
    """Return the error for a scorer that isn't the one that a model was fitted with.

    origin, made_by: where the model's scorer came from, and the version of custgrade that wrote the model.
    installed: whether `scorer` comes from the plug-in that the model names. how: the difference, where it is known.
    """
    fitted, how = _versions(origin, made_by), f": {how}" if how else ""
    if not installed:
        return ModelScorerError(
            f"the scorer that was given grades differently from the one that this model was fitted with, "
            f"{origin.name or 'made in Python'!r} of {fitted}{how}. Give that scorer, or fit again."
        )
    now = _now(scorer)
    found = "installed is the same version, with other code" if now == fitted else f"installed is {now}"
    return ModelVersionError(
        f"scorer {origin.name!r} grades differently now: the model was fitted with {fitted}; {found}{how}. "
        "Install what the model was fitted with, or fit again."
    )


def scorer_in_another_unit(
    origin: Origin, made_by: str, scorer: TracedScorer, name: str, unit: str, now: str
) -> ModelUnitError:
    """Return the error for a scorer that reads a field in another unit than a model was fitted on."""
    return ModelUnitError(
        f"the model was fitted on {name!r} in {unit}, with {_versions(origin, made_by)}; the scorer of {_now(scorer)} "
        f"reads it in {now}. Install what the model was fitted with, or fit again."
    )


def _now(scorer: TracedScorer) -> str:
    return _versions(scorer.origin or Origin(""), version())


def _versions(origin: Origin, custgrade: str) -> str:
    """Return the distribution and version of a scorer, and the version of custgrade, which affects grades too."""
    return origin.who if origin.distribution == "custgrade" else f"{origin.who} and custgrade {custgrade}"
