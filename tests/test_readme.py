"""What the README shows is what happens: its Python, its shell sessions, its two commands."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from symdiff.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def sessions():
    """(arguments, printed) of every ``$ symdiff ...`` of the console blocks."""
    parts = re.split(r"^\$ symdiff ", "".join(blocks("console")), flags=re.MULTILINE)
    return [part.split("\n", 1) for part in parts[1:]]


def test_python_prints_what_it_shows():
    source = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(source, {}, "README.md", None, 0)
    assert len(test.examples) >= 10
    report = []
    results = doctest.DocTestRunner().run(test, out=report.append)
    assert results.failed == 0, "".join(report)


@pytest.mark.parametrize(("arguments", "printed"), sessions())
def test_session_prints_what_it_shows(arguments, printed):
    result = CliRunner().invoke(main, shlex.split(arguments))
    assert result.exit_code == 0, result.output
    assert result.output.rstrip() == printed.rstrip()


def test_sessions_are_found():
    assert len(sessions()) == README.count("\n$ symdiff ") >= 3


def test_the_two_commands_carry_their_own_setup():
    commands = [line for block in blocks("sh") for line in block.splitlines() if "venv" in line]
    assert len(commands) == 2
    for command, last in zip(commands, (".venv/bin/symdiff demo", ".venv/bin/pytest"), strict=True):
        setup, install, run = command.split(" && ")
        assert setup == "python3 -m venv .venv"
        assert install.startswith(".venv/bin/pip install -e ")
        assert run == last


def test_ci_runs_the_readme_s_test_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "grep -m1 'bin/pytest$' README.md" in script
    assert len(re.findall(r"bin/pytest$", README, re.MULTILINE)) == 1
