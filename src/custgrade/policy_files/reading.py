"""Reading policies from TOML files."""

from __future__ import annotations

import os

from custgrade.errors import ConfigurationError
from custgrade.files import checked_path
from custgrade.planning.policy import Policy
from custgrade.policy_files.findings import findings_of
from custgrade.policy_files.grades import grades_of
from custgrade.policy_files.parts import part_of
from custgrade.policy_files.references import check_references
from custgrade.policy_files.structure import check_structure
from custgrade.policy_files.table import Table
from custgrade.toml_files import read_toml


def read_policy(path: str | os.PathLike[str]) -> Policy:
    """Return the policy in a TOML file.

    The keys are the attributes of the classes in `custgrade.planning`; "Write a policy" lists them. Each part has a
    table with its own name: `[treatment.A]`, `[treatment.A.reward.gift]`, `[package.basic]`. An amount is a number, a
    share of a field, or a rise that restores floors; a condition is a table of bounds. Without `grades` and `axes`, the
    treatments are those of the grades from best to worst. The guard isn't asked; see `check_policy`.

    Raises ConfigurationError with the file, the line and the table. All missing keys are named at once.
    """
    file = read_toml(checked_path(path, "the policy", ConfigurationError))
    top = Table(file, (), file.content)
    check_structure(top)
    grades = grades_of(top)
    check_references(top, grades.grades)
    policy: Policy = part_of(Policy, top, grades=grades, findings=findings_of(top), source=file)
    return policy
