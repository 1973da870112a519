"""The settings of one grading run: flags over the configuration file over defaults."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.errors import ConfigurationError, did_you_mean, listed
from custgrade.registry.parameters import type_name
from custgrade.toml_files import check_keys, read_toml

_TABLES: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "source": {
        "orders": str,
        "customers": (str, list),
        "delimiter": str,
        "date_format": str,
        "as_of": object,
        "since": object,
        "window": (str, int),
        "assume_margin": (int, float),
        "currency": str,
        "on_bad_rows": str,
    },
    "columns": {},
    "scorer": {"name": str, "parameters": dict},
    "model": {"load": str, "save": str},
    "output": {"out": str, "prefix": str},
}

_SCORECARD = " If it is a scorecard, give it as the scorer: --scorer FILE.toml."


@frozen
class GradeSettings:
    """What one `custgrade grade` is to do. Paths of a configuration file are relative to it."""

    orders: str | None = None
    customers: tuple[str, ...] = field(default=(), converter=tupled)
    columns: Mapping[str, str] = field(factory=dict)
    delimiter: str | None = None
    date_format: str | None = None
    as_of: Any = None
    since: Any = None
    window: Any = None
    assume_margin: float | None = None
    currency: str | None = None
    on_bad_rows: str = "stop"
    scorer: str | None = None
    parameters: Mapping[str, Any] = field(factory=dict)
    model: str | None = None
    out: str | None = None
    save_model: str | None = None
    prefix: str = ""
    config: str | None = None
    notes: tuple[str, ...] = field(default=(), converter=tupled)

    def __attrs_post_init__(self) -> None:
        paths = {"orders": [self.orders], "customers": self.customers, "model": [self.model]}
        paths |= {"out": [self.out], "save-model": [self.save_model]}
        for option, names in paths.items():
            if "" in names:
                raise ConfigurationError(f"the file name of --{option} is empty")
        if self.out and self.save_model and Path(self.out).resolve() == Path(self.save_model).resolve():
            raise ConfigurationError(f"--out and --save-model both name {self.out}")
        self._check_outputs()
        if not self.orders and not self.customers:
            raise ConfigurationError("nothing to grade: give --orders FILE, --customers FILE or both")
        if self.model and self.parameters:
            raise ConfigurationError("--model brings its parameters with it; drop --param, or fit anew without --model")
        if self.model and self.save_model:
            raise ConfigurationError("--model reads a model and --save-model writes a fitted one; give one of them")
        if not self.model and not self.scorer:
            raise ConfigurationError("no scorer: give --scorer NAME (custgrade scorers lists them) or --model FILE")

    def _check_outputs(self) -> None:
        """Raise ConfigurationError when a file to write is one that is read, and doesn't hold all of it again."""
        read = [self.orders, *self.customers, self.model, self.scorer, self.config]
        onto_itself = not self.orders and len(self.customers) == 1 and self.on_bad_rows == "stop"
        others = read[:1] + read[2:] if onto_itself else read
        for option, name, lost in (("--out", self.out, others), ("--save-model", self.save_model, read)):
            for other in filter(None, lost):
                if name and Path(name).exists() and Path(other).exists() and Path(name).samefile(other):
                    raise ConfigurationError(f"{option} would replace {other}, which is read; name another file")


def settings(options: argparse.Namespace) -> GradeSettings:
    """Return the settings of a command line and the configuration file it names."""
    values = from_file(Path(options.config)) if options.config else {}
    if options.model is not None:
        values.pop("save_model", None)
        if options.scorer is None:
            values.pop("scorer", None)
            values.pop("parameters", None)
    elif options.scorer is not None:
        values.pop("model", None)
    flags = {
        "orders": options.orders,
        "customers": options.customers,
        "delimiter": options.delimiter,
        "date_format": options.date_format,
        "as_of": options.as_of,
        "since": options.since,
        "window": options.window,
        "assume_margin": None if options.assume_margin is None else _number(options.assume_margin),
        "currency": options.currency,
        "on_bad_rows": options.on_bad_rows,
        "scorer": options.scorer,
        "model": options.model,
        "out": options.out,
        "save_model": options.save_model,
        "prefix": options.prefix,
        "config": options.config,
    }
    if options.scorer is not None and options.scorer != values.get("scorer"):
        dropped = values.pop("parameters", None)
        if dropped:
            whose = f"{options.config}: the parameters of {values.get('scorer')!r}"
            values["notes"] = [f"note: {whose}, {listed(dropped)}, are left out for --scorer {options.scorer}"]
    for one, other in (("since", "window"), ("window", "since")):
        if flags[one] is not None:
            values.pop(other, None)
    values |= {name: value for name, value in flags.items() if value is not None}
    columns = _pairs(options.column, "--column", "FIELD=COLUMN")
    parameters = {name: toml_value(text) for name, text in _pairs(options.param, "--param", "NAME=VALUE").items()}
    values["columns"] = {**values.get("columns", {}), **columns}
    values["parameters"] = {**values.get("parameters", {}), **parameters}
    return GradeSettings(**values)


def _pairs(items: Sequence[str] | None, option: str, form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in items or ():
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ConfigurationError(f"{option} takes {form}; received {item!r}")
        if name in pairs:
            raise ConfigurationError(f"{option} gives {name!r} twice: {pairs[name]!r} and {value!r}; give it once")
        pairs[name] = value
    return pairs


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigurationError(f"--assume-margin takes a share of revenue such as 0.3; received {text!r}") from None


def toml_value(text: str) -> Any:
    """Return the value that a text is in TOML; a text that is none stands for itself, so `by=profit` needs no quotes.

    Raises ConfigurationError for a list or table that isn't TOML.
    """
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except RecursionError:
        raise ConfigurationError(f"{text[:40]!r}… is no TOML value: it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        if text.strip()[:1] in ("[", "{", '"', "'"):
            hint = '; texts stand in quotation marks: ["1/3", "2/3"]' if text.strip()[:1] == "[" else ""
            raise ConfigurationError(f"{text!r} is not a TOML value: {error}{hint}") from error
        return text


def from_file(path: Path) -> dict[str, Any]:
    """Return the settings of a TOML file.

    Raises ConfigurationError for what it doesn't understand.
    """
    file = read_toml(path)
    content = file.content
    for table, keys in content.items():
        if table in _TABLES and not isinstance(keys, dict):
            raise ConfigurationError(
                f"{file.where(key=table)}: {table!r} is a table; write [{table}], not {table} = {keys!r}"
            )
        if table not in _TABLES:
            raise ConfigurationError(
                f"{file.where(key=table)}: there is no table {table!r}.{did_you_mean(table, _TABLES)} "
                f"There are: {listed(_TABLES)}.{_SCORECARD if table in ('scorecard', 'criteria') else ''}"
            )
        known = _TABLES[table]
        if known:
            check_keys(keys, known, file.where, table)
        for key, value in keys.items():
            kind = known.get(key, str)
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is not object):
                where = file.where(table, key=key)
                expected = " or ".join(map(type_name, kind if isinstance(kind, tuple) else (kind,)))
                raise ConfigurationError(f"{where} {key} is a {expected}; received {value!r}")
    return _flat(content, path.parent)


def _flat(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    def here(name: str) -> str:
        return str(folder / name)

    values = dict(content.get("source", {}))
    customers = values.pop("customers", [])
    customers = [customers] if isinstance(customers, str) else customers
    if not all(isinstance(name, str) for name in customers):
        raise ConfigurationError(f"[source] customers is a file name or a list of them; received {customers!r}")
    if customers:
        values["customers"] = [here(name) for name in customers]
    if "orders" in values:
        values["orders"] = here(values["orders"])
    values["columns"] = content.get("columns", {})
    scorer, model, output = (content.get(name, {}) for name in ("scorer", "model", "output"))
    if "name" in scorer:
        values["scorer"] = here(scorer["name"]) if scorer["name"].lower().endswith(".toml") else scorer["name"]
    values["parameters"] = scorer.get("parameters", {})
    for name, value in (("model", model.get("load")), ("save_model", model.get("save")), ("out", output.get("out"))):
        if value is not None:
            values[name] = here(value)
    if "prefix" in output:
        values["prefix"] = output["prefix"]
    return values
