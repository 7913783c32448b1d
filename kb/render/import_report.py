"""The report of an import, as text and as one page: what was read, and what each character does."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from kb.lang.problems import width
from kb.render.import_cards import WHAT, beside_text, read_text, said
from kb.render.imports import message

ROLES = {
    "marker": ("编号", "marker"),
    "operator": ("选择或并列", "operator"),
    "label": ("情形", "label"),
    "name": ("材料", "name"),
    "holder": ("持有人", "holder"),
    "party": ("对方", "party"),
    "count": ("份数", "count"),
    "issuer": ("颁发机构", "issuer"),
    "field": ("栏目", "field"),
    "words": ("须写明", "words"),
    "form": ("形式", "form"),
    "condition": ("条件", "condition"),
    "note": ("附注", "note"),
    "how": ("申请方式", "how"),
    "scope": ("范围", "scope"),
    "service": ("服务", "service"),
    "applicant": ("主体", "applicant"),
    "reference": ("指引", "reference"),
    "category": ("类目", "category"),
    "unsupported": ("不支持", "unsupported"),
    "duty": ("义务", "duty"),
    "filler": ("虚词", "filler"),
    "mark": ("标点", "mark"),
    "blank": ("空白", "blank"),
    "unread": ("未读懂", "unread"),
}
"""What each character of a cell does."""


def role_name(role: str, lang: str) -> str:
    """What a role is called."""
    return ROLES[role][0 if lang == "zh" else 1]


def report_text(data: Mapping[str, Any], lang: str) -> str:
    """The report as text: the counts, then each finding with its place and underline."""
    zh = lang == "zh"
    if zh:
        lines = [
            f"{data['source']}: {data['rows']} 行, {data['distinct_cells']} 个不同的资质单元格, "
            f"其中 {data['open_cells']} 个有未决之处",
            f"{data['characters']} 个字符, 各有一个角色; {data['unread']} 个没有读懂",
        ]
    else:
        lines = [
            f"{data['source']}: {data['rows']} rows, "
            f"{data['distinct_cells']} distinct cells of papers, {data['open_cells']} of them open",
            f"{data['characters']} characters, each with one role; {data['unread']} unread",
        ]
    if data["beside"]:
        lines.append(beside_text(data["beside"], lang))
    lines += ["", *(f"  {n:5} {code}: {_told(code, lang)}" for code, n in data["findings"].items())]
    lines.append("")
    for row in data["detail"]:
        for cell in row["cells"]:
            for finding in cell["findings"]:
                if finding["severity"] == "open":
                    lines += _underlined(row, cell, finding, lang)
    near = data["near_names"]
    if near:
        lines += ["", "与已有名称相近, 未采用:" if zh else "names near to known ones, not taken:"]
        known = "已有" if zh else "known"
        lines += [f"  {each['name']}  ({known}: {each['near']})" for each in near]
    return "\n".join(lines) + "\n"


def _told(code: str, lang: str) -> str:
    return message(code)[0 if lang == "zh" else 1]


def _underlined(
    row: Mapping[str, Any], cell: Mapping[str, Any], finding: Mapping[str, Any], lang: str
) -> list[str]:
    text, (first, last) = cell["text"], finding["span"]
    start = text.rfind("\n", 0, first) + 1
    end = text.find("\n", first)
    line = text[start : end if end >= 0 else len(text)]
    mark = max(1, width(text[first : min(last, start + len(line))]))
    place = f"第 {row['row']} 行" if lang == "zh" else f"row {row['row']}"
    return [
        f"{place} {row['category']}, {said(WHAT, cell['column'], lang)}: "
        f"{finding['code']}: {_told(finding['code'], lang)}",
        f"  {line}",
        "  " + " " * width(text[start:first]) + "^" * mark,
    ]


ROLE_COLOURS = {
    "marker": "#ddd", "operator": "#ffd480", "label": "#c5e1ff", "name": "#b9e8b9",
    "holder": "#e3c8f2", "party": "#ecd9f7", "count": "#ffc9a9", "issuer": "#d5d0ff",
    "field": "#fff0b3", "words": "#ffe680", "form": "#d0ece7", "condition": "#f5b7b1",
    "note": "#e8e8e8", "how": "#cfe8ef", "scope": "#f4f4f4", "service": "#b9e8b9",
    "applicant": "#e3c8f2", "reference": "#ffe0b2", "category": "#c5e1ff",
    "unsupported": "#f5c6c6", "duty": "#f9e79f", "unread": "#ff6b6b",
}  # fmt: skip


def page_of(data: Mapping[str, Any], lang: str) -> str:
    """One HTML page: every cell with its characters coloured by role. It asks for nothing else."""
    style = "".join(f".{role}{{background:{colour}}}" for role, colour in ROLE_COLOURS.items())
    legend = " ".join(
        f'<span class="{role}">{role_name(role, lang)}</span>' for role in ROLE_COLOURS
    )
    parts = [
        f"<!doctype html><html lang={lang}><meta charset=utf-8>",
        f"<title>{html.escape(data['source'])}</title>",
        "<style>body{font:15px/1.6 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "pre{white-space:pre-wrap;font:inherit;margin:.3em 0}.f{color:#a00;font-size:.9em}"
        f"h2{{font-size:1em;margin:1.2em 0 .2em}}{style}</style>",
        f"<h1>{html.escape(data['source'])}</h1>",
        f"<p>{read_text(data, lang)}</p><p>{legend}</p>",
        *([f"<p>{html.escape(beside_text(data['beside'], lang))}</p>"] if data["beside"] else []),
    ]
    for row in data["detail"]:
        if not row["cells"]:
            continue
        parts.append(f"<h2 id=r{row['row']}>{row['row']} {html.escape(row['category'])}</h2>")
        for cell in row["cells"]:
            text = cell["text"]
            spans = "".join(
                f'<span class="{role}" title="{role_name(role, lang)}">'
                f"{html.escape(text[a:b])}</span>"
                for role, a, b in cell["roles"]
            )
            parts.append(f"<pre>{spans}</pre>")
            parts += [
                f"<div class=f>{html.escape(f['code'])}: {html.escape(f['message'][lang])} "
                f"「{html.escape(f['text'][:80])}」</div>"
                for f in cell["findings"]
            ]
    return "\n".join(parts) + "</html>\n"


TERMINAL_COLOURS = {
    "operator": "yellow", "label": "blue", "name": "green", "holder": "magenta", "party": "magenta",
    "count": "yellow", "words": "cyan", "field": "cyan", "note": "bright_black", "unread": "red",
}  # fmt: skip
"""Colours of roles in a terminal."""
