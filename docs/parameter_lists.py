"""Shows what docstrings say as `name: meaning`, a line each, as lists in the reference."""

from __future__ import annotations

import re
from typing import Any

import griffe

_NAMED = re.compile(r"^((?:[a-z_][a-z0-9_]*)(?:, [a-z_][a-z0-9_]*)*): (.*)$")


def as_list(paragraph: str) -> str:
    """Return a paragraph of `name: meaning` lines as a Markdown list; any other as it is."""
    lines = paragraph.split("\n")
    if not _NAMED.match(lines[0]):
        return paragraph
    result = []
    for line in lines:
        named = _NAMED.match(line)
        names = ", ".join(f"`{name}`" for name in named[1].split(", ")) if named else ""
        result.append(f"- {names}: {named[2]}" if named else f"    {line}")
    return "\n".join(result)


class ParameterLists(griffe.Extension):
    """Rewrites docstrings when an object has been read."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring is not None:
            obj.docstring.value = "\n\n".join(map(as_list, obj.docstring.value.split("\n\n")))
