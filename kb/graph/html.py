"""The page: drawings in one HTML file that asks nothing of any network.

Names come from facts and profiles, and anyone may write those. They reach the page in two ways
only: as text that an XML library escapes, and as JSON whose `<` are escapes, which the script reads
and shows as text. The page's policy lets no other script run and no request leave.
"""

from __future__ import annotations

import base64
import colorsys
import hashlib
import html
import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from kb.graph.drawing import Drawing
from kb.graph.kinds import EDGES, NODES, STATES, line, look
from kb.model.data import Json

WORDS = {
    "search": ("搜索(中文或英文)", "search (Chinese or English)"),
    "focus": ("聚焦邻域", "focus"),
    "steps": ("步数", "steps"),
    "collapse": ("折叠/展开分支", "collapse or open"),
    "reset": ("重置", "reset"),
    "copy": ("复制链接", "copy link"),
    "copied": ("已复制", "copied"),
    "print": ("打印", "print"),
    "theme": ("明/暗", "light or dark"),
    "fit": ("全图", "fit"),
    "found": ("个结果", "found"),
    "nothing": ("没有找到", "nothing found"),
    "stated": ("出处", "stated by"),
    "profile": ("没有来源行", "no source line"),
    "state": ("状态", "state"),
    "others": ("其他出现之处", "drawn elsewhere too"),
    "from": ("来自", "from"),
    "to": ("通向", "leads to"),
    "close": ("关闭", "close"),
    "views": ("视图", "views"),
    "graph": ("图", "graph"),
    "keys": (
        "/ 搜索 · 方向键移动 · 回车 聚焦 · c 折叠 · l 链接 · p 打印 · t 明暗 · +/- 缩放 · Esc 重置",
        "/ search · arrows move · Enter focus · c collapse · l link · p print · t theme · "
        "+/- zoom · Esc reset",
    ),
}


SCRIPTS = ("drawings.js", "view.js", "panel.js", "focus.js", "search.js", "input.js")
"""The page's script, put together in this order: a name at the top of one is known to all."""


def page(drawings: Sequence[Drawing], pictures: Sequence[str], font: str = "") -> str:
    """An HTML page of drawings and their inline pictures; with several, each is a tab.

    `font` is a CSS `@font-face` of the family `kb`, for readers without a Chinese font.
    """
    lang = drawings[0].lang
    script = "\n".join(map(_own, SCRIPTS))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    figures = "\n".join(
        f'<div class="figure" data-at="{at}"{" hidden" if at else ""}>{picture}</div>'
        for at, picture in enumerate(pictures)
    )
    title = html.escape(drawings[0].title)
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if lang == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{font}
{_own("page.css")}
{_colours(drawings)}
</style>
</head>
<body>
<header></header>
<main>
{figures}
<aside hidden aria-live="polite"></aside>
<div id="tip" hidden></div>
</main>
<script type="application/json" id="data">{_json(_data(drawings))}</script>
<script>{script}</script>
</body>
</html>
"""


def _own(name: str) -> str:
    return files("kb.graph").joinpath("page", name).read_text(encoding="utf-8")


def _json(data: Any) -> str:
    """JSON that can not end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _data(drawings: Sequence[Drawing]) -> Json:
    zh = drawings[0].lang == "zh"
    kinds = {k for d in drawings for k in (*d.node_kinds(), *d.edge_kinds())}
    lang = drawings[0].lang
    return {
        "lang": lang,
        "words": {key: pair[0 if zh else 1] for key, pair in WORDS.items()},
        "kinds": {k: (look(k) if k in NODES else line(k)).label(lang) for k in sorted(kinds)},
        "states": {k: [s.mark, s.label(lang)] for k, s in STATES.items()},
        "drawings": [
            {
                "title": drawing.title,
                "nodes": [
                    {
                        "id": spot.id,
                        "key": spot.key,
                        "kind": spot.kind,
                        "zh": spot.zh,
                        "en": spot.en,
                        "state": spot.state,
                        "sources": spot.sources.split("; ") if spot.sources else [],
                        "facts": spot.facts,
                    }
                    for spot in drawing.spots
                ],
                "links": [
                    [link.id, link.tail, link.head, link.kind, link.sources]
                    for link in drawing.links
                ],
            }
            for drawing in drawings
        ],
    }


def _colours(drawings: Iterable[Drawing]) -> str:
    """The colours of the dark page: the same hues, on a dark ground."""
    rules = []
    drawn = list(drawings)
    for kind in sorted({k for d in drawn for k in d.node_kinds()} & set(NODES)):
        rules.append(
            f".node.{kind}>:is(polygon,ellipse,path):not([fill=none])"
            f"{{fill:{_lit(NODES[kind].fill, 0.19)}}}"
        )
    for state, named in STATES.items():
        rules.append(
            f".node.{state}>:is(polygon,ellipse,path,polyline){{stroke:{_lit(named.colour, 0.66)}}}"
        )
    for kind in sorted({k for d in drawn for k in d.edge_kinds()} & set(EDGES)):
        colour = _lit(EDGES[kind].colour, 0.68)
        rules.append(f".edge.{kind}>:is(path,polygon,ellipse,polyline){{stroke:{colour}}}")
        rules.append(f".edge.{kind}>polygon[fill]:not([fill=none]){{fill:{colour}}}")
        rules.append(f".edge.{kind}>text{{fill:{colour}}}")
    automatic = "".join(f":root:not([data-theme=light]) {rule}" for rule in rules)
    chosen = "".join(f":root[data-theme=dark] {rule}" for rule in rules)
    return f"@media screen and (prefers-color-scheme:dark){{{automatic}}}@media screen{{{chosen}}}"


def _lit(colour: str, light: float) -> str:
    """A colour of the same hue with another lightness."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _, full = colorsys.rgb_to_hls(red, green, blue)
    made = colorsys.hls_to_rgb(hue, light, min(full, 0.6))
    return "#" + "".join(f"{round(part * 255):02x}" for part in made)
