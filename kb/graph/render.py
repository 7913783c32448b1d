"""The child process that draws: DOT on standard input, a file of a format on standard output.

Graphviz is C code that can abort the whole interpreter, so it never runs in the process that asks.
Run as `python -m kb.graph.render FORMAT`.
"""

from __future__ import annotations

import importlib
import sys

NO_GRAPHVIZ = 9
"""Exit code that says that pygraphviz or one of its system libraries is missing."""


def main() -> int:
    try:
        pygraphviz = importlib.import_module("pygraphviz")
    except ImportError as error:
        print(error, file=sys.stderr)
        return NO_GRAPHVIZ
    text = sys.stdin.buffer.read().decode("utf-8")
    graph = pygraphviz.AGraph(string=text)
    drawn: bytes = graph.draw(format=sys.argv[1], prog="dot")
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
