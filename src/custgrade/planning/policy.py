"""Policies: a treatment for each grade and for ungraded customers, as data."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from custgrade.argument_checks import is_one_of, mapping_of
from custgrade.data.converters import parts_of, read_only
from custgrade.data.scale import NOT_GRADED, GradeScale, ScaleAxis, labels_of
from custgrade.errors import Hint, PolicyError
from custgrade.planning.action import Action
from custgrade.planning.amount import Amount, amounts_by_name, as_amount_or_none, is_amount
from custgrade.planning.days_off import DaysOff, as_days_off
from custgrade.planning.package import Package
from custgrade.planning.part import Part, instance_of, named_once, number, one_line, sentence, texts_by, whole
from custgrade.planning.reads import columns_read
from custgrade.planning.reward import Reward
from custgrade.planning.service_level import ServiceLevel
from custgrade.planning.shortlist import Shortlist
from custgrade.planning.treatment import Treatment
from custgrade.scoring.origin import Origin
from custgrade.text import did_you_mean, listed, shown
from custgrade.toml_files import TomlFile

MOST_TREATMENTS = 254
MOST_PACKAGES = 255


def _scale(value: Any) -> GradeScale:
    return value if isinstance(value, GradeScale) else GradeScale([ScaleAxis("grade", labels_of(value))])


def _treatments(value: Any) -> Mapping[str, Treatment]:
    found = {**mapping_of(value, "treatments", PolicyError)}
    for grade, one in found.items():
        if not isinstance(grade, str) or type(one) is not Treatment:
            raise PolicyError(f"treatments must have a Treatment for each grade; received {shown(grade)}: {shown(one)}")
    return read_only(found)


def _details(value: Any) -> Mapping[str, Amount]:
    found = amounts_by_name(mapping_of(value, "details", PolicyError), "details")
    odd = [name for name in found if not name.isidentifier()]
    if odd:
        raise PolicyError(f"the name of a detail is that of a column: letters, digits and _; received {odd[0]!r}")
    return read_only(found)


def _functions(value: Any) -> tuple[Callable[..., Any], ...]:
    found = (value,) if callable(value) else tuple(value) if isinstance(value, Iterable) else (value,)
    odd = [one for one in found if not callable(one)]
    if odd:
        raise PolicyError(
            f"findings must be functions of a plan, such as custgrade.findings.pareto; received {shown(odd[0])}"
        )
    return found


def default_base() -> ServiceLevel:
    """Return the base level of a policy that states none: an answer within 24 working hours, half an hour a quarter."""
    return ServiceLevel(Amount(24.0), Amount(0.5), "shared desk")


def default_ungraded() -> Treatment:
    """Return the treatment of ungraded customers of a policy that states none: they are asked, at the base level."""
    ask = Action("needs", "ask", "what they need, and what they plan to buy", "they may be trying us out")
    return Treatment("get to know them", "ask", actions=ask, way_up="tell us what you need and plan to buy")


def _packages(value: Any) -> tuple[Package, ...]:
    return parts_of(Package, value, "packages", PolicyError)


def _shortlists(value: Any) -> tuple[Shortlist, ...]:
    return parts_of(Shortlist, value, "shortlists", PolicyError)


def _also(value: Any) -> Mapping[str, str]:
    return texts_by(value, "also", "grade")


def counterpart(grade: str, grades: Sequence[str], own: Sequence[str]) -> str:
    """Return the own grade whose position is like that of a grade among other grades: the best for the best one."""
    last = max(len(grades) - 1, 1)
    # the nearest place, rounded half up in whole numbers
    return own[(2 * grades.index(grade) * (len(own) - 1) + last) // (2 * last)]


@frozen
class Policy(Part):
    """A policy: a treatment for each grade of a scale and for ungraded customers, and a level that nobody falls below.

    name: lower-case letters, digits, `-` and `_`. purpose: a sentence. grades: a `GradeScale`, or the labels of one
    axis best first, such as `ABCD`. treatments: by grade, exactly one for each. base: what every customer is entitled
    to. ungraded: the treatment of customers without a grade. also: for grades of other scales, the grade whose
    treatment they get. packages: in the order in which a customer's package is looked for. shortlists: lists for
    rewards and actions. at_stake: money over the base's period; at_stake_means: what this money is, a sentence.
    budget_months: the length of a budget period. sales_rate, service_rate: money an hour. gift_limit, gift_limit_year:
    the most money for one gift, and for all gifts of one customer in a year. hold_days: how long a customer keeps the
    entitlements of a better grade after a fall; 0 for not at all. pause_months: for a customer who comes back to a
    grade so many months after a reward or an action, its dates and its tries begin anew. contact_limit: the most times
    that a customer is contacted within contact_days days, over all policies; None for no limit. days_off: weekdays and
    dates on which nobody works, as a list such as `["saturday", "sunday", "2026-12-25"]`. findings: functions of a
    plan; policies that differ in them only are equal. details: further columns of the plan. origin: the scheme and its
    parameters. source: the TOML file of the policy.

    The guard checks a policy on every plan; see `check_policy`.

    Raises PolicyError, and TracingError for a function that isn't row-local.
    """

    name: str = field(validator=sentence)
    purpose: str = field(validator=sentence)
    grades: GradeScale = field(converter=_scale)
    treatments: Mapping[str, Treatment] = field(converter=_treatments, hash=False)
    base: ServiceLevel = field(factory=default_base, validator=instance_of(ServiceLevel))
    ungraded: Treatment = field(factory=default_ungraded, validator=instance_of(Treatment))
    also: Mapping[str, str] = field(factory=dict, converter=_also, hash=False)
    packages: tuple[Package, ...] = field(default=(), converter=_packages)
    shortlists: tuple[Shortlist, ...] = field(default=(), converter=_shortlists)
    at_stake: Amount | None = field(default=None, converter=as_amount_or_none, validator=is_amount)
    at_stake_means: str = field(default="", validator=one_line)
    budget_months: int = field(default=12, validator=whole(1, "months"))
    sales_rate: float = field(default=60.0, validator=number("money an hour"))
    service_rate: float = field(default=40.0, validator=number("money an hour"))
    gift_limit: float = field(default=150.0, validator=number("money"))
    gift_limit_year: float = field(default=600.0, validator=number("money"))
    hold_days: int = field(default=90, validator=whole(0, "days"))
    pause_months: int = field(default=12, validator=whole(1, "months"))
    contact_limit: int | None = field(default=None, validator=whole(1, "contacts", optional=True))
    contact_days: int = field(default=30, validator=whole(1, "days"))
    days_off: DaysOff = field(factory=DaysOff, converter=as_days_off)
    findings: tuple[Callable[..., Any], ...] = field(default=(), converter=_functions, eq=False)
    details: Mapping[str, Amount] = field(factory=dict, converter=_details, hash=False)
    origin: Origin | None = field(default=None, eq=False, repr=False)
    source: TomlFile | None = field(default=None, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        where, own = f"policy {self.name!r}", self.grades.grades
        if len(own) > MOST_TREATMENTS:
            raise PolicyError(f"{where} has {len(own)} grades; a policy has at most {MOST_TREATMENTS}")
        if len(self.packages) > MOST_PACKAGES:
            raise PolicyError(f"{where} has {len(self.packages)} packages; a policy has at most {MOST_PACKAGES}")
        missing = [grade for grade in own if grade not in self.treatments]
        stray = [grade for grade in self.treatments if grade not in own]
        if stray:
            raise PolicyError(
                f"{where} has a treatment for {listed(map(repr, stray))}, which isn't among its grades: {listed(own)}."
                f"{did_you_mean(stray[0], own)}"
            )
        if missing:
            raise PolicyError(
                f"{where} has no treatment for {listed(missing)}; each of its grades needs one: {listed(own)}"
            )
        for foreign, grade in self.also.items():
            if grade not in own:
                raise PolicyError(
                    f"{where}: also maps {foreign!r} to {grade!r}, which isn't among its grades: {listed(own)}."
                    f"{did_you_mean(grade, own)}"
                )
        named_once(self.packages, "packages")
        named_once(self.shortlists, "shortlists")
        self._check_references(where)

    def _check_references(self, where: str) -> None:
        lists, packages = [one.name for one in self.shortlists], [one.name for one in self.packages]
        for one in self.shortlists:
            self._check_known(f"{where}, shortlist {one.name!r}: among", one.among, self.grades.grades)
        for grade, treatment in self.by_place:
            limited: tuple[Reward | Action, ...] = (*treatment.rewards, *treatment.actions)
            for part in limited:
                self._check_known(f"{where}, {grade}, {part.name!r}: only", [part.only] if part.only else [], lists)
            for offer in treatment.offers:
                named = [offer.package] if offer.package else []
                self._check_known(f"{where}, {grade}, offer {offer.name!r}: package", named, packages)

    @staticmethod
    def _check_known(where: str, names: Iterable[str], known: Iterable[str]) -> None:
        for name in names:
            if not is_one_of(name, known):
                raise PolicyError(f"{where} has {name!r}; there are: {listed(known)}.{did_you_mean(name, known)}")

    @property
    def by_place(self) -> list[tuple[str, Treatment]]:
        """The grades with their treatments, best first; the last is `ungraded`. Plans store positions in this list."""
        return [*((grade, self.treatments[grade]) for grade in self.grades.grades), (NOT_GRADED, self.ungraded)]

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The columns that amounts, conditions and shortlists read, in a fixed order; derived fields as their parts."""
        return columns_read(self)

    def level_of(self, treatment: Treatment) -> ServiceLevel:
        """Return the service level of a treatment, the base level if it states none."""
        return treatment.level or self.base

    def mapped(self, grades: Mapping[str, str]) -> Policy:
        """Return the policy with treatments for grades of other scales: `{"E": "D"}` treats customers of grade E as D.

        Raises PolicyError if the policy lacks a grade.
        """
        own, found = self.grades.grades, texts_by(grades, "grades", "grade")
        for foreign, grade in found.items():
            if grade not in own:
                raise PolicyError(
                    f"policy {self.name!r}: grade {foreign!r} can't be mapped to {grade!r}, which isn't among the "
                    f"policy's grades: {listed(own)}.{did_you_mean(grade, own)}"
                )
        return evolve(self, also={**self.also, **found})

    def places(self, scale: GradeScale) -> tuple[int, ...]:
        """Return the position in `by_place` of the treatment for each grade of a scale, and for ungraded customers.

        Raises PolicyError if a grade of the scale has no treatment.
        """
        own = self.grades.grades
        found = {grade: grade if grade in own else self.also.get(grade) for grade in scale.grades}
        missing = [grade for grade, treated in found.items() if treated is None]
        if missing:
            like = counterpart(missing[0], scale.grades, own)
            example = shlex.quote(f"{missing[0]}={like}")
            raise PolicyError(
                f"policy {self.name!r} has no treatment for {listed(missing)} of the scale {listed(scale.grades)}. "
                f"It has treatments for: {listed(dict.fromkeys([*own, *self.also]))}.",
                Hint(
                    f"Map each grade to one of the policy's: grades={{{missing[0]!r}: {like!r}}}.",
                    f"Map each grade to one of the policy's: --grade {example}.",
                ),
            )
        return (*(own.index(str(treated)) for treated in found.values()), len(own))
