"""`custgrade plan`: the plan of a policy for customers that a saved model grades."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from custgrade.cli.chosen_scorer import scheme
from custgrade.cli.findings_text import finding_text
from custgrade.cli.group_file import read_groups
from custgrade.cli.log_text import log_text
from custgrade.cli.model_command import saved_models
from custgrade.cli.opened_log import opened
from custgrade.cli.plan_settings import PlanSettings, plan_settings
from custgrade.cli.plan_text import plan_text, refusal
from custgrade.cli.progress import Progress
from custgrade.cli.report import printable, read_lines, shown
from custgrade.cli.sources import source_rows
from custgrade.data.output_columns import CodedTexts, OutputColumn
from custgrade.errors import RespectError
from custgrade.grading.reading import joined_head, reading
from custgrade.ingest.rows.bad_rows_report import bad_rows_report
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.override_file import read_overrides
from custgrade.planning.guard.waivers import Waiver, read_waivers
from custgrade.planning.making import plan
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy

if TYPE_CHECKING:
    from custgrade.events.log import EventLog

REFUSED = 2


def run(options: argparse.Namespace) -> int:
    """Make a plan, write it and print what it comes to; return the exit status, 2 if the guard refuses the plan."""
    wanted = plan_settings(options)
    source = wanted.source
    (model,) = saved_models(source.models, source.scorers)
    policy = scheme(wanted.policy, "policies").policy(**wanted.parameters)
    overrides = read_overrides(source.overrides) if source.overrides else None
    waivers = read_waivers(wanted.waivers) if wanted.waivers else ()
    log = opened(wanted.log) if wanted.log else None
    with Progress() as progress, bad_rows_report(source.bad_rows) as report:
        files = source_rows(source, [model.scorer], report)
        with reading(files, list(joined_head(files).columns), False, progress) as found:
            progress("making the plan", lambda: (0, 0))
            base = found.loaded.base
            columns = {name: np.array(column[:]) for name, column in base.columns.items()}
            # the model checks that the data has no other currency
            base = evolve(base, columns=columns, currency=base.currency or model.currency)
            graded = model.grade(base, any_period=source.any_period)
            if overrides is not None:
                graded = graded.with_overrides(overrides, wanted.on)
            try:
                made, notes = _planned(graded, policy, wanted, waivers, log)
            except RespectError as error:
                print(refusal(error, policy.name), file=sys.stderr)
                return REFUSED
            sheets = ["\n".join(map(printable, made.sheet(identity))) for identity in wanted.sheets]
            currency = base.currency or ""
            text = plan_text(made, currency)
            if wanted.findings:
                text = "\n\n".join([text, *(finding_text(one, currency) for one in made.findings())])
            found.refuse_changed()
            if log is not None:
                added = log.enter(made) if wanted.enter else None
                # so that the actions name the revision after the plan was recorded
                made = made if added is None else evolve(made, revision=added.revision)
                text += f"\n\n{log_text(made, currency, added)}"
            if source.out:
                made.write_columns(source.out, _ways(graded, model, wanted) if wanted.ways else {})
            if wanted.actions:
                made.write_actions(wanted.actions)
    written = [f"wrote {path}" for path in (source.out, wanted.actions, source.bad_rows) if path]
    lines = [*(printable(f"note: {note}") for note in notes), *shown(graded.override_notes()), *written]
    if sheets and not (source.out or wanted.actions):
        # a sheet alone can be shown to the customer
        print("\n\n".join(sheets))
        return 0
    print("\n".join([*(f"{sheet}\n" for sheet in sheets), text, *([""] if lines else []), *lines, *read_lines(base)]))
    return 0


def _planned(
    graded: Graded, policy: Policy, wanted: PlanSettings, waivers: tuple[Waiver, ...], log: EventLog | None
) -> tuple[Plan, list[str]]:
    groups, notes = read_groups(wanted.groups, graded.base) if wanted.groups else (None, [])
    made = plan(
        graded,
        policy,
        wanted.on,
        since=wanted.start,
        horizon=wanted.horizon,
        grades=wanted.grades,
        waivers=waivers,
        hours=wanted.hours,
        groups=groups,
        log=log,
    )
    return made, notes


def _ways(graded: Graded, model: GradingModel, wanted: PlanSettings) -> dict[str, OutputColumn]:
    """Return why customers are ungraded, the ways up, and the last day on which they hold, as columns."""
    # importing it takes longer than the plan of a small base
    from custgrade.ways_up.ways_up import Quote

    ways = Quote(model, graded.base, wanted.on, wanted.horizon).ways_up(graded)
    until = CodedTexts([str(ways.expires)], np.zeros(len(graded), dtype=np.uint8))
    return {"reason": graded.outcomes()["reason"], **ways.output_columns(), "ways_until": until}
