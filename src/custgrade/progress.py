"""How long work tells of itself: what is being done, and how far it is."""

from __future__ import annotations

from collections.abc import Callable

OnProgress = Callable[[str, Callable[[], tuple[int, int]]], None]
"""Told of each stage: what is being done, and a function to be called at any time, from any thread, that says how many
customers are through and how many there are (0 where that isn't known)."""


def no_progress(what: str, how_far: Callable[[], tuple[int, int]]) -> None:
    """Tell nobody."""
