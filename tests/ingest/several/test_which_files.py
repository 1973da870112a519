"""Which files a list, a folder or a pattern stands for."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import OutputError, SourceError
from custgrade.ingest.sources.file_patterns import matching, would_match
from custgrade.ingest.sources.source_files import is_data_file, source_files

Put = Callable[[str, str | bytes], Path]
LINE = "customer_id,date,revenue\nk{0},2025-01-0{0},{0}0\n"


@pytest.fixture
def months(put: Put) -> Path:
    """Return a folder with three monthly files, a hidden file, a note and a folder."""
    for name, number in (("m-2.csv", 2), ("m-1.csv", 1), ("m-3.CSV", 3), (".m-4.csv", 4), ("old/m-0.csv", 5)):
        put(f"sales/{name}", LINE.format(number))
    put("sales/notes.pdf", "-")
    return put("sales/~$m-1.xlsx", "-").parent


def test_a_folder_stands_for_its_data_files_by_name(months: Path) -> None:
    """Hidden files, files of other kinds and folders are left aside, and named."""
    base = cg.read_orders(months)
    assert list(base.ids) == ["k1", "k2", "k3"]
    notes = "\n".join(base.notes)
    assert "m-1.csv, m-2.csv, m-3.CSV" in notes
    for aside in (".m-4.csv", "notes.pdf", "~$m-1.xlsx", "old/"):
        assert aside in notes


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("m-*.csv", ["k1", "k2"]),
        ("m-?.[cC]*", ["k1", "k2", "k3"]),
        ("**/m-*.csv", ["k1", "k2", "k5"]),
        ("*/m-0.csv", ["k5"]),
        (".m-*.csv", ["k4"]),
    ],
)
def test_a_pattern_stands_for_the_files_that_match(months: Path, pattern: str, ids: list[str]) -> None:
    """The rules are those of a shell; `**` stands for any number of folders."""
    assert list(cg.read_orders(str(months / pattern)).ids) == ids


def test_a_list_is_read_in_its_order(months: Path) -> None:
    """Files of customers follow each other in the order of the list, and patterns may be among them."""
    base = cg.read_customers([months / "m-2.csv", str(months / "m-[1].csv"), str(months / "old")], {"revenue": ""})
    assert list(base.ids) == ["k2", "k1", "k5"]


def test_a_file_whose_name_is_the_pattern_is_read(put: Put) -> None:
    """Brackets and asterisks in the name of an existing file or folder have no other meaning."""
    put("a1.csv", LINE.format(1))
    assert list(cg.read_orders(put("a[1].csv", LINE.format(2))).ids) == ["k2"]
    assert list(cg.read_orders(put("a*.csv", LINE.format(3))).ids) == ["k3"]
    inside = put("b[1]/x.csv", LINE.format(4)).parent
    assert list(cg.read_orders(str(inside / "*.csv")).ids) == ["k4"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("*.parquet", r"no file matches \*\.parquet; the current folder has: m-1\.csv, .*old/"),
        ("none/*.csv", "there is no folder"),
        ("ol?", r"matches only folders: .*old/.*\*\.csv"),
        (["m-1.csv", "./m-1.csv"], r"m-1\.csv is given twice"),
        (["m-1.csv", "m-*.csv"], "is given twice"),
        ([], "empty list"),
        (["m-1.csv", 7], "holds 7"),
        (["m-1.csv", "absent.csv"], r"can't read .*absent\.csv"),
    ],
)
def test_what_stands_for_no_file_is_refused(
    months: Path, monkeypatch: pytest.MonkeyPatch, data: object, says: str
) -> None:
    """The message says what the folder has, and how a file is given twice."""
    monkeypatch.chdir(months)
    with pytest.raises(SourceError, match=says):
        cg.read_orders(data)


def test_a_link_to_a_file_is_the_same_file(months: Path) -> None:
    """Two names of one file are one file."""
    (months / "again.csv").symlink_to("m-1.csv")
    with pytest.raises(SourceError, match="also under the name"):
        cg.read_orders(months)


def test_a_folder_named_like_a_file_is_a_folder(put: Put) -> None:
    """`x.csv/` stands for the files in it, and is left aside in the folder above."""
    put("top/x.csv/part-0.csv", LINE.format(1))
    assert list(cg.read_orders(put("top/y.csv", LINE.format(2)).parent / "x.csv/").ids) == ["k1"]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "b.tar.zip", "a.gz", "2025.01.zip", "A.XLSX", "x.parquet.zst"])
def test_data_files_are_known_by_their_endings(name: str) -> None:
    """Compressed files count unless they are known to hold another kind; hidden files never count."""
    assert is_data_file(name) is (name != "b.tar.zip")
    assert not is_data_file(f".{name}")


NAMES = st.text(alphabet="ab.[]*?!-", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(NAMES, min_size=1, max_size=3), max_size=6),
    st.lists(NAMES | st.just("**"), min_size=1, max_size=3),
)
def test_patterns_match_as_in_a_shell(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]], parts: list[str]
) -> None:
    """The files are those that Python's glob finds, and `would_match` agrees for each of them."""
    folder = tmp_path_factory.mktemp("shell")
    for names in files:
        path = folder.joinpath(*names)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError:
            continue
    pattern = folder.joinpath(*parts)
    if any(os.path.lexists(folder.joinpath(*parts[: k + 1])) for k in range(len(parts))):
        return
    here = {path for path in folder.rglob("*") if path.is_file()}
    found = {path for path in matching(pattern) if path.is_file()}
    if any(character in "*?[" for part in parts for character in part):
        by_glob = glob.glob(str(pattern), recursive=True)  # noqa: PTH207  # Path.glob finds hidden files, unlike a shell
        assert found == {Path(name) for name in by_glob} & here
    assert {path for path in here if would_match(path, pattern)} == found


def test_an_output_among_the_inputs_is_refused(months: Path) -> None:
    """A file that the next run would read is not written."""
    customers = {"revenue": ""}
    with pytest.raises(OutputError, match="would be one of the input files"):
        cg.grade_file(months, "abcde", months / "out.csv", columns=customers)
    with pytest.raises(OutputError, match="would be one of the input files"):
        cg.grade_file([months / "m-1.csv", months / "m-2.csv"], "abcde", months / "m-1.csv")
    assert not (months / "out.csv").exists()


@pytest.mark.parametrize(("count", "named"), [(20, "18.csv, 19.csv"), (21, "00.csv … 20.csv")])
def test_all_names_are_given_up_to_twenty(put: Put, count: int, named: str) -> None:
    """Of more files, the first and the last are named."""
    for number in range(count):
        folder = put(f"many/{number:02d}.csv", LINE.format(1)).parent
    assert any(named in note for note in cg.read_orders(folder).notes)


def test_one_file_of_a_folder_is_named(put: Put) -> None:
    """A folder with a single file says which one it is."""
    assert any(
        "1 file" in note and "a.csv" in note for note in cg.read_orders(put("f/a.csv", LINE.format(1)).parent).notes
    )


def test_the_label_of_a_source_names_what_was_given(months: Path) -> None:
    """Messages name the folder, the pattern, or the first and last file."""
    assert source_files(months).label == f"{months}/ (3 files)"
    assert source_files(str(months / "m-*.csv")).label == f"{months}/m-*.csv (2 files)"
    assert source_files([months / "m-1.csv", months / "m-2.csv"]).label.endswith("m-2.csv (2 files)")
