"""`custgrade policies [NAME]`: a table of the policies, or one of them: parameters, guard, and what each grade gets."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Mapping, Sequence

from custgrade.cli.chosen_scorer import scheme
from custgrade.cli.option_values import pairs, parameters_given
from custgrade.cli.policy_fields import other_fields
from custgrade.cli.policy_matrix import amount_text, matrix
from custgrade.cli.report import printable
from custgrade.cli.scheme_text import heading, parameter_table, scheme_list, usage
from custgrade.data.scale import GradeScale
from custgrade.errors import ConfigurationError, CustgradeError, PolicyError
from custgrade.planning.guard.checks import check_policy
from custgrade.planning.guard.rules import RULES, Breach
from custgrade.planning.policy import Policy, counterpart
from custgrade.registry.registry import Scheme, default_registry
from custgrade.text import counted, did_you_mean, listed

BREACHED = 1


def run(options: argparse.Namespace) -> int:
    """Print the list of policies, or one policy.

    Return 1 if the policy breaches a rule of the guard whose breach isn't only a warning, else 0.
    """
    if options.name is None:
        print(scheme_list("policies", _summary))
        return 0
    found = scheme(options.name, "policies")
    given = parameters_given(options)
    missing = [one.name for one in found.parameters if one.required and one.name not in given]
    if missing:
        flags = " ".join(f"--param {name}=…" for name in missing)
        parts = [heading(found), parameter_table(found), f"give {flags} to see what each grade gets"]
        print("\n\n".join([*parts, usage(found, "policies")]))
        return 0
    policy = found.policy(**given)
    breaches = check_policy(policy)
    text = [
        heading(found),
        parameter_table(found),
        _facts(policy, breaches, found),
        matrix(policy, _counts(policy, options.count)),
        usage(found, "policies"),
    ]
    print("\n\n".join(filter(None, text)))
    return BREACHED if _errors(breaches) else 0


def _counts(policy: Policy, given: Sequence[str] | None) -> dict[str, int]:
    """Return the number of customers by grade.

    Raises ConfigurationError for an unknown grade, or a number that isn't whole.
    """
    grades, found = [grade for grade, _ in policy.by_place], pairs(given, "--count", "GRADE=NUMBER")
    for grade, text in found.items():
        if grade not in grades:
            guess = did_you_mean(grade, grades)
            raise ConfigurationError(f"--count names the grade {grade!r}; the grades are: {listed(grades)}.{guess}")
        if not text.isdecimal() or len(text) > 12:
            raise ConfigurationError(
                f"--count takes GRADE=NUMBER, a whole number of customers; received {grade}={text}"
            )
    return {grade: int(text) for grade, text in found.items()}


def _summary(found: Scheme) -> str:
    """Return what a policy does, or why it can't be used with its defaults."""
    if any(parameter.required for parameter in found.parameters):
        return found.summary
    try:
        broken = _errors(check_policy(found.policy()))
    except CustgradeError as error:
        return f"FAULT: {' '.join(error.for_command_line().split())}"
    rules = dict.fromkeys(str(RULES[breach.rule]) for breach in broken)
    return f"BREACHES {listed(rules)}: {found.summary}" if broken else found.summary


def _errors(breaches: Iterable[Breach]) -> list[Breach]:
    return [breach for breach in breaches if not breach.warns]


def _facts(policy: Policy, breaches: Iterable[Breach], shown: Scheme) -> str:
    """Return sentences on a policy: name, purpose, grades, fields, the scorers that it fits, and the guard.

    shown: the scheme, whose name and summary were already said.
    """
    axes = policy.grades.axes
    scales = [listed(axis.labels) if len(axes) == 1 else f"{axis.name} ({listed(axis.labels)})" for axis in axes]
    lines = [] if policy.name == shown.name else [f"name: {policy.name}"]
    lines += [] if policy.purpose == shown.summary else [f"purpose: {policy.purpose}"]
    lines.append(f"grades, best first: {' × '.join(scales)}")
    if policy.also:
        lines.append("grades of other scorers: " + listed(f"{one} as {own}" for one, own in policy.also.items()))
    if policy.at_stake is not None:
        means = f" ({policy.at_stake_means})" if policy.at_stake_means else ""
        lines.append(f"money at stake: {amount_text(policy.at_stake)}{means}")
    lines += [*_timing(policy), *other_fields(policy)]
    found = list(breaches)
    lines += [*_fitting(policy), *_guard(_errors(found), [breach for breach in found if breach.warns])]
    return "\n".join(printable(line) for line in lines)


def _timing(policy: Policy) -> list[str]:
    """Return sentences on what a fall, a return, the limit of contacts and days off change."""
    held = f"kept for at least {counted(policy.hold_days, 'days')}" if policy.hold_days else "not kept"
    lines = [
        f"after a fall, the service and the rewards of the better grade are {held}",
        f"dates and tries begin anew for a customer who comes back to a grade {counted(policy.pause_months, 'months')} "
        "after a reward or an action",
    ]
    if policy.contact_limit is not None:
        contacts, days = counted(policy.contact_limit, "contacts"), counted(policy.contact_days, "days")
        lines.append(f"at most {contacts} with a customer within {days}, over all policies")
    off = [*policy.days_off.weekdays, *map(str, policy.days_off.dates)]
    return [*lines, f"days off: {listed(off)}"] if off else lines


def _guard(errors: list[Breach], warnings: list[Breach]) -> list[str]:
    passes = "the guard passes this policy; a plan has further checks for each customer"
    refuses = f"THE GUARD REFUSES THIS POLICY, because of {counted(len(errors), 'faults')}:"
    told = [refuses, *(f"  {breach}" for breach in errors)] if errors else [passes]
    return [*told, *(f"  warning: {breach}" for breach in warnings)]


def _fitting(policy: Policy) -> list[str]:
    """Return which scorers of plug-ins, with their defaults, the policy has treatments for, and what others lack."""
    fitting, lacking = [], dict[str, list[str]]()
    example = ""
    for name, (scale, missing) in _missing_grades(policy).items():
        if missing:
            example = example or f"{missing[0]}={counterpart(missing[0], scale.grades, policy.grades.grades)}"
            lacking.setdefault(listed(missing, 4), []).append(name)
        else:
            fitting.append(name)
    lines = [f"fits the scorers: {listed(fitting)}"]
    lines += [f"doesn't fit {listed(names)}: it has no treatment for {grades}" for grades, names in lacking.items()]
    if example:
        lines.append(f"custgrade plan maps such grades: --grade {shlex.quote(example)}")
    return lines


def _missing_grades(policy: Policy) -> Mapping[str, tuple[GradeScale, list[str]]]:
    """Return the scale of each plug-in's scorer, made with its defaults, and its grades without a treatment."""
    registry, found = default_registry(), {}
    for name in registry.summaries("scorers"):
        made = registry.scheme(name)
        if any(parameter.required for parameter in made.parameters):
            continue
        try:
            scale = made.scorer().scale
        except CustgradeError:
            # a scorer that can't be made is shown by `custgrade scorers`
            continue
        try:
            policy.places(scale)
            found[name] = (scale, list[str]())
        except PolicyError:
            known = {*policy.grades.grades, *policy.also}
            found[name] = (scale, [grade for grade in scale.grades if grade not in known])
    return found
