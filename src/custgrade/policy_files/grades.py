"""The grades of a policy file."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.scale import GradeScale, ScaleAxis
from custgrade.errors import ConfigurationError, CustgradeError
from custgrade.policy_files.table import Table
from custgrade.text import did_you_mean, listed, shown
from custgrade.toml_files import toml_key

_AXES = 'axes = {revenue = ["Large", "Medium", "Small"], profitability = ["High", "Mid", "Low"]}'


def grades_of(top: Table) -> GradeScale:
    """Return the grades of a policy file: `axes`, or `grades`, or else the treatments in the order of their tables.

    Raises ConfigurationError with the place; also if a grade has no treatment, or a treatment no grade.
    """
    if "axes" in top and "grades" in top:
        raise top.error("both axes and grades are given; remove one of them", "axes")
    treated = top.named("treatment")
    key = next((name for name in ("axes", "grades") if name in top), None)
    if key is None and any("/" in grade for grade in treated):
        first = next(grade for grade in treated if "/" in grade)
        raise treated[first].error(
            f"a grade with a / is a combination of axes; state them before the first table: {_AXES}"
        )
    try:
        scale = _axes(top) if key == "axes" else _one_axis(top, list(treated))
    except ConfigurationError:
        raise
    except CustgradeError as error:
        raise top.error(str(error), key) from error
    for grade, table in treated.items():
        if grade not in scale.grades:
            guess = did_you_mean(grade, scale.grades)
            raise table.error(f"{grade!r} isn't among the grades: {listed(scale.grades)}.{guess}")
    missing = [grade for grade in scale.grades if grade not in treated]
    if missing:
        raise top.error(
            f"there is no treatment for {listed(missing)}; add a table for each, such as "
            f"[treatment.{toml_key(missing[0])}]",
            key,
        )
    return scale


def _one_axis(top: Table, treated: list[str]) -> GradeScale:
    given = top.content.get("grades", treated)
    if not isinstance(given, (str, list)):
        raise top.error(
            f'grades must be a list of texts, best first, such as ["A", "B"]; received {shown(given)}', "grades"
        )
    return GradeScale([ScaleAxis("grade", given)])


def _axes(top: Table) -> GradeScale:
    axes, found = top.sub("axes"), []
    for name, given in axes.content.items():
        labels, within = given, None
        if isinstance(given, Mapping):
            table = axes.sub(name)
            odd = [key for key in given if key not in ("labels", "within")]
            if odd or "labels" not in given:
                raise table.error(f"an axis has labels, and may be within another one; received {shown(dict(given))}")
            labels, within = given["labels"], given.get("within")
        if not isinstance(labels, (str, list)):
            raise axes.error(
                f"{name} must be a list of labels, best first, as in {_AXES}; received {shown(labels)}", name
            )
        found.append(ScaleAxis(name, labels, within))
    return GradeScale(found)
