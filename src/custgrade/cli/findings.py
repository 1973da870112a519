"""`custgrade findings [NAME]`: a table of the findings, or the answer of one for the customers of a saved model."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from custgrade.cli.chosen_scorer import scheme
from custgrade.cli.findings_text import finding_text
from custgrade.cli.model_command import settings_and_models
from custgrade.cli.option_values import grades_given, pairs, parameters_given, toml_value
from custgrade.cli.progress import Progress
from custgrade.cli.report import aligned, read_lines
from custgrade.cli.settings import SourceSettings
from custgrade.cli.sources import source_rows
from custgrade.errors import ConfigurationError
from custgrade.findings import FINDINGS, Finding
from custgrade.grading.reading import Reading, joined_head, reading
from custgrade.ingest.rows.bad_rows_report import bad_rows_report
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.stream import GradedStream
from custgrade.planning.making import plan
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.text import did_you_mean, listed

if TYPE_CHECKING:
    from custgrade.events.log import EventLog

Function = Callable[..., Finding]
_BY_LOG = ("out-of-sight", "recognition", "showcase", "mix-over-time", "answers")


def run(options: argparse.Namespace) -> int:
    """Print the list of findings, or one of them; return the exit status."""
    if options.name is None:
        print(_all())
        return 0
    function = _function(options.name)
    arguments = _arguments(function, options.set or ())
    grades = grades_given(options)
    wanted, (model,) = settings_and_models(options)
    earlier = wanted.earlier()
    if earlier is not None and "before" not in inspect.signature(function).parameters:
        raise ConfigurationError(f"--before and --before-as-of are for the finding slipped, not for {options.name}")
    given_for_plan = (("--on", wanted.on), ("--grade", grades), ("--param", options.param), ("--log", options.log))
    for option, given in given_for_plan:
        if given and options.policy is None:
            raise ConfigurationError(f"{option} is for a plan: give --policy NAME too, or leave out {option}")
    if options.log is not None and wanted.on is None:
        raise ConfigurationError("with --log, the day decides which events count: give --on DATE")
    policy = None
    if options.policy is not None:
        policy = scheme(options.policy, "policies").policy(**parameters_given(options))
    log = None if options.log is None else _log(options.log)
    with ExitStack() as stack:
        progress = stack.enter_context(Progress())
        report = stack.enter_context(bad_rows_report(wanted.bad_rows))

        def read(settings: SourceSettings) -> Reading:
            files = source_rows(settings, [model.scorer], report)
            return stack.enter_context(reading(files, list(joined_head(files).columns), False, progress))

        found = read(wanted)
        graded = _graded(model, found, wanted.any_period)
        if earlier is not None:
            arguments["before"] = _graded(model, read(earlier), wanted.any_period)
        subject = graded if policy is None else _plan(graded, policy, wanted.on, grades, log)
        print(finding_text(function(subject, **arguments), graded.base.currency))
    written = [f"wrote {wanted.bad_rows}"] if wanted.bad_rows else []
    print("\n".join(["", *written, *read_lines(found.loaded.base)]))
    return 0


def _all() -> str:
    rows = [["finding", "what it answers", "needs", "--set"]]
    for name, function in FINDINGS.items():
        summary = (function.__doc__ or "").partition(".")[0].removeprefix("Return ").split("\n")[0]
        rows.append([name, summary, _needs(name, function), ", ".join(_settable(function))])
    return aligned(rows, text_columns=4) + "\n\ncustgrade findings NAME --model FILE --orders FILE shows the answer"


def _needs(name: str, function: Function) -> str:
    if name in _BY_LOG:
        return "--policy, --log"
    parameters = inspect.signature(function).parameters
    if "before" in parameters:
        return "--before or --before-as-of"
    return "--policy" if parameters["plan"].annotation == "Plan" else ""


def _settable(function: Function) -> list[str]:
    """Return the arguments of a finding that a text can give."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [one.name for one in parameters if not {"Graded", "Proxy"} & set(_words(one.annotation))]


def _words(annotation: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in annotation).split()


def _function(name: str) -> Function:
    if name not in FINDINGS:
        raise ConfigurationError(
            f"there is no finding {name!r}.{did_you_mean(name, FINDINGS)} There are: {listed(FINDINGS)}"
        )
    return FINDINGS[name]


def _arguments(function: Function, given: Sequence[str]) -> dict[str, Any]:
    """Return the arguments of `--set NAME=VALUE` by name.

    Raises ConfigurationError for an argument that the finding doesn't take, or that is given twice.
    """
    known, found = _settable(function), pairs(given, "--set", "NAME=VALUE")
    for name in found:
        if name not in known:
            raise ConfigurationError(
                f"--set has {name!r}, which the finding doesn't take; it takes: {listed(known)}."
                f"{did_you_mean(name, known)}"
            )
    return {name: toml_value(value) for name, value in found.items()}


def _graded(model: GradingModel, found: Reading, any_period: bool) -> Graded:
    """Return all customers with their grades, in memory."""
    base = found.loaded.base
    base = evolve(base, currency=base.currency or model.currency)
    return GradedStream.of(model, base, any_period=any_period).part(slice(0, len(base)))


def _log(where: str) -> EventLog:
    """Return the log of a file or a URL.

    Raises ConfigurationError for a file that doesn't exist.
    """
    if "://" not in where and not Path(where).is_file():
        raise ConfigurationError(f"there is no log {where!r}; it is made by the first plan that is recorded in it")
    # SQLAlchemy is loaded only where a log is used
    from custgrade.events.log import EventLog

    return EventLog(where)


def _plan(graded: Graded, policy: Policy, on: Any, grades: Mapping[str, str], log: EventLog | None) -> Plan:
    day = graded.base.as_of if on is None else on
    if day is None:
        raise ConfigurationError("the day of the plan is unknown, because the data has no dates: give --on DATE")
    return plan(graded, policy, day, grades=grades, log=log)
