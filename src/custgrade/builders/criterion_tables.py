"""Criteria from tables of plain data, as in TOML files and in parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custgrade.errors import ConfigurationError, CustgradeError
from custgrade.scoring.learned import Percentile
from custgrade.scoring.points import Linear, Points, Rating, Steps
from custgrade.scoring.scorecard_score import Criterion
from custgrade.text import listed, shown
from custgrade.toml_files import Where, check_keys

_KINDS = {"linear": ("worst", "best"), "rating": ("worst", "best"), "steps": ("steps",), "percentile": ("best",)}


def _dotted(*table: str, key: str | None = None) -> str:
    return ".".join(table)


def criteria_from(
    tables: Mapping[str, Mapping[str, Any]], where: Where = _dotted, *, name: str = "criteria"
) -> tuple[Criterion, ...]:
    """Return the criteria in tables by field: `{"days_late": {"weight": 2, "worst": 60, "best": 0}}`.

    A table may have `weight` (1 by default) and `points`, each with keys of its own: `linear` (worst, best; the default
    points), `rating` (worst, best; 1 and 5 by default), `steps` (steps: a list of [at, points]) or `percentile` (best:
    highest or lowest).

    where: gives the place of a table, for errors. name: the name of all tables together, for errors.

    Raises ConfigurationError with the field and the key.
    """
    if not isinstance(tables, Mapping):
        raise ConfigurationError(f"{name} must hold one table per field; received {shown(tables)}")
    return tuple(_criterion(field, table, where, name) for field, table in tables.items())


def _criterion(field: str, table: Any, where: Where, name: str) -> Criterion:
    if not isinstance(table, Mapping):
        raise ConfigurationError(f"{where(name, key=field)}: {field!r} must be a table; received {shown(table)}")
    kind = table.get("points", "linear")
    if not isinstance(kind, str) or kind not in _KINDS:
        at = where(name, field, key="points")
        raise ConfigurationError(f"{at}: points is one of {listed(_KINDS)}; received {shown(kind)}")
    check_keys(table, ("weight", "points", *_KINDS[kind]), where, name, field)
    return Criterion(field, _points(field, kind, table, where, name), _weight(field, table, where, name))


def _points(field: str, kind: str, table: Mapping[str, Any], where: Where, name: str) -> Points | Percentile:
    given = {key: table[key] for key in _KINDS[kind] if key in table}
    missing = [key for key in _KINDS[kind] if key not in given]
    if missing and kind in ("linear", "steps"):
        raise ConfigurationError(f"{where(name, field)}: points = {kind!r} needs {listed(map(repr, missing))}")
    for key, value in given.items():
        if key in ("worst", "best") and kind != "percentile" and not _is_number(value):
            raise ConfigurationError(f"{where(name, field, key=key)}: {key} is a number; received {shown(value)}")
    if kind == "steps" and not _are_steps(given["steps"]):
        at = where(name, field, key="steps")
        raise ConfigurationError(
            f"{at}: steps is a list of [at, points], two numbers, with each `at` once; received {shown(given['steps'])}"
        )
    try:
        if kind == "percentile":
            return Percentile(field, **given)
        if kind == "steps":
            return Steps(dict(given["steps"]))
        return (Linear if kind == "linear" else Rating)(**{key: float(value) for key, value in given.items()})
    except (CustgradeError, TypeError, ValueError, OverflowError) as error:
        raise ConfigurationError(f"{where(name, field, key=next(iter(given), None))}: {error}") from error


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e308


def _are_steps(value: Any) -> bool:
    if not isinstance(value, (list, tuple)):
        return False
    good = all(isinstance(pair, (list, tuple)) and len(pair) == 2 and all(map(_is_number, pair)) for pair in value)
    return good and len({pair[0] for pair in value}) == len(value)


def _weight(field: str, table: Mapping[str, Any], where: Where, name: str) -> Any:
    weight = table.get("weight", 1)
    try:
        return Criterion(field, Rating(), weight).weight
    except CustgradeError as error:
        raise ConfigurationError(f"{where(name, field, key='weight')}: {error}") from error
