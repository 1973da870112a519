"""The configuration file: the tables and keys that it may have, and how they become settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custgrade.errors import ConfigurationError
from custgrade.registry.parameters import type_name
from custgrade.text import did_you_mean, listed
from custgrade.toml_files import check_keys, read_toml

_READING: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(["delimiter", "encoding", "sheet", "decimal", "thousands", "date_format", "time_zone"], str),
    "missing": (str, list),
    "only": dict,
    "except": dict,
    **dict.fromkeys(["aliases", "rates", "currency", "cost_sign", "on_bad_rows"], str),
    "as_of": object,
    "since": object,
    "window": (str, int),
    "order_total": bool,
    "assume_margin": (int, float),
}
"""The keys of [source] that say how files are read, by the names of `read_orders`; `except` is its `exclude`."""
_TABLES: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "source": {
        "orders": (str, list),
        "customers": (str, list),
        **_READING,
        "name_column": str,
        "overrides": str,
        "on": object,
    },
    "columns": {},
    "scorer": {"name": str, "parameters": dict},
    "policy": {"name": str, "parameters": dict},
    "plan": {"log": str},
    "model": {"load": str, "save": str},
    "output": {"out": str, "prefix": str},
}

_SCORECARD = " If it is a scorecard, give it as the scorer: --scorer FILE.toml."
_POLICY = " If it is a policy, give it as the policy: --policy FILE.toml."
_OTHER_FILES = {
    **dict.fromkeys(["scorecard", "criteria"], _SCORECARD),
    **dict.fromkeys(["name", "purpose", "treatment"], _POLICY),
}
"""Hints for files of another kind, by a table or key that they have."""


def from_file(path: Path) -> dict[str, Any]:
    """Return the settings of a TOML file, by name; its files are relative to its folder.

    The settings are those of [source], `columns`, `scorer` and its `parameters`, `policy` and its `policy_parameters`,
    `model`, `save_model`, `out` and `prefix`, and the `log` of [plan].

    Raises ConfigurationError for an unknown table or key, and for a value of another type.
    """
    file = read_toml(path)
    content = file.content
    for table, keys in content.items():
        if table in _TABLES and not isinstance(keys, dict):
            raise ConfigurationError(
                f"{file.where(key=table)}: received {table} = {keys!r}, but {table!r} is a table; write [{table}]"
            )
        if table not in _TABLES:
            raise ConfigurationError(
                f"{file.where(key=table)}: there is no table {table!r}.{did_you_mean(table, _TABLES)} "
                f"There are: {listed(_TABLES)}.{_OTHER_FILES.get(table, '')}"
            )
        known = _TABLES[table]
        if known:
            check_keys(keys, known, file.where, table)
        for key, value in keys.items():
            kind = known.get(key, str)
            if not isinstance(value, kind) or (isinstance(value, bool) and kind not in (object, bool)):
                where = file.where(table, key=key)
                expected = " or ".join(map(type_name, kind if isinstance(kind, tuple) else (kind,)))
                raise ConfigurationError(f"{where} {key} is a {expected}; received {value!r}")
    return _flat(content, path.parent)


def _flat(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    def here(name: str) -> str:
        return str(folder / name)

    source = content.get("source", {})
    values = {name: value for name, value in source.items() if name not in _READING}
    for kind in ("orders", "customers"):
        names = values.pop(kind, [])
        names = [names] if isinstance(names, str) else names
        if not all(isinstance(name, str) for name in names):
            raise ConfigurationError(f"[source] {kind} is a file name or a list of them; received {names!r}")
        if names:
            values[kind] = [name if name == "-" else here(name) for name in names]
    if "overrides" in values:
        values["overrides"] = here(values["overrides"])
    reading = {name.replace("except", "exclude"): source[name] for name in _READING if name in source}
    values["reading"] = {**reading, **{name: here(reading[name]) for name in ("aliases", "rates") if name in reading}}
    values["columns"] = content.get("columns", {})
    scorer, model, output = (content.get(name, {}) for name in ("scorer", "model", "output"))
    for kind, table in (("scorer", scorer), ("policy", content.get("policy", {}))):
        if "name" in table:
            values[kind] = here(table["name"]) if table["name"].lower().endswith(".toml") else table["name"]
    values["parameters"] = scorer.get("parameters", {})
    if "policy" in content:
        values["policy_parameters"] = content["policy"].get("parameters", {})
    for name, value in (("model", model.get("load")), ("save_model", model.get("save")), ("out", output.get("out"))):
        if value is not None:
            values[name] = here(value)
    log = content.get("plan", {}).get("log")
    if log is not None:
        values["log"] = log if "://" in log else here(log)
    if "prefix" in output:
        values["prefix"] = output["prefix"]
    return values
