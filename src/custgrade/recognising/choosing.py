"""The columns that may hold a field, and which of them certainly does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from custgrade.recognising.column_facts import ColumnFacts, Sample
from custgrade.recognising.recognised import Finding, Kind
from custgrade.recognising.relations import equal, equivalent
from custgrade.recognising.value_checks import doubt_of, evidence_of
from custgrade.recognising.vocabulary import Strength
from custgrade.text import listed

_OTHER_READINGS = {
    "customer_id": "it may identify something else than customers",
    "order_id": "it may identify something else than orders",
    "date": "it may be the date of something else than the order",
    "revenue": "it may hold something else than revenue without tax",
    "quantity": "it may hold something else than quantities",
    "unit_price": "it may be the price of the whole line",
    "cost": "it may be the cost of one unit",
    "unit_cost": "it may be the cost of the whole line",
    "profit": "a margin may be money or a share",
    "first_order": "it may be the day on which the customer was entered",
    "line_discount": "it may be a discount on the whole order",
}
_SURE: tuple[Strength, ...] = ("names", "alone")
_NAMES = "it holds names: two customers with the same name would be one"
_MAILS = "addresses identify customers only if each customer has one address, always written alike"


def choose(field: str, named: Mapping[str, Strength], sample: Sample, kind: Kind) -> list[Finding]:
    """Return the findings for a field: one that is certain, or all that are doubtful.

    named: the strength of each column's name. A name and its values must agree; of several such columns, one is certain
    only if the others say the same.
    """
    by: dict[Strength, list[ColumnFacts]] = {"names": [], "alone": [], "doubtful": []}
    reasons: dict[str, str] = {}
    for column, strength in named.items():
        facts = sample.columns.get(column)
        if facts is None:
            continue
        reasons[column] = doubt_of(field, facts, kind) or _reading_doubt(field, facts, strength, kind)
        by[strength].append(facts)
    fitting = {strength: [one for one in some if not reasons[one.name]] for strength, some in by.items()}
    for sure in _SURE:
        if fitting[sure] and _agree(field, fitting[sure], sample):
            one = fitting[sure][0]
            return [Finding(field, one.name, evidence_of(field, one, kind))]
        if by[sure]:
            break
    found: list[Finding] = []
    rivals = [one for strength in _SURE for one in fitting[strength]]
    for strength, some in by.items():
        for facts in some:
            doubt = reasons[facts.name]
            if strength == "doubtful" and doubt and doubt not in (_NAMES, _MAILS):
                continue
            if not doubt and strength != "doubtful" and len(rivals) > 1:
                doubt = f"one of several: {listed(repr(one.name) for one in rivals)}"
            doubt = doubt or _OTHER_READINGS.get(field, "its name may mean something else")
            found.append(Finding(field, facts.name, evidence_of(field, facts, kind), doubt))
    return found


def _reading_doubt(field: str, facts: ColumnFacts, strength: Strength, kind: Kind) -> str:
    """Return why a column that fits a field isn't taken for it, by its values."""
    if field == "customer_id" and strength != "names":
        if facts.mails * 2 > facts.filled:
            return _MAILS
        if not doubt_of("name", facts, kind):
            return _NAMES
    return ""


def _agree(field: str, columns: Sequence[ColumnFacts], sample: Sample) -> bool:
    """Return whether all columns say the same about a field."""
    same: Callable[[Sample, ColumnFacts, ColumnFacts], bool] = (
        equivalent if field in ("customer_id", "order_id", "category", "name") else equal
    )
    return all(same(sample, one, other) for one, other in pairwise(columns))
