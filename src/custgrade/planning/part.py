"""What all parts of a policy have in common: they are final, and they check the values of their attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from custgrade.argument_checks import float_of, is_one_line, mapping_of
from custgrade.data.converters import read_only
from custgrade.errors import PolicyError
from custgrade.text import did_you_mean, listed, shown

MOST = 1e12
"""The largest number that a policy may state, and minus the smallest one."""


class Part:
    """The base of the classes that a policy is made of. They can't be subclassed: a subclass could show the guard other
    values than it uses.
    """

    __slots__ = ()

    def __init_subclass__(cls, **rest: Any) -> None:
        if Part not in cls.__bases__:
            raise TypeError(f"{cls.__bases__[0].__name__} can't be subclassed; make one from its parts")
        super().__init_subclass__(**rest)


def place(instance: Any, attribute: Any) -> str:
    """Return the name of an attribute for errors: `Offer 'price': open_days`."""
    kind, name = type(instance).__name__, getattr(instance, "name", None)
    return f"{kind} {name!r}: {attribute.name}" if isinstance(name, str) and name else f"{kind}: {attribute.name}"


def one_line(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is a text of one line, which may be empty."""
    if not is_one_line(value):
        raise PolicyError(f"{place(instance, attribute)} must be a text of one line; received {shown(value)}")


def sentence(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is a text of one line that isn't empty."""
    if not is_one_line(value) or not value.strip():
        raise PolicyError(
            f"{place(instance, attribute)} must be a text of one line, not empty; received {shown(value)}"
        )


def whole(least: int, unit: str, *, optional: bool = False) -> Callable[[Any, Any, Any], None]:
    """Return a check that a value is a whole number of `unit`, at least `least`; optional: None is allowed too."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if optional and value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 100_000:
            also = ", or None" if optional else ""
            raise PolicyError(
                f"{place(instance, attribute)} must be a whole number of {unit}, at least {least}{also}; "
                f"received {shown(value)}"
            )

    return check


def number(unit: str, *, optional: bool = False, above: bool = False) -> Callable[[Any, Any, Any], None]:
    """Return a check that a value is a number of `unit`, from 0 to `MOST`; above: 0 is refused."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if optional and value is None:
            return
        found = float_of(value)
        if found is None or not 0.0 <= found <= MOST or (above and found == 0.0):
            bound = "above 0" if above else "0 or more"
            bound += f" and at most {MOST:,.0f}" if found is not None and found > MOST else ""
            also = ", or None" if optional else ""
            raise PolicyError(
                f"{place(instance, attribute)} must be a number of {unit}, {bound}{also}; received {shown(value)}"
            )

    return check


def one_of(known: Iterable[str], *, empty: bool = False) -> Callable[[Any, Any, Any], None]:
    """Return a check that a value is one of these texts; empty: an empty text is allowed too."""
    names = list(known)

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if (empty and value == "") or (isinstance(value, str) and value in names):
            return
        guess = did_you_mean(value, names) if isinstance(value, str) else ""
        raise PolicyError(
            f"{place(instance, attribute)} must be one of {listed(names)}; received {shown(value)}.{guess}"
        )

    return check


def truth(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is True or False."""
    if not isinstance(value, bool):
        raise PolicyError(f"{place(instance, attribute)} must be True or False; received {shown(value)}")


def instance_of(kind: type, *, optional: bool = False) -> Callable[[Any, Any, Any], None]:
    """Return a check that a value is a `kind`; optional: None is allowed too."""

    def check(instance: Any, attribute: Any, value: Any) -> None:
        if type(value) is not kind and not (optional and value is None):
            raise PolicyError(f"{place(instance, attribute)} must be {_article(kind)}; received {shown(value)}")

    return check


def _article(kind: type) -> str:
    name = kind.__name__
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"


def texts_by(value: Any, what: str, keys: str) -> Mapping[str, str]:
    """Return a mapping of texts as a read-only one; what: its name, keys: what its keys are, for errors."""
    found = {**mapping_of(value, what, PolicyError)}
    for key, text in found.items():
        if not is_one_line(key) or not is_one_line(text) or not text:
            raise PolicyError(
                f"{what} must have a text of one line for each {keys}; received {shown(key)}: {shown(text)}"
            )
    return read_only(found)


def named_once(parts: Iterable[Any], what: str) -> None:
    """Raise PolicyError if two parts have the same name; what: the parts, a plural."""
    seen: set[str] = set()
    for part in parts:
        if part.name in seen:
            raise PolicyError(f"two {what} are named {part.name!r}; give each its own name")
        seen.add(part.name)
