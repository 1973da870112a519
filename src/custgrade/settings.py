"""What a scheme's parameter means, in words."""

from __future__ import annotations

from attrs import frozen


@frozen
class Setting:
    """What a parameter means: `by: Annotated[str, Setting("the field to rank by", unit="a field")] = "profit"`."""

    description: str
    unit: str = ""
