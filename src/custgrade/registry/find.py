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
            point.dist.metadata["Name"] if point.dist else "",
            point.name,
            point.value,
            point.dist.version if point.dist else "",
            point,
        )
        for point in entry_points(group=GROUP)
    }
    return tuple(sorted(found))
