"""Step two: import a plug-in's module; whatever goes wrong is noted and stops nobody else."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from custgrade.registry.find import FoundPlugin


@frozen
class LoadedPlugin:
    """A found plug-in with its module, or with the error that importing it raised."""

    found: FoundPlugin
    module: Any = field(default=None, repr=False)
    error: BaseException | None = None


def load(found: FoundPlugin) -> LoadedPlugin:
    """Import the plug-in; never raises, except for what ends the program from outside."""
    try:
        return LoadedPlugin(found, found.entry_point.load())
    except (Exception, SystemExit) as error:
        return LoadedPlugin(found, error=error)
