"""Where in an author's code an error was raised."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import attrs
import numpy as np
import pluggy

from custgrade.text import without_addresses

_CUSTGRADE = Path(__file__).parent.parent
_LIBRARIES = (Path(str(module.__file__)).parent for module in (attrs, np, pluggy))
_NOT_THE_AUTHORS = tuple(f"{folder}{os.sep}" for folder in (_CUSTGRADE, *_LIBRARIES))


def where_raised(error: BaseException) -> str:
    """Return the file and line of an author's code that raised an error: ` in plug.py, line 7`; or an empty text.

    It is the innermost line that isn't in custgrade or in a library that calls back. An error of syntax says itself
    where it is.
    """
    if isinstance(error, SyntaxError):
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if not frame.filename.startswith(("<", *_NOT_THE_AUTHORS)) and "importlib" not in Path(frame.filename).parts:
            return f" in {frame.filename}, line {frame.lineno}"
    return ""


def described(error: BaseException) -> str:
    """Return the type of an error and what it says, without addresses in memory: `ValueError: boom`."""
    text = without_addresses(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
