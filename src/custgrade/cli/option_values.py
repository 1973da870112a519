"""The values of options as they are typed: pairs, numbers and TOML."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from custgrade.errors import ConfigurationError


def parameters_given(options: argparse.Namespace) -> dict[str, Any]:
    """Return the parameters of a scheme that --param gives."""
    return {name: toml_value(text) for name, text in pairs(options.param, "--param", "NAME=VALUE").items()}


def grades_given(options: argparse.Namespace) -> dict[str, str]:
    """Return the grades that --grade maps: the policy's grade by grade of the customers' scale.

    Raises ConfigurationError for a grade that is mapped to nothing.
    """
    found = {grade: other.strip() for grade, other in pairs(options.grade, "--grade", "GRADE=GRADE").items()}
    for grade, other in found.items():
        if not other:
            raise ConfigurationError(f"--grade takes GRADE=GRADE, such as E=D; received '{grade}='")
    return found


def pairs(items: Sequence[str] | None, option: str, form: str) -> dict[str, str]:
    """Return items such as `revenue=Sales` as a mapping.

    option, form: the option and the form of its values, for the message.

    Raises ConfigurationError for an item without `=` or a name, and for a name that is given twice.
    """
    found: dict[str, str] = {}
    for item in items or ():
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ConfigurationError(f"{option} takes {form}; received {item!r}")
        if name in found:
            raise ConfigurationError(f"{option} gives {name!r} twice: {found[name]!r} and {value!r}; give it once")
        found[name] = value
    return found


def number(text: str, option: str, what: str) -> float:
    """Return a text as a number.

    option, what: the option and the values that it takes, for the message.

    Raises ConfigurationError when the text isn't a number.
    """
    try:
        return float(text)
    except ValueError:
        raise ConfigurationError(f"{option} takes {what}; received {text!r}") from None


def toml_value(text: str) -> Any:
    """Return the value of a TOML expression; other text is returned as it is, so `by=profit` needs no quotes.

    Raises ConfigurationError for a list or table that isn't TOML.
    """
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except RecursionError:
        raise ConfigurationError(f"{text[:40]!r}… is not a TOML value: it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        if text.strip()[:1] in ("[", "{", '"', "'"):
            hint = '; put texts in quotation marks: ["1/3", "2/3"]' if text.strip()[:1] == "[" else ""
            raise ConfigurationError(f"{text!r} is not a TOML value: {error}{hint}") from error
        return text
