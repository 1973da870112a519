"""Every block of the documentation does what the block after it shows; none can skip its check unnoticed."""

import contextlib
import io
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from custgrade import CustgradeError
from custgrade.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/plugins/*.md"))]
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[a-z-]+(?:: [a-z]+)?) -->\n)?^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
UNCHECKED = {"no-run", "command: run", "command: test"}
"""Blocks that install something: the checks for a clean checkout run the README's two, and a person the others."""
LINES_ALONE = {"custgrade", "cat", "cut", "grep", "head", "sed"}
"""The programs whose lines run one by one."""


def blocks(page):
    return [match.groupdict() for match in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def run_shell(text, given=None):
    """Return what bash writes to standard output and to standard error. given: the standard input."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", text], capture_output=True, text=True, env=environment, check=False, input=given or ""
    )
    return done.stdout, done.stderr


def lines_of(text):
    """Return the lines of a block of shell, where a backslash joins lines; a single one if they need each other."""
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line]
    alone = all(line.split()[0] in LINES_ALONE and not line.endswith("|") for line in lines)
    return lines if alone else [text]


def command_of(line):
    """Return the arguments of `custgrade`, the file after `>`, and the shell after `|`; None for any other line.

    None also if a module of the page is named: this process may have an earlier version of it.
    """
    command, _, rest = line.partition(" | ")
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words = list(lexer)
    file = words[-1] if words[-2:-1] == [">"] else None
    arguments = words[1:-2] if file else words[1:]
    special = set("$`*?~:\n") & set(command) or any(set(word) <= set("();<>|&") for word in arguments)
    return None if words[0] != "custgrade" or special else (arguments, file, rest)


def first_lines():
    """Return the lines that run a command, such as `grade` or `events add`, for the first time."""
    found = {}
    for block in itertools.chain.from_iterable(map(blocks, PAGES)):
        if block["language"] == "sh" and block["mark"] is None:
            for line in lines_of(block["text"]):
                if command := command_of(line):
                    name = tuple(itertools.takewhile(str.isalpha, command[0][: 1 + (command[0][0] == "events")]))
                    found.setdefault(name, line)
    return set(found.values())


AS_A_PROCESS = first_lines()


def run_line(line):
    """Return what a line of shell writes; only the first of each command in all pages starts a process of its own."""
    command = None if line in AS_A_PROCESS else command_of(line)
    if command is None:
        return run_shell(line)
    arguments, file, rest = command
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main(arguments)
    if file:
        Path(file).write_text(out.getvalue(), encoding="utf-8")
        return "", err.getvalue()
    after, wrong = run_shell(rest, out.getvalue()) if rest else (out.getvalue(), "")
    return after, err.getvalue() + wrong


def run_block(text):
    """Return what a block of shell writes to standard output, and after it what it writes to standard error."""
    written = [run_line(line) for line in lines_of(text)]
    return "".join(out for out, _ in written) + "".join(err for _, err in written)


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
            printed = run_block(commands["command: run"].split("&&")[-1].replace(".venv/bin/", ""))
        if block["mark"] in UNCHECKED:
            printed = None
        elif block["title"]:
            file = tmp_path / block["title"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif language == "sh":
            printed = run_block(text)
        elif language == "python":
            printed = run_python(text, names)
        elif language == "text" and printed is not None:
            assert printed.strip() == text.strip()
            printed = None


def test_only_known_marks_excuse_a_block():
    """A mark that isn't known would be ignored in silence."""
    marks = {block["mark"] for page in PAGES for block in blocks(page)} - {None}
    assert marks <= UNCHECKED | {"output: run"}
