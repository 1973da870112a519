"""Running a scorer in another Python process, with other hashes and another date."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from attrs import frozen

from custgrade.testing.subject import Subject, in_words


@frozen
class Results:
    """A scorer's results for ordinary bases: fingerprint, learned numbers, and each customer's result in words."""

    fingerprint: str
    learned: str
    customers: tuple[str, ...]


@frozen
class ContractLocation:
    """The location of a contract for another process: module, file, and qualified name of the class."""

    module: str
    file: str
    name: str


class UnreachableError(Exception):
    """The other process couldn't make the scorer; the message has the reason."""


def location_of(contract: type[object]) -> ContractLocation | None:
    """Return the location of a class; None if it is defined inside a function or has no file."""
    file = getattr(sys.modules.get(contract.__module__), "__file__", None)
    if file is None or "<" in contract.__qualname__ or contract.__module__ == "__main__":
        return None
    return ContractLocation(contract.__module__, str(Path(file).resolve()), contract.__qualname__)


def results(subject: Subject) -> Results:
    """Return the scorer's results for two ordinary bases."""
    scorer = subject.make()
    learned, customers = [], []
    for seed in (0, 1):
        base = subject.sample(seed=seed)
        model = scorer.fit(base)
        graded = subject.graded(model, base)
        learned.append({**model.boundaries, **model.learned})
        customers += [f"{identity} got {in_words(graded, row)}" for row, identity in enumerate(base.ids.tolist())]
    return Results(scorer.fingerprint, repr(learned), tuple(customers))


@cache
def results_in_other_process(where: ContractLocation, days: int) -> Results:
    """Return the scorer's results for the same bases in a process with other hashes, `days` days from now.

    Raises UnreachableError if the scorer can't be made there.
    """
    request = {"path": sys.path, "home": [where.module, where.file, where.name], "days": days}
    done = subprocess.run(
        [sys.executable, "-c", "from custgrade.testing.other_process import main; main()"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
        check=False,
    )
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    if done.returncode != 0:
        raise UnreachableError(lines[-1] if lines else f"it ended with code {done.returncode}")
    fingerprint, learned, customers = json.loads(lines[-1])
    return Results(fingerprint, learned, tuple(customers))


def main() -> None:
    """Read a request from standard input, make the scorer on the requested day, and print its results."""
    from datetime import UTC, datetime, timedelta

    import time_machine

    request = json.load(sys.stdin)
    sys.path[:] = request["path"]
    module, file, name = request["home"]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=request["days"])):
        contract: Any = _loaded(module, file)
        for part in name.split("."):
            contract = getattr(contract, part)
        given = results(Subject(contract().scorer, contract.zero_if_unknown))
    print()
    print(json.dumps([given.fingerprint, given.learned, given.customers]))


def _loaded(module: str, file: str) -> object:
    spec = spec_from_file_location(module, file)
    if spec is None or spec.loader is None:
        raise UnreachableError(f"{file} can't be imported")
    loaded = module_from_spec(spec)
    sys.modules[module] = loaded
    spec.loader.exec_module(loaded)
    return loaded
