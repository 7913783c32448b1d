"""Pictures as SVG: what Graphviz drew, made ready to stand alone or in a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from kb.graph.drawing import Drawing, Link, Spot
from kb.graph.kinds import line, look

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FAMILY = 'font-family:"kb","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'


def picture(drawn: bytes, drawing: Drawing, font: str = "") -> str:
    """The SVG text of a drawing, with what each node is as its title.

    Parameters: `drawn`, what Graphviz gave; `font`, a CSS `@font-face` of the family `kb`.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(drawn)
    titles = {spot.id: "\n".join(about(spot, drawing.lang)) for spot in drawing.spots}
    names = {spot.id: spot.zh if drawing.lang == "zh" else spot.en for spot in drawing.spots}
    titles |= {link.id: _about_link(link, names, drawing.lang) for link in drawing.links}
    for parent in root.iter():
        for child in list(parent):
            if child.tag != f"{{{_SVG}}}title":
                continue
            text = titles.get(parent.get("id", ""), "")
            if not text:
                parent.remove(child)
            else:
                child.text = text
    group = root.find(f"{{{_SVG}}}g")
    if group is not None:
        group.attrib.pop("id", None)
    style = ET.Element(f"{{{_SVG}}}style")
    style.text = f"{font}text{{{_FAMILY}}}"
    root.insert(0, style)
    title = ET.Element(f"{{{_SVG}}}title")
    title.text = drawing.title
    root.insert(0, title)
    return ET.tostring(root, encoding="unicode")


def about(spot: Spot, lang: str) -> Iterator[str]:
    """What a spot is, in lines: names, kind, and where it is stated."""
    first, second = (spot.zh, spot.en) if lang == "zh" else (spot.en, spot.zh)
    yield first
    if second != first:
        yield second
    yield look(spot.kind).label(lang)
    for name, value in spot.facts:
        yield f"{name}: {value}"
    if spot.sources:
        yield from spot.sources.split("; ")


def _about_link(link: Link, names: dict[str, str], lang: str) -> str:
    text = f"{names[link.tail]} → {line(link.kind).label(lang)} → {names[link.head]}"
    return f"{text}\n{link.sources}" if link.sources else text
