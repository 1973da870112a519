"""The digest of a policy: which version of it made a plan."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from numbers import Integral
from typing import Any

import attrs

from custgrade.argument_checks import float_of
from custgrade.errors import PolicyError
from custgrade.planning.policy import Policy
from custgrade.text import shown

SHOWN = 12
"""The characters of a digest that events and files carry."""


def policy_digest(policy: Policy) -> str:
    """Return a SHA-256 hex digest of 64 characters of everything that decides about the equality of policies.

    Equal policies have equal digests, in every process; different policies have different ones. Functions count by
    their graphs, numbers by their exact values, and mappings in any order.

    Raises PolicyError if the policy has a value that no part of a policy accepts.
    """
    import hashlib

    return hashlib.sha256(_text(_content(policy)).encode()).hexdigest()


def _content(value: Any) -> Any:
    """Return a part of a policy as plain data, so that different parts give different data."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, tuple):
        return [_content(one) for one in value]
    if isinstance(value, Mapping):
        return {"mapping": sorted(([_content(key), _content(one)] for key, one in value.items()), key=_text)}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if float_of(value) is not None:
        return {"number": _exactly(value)}
    if attrs.has(type(value)):
        compared = {one.name: _compared(value, one) for one in attrs.fields(type(value)) if one.eq}
        return {type(value).__name__: {name: _content(one) for name, one in compared.items()}}
    raise PolicyError(f"a policy has texts, numbers, dates and parts; received {shown(value)}. Make the policy again.")


def _compared(part: Any, attribute: Any) -> Any:
    """Return what the equality of two parts compares of an attribute."""
    value = getattr(part, attribute.name)
    return value if attribute.eq_key is None else attribute.eq_key(value)


def _exactly(number: Any) -> str:
    """Return a number as a fraction: equal numbers, such as 60 and 60.0, give equal texts."""
    top, bottom = (int(number) if isinstance(number, Integral) else number).as_integer_ratio()
    return f"{top}/{bottom}"


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
