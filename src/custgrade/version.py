"""The version of the installed distribution."""

from __future__ import annotations

from functools import cache


@cache
def version() -> str:
    """Return custgrade's version; `unknown` if custgrade isn't installed."""
    from importlib.metadata import PackageNotFoundError, version as installed

    try:
        return installed("custgrade")
    except PackageNotFoundError:
        return "unknown"
