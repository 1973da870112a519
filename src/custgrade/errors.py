"""The errors that custgrade raises. A message has what was received, what would be accepted, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
    "LogError",
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
    "PolicyError",
    "RespectError",
    "ScorerError",
    "SourceError",
    "TracingError",
    "UnknownNameError",
]


@frozen
class Hint:
    """What to do about an error.

    python: sentences with the names of functions and arguments, for Python. option: the same with flags, for
    the command line.
    """

    python: str = ""
    option: str = ""

    @classmethod
    def alike(cls, text: str) -> Hint:
        """Return a hint with the same text for Python and for the command line."""
        return cls(text, text)

    def __add__(self, other: Hint) -> Hint:
        return Hint(_sentences(self.python, other.python), _sentences(self.option, other.option))


def _sentences(*texts: str) -> str:
    return " ".join(text for text in texts if text)


class CustgradeError(Exception):
    """The base class of all errors that custgrade raises.

    message: what was received and what would be accepted. hint: what to do, in sentences that follow the message.
    `str(error)` has both, with the hint for Python.
    """

    def __init__(self, message: str = "", hint: Hint | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return _sentences(self.message, self.hint.python) if self.hint else self.message

    def for_command_line(self) -> str:
        """Return the message and the hint for the command line."""
        return _sentences(self.message, self.hint.option) if self.hint else self.message


class CustgradeWarning(UserWarning):
    """A remark that readers of grades must know, for results without a list of notices."""


class FieldError(CustgradeError, LookupError):
    """A field or column is unknown, missing, given twice, or outside its bounds."""


class SourceError(CustgradeError, ValueError):
    """A source of data can't be read in the given form."""


@frozen
class BadRow:
    """A row of a source that can't be used.

    position: the line in a text file; otherwise the row, counted from 1 without the header.
    reason: why the row can't be used, in words.
    value: the bad cell as text, an empty text for an empty cell, None if the reason isn't about one cell.
    source: the name of the file, or of what else was read.
    """

    position: int
    reason: str
    value: str | None = None
    source: str = ""


class BadRowsError(SourceError):
    """Some rows of a source hold values that can't be used; the message lists the first few.

    rows: the first 100 of these rows at most. count: the number of all of them.
    """

    def __init__(
        self, message: str = "", hint: Hint | None = None, rows: Iterable[BadRow] = (), count: int = 0
    ) -> None:
        super().__init__(message, hint)
        self.rows = tuple(rows)
        self.count = count


class CutError(CustgradeError, ValueError):
    """A cut's numbers are invalid, or don't fit the base."""


class ScorerError(CustgradeError, ValueError):
    """A scorer, or a part of one, is invalid."""


class TracingError(ScorerError, TypeError):
    """A score uses an operation that isn't row-local or isn't exactly rounded."""


class NothingToGradeError(CustgradeError, ValueError):
    """None of the customers can be graded; the message has the reasons."""


class ParameterError(CustgradeError, TypeError):
    """A scheme's parameter is unknown, or its value is invalid."""


class PluginError(CustgradeError):
    """A plug-in is missing or broken, or two plug-ins provide the same name."""


class UnknownNameError(PluginError, LookupError):
    """No plug-in provides the requested name."""


class ConflictError(PluginError):
    """Several plug-ins provide the requested name."""


class ModelError(CustgradeError, ValueError):
    """A saved model can't be used."""


class ModelFormatError(ModelError):
    """A file isn't a model, or has a format that this version doesn't know."""


class ModelDigestError(ModelError):
    """The digest in a model file doesn't match the file's content."""


class ModelScorerError(ModelError):
    """The scorer that a model was fitted with is missing, or differs from the given one."""


class ModelVersionError(ModelScorerError):
    """The installed version of a plug-in grades differently from the one that a model was fitted with."""


class ModelFieldError(ModelError, FieldError):
    """A base lacks a field that the model needs."""


class ModelUnitError(ModelError):
    """A field has another unit than in the base that the model was fitted on."""


class ModelCurrencyError(ModelError):
    """A base has another currency than the base that the model was fitted on."""


class ModelPeriodError(ModelError):
    """A base covers a period of another length than the base that the model was fitted on.

    It is raised if the model reads fields that grow with the period, such as revenue.
    """


class OverrideError(CustgradeError, ValueError):
    """An override can't be used, or a table of overrides can't be read."""


class PolicyError(CustgradeError, ValueError):
    """Raised when a policy, or an argument of a plan, is wrong."""


class RespectError(PolicyError):
    """Raised when a policy or a plan breaches the guard's rules.

    breaches: the breaches, `Breach` objects.
    """

    def __init__(self, message: str = "", hint: Hint | None = None, breaches: Iterable[Any] = ()) -> None:
        super().__init__(message, hint)
        self.breaches = tuple(breaches)


class LogError(CustgradeError, ValueError):
    """An event can't be recorded, or a log of events can't be read."""


class ConfigurationError(CustgradeError, ValueError):
    """A configuration file or a command line is invalid."""


class OutputError(CustgradeError, OSError):
    """A result can't be written."""


class MissingExtraError(CustgradeError, ImportError):
    """A part of custgrade needs a package that isn't installed."""
