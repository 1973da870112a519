"""The progress line on a terminal's standard error: the stage, the rows done, and the speed."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

_FIRST_AFTER = 1.0
_EVERY = 0.5


class Progress:
    """A progress line that is shown after one second while a block runs; nothing is shown without a terminal."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._what = "starting"
        self._how_far: Callable[[], tuple[int, int]] = lambda: (0, 0)
        self._begun = time.monotonic()
        self._thread: threading.Thread | None = None
        self._shown = 0

    def __call__(self, what: str, how_far: Callable[[], tuple[int, int]] = lambda: (0, 0)) -> None:
        """Begin a stage; see `OnProgress`."""
        self._what, self._how_far, self._begun = what, how_far, time.monotonic()

    def __enter__(self) -> Progress:
        if sys.stderr is not None and sys.stderr.isatty():
            self._thread = threading.Thread(target=self._show_until_done, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show_until_done(self) -> None:
        wait = _FIRST_AFTER
        while not self._done.wait(wait):
            self._show(self._line())
            wait = _EVERY
        if self._shown:
            self._show("")
            print("\r", end="", file=sys.stderr, flush=True)

    def _line(self) -> str:
        try:
            done, total = self._how_far()
        except Exception:
            # the query may have just ended
            done, total = 0, 0
        return described(self._what, done, total, time.monotonic() - self._begun)

    def _show(self, line: str) -> None:
        print("\r" + line.ljust(self._shown), end="", file=sys.stderr, flush=True)
        self._shown = len(line)


def described(what: str, done: int, total: int, seconds: float) -> str:
    """Return a line such as `reading: 3,400,000 of 10,000,000 (34 %), 1,700,000 a second, 2 s`."""
    parts = [f"{done:,} of {total:,} ({100 * done // total} %)" if total else f"{done:,}"] if done or total else []
    if done and seconds > 0:
        parts.append(f"{done / seconds:,.0f} a second")
    return f"{what}: {', '.join([*parts, f'{seconds:,.0f} s'])}"
