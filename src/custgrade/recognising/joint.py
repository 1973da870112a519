"""What several files hold together: one mapping of columns, one way of reading, and one scorer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve, frozen

from custgrade.recognising.recognised import Finding, RecognisedFile
from custgrade.recognising.value_checks import AMOUNTS, DATES

_STOPPED = ("cancel", "storno", "storniert", "annul", "anul", "refund", "erstatt", "rembours", "reembols", "failed")
_STOPPED_TOO = (
    "fehlgeschlagen",
    "échou",
    "fallid",
    "draft",
    "entwurf",
    "brouillon",
    "borrador",
    "test",
    "void",
    "trash",
)


@frozen
class JointFiles:
    """Files that are graded together.

    files: all of them. used: those that can be read together; refused: the others, each with the reason.
    findings: those of the used files, with each certain field once.
    """

    files: tuple[RecognisedFile, ...]
    used: tuple[RecognisedFile, ...]
    refused: tuple[tuple[RecognisedFile, str], ...]
    findings: tuple[tuple[RecognisedFile, Finding], ...]

    def of_kind(self, kind: str) -> list[RecognisedFile]:
        """Return the used files of a kind."""
        return [file for file in self.used if file.kind == kind]

    @property
    def certain(self) -> dict[str, Finding]:
        """The certain findings by field."""
        return {one.field: one for _, one in self.findings if one.certain}

    @property
    def missing(self) -> list[str]:
        """The fields without which nothing can be graded, and that aren't certain."""
        needed = ["customer_id"] + ["date"] * bool(self.of_kind("orders"))
        return [field for field in needed if field not in self.certain]

    @property
    def score(self) -> str:
        """The field that customers can be graded by: profit, else revenue, else another; empty where there is none."""
        certain = self.certain
        product = {"quantity", "unit_price"} <= certain.keys()
        if "profit" in certain or (("revenue" in certain or product) and {"cost", "unit_cost"} & certain.keys()):
            return "profit"
        if "revenue" in certain or product:
            return "revenue"
        if self.of_kind("orders") or "orders" in certain:
            return "orders"
        others = [name for name in certain if name not in ("customer_id", "name", "currency", "status", *DATES)]
        return others[0] if others else ""

    def decimal_signs(self) -> set[str]:
        """Return the decimal signs of the amounts in text, with "?" for those that may be read in two ways."""
        facts = (file.fact(one.column) for file, one in self.findings if one.field in AMOUNTS or one.certain)
        return {fact.decimal for fact in facts if fact.are_amounts and not fact.typed} - {""}

    def date_formats(self) -> dict[str, dict[str, str]]:
        """Return for each certain column of dates its possible formats, each with an example; ISO dates have none."""
        found = {}
        for file, one in self.findings:
            if one.certain and one.field in DATES:
                fact = file.fact(one.column)
                found[one.column] = {form: f"{fact.example} is {day}" for form, day in fact.formats}
        return found


def joint(files: Iterable[RecognisedFile]) -> JointFiles:
    """Return what files hold together.

    A field has one column name for all files. A file with another column for the customer's id, or for a field of its
    own kind, can't be read with the first ones.
    """
    every = tuple(files)
    used: list[RecognisedFile] = []
    refused: list[tuple[RecognisedFile, str]] = []
    findings: list[tuple[RecognisedFile, Finding]] = []
    columns: dict[str, tuple[RecognisedFile, str]] = {}
    seen: set[tuple[str, str]] = set()
    for file in sorted(every, key=lambda one: ("orders", "customers", "other").index(one.kind)):
        reason = _refusal(file, used, columns)
        if reason:
            refused.append((file, reason))
            continue
        used.append(file)
        for one in file.findings:
            first = columns.get(one.field)
            if first is None and (one.field, one.column) not in seen:
                seen.add((one.field, one.column))
                findings.append((file, one))
            elif (
                first is not None
                and one.certain
                and first[0].kind != file.kind
                and one.field not in ("customer_id", "name", "currency")
            ):
                doubt = f"{first[0].path} has {one.field} too"
                findings.append((file, evolve(one, doubt=doubt)))
        for field, column in file.mapping.items():
            columns.setdefault(field, (file, column))
    certain = {one.field for _, one in findings if one.certain}
    kept = [(file, one) for file, one in findings if one.certain or one.field not in certain or "too" in one.doubt]
    return JointFiles(every, tuple(used), tuple(refused), tuple(kept))


def _refusal(
    file: RecognisedFile, used: Sequence[RecognisedFile], columns: dict[str, tuple[RecognisedFile, str]]
) -> str:
    if file.kind == "other":
        return file.reason
    if not used:
        return ""
    mapping = file.mapping
    if "customer_id" not in mapping:
        return "no column of it is certain to identify customers"
    for field, column in mapping.items():
        first = columns.get(field)
        if first is not None and first[1] != column and (field == "customer_id" or first[0].kind == file.kind):
            return (
                f"{field} is {column!r} here and {first[1]!r} in {first[0].path}; a field has one column name in all "
                f"files: rename the column"
            )
    return ""


def stopped_values(values: Iterable[str]) -> list[str]:
    """Return the values of a status that say that an order doesn't count, in text order."""
    marks = (*_STOPPED, *_STOPPED_TOO)
    return sorted(value for value in values if any(mark in value.casefold() for mark in marks))
