"""`custgrade events export` and `import`: a log as a file."""

from __future__ import annotations

import argparse

from custgrade.cli.events_add import added_lines
from custgrade.cli.opened_log import log_given
from custgrade.cli.settings import refuse_replacing
from custgrade.export.formats import check_outputs
from custgrade.text import counted


def export(options: argparse.Namespace) -> int:
    """Write all events to a file; return the exit status."""
    log = log_given(options, made=True)
    refuse_replacing("FILE", options.file, [options.log])
    check_outputs(options.file)
    count = log.export(options.file, voided=options.voided)
    print(f"wrote {options.file}: {counted(count, 'events')}")
    return 0


def import_file(options: argparse.Namespace) -> int:
    """Record the events of a file; return the exit status."""
    log = log_given(options, made=False)
    added = log.import_file(options.file, author=options.author or "")
    print("\n".join(added_lines(added, log.name)))
    return 0
