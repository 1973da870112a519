"""Step one: find plug-ins by their entry points, without importing any."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from attrs import field, frozen

GROUP = "custgrade"


@frozen(order=True)
class FoundPlugin:
    """An entry point of the group `custgrade`: the distribution that declares it, its name and its module."""

    distribution: str
    name: str
    value: str
    version: str
    entry_point: EntryPoint = field(eq=False, order=False, repr=False)


def find() -> tuple[FoundPlugin, ...]:
    """Return every plug-in that is installed, sorted, each once."""
    found = {
        FoundPlugin(
            _said(point, "Name"),
            point.name,
            point.value,
            _said(point, "Version"),
            point,
        )
        for point in entry_points(group=GROUP)
    }
    return tuple(sorted(found))


def _said(point: EntryPoint, key: str) -> str:
    """What the distribution's metadata say; empty where they are missing or broken."""
    if point.dist is None or key not in point.dist.metadata:
        return ""
    return str(point.dist.metadata[key])
