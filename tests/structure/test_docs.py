"""Every block of the documentation does what the block after it shows; none can skip its check unnoticed."""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from custgrade import CustgradeError

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/plugins/*.md"))]
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[a-z-]+(?:: [a-z]+)?) -->\n)?^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
UNCHECKED = {"no-run", "command: run", "command: test"}
"""Blocks that install something: the checks for a clean checkout run the README's two, and a person the others."""


def blocks(page):
    return [match.groupdict() for match in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def run_shell(text):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", text], capture_output=True, text=True, env=environment, check=False, stdin=subprocess.DEVNULL
    )
    return done.stdout + done.stderr


def run_python(text, names):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(text, "<documentation>", "exec"), names)
        except CustgradeError as error:
            print(f"{type(error).__name__}: {error}")
    return printed.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_shows_what_happens(page, tmp_path, monkeypatch):
    """Run a page's blocks from top to bottom in a folder with the examples, and compare what they print."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = {"__name__": "documentation"}
    printed = None
    for block in blocks(page):
        language, text = block["language"], block["text"]
        if block["mark"] == "output: run":
            commands = {b["mark"]: b["text"] for b in blocks(page)}
            printed = run_shell(commands["command: run"].split("&&")[-1].replace(".venv/bin/", ""))
        if block["mark"] in UNCHECKED:
            printed = None
        elif block["title"]:
            file = tmp_path / block["title"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif language == "sh":
            printed = run_shell(text)
        elif language == "python":
            printed = run_python(text, names)
        elif language == "text" and printed is not None:
            assert printed.strip() == text.strip()
            printed = None


def test_only_known_marks_excuse_a_block():
    """A mark that isn't known would be ignored in silence."""
    marks = {block["mark"] for page in PAGES for block in blocks(page)} - {None}
    assert marks <= UNCHECKED | {"output: run"}
