"""The ids of customers who were forgotten: their events remain, for the budgets, and name nobody."""

from __future__ import annotations

import re

_FORGOTTEN = re.compile(r"\(forgotten [0-9]+\)")


def is_forgotten(identity: str) -> bool:
    """Return whether an id stands for a customer who was forgotten."""
    return _FORGOTTEN.fullmatch(identity) is not None


def forgotten_id(number: int) -> str:
    """Return the id that stands for a customer who was forgotten."""
    return f"(forgotten {number})"
