"""`custgrade scorers [NAME]`: a table of the scorers, or the parameters of one with examples."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from custgrade.cli.chosen_scorer import scheme
from custgrade.cli.report import aligned
from custgrade.registry.registry import Scheme, default_registry


def run(options: argparse.Namespace) -> int:
    """Print the list of scorers, or the parameters of one; return the exit status."""
    print(_one(scheme(options.name)) if options.name else _all())
    return 0


def _all() -> str:
    registry = default_registry()
    rows = [["scorer", "distribution", "what it does"]]
    for name, claimants in registry.providers("scorers").items():
        if len(claimants) > 1:
            rows.append(
                [name, " and ".join(c.found.distribution for c in claimants), "CONFLICT: see custgrade plugins"]
            )
        else:
            rows.append([name, claimants[0].found.distribution, registry.scheme(name).summary])
    if len(rows) == 1:
        return "no plug-in provides a scorer; see custgrade plugins"
    return aligned(rows, text_columns=3) + "\n\ncustgrade scorers NAME shows the parameters of a scorer"


def _one(found: Scheme) -> str:
    rows = [["parameter", "type", "default", "unit", "what it means"]]
    for parameter in found.parameters:
        default = "(required)" if parameter.required else as_toml(parameter.default)
        setting = parameter.setting
        rows.append([parameter.name, parameter.type_name, default, setting.unit or "–", setting.description])
    example = {p.name: p.default for p in found.parameters if not p.required}
    shown = {name: value for name, value in example.items() if value is not None}
    flags = " ".join(f"--param {shlex.quote(f'{name}={as_toml(value)}')}" for name, value in shown.items())
    lines = [f"{found.name}: {found.summary}" if found.summary else found.name, ""]
    if found.parameters:
        lines += [aligned(rows, text_columns=5), ""]
    lines += [
        "on the command line:",
        f"  custgrade grade --orders orders.csv --scorer {found.name} {flags}".rstrip(),
        "",
    ]
    lines += ["in TOML (custgrade grade --config custgrade.toml):", "  [scorer]", f"  name = {as_toml(found.name)}"]
    if shown:
        lines += ["  [scorer.parameters]", *(f"  {name} = {as_toml(value)}" for name, value in shown.items())]
    return "\n".join(lines)


def as_toml(value: Any) -> str:
    """Return a parameter's value as TOML, or a dash for None, which TOML lacks."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(key))} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
