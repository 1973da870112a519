"""Which packages fit how many customers, and who fits none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.data.field import Field
from custgrade.data.ids import positions
from custgrade.data.scale import NOT_GRADED
from custgrade.errors import ParameterError
from custgrade.findings.amounts import share_text
from custgrade.findings.finding import Cell, Finding
from custgrade.findings.subject import Floats, Subject, plan_of
from custgrade.model.graded import Graded
from custgrade.model.wording import amount, words
from custgrade.planning.choosing import NO_PACKAGE
from custgrade.planning.package import Package
from custgrade.planning.plan import Plan
from custgrade.text import counted, listed, type_with_article

_TITLE = "Which customers does no package fit?"


def package_fit(plan: Plan, by: Graded | None = None) -> Finding:
    """Return how many customers of each grade have each package, and how many fit none.

    A customer's package is the first of the policy's whose minimum sizes are all reached. Customers who may fit a
    package, but have an unknown value, are counted as unknown. For customers who fit none, the sentences say what they
    lack for the smallest package, the policy's last.

    by: other grades of the same customers, matched by id, to count by; by default the grades of the plan.

    Raises ParameterError without a plan, and if `by` isn't a Graded.
    """
    plan = plan_of(plan, "package_fit", "the policy has the packages")
    if by is not None and not isinstance(by, Graded):
        raise ParameterError(
            f"by must be other grades of the same customers, a Graded; received {type_with_article(by)}"
        )
    subject = Subject(plan.graded, plan)
    packages = plan.policy.packages
    if not packages:
        columns = [("grade", ""), ("customers", "customers")]
        return Finding("package-fit", _TITLE, columns, notes=[f"the policy {plan.policy.name!r} has no packages"])
    none, unclear = _without(plan, subject)
    grades, codes, notes = _grades(subject, by)
    masks = [plan.package == code for code in range(len(packages))] + [none, unclear]
    counts = [np.bincount(codes[mask], minlength=len(grades)).tolist() for mask in masks]
    sizes = np.bincount(codes, minlength=len(grades)).tolist()
    names = [("grade", ""), ("customers", "customers"), *((f"package {one.name}", "customers") for one in packages)]
    names += [("no package", "customers"), ("unknown", "customers")]
    kept = [k for k in range(len(grades)) if sizes[k] or k < len(grades) - 1]
    rows: list[tuple[Cell, ...]] = [(grades[k], sizes[k], *(found[k] for found in counts)) for k in kept]
    rows.append(("all", len(plan), *(sum(found) for found in counts)))
    missing = int(np.count_nonzero(none))
    says = [f"No package fits {counted(missing, 'customers')} of {len(plan):,}{_part(missing, len(plan))}."]
    if missing:
        with_none = [f"{grades[k]} {counts[-2][k]:,}" for k in kept if counts[-2][k]]
        says.append(f"By grade: {listed(with_none)}.")
    if unclear.any():
        notes.append(
            f"for {counted(int(np.count_nonzero(unclear)), 'customers')} it is unknown whether a package fits, because "
            f"they have no known value of one of: {listed(_fields(packages))}"
        )
    everybody: dict[str, npt.NDArray[np.generic]] = {"fits_none": none, "unknown": unclear}
    smallest = packages[-1]
    for name, gap in _gaps(subject, smallest, none).items():
        everybody[f"gap_{name}"] = gap
        lacking = gap[gap > 0.0]
        if len(lacking):
            says.append(_sentence(subject, smallest, name, lacking))
    return Finding("package-fit", _TITLE, names, rows, says, notes, everybody)


def _part(count: int, size: int) -> str:
    return f" ({share_text(count / size)})" if size else ""


def _fields(packages: tuple[Package, ...]) -> list[str]:
    return list(dict.fromkeys(name for package in packages for name in package.minimum))


def _without(plan: Plan, subject: Subject) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return who fits no package, and for whom that is unknown; both bool of shape (n,)."""
    everyone = np.arange(len(plan))
    possible = np.zeros(len(plan), dtype=bool)
    for package in plan.policy.packages:
        may_fit = np.ones(len(plan), dtype=bool)
        for name, floor in package.minimum.items():
            may_fit &= ~(subject.columns[name] < subject.columns.values(floor, everyone))
        possible |= may_fit
    left = plan.package == NO_PACKAGE
    return left & ~possible, left & possible


def _grades(subject: Subject, by: Graded | None) -> tuple[tuple[str, ...], npt.NDArray[np.int64], list[str]]:
    """Return the grades to count by, the position of each customer's grade in them, and notes."""
    if by is None:
        return subject.grades, subject.codes, []
    other = Subject(by, None)
    grades = other.grades
    rows = positions(subject.graded.base.ids, by.base.ids)
    codes = np.full(len(subject), len(grades) - 1, dtype=np.int64)
    codes[rows >= 0] = other.codes[rows[rows >= 0]]
    absent = int(np.count_nonzero(rows < 0))
    notes = [f"not among the other grades, and counted as {NOT_GRADED}: {counted(absent, 'customers')}"]
    return grades, codes, notes if absent else []


def _gaps(subject: Subject, package: Package, none: npt.NDArray[np.bool_]) -> dict[str, Floats]:
    """Return what each customer lacks for a package by field, 0 if nothing; NaN where unknown, or a package fits."""
    rows = np.flatnonzero(none)
    found = {}
    for name, floor in package.minimum.items():
        gap = np.full(len(subject), np.nan)
        gap[rows] = np.maximum(subject.columns.values(floor, rows) - subject.columns[name][rows], 0.0)
        found[name] = gap
    return found


def _sentence(subject: Subject, package: Package, name: str, lacking: Floats) -> str:
    base = subject.graded.base
    field = base.fields.get(name, Field(name, ""))
    least, middle = (amount(field, float(value), base.currency) for value in (lacking.min(), np.median(lacking)))
    return (
        f"Too little {words(name)} for the package {package.name!r}: {len(lacking):,} of them; the smallest gap is "
        f"{least}, the median {middle}."
    )
