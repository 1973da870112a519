"""The settings of a command: options, else the configuration file, else defaults."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
from attrs import evolve, field, frozen

from custgrade.cli.configuration import from_file
from custgrade.cli.option_values import number, pairs, parameters_given
from custgrade.cli.reading_values import reading_given
from custgrade.data.converters import tupled
from custgrade.errors import ConfigurationError
from custgrade.files import same_file
from custgrade.ingest.sources.source_files import would_be_read
from custgrade.text import listed

_ON_ALONE = "--on chooses the manual grades that are valid on a day: give --overrides FILE too, or leave out --on"


@frozen
class SourceSettings:
    """The files that a command reads its customers from, and how it reads them.

    orders: files of order lines, read as one. customers: files of customers, joined by id. columns: by field. reading:
    the given options of `read_orders` by name. bad_rows: the file of rows to write that were left out or refused.
    """

    orders: tuple[str, ...] = field(default=(), converter=tupled)
    customers: tuple[str, ...] = field(default=(), converter=tupled)
    columns: Mapping[str, str] = field(factory=dict)
    reading: Mapping[str, Any] = field(factory=dict)
    bad_rows: str | None = None
    name_column: str | None = None

    def check_sources(self, **others: str | None) -> None:
        """Raise ConfigurationError when there is no file to read, or a file name is empty.

        others: the names of further files by option.
        """
        paths: dict[str, Sequence[str | None]] = {"orders": self.orders, "customers": self.customers}
        paths |= {name: [path] for name, path in (*others.items(), ("bad_rows", self.bad_rows))}
        for option, names in paths.items():
            if "" in names:
                raise ConfigurationError(
                    f"--{option.replace('_', '-')} has an empty file name; give a name, or leave out the option"
                )
        streams = [*self.orders, *self.customers, others.get("before")].count("-")
        if streams > 1:
            raise ConfigurationError(f"standard input (-) is given {streams} times; give it once, and name other files")
        if not self.orders and not self.customers:
            raise ConfigurationError("no file to read: give --orders FILE, --customers FILE or both")

    def refuse_among_sources(self, option: str, path: str | None, *others: str | None) -> None:
        """Raise ConfigurationError when an output is, or would become, a file of a folder or pattern that is read.

        others: further files, folders or patterns that are read.
        """
        for source in filter(None, (*self.orders, *self.customers, *others)):
            if path and path != "-" and would_be_read(Path(path), Path(source)):
                raise ConfigurationError(
                    f"{option} {path} would be one of the input files of {source}, so the next run would read it too; "
                    "write it to another folder"
                )

    def check_bad_rows(self, read: Iterable[str | None], **written: str | None) -> None:
        """Raise ConfigurationError when --bad-rows names a file that is read, or that another option writes.

        read: the names of the files that are read. written: the names of other written files by option.
        """
        if self.bad_rows is None:
            return
        refuse_replacing("--bad-rows", self.bad_rows, read)
        self.refuse_among_sources("--bad-rows", self.bad_rows)
        for option, path in written.items():
            if path and same_file(path, self.bad_rows):
                raise ConfigurationError(
                    f"--{option.replace('_', '-')} and --bad-rows both name {path}; name two files"
                )


@frozen
class GradeSettings(SourceSettings):
    """The settings of `custgrade grade`. Paths in a configuration file are relative to the file's folder."""

    scorer: str | None = None
    parameters: Mapping[str, Any] = field(factory=dict)
    model: str | None = None
    any_period: bool = False
    out: str | None = None
    save_model: str | None = None
    prefix: str = ""
    overrides: str | None = None
    on: Any = None
    config: str | None = None
    notes: tuple[str, ...] = field(default=(), converter=tupled)

    def __attrs_post_init__(self) -> None:
        self.check_sources(model=self.model, overrides=self.overrides, out=self.out, save_model=self.save_model)
        if self.out and self.save_model and same_file(self.out, self.save_model):
            raise ConfigurationError(f"--out and --save-model both name {self.out}; name two files")
        self._check_outputs()
        if self.on is not None and not self.overrides:
            raise ConfigurationError(_ON_ALONE)
        if self.model and self.parameters:
            raise ConfigurationError(
                "a saved model holds its parameters: leave out --param, or --model to fit a new one"
            )
        if self.model and self.save_model:
            raise ConfigurationError("--model reads a model and --save-model writes a fitted one; give one of them")
        if self.any_period and not self.model:
            raise ConfigurationError("--any-period needs a saved model: leave it out, or give --model FILE")
        if not self.model and not self.scorer:
            raise ConfigurationError(
                "no scorer is given: give --scorer NAME (custgrade scorers lists them) or --model FILE"
            )

    def _check_outputs(self) -> None:
        """Raise ConfigurationError when an output file is also an input file.

        --out may replace a single customer file, because the output holds all of its columns and rows.
        """
        others = [self.model, self.overrides, self.config, *scorer_files([self.scorer])]
        read = [*self.orders, *self.customers, *others]
        keeps_rows = not self.reading.keys() & {"only", "exclude"} and self.reading.get("on_bad_rows", "stop") == "stop"
        others = others if not self.orders and len(self.customers) == 1 and keeps_rows else read
        refuse_replacing("--out", self.out, others)
        refuse_replacing("--save-model", self.save_model, read)
        self.refuse_among_sources("--out", self.out)
        self.refuse_among_sources("--save-model", self.save_model)
        self.check_bad_rows(read, out=self.out, save_model=self.save_model)


@frozen
class ModelCommandSettings(SourceSettings):
    """The settings of a command that uses saved models. Paths in a configuration file are relative to its folder.

    models: the files of the model, or of those that are compared. scorers: the scorers of models whose scorer isn't a
    plug-in's, one for all or one for each. identity: the id of the customer to show. overrides: the file of manual
    grades. before, before_as_of: the file and the as-of date of the earlier customers.
    """

    models: tuple[str, ...] = field(default=(), converter=tupled)
    scorers: tuple[str, ...] = field(default=(), converter=tupled)
    config: str | None = None
    identity: str | None = None
    overrides: str | None = None
    reference: Mapping[str, float] = field(factory=dict)
    on: Any = None
    valid: str = "90d"
    any_period: bool = False
    before: str | None = None
    before_as_of: str | None = None
    out: str | None = None

    def __attrs_post_init__(self) -> None:
        self.check_sources(out=self.out, before=self.before, overrides=self.overrides)
        if not self.models or not all(self.models):
            raise ConfigurationError(
                "no model is given: give --model FILE (custgrade grade --save-model FILE writes one)"
            )
        read = [*self.orders, *self.customers, *self.models, self.before, self.overrides, self.config]
        read += scorer_files(self.scorers)
        refuse_replacing("--out", self.out, read)
        self.refuse_among_sources("--out", self.out, self.before)
        self.check_bad_rows(read, out=self.out)

    def earlier(self) -> SourceSettings | None:
        """Return the settings that read the earlier customers, None without --before and --before-as-of.

        Raises ConfigurationError for --before-as-of without --orders.
        """
        if self.before is None and self.before_as_of is None:
            return None
        if self.before_as_of is not None and not self.orders:
            raise ConfigurationError("--before-as-of needs --orders; give the earlier customers by --before FILE")
        orders, customers = self.orders, self.customers
        again = (*(() if self.before else orders), *(customers if orders or not self.before else customers[1:]))
        if "-" in again:
            raise ConfigurationError("standard input (-) can't be read twice: save it to a file, and compare that file")
        if self.before is not None and orders:
            orders = (self.before,)
        elif self.before is not None:
            customers = (self.before, *customers[1:])
        changed = {} if self.before_as_of is None else {"as_of": self.before_as_of}
        return evolve(self, orders=orders, customers=customers, reading={**self.reading, **changed})


def scorer_files(names: Iterable[str | None]) -> list[str]:
    """Return the files of scorers: scorecard files, and modules in the current folder."""
    files = []
    for name in filter(None, names):
        module, colon, _ = name.partition(":")
        files.append(f"{module.replace('.', '/')}.py" if colon else name)
    return files


def refuse_replacing(option: str, path: str | None, read: Iterable[str | None]) -> None:
    """Raise ConfigurationError when `path`, the output file of `option`, is one of the files that are read."""
    for other in filter(None, read):
        if path and Path(path).exists() and Path(other).exists() and Path(path).samefile(other):
            raise ConfigurationError(f"{option} would replace {other}, which is an input file; name another file")


def model_command_settings(options: argparse.Namespace) -> ModelCommandSettings:
    """Return the settings of a command that uses saved models, from options and the file of --config."""
    values = from_file(Path(options.config)) if options.config else {}
    model = options.model if options.command != "compare" and options.model is not None else values.get("model")
    models = options.models if options.command == "compare" else [model] if model else []
    if len(models) > 2:
        raise ConfigurationError(f"received {len(models)} models; give two, or one with --before or --before-as-of")
    further = {"way-up": {"on"}, "explain": {"on", "overrides"}, "plan": {"overrides"}}.get(options.command, set())
    known = {one.name for one in attrs.fields(SourceSettings)} | further
    values = {name: value for name, value in values.items() if name in known}
    _add_source_flags(values, options)
    given = {name: getattr(options, name, None) for name in ("config", "on", "valid", "out", "before", "overrides")}
    given |= {"identity": getattr(options, "id", None), "before_as_of": getattr(options, "before_as_of", None)}
    reference = pairs(getattr(options, "reference", None), "--reference", "FIELD=VALUE")
    values |= {name: value for name, value in given.items() if value is not None}
    if options.command == "explain" and values.get("on") is not None and not values.get("overrides"):
        raise ConfigurationError(_ON_ALONE)
    return ModelCommandSettings(
        **values,
        models=models,
        scorers=[options.scorer] if isinstance(options.scorer, str) else options.scorer or [],
        any_period=options.any_period,
        reference={name: number(text, f"--reference {name}", "a number") for name, text in reference.items()},
    )


def _add_source_flags(values: dict[str, Any], options: argparse.Namespace) -> None:
    """Replace the values of a configuration file by those of the options for files and columns."""
    for name in ("orders", "customers", "bad_rows", "name_column"):
        if getattr(options, name) is not None:
            values[name] = getattr(options, name)
    values["reading"] = {**values.get("reading", {}), **reading_given(options)}
    for one, other in (("since", "window"), ("window", "since")):
        if getattr(options, one) is not None and getattr(options, other) is None:
            values["reading"].pop(other, None)
    columns = pairs(options.column, "--column", "FIELD=COLUMN")
    values["columns"] = {**values.get("columns", {}), **columns}


def settings(options: argparse.Namespace) -> GradeSettings:
    """Return the settings of `custgrade grade`, from options and the file of --config."""
    values = from_file(Path(options.config)) if options.config else {}
    # the file may also serve custgrade plan
    for name in ("policy", "policy_parameters", "log"):
        values.pop(name, None)
    if options.model is not None:
        values.pop("save_model", None)
        if options.scorer is None:
            values.pop("scorer", None)
            values.pop("parameters", None)
    elif options.scorer is not None:
        values.pop("model", None)
    if options.scorer is not None and options.scorer != values.get("scorer"):
        dropped = values.pop("parameters", None)
        if dropped:
            whose = f"{options.config}: the parameters of {values.get('scorer')!r}"
            values["notes"] = [f"note: {whose}, {listed(dropped)}, aren't used, because --scorer is {options.scorer}"]
    _add_source_flags(values, options)
    values["any_period"] = options.any_period
    for name in ("scorer", "model", "out", "save_model", "prefix", "overrides", "on", "config"):
        if getattr(options, name) is not None:
            values[name] = getattr(options, name)
    values["parameters"] = {**values.get("parameters", {}), **parameters_given(options)}
    return GradeSettings(**values)
