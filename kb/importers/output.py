"""The folder of an import: written whole or not at all, and never over what is not ours."""

from __future__ import annotations

import html
from collections import Counter
from typing import Any
from kb.importers.messages import message
from kb.importers.text import Role, runs
from kb.importers.run import Import, findings_of
from kb.lang.problems import width
import dataclasses
import json
import shutil
from pathlib import Path
from kb.importers.difference import Difference
from kb.importers.rows import bad
from kb.importers.grammar import VERSION
from kb.importers.names import new_id
from kb.importers.rows import Address, Cell, Row
from kb.importers.run import Import, Options
from kb.model.yamlread import as_text, read_text


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


MARK = "import.json"
"""A folder with this file is ours."""
REVIEW = "review.json"


def check_target(folder: Path) -> None:
    """Raises `Problems` where a folder holds something that no import wrote."""
    if folder.exists() and not folder.is_dir():
        raise bad(
            "output", "this is a file, no folder", str(folder), "name another folder with `-o`"
        )
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise bad(
            "output",
            "the folder is not empty and no import wrote it",
            str(folder),
            "name another folder with `-o`",
        )


def write(made: Import, folder: Path, difference: Difference | None = None) -> None:
    """Writes an import; what a person decided before is kept."""
    check_target(folder)
    part = folder.with_name(f".{folder.name}.part")
    if part.exists():
        shutil.rmtree(part)
    try:
        _write(made, part, difference)
        decided = folder / REVIEW
        if decided.is_file():
            shutil.copy2(decided, part / REVIEW)
        if folder.exists():
            old = folder.with_name(f".{folder.name}.old")
            folder.rename(old)
            part.rename(folder)
            shutil.rmtree(old)
        else:
            part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        reason = (error.strerror or "unknown").lower()
        raise bad("output", f"the folder can not be written: {reason}", str(folder)) from None


def _write(made: Import, folder: Path, difference: Difference | None) -> None:
    draft, source = made.draft, made.options.source
    files: dict[str, str] = {}
    files[f"facts/{source}.yaml"] = _yaml({"source": draft.source, "categories": draft.versions})
    files["facts/coverage.yaml"] = _yaml({"sources": {source: draft.coverage}})
    if draft.categories:
        files["facts/vocabulary/categories.yaml"] = _yaml(
            {"groups": draft.groups, "terms": draft.categories}
        )
    for kind, terms in sorted(draft.terms.items()):
        files[f"facts/vocabulary/{kind}.yaml"] = _yaml({"terms": terms})
    files[f"sources/{source}.txt"] = made.frozen.text
    files["report.json"] = _json(report_of(made))
    files["report.txt"] = report_text(made)
    files["report.html"] = page_of(made)
    files["provenance.json"] = _json(draft.provenance)
    files["untranslated.txt"] = _untranslated(made)
    files["rows.json"] = _json([dataclasses.asdict(row) for row in made.rows])
    if difference is not None:
        files["difference.json"] = _json(difference.to_dict())
        files["difference.txt"] = difference.text()
    files[MARK] = _json({"grammar": VERSION, "options": dataclasses.asdict(made.options)})
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _yaml(data: Any) -> str:
    text = as_text(data)
    assert read_text(text, "draft").data is not None
    return text


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _untranslated(made: Import) -> str:
    """New names whose English a person has yet to give: kind, id, name."""
    lines = [f"groups\t{g['id']}\t{g['zh']}" for g in made.draft.groups]
    lines += [f"categories\t{c['id']}\t{c['zh']}" for c in made.draft.categories]
    for kind, terms in sorted(made.draft.terms.items()):
        lines += [f"{kind}\t{t['id']}\t{t['zh']}" for t in terms if t["zh"] == t["en"]]
    return "\n".join(lines) + "\n" if lines else ""


def read_rows(folder: Path) -> tuple[list[Row], Options]:
    """The rows and options of an import that was written."""
    if not (folder / MARK).is_file():
        raise bad(
            "not-an-import",
            "this is no folder of an import",
            str(folder),
            "import a file first: `kb import table FILE --as ID -o DIR`",
        )
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        data = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
        return [_row(each) for each in data], Options(**mark["options"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise bad(
            "not-an-import", f"the folder is damaged: {error}", str(folder), "import the file again"
        ) from None


def _row(data: dict[str, Any]) -> Row:
    def cell(kind: str) -> Cell | None:
        told = data[kind]
        return Cell(told["text"], Address(**told["address"])) if told else None

    return Row(
        **{
            **data,
            **{kind: cell(kind) for kind in ("papers", "scope", "remark", "before")},
            "thirds": tuple(data["thirds"]),
            "optional": tuple(data["optional"]),
        }
    )


__all__ = ["MARK", "REVIEW", "check_target", "new_id", "read_rows", "write"]
