"""Encodings: certain ones are read and stated, others stop with their readings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.errors import SourceError

CASE = Path(__file__).parents[4] / "shared/cases/decimal-comma/german-cp1252.csv"
HEADER = "customer_id,date,revenue\n"

WESTERN = {
    "German": "Müller Käse Größe Straße Kundenschlüssel Österreich Schäfer Jörg",
    "one German word": "Kundenschlüssel",
    "French": "Hélène première près siècle château forêt François Noël cœur œuvre déjà voilà Société Générale hôtel",
    "Spanish": "España Peña niño Muñoz García Martínez José corazón",
    "Portuguese": "São João Conceição Simões Guimarães irmã Português Antônio",
    "Italian": "città perché più però lunedì Nicolò qualità Società",
    "Swedish": "Håkan Malmö Åsa Göteborg Västerås",
    "Danish": "Søren Jørgen København Næstved Øst",
    "Dutch": "België geïnteresseerd één financiën",
    "signs": "Müller 10€ £12 25°C O’Brien Children’s “Malmö Store” Brand™ 5–10",
    "English with apostrophes": "Macy’s Children’s O’Brien",
}
OTHERS = {
    "Czech": ("cp1250", "Dvořák"),
    "Czech towns": ("cp1250", "Plzeň Třebíč Jičín"),
    "Czech currency": ("cp1250", "Kč"),
    "Polish": ("cp1250", "Łódź"),
    "one Polish word that could be French": ("cp1250", "Częstochowa"),
    "Hungarian": ("cp1250", "Győr Erdős"),
    "Romanian": ("cp1250", "Timişoara Constanţa"),
    "Croatian": ("cp1250", "Petrović Kovač"),
    "Slovak": ("cp1250", "Ľubica deň"),
    "Czech of Unix": ("iso8859_2", "Tomáš Škoda"),
    "Russian": ("cp1251", "Москва Иванов"),
    "Russian of DOS": ("cp866", "Москва Иванов"),
    "Russian of Unix": ("koi8_r", "Москва Иванов"),
    "Greek": ("cp1253", "Αθήνα Πελάτης"),
    "Turkish": ("cp1254", "Yıldız Şahin"),
    "Lithuanian": ("cp1257", "Šiauliai Žemaitė"),
    "Latvian": ("cp1257", "Jānis Bērziņš"),
    "German of DOS": ("cp437", "Müller Käse"),
    "sharp s of DOS": ("cp437", "Großmann"),
    "French of DOS": ("cp850", "Hélène façade"),
    "German of the Macintosh": ("mac_roman", "Müller Käse"),
    "Spanish of the Macintosh": ("mac_roman", "García señor"),
    "euro of Unix": ("iso8859_15", "12€"),
    "Japanese": ("shift_jis", "東京 株式会社"),
    "Chinese": ("gb18030", "北京 公司"),
}


def lines(words: str) -> str:
    return HEADER + "".join(f"{word},2025-01-01,1\n" for word in words.split())


@pytest.mark.parametrize("words", WESTERN.values(), ids=WESTERN)
def test_windows_1252_is_recognised_and_stated(words: str, tmp_path: Path) -> None:
    """Western texts are read, and the note says how, with a word."""
    path = tmp_path / "o.csv"
    path.write_bytes(lines(words).encode("cp1252"))
    base = cg.read_orders(path)
    assert sorted(base.ids.tolist()) == sorted(words.split())
    (note,) = [note for note in base.notes if "Windows-1252" in note]
    assert any(word in note for word in words.split() if not word.isascii())


@pytest.mark.parametrize(("encoding", "words"), OTHERS.values(), ids=OTHERS)
def test_another_encoding_is_never_read_as_windows_1252(encoding: str, words: str, tmp_path: Path) -> None:
    """Texts of other encodings stop with the line; with their encoding they are read."""
    path = tmp_path / "o.csv"
    path.write_bytes(lines(words).encode(encoding))
    with pytest.raises(SourceError, match=r"its encoding isn't certain: a word of line [23] is") as caught:
        cg.read_orders(path)
    assert caught.value.hint is not None and "--encoding" in caught.value.hint.option
    if encoding in ("cp1250", "cp1251", "cp437", "mac_roman", "cp1254", "cp1257", "iso8859_15"):
        assert any(word in str(caught.value) for word in words.split())
    assert sorted(cg.read_orders(path, encoding=encoding).ids.tolist()) == sorted(words.split())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("words", ["Müller B", "Москва Київ", "A B"])
def test_unicode_is_certain(encoding: str, words: str, revenues: Callable[..., dict[str, float]]) -> None:
    """Texts of Unicode are read with a byte order mark, and without one by the zeros of ASCII."""
    assert sorted(revenues(lines(words).encode(encoding))) == sorted(words.split())
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\0\0"}.get(encoding, b"")
    assert sorted(revenues(mark + lines(words).encode(encoding), encoding=encoding)) == sorted(words.split())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            lines("Müller " * 9).encode() + b"M\xfcller,2025-01-01,1\n",
            "line 11: the byte 0xfc isn't UTF-8, although the",
        ),
        (b"\xef\xbb\xbf" + HEADER.encode() + b"M\xfcller,2025-01-01,1\n", "line 2: the byte 0xfc .* mark of UTF-8"),
        (lines("Müller").encode() + "ü".encode()[:1], "ends within a character of UTF-8, on line 3"),
        (lines("A B").encode() + b"C\0,2025-01-01,1\n", "isn't UTF-8 text: line 4 holds NUL"),
        (lines("Müller").encode("utf-16")[:-1], "isn't text in utf-16"),
    ],
    ids=["a stray byte", "a stray byte after a mark", "a cut character", "a NUL", "half a character"],
)
def test_damage_is_placed(content: bytes, says: str, revenues: Callable[..., dict[str, float]]) -> None:
    """A byte that doesn't fit is named with its line, wherever it is."""
    with pytest.raises(SourceError, match=says):
        revenues(content)


def test_two_encodings_in_one_file_stop(revenues: Callable[..., dict[str, float]]) -> None:
    """A few lines of UTF-8 in a file of Windows-1252 aren't read as if they were of Windows-1252."""
    content = lines("Müller Jörg Käse " * 100).encode("cp1252") + "Größe,2025-01-01,1\n".encode()
    with pytest.raises(SourceError, match="'Größe' in utf-8 and 'GrÃ¶ÃŸe' in cp1252"):
        revenues(content)


def test_the_given_encoding_decides(revenues: Callable[..., dict[str, float]], tmp_path: Path) -> None:
    """Unknown names are refused with some known ones; a mark that contradicts, and bytes that don't fit, stop."""
    with pytest.raises(SourceError, match=r"no encoding 'klingon'; there are, among others: utf-8.*cp1252"):
        revenues(HEADER.encode(), encoding="klingon")
    for name in ("rot13", "base64", "undefined"):
        with pytest.raises(SourceError, match="no encoding"):
            revenues(HEADER.encode(), encoding=name)
    with pytest.raises(SourceError, match="byte order mark of UTF-16, but cp1252 is given"):
        revenues(lines("A").encode("utf-16"), encoding="cp1252")
    with pytest.raises(SourceError, match="line 3, isn't text in utf-8"):
        revenues(lines("A Müller").encode("cp1252"), encoding="utf-8")
    with pytest.raises(SourceError, match="line 3, isn't text in cp1252"):
        revenues(HEADER.encode() + b"A,2025-01-01,1\n\x81,2025-01-01,1\n", encoding="cp1252")
    assert revenues(lines("Müller").encode("utf-8-sig"), encoding="UTF8") == {"Müller": 1.0}
    base = cg.read_orders(_file(tmp_path, lines("Müller").encode()), encoding="cp1252")
    assert base.ids.tolist() == ["MÃ¼ller"]
    assert any("although it is UTF-8 text too" in note for note in base.notes)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "given.csv"
    path.write_bytes(content)
    return path


def test_lines_of_bad_rows_are_those_of_the_file(revenues: Callable[..., dict[str, float]]) -> None:
    """Bad rows of a text in another encoding are named by the lines that a user sees."""
    text = lines("Müller Jörg") + "Käse,never,1\n"
    for encoding in ("cp1252", "utf-16"):
        with pytest.raises(cg.CustgradeError, match="line 4: unreadable date"):
            revenues(text.encode(encoding))


def test_a_long_word_is_no_trap(revenues: Callable[..., dict[str, float]]) -> None:
    """A cell of a megabyte of letters is looked at in a moment."""
    content = (HEADER + "x" * 10**6 + "é,2025-01-01,1\nHélène,2025-01-01,1\n").encode("cp1252")
    assert len(revenues(content)) == 2


@pytest.mark.skipif(not CASE.exists(), reason="needs the cases of the field")
def test_case_decimal_comma() -> None:
    """The German export in Windows-1252 is read with its amounts."""
    names: dict[str, Any] = {"customer_id": "Kundenschlüssel", "date": "Datum", "revenue": "Umsatz"}
    base = cg.read_orders(CASE, names, date_format="%d.%m.%Y")
    assert 2310.75 in base["revenue"].tolist()
