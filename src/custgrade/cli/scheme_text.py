"""Schemes as text: the list of all of them, and the parameters of one with examples."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from custgrade.cli.report import aligned
from custgrade.registry.registry import Kind, Scheme, default_registry
from custgrade.toml_files import toml_key


@frozen
class _Wording:
    """How a kind of schemes is named, and the commands that use it."""

    word: str
    command: str
    config: str


_WORDINGS: Mapping[Kind, _Wording] = {
    "scorers": _Wording("scorer", "custgrade grade --orders orders.csv --scorer", "custgrade grade"),
    "policies": _Wording(
        "policy", "custgrade plan --model model.json --orders orders.csv --on 2026-01-31 --policy", "custgrade plan"
    ),
}


def scheme_list(kind: Kind, summary: Callable[[Scheme], str]) -> str:
    """Return a table of all schemes of a kind; summary: returns what a scheme does, in one line."""
    registry, word = default_registry(), _WORDINGS[kind].word
    rows = [[word, "distribution", "what it does"]]
    for name, claimants in registry.providers(kind).items():
        if len(claimants) > 1:
            rows.append(
                [name, " and ".join(c.found.distribution for c in claimants), "CONFLICT: see custgrade plugins"]
            )
        else:
            rows.append([name, claimants[0].found.distribution, summary(registry.scheme(name, kind))])
    if len(rows) == 1:
        return f"no plug-in provides a {word}; see custgrade plugins"
    what = f"the parameters of a {word}" if kind == "scorers" else f"a {word} and what each grade gets"
    return aligned(rows, text_columns=3) + f"\n\ncustgrade {kind} NAME shows {what}"


def heading(found: Scheme) -> str:
    """Return the name of a scheme, with its description in one line."""
    return f"{found.name}: {found.summary}" if found.summary else found.name


def parameter_table(found: Scheme) -> str:
    """Return a table of a scheme's parameters; an empty text if it has none."""
    if not found.parameters:
        return ""
    rows = [["parameter", "type", "default", "unit", "what it means"]]
    for parameter in found.parameters:
        default = "(required)" if parameter.required else as_toml(parameter.default)
        setting = parameter.setting
        rows.append([parameter.name, parameter.type_name, default, setting.unit or "–", setting.description])
    return aligned(rows, text_columns=5)


def usage(found: Scheme, kind: Kind) -> str:
    """Return how to use a scheme on the command line and in a configuration file, with its defaults."""
    wording = _WORDINGS[kind]
    shown = {p.name: p.default for p in found.parameters if not p.required and p.default is not None}
    flags = " ".join(f"--param {shlex.quote(f'{name}={as_toml(value)}')}" for name, value in shown.items())
    lines = [
        "on the command line:",
        f"  {wording.command} {shlex.quote(found.name)} {flags}".rstrip(),
        "",
        f"in TOML ({wording.config} --config custgrade.toml):",
        f"  [{wording.word}]",
        f"  name = {as_toml(found.name)}",
    ]
    if shown:
        lines += [f"  [{wording.word}.parameters]", *(f"  {name} = {as_toml(value)}" for name, value in shown.items())]
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
        return "{" + ", ".join(f"{toml_key(str(key))} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False)
