"""Findings: answers about the whole base, as small tables with sentences, shared by policies and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from custgrade.data.converters import read_only
from custgrade.findings.concentration import pareto
from custgrade.findings.contrasting import contrast
from custgrade.findings.ease_of_buying import friction
from custgrade.findings.finding import Finding
from custgrade.findings.fitting_packages import package_fit
from custgrade.findings.hours_promised import capacity
from custgrade.findings.hours_spent import servicing
from custgrade.findings.mix import target_mix
from custgrade.findings.one_per_cent import one_percent
from custgrade.findings.slipping import slipped
from custgrade.findings.spending import spend

_FUNCTIONS = (
    spend,
    target_mix,
    pareto,
    contrast,
    servicing,
    capacity,
    one_percent,
    package_fit,
    friction,
    slipped,
)

FINDINGS: Mapping[str, Callable[..., Finding]] = read_only(
    {function.__name__.replace("_", "-"): function for function in _FUNCTIONS}
)
"""The functions of findings by name, such as `target-mix`, read-only. The first argument is a plan."""

__all__ = [
    "FINDINGS",
    "Finding",
    "capacity",
    "contrast",
    "friction",
    "one_percent",
    "package_fit",
    "pareto",
    "servicing",
    "slipped",
    "spend",
    "target_mix",
]
