"""The loss report: what was read, what was not, as data, as text and as one page."""

from __future__ import annotations

import html
from collections import Counter
from typing import Any

from kb.importers.messages import message
from kb.importers.roles import Role, runs
from kb.importers.run import Import, findings_of
from kb.lang.problems import width


def report_of(made: Import) -> dict[str, Any]:
    """The report as data."""
    roles: Counter[str] = Counter()
    rows = []
    for read in made.reads:
        cells = []
        for column in ("papers", "scope", "remark"):
            reading = getattr(read, column)
            if reading is None:
                continue
            roles.update(role.value for role in reading.roles)
            cells.append(
                {
                    "column": column,
                    "text": reading.text,
                    "lines": list(getattr(read.row, column).lines or ()),
                    "roles": [[s.role.value, s.start, s.end] for s in runs(reading.roles)],
                    "findings": [
                        {
                            "code": f.code,
                            "severity": f.severity,
                            "span": [f.start, f.end],
                            "text": reading.text[f.start : f.end],
                            "message": dict(zip(("zh", "en"), message(f.code), strict=True)),
                        }
                        for f in reading.findings
                    ],
                }
            )
        rows.append({"row": read.row.number, "category": read.row.name, "cells": cells})
    codes = Counter(f.code for _, _, f in findings_of(made))
    open_cells = sum(bool(card.reading.open) for card in made.cards)
    new: Counter[str] = Counter(kind for kind, _ in made.resolver.new)
    return {
        "source": made.options.source,
        "rows": len(made.reads),
        "distinct_cells": len(made.cards),
        "open_cells": open_cells,
        "characters": sum(roles.values()),
        "unread": roles[Role.UNREAD.value],
        "roles": dict(sorted(roles.items())),
        "findings": dict(sorted(codes.items())),
        "new_terms": dict(sorted(new.items())),
        "near_names": [
            {"kind": kind, "name": r.name, "near": r.near}
            for (kind, _), r in sorted(made.resolver.new.items())
            if r.near
        ],
        "detail": rows,
    }


def report_text(made: Import) -> str:
    """The report as text: the counts, then each finding with its place and underline."""
    data = report_of(made)
    lines = [
        f"{data['source']}: {data['rows']} rows, "
        f"{data['distinct_cells']} distinct cells of papers, {data['open_cells']} of them open",
        f"{data['characters']} characters, each with one role; {data['unread']} unread",
        "",
    ]
    lines += [f"  {count:5} {code}: {message(code)[1]}" for code, count in data["findings"].items()]
    lines.append("")
    for read, column, finding in findings_of(made):
        if finding.severity != "open":
            continue
        cell = getattr(read.row, column)
        text = cell.text
        start = text.rfind("\n", 0, finding.start) + 1
        end = text.find("\n", finding.start)
        line = text[start : end if end >= 0 else len(text)]
        stop = min(finding.end, start + len(line))
        mark = max(1, width(text[finding.start : stop]))
        lines += [
            f"row {read.row.number} {read.row.name}, {column}: "
            f"{finding.code}: {message(finding.code)[1]}",
            f"  {line}",
            "  " + " " * width(text[start : finding.start]) + "^" * mark,
        ]
    near = data["near_names"]
    if near:
        lines += ["", "names near to known ones, not taken:"]
        lines += [f"  {each['name']}  (known: {each['near']})" for each in near]
    return "\n".join(lines) + "\n"


_COLOURS = {
    "marker": "#ddd", "operator": "#ffd480", "label": "#c5e1ff", "name": "#b9e8b9",
    "holder": "#e3c8f2", "party": "#ecd9f7", "count": "#ffc9a9", "issuer": "#d5d0ff",
    "field": "#fff0b3", "words": "#ffe680", "form": "#d0ece7", "condition": "#f5b7b1",
    "note": "#e8e8e8", "how": "#cfe8ef", "scope": "#f4f4f4", "service": "#b9e8b9",
    "applicant": "#e3c8f2", "reference": "#ffe0b2", "category": "#c5e1ff",
    "unsupported": "#f5c6c6", "duty": "#f9e79f", "unread": "#ff6b6b",
}  # fmt: skip


def page_of(made: Import) -> str:
    """One HTML page: every cell with its characters coloured by role. It asks for nothing else."""
    data = report_of(made)
    style = "".join(f".{role}{{background:{colour}}}" for role, colour in _COLOURS.items())
    legend = " ".join(f'<span class="{role}">{role}</span>' for role in _COLOURS)
    parts = [
        "<!doctype html><html lang=zh><meta charset=utf-8>",
        f"<title>{html.escape(data['source'])}</title>",
        "<style>body{font:15px/1.6 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
        "pre{white-space:pre-wrap;font:inherit;margin:.3em 0}.f{color:#a00;font-size:.9em}"
        f"h2{{font-size:1em;margin:1.2em 0 .2em}}{style}</style>",
        f"<h1>{html.escape(data['source'])}</h1>",
        f"<p>{data['rows']} rows, {data['distinct_cells']} distinct cells, "
        f"{data['open_cells']} open, "
        f"{data['unread']} of {data['characters']} characters unread</p><p>{legend}</p>",
    ]
    for row in data["detail"]:
        if not row["cells"]:
            continue
        parts.append(f"<h2 id=r{row['row']}>{row['row']} {html.escape(row['category'])}</h2>")
        for cell in row["cells"]:
            text = cell["text"]
            spans = "".join(
                f'<span class="{role}" title="{role}">{html.escape(text[a:b])}</span>'
                for role, a, b in cell["roles"]
            )
            parts.append(f"<pre>{spans}</pre>")
            parts += [
                f"<div class=f>{html.escape(f['code'])}: {html.escape(f['message']['zh'])} "
                f"「{html.escape(f['text'][:80])}」</div>"
                for f in cell["findings"]
            ]
    return "\n".join(parts) + "</html>\n"
