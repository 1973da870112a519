"""Every error that custgrade raises on purpose; each says what was received, what exists and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable

from attrs import frozen


@frozen
class Hint:
    """What to do about an error, in the words of either way in.

    python: names of functions and arguments, for Python. option: flags, for the command line.
    """

    python: str = ""
    option: str = ""

    @classmethod
    def alike(cls, text: str) -> Hint:
        """Return the hint that is worded the same for both."""
        return cls(text, text)

    def __add__(self, other: Hint) -> Hint:
        return Hint(_sentences(self.python, other.python), _sentences(self.option, other.option))


def _sentences(*texts: str) -> str:
    return " ".join(text for text in texts if text)


class CustgradeError(Exception):
    """The root of all errors that custgrade raises on purpose.

    message: what was received and what would be accepted, without the hint. hint: what to do, as sentences that follow
    the message; `str(error)` words it for Python.
    """

    def __init__(self, message: str = "", hint: Hint | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return _sentences(self.message, self.hint.python) if self.hint else self.message

    def for_command_line(self) -> str:
        """Return the message with its hint worded in flags."""
        return _sentences(self.message, self.hint.option) if self.hint else self.message


class CustgradeWarning(UserWarning):
    """What a reader of grades must know, where there is no report to say it in."""


class FieldError(CustgradeError, LookupError):
    """A field or column is unknown, missing, given twice, or outside its bounds."""


class SourceError(CustgradeError, ValueError):
    """A source of data can't be read as what it was said to be."""


@frozen
class BadRow:
    """A row of a source that can't be used.

    position: its line in a text file, or else its row, counted from 1 without the header. reason: in words.
    value: the cell that is to blame as text, an empty text for an empty cell, None where it isn't one cell.
    """

    position: int
    reason: str
    value: str | None = None


class BadRowsError(SourceError):
    """Some rows of a source hold values that can't be used; the message lists the first few.

    rows: the first of them, 100 at most. count: how many there are.
    """

    def __init__(
        self, message: str = "", hint: Hint | None = None, rows: Iterable[BadRow] = (), count: int = 0
    ) -> None:
        super().__init__(message, hint)
        self.rows = tuple(rows)
        self.count = count


class CutError(CustgradeError, ValueError):
    """A cut's numbers make no sense, or the base can't be cut that way."""


class ScorerError(CustgradeError, ValueError):
    """A scorer is put together wrongly."""


class TracingError(ScorerError, TypeError):
    """A score does something that isn't row-local or isn't exactly rounded."""


class NothingToGradeError(CustgradeError, ValueError):
    """Not one customer can be graded; the message says why."""


class ParameterError(CustgradeError, TypeError):
    """A scheme was given an unknown parameter, or a value of the wrong type."""


class PluginError(CustgradeError):
    """A plug-in is missing, broken, or two of them claim one name."""


class UnknownNameError(PluginError, LookupError):
    """No plug-in provides the name asked for."""


class ConflictError(PluginError):
    """Several plug-ins provide the name asked for."""


class ModelError(CustgradeError, ValueError):
    """A saved model can't be used as it is."""


class ModelFormatError(ModelError):
    """The file is not a model, or of a format this version doesn't know."""


class ModelDigestError(ModelError):
    """The file's digest doesn't match its content."""


class ModelScorerError(ModelError):
    """The scorer that a model was fitted with is missing, or is another one than was given."""


class ModelVersionError(ModelScorerError):
    """The plug-in that a model was fitted with grades differently in the version that is installed now."""


class ModelFieldError(ModelError, FieldError):
    """A base lacks a field that the model needs."""


class ModelUnitError(ModelError):
    """A field is in another unit than the model was fitted on."""


class ModelCurrencyError(ModelError):
    """A base is in another currency than the model was fitted on."""


class ModelPeriodError(ModelError):
    """A base covers a longer or shorter period than the model was fitted on, and the model reads what adds up in it."""


class OverrideError(CustgradeError, ValueError):
    """A manual grade can't be used, or a table of them can't be read."""


class ConfigurationError(CustgradeError, ValueError):
    """A configuration file or a command line can't be understood."""


class OutputError(CustgradeError, OSError):
    """A result can't be written."""


class MissingExtraError(CustgradeError, ImportError):
    """A part of custgrade needs a package that isn't installed."""


def listed(names: Iterable[object], limit: int = 20) -> str:
    """Return names as `a, b, c`, the rest beyond `limit` as a count; `none` if there are none."""
    items = [str(name) for name in names]
    if not items:
        return "none"
    more = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + more


def counted(count: int, what: str) -> str:
    """Return a count with its noun, given in the plural: `1 customer`, `1,200 order lines`."""
    return f"{count:,} {what.removesuffix('s') if count == 1 else what}"


def exactly(number: float) -> str:
    """Return a number as it has to be given to get it back to the last bit: `12`, `0.1`, `79.8`."""
    whole = math.isfinite(number) and number == int(number) and abs(number) < 1e15
    return str(int(number)) if whole else repr(float(number))


def shown(value: object, most: int = 80) -> str:
    """Return a value as an error quotes it: its repr, at most `most` characters, without addresses in memory.

    A repr that Python refuses to make, as that of a number of thousands of digits, is replaced by the type's name.
    """
    if type(value).__repr__ is object.__repr__:
        return f"an object of type {type(value).__name__}"
    try:
        text = without_addresses(repr(value))
    except Exception:
        return f"a value of type {type(value).__name__} that is too large to print"
    return text if len(text) <= most else f"{text[:most]}…"


def without_addresses(text: str) -> str:
    """Return a text without the addresses in memory that a default repr holds: `<function f>`."""
    import re

    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def did_you_mean(received: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the known name that `received` is most likely a slip of, or an empty string.

    Names are near if few letters were left out, added, changed or swapped: one in a name of up to six letters, two in
    one of up to nine, and three in a longer one. A name of up to five letters begins with the same letter. Capitals
    don't count, nor which of blank, `_`, `-` and `.` stands between words.

    received: the wrong name. known: right names; a name of the user's own, such as a column of a file, isn't one.
    """
    from custgrade.typing_slips import nearest

    close = nearest(str(received), [str(name) for name in known])
    return f" Did you mean {close!r}?" if close is not None else ""


def meant_instead(wanted: str, found: Iterable[str]) -> str:
    """Return ` Is 'x' meant? Rename it to 'wanted'.` for the name in the data that is a slip of a right one, or ``.

    wanted: the right name, which is missing. found: names of the user's own; near ones are told as in `did_you_mean`.
    """
    from custgrade.typing_slips import nearest

    close = nearest(str(wanted), [str(name) for name in found])
    return f" Is {close!r} meant? Rename it to {wanted!r}." if close is not None else ""
