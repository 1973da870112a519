"""Step one: find plug-ins by their entry points, without importing any."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from attrs import field, frozen

from custgrade.typing_slips import nearest

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
    """Return every installed plug-in once, sorted."""
    found = {
        FoundPlugin(
            _metadata(point, "Name"),
            point.name,
            point.value,
            _metadata(point, "Version"),
            point,
        )
        for point in entry_points(group=GROUP)
    }
    return tuple(sorted(found))


def _metadata(point: EntryPoint, key: str) -> str:
    """Return an entry of the distribution's metadata, empty if it is missing."""
    if point.dist is None or key not in point.dist.metadata:
        return ""
    return str(point.dist.metadata[key])


@frozen(order=True)
class StrayEntryPoint:
    """An entry point in a group with nearly the name `custgrade`, which is therefore never loaded."""

    group: str
    name: str
    distribution: str

    def __str__(self) -> str:
        return (
            f"{self.distribution or 'a folder'} has the entry point {self.name!r} in the group {self.group!r}, which "
            f"custgrade doesn't read; write [project.entry-points.{GROUP}]"
        )


def find_strays() -> tuple[StrayEntryPoint, ...]:
    """Return each entry point once, sorted, whose group begins with `custgrade` or is a misspelling of it."""
    found = {
        StrayEntryPoint(point.group, point.name, _metadata(point, "Name"))
        for group in entry_points().groups
        if group != GROUP and (group.casefold().startswith(GROUP) or nearest(group, [GROUP]))
        for point in entry_points(group=group)
    }
    return tuple(sorted(found))
