"""The schema of model files, format 1: every part with its type. docs/model-format-1.schema.json is the same schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from attrs import frozen

from custgrade.errors import ModelFormatError
from custgrade.text import did_you_mean, listed

FORMAT = 1


@frozen
class Leaf:
    """A part without parts of its own.

    words: what it must be, in words. holds: whether a value is that.
    """

    words: str
    holds: Callable[[Any], bool]


@frozen
class ListOf:
    """A list of at least `least` parts of one form."""

    form: Form
    least: int = 0


@frozen
class ByName:
    """A table of parts of one form, under any names."""

    form: Form


@frozen
class OrNull:
    """A part that may be null."""

    form: Form


Form: TypeAlias = "Leaf | ListOf | ByName | OrNull | Mapping[str, Form]"
"""A mapping is a table of exactly these parts."""


def _is_boundary(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and type(value[0]) in (int, float) and isinstance(value[1], bool)


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


_TEXT = Leaf("a text", lambda value: isinstance(value, str))
_COUNT = Leaf("a whole number from 0", lambda value: type(value) is int and value >= 0)
_DATE = Leaf("a date as YYYY-MM-DD", _matches("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
DIGEST = Leaf("a SHA-256 digest in hexadecimal", _matches("[0-9a-f]{64}"))
_BOUNDARIES = OrNull(ListOf(Leaf("a boundary, [number, true or false]", _is_boundary)))
_MODEL: Mapping[str, Form] = {
    "format": Leaf(f"the number {FORMAT}", lambda value: type(value) is int and value == FORMAT),
    "custgrade": _TEXT,
    "scorer": {
        "name": _TEXT,
        "distribution": _TEXT,
        "version": _TEXT,
        "parameters": Leaf("a table", lambda value: isinstance(value, dict)),
        "fingerprint": DIGEST,
        "dropped_fields": ListOf(_TEXT),
    },
    "axes": ListOf({"name": _TEXT, "labels": ListOf(_TEXT, 1), "within": OrNull(_TEXT)}, 1),
    "fields": ByName({"unit": _TEXT}),
    "data": {
        "as_of": OrNull(_DATE),
        "period_start": OrNull(_DATE),
        "period_end": OrNull(_DATE),
        "currency": OrNull(_TEXT),
        "customers": _COUNT,
        "graded": ByName(_COUNT),
    },
    "learned": ByName(_BOUNDARIES),
    "boundaries": ByName(ListOf(_BOUNDARIES, 1)),
    "notices": ListOf(_TEXT),
    "digest": DIGEST,
}


def check_form(content: Any) -> None:
    """Raise an error unless the content of a model file has every part of format 1 and no other part.

    Raises ModelFormatError, which names the first part that is missing, unknown or of another type.
    """
    _check(content, _MODEL, "")
    data = content["data"]
    if len({data[name] is None for name in ("as_of", "period_start", "period_end")}) > 1:
        raise ModelFormatError("the model's data.as_of, period_start and period_end must be three dates, or all null")


def _check(value: Any, form: Form, where: str) -> None:
    if isinstance(form, OrNull):
        if value is not None:
            _check(value, form.form, where)
    elif isinstance(form, Leaf):
        _expect(form.holds(value), form.words, value, where)
    elif isinstance(form, ListOf):
        least = f", at least {form.least}" if form.least else ""
        _expect(isinstance(value, list) and len(value) >= form.least, f"a list{least}", value, where)
        for place, item in enumerate(value):
            _check(item, form.form, f"{where}[{place}]")
    else:
        _expect(isinstance(value, dict), "a table", value, where)
        parts = dict.fromkeys(value, form.form) if isinstance(form, ByName) else form
        before = f"{where}." if where else ""
        for name in parts:
            if name not in value:
                raise ModelFormatError(f"the model lacks {before}{name}, a part of format {FORMAT}")
        for name, part in value.items():
            if name not in parts:
                raise ModelFormatError(
                    f"the model has {before}{name}, which isn't a part of format {FORMAT}.{did_you_mean(name, parts)} "
                    f"There are: {listed(parts)}."
                )
            _check(part, parts[name], f"{before}{name}")


def _expect(holds: bool, words: str, value: Any, where: str) -> None:
    if not holds:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
        raise ModelFormatError(f"the model's {where or 'content'} must be {words}; the file has {shown}")
