"""Noticing that code reads a clock, draws random numbers, or calls a function of `math` that isn't exactly rounded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

_TIME = """
    time time_ns clock_gettime clock_gettime_ns localtime gmtime ctime asctime strftime monotonic monotonic_ns
    perf_counter perf_counter_ns process_time process_time_ns thread_time thread_time_ns
"""
_CLOCKS = {"time": _TIME.split(), "date": ["today"], "datetime": ["today", "now", "utcnow"]}
_ROOM = frozenset({"custgrade", "numpy", "hypothesis", "pytest", "_pytest", "pluggy", "attr", "attrs"})


class Heard:
    """What was noticed, by the function of the author's that did it."""

    def __init__(self) -> None:
        self.clocks: dict[str, None] = {}
        self.math: dict[str, None] = {}


@contextmanager
def listening() -> Iterator[Heard]:
    """Notice which clocks the author's code reads inside this block, however it imported them."""
    heard = Heard()
    before = sys.getprofile()

    def notice(frame: FrameType, event: str, function: Any) -> None:
        if event not in ("call", "c_call") or not _authors(frame):
            return
        if event == "call":
            for name in _named_clocks(frame.f_code):
                heard.clocks[f"{name} in {frame.f_code.co_qualname}"] = None
            return
        name, owner = function.__name__, getattr(function, "__self__", None)
        whose = getattr(owner, "__name__", "") or getattr(function, "__module__", "") or ""
        kinds = [kind.__name__ for kind in owner.__mro__] if isinstance(owner, type) else [whose.rpartition(".")[2]]
        if any(name in _CLOCKS.get(kind, ()) for kind in kinds):
            heard.clocks[f"{kinds[0]}.{name} in {frame.f_code.co_qualname}"] = None
        if whose == "math":
            heard.math[name] = None

    sys.setprofile(notice)
    try:
        yield heard
    finally:
        sys.setprofile(before)


def _authors(frame: FrameType) -> bool:
    """Whether a frame is of the author's code: neither the standard library's, nor of what runs and tests scorers."""
    top = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return top not in _ROOM and (top == "__main__" or top not in sys.stdlib_module_names)


def _named_clocks(code: CodeType) -> list[str]:
    """Clocks that a function names and that can't be heard when they are called."""
    found = []
    if "datetime64" in code.co_names and {"now", "today"} & {item for item in code.co_consts if isinstance(item, str)}:
        found.append("np.datetime64")
    if "Timestamp" in code.co_names and {"now", "today", "utcnow"} & set(code.co_names):
        found.append("Timestamp.now")
    return found
