"""The file and line of a plug-in author's code at which an error was raised."""

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
    """Return the file and line of the author's code that raised an error, ` in plug.py, line 7`, or an empty text.

    The line is the innermost one outside custgrade, attrs, numpy and pluggy. The text is empty for a SyntaxError, whose
    message has its own file and line.
    """
    if isinstance(error, SyntaxError):
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if not frame.filename.startswith(("<", *_NOT_THE_AUTHORS)) and "importlib" not in Path(frame.filename).parts:
            return f" in {frame.filename}, line {frame.lineno}"
    return ""


def described(error: BaseException) -> str:
    """Return the type and message of an error, without addresses in memory: `ValueError: boom`."""
    text = without_addresses(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
