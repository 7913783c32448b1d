"""The summary of an audit for people: as text, and as a page with pictures."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kb.audit.summary import VERDICTS, Summary
from kb.base.core import Core
from kb.render.words import label, mark, word

COLOURS = {
    "satisfied": "#0072b2",
    "none_stated": "#9ecae1",
    "missing": "#d55e00",
    "undetermined": "#f0e442",
    "prohibited": "#333333",
}
"""Told apart by those who do not tell red from green, and by their brightness in print."""
MOST = 20
"""Documents listed as wanted most."""
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.2rem .6rem;text-align:left;"
    "vertical-align:middle}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "svg{display:block}.key span{display:inline-block;width:1em;height:1em;margin:0 .3em 0 1em;"
    "vertical-align:-.1em;border:1px solid #888}"
    "@media (prefers-color-scheme:dark){body{background:#111;color:#eee}}"
)


def text(base: Core, summary: Summary, lang: str) -> str:
    """The summary as text."""
    return "\n".join(_lines(base, summary, lang)) + "\n"


def _lines(base: Core, summary: Summary, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    apps = summary.rows - summary.refused
    yield f"{apps:,} {'个应用' if zh else 'apps'}"
    for verdict in VERDICTS:
        if count := summary.verdicts[verdict]:
            yield f"  {mark(verdict)} {word(verdict, lang)}: {count:,} ({count / apps:.1%})"
    if summary.refused:
        refused = "无法读取" if zh else "could not be read"
        yield f"  {refused}: {summary.refused:,} -> {summary.rejects}"
    if summary.wanted:
        yield ""
        yield "最常缺的材料:" if zh else "documents wanted most:"
        for need, count in summary.wanted.most_common(MOST):
            yield f"  {count:>9,}  {label(base.facts, 'need', need, lang)}"
    if summary.conflicts:
        yield ""
        yield (
            "来源说法不一的类目:"
            if zh
            else "categories whose readings ask for different documents:"
        )
        for category, count in summary.conflicts.most_common():
            yield f"  {count:>9,}  {label(base.facts, 'category', category, lang)}"


def page(base: Core, summary: Summary, lang: str) -> str:
    """The summary as one html page without scripts: a bar for each category, by verdict."""
    zh = lang == "zh"
    title = "审核汇总" if zh else "Summary of the audit"
    apps = summary.rows - summary.refused
    refused = f"{summary.refused:,} {'行无法读取' if zh else 'rows could not be read'}"
    parts = [
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>',
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>',
        f"<h1>{title}</h1><p>{apps:,} {'个应用' if zh else 'apps'}; {refused}</p>",
        f'<p class="key">{_key(lang)}</p>',
        f"<h2>{'总结论' if zh else 'Apps'}</h2>",
        _bar({verdict: summary.verdicts[verdict] for verdict in VERDICTS}, apps, lang),
        f"<h2>{'各类目' if zh else 'Categories'}</h2><table>",
    ]
    categories = summary.by_category()
    largest = max((sum(counts.values()) for counts in categories.values()), default=1)
    for category, counts in categories.items():
        name = escape(str(label(base.facts, "category", category, lang)))
        total = sum(counts.values())
        parts.append(
            f'<tr><td>{name}</td><td class="n">{total:,}</td>'
            f'<td style="width:50%">{_bar(counts, largest, lang)}</td></tr>'
        )
    parts.append("</table>")
    wanted = [("need", need, count) for need, count in summary.wanted.most_common(MOST)]
    met = [("category", category, count) for category, count in summary.conflicts.most_common()]
    for heading, rows in (
        ("最常缺的材料" if zh else "Documents wanted most", wanted),
        ("来源说法不一的类目" if zh else "Categories whose readings differ", met),
    ):
        if rows:
            parts.append(f"<h2>{heading}</h2><table>")
            for kind, id, count in rows:
                name = escape(str(label(base.facts, kind, id, lang)))
                parts.append(f'<tr><td>{name}</td><td class="n">{count:,}</td></tr>')
            parts.append("</table>")
    return "".join(parts) + "\n"


def _key(lang: str) -> str:
    return "".join(
        f'<span style="background:{COLOURS[verdict]}"></span>{mark(verdict)} {word(verdict, lang)}'
        for verdict in VERDICTS
    )


def _bar(counts: dict[str, int], largest: int, lang: str) -> str:
    """Stretches of one bar, each with its count as a tooltip."""
    at, stretches = 0.0, []
    for verdict, count in counts.items():
        width = 100 * count / max(1, largest)
        if count:
            said = f"{word(verdict, lang)}: {count:,}"
            stretches.append(
                f'<rect x="{at:.3f}%" width="{width:.3f}%" height="18"'
                f' fill="{COLOURS[verdict]}" stroke="#888"><title>{said}</title></rect>'
            )
        at += width
    said = ", ".join(f"{word(v, lang)} {n:,}" for v, n in counts.items() if n)
    return (
        f'<svg width="100%" height="18" role="img" aria-label="{said}">'
        + "".join(stretches)
        + "</svg>"
    )
