"""The findings of a policy file."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from custgrade.policy_files.table import Table
from custgrade.text import did_you_mean, listed, shown


def findings_of(top: Table) -> list[Callable[..., Any]]:
    """Return the findings of a policy file, in its order: a list of names, or a table of their parameters by name.

    Raises ConfigurationError with the place.
    """
    given = top.content.get("findings", [])
    if isinstance(given, Mapping):
        names = list(given)
        tables = {name: top.sub("findings").sub(name) for name in names}
    elif isinstance(given, list) and all(isinstance(name, str) for name in given):
        names, tables = given, {}
    else:
        raise top.error(
            f'findings must be a list of names, such as ["pareto", "spend"]; received {shown(given)}', "findings"
        )
    if not names:
        return []
    # findings take longer to import than most policies need
    from custgrade.findings import FINDINGS

    top.check_one_of("findings", names, FINDINGS, "findings")
    return [_with_parameters(FINDINGS[name], tables.get(name)) for name in names]


def _with_parameters(finding: Callable[..., Any], table: Table | None) -> Callable[..., Any]:
    if table is None or not table.content:
        return finding
    # the first parameter is the plan
    known = list(inspect.signature(finding).parameters)[1:]
    for name in table.content:
        if name not in known:
            raise table.error(
                f"this finding has no parameter {name!r}.{did_you_mean(name, known)} It has: {listed(known)}", name
            )
    return partial(finding, **table.content)
