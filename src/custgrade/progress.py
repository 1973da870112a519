"""Progress callbacks."""

from __future__ import annotations

from collections.abc import Callable

OnProgress = Callable[[str, Callable[[], tuple[int, int]]], None]
"""A callback for each stage of long work.

Its arguments are a description of the stage, and a function that returns the number of customers done and the number of
all customers (0 if unknown). Any thread may call that function at any time.
"""


def no_progress(what: str, how_far: Callable[[], tuple[int, int]]) -> None:
    """Report no progress."""
