"""Noticing what the author's code calls: clocks, files, the environment, other frames, and inexact functions."""

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
_DOORS = {
    **dict.fromkeys(("open", "open_code", "FileIO", "stat", "lstat", "listdir", "scandir"), "a file"),
    **dict.fromkeys(("_Environ.__getitem__", "getenv"), "the environment"),
    **dict.fromkeys(("_getframe", "_getframemodulename"), "other functions' frames"),
    **dict.fromkeys(("get_objects", "get_referrers"), "all objects in memory"),
}
_DOOR_OWNERS = frozenset({"io", "_io", "os", "posix", "nt", "sys", "gc"})
_LOADERS = frozenset({"linecache", "warnings", "collections", "enum", "dataclasses", "typing"})
_ROOM = frozenset({"custgrade", "numpy", "hypothesis", "pytest", "_pytest", "pluggy", "attr", "attrs", "coverage"})


class Heard:
    """What was noticed: clocks and doors by the function of the author's that used them, and functions of `math`."""

    def __init__(self) -> None:
        self.clocks: dict[str, None] = {}
        self.doors: dict[str, None] = {}
        self.math: dict[str, None] = {}


@contextmanager
def listening() -> Iterator[Heard]:
    """Notice what the author's code calls inside this block, however it imported it."""
    heard = Heard()
    before = sys.getprofile()

    def notice(frame: FrameType, event: str, function: Any) -> None:
        if event == "call":
            if _authors(frame):
                for name in _named_clocks(frame.f_code):
                    heard.clocks[f"{name} in {frame.f_code.co_qualname}"] = None
            elif frame.f_code.co_qualname in _DOORS and frame.f_back is not None:
                _notice_door(heard, frame.f_code.co_qualname, frame.f_globals.get("__name__"), frame.f_back)
        elif event == "c_call":
            name = function.__name__
            if name in _DOORS:
                _notice_door(heard, name, getattr(function, "__module__", None), frame)
            elif _authors(frame):
                _notice_function(heard, name, function, frame)

    sys.setprofile(notice)
    try:
        yield heard
    finally:
        sys.setprofile(before)


def _notice_function(heard: Heard, name: str, function: Any, frame: FrameType) -> None:
    owner = getattr(function, "__self__", None)
    whose = getattr(owner, "__name__", "") or getattr(function, "__module__", "") or ""
    kinds = [kind.__name__ for kind in owner.__mro__] if isinstance(owner, type) else [whose.rpartition(".")[2]]
    if any(name in _CLOCKS.get(kind, ()) for kind in kinds):
        heard.clocks[f"{kinds[0]}.{name} in {frame.f_code.co_qualname}"] = None
    if whose == "math":
        heard.math[name] = None


def _notice_door(heard: Heard, name: str, module: object, frame: FrameType) -> None:
    """Note a way to data beside the columns, if it is the author's code that takes it, itself or by the library."""
    if str(module) not in _DOOR_OWNERS:
        return
    asking: FrameType | None = frame
    while asking is not None and not _authors(asking):
        module_name = str(asking.f_globals.get("__name__", ""))
        if _top(asking) in {*_ROOM, "importlib"} or module_name in _LOADERS:
            return
        asking = asking.f_back
    if asking is not None:
        heard.doors[f"{_DOORS[name]} in {asking.f_code.co_qualname}"] = None


def _authors(frame: FrameType) -> bool:
    """Whether a frame is of the author's code: neither the standard library's, nor of what runs and tests scorers."""
    top = _top(frame)
    return top not in _ROOM and (top == "__main__" or top not in sys.stdlib_module_names)


def _top(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _named_clocks(code: CodeType) -> list[str]:
    """Clocks that a function names and that can't be heard when they are called."""
    found = []
    if "datetime64" in code.co_names and {"now", "today"} & {item for item in code.co_consts if isinstance(item, str)}:
        found.append("np.datetime64")
    if "Timestamp" in code.co_names and {"now", "today", "utcnow"} & set(code.co_names):
        found.append("Timestamp.now")
    return found
