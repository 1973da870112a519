"""Compressed files and archives: recognised by content, checked to the end, unpacked to a file that doesn't stay."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest
import zstandard

import custgrade as cg
from custgrade.errors import OutputError, SourceError
from custgrade.ingest.containers import temporary

CASES = Path(__file__).parents[4] / "shared/cases/compressed"
FOUND = {"B": 20.0, "Müller": 10.0}


def zipped(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


METHODS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstandard": zstandard.ZstdCompressor(write_checksum=True).compress,
    "zip": lambda content: zipped({"orders.csv": content}),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["orders", "orders.csv", "orders.parquet", "orders.GZ"])
def test_the_content_decides(method: str, name: str, text: str, revenues: Callable[..., dict[str, float]]) -> None:
    """A compressed file is unpacked whatever it is called."""
    assert revenues(METHODS[method](text.encode()), name) == FOUND


@pytest.mark.parametrize("outer", METHODS)
@pytest.mark.parametrize("inner", METHODS)
def test_what_is_packed_twice_is_unpacked_twice(
    outer: str, inner: str, text: str, revenues: Callable[..., dict[str, float]]
) -> None:
    """A compressed file in an archive, or compressed again, is read."""
    assert revenues(METHODS[outer](METHODS[inner](text.encode()))) == FOUND


@pytest.mark.parametrize("method", [name for name in METHODS if name != "zip"])
def test_members_follow_each_other(method: str, text: str, revenues: Callable[..., dict[str, float]]) -> None:
    """Compressed files that were put together are one file, as their programs read them."""
    pack = METHODS[method]
    first, second = text.encode()[:40], text.encode()[40:]
    assert revenues(pack(first) + pack(second)) == FOUND


@pytest.mark.parametrize("method", METHODS)
def test_a_cut_or_spoiled_file_is_never_a_shorter_one(
    method: str, tmp_path: Path, revenues: Callable[..., dict[str, float]]
) -> None:
    """Cut anywhere, with a byte changed, or with something behind it, a file is refused."""
    chance = random.Random(3)
    lines = "".join(f"C{chance.randrange(10**6)},2025-01-01,{chance.randrange(10**4)}\n" for _ in range(2_000))
    content = METHODS[method](("customer_id,date,revenue\n" + lines).encode())
    whole = revenues(content)
    for _ in range(8):
        with pytest.raises(SourceError):
            revenues(content[: chance.randrange(12, len(content))])
        spoiled = bytearray(content)
        spoiled[chance.randrange(len(content) // 4, 3 * len(content) // 4)] ^= 1 << chance.randrange(8)
        with pytest.raises(SourceError, match="fetch it again"):
            revenues(bytes(spoiled))
    with pytest.raises(SourceError):
        revenues(content + b"and more")
    assert revenues(content) == whole


def test_an_archive_holds_one_file(revenues: Callable[..., dict[str, float]], text: str) -> None:
    """Files that systems add for themselves don't count; two files, none, and a password are refused."""
    junk = {"__MACOSX/._orders.csv": b"x", "data/.DS_Store": b"x", "data/": b"", "Thumbs.db": b"x"}
    assert revenues(zipped({**junk, "data/orders.csv": text})) == FOUND
    with pytest.raises(SourceError, match=r"holds 2 files: a.csv, b.csv. Unpack it"):
        revenues(zipped({"a.csv": text, "b.csv": text}))
    with pytest.raises(SourceError, match="without a file in it"):
        revenues(zipped(junk))
    encrypted = bytearray(zipped({"a.csv": text}))
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SourceError, match="is encrypted"):
        revenues(bytes(encrypted))


def test_parquet_is_unpacked_too(tmp_path: Path, text: str) -> None:
    """A compressed Parquet file is graded, and its columns are copied as those of any Parquet file."""
    buffer = io.BytesIO()
    pl.DataFrame({"customer_id": ["a", "b"], "profit": [1.0, 2.0], "x": ["p", "q"]}).write_parquet(buffer)
    (tmp_path / "in.gz").write_bytes(gzip.compress(buffer.getvalue()))
    cg.grade_file(tmp_path / "in.gz", "abcde", tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet")["x"].to_list() == ["p", "q"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"SQLite format 3\x00" + bytes(20), "an SQLite database"),
        (b'[\n  {"customer_id": 1}]', "a JSON file"),
        (b'{"customer_id": 1}\n', "a JSON file"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html><table>", "a web page"),
        (b"<table><tr><td>customer_id</td>", "a web page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "an XML spreadsheet"),
        (b"<?xml version='1.0'?><a/>", "an XML file"),
        (b"ARROW1\x00\x00", "an Arrow or Feather file"),
        (gzip.compress(b"orders.csv" + bytes(247) + b"ustar\x0000" + bytes(300)), "a tar archive"),
        (zipped({"word/document.xml": b"<x/>"}), "a text document"),
        (gzip.compress(b""), "is empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_kinds_are_named(content: bytes, says: str, revenues: Callable[..., dict[str, float]]) -> None:
    """What is neither text nor Parquet nor a workbook is refused by what it is."""
    with pytest.raises(SourceError, match=says):
        revenues(content, "orders.csv")


@pytest.mark.parametrize("word", ["PAR1", "BZh", "ORC", "ARROW1", "Obj", "PK", "GIF8"])
def test_a_text_may_begin_with_the_letters_of_a_kind(word: str, revenues: Callable[..., dict[str, float]]) -> None:
    """A header that begins with the letters by which a kind of files is known is a header."""
    assert revenues(f"{word},customer_id,date,revenue\n1,a,2025-01-01,5\n".encode()) == {"a": 5.0}


def test_no_temporary_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Temporary files go with the base, and with an error; a missing folder for them is named."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "good.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "bad.gz").write_bytes(gzip.compress(b"id\n1\n"))
    base = cg.read_orders(tmp_path / "good.gz")
    del base
    assert list(folder.iterdir()) == []
    with pytest.raises(cg.CustgradeError):
        cg.read_orders(tmp_path / "bad.gz")
    assert list(folder.iterdir()) == []
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    with pytest.raises(OutputError, match=r"TMPDIR is .*nowhere, which is no folder"):
        cg.read_orders(tmp_path / "good.gz")


def test_a_run_of_the_command_leaves_nothing(tmp_path: Path, text: str) -> None:
    """The process removes its temporary files, whether it ends well or not."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    (tmp_path / "orders.gz").write_bytes(gzip.compress(text.encode()))
    for wanted in ("revenue", "profit"):
        call = [sys.executable, "-m", "custgrade", "grade", "--orders", "orders.gz", "--scorer", "abcde"]
        done = subprocess.run(
            [*call, "--param", f"by={wanted}"],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(folder)},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, list(folder.iterdir())) == (0 if wanted == "revenue" else 2, [])


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch, revenues: Callable[..., dict[str, float]]) -> None:
    """What would fill the disk is refused, with the bound and what to do."""
    monkeypatch.setattr(temporary, "_SHARE", 1e-6)
    with pytest.raises(SourceError, match=r"holds more than .* GB, nine tenths of the free space in .*; set TMPDIR"):
        revenues(gzip.compress(b"customer_id,date,revenue\n" + bytes(10**6) * 200))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    """When the temporary folder is full, the error is about that folder."""
    monkeypatch.setattr(temporary, "new_file", lambda path: Path("/dev/full").open("wb", 0))  # noqa: SIM115
    (tmp_path / "a.gz").write_bytes(gzip.compress(text.encode()))
    with pytest.raises(OutputError, match="can't write to the temporary folder"):
        cg.read_orders(tmp_path / "a.gz")


@pytest.mark.skipif(not CASES.exists(), reason="needs the cases of the field")
@pytest.mark.parametrize("name", ["orders.csv.bz2", "orders.csv.zst"])
def test_case_compressed(name: str) -> None:
    """The files of the case are read."""
    assert len(cg.read_orders(CASES / name)) > 0
