"""The mix of grades that is wanted: shares by grade, or the grades that everybody should have."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from custgrade.cuts.exact import exact_number
from custgrade.errors import Hint, ParameterError
from custgrade.text import did_you_mean, listed, shown
from custgrade.toml_files import toml_key

Target = Mapping[str, Any] | Iterable[str] | None


def target_hint(grades: tuple[str, ...]) -> Hint:
    """Return how to give a target, by the example of half of the customers in each of the two best grades."""
    best = dict.fromkeys(grades[:2], 1 / len(grades[:2]))
    toml = ", ".join(f"{toml_key(grade)} = {share}" for grade, share in best.items())
    return Hint(
        f"For the distance to the mix that you want, give it: target={best}.",
        f"For the distance to the mix that you want, give it: --set {shlex.quote(f'target={{{toml}}}')}.",
    )


def _check(names: Iterable[Any], grades: tuple[str, ...]) -> None:
    for name in names:
        if not isinstance(name, str) or name not in grades:
            guess = did_you_mean(name, grades) if isinstance(name, str) else ""
            raise ParameterError(f"target: there is no grade {shown(name)}; there are {listed(grades)}.{guess}")


def names_of(target: Any, grades: tuple[str, ...]) -> tuple[str, ...]:
    """Return the grades that a list names.

    Raises ParameterError for an unknown grade, and for anything but a list.
    """
    if isinstance(target, str) or not isinstance(target, Iterable):
        raise ParameterError(
            f"target must be shares by grade, or a list of grades; received {shown(target)}.",
            Hint(f"Give {{{grades[0]!r}: 1}}.", f"Give --set {shlex.quote(f'target={{{toml_key(grades[0])} = 1}}')}."),
        )
    found = tuple(dict.fromkeys(target))
    _check(found, grades)
    if not found:
        raise ParameterError(f"target must name at least one grade of {listed(grades)}; received an empty list")
    return found


def shares_of(target: Mapping[str, Any], grades: tuple[str, ...]) -> dict[str, Fraction]:
    """Return the exact share of each grade that is wanted.

    Raises ParameterError for an unknown grade, and for shares that don't add up to 1.
    """
    _check(target, grades)
    found = {}
    for grade, value in target.items():
        share = exact_number(value)
        if share is None or not 0 <= share <= 1:
            raise ParameterError(f"target: the share of {grade} must be from 0 to 1; received {shown(value)}")
        if share:
            found[grade] = share
    if sum(found.values()) != 1:
        total = float(sum(found.values()))
        raise ParameterError(f"target: the shares must add up to 1; received {shown(dict(target))}, in all {total:g}")
    return found
