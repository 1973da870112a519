"""Findings: answers about the whole base, as small tables with sentences, shared by policies and the command line.

Each name is imported on first use, so that a plug-in with a policy doesn't slow down commands that make no plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custgrade.lazy_names import lazy_names

if TYPE_CHECKING:
    from custgrade.findings.answering import answers as answers
    from custgrade.findings.by_name import FINDINGS as FINDINGS
    from custgrade.findings.concentration import pareto as pareto
    from custgrade.findings.contrasting import contrast as contrast
    from custgrade.findings.ease_of_buying import friction as friction
    from custgrade.findings.finding import Finding as Finding
    from custgrade.findings.fitting_packages import package_fit as package_fit
    from custgrade.findings.hours_promised import capacity as capacity
    from custgrade.findings.hours_spent import servicing as servicing
    from custgrade.findings.losing_sight import out_of_sight as out_of_sight
    from custgrade.findings.mix import target_mix as target_mix
    from custgrade.findings.mixes import mix_over_time as mix_over_time
    from custgrade.findings.one_per_cent import one_percent as one_percent
    from custgrade.findings.showing import showcase as showcase
    from custgrade.findings.slipping import slipped as slipped
    from custgrade.findings.spending import spend as spend
    from custgrade.findings.thanking import recognition as recognition

_NAMES_BY_MODULE = {
    "custgrade.findings.by_name": "FINDINGS",
    "custgrade.findings.concentration": "pareto",
    "custgrade.findings.contrasting": "contrast",
    "custgrade.findings.ease_of_buying": "friction",
    "custgrade.findings.finding": "Finding",
    "custgrade.findings.fitting_packages": "package_fit",
    "custgrade.findings.hours_promised": "capacity",
    "custgrade.findings.hours_spent": "servicing",
    "custgrade.findings.mix": "target_mix",
    "custgrade.findings.one_per_cent": "one_percent",
    "custgrade.findings.slipping": "slipped",
    "custgrade.findings.answering": "answers",
    "custgrade.findings.mixes": "mix_over_time",
    "custgrade.findings.losing_sight": "out_of_sight",
    "custgrade.findings.thanking": "recognition",
    "custgrade.findings.showing": "showcase",
    "custgrade.findings.spending": "spend",
}
"""The public names by the module that defines them."""

_MODULE_OF = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)

# hidden from type checkers, which would otherwise accept any name
if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, _MODULE_OF)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
