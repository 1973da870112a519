"""What the command line says where columns are missing: all of them at once, with flags that are ready to use."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

FRENCH = """\
Code client;Date facture;Montant HT;Coût
C001;15/01/2025;1 204,50;843,15
C002;14/02/2025;640,00;448,00
"""


def test_the_flags_of_the_error_are_enough(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: Callable[..., str],
    command: Callable[..., tuple[int, str, str]],
) -> None:
    """The error names all that is missing, by names in any of the languages, and its flags make the command run."""
    monkeypatch.chdir(tmp_path)
    Path("ventes.csv").write_text(FRENCH, encoding="utf-8")
    grading = ("grade", "--orders", "ventes.csv", "--scorer", "abcde", "--param", "by=revenue")
    message = refused(*grading)
    assert "no columns 'customer_id' and 'date', and the scorer needs 'revenue'" in message
    flags = shlex.split(message.partition("that hold them: ")[2].partition(". Or let custgrade")[0])
    assert "customer_id=Code client" in flags
    status, out, err = command(*grading, *flags)
    assert status == 0, err
    assert "1,844.50" in out
