"""The summary of an audit for people: as text, and as a page with pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

from kb.audit.ownership import unwritten
from kb.audit.summary import VERDICTS, Summary
from kb.base.core import Core
from kb.model.writing import write_whole
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
    if summary.repeated:
        yield f"  {_repeated(summary, lang)}"
    if summary.wanted:
        yield ""
        yield "最常缺的材料:" if zh else "documents wanted most:"
        for need, count in _wanted(base, summary, lang):
            yield f"  {count:>9,}  {need}"
    if summary.conflicts:
        yield ""
        yield (
            "来源说法不一的类目:"
            if zh
            else "categories whose readings ask for different documents:"
        )
        for category, count in summary.conflicts.most_common():
            yield f"  {count:>9,}  {label(base.facts, 'category', category, lang)}"


def _repeated(summary: Summary, lang: str) -> str:
    """What is said of ids that several rows have."""
    some = ", ".join(f"`{app}`" for app in summary.repeats)
    more = " …" if summary.repeated > len(summary.repeats) else ""
    if lang == "zh":
        return f"重复的 id: {summary.repeated:,} 个 ({some}{more}); 输出中以行号区分"
    are = "id stands" if summary.repeated == 1 else "ids stand"
    return f"{summary.repeated:,} {are} in several rows ({some}{more}): told apart by row"


def _wanted(base: Core, summary: Summary, lang: str) -> Iterator[tuple[str, int]]:
    """The documents wanted most; of those with one label it is said what each must state."""
    most = summary.wanted.most_common(MOST)
    labels = Counter(str(label(base.facts, "need", need, lang)) for need, _ in most)
    for need, count in most:
        said = str(label(base.facts, "need", need, lang))
        stated = base.needs[need].must_state if need in base.needs else ()
        words = [word if isinstance(word, str) else " / ".join(word) for word in stated]
        if labels[said] > 1 and words:
            quoted = (
                "、".join(f"“{w}”" for w in words)
                if lang == "zh"
                else ", ".join(f"`{w}`" for w in words)
            )
            said += f" (须载明{quoted})" if lang == "zh" else f" (stating {quoted})"
        yield said, count


def write(path: Path, base: Core, summary: Summary, lang: str) -> None:
    """Write the page to a file, whole or not at all. Raises `Problems` when it can not be
    written."""
    try:
        write_whole(path, page(base, summary, lang))
    except OSError as error:
        raise unwritten(path, error) from None


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
        f"<p>{escape(_repeated(summary, lang))}</p>" if summary.repeated else "",
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
    wanted = list(_wanted(base, summary, lang))
    met = [
        (str(label(base.facts, "category", category, lang)), count)
        for category, count in summary.conflicts.most_common()
    ]
    for heading, rows in (
        ("最常缺的材料" if zh else "Documents wanted most", wanted),
        ("来源说法不一的类目" if zh else "Categories whose readings differ", met),
    ):
        if rows:
            parts.append(f"<h2>{heading}</h2><table>")
            for name, count in rows:
                parts.append(f'<tr><td>{escape(name)}</td><td class="n">{count:,}</td></tr>')
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
