"""Shells complete commands, ids and names, and files; each shell's own words for it are printed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from kb.cli.completion import SHELLS, VARIABLE
from kb.cli.main import cli

SMALL = str(Path(__file__).parent / "cases" / "facts-small")
OFFERED = {
    "command": (["comp"], ["completion"]),
    "service by id": (["ask", "--only-facts", SMALL, "--service", "bre"], ["bread"]),
    "service by name": (["ask", "--only-facts", SMALL, "--service", "卖面"], ["卖面包"]),
    "document": (["ask", "--only-facts", SMALL, "--has", "bak"], ["baker_licence"]),
    "decision": (["explain", "whole-"], ["whole-serves-parts"]),
    "code": (["explain", "unknown-i"], ["unknown-id"]),
    "category": (["show", "--only-facts", SMALL, "shop-p"], ["shop-pie"]),
    "service shown": (["show", "--only-facts", SMALL, "brea"], ["bread"]),
    "source": (["lines", "--only-facts", SMALL, "town-f"], ["town-fair-2020"]),
    "kind": (["vocabulary", "--only-facts", SMALL, "docu"], ["document"]),
    "query": (["query", "missing_d"], ["missing_documents"]),
    "no such folder": (["show", "--facts", "nowhere", "shop-p"], []),
}


def offered(arguments: list[str]) -> list[tuple[str, str, str | None]]:
    """What is offered for the last argument, with its kind and what is said of it."""
    *before, last = arguments
    found = ShellComplete(cli, {}, "kb", VARIABLE).get_completions(before, last)
    return [(item.value, item.type, item.help) for item in found]


@pytest.mark.parametrize("case", OFFERED)
def test_what_is_offered(case: str) -> None:
    """What begins as typed, of the kind that belongs there; nothing where facts can not be read."""
    arguments, want = OFFERED[case]
    assert [value for value, *_ in offered(arguments)] == want


def test_an_id_is_offered_with_its_names() -> None:
    """Shells that show more than the value show the names in both languages."""
    [found] = offered(["ask", "--only-facts", SMALL, "--service", "bread"])
    assert found == ("bread", "plain", "卖面包 · bread")


@pytest.mark.parametrize("arguments", [["ask", "x"], ["replay", "r"], ["audit", "apps"]])
def test_profiles_and_tables_are_files(arguments: list[str]) -> None:
    """Where a file is named the shell completes files."""
    assert offered(arguments) == [(arguments[-1], "file", None)]


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("kb show --only-facts SMALL shop-p", "shop-pie"),
        ("kb show 教育-学历教育\\\\(", "教育-学历教育\\\\(学校\\\\)"),
        ("kb show '教育-学历教育(", "教育-学历教育(学校)"),
        ("kb ask --only-facts = SMALL --service = bre", "bread"),
    ],
)
def test_bash_quotes_what_it_would_obey(line: str, completed: str) -> None:
    """What bash is offered stands in the line as one word: brackets are escaped, unless the word
    begins with a quotation mark; a flag with `=`, which bash cuts into three words, is one."""
    words = line.replace("SMALL", SMALL).replace("\\\\", "\\").split(" ")
    environment = {
        **os.environ, VARIABLE: "bash_complete", "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }  # fmt: skip
    command = [sys.executable, "-m", "kb.cli.main"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == f"plain,{completed}\n".replace("\\\\", "\\")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_reads_what_is_printed(shell: str) -> None:
    """What `kb completion` prints asks `kb`, and the shell finds no fault with it."""
    from click.testing import CliRunner

    printed = CliRunner().invoke(cli, ["completion", shell])
    assert printed.exit_code == 0
    assert f"{VARIABLE}={shell}_complete" in printed.output
    if shutil.which(shell):
        command = [shell, "--no-execute"] if shell == "fish" else [shell, "-n"]
        run = subprocess.run(
            command, input=printed.output, capture_output=True, text=True, check=False
        )
        assert (run.returncode, run.stderr) == (0, "")
