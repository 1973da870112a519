"""`custgrade events`: recording and showing what was done and answered, in a log."""

from __future__ import annotations

import argparse
from importlib import import_module

_MODULES = {
    "add": "events_add",
    "show": "events_show",
    "due": "events_due",
    "export": "events_files",
    "import": "events_files",
    "void": "events_change",
    "alias": "events_change",
    "forget": "events_change",
    "upgrade": "events_change",
}


def run(options: argparse.Namespace) -> int:
    """Run the chosen command, print what it did, and return the exit status."""
    module = import_module(f"custgrade.cli.{_MODULES[options.events_command]}")
    status: int = getattr(module, options.events_command.replace("import", "import_file"))(options)
    return status
