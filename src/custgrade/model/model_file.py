"""Writing and reading model files, format 1: JSON with every learned number, exact to the last bit."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

from custgrade.cuts.boundary import Boundaries
from custgrade.errors import (
    ModelDigestError,
    ModelError,
    ModelFormatError,
)
from custgrade.files import checked_path, write_atomically
from custgrade.model.file_schema import DIGEST, FORMAT, check_form
from custgrade.model.fitted_scorer import FittedScorer
from custgrade.scoring.origin import Origin
from custgrade.version import version

_MOST_BYTES = 64 << 20


def _plain(value: Any, where: str) -> Any:
    """Return parameters as JSON data: tuples as lists, fractions as text.

    Raises ModelError, which names the parameter, for a value that JSON can't hold.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, Fraction):
        value = float(value)
        if not math.isfinite(value):
            raise ModelError(f"{where} is {value}, which JSON can't hold")
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, where) for item in value]
    if isinstance(value, Fraction):
        return str(value)
    raise ModelError(
        f"{where} is {value!r}, which can't be saved; parameters must be texts, numbers, truth values or lists"
    )


def _boundaries(value: Boundaries | None) -> Any:
    return None if value is None else [[boundary.value, boundary.inclusive] for boundary in value]


def _digest(content: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def to_dict(model: FittedScorer) -> dict[str, Any]:
    """Return the model as JSON data with its digest."""
    scorer, period = model.scorer, model.period
    origin = scorer.origin or Origin("")
    content: dict[str, Any] = {
        "format": FORMAT,
        "custgrade": version(),
        "scorer": {
            "name": origin.name,
            "distribution": origin.distribution,
            "version": origin.version,
            "parameters": _plain(origin.parameters, "parameters"),
            "fingerprint": scorer.fingerprint,
            "dropped_fields": list(model.dropped),
        },
        "axes": model.scale.to_dict(),
        "fields": {name: {"unit": model.units.get(name, "")} for name in scorer.inputs},
        "data": {
            "as_of": None if period is None else period.as_of.isoformat(),
            "period_start": None if period is None else period.start.isoformat(),
            "period_end": None if period is None else period.end.isoformat(),
            "currency": model.currency,
            "customers": model.customers,
            "graded": dict(model.graded),
        },
        "learned": {name: _boundaries(value) for name, value in model.learned.items()},
        "boundaries": {name: [_boundaries(row) for row in rows] for name, rows in model.boundaries.items()},
        "notices": list(model.notices),
    }
    return {**content, "digest": _digest(content)}


def save(model: FittedScorer, path: str | os.PathLike[str]) -> None:
    """Write the model to `path`; an existing file is replaced in one step."""
    with write_atomically(path) as temporary:
        temporary.write_text(as_text(model), encoding="utf-8")


def as_text(model: FittedScorer) -> str:
    """Return the content of the model's file."""
    return json.dumps(to_dict(model), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the content of a model file, its format and digest checked.

    Raises ModelError when the file can't be read, ModelFormatError when it isn't a model of format 1, and
    ModelDigestError when it was changed after it was saved.
    """
    file = checked_path(path, "the model", ModelFormatError)
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ModelFormatError(f"{file} has {file.stat().st_size:,} bytes; a model has at most {_MOST_BYTES:,}")
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"can't read the model {file}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ModelFormatError(f"{file} is not a model: it is not JSON ({error})") from error
    if not isinstance(content, dict) or "format" not in content or "digest" not in content:
        raise ModelFormatError(f"{file} is not a custgrade model: it lacks a format or a digest")
    if content["format"] != FORMAT or type(content["format"]) is not int:
        raise ModelFormatError(
            f"{file} has format {content['format']!r}; this version of custgrade ({version()}) reads format {FORMAT}"
        )
    try:
        digest = _digest(content)
    except ValueError as error:
        raise ModelFormatError(f"{file} is not a model: it holds a number that is not finite") from error
    if not DIGEST.holds(content["digest"]):
        raise ModelFormatError(f"{file} is not a model: its digest is not {DIGEST.words}")
    if digest != content["digest"]:
        raise ModelDigestError(
            f"{file} was changed after it was saved: its content doesn't match its digest. Fit and save it again."
        )
    return content


def origin_of(content: Mapping[str, Any]) -> Origin:
    """Return the origin of the scorer of a model file; its name is empty for a scorer that was made in Python.

    Raises ModelFormatError when the content isn't that of a model file.
    """
    check_form(content)
    said = content["scorer"]
    return Origin(said["name"], said["parameters"], said["distribution"], said["version"])
