"""Step two: import a plug-in's module; an error is recorded and doesn't affect other plug-ins."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from custgrade.registry.find import FoundPlugin


@frozen
class LoadedPlugin:
    """A plug-in with its module, or with the error that importing it raised."""

    found: FoundPlugin
    module: Any = field(default=None, repr=False)
    error: BaseException | None = None


def load(found: FoundPlugin) -> LoadedPlugin:
    """Return the plug-in with its module, or with the error that importing it raised.

    Raises only KeyboardInterrupt and the like.
    """
    try:
        return LoadedPlugin(found, found.entry_point.load())
    except (Exception, SystemExit) as error:
        return LoadedPlugin(found, error=error)
