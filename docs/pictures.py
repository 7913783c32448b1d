"""Draws docs/images/architecture.svg: the layers of `kb`, from the imports that stand in its files.

Run `python docs/pictures.py` after a package or an import between packages has come or gone. A box
is a layer with its modules and lines; an arrow goes from a layer to one that it imports, and is
left out where a longer way through other layers says the same. Needs `pip install '.[graph]'`.
"""

from __future__ import annotations

import ast
import html
import sys
from pathlib import Path

import networkx as nx
import pygraphviz

ROOT = Path(__file__).resolve().parent.parent
KB = ROOT / "kb"
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
GROUPS = {
    "#fde7c8": ("cli", "notebook", "api"),
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


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(draw())
    print(PICTURE.relative_to(ROOT))
