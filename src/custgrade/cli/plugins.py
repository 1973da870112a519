"""`custgrade plugins`: every plug-in, what it provides, and what is wrong with it."""

from __future__ import annotations

import argparse

from custgrade.cli.report import aligned
from custgrade.registry.registry import Kind, default_registry


def run(options: argparse.Namespace) -> int:
    """Print the plug-ins and the names that several of them claim."""
    registry = default_registry()
    if not registry.plugins:
        print("no plug-ins are installed")
        return 0
    rows = [["plug-in", "distribution", "version", "provides"]]
    for plugin in registry.plugins:
        provided = [
            *(f"scorer {name}" for name in sorted(plugin.scorers)),
            *(f"policy {name}" for name in sorted(plugin.policies)),
            *(f"field {field.name}" for field in plugin.fields),
        ]
        found = plugin.found
        told = f"FAULT: {' '.join(plugin.fault.split())}" if plugin.fault else ", ".join(provided)
        rows.append([found.name, found.distribution or "–", found.version or "–", told])
    print(aligned(rows, text_columns=4))
    words: dict[Kind, str] = {"scorers": "scorer", "policies": "policy"}
    for kind, word in words.items():
        for name, claimants in registry.providers(kind).items():
            if len(claimants) > 1:
                print(f"CONFLICT: {word} {name!r} is provided by {' and by '.join(c.who for c in claimants)}")
    for name, claimants in registry.disputed_fields.items():
        print(f"CONFLICT: field {name!r} is defined differently by {' and by '.join(c.who for c in claimants)}")
    return 0
