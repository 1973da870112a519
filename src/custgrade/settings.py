"""Descriptions of schemes' parameters."""

from __future__ import annotations

from attrs import frozen


@frozen
class Setting:
    """The description of a parameter: `by: Annotated[str, Setting("the field to rank by", unit="a field")] = "profit"`.

    description: what the parameter means. unit: the unit or the kind of its values.
    """

    description: str
    unit: str = ""
