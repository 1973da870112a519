"""The keys of a policy file: they come from the attributes of the parts of a policy."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import attrs
from attrs import frozen

from custgrade.planning.action import Action
from custgrade.planning.amount import Amount, Condition
from custgrade.planning.days_off import DaysOff
from custgrade.planning.effort import Effort, Terms
from custgrade.planning.offer import Offer, Transition
from custgrade.planning.package import Package
from custgrade.planning.part import Part
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Incentive, Reward
from custgrade.planning.service_level import Entitlement, ServiceLevel
from custgrade.planning.shortlist import Shortlist
from custgrade.planning.treatment import Treatment

Form = Literal["value", "texts", "amount", "amounts", "condition", "part", "parts", "special"]

PLACES: Mapping[type, str] = {
    Policy: "the policy itself (write it before the first table)",
    Treatment: "[treatment.GRADE]",
    ServiceLevel: "[treatment.GRADE.level]",
    Entitlement: "[treatment.GRADE.level.further.NAME]",
    Effort: "[treatment.GRADE.effort]",
    Terms: "[treatment.GRADE.terms]",
    Reward: "[treatment.GRADE.reward.NAME]",
    Incentive: "[treatment.GRADE.incentive.NAME]",
    Action: "[treatment.GRADE.action.NAME]",
    Offer: "[treatment.GRADE.offer.NAME]",
    Transition: "[treatment.GRADE.offer.NAME.transition]",
    Package: "[package.NAME]",
    Shortlist: "[shortlist.NAME]",
}
"""Where the keys of each class are written."""

EXAMPLES: Mapping[str, str] = {
    "name": 'name = "our-policy"',
    "purpose": 'purpose = "keep the best, help the rest to grow"',
    "treatment": "a table such as [treatment.A] for each grade, best first",
    "goal": 'goal = "delight them"',
    "response_hours": "response_hours = 24",
    "service_hours": "service_hours = 0.5",
    "what": 'what = "a sentence that says what it is"',
    "kind": 'kind = "ask"',
    "value": "value = 50",
    "reaching": 'reaching = "A"',
    "to": 'to = "partner"',
    "referral": 'referral = "Smith & Co."',
    "days": "days = 60",
    "scope": 'scope = "open orders are finished"',
    "amount": "amount = 4",
    "among": 'among = ["A", "B"]',
    "share": 'share = "0.05"',
    "rank_by": 'rank_by = "orders"',
}
"""What can be written for each key that must be given."""

_OTHER_WORDS: Mapping[str, str] = {"grade": "treatment"}
"""Words that people write for keys, which are closer to the spelling of another key."""

_SPECIAL: Mapping[type, tuple[str, ...]] = {
    Policy: ("grades", "axes", "findings"),
    Shortlist: ("rank_by", "criteria", "share"),
}
_NOT_WRITTEN: Mapping[type, tuple[str, ...]] = {
    Policy: ("grades", "findings", "origin", "source"),
    Shortlist: ("scorer",),
}


@frozen
class Key:
    """A key of a table.

    attribute: the attribute that it gives. form: the form of its value. part: the class of its parts, or None.
    required: whether it must be given. none: whether `"none"` is allowed, for an attribute that may be None and whose
    default is something else.
    """

    attribute: str
    form: Form
    part: type | None = None
    required: bool = False
    none: bool = False


@cache
def keys_of(kind: type) -> Mapping[str, Key]:
    """Return the keys of the table of a class, by name.

    The name of a part is the name of its table. Lists of parts have a singular key: `[treatment.A.reward.gift]`.
    """
    hints = typing.get_type_hints(kind)
    found = {}
    for attribute in attrs.fields(kind):
        name = attribute.name
        if name in _NOT_WRITTEN.get(kind, ()) or (name == "name" and kind is not Policy):
            continue
        form, part = _form(hints[name])
        key = name.removesuffix("s") if form == "parts" else name
        none = type(None) in typing.get_args(hints[name]) and attribute.default is not None
        found[key] = Key(name, form, part, attribute.default is attrs.NOTHING, none)
    found |= {name: Key(name, "special", None, name == "share") for name in _SPECIAL.get(kind, ())}
    return found


def _form(hint: Any) -> tuple[Form, type | None]:
    """Return the form of the values of an attribute's type, and the class of its parts."""
    if typing.get_origin(hint) in (tuple, Mapping):
        inner = [one for one in typing.get_args(hint) if isinstance(one, type)][-1]
        if inner is Amount:
            return "amounts", None
        return ("parts", inner) if issubclass(inner, Part) else ("texts", None)
    if hint is DaysOff:
        return "value", None
    kinds = [one for one in (*typing.get_args(hint), hint) if isinstance(one, type)]
    if Amount in kinds:
        return "amount", None
    if Condition in kinds:
        return "condition", None
    parts = [one for one in kinds if issubclass(one, Part)]
    return ("part", parts[0]) if parts else ("value", None)


def belongs_to(key: str) -> str:
    """Return a sentence that says where a key belongs; an empty text if it is no key of a policy file."""
    if key == "name":
        return " The name of the table is the name."
    if key in _OTHER_WORDS:
        return f" Did you mean {_OTHER_WORDS[key]!r}?"
    places = [place for kind, place in PLACES.items() if key in keys_of(kind)]
    return f" It is a key of {' and of '.join(places)}." if places else ""
