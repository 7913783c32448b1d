"""The child process that draws: a plan on standard input, a picture on standard output.

Graphviz is C code that can abort the whole interpreter, so it never runs in the process that asks.
Run as `python -m kb.graph.render`. The plan is the JSON that `kb.graph.layout` writes: parts that
hang together are laid out one by one and packed, since one layout of everything is a strip.
"""

from __future__ import annotations

import importlib
import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.graph.dot import quoted
from kb.graph.sheets import SCALE, WIDE, bound, dealt
from kb.model.data import Json

NO_GRAPHVIZ = 9
"""Exit code that says that pygraphviz or one of its system libraries is missing."""

GAP = 26.0
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclass
class Laid:
    """A part after its layout: statements with places, and the size in points."""

    nodes: list[tuple[str, str, str]]
    edges: list[tuple[str, str, str, str, str]]
    width: float
    height: float
    at: tuple[float, float] = field(default=(0.0, 0.0))


def main() -> int:
    try:
        pygraphviz = importlib.import_module("pygraphviz")
    except ImportError as error:
        print(error, file=sys.stderr)
        return NO_GRAPHVIZ
    plan = json.loads(sys.stdin.buffer.read())
    parts = [_laid(pygraphviz, plan["header"], part) for part in plan["parts"]]
    text = composed(pygraphviz, plan, parts)
    if plan["format"] == "dot":
        sys.stdout.buffer.write(text.encode("utf-8"))
        return 0
    graph = pygraphviz.AGraph(string=text)
    if plan["format"] == "pdf":
        graph.layout(prog="nop2")
        sheet = printed(*(float(n) / 72 for n in graph.graph_attr["bb"].split(",")[2:]))
        if sheet is None:
            sys.stdout.buffer.write(bound(list(_sheets(pygraphviz, plan, parts))))
            return 0
        graph.graph_attr["size"] = f"{sheet[0]:.2f},{sheet[1]:.2f}"
    # nop2: places of nodes and edges are taken as they are given.
    sys.stdout.buffer.write(graph.draw(format=plan["format"], prog="nop2"))
    return 0


def printed(width: float, height: float) -> tuple[float, float] | None:
    """The room on the smallest sheet of A4 to A0 on which letters of a picture of that size (all in
    inches) are at least 7 points high, lying or upright as the picture is; nothing for one that is
    too large for any.

    >>> printed(10.0, 4.0)
    (10.69, 7.27)
    """
    short, long = 8.27, 11.69
    for _ in range(5):
        room = (short - 1.0, long - 1.0) if height > width else (long - 1.0, short - 1.0)
        if 12 * min(room[0] / width, room[1] / height) >= 7:
            return round(room[0], 2), round(room[1], 2)
        short, long = long, 2 * short
    return None


def composed(pygraphviz: Any, plan: Json, parts: list[Laid]) -> str:
    """One DOT text with all places."""
    width = _pack(parts)
    return _placed(pygraphviz, plan["header"], parts, plan["rows"], width)


def _placed(pygraphviz: Any, header: str, parts: list[Laid], rows: Any, width: float) -> str:
    lines = ["digraph kb {", header]
    for part in parts:
        dx, dy = part.at
        lines += _statements(part, dx, -dy - part.height)
    lines += _legend(pygraphviz, header, rows, max(width, 620.0))
    return "\n".join([*lines, "}"])


def _sheets(pygraphviz: Any, plan: Json, parts: list[Laid]) -> Iterator[bytes]:
    """A picture for each sheet: the title and the legend on one of their own, then all parts, each
    sheet with its number."""
    dealt_out = dealt(parts, GAP)
    yield _picture(pygraphviz, _placed(pygraphviz, plan["header"], [], plan["rows"], WIDE / SCALE))
    for number, some in enumerate(dealt_out, 1):
        head = f"label={quoted(f'{number} / {len(dealt_out)}')}, shape=plaintext, fontsize=16"
        rows = [[{"id": "title", "node": head, "edge": ""}]]
        yield _picture(pygraphviz, _placed(pygraphviz, plan["header"], some, rows, 0.0))


def _picture(pygraphviz: Any, text: str) -> bytes:
    graph = pygraphviz.AGraph(string=text)
    graph.layout(prog="nop2")
    wide, high = (float(n) / 72 for n in graph.graph_attr["bb"].split(",")[2:])
    graph.graph_attr["size"] = f"{wide * SCALE:.3f},{high * SCALE:.3f}"
    made: bytes = graph.draw(format="pdf", prog="nop2")
    return made


def _laid(pygraphviz: Any, header: str, part: Json) -> Laid:
    text = ["digraph part {", header]
    text += [f"{id} [{attributes}];" for id, attributes in part["nodes"]]
    text += [
        f'{tail} -> {head} [key="k{n}", {attributes}];'
        for n, (tail, head, attributes) in enumerate(part["edges"])
    ]
    text += [f"{{rank=same; {'; '.join(column)};}}" for column in part.get("columns", ())]
    graph = pygraphviz.AGraph(string="\n".join([*text, "}"]))
    graph.layout(prog="dot")
    left, bottom, right, top = map(float, graph.graph_attr["bb"].split(","))
    nodes = []
    for id, attributes in part["nodes"]:
        nodes.append((id, attributes, graph.get_node(id).attr["pos"]))
    edges = []
    for n, (tail, head, attributes) in enumerate(part["edges"]):
        attr = graph.get_edge(tail, head, f"k{n}").attr
        edges.append((tail, head, attributes, attr["pos"], attr["lp"] or ""))
    assert (left, bottom) == (0.0, 0.0)
    return Laid(nodes, edges, right, top)


def _pack(parts: list[Laid]) -> float:
    """Place parts, in their order, each as high as it goes; the width of all. The tallest go first,
    so that the others fill what they leave free. The skyline method: `sky` holds the lowest free
    height of each stretch."""
    area = sum((p.width + GAP) * (p.height + GAP) for p in parts)
    widest = max((p.width for p in parts), default=0.0) + GAP
    limit = max(widest, 1.15 * math.sqrt(area * 1.5))
    sky = [(0.0, limit, 0.0)]
    for part in sorted(parts, key=lambda p: p.height < limit / 5):
        wide, high = part.width + GAP, part.height + GAP
        best = min(_places(sky, wide, limit))
        y, x = best
        part.at = (x, y)
        sky = _raised(sky, x, x + wide, y + high)
    return max((p.at[0] + p.width for p in parts), default=0.0)


def _places(sky: list[tuple[float, float, float]], wide: float, limit: float) -> Iterator[Any]:
    for start, _, _ in sky:
        if start + wide <= limit + 1e-6:
            yield max(y for x, end, y in sky if x < start + wide - 1e-6 and end > start), start


def _raised(
    sky: list[tuple[float, float, float]], left: float, right: float, height: float
) -> list[tuple[float, float, float]]:
    found = []
    for x, end, y in sky:
        if x < left:
            found.append((x, min(end, left), y))
        if end > right:
            found.append((max(x, right), end, y))
    return sorted([*found, (left, right, height)])


def _legend(
    pygraphviz: Any, header: str, rows: list[list[dict[str, str]]], width: float
) -> list[str]:
    """The title and the legend above the drawing, in rows that are filled from the left."""
    text = ["digraph legend {", header]
    text += [f"{e['id']} [{e['node']}];" for row in rows for e in row]
    graph = pygraphviz.AGraph(string="\n".join([*text, "}"]))
    graph.layout(prog="dot")
    lines: list[str] = []
    y = GAP
    for row in reversed(rows):
        sized = []
        for entry in row:
            attr = graph.get_node(entry["id"]).attr
            sized.append((entry, float(attr["width"]) * 72, float(attr["height"]) * 72))
        broken: list[list[Any]] = [[]]
        x = 0.0
        for item in sized:
            own = item[1] + 14 + (44 if item[0]["edge"] else 0)
            if broken[-1] and x + own > width:
                broken.append([])
                x = 0.0
            broken[-1].append((item, x))
            x += own
        for placed in reversed(broken):
            high = max((item[2] for item, _ in placed), default=0.0)
            for (entry, wide, _), x in placed:
                shift = 40.0 if entry["edge"] else 0.0
                middle = y + high / 2
                id = entry["id"]
                lines.append(
                    f'{id} [{entry["node"]}, pos="{x + shift + wide / 2:.1f},{middle:.1f}"];'
                )
                if shift:
                    lines.append(
                        f'{id}_from [label="", shape=point, width=0.05, '
                        f'pos="{x:.1f},{middle:.1f}"];'
                    )
                    end = x + shift
                    spline = " ".join(
                        f"{px:.1f},{middle:.1f}" for px in (x + 2, x + 12, x + 22, end - 6)
                    )
                    lines.append(
                        f"{id}_from -> {id} [{entry['edge']}, "
                        f'pos="e,{end:.1f},{middle:.1f} {spline}"];'
                    )
            y += high + 10
        y += 4
    return lines


def _statements(part: Laid, dx: float, dy: float) -> Iterator[str]:
    for id, attributes, pos in part.nodes:
        yield f'{id} [{attributes}, pos="{_moved(pos, dx, dy)}"];'
    for tail, head, attributes, pos, label in part.edges:
        place = f', lp="{_moved(label, dx, dy)}"' if label else ""
        yield f'{tail} -> {head} [{attributes}, pos="{_moved(pos, dx, dy)}"{place}];'


def _moved(pos: str, dx: float, dy: float) -> str:
    """A place or a spline (`e,X,Y X,Y X,Y ...`), moved."""
    moved = []
    for point in pos.split():
        lead = point[:2] if point[:2] in ("e,", "s,") else ""
        x, y = _NUMBER.findall(point[len(lead) :])
        moved.append(f"{lead}{float(x) + dx:.2f},{float(y) + dy:.2f}")
    return " ".join(moved)


if __name__ == "__main__":
    sys.exit(main())
