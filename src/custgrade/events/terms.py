"""The terms of an offer, frozen when it is offered."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict, fields, frozen

from custgrade.errors import LogError
from custgrade.text import shown

_MOST_DAYS, _MOST_MOVED = 10_000, 31


@frozen
class OfferTerms:
    """What was offered, whatever the policy says later.

    what: a sentence. package: its name, empty for none. silence: what no answer means,
    `keep` or `transition`. notice_days: days from the answer to the change. to, referral, scope: of the transition,
    empty without one. days: the length of the transition; 0 without one. moved: by how many days days off moved the
    last day to answer.
    """

    what: str = ""
    package: str = ""
    silence: str = "keep"
    notice_days: int = 30
    to: str = ""
    referral: str = ""
    scope: str = ""
    days: int = 0
    moved: int = 0

    @property
    def releases(self) -> bool:
        """Whether a customer who declines is handed over."""
        return self.days > 0

    def __attrs_post_init__(self) -> None:
        for name, value in asdict(self).items():
            _check(name, value)

    def text(self) -> str:
        """Return the terms as JSON in one line, without what has its default value."""
        default = OfferTerms()
        said = {name: value for name, value in asdict(self).items() if value != getattr(default, name)}
        return json.dumps(said, ensure_ascii=False, sort_keys=True)


def terms_from(text: str) -> OfferTerms:
    """Return the terms that a text states; the default ones for an empty text.

    Raises LogError.
    """
    if not text:
        return OfferTerms()
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise LogError(f"the terms of an offer must be a JSON object; received {shown(text)}")
    for name, value in said.items():
        _check(name, value)
    return OfferTerms(**said)


def _check(name: str, value: object) -> None:
    known: dict[str, Any] = {one.name: one.type for one in fields(OfferTerms)}
    kind = {"str": str, "int": int}.get(known.get(name, ""))
    if kind is None or type(value) is not kind or not _is_possible(name, value):
        raise LogError(f"the terms of an offer have {name!r}: {shown(value)}; known are: {', '.join(known)}")


def _is_possible(name: str, value: object) -> bool:
    return not isinstance(value, int) or 0 <= value <= (_MOST_MOVED if name == "moved" else _MOST_DAYS)
