"""Errors for missing fields and missing customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from custgrade.data.left_out import LeftOut
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import FieldError, Hint
from custgrade.text import counted, did_you_mean, listed, meant_instead

GUESSED_FROM = 10_000
"""The number of ids that are searched for one close to an unknown id."""


def missing_fields(
    names: Iterable[str], available: Iterable[str], hint: Hint | None = None, further: Iterable[str] = ()
) -> FieldError:
    """Return the error for fields that a base lacks; it lists the available fields.

    further: names that "did you mean" may suggest, besides those available.
    """
    wanted, have = list(names), list(available)
    names = [*further, *have]
    if wanted[0] in STANDARD_FIELDS:
        # a standard name is spelled right, so a close name in the data is the misspelled one
        guess = meant_instead(wanted[0], (name for name in names if name not in STANDARD_FIELDS))
    else:
        guess = did_you_mean(wanted[0], names)
    return FieldError(f"the data has no {listed(map(repr, wanted))}.{guess} It has: {listed(have)}.", hint)


def no_customer(identity: str, size: int, some: Sequence[str], left_out: Sequence[LeftOut]) -> FieldError:
    """Return the error for an id that none of `size` customers has; some: ids that "did you mean" may suggest."""
    gone = f" Left out were: {'; '.join(map(str, left_out))}." if left_out else ""
    plain = _plain_id(identity)
    alike = next((one for one in map(str, some) if _plain_id(one) == plain), None)
    guess = did_you_mean(identity, some) if alike is None else f" Did you mean {alike!r}?"
    return FieldError(f"there is no customer {identity!r} among {counted(size, 'customers')}.{guess}{gone}")


def _plain_id(identity: str) -> str:
    """Return an id without blanks around it, leading zeros and capitals."""
    return identity.strip().lstrip("0").casefold()
