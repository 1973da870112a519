"""The columns of several files, matched by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from custgrade.errors import Hint, SourceError
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.common_type import NOTHING, common_type, is_fractional, is_nested
from custgrade.ingest.sources.header_names import plain_name
from custgrade.text import counted, listed

_SHOWN = 10
"""The number of columns that a note or an error shows."""


@frozen
class MatchedColumn:
    """A column of several files.

    name: its name in the first file that has it. kind: a DuckDB type that holds the values of all files exactly.
    unreadable: why no field can be read from it, empty for readable columns. found: the column of each file, None where
    the file lacks it.
    """

    name: str
    kind: str
    unreadable: str
    found: tuple[SourceColumn | None, ...] = field(repr=False)

    @property
    def padded(self) -> bool:
        """Whether it is text that holds numbers of other types; see `SourceColumn`."""
        given = [column for column in self.found if column is not None]
        return self.kind == "VARCHAR" and any(column.padded or is_fractional(column.type) for column in given)


def match_columns(parts: Sequence[Source]) -> tuple[list[MatchedColumn], list[str]]:
    """Return the columns of files in the order in which they appear, and notes about what differs between the files.

    Names match exactly, else regardless of capitals, blanks, `_`, `-` and other signs.

    Raises SourceError when a file has no column of the first one, and when a name matches several columns.
    """
    matched: dict[str, dict[int, SourceColumn]] = {}
    plain: dict[str, list[str]] = {}
    spelt: dict[tuple[str, str], list[int]] = {}
    chosen: dict[tuple[str, ...], dict[str, str]] = {}
    for number, part in enumerate(parts):
        names = tuple(part.columns)
        if names not in chosen:
            chosen[names] = _targets(part, matched, plain)
            if number and not any(0 in matched.get(target, ()) for target in chosen[names].values()):
                raise _nothing_in_common(part, parts[0])
            for target in chosen[names].values():
                if target not in matched:
                    matched[target] = {}
                    plain.setdefault(plain_name(target), []).append(target)
        for name, target in chosen[names].items():
            matched[target][number] = part.columns[name]
            if name != target:
                spelt.setdefault((target, name), []).append(number)
    columns = [_column(name, found, parts) for name, found in matched.items()]
    return columns, [*_spelling_notes(spelt, parts), *_missing_notes(columns, parts), *_type_notes(columns, parts)]


def _targets(part: Source, matched: Iterable[str], plain: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the matched column of each column of a file; a column that no file before it has keeps its name."""
    known = set(matched)
    further: dict[str, list[str]] = {}
    for name in part.columns:
        if name not in known:
            further.setdefault(plain_name(name), []).append(name)
    targets = {name: name for name in part.columns}
    for spelling, names in further.items():
        free = [target for target in plain.get(spelling, ()) if target not in part.columns]
        if not free:
            continue
        if len(free) > 1 or len(names) > 1:
            raise SourceError(
                f"{part.label} has {listed(map(repr, names))}, and the files before it have {listed(map(repr, free))}; "
                "which belong together isn't certain: give them the same names in all files"
            )
        targets[names[0]] = free[0]
    return targets


def _nothing_in_common(part: Source, first: Source) -> SourceError:
    return SourceError(
        f"{part.label} has no column in common with {first.label}: it has {listed(part.columns, _SHOWN)}; "
        f"{first.label} has {listed(first.columns, _SHOWN)}.",
        Hint.alike("Leave it out, or give a pattern that only matches the files that belong together."),
    )


def _column(name: str, found: Mapping[int, SourceColumn], parts: Sequence[Source]) -> MatchedColumn:
    kind = common_type([column.type for column in found.values()])
    kinds = {column.held for column in found.values() if column.type != kind}
    unreadable = next((column.unreadable for column in found.values() if column.unreadable), "")
    if kind == "VARCHAR" and not unreadable and any(is_nested(column.type) for column in found.values()):
        unreadable = f"it holds {listed(sorted(kinds))} in some files and other types in others; convert it to text"
        # no type holds both, and the column may still be one that nobody reads
        kind = NOTHING
    return MatchedColumn(name, kind, unreadable, tuple(found.get(number) for number in range(len(parts))))


def _where(numbers: Sequence[int], parts: Sequence[Source]) -> str:
    """Return in which files something is: their names, or how many they are with an example."""
    if len(numbers) == 1:
        return parts[numbers[0]].label
    return f"{len(numbers):,} of {len(parts):,} files, such as {parts[numbers[0]].label}"


def _spelling_notes(spelt: Mapping[tuple[str, str], Sequence[int]], parts: Sequence[Source]) -> list[str]:
    """Return a note for each set of files that spell names in another way than the files before them."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for (target, name), numbers in spelt.items():
        alike.setdefault(tuple(numbers), []).append(f"{name!r} as {target!r}")
    notes = [f"{_where(numbers, parts)}: read {listed(of, _SHOWN)}" for numbers, of in alike.items()]
    return _few(notes, "sets of files spell names in another way")


def _missing_notes(columns: Sequence[MatchedColumn], parts: Sequence[Source]) -> list[str]:
    """Return a note for each set of files that lack columns which the other files have."""
    lacking: dict[tuple[int, ...], list[str]] = {}
    for column in columns:
        without = tuple(number for number, found in enumerate(column.found) if found is None)
        if without:
            lacking.setdefault(without, []).append(column.name)
    notes = [
        f"{_where(without, parts)}: no {_noun(names)} {listed(map(repr, names), _SHOWN)}; the values are unknown there"
        for without, names in lacking.items()
    ]
    return _few(notes, "sets of files lack columns")


def _noun(names: Sequence[str]) -> str:
    return "column" if len(names) == 1 else "columns"


def _type_notes(columns: Sequence[MatchedColumn], parts: Sequence[Source]) -> list[str]:
    """Return a note for each column that is read as text because its types differ."""
    notes = []
    for column in columns:
        kinds: dict[str, list[int]] = {}
        for number, found in enumerate(column.found):
            if found is not None:
                kinds.setdefault(found.held, []).append(number)
        if column.kind == "VARCHAR" and len(kinds) > 1 and not column.unreadable:
            types = ", ".join(f"{kind} in {_where(numbers, parts)}" for kind, numbers in kinds.items())
            notes.append(f"column {column.name!r} is read as text, because its types differ: {types}")
    return _few(notes, "columns have types that differ")


def _few(notes: Sequence[str], what: str) -> list[str]:
    """Return the first few notes, and how many there are besides; what: their subject in the plural."""
    if len(notes) <= _SHOWN:
        return list(notes)
    return [*notes[:_SHOWN], f"{counted(len(notes) - _SHOWN, 'further ' + what)}"]
