"""Progress of long work, on standard error and only for a person: what is being done, and for how long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_FIRST_AFTER = 1.0
_EVERY = 0.5


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Say what is being done while the block runs, once it takes more than a second; nothing if nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    started = time.monotonic()

    def watch() -> None:
        if done.wait(_FIRST_AFTER):
            return
        while True:
            print(f"\r{what} … {time.monotonic() - started:,.0f} s ", end="", file=sys.stderr, flush=True)
            if done.wait(_EVERY):
                print("\r" + " " * (len(what) + 16) + "\r", end="", file=sys.stderr, flush=True)
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
