"""`kb` in the tests' own process: what is printed and returned is what a process would give.

A process of its own takes a second or two to load what this one has; start one where a test is
about the process: its signals, its streams, what it imports.
"""

from __future__ import annotations

import io
import sys
from subprocess import CompletedProcess

import pytest

from kb.cli.main import main


def kb_here(*arguments: object, given: str = "") -> CompletedProcess[str]:
    """Run `kb` with these arguments, and with what is given on its standard input."""
    line = ["kb", *map(str, arguments)]
    written = {"stdout": io.BytesIO(), "stderr": io.BytesIO()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", line)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
        for name, bytes_ in written.items():
            stream = io.TextIOWrapper(bytes_, "utf-8", write_through=True)
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as exit:
            main()
        out, err = (each.getvalue().decode() for each in written.values())
    return CompletedProcess(line, int(exit.value.code or 0), out, err)
