"""Nothing is mapped wrongly without being marked doubtful, over files spoiled at random."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.sources.opening import open_source
from custgrade.recognising.recognised import RecognisedFile
from custgrade.recognising.recognition import recognise
from custgrade.recognising.vocabulary import read_vocabulary

sys.path.insert(0, str(Path(__file__).parent))
try:
    from spoiled_files import OF_CUSTOMERS, SpoiledFile, spoiled_file
finally:
    sys.path.pop(0)

SEEDS, GROUP = 240, 12
VOCABULARY = read_vocabulary()


def recognised(seed: int, folder: Path) -> tuple[SpoiledFile, RecognisedFile]:
    """Return a spoiled file, and what is recognised in it."""
    made = spoiled_file(seed)
    path = folder / f"{seed}.csv"
    path.write_bytes(made.content)
    source = open_source(str(path), ReadOptions())
    try:
        return made, recognise(source, VOCABULARY)
    finally:
        source.connection.close()


@pytest.mark.parametrize("first", range(0, SEEDS, GROUP))
def test_no_column_is_mapped_wrongly(first: int, tmp_path: Path) -> None:
    """Each certain field is in the column that holds it, the kind is right, and most fields are found."""
    wrong, mapped, mappable = [], 0, 0
    for seed in range(first, first + GROUP):
        made, found = recognised(seed, tmp_path)
        kind = "customers" if made.layout in OF_CUSTOMERS else "orders"
        truth = {name.strip(): field for name, field in made.truth.items()}
        sure = {field for field in truth.values() if field not in ("-", "status") and not field.startswith("?")}
        mapped += len(sure & found.mapping.keys())
        mappable += len(sure)
        if found.kind not in (kind, "other"):
            wrong.append((seed, made.layout, "kind", found.kind, found.reason))
            continue
        for field, column in found.mapping.items():
            if truth[column.strip()].removeprefix("?") != field:
                wrong.append((seed, made.layout, field, column, truth[column.strip()]))
    assert wrong == []
    assert mapped >= 0.7 * mappable
