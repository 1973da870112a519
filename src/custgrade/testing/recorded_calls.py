"""Recording the author's calls of clocks, files, the environment, other frames, and functions of `math`."""

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
_OUTSIDE_READS = {
    **dict.fromkeys(("open", "open_code", "FileIO", "stat", "lstat", "listdir", "scandir"), "a file"),
    **dict.fromkeys(("_Environ.__getitem__", "getenv"), "the environment"),
    **dict.fromkeys(("_getframe", "_getframemodulename"), "other functions' frames"),
    **dict.fromkeys(("get_objects", "get_referrers"), "all objects in memory"),
}
_OUTSIDE_MODULES = frozenset({"io", "_io", "os", "posix", "nt", "sys", "gc"})
_LOADERS = frozenset({"linecache", "warnings", "collections", "enum", "dataclasses", "typing"})
_NOT_THE_AUTHORS = frozenset(
    {"custgrade", "numpy", "hypothesis", "pytest", "_pytest", "pluggy", "attr", "attrs", "coverage"}
)


class RecordedCalls:
    """The recorded calls: clocks and outside reads, with the author's function that called them, and `math`."""

    def __init__(self) -> None:
        self.clocks: dict[str, None] = {}
        self.outside_reads: dict[str, None] = {}
        self.math: dict[str, None] = {}


@contextmanager
def recorded_calls() -> Iterator[RecordedCalls]:
    """Record the calls of the author's code inside a `with` block, however the functions were imported."""
    calls = RecordedCalls()
    before = sys.getprofile()

    def record(frame: FrameType, event: str, function: Any) -> None:
        if event == "call":
            if _is_the_authors(frame):
                for name in _named_clocks(frame.f_code):
                    calls.clocks[f"{name} in {frame.f_code.co_qualname}"] = None
            elif frame.f_code.co_qualname in _OUTSIDE_READS and frame.f_back is not None:
                _record_outside_read(calls, frame.f_code.co_qualname, frame.f_globals.get("__name__"), frame.f_back)
        elif event == "c_call":
            name = function.__name__
            if name in _OUTSIDE_READS:
                _record_outside_read(calls, name, getattr(function, "__module__", None), frame)
            elif _is_the_authors(frame):
                _record_function(calls, name, function, frame)

    sys.setprofile(record)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def _record_function(calls: RecordedCalls, name: str, function: Any, frame: FrameType) -> None:
    owner = getattr(function, "__self__", None)
    whose = getattr(owner, "__name__", "") or getattr(function, "__module__", "") or ""
    kinds = [kind.__name__ for kind in owner.__mro__] if isinstance(owner, type) else [whose.rpartition(".")[2]]
    if any(name in _CLOCKS.get(kind, ()) for kind in kinds):
        calls.clocks[f"{kinds[0]}.{name} in {frame.f_code.co_qualname}"] = None
    if whose == "math":
        calls.math[name] = None


def _record_outside_read(calls: RecordedCalls, name: str, module: object, frame: FrameType) -> None:
    """Record a read of data outside the columns if the author's code makes it, directly or through a library."""
    if str(module) not in _OUTSIDE_MODULES:
        return
    caller: FrameType | None = frame
    while caller is not None and not _is_the_authors(caller):
        module_name = str(caller.f_globals.get("__name__", ""))
        if _top(caller) in {*_NOT_THE_AUTHORS, "importlib"} or module_name in _LOADERS:
            return
        caller = caller.f_back
    if caller is not None:
        calls.outside_reads[f"{_OUTSIDE_READS[name]} in {caller.f_code.co_qualname}"] = None


def _is_the_authors(frame: FrameType) -> bool:
    """Return whether a frame is of the author's code, neither of the standard library nor of a package that runs it."""
    top = _top(frame)
    return top not in _NOT_THE_AUTHORS and (top == "__main__" or top not in sys.stdlib_module_names)


def _top(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _named_clocks(code: CodeType) -> list[str]:
    """Return the clocks that a function names and whose calls can't be recorded."""
    found = []
    if "datetime64" in code.co_names and {"now", "today"} & {item for item in code.co_consts if isinstance(item, str)}:
        found.append("np.datetime64")
    if "Timestamp" in code.co_names and {"now", "today", "utcnow"} & set(code.co_names):
        found.append("Timestamp.now")
    return found
