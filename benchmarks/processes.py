"""Children that measure: each within a limit of time, and stopped before the machine runs out of memory."""

from __future__ import annotations

import gc
import json
import queue
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

LEAST_FREE = 0.05
"""The share of the machine's memory that is left to others."""

OUT_OF_MEMORY = "out of memory"


class FailedError(Exception):
    """A child couldn't do what it was asked to; the text says why in a few words."""


class Child:
    """A Python process that answers in lines of JSON.

    arguments: the script and what it is called with. python: the interpreter, by default this one.
    """

    def __init__(
        self, arguments: Sequence[str], python: str = sys.executable, environment: Mapping[str, str] | None = None
    ) -> None:
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            [python, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def ask(self, question: Mapping[str, Any], limit: float) -> dict[str, Any]:
        """Return the answer to a question; raise FailedError if there is none within so many seconds."""
        assert self._process.stdin is not None
        try:
            print(json.dumps(question), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise FailedError(self._why_ended()) from None
        return self.reply(limit)

    def reply(self, limit: float) -> dict[str, Any]:
        """Return the next answer; raise FailedError if there is none within so many seconds."""
        end = time.monotonic() + limit
        while True:
            try:
                line = self._lines.get(timeout=0.05)
            except queue.Empty:
                if time.monotonic() > end:
                    self.close()
                    raise FailedError(f"over {limit:,g} s") from None
                if free_share() < LEAST_FREE:
                    self.close()
                    raise FailedError(OUT_OF_MEMORY) from None
                continue
            if line is None:
                raise FailedError(self._why_ended())
            if line.startswith("{"):
                answer: dict[str, Any] = json.loads(line)
                return answer

    def _why_ended(self) -> str:
        code = self._process.wait()
        self._errors.seek(0)
        told = self._errors.read().strip()
        # the names that Python, the engines and allocators give it
        if code == -signal.SIGKILL or re.search(r"MemoryError|Out of Memory|memory allocation of", told):
            return OUT_OF_MEMORY
        return told.splitlines()[-1] if told else f"ended with {code}"

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run_once(arguments: Sequence[str], limit: float, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the one answer of a child; raise FailedError if there is none within so many seconds."""
    with Child(arguments, environment=environment) as child:
        return child.reply(limit)


def free_share() -> float:
    """Return what share of the machine's memory is free or can be freed, 1 where the system doesn't tell."""
    try:
        about = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return 1.0
    total, available = (int(re.search(rf"{name}:\s+(\d+)", about)[1]) for name in ("MemTotal", "MemAvailable"))  # type: ignore[index]
    return available / total


def give_way() -> None:
    """Tell the system to end this process rather than any other one when memory is short."""
    if Path("/proc/self/oom_score_adj").exists():
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def peak_memory() -> int:
    """Return the most bytes that this process has had in memory."""
    if Path("/proc/self/status").exists():
        # what getrusage tells begins with the parent's memory on Linux
        return _status("VmHWM")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_of(run: Callable[[], Any]) -> int:
    """Return by how many bytes this process grew at most while it ran."""
    gc.collect()
    before = peak_memory()
    if Path("/proc/self/clear_refs").exists():
        # from here on, the peak is counted anew
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        before = _status("VmRSS")
    run()
    return peak_memory() - before


def _status(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024
