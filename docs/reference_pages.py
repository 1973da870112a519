"""Shapes the reference: how classes and strategies are made, and `name: meaning` items of docstrings as lists."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import attrs
import griffe

_NAMES = r"[a-z_][a-z0-9_]*(?:, [a-z_][a-z0-9_]*)*"
_ITEM = re.compile(rf"({_NAMES}): (.*)", re.DOTALL)
_NEXT_ITEM = re.compile(rf"(?<=\.)\s(?={_NAMES}: )")


def as_list(paragraph: str) -> str:
    """Return a paragraph with its items `name: meaning` as a Markdown list.

    An item begins at the start of the paragraph or after a full stop.
    """
    result = []
    for sentences in _NEXT_ITEM.split(paragraph):
        item = _ITEM.fullmatch(sentences)
        if item is None:
            result.append(f"{sentences}\n")
        else:
            names = ", ".join(f"`{name}`" for name in item[1].split(", "))
            result.append(f"- {names}: " + item[2].replace("\n", "\n    "))
    return "\n".join(result)


def arguments_of(obj: griffe.Object) -> list[Any] | None:
    """Return the attrs fields that an attrs class is called with; None for anything else."""
    made = (
        getattr(import_module(obj.module.path), obj.name, None) if obj.is_class and obj.parent is obj.module else None
    )
    if not isinstance(made, type) or not attrs.has(made):
        return None
    return [field for field in attrs.fields(made) if field.init]


def how_made(name: str, arguments: list[Any]) -> str:
    """Return how an attrs class is called, as a block of Python."""
    lines = []
    for field in arguments:
        known = field.default is not attrs.NOTHING
        computed = isinstance(field.default, attrs.Factory) or callable(field.default)  # type: ignore[arg-type]
        default = "…" if computed else repr(field.default)
        lines.append(f"    {field.alias}: {field.type}{f' = {default}' if known else ''},\n")
    return f"```python\n{name}(\n{''.join(lines)})\n```\n\n"


class ReferencePages(griffe.Extension):
    """Rewrites docstrings when an object has been read."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring is not None:
            text = "\n\n".join(map(as_list, obj.docstring.value.split("\n\n")))
            arguments = arguments_of(obj)
            for field in arguments or ():
                # the list has the names that the class is called with
                text = text.replace(f"`{field.name}`", f"`{field.alias}`")
            obj.docstring.value = ("" if arguments is None else how_made(obj.name, arguments)) + text

    def on_function_instance(self, *, func: griffe.Function, **_: Any) -> None:
        """Show a composite strategy as it is called: without `draw`, and returning a strategy."""
        if any(decorator.callable_path.endswith("strategies.composite") for decorator in func.decorators):
            del func.parameters[0]
            func.returns = f"st.SearchStrategy[{func.returns}]"
