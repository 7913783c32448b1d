"""How kinds of nodes, kinds of edges and states are named and drawn.

Shape tells the kind, so that a drawing is legible in black and white; colour only helps. The
colours are from the palette of Okabe and Ito, which colour-blind readers can tell apart. Kinds that
are not listed here are drawn plainly and called by their own name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """A kind's names, its shape in Graphviz and in Mermaid, and the colour that fills it."""

    zh: str
    en: str
    shape: str = "box"
    fill: str = "#ffffff"
    style: str = "filled"
    mermaid: tuple[str, str] = ("[", "]")
    width: float = 1.0

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


NODES: dict[str, Look] = {
    "app": Look("应用", "app", "tab", "#ffffff", mermaid=("[[", "]]"), width=2.0),
    "service": Look("服务", "service", "ellipse", "#e8f3fb", mermaid=("([", "])")),
    "category": Look("类目", "category", "box", "#cfe3f3", width=2.0),
    "all_of": Look(
        "全部提供", "all of", "box", "#f2f2f2", "filled,rounded", mermaid=("(", ")"), width=1.6
    ),
    "any_of": Look("任选其一", "any one of", "diamond", "#fbe9d0", mermaid=("{", "}")),
    "document": Look("材料", "document", "note", "#fffbe0", mermaid=("[/", "/]")),
    "condition": Look("条件", "condition", "hexagon", "#efe3f0", mermaid=("{{", "}}")),
    "authority": Look("机关", "authority", "house", "#e6e6e6", mermaid=("[\\", "/]")),
    "source": Look("来源", "source", "folder", "#e2f1ea", mermaid=("[(", ")]")),
    "obligation": Look("义务", "obligation", "component", "#dff0ea", mermaid=("[\\", "\\]")),
    "prohibition": Look(
        "禁止事项", "prohibition", "doubleoctagon", "#f7dfd3", mermaid=("{{", "}}")
    ),
    "step": Look("步骤", "step", "cds", "#cfe3f3", width=2.0, mermaid=(">", "]")),
    "material": Look("须交内容", "to hand in", "box3d", "#fffbe0", mermaid=("[/", "\\]")),
    "check": Look("须核事实", "check", "box", "#efe3f0", "filled,rounded", mermaid=("(", ")")),
    "practice": Look(
        "做法或事实", "practice or fact", "box", "#ffffff", "filled,diagonals", mermaid=("[", "]")
    ),
    "event": Look("事项", "event", "invhouse", "#e8f3fb", mermaid=("([", "])")),
    "consequence": Look("违反后果", "consequence", "cylinder", "#eeeeee", mermaid=("[\\", "\\]")),
    "fact": Look("推出的事实", "derived fact", "box", "#cfe3f3", "filled,rounded"),
    "stated": Look("陈述的事实", "stated fact", "note", "#fffbe0", mermaid=("[/", "/]")),
    "absent": Look("不成立", "does not hold", "octagon", "#f2f2f2", mermaid=("{{", "}}")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An edge kind's names, its style, colour and arrow head; `shown`: the drawing writes the name
    beside it."""

    zh: str
    en: str
    style: str = "solid"
    colour: str = "#333333"
    head: str = "normal"
    shown: bool = False
    mermaid: str = "-->"

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


EDGES: dict[str, Line] = {
    "offers": Line("提供服务", "offers", head="lnormal"),
    "in_scope": Line("属于", "in scope of", colour="#56789a", head="vee"),
    "requires": Line("需要", "requires"),
    "requires_one": Line("满足其一即可", "one of these will do", head="odiamond"),
    "before": Line("先于", "before", "bold", "#222222", "vee", mermaid="==>"),
    "subject_to": Line("适用", "subject to", "solid", "#56789a", "dot"),
    "bound_by": Line("须履行", "bound by"),
    "violates": Line("违反", "violates", "bold", "#b03a00", "tee", mermaid="--x"),
    "breach": Line("违反则", "on breach", "dashed", "#b03a00", "box"),
    "taken_by": Line("由其处置", "taken by", "dotted", "#666666", "box"),
    "examined_by": Line("由其审查", "examined by", "solid", "#666666", "inv"),
    "when": Line("前提", "only if", "dashed", "#7a4a7d", "odot"),
    "unless": Line("除非", "unless", "dashed", "#7a4a7d", "tee"),
    "issued_by": Line("颁发", "issued by", "dotted", "#666666", "crow"),
    "also_needs": Line("另需", "also needs", "bold", "#0072b2", "normal", mermaid="==>"),
    "also_needs_one": Line(
        "另需其一", "also needs one of", "bold", "#0072b2", "odiamond", mermaid="==>"
    ),
    "instead": Line("改选", "instead", "dashed", "#0072b2", "empty", mermaid="-.->"),
    "instead_one": Line(
        "改选其一", "one of these instead", "dashed", "#0072b2", "odiamond", mermaid="-.->"
    ),
    "prohibits": Line(
        "不支持或禁止", "not supported or forbidden", "bold", "#b03a00", "tee", mermaid="--x"
    ),
    "cites": Line("出处", "cites", "dotted", "#888888", "none", mermaid="-.-"),
    "supersedes": Line("取代", "supersedes", "bold", "#555555", "diamond", mermaid="==>"),
    "because": Line("因为", "because"),
}


@dataclass(frozen=True, slots=True)
class State:
    """What a node is to an app, or to a change: its names, its mark and how its border is drawn."""

    zh: str
    en: str
    mark: str
    colour: str = "#333333"
    width: float = 1.0
    style: str = ""
    plain: str = ""

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


# `plain` is a mark that every Chinese font has, for machines whose fonts lack the other.
STATES: dict[str, State] = {
    "satisfied": State("已满足", "satisfied", "✓", "#007a59", 2.0, plain="√"),
    "none_stated": State("来源未列明材料", "no document stated", "✓", "#007a59", 1.0, plain="√"),
    "named": State("仅列出,来源未说如何核对", "named only", "·", "#555555", 1.0, plain="·"),
    "missing": State("缺少或不符", "missing or not met", "✗", "#c24a00", 3.0, plain="×"),
    "prohibited": State("禁止", "prohibited", "⊘", "#000000", 4.0, plain="※"),
    "undetermined": State("无法确定", "undetermined", "?", "#9a6a00", 2.0, "dashed", "?"),
    "idle": State("不适用", "does not apply", "–", "#8a8a8a", 1.0, "dotted", "-"),
    "added": State("新增", "added", "+", "#007a59", 3.0, plain="+"),
    "dropped": State("取消", "dropped", "−", "#c24a00", 2.0, "dashed", "-"),
    "changed": State("变更", "changed", "≠", "#0072b2", 2.0, plain="≠"),
    "same": State("不变", "the same", "=", "#333333", 1.0, plain="="),
}


def look(kind: str) -> Look:
    """How a kind of node is drawn.

    >>> look("document").shape
    'note'
    """
    return NODES.get(kind) or Look(kind, kind)


def line(kind: str) -> Line:
    """How a kind of edge is drawn."""
    return EDGES.get(kind) or Line(kind, kind, shown=True)
