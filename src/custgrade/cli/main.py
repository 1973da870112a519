"""The entry point of the command line: parse, run, and print errors as a short message with exit status 2."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from custgrade.cli import arguments
from custgrade.cli.report import printable
from custgrade.cli.standard_output import rows_to_standard_output
from custgrade.errors import CustgradeError
from custgrade.files import WRITTEN, remove_unfinished
from custgrade.text import listed, without_passwords
from custgrade.version import version

FAILED = 2
INTERRUPTED = 130
_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_INTERRUPTION = "custgrade: interrupted; nothing was written"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 2 after an error, 130 when it was interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # characters that the terminal's encoding lacks must not stop the output
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = arguments.parser(version())
    try:
        options = parser.parse_args(arguments.with_codes(sys.argv[1:] if argv is None else argv))
        with rows_to_standard_output(options):
            status = arguments.command(options)(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except CustgradeError as error:
        text = "\n".join(map(printable, without_passwords(error.for_command_line()).split("\n")))
        print(f"custgrade: {text}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        # DuckDB raises this error for Ctrl-C during a query
        if "nterrupted" not in str(error):
            raise
        return _interrupted()
    except BrokenPipeError:
        # the reader closed the pipe; without this, Python prints a second error when it closes the stream
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
    """End the process at once, because DuckDB may deadlock when it is interrupted during a query."""
    remove_unfinished()
    message = f"custgrade: interrupted after {listed(WRITTEN)} had been written" if WRITTEN else _INTERRUPTION
    os.write(2, f"{message}\n".encode())
    os._exit(INTERRUPTED)


def run() -> NoReturn:
    """Run the command of this process and exit."""
    for number in _STOPPING:
        signal.signal(number, _stop)
    # a run makes hardly any cyclic garbage, and collecting it takes a fifth of a short run
    gc.disable()
    status = main()
    # all work is done, so an interrupt must not change the exit status
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    # the temporary files of what was read would be removed with the engine, which isn't closed
    remove_unfinished()
    if status == 0:
        # everything is written; unloading DuckDB takes time and may print errors
        os._exit(status)
    # the error's traceback refers to the DuckDB connection, which must be closed before DuckDB is unloaded
    gc.collect()
    sys.exit(status)
