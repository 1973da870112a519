"""Where a scorer comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import read_only


def _parameters(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Parameters whose tables, at any depth, are read-only and can be pickled."""
    return read_only({key: _parameters(item) if isinstance(item, Mapping) else item for key, item in value.items()})


@frozen
class Origin:
    """Where a scorer comes from, so that a saved model can find it again.

    name: the scheme's name, or `module:function`. parameters: all of them, defaults included, as plain data.
    distribution, version: of the plug-in; empty for a scheme that isn't packaged.
    """

    name: str
    parameters: Mapping[str, Any] = field(factory=dict, converter=_parameters)
    distribution: str = ""
    version: str = ""

    @property
    def who(self) -> str:
        """The distribution and its version, or `your own code`."""
        return f"{self.distribution} {self.version}".strip() or "your own code"
