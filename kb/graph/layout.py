"""Layout by Graphviz, in a child process with a limit in time."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

from kb.graph.dot import edge, header, legend, node, quoted
from kb.graph.drawing import Drawing
from kb.graph.render import NO_GRAPHVIZ
from kb.lang.problems import LimitError, Problem, Problems

LIMIT = 60.0
"""Seconds that a layout may take; 3,000 nodes take a few."""

INSTALL = "pip install 'policy-kb[graph]'"
LIBRARIES = "apt-get install libglib2.0-0 libxrender1 libxext6"


def plan(drawing: Drawing, form: str, font: str = "", plain_marks: bool = False) -> bytes:
    """What the child process is told: see `kb.graph.render`."""
    title = {"id": "title", "node": f"label={quoted(drawing.title)}, shape=plaintext, fontsize=20"}
    rows = [
        [{"id": e.id, "node": e.node, "edge": e.edge} for e in row]
        for row in legend(drawing, plain_marks)
    ]
    tags = drawing.tags()
    parts = [
        {
            "nodes": [
                [s.id, node(s, plain_marks, tags.get(s.id, ""))] for s in drawing.stacked(spots)
            ],
            "edges": [[link.tail, link.head, edge(link)] for link in links],
            "columns": [c for c in drawing.columns if any(spot.id == c[0] for spot in spots)],
        }
        for spots, links in drawing.parts()
    ]
    made = {
        "format": form,
        "header": header(font),
        "rows": [[{**title, "edge": ""}], *rows],
        "parts": parts,
    }
    return json.dumps(made).encode()


def drawn(
    drawing: Drawing,
    form: str,
    font: str = "",
    plain_marks: bool = False,
    limit: float = LIMIT,
) -> bytes:
    """A drawing as `svg`, `png` or `pdf`, in bytes, with its title and its legend above it.

    Raises `Problems` with the line that installs what is missing, and `LimitError` when the layout
    takes longer than `limit` seconds; the child process is killed then.
    """
    if importlib.util.find_spec("pygraphviz") is None:
        raise Problems(
            [Problem("no-graphviz", f"a {form} file needs Graphviz", help=f"run {INSTALL}")]
        )
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kb.graph.render"],
            input=plan(drawing, form, font, plain_marks),
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LimitError(
            f"error[limit]: the layout took longer than {limit:g} seconds\n"
            "  help: draw a part: --category, --app or --references"
        ) from None
    if done.returncode == NO_GRAPHVIZ:
        raise Problems(
            [
                Problem(
                    "no-graphviz",
                    f"Graphviz can not be loaded: {done.stderr.decode(errors='replace').strip()}",
                    help=f"on Debian: {LIBRARIES}\notherwise: {INSTALL}",
                )
            ]
        )
    if done.returncode != 0 or not done.stdout:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Problems(
            [
                Problem(
                    "layout",
                    f"Graphviz could not draw this: {' '.join(last) or done.returncode}",
                    help="draw a part: --category, --app or --references",
                )
            ]
        )
    return done.stdout
