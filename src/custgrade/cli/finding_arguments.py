"""The options of `custgrade findings`."""

from __future__ import annotations

Options = tuple[tuple[str, str, str, bool], ...]

FINDINGS_HELP = (
    "answer questions about all customers",
    "Answer a question about all customers with a small table and sentences. Without NAME, list the questions.",
    "custgrade findings pareto --model model.json --orders orders.csv",
)

_FINDING: Options = (
    ("--set", "NAME=VALUE", "set an argument of the finding, such as by=revenue; VALUE is TOML", True),
    ("--policy", "NAME", "make a plan by this policy, for findings that need one", False),
    ("--grade", "GRADE=GRADE", "give customers of a grade that the policy lacks the treatment of another", True),
    ("--on", "DATE", "the day of the plan (default: the as-of date)", False),
    ("--before", "FILE", "for slipped: the earlier customers, read in place of the first file", False),
    ("--before-as-of", "DATE", "for slipped: the earlier customers, from the same order lines up to this date", False),
)


def findings_groups(source: Options, model: Options) -> dict[str, Options]:
    """Return the options of the command by group; source, model: those of all commands that use saved models."""
    return {"input": source, "model": model, "finding": _FINDING}
