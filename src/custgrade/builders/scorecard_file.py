"""Scorecards in TOML files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from custgrade.builders.criterion_tables import criteria_from
from custgrade.builders.scorecard import Scorecard
from custgrade.cuts.cut import Cut
from custgrade.cuts.exact import exact_share
from custgrade.cuts.shares import Shares
from custgrade.cuts.thresholds import Thresholds
from custgrade.data.scale import ScaleAxis
from custgrade.errors import ConfigurationError, CustgradeError
from custgrade.files import checked_path
from custgrade.text import shown
from custgrade.toml_files import TomlFile, check_keys, read_toml

_TABLES = ("scorecard", "criteria")
_SCORECARD = ("labels", "thresholds", "shares", "ties", "coverage", "axis")


def read_scorecard(path: str | os.PathLike[str]) -> Scorecard:
    """Return the scorecard in a TOML file.

    The table `[scorecard]` may have labels, thresholds or shares (with ties), coverage and axis. Each table
    `[criteria.FIELD]` may have a weight and points, as in `criteria_from`.

    Raises ConfigurationError with the file, the line, the table and the key.
    """
    file = read_toml(checked_path(path, "the scorecard", ConfigurationError))
    check_keys(file.content, _TABLES, file.where)
    card, criteria = (_table(file, name) for name in _TABLES)
    if not criteria:
        raise ConfigurationError(f"{path} has no criteria; add a table such as [criteria.profit] for each field")
    check_keys(card, _SCORECARD, file.where, "scorecard")
    rows = criteria_from(criteria, file.where)
    given = {name: card[name] for name in ("labels", "axis", "coverage") if name in card}
    checks: dict[str, Callable[[Any], object]] = {
        "labels": _checked_labels,
        "axis": lambda axis: ScaleAxis(axis, "AB"),
        "ties": lambda ties: Shares([1], ties=ties),
        "coverage": exact_share,
    }
    for key, check in checks.items():
        if key in card:
            _blamed(file, key, check, card[key])
    cut = _cut(card, file)
    scorecard: Scorecard = _blamed(file, None, lambda: Scorecard(rows, cut=cut, **given))
    # making the scorer checks keys against each other, for example labels against thresholds
    _blamed(file, next((name for name in ("labels", "thresholds", "shares") if name in card), None), scorecard.scorer)
    return scorecard


def _checked_labels(labels: Any) -> ScaleAxis:
    if not isinstance(labels, (str, list)):
        raise ConfigurationError(f"labels are a list of texts, best first; received {shown(labels)}")
    return ScaleAxis("grade", labels)


def _cut(card: Mapping[str, Any], file: TomlFile) -> Cut:
    if "shares" in card and "thresholds" in card:
        where = file.where("scorecard", key="thresholds")
        raise ConfigurationError(f"{where} has both thresholds and shares; remove one of them")
    if "shares" in card:
        cut: Cut = _blamed(file, "shares", lambda: Shares(card["shares"], ties=card.get("ties", "mid")))
        return cut
    if "ties" in card:
        raise ConfigurationError(
            f"{file.where('scorecard', key='ties')} has ties without shares; remove one or add the other"
        )
    thresholds: Cut = _blamed(file, "thresholds", Thresholds, card.get("thresholds", (75.0, 50.0, 25.0)))
    return thresholds


def _blamed(file: TomlFile, key: str | None, function: Any, *inputs: Any) -> Any:
    """Return the result of a function; its errors get the place of a key of the table `[scorecard]`."""
    try:
        return function(*inputs)
    except (CustgradeError, TypeError, ValueError, OverflowError) as error:
        raise ConfigurationError(f"{file.where('scorecard', key=key)}: {error}") from error


def _table(file: TomlFile, name: str) -> Mapping[str, Any]:
    value = file.content.get(name, {})
    if not isinstance(value, dict):
        raise ConfigurationError(f"{file.where(key=name)}: {name!r} must be a table; received {shown(value)}")
    return value
