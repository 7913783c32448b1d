"""The page: a graph that opens step by step, in one HTML file that asks nothing of any network.

Names come from facts and profiles, and anyone may write those. They reach the page in one way only:
as JSON whose `<` are escapes, which the script reads and shows as text. The page's policy lets no
other script run and no request leave.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib.resources import files
from typing import Any

from kb.graph.drawing import Drawing, Spot
from kb.graph.kinds import STATES, line, look
from kb.graph.outline import Outline
from kb.model.data import Json

WORDS = {
    "search": ("搜索:名称、常用说法、拼音", "search: names, everyday words, pinyin"),
    "open": ("展开/收起", "open or close"),
    "focus": ("只看此处", "focus"),
    "back": ("返回", "back"),
    "reset": ("重置", "reset"),
    "copy": ("复制链接", "copy link"),
    "copied": ("已复制", "copied"),
    "print": ("打印", "print"),
    "theme": ("明/暗", "light or dark"),
    "found": ("个结果", "found"),
    "nothing": ("没有找到", "nothing found"),
    "stated": ("出处", "stated by"),
    "profile": ("没有来源行", "no source line"),
    "state": ("状态", "state"),
    "others": ("其他出现之处", "drawn elsewhere too"),
    "from": ("来自", "from"),
    "to": ("通向", "leads to"),
    "close": ("关闭", "close"),
    "graph": ("图", "graph"),
    "path": ("位置", "place"),
    "legend": ("图例", "legend"),
    "holds": ("下有", "below"),
    "items": ("项", "items"),
    "perhaps": ("可能", "perhaps"),
    "sure": ("确定", "surely"),
    "past": ("当日不在效力中", "not in force on the day"),
    "elsewhere": ("另见该类目", "drawn as a tree of its own"),
    "picked": ("须提供的材料之一", "among what to provide"),
    "noscript": (
        "此页需要脚本。不用脚本的图:kb graph -o 文件.svg",
        "This page needs its script. A picture without one: kb graph -o FILE.svg",
    ),
    "keys": (
        "/ 搜索 · 方向键移动、展开 · 空格 展开/收起 · 回车 只看此处 · Esc 返回一步 · "
        "0 重置 · l 链接 · p 打印 · t 明暗 · +/- 缩放",
        "/ search · arrows move and open · Space open or close · Enter focus · Esc one step back · "
        "0 reset · l link · p print · t theme · +/- zoom",
    ),
}


SCRIPTS = (
    "data.js",
    "layout.js",
    "draw.js",
    "view.js",
    "panel.js",
    "search.js",
    "paper.js",
    "input.js",
)
"""The page's script, put together in this order: a name at the top of one is known to all."""


def page(drawing: Drawing, outline: Outline, font: str = "") -> str:
    """An HTML page of a drawing, opened step by step along its outline.

    `font` is a CSS `@font-face` of the family `kb`, for readers without a Chinese font.
    """
    lang = drawing.lang
    script = "\n".join(map(_own, SCRIPTS))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    title = html.escape(drawing.title)
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
</style>
</head>
<body>
<header></header>
<main>
<noscript>{WORDS["noscript"][lang != "zh"]}</noscript>
<div id="figure"></div>
<aside hidden aria-live="polite"></aside>
<div id="tip" hidden></div>
</main>
<footer></footer>
<div id="paper" aria-hidden="true"></div>
<script type="application/json" id="data">{_json(_data(drawing, outline))}</script>
<script>{script}</script>
</body>
</html>
"""


def written(drawing: Drawing) -> str:
    """Everything that the page may write, for a font to cover."""
    told = "".join(
        s.zh + s.en + s.words + "".join(a + b for a, b in s.facts) for s in drawing.spots
    )
    return drawing.text() + told + "".join(a + b for a, b in WORDS.values())


def _own(name: str) -> str:
    return files("kb.graph").joinpath("page", name).read_text(encoding="utf-8")


def _json(data: Any) -> str:
    """JSON that can not end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _data(drawing: Drawing, outline: Outline) -> Json:
    """What the script reads. What is said of a thing wherever it is drawn is there once."""
    at = 0 if drawing.lang == "zh" else 1
    things: dict[str, int] = {}
    for each in drawing.spots:
        things.setdefault(each.key, len(things))
    known = {spot.key: spot for spot in reversed(drawing.spots)}
    tags = drawing.tags()
    spots = {spot.id: spot for spot in drawing.spots}
    nodes: list[Json] = []
    for place in outline.places:
        node: Json = {"id": place.id, "up": place.parent, "link": place.link, "late": place.late}
        if place.id not in spots:
            node |= {"zh": place.zh, "en": place.en, "state": place.state, "map": place.map}
        else:
            spot = spots[place.id]
            node |= {
                "thing": things[spot.key],
                "label": spot.label,
                "tag": tags.get(spot.id, ""),
                "state": spot.state,
                "sources": spot.sources,
                "facts": spot.facts,
                "past": spot.past,
                "pointer": spot.pointer,
                "perhaps": spot.perhaps,
                "picked": spot.picked,
                "broad": spot.broad,
            }
        nodes.append({key: value for key, value in node.items() if value or value == 0})
    kinds = {*drawing.node_kinds(), "group"}
    return {
        "lang": drawing.lang,
        "title": drawing.title,
        "focus": outline.focus,
        "words": {key: pair[at] for key, pair in WORDS.items()},
        "kinds": {k: [look(k).label(drawing.lang), look(k).shape] for k in sorted(kinds)},
        "lines": {k: [line(k).label(drawing.lang), line(k).family] for k in drawing.edge_kinds()},
        "states": {k: [s.mark, s.label(drawing.lang)] for k, s in STATES.items()},
        "things": [
            [s.kind, s.key, s.zh, s.en, s.words, spelled(s) if s.kind in _SPOKEN else ""]
            for s in (known[key] for key in things)
        ],
        "nodes": nodes,
        "links": [
            [
                link.id,
                link.tail,
                link.head,
                link.kind,
                link.sources,
                link.state,
                int(link.past) + 2 * int(link.perhaps) + 4 * int(link.turned),
            ]
            for link in drawing.links
        ],
        "sounds": sounds("".join(known[k].zh + known[k].words for k in things)),
    }


_SPOKEN = ("category", "service", "document", "source", "authority", "step")
"""What is found by how it sounds."""


def spelled(spot: Spot) -> str:
    """How the Chinese names of a spot sound, syllables apart: `jia'xiao jia'xiao'pei'xun`."""
    from pypinyin import Style, lazy_pinyin

    names = dict.fromkeys((spot.zh, *spot.words.split(" · ")))
    found = (re.sub(r"[^\u4e00-\u9fff]", "", name) for name in names)
    heard = (lazy_pinyin(name, style=Style.NORMAL) for name in found if name)
    return " ".join("'".join(syllables).replace("ü", "v") for syllables in heard)


def sounds(text: str) -> dict[str, str]:
    """The most common readings of the Chinese characters of a text, each with its characters.

    >>> sounds("驾校")
    {'jia': '驾', 'xiao': '校'}
    """
    from pypinyin import Style, lazy_pinyin

    found: dict[str, str] = {}
    for character in sorted(set(re.findall(r"[\u4e00-\u9fff]", text))):
        reading = lazy_pinyin(character, style=Style.NORMAL)[0].replace("ü", "v")
        found[reading] = found.get(reading, "") + character
    return dict(sorted(found.items()))
