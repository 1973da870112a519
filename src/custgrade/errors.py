"""Every error that custgrade raises on purpose; each says what was received, what exists and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

__all__ = [
    "BadRow",
    "BadRowsError",
    "ConfigurationError",
    "ConflictError",
    "CustgradeError",
    "CustgradeWarning",
    "CutError",
    "FieldError",
    "Hint",
    "MissingExtraError",
    "ModelCurrencyError",
    "ModelDigestError",
    "ModelError",
    "ModelFieldError",
    "ModelFormatError",
    "ModelPeriodError",
    "ModelScorerError",
    "ModelUnitError",
    "ModelVersionError",
    "NothingToGradeError",
    "OutputError",
    "OverrideError",
    "ParameterError",
    "PluginError",
    "ScorerError",
    "SourceError",
    "TracingError",
    "UnknownNameError",
]


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
