"""Draws all pictures of docs/images: the layers of `kb`, and an answer and a graph for the README.

Run `python docs/pictures.py` after a package or an import between packages has come or gone, and
when the answer that the README shows has changed. In the picture of the layers a box is a layer
with its modules and lines; an arrow goes from a layer to one that it imports, and is left out where
a longer way through other layers says the same. Needs `pip install '.[graph]'` and Chinese fonts.
"""

from __future__ import annotations

import ast
import html
import sys
from pathlib import Path

import networkx as nx
import pygraphviz

import kb
from kb.graph.fonts import choose, embedded
from kb.graph.formats import export
from kb.render.answer import answer_lines
from kb.render.outline import COLOURS, Cited, Mark

INK = "#222"

ROOT = Path(__file__).resolve().parent.parent
KB = ROOT / "kb"
IMAGES = ROOT / "docs" / "images"
APP = ROOT / "tests" / "apps" / "xuechetong.yaml"
DAY = "2026-11-28"
"""The day of the README's first answer."""
SHOWN = 10
"""Lines of the answer that its picture shows."""
SIZE, STEP = 15, 23
"""Of a letter and from line to line, in pixels."""
GROUPS = {
    "#fde7c8": ("cli", "tools", "notebook", "api"),
    "#e3e8f8": ("audit", "widgets", "importers", "graph", "maintain", "render"),
    "#dcf0dd": ("compare", "interview", "explain", "answers", "find", "query", "filing"),
    "#eeeeee": ("base", "provenance", "engines", "model", "lang"),
}
"""Colours, from the doors at the top to the ground."""


def layers() -> dict[str, list[Path]]:
    """The files of each layer: a package, or a module of `kb` itself."""
    found = {
        path.parent.name: sorted(path.parent.rglob("*.py")) for path in KB.glob("*/__init__.py")
    }
    return {**found, "api": [KB / "api.py"]}


def imported(file: Path) -> set[str]:
    """The layers that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("kb.")}


def imports(files: dict[str, list[Path]]) -> nx.DiGraph[str]:
    """The layers, with an edge from each to those that it imports; what goes round is left out,
    and told."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(files)
    order = [name for group in GROUPS.values() for name in group]
    for layer, paths in files.items():
        for other in sorted(set().union(*map(imported, paths)) & set(files) - {layer}):
            if order.index(other) > order.index(layer):
                graph.add_edge(layer, other)
            else:
                print(f"left out: {layer} imports {other}, which stands above", file=sys.stderr)
    return nx.transitive_reduction(graph)


def label(name: str, files: list[Path]) -> str:
    """The text of a box: the layer, what it is for, its size."""
    doc = ast.get_docstring(ast.parse(files[0].read_text(encoding="utf-8"))) or ""
    about = doc.split("\n\n")[0].partition(":")[0].rstrip(".").replace("\n", " ")
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    size = f"{len(files)} module{'s' * (len(files) > 1)}, {lines:,} lines"
    about = html.escape(about if len(about) < 44 else about[:42].rsplit(" ", 1)[0] + " …")
    return (
        f'<<font point-size="15"><b>{name}</b></font><br/>'
        f'<font point-size="10">{about}<br/><i>{size}</i></font>>'
    )


def draw() -> bytes:
    """The picture as SVG."""
    files = layers()
    graph = imports(files)
    drawn = pygraphviz.AGraph(directed=True, strict=True, ranksep="0.35", nodesep="0.25")
    drawn.graph_attr.update(bgcolor="white", fontname="sans-serif")
    drawn.node_attr.update(
        shape="box", style="rounded,filled", fontname="sans-serif", penwidth="0.8"
    )
    drawn.edge_attr.update(color="#777777", arrowsize="0.7", penwidth="0.9")
    for colour, names in GROUPS.items():
        for name in names:
            drawn.add_node(name, label=label(name, files[name]), fillcolor=colour)
    drawn.add_edges_from(sorted(graph.edges))
    picture: bytes = drawn.draw(format="svg", prog="dot")
    return picture


def answer_picture(shown: kb.Answer) -> str:
    """The first lines of an answer as SVG, with the glyphs that it needs."""
    lines = [line for line in answer_lines(shown) if line.parts][:SHOWN]
    text = "\n".join(map(str, lines))
    choice = choose(text)
    width = max(sum(SIZE if ord(c) > 0x2E7F else SIZE * 0.54 for c in str(each)) for each in lines)
    rows = []
    for number, each in enumerate(lines):
        spans = "".join(
            f'<tspan fill="{COLOURS.get(str(part), INK)}">{html.escape(str(part))}</tspan>'
            if isinstance(part, Mark)
            else f'<tspan fill="#777">{html.escape(str(part))}</tspan>'
            if isinstance(part, Cited)
            else html.escape(str(part))
            for part in each.parts
        )
        x, y = 18 + each.indent * SIZE * 0.6, 34 + number * STEP
        weight = ' font-weight="bold"' if number == 0 else ""
        rows.append(f'<text x="{x:.0f}" y="{y}"{weight} xml:space="preserve">{spans}</text>')
    size = f"{width + 36:.0f} {34 + len(lines) * STEP}"
    style = f"{embedded(choice, text)}text{{font:{SIZE}px kb,sans-serif;fill:{INK}}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"><style>{style}</style>'
        f'<rect width="100%" height="100%" rx="8" fill="#fdfdfb" stroke="#ccc"/>'
        f"{''.join(rows)}</svg>\n"
    )


def main() -> None:
    """Draw them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / "architecture.svg").write_bytes(draw())
    base = kb.load()
    for lang in ("zh", "en"):
        shown = base.ask(APP, as_of=DAY, lang=lang)
        (IMAGES / f"answer.{lang}.svg").write_text(answer_picture(shown), encoding="utf-8")
        graph = base.graph(category="教育-驾校平台", as_of=DAY)
        export(graph, IMAGES / f"graph.{lang}.svg", lang)
    for path in sorted(IMAGES.glob("*.svg")):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
