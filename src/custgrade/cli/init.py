"""`custgrade init`: a configuration for files, with the evidence for each line."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from custgrade.cli.report import aligned, printable
from custgrade.errors import ConfigurationError
from custgrade.files import check_writable, write_atomically
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.sources.opening import open_source
from custgrade.recognising.configuration_text import configuration_text, missing_words
from custgrade.recognising.joint import JointFiles, joint
from custgrade.recognising.recognised import RecognisedFile
from custgrade.recognising.recognition import recognise
from custgrade.recognising.vocabulary import Vocabulary, read_vocabulary
from custgrade.text import counted, listed

_STANDARD_OUTPUT = "-"
_HEAD, _DOUBTS = ["field", "column", "evidence"], ["field", "perhaps in", "doubt"]
_READING = ("delimiter", "encoding", "sheet")


def run(options: argparse.Namespace) -> int:
    """Write the configuration, print what was recognised, and return the exit status."""
    out = "custgrade.toml" if options.out is None else options.out
    if out != _STANDARD_OUTPUT and _checked(out, given=options.out is not None).exists():
        raise ConfigurationError(f"{out} exists already, and init replaces no file; name another one: --out FILE")
    twice = sorted({path for path in options.files if options.files.count(path) > 1})
    if twice:
        raise ConfigurationError(f"{listed(twice)} is given twice; name each file once")
    reading = {name: getattr(options, name) for name in _READING if getattr(options, name) is not None}
    vocabulary = read_vocabulary()
    files = joint(_recognised(path, ReadOptions(**reading), vocabulary) for path in options.files)
    shown = out == _STANDARD_OUTPUT
    text = configuration_text(files, Path() if shown else Path(out).absolute().parent, reading)
    if shown:
        print(text, end="")
    else:
        with write_atomically(out) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    report = "\n".join(part if "\n" in part else printable(part) for part in _report(files, out))
    print(report, file=sys.stderr if shown else sys.stdout)
    return 0


def _checked(out: str, given: bool) -> Path:
    if not out:
        raise ConfigurationError("--out has an empty file name; give a name, or leave out the option")
    if given and not out.lower().endswith(".toml"):
        raise ConfigurationError(f"--out takes the name of a .toml file, or - for standard output; received {out!r}")
    return check_writable(out)


def _recognised(path: str, options: ReadOptions, vocabulary: Vocabulary) -> RecognisedFile:
    source = open_source(path, options)
    try:
        return evolve(recognise(source, vocabulary), path=path)
    finally:
        source.connection.close()


def _report(files: JointFiles, out: str) -> Iterator[str]:
    if out != _STANDARD_OUTPUT:
        yield f"wrote {out}"
    what = {"orders": "order lines", "customers": "customers", "other": "not recognised"}
    for file in files.files:
        rows = f"{'' if file.complete else 'first '}{counted(file.rows, 'rows')}"
        yield f"{file.path}: {what[file.kind]}: {file.reason} ({rows})"
    yield from (f"left out: {file.path}: {reason}" for file, reason in files.refused)
    certain = [one for _, one in files.findings if one.certain]
    if certain:
        yield ""
        yield aligned([_HEAD, *([one.field, repr(one.column), one.evidence] for one in certain)], 3)
    doubtful = [one for _, one in files.findings if not one.certain]
    if doubtful:
        yield ""
        yield "doubtful, so not used unless you remove the mark in the file:"
        yield aligned([_DOUBTS, *([one.field, repr(one.column), one.doubt] for one in doubtful)], 3)
    yield ""
    lacking = list(missing_words(files))
    if lacking:
        yield f"custgrade grade can't run until this is filled in: {'; '.join(lacking)}"
    where = "the configuration" if out == _STANDARD_OUTPUT else out
    ambiguous = [f"date_format in {where}"] if any(len(forms) > 1 for forms in files.date_formats().values()) else []
    ambiguous += [f"decimal in {where}"] if "?" in files.decimal_signs() else []
    if ambiguous:
        yield f"choose first: {listed(ambiguous)}"
    if out != _STANDARD_OUTPUT:
        yield f"next: custgrade grade --config {shlex.quote(out)}"
