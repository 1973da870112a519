"""The settings of `custgrade plan`, from options and the configuration file."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from custgrade.cli.configuration import from_file
from custgrade.cli.option_values import grades_given, number, pairs, parameters_given
from custgrade.cli.settings import (
    ModelCommandSettings,
    model_command_settings,
    refuse_replacing,
    scorer_files,
)
from custgrade.data.converters import tupled
from custgrade.data.period import as_date
from custgrade.errors import ConfigurationError
from custgrade.export.formats import check_outputs
from custgrade.files import same_file

_KINDS = ("sales", "service")


@frozen
class PlanSettings:
    """The settings of `custgrade plan`.

    source: the customers, the model, the manual grades and the table of customers to write. policy: a plug-in's name,
    `module:function`, or a file. parameters: of the policy. grades: the policy's grade by grade of the scale. on: the
    day of the plan. start: the first day of the programme; None for that of the log. horizon: how
    far ahead actions are listed. waivers, groups: the files of waivers and of groups of customers. hours:
    the hours a quarter that there are, by kind. actions: the file of actions to write. log: the log to plan
    from, a path or a URL. enter: whether the plan is recorded in it. sheets: ids of customers. ways: whether the ways
    up are written. findings: whether the policy's findings are printed.
    """

    source: ModelCommandSettings
    policy: str
    on: dt.date
    start: dt.date | None = None
    parameters: Mapping[str, Any] = field(factory=dict)
    grades: Mapping[str, str] = field(factory=dict)
    horizon: str = "92d"
    waivers: str | None = None
    hours: Mapping[str, float] = field(factory=dict)
    groups: str | None = None
    actions: str | None = None
    log: str | None = None
    enter: bool = False
    sheets: tuple[str, ...] = field(default=(), converter=tupled)
    ways: bool = False
    findings: bool = False

    def __attrs_post_init__(self) -> None:
        source = self.source
        for option, path in (
            ("waivers", self.waivers),
            ("groups", self.groups),
            ("actions", self.actions),
            ("log", self.log),
        ):
            if path == "":
                raise ConfigurationError(f"--{option} has an empty file name; give a name, or leave out the option")
        if self.enter and not self.log:
            raise ConfigurationError("--enter records the plan in a log: give --log FILE, or leave out --enter")
        if self.start is not None and self.start > self.on:
            raise ConfigurationError(f"--start must be on or before --on, {self.on}; received {self.start}")
        if self.ways and not source.out:
            raise ConfigurationError("--ways adds columns to the file of --out: give --out FILE, or leave out --ways")
        file = None if self.log is None or "://" in self.log else self.log
        mine = [self.waivers, self.groups, file, *scorer_files([self.policy])]
        read = [*source.orders, *source.customers, *source.models, source.overrides, source.config, *mine]
        refuse_replacing("--out", source.out, mine)
        refuse_replacing("--actions", self.actions, [*read, *scorer_files(source.scorers)])
        source.refuse_among_sources("--actions", self.actions)
        refuse_replacing("--bad-rows", source.bad_rows, mine)
        for option, path in (("out", source.out), ("bad-rows", source.bad_rows)):
            if path and self.actions and same_file(path, self.actions):
                raise ConfigurationError(f"--{option} and --actions both name {path}; name two files")
        check_outputs(source.out, source.bad_rows)
        check_outputs(self.actions)


def plan_settings(options: argparse.Namespace) -> PlanSettings:
    """Return the settings of `custgrade plan`.

    Raises ConfigurationError, SourceError for a wrong date, and OutputError for a file that can't be written.
    """
    source = model_command_settings(options)
    filed = from_file(Path(options.config)) if options.config else {}
    name = options.policy or filed.get("policy")
    # parameters of another policy than the chosen one aren't used
    parameters = filed.get("policy_parameters", {}) if name == filed.get("policy") else {}
    if not name:
        raise ConfigurationError("no policy is given: give --policy NAME (custgrade policies lists them)")
    if options.on is None:
        raise ConfigurationError("no day is given: give the day of the plan, for example --on 2026-01-31")
    on = as_date(options.on, "--on")
    hours = pairs(options.hours, "--hours", "KIND=HOURS")
    odd = [name for name in hours if name not in _KINDS]
    if odd:
        raise ConfigurationError(f"--hours takes sales=HOURS or service=HOURS; received {odd[0]}={hours[odd[0]]}")
    optional = {name: getattr(options, name) for name in ("horizon", "waivers", "groups", "actions")}
    optional["log"] = filed.get("log") if options.log is None else options.log
    return PlanSettings(
        source=source,
        policy=name,
        on=on,
        start=None if options.start is None else as_date(options.start, "--start"),
        parameters={**parameters, **parameters_given(options)},
        grades=grades_given(options),
        hours={name: number(text, f"--hours {name}", "a number of hours") for name, text in hours.items()},
        sheets=options.sheet or (),
        ways=options.ways,
        enter=options.enter,
        findings=options.findings,
        **{name: value for name, value in optional.items() if value is not None},
    )
