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
    mermaid: tuple[str, str] = ("[", "]")
    width: float = 1.0

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    @property
    def style(self) -> str:
        return "filled,rounded" if self.shape == "rounded" else "filled"


SHAPES = ("box", "ellipse", "rounded", "note", "hexagon", "tab", "octagon")
"""The shapes of all kinds: no view has more."""

_PAPER: tuple[str, tuple[str, str]] = ("note", ("[/", "/]"))
_ASKED: tuple[str, tuple[str, str]] = ("hexagon", ("{{", "}}"))
_FROM: tuple[str, tuple[str, str]] = ("tab", ("[(", ")]"))
_BINDS: tuple[str, tuple[str, str]] = ("octagon", ("[\\", "\\]"))

NODES: dict[str, Look] = {
    "app": Look("应用", "app", "box", "#ffffff", ("[[", "]]"), 2.5),
    "service": Look("服务", "service", "ellipse", "#e8f3fb", ("([", "])")),
    "category": Look("类目", "category", "box", "#cfe3f3", width=1.6),
    "all_of": Look("全部提供", "all of", "rounded", "#f2f2f2", ("(", ")")),
    "any_of": Look("任选其一", "any one of", "rounded", "#fbe9d0", ("(", ")")),
    "document": Look("材料", "document", _PAPER[0], "#fffbe0", _PAPER[1]),
    "condition": Look("条件", "condition", _ASKED[0], "#efe3f0", _ASKED[1]),
    "authority": Look("机关", "authority", _FROM[0], "#e6e6e6", _FROM[1]),
    "source": Look("来源", "source", _FROM[0], "#e2f1ea", _FROM[1]),
    "obligation": Look("义务", "obligation", _BINDS[0], "#dff0ea", _BINDS[1]),
    "prohibition": Look("禁止事项", "prohibition", _BINDS[0], "#f7dfd3", _BINDS[1]),
    "step": Look("步骤", "step", "box", "#cfe3f3", width=1.6),
    "material": Look("须交内容", "to hand in", _PAPER[0], "#fffbe0", _PAPER[1]),
    "check": Look("须核事实", "check", _ASKED[0], "#efe3f0", _ASKED[1]),
    "practice": Look("做法或事实", "practice or fact", "ellipse", "#ffffff", ("([", "])")),
    "event": Look("事项", "event", "ellipse", "#e8f3fb", ("([", "])")),
    "consequence": Look("违反后果", "consequence", _BINDS[0], "#eeeeee", _BINDS[1]),
    "fact": Look("推出的事实", "derived fact", "box", "#cfe3f3"),
    "stated": Look("陈述的事实", "stated fact", _PAPER[0], "#fffbe0", _PAPER[1]),
    "absent": Look("已核对:没有", "checked: none", _ASKED[0], "#f2f2f2", _ASKED[1]),
    "group": Look("分组", "group", "rounded", "#ffffff", ("(", ")")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An edge kind's names and its family, which says how it is drawn; `shown`: the drawing writes
    the name, since the ends alone do not tell it."""

    zh: str
    en: str
    family: str = "plain"
    shown: bool = True

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    @property
    def drawn(self) -> Stroke:
        return STROKES[self.family]


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a family of edges is drawn: style, colour and arrow head in Graphviz, and in Mermaid."""

    style: str
    colour: str
    head: str
    mermaid: str


STROKES: dict[str, Stroke] = {
    "plain": Stroke("solid", "#444444", "normal", "-->"),
    "order": Stroke("bold", "#222222", "vee", "==>"),
    "condition": Stroke("dashed", "#7a4a7d", "odot", "-.->"),
    "also": Stroke("bold", "#0060a8", "normal", "==>"),
    "instead": Stroke("dashed", "#0060a8", "empty", "-.->"),
    "against": Stroke("bold", "#b03a00", "tee", "--x"),
    "cite": Stroke("dotted", "#777777", "none", "-.-"),
}
"""The families of edges: no view has more kinds of lines."""

EDGES: dict[str, Line] = {
    "offers": Line("提供服务", "offers", shown=False),
    "in_scope": Line("属于", "in scope of", shown=False),
    "brings": Line("引出", "brings"),
    "to_provide": Line("须提供", "to provide", shown=False),
    "requires": Line("需要", "requires", shown=False),
    "requires_one": Line("满足其一即可", "one of these will do", shown=False),
    "because": Line("因为", "because", shown=False),
    "subject_to": Line("适用", "subject to"),
    "bound_by": Line("须履行", "bound by"),
    "examined_by": Line("由其审查", "examined by"),
    "before": Line("先于", "before", "order"),
    "supersedes": Line("取代", "supersedes", "order"),
    "when": Line("前提", "only if", "condition", shown=False),
    "only_where": Line("只开放给", "open only where", "condition"),
    "unless": Line("除非", "unless", "condition"),
    "also_needs": Line("另需", "also needs", "also"),
    "also_needs_one": Line("另需其一", "also needs one of", "also"),
    "instead": Line("改选", "instead", "instead"),
    "instead_one": Line("改选其一", "one of these instead", "instead"),
    "advises": Line("建议改选", "advises", "instead"),
    "advises_one": Line("建议改选其一", "advises one of", "instead"),
    "violates": Line("违反", "violates", "against"),
    "prohibits": Line("不支持或禁止", "not supported or forbidden", "against"),
    "breach": Line("违反则", "on breach", "against"),
    "holds": Line("其中", "holds", shown=False),
    "cites": Line("出处", "cites", "cite", shown=False),
    "issued_by": Line("颁发", "issued by", "cite"),
    "taken_by": Line("由其处置", "taken by", "cite"),
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
    "none_required": State("不需要材料", "no document asked for", "✓", "#007a59", 1.0, plain="√"),
    "none_stated": State("来源未列明材料", "no document stated", "✓", "#007a59", 1.0, plain="√"),
    "later": State("以后才须有", "due later", "▷", "#0072b2", 2.0, "dashed", ">"),
    "exempted": State("获豁免", "exempted", "◇", "#0072b2", 2.0, plain="◇"),
    "named": State("仅列出,来源未说如何核对", "named only", "·", "#555555", 1.0, plain="·"),
    "missing": State("缺少或不符", "missing or not met", "✗", "#c24a00", 3.0, plain="×"),
    "not_open": State("不开放", "not open", "⊘", "#8a2be2", 3.0, plain="※"),
    "prohibited": State("禁止", "prohibited", "⊘", "#000000", 4.0, plain="※"),
    "undetermined": State("无法确定", "undetermined", "?", "#9a6a00", 2.0, "dashed", "?"),
    "idle": State("不适用", "does not apply", "–", "#8a8a8a", 1.0, "dotted", "-"),
    "added": State("新增", "added", "+", "#007a59", 3.0, plain="+"),
    "recorded": State("首次收录", "first text at hand", "*", "#007a59", 2.0, plain="*"),
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
