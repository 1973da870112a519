"""The commands that show what there is: `plugins`, `scorers` and `policies`."""

from __future__ import annotations

from custgrade.cli.options.command import Command

PLUGINS = Command(
    "list the installed plug-ins",
    "List the installed plug-ins with their distributions, versions, what they provide, and their faults.",
)
SCORERS = Command(
    "list the scorers, or show the parameters of one",
    "List the scorers. With NAME, show the parameters of that scorer with types, defaults, units and examples.",
    names=(("name", "?", "NAME", "a plug-in's scorer, module:function, or a scorecard file .toml"),),
)
POLICIES = Command(
    "list the policies, or show one",
    "List the policies. With NAME, show that policy: its parameters, the scorers that it fits, whether it passes the "
    "guard, and what each grade gets. The exit status is 1 if it breaches a rule of the guard.",
    "custgrade policies shop.toml",
    {
        "policy": (
            ("--param", "NAME=VALUE", "set a parameter of the policy; VALUE is TOML, or text without quotes", True),
            ("--count", "GRADE=NUMBER", "the number of customers of a grade, to show the hours of all of them", True),
        )
    },
    names=(("name", "?", "NAME", "a plug-in's policy, module:function, or a policy file .toml"),),
)
