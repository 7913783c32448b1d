"""What is written on a drawn node, and what a reader may want to know of it besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.graph.build import Graph
from kb.graph.kinds import STATES
from kb.graph.texts import PARTS
from kb.graph.wrap import WIDEST, wrapped
from kb.lang.problems import width
from kb.render.words import standing_beside, word

_CITING = frozenset({"document", "source", "all_of", "any_of", "stated"}) | PARTS

BROAD = {"zh": 46, "en": 60}
"""Cells of a line of a step: all steps of a plan stand under one another, so that few lines are
wanted of each. Latin letters are narrower than half a Chinese character."""
BROADEST = 92
"""The same where the page is broader than a phone."""

_BINDING = ("obligation", "prohibition")

# Where one of these leads to a part of a text, the text itself is not drawn as leading to it.
_NESTING = ("requires", "before")

# Attributes that stand in a panel beside the drawing: of the edge or of the node, and their names.
_TOLD = (
    ("note_{}", "说明", "note"),
    ("change_{}", "变化", "what changed"),
    ("services_{}", "当提供", "when it offers"),
    ("actor_{}", "承担者", "who"),
    ("time_{}", "时限", "time"),
    ("on_failure_{}", "不通过时", "on failure"),
    ("breach_{}", "违反后果", "on breach"),
    ("files_{}", "由其提交", "who files"),
    ("answers_{}", "由其负责", "who answers for it"),
    ("fee_{}", "费用", "fee"),
    ("lead_time_{}", "办理时间", "lead time"),
    ("exempt_{}", "豁免", "exemption"),
    ("equals", "同样少的其他选择", "other choices as small"),
    ("locator", "位置", "place"),
    ("since", "自", "since"),
    ("standing", "效力", "standing"),
    ("version", "版本", "version"),
    ("fact", "事实", "fact"),
    ("rule", "规则", "rule"),
)


def label(
    data: Mapping[str, Any],
    edge: Mapping[str, Any],
    sources: str,
    lang: str,
    own: bool = False,
    named: bool = False,
    widest: int = WIDEST,
) -> str:
    """The label of a node; `edge` is its use where it is drawn once a use. With `own` a duty or
    a ban of a text that is not in force says so by itself, as its text always does. With `named`
    the lines are told with their source. `widest`: cells of a line."""
    zh = lang == "zh"
    kind = data["kind"]
    parts = [data[lang]]
    if kind == "any_of":
        parts += _counts(data)
    if data.get("stated"):
        parts.append(f"({data['stated']} 选 1)" if zh else f"({data['stated']} stated)")
    if kind == "document" and edge:
        parts += _counts(edge)
        whose = edge.get("holder", "applicant")
        if whose not in ("applicant", edge.get("each")) and edge.get(f"holder_{lang}"):
            parts.append(f"({edge[f'holder_{lang}']})")
        if edge.get("each"):
            each = edge[f"each_{lang}"]
            parts.append(f"(每个{each})" if zh else f"(each {each})")
        if edge.get("as_many_as"):
            number = edge[f"as_many_as_{lang}"]
            parts.append(f"(份数同「{number}」)" if zh else f"(as many as: {number})")
        if edge.get("optional"):
            parts.append("(可选)" if zh else "(optional)")
        if edge.get("must_state"):
            parts.append(f"「{edge.get(f'must_state_{lang}') or edge['must_state']}」")
    if edge.get("unclear") or edge.get("certainty") == "perhaps":
        parts.append("(可能)" if zh else "(perhaps)")
    if edge.get("rival"):
        parts.append("(并存说法之一)" if zh else "(one of the readings)")
    if edge.get("none_stated"):
        parts.append("(未列明材料)" if zh else "(no document stated)")
    if edge.get("none_required"):
        parts.append("(不需要材料)" if zh else "(no document asked for)")
    if edge.get("elsewhere"):
        parts.append("(材料另行确认)" if zh else "(papers told elsewhere)")
    if edge.get("withdrawn"):
        parts.append("(撤下)" if zh else "(withdrawn)")
    lines = wrapped(" ".join(parts), widest)
    standing = data.get("standing", "in_force")
    if standing != "in_force" and (kind == "source" or (own and kind in _BINDING)):
        told = standing_beside(data[lang] if kind == "source" else "", standing, lang)
        lines += [f"〔{told}〕"] if told else []
    lines += _more(data, edge, lang, widest)
    if sources and (kind in _CITING or edge.get("kind") == "only_where"):
        shown = f"[{sources}]" if named else lines_of(sources)
        cited = f"{lines[-1]} {shown}"
        lines[-1:] = [cited] if width(cited) <= widest else [lines[-1], shown]
    return "\n".join(lines)


_OF_STEPS = (
    ("actor", "由", "by"),
    ("time", "用时", "time"),
    ("back", "不通过则回到", "on failure back to"),
)
_PAID = (("fee", "费用", "fee"), ("lead_time", "用时", "time"))
_LED = {"step": _OF_STEPS, "app": _OF_STEPS, "document": _PAID, "category": _PAID}
"""What is told below a name behind words of its own, by the kind of the node."""


def _counts(data: Mapping[str, Any]) -> Iterator[str]:
    """How many are asked for, in signs: `2–3`, or `≥2`; and a limit `≤4`."""
    if data.get("up_to"):
        yield f"{data['at_least']}–{data['up_to']}"
    elif data.get("at_least", 1) > 1:
        yield f"≥{data['at_least']}"
    if data.get("at_most"):
        yield f"≤{data['at_most']}"


def _more(
    data: Mapping[str, Any], edge: Mapping[str, Any], lang: str, widest: int
) -> Iterator[str]:
    """Lines of their own: who takes a step, how long it takes, where a failure leads; the time of
    a whole plan; what a document or a category costs and takes; of which parties it lacks; until
    when papers are valid and by when duties are due; what exempts from it; how a document differs
    from an earlier text."""
    zh = lang == "zh"
    if data["kind"] == "app" and data.get("state") in STATES:
        yield STATES[data["state"]].label(lang)
    led = [
        f"{lead_zh if zh else lead_en}: {data[f'{name}_{lang}']}"
        for name, lead_zh, lead_en in _LED.get(data["kind"], ())
        if data.get(f"{name}_{lang}")
    ]
    yield from _joined(led, widest)
    if edge.get("parties"):
        yield from wrapped(f"{'还缺' if zh else 'still of'}: {edge['parties']}", widest)
    for name in ("papers", "days", "tallies"):
        if data.get(f"{name}_{lang}"):
            yield from wrapped(data[f"{name}_{lang}"], widest)
    if data.get(f"exempt_{lang}"):
        yield from wrapped(f"{'豁免' if zh else 'exempted'}: {data[f'exempt_{lang}']}", widest)
    change = edge.get(f"change_{lang}") or data.get(f"change_{lang}")
    if change:
        yield from wrapped(change)


def _joined(parts: list[str], widest: int) -> Iterator[str]:
    """Parts beside one another where a line has room for them."""
    line = ""
    for part in parts:
        longer = f"{line} · {part}" if line else part
        if line and width(longer) > widest:
            yield from wrapped(line, widest)
            line = part
        else:
            line = longer
    if line:
        yield from wrapped(line, widest)


def told(data: Mapping[str, Any], edge: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """What the label leaves out, as pairs of names and values."""
    for key, zh, en in _TOLD:
        name = key.format(lang)
        value = edge.get(name) or data.get(name)
        if value:
            yield zh if lang == "zh" else en, word(value, lang) if key == "standing" else str(value)


def lines_of(sources: str) -> str:
    """`[16-18]`: the lines alone when one source states it; the source stands beside the tree.

    >>> lines_of("law 16-18"), lines_of("law 3; guide 9")
    ('[16-18]', '[3] +1')
    """
    several = sources.split("; ")
    name, _, lines = several[0].partition(" ")
    more = f" +{len(several) - 1}" if len(several) > 1 else ""
    return f"[{lines or name}]{more}"


_TURNED = {"satisfied": "idle", "idle": "satisfied"}


def conditions(asked: list[tuple[str, str]], graph: Graph, lang: str) -> tuple[str, str, str, str]:
    """Conditions that must all be met (`when`) or not met (`unless`), as one: both names, what is
    written, and the state of the whole."""
    named: dict[str, list[str]] = {"zh": [], "en": []}
    states = []
    for how, key in asked:
        data = graph.nodes[key]
        state = data.get("state", "")
        if how == "unless":
            named["zh"].append(f"除非 {data['zh']}")
            named["en"].append(f"unless {data['en']}")
            states.append(_TURNED.get(state, state))
        else:
            named["zh"].append(data["zh"])
            named["en"].append(data["en"])
            states.append(state)
    state = next((s for s in ("idle", "undetermined", "satisfied") if s in states), "")
    written = "\n".join(part for name in named[lang] for part in wrapped(name))
    return "、".join(named["zh"]), ", ".join(named["en"]), written, state


def nested(graph: Graph, part: str) -> bool:
    """Whether a part is drawn after another one of its text: a later step, an item of a step."""
    return any(
        data["kind"] in _NESTING and graph.nodes[tail]["kind"] in PARTS
        for tail, _, data in graph.in_edges(part, data=True)
    )


def past(graph: Graph, key: str) -> bool:
    """Whether a part of a tree or of a text does not stand on the day."""
    kind = graph.nodes[key]["kind"]
    if kind in PARTS:
        edges = [d for *_, d in graph.out_edges(key, data=True) if d["kind"] == "cites"]
    elif kind in ("all_of", "any_of"):
        edges = [d for *_, d in graph.in_edges(key, data=True)]
    else:
        edges = []
    return bool(edges) and all(d.get("stands") == "no" for d in edges)
