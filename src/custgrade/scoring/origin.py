"""The origin of a scorer: the scheme and the parameters that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import read_only


def _parameters(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return parameters with all tables, at any depth, read-only and picklable."""
    return read_only({key: _parameters(item) if isinstance(item, Mapping) else item for key, item in value.items()})


@frozen
class Origin:
    """The scheme and the parameters that a scorer was made from, so that loading a saved model can make it again.

    name: the scheme's name, or `module:function`. parameters: all parameters as plain data, defaults included.
    distribution, version: the plug-in's distribution and its version; empty for a scheme that isn't packaged.
    """

    name: str
    parameters: Mapping[str, Any] = field(factory=dict, converter=_parameters)
    distribution: str = ""
    version: str = ""

    @property
    def who(self) -> str:
        """The distribution and its version; `your own code` for a scheme that isn't packaged."""
        return f"{self.distribution} {self.version}".strip() or "your own code"
