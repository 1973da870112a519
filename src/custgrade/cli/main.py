"""The entry of the command line: parse, run, and turn errors into a short message and exit status 2."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from custgrade.cli import arguments
from custgrade.errors import CustgradeError
from custgrade.files import WRITTEN, remove_unfinished
from custgrade.text import listed
from custgrade.version import version

FAILED = 2
INTERRUPTED = 130
_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_INTERRUPTION = "custgrade: interrupted; nothing was written"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 2 after an error, 130 when it was interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # a terminal that lacks a letter shows another in its place
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = arguments.parser(version())
    try:
        options = parser.parse_args(argv)
        status = arguments.command(options)(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except CustgradeError as error:
        print(f"custgrade: {error.for_command_line()}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        # the engine's word for Ctrl-C during a query
        if "nterrupted" not in str(error):
            raise
        return _interrupted()
    except BrokenPipeError:
        # whoever read the output has enough; a second complaint while Python closes it helps nobody
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        print("custgrade: out of memory", file=sys.stderr)
        return FAILED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"custgrade: {where}{error.strerror or error}", file=sys.stderr)
        return FAILED


def _interrupted() -> int:
    print(_INTERRUPTION, file=sys.stderr)
    return INTERRUPTED


def _stop(number: int, frame: Any) -> NoReturn:
    """End the process at once: an engine that is interrupted in the middle of a query may wait for itself forever."""
    remove_unfinished()
    message = f"custgrade: interrupted; {listed(WRITTEN)} had been written" if WRITTEN else _INTERRUPTION
    os.write(2, f"{message}\n".encode())
    os._exit(INTERRUPTED)


def run() -> NoReturn:
    """Run the command of this process and exit."""
    for number in _STOPPING:
        signal.signal(number, _stop)
    # a run makes next to no cyclic garbage, and looking for it while modules load and at exit takes a fifth of the time
    gc.disable()
    status = main()
    # it is over, and an interrupt has nothing left to stop
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    if status == 0:
        # taking the engine's modules apart takes a while and may end in complaints; all there is to write is written
        os._exit(status)
    # an error's traceback holds the engine's connection, which must be closed before the engine is unloaded
    gc.collect()
    sys.exit(status)
