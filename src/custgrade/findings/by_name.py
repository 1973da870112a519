"""The findings by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from custgrade.data.converters import read_only
from custgrade.findings.answering import answers
from custgrade.findings.concentration import pareto
from custgrade.findings.contrasting import contrast
from custgrade.findings.ease_of_buying import friction
from custgrade.findings.finding import Finding
from custgrade.findings.fitting_packages import package_fit
from custgrade.findings.hours_promised import capacity
from custgrade.findings.hours_spent import servicing
from custgrade.findings.losing_sight import out_of_sight
from custgrade.findings.mix import target_mix
from custgrade.findings.mixes import mix_over_time
from custgrade.findings.one_per_cent import one_percent
from custgrade.findings.showing import showcase
from custgrade.findings.slipping import slipped
from custgrade.findings.spending import spend
from custgrade.findings.thanking import recognition

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
    out_of_sight,
    recognition,
    showcase,
    mix_over_time,
    answers,
)

FINDINGS: Mapping[str, Callable[..., Finding]] = read_only(
    {function.__name__.replace("_", "-"): function for function in _FUNCTIONS}
)
"""The functions of findings by name, such as `target-mix`, read-only. The first argument is a plan."""
