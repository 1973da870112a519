"""Scorecards in TOML files, for owners who edit their profile without writing code."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custgrade.cuts.cut import Cut
from custgrade.cuts.shares import Shares
from custgrade.cuts.thresholds import Thresholds
from custgrade.errors import ConfigurationError, CustgradeError, listed
from custgrade.scoring.parts import Percentile
from custgrade.scoring.scorecard import Criterion, Linear, Points, Rating, Scorecard, Steps
from custgrade.toml_files import check_keys, read_toml

_TABLES = ("scorecard", "criteria")
_SCORECARD = ("labels", "thresholds", "shares", "ties", "coverage", "axis")
_KINDS = {"linear": ("worst", "best"), "rating": ("worst", "best"), "steps": ("steps",), "percentile": ("best",)}


def read_scorecard(path: str | os.PathLike[str]) -> Scorecard:
    """Return the scorecard that a TOML file describes.

    `[scorecard]` may hold labels, thresholds or shares (with ties), coverage and axis; each `[criteria.FIELD]` a weight
    and points: `linear` (worst, best), `rating` (worst, best; 1 and 5 by default), `steps` (a list of [at, points]) or
    `percentile` (best: highest or lowest).

    Raises ConfigurationError that names the table and key.
    """
    file = Path(path)
    content = read_toml(file)
    check_keys(content, _TABLES, str(file))
    card, criteria = (_table(content, name, str(file)) for name in _TABLES)
    if not criteria:
        raise ConfigurationError(f"{file} has no criteria; add a table [criteria.profit] for each field that counts")
    where = f"{file}: [scorecard]"
    check_keys(card, _SCORECARD, where)
    try:
        given = {name: card[name] for name in ("labels", "axis") if name in card}
        if "coverage" in card:
            given["coverage"] = card["coverage"]
        return Scorecard(
            [_criterion(name, _table(criteria, name, f"{file}: [criteria]"), str(file)) for name in criteria],
            cut=_cut(card, where),
            **given,
        )
    except ConfigurationError:
        raise
    except (CustgradeError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{where}: {error}") from error


def _cut(card: Mapping[str, Any], where: str) -> Cut:
    if "shares" in card and "thresholds" in card:
        raise ConfigurationError(f"{where} has both thresholds and shares; keep one")
    if "shares" in card:
        return Shares(card["shares"], ties=card.get("ties", "mid"))
    if "ties" in card:
        raise ConfigurationError(f"{where} has ties, which are for shares")
    return Thresholds(card.get("thresholds", (75.0, 50.0, 25.0)))


def _criterion(name: str, table: Mapping[str, Any], file: str) -> Criterion:
    where = f"{file}: [criteria.{name}]"
    kind = table.get("points", "linear")
    if kind not in _KINDS:
        raise ConfigurationError(f"{where}: points is one of {listed(_KINDS)}; received {kind!r}")
    check_keys(table, ("weight", "points", *_KINDS[kind]), where)
    rest = {key: value for key, value in table.items() if key not in ("weight", "points")}
    try:
        points: Points | Percentile
        if kind == "percentile":
            points = Percentile(name, **rest)
        elif kind == "steps":
            points = Steps(dict(rest["steps"]))
        else:
            points = (Linear if kind == "linear" else Rating)(**{key: float(value) for key, value in rest.items()})
        return Criterion(name, points, table.get("weight", 1))
    except KeyError as error:
        raise ConfigurationError(f"{where}: points = {kind!r} needs {error}") from error
    except (CustgradeError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{where}: {error}") from error


def _table(content: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = content.get(name, {})
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: {name!r} is a table, not {value!r}")
    return value
