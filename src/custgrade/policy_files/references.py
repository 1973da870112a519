"""Names in a policy file that stand for other parts of it: grades, shortlists and packages."""

from __future__ import annotations

from collections.abc import Iterable

from custgrade.policy_files.table import Table


def check_references(top: Table, grades: Iterable[str]) -> None:
    """Raise ConfigurationError if a key names a grade, a shortlist or a package that the policy doesn't have."""
    grades, lists, packages = list(grades), top.named("shortlist"), top.named("package")
    if "also" in top:
        also = top.sub("also")
        for foreign in also.content:
            also.check_one_of(foreign, _names(also, foreign), grades, "grades of the policy")
    for one in lists.values():
        one.check_one_of("among", _names(one, "among"), grades, "grades of the policy")
    treatments = [*top.named("treatment").values(), *([top.sub("ungraded")] if "ungraded" in top else [])]
    for treatment in treatments:
        for part in (*treatment.named("reward").values(), *treatment.named("action").values()):
            part.check_one_of("only", _names(part, "only"), lists, "shortlists")
        for offer in treatment.named("offer").values():
            offer.check_one_of("package", _names(offer, "package"), packages, "packages")
        for incentive in treatment.named("incentive").values():
            incentive.check_one_of("reaching", _names(incentive, "reaching"), grades, "grades of the policy")


def _names(table: Table, key: str) -> list[str]:
    """Return the names of a key's value; other values are checked where the part is made."""
    value = table.content.get(key, "")
    if isinstance(value, str):
        return list(value) if key == "among" else [value] if value else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
