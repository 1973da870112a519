"""`custgrade plugins`: a table of the installed plug-ins, what they provide, and their faults."""

from __future__ import annotations

import argparse

from custgrade.cli.report import aligned, printable
from custgrade.registry.registry import Kind, default_registry


def run(options: argparse.Namespace) -> int:
    """Print the plug-ins, the names that several of them provide, and entry points in unknown groups.

    Return 1 if there is a fault, a conflict or an entry point in an unknown group, else 0.
    """
    registry = default_registry()
    wrong = [f"NOT READ: {stray}" for stray in registry.strays]
    plugins = registry.plugins_with_policies
    if not plugins:
        print("\n".join(["no plug-ins are installed", *map(printable, wrong)]))
        return 1 if wrong else 0
    rows = [["plug-in", "distribution", "version", "provides"]]
    for plugin in plugins:
        provided = [
            *(f"scorer {name}" for name in sorted(plugin.scorers)),
            *(f"policy {name}" for name in sorted(plugin.policies)),
            *(f"field {field.name}" for field in plugin.fields),
        ]
        if plugin.fault:
            provided.append(f"FAULT: {' '.join(plugin.fault.split())}")
        found = plugin.found
        rows.append([found.name, found.distribution or "–", found.version or "–", ", ".join(provided)])
    print(aligned(rows, text_columns=4))
    words: dict[Kind, str] = {"scorers": "scorer", "policies": "policy"}
    for kind, word in words.items():
        for name, claimants in registry.providers(kind).items():
            if len(claimants) > 1:
                wrong.append(f"CONFLICT: {word} {name!r} is provided by {' and by '.join(c.who for c in claimants)}")
    for name, claimants in registry.disputed_fields.items():
        wrong.append(f"CONFLICT: field {name!r} is defined differently by {' and by '.join(c.who for c in claimants)}")
    for line in wrong:
        print(printable(line))
    return 1 if wrong or any(plugin.fault for plugin in plugins) else 0
