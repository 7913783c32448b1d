"""The page of an audit: one file with its style, its pictures and a script that filters rows.

Pictures are SVG, and a policy in the page forbids every request, so that it can be sent and opened
from a disk. What it says stands in text as well: no figure is in a picture or a colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from kb.render.audits import (
    ORDER,
    PLAIN,
    Audited,
    Counted,
    Moved,
    Wanted,
    named_categories,
    reason_word,
    repeated_text,
    share,
    stated_text,
    wanted_text,
)
from kb.render.language import Language
from kb.render.outline import visible
from kb.render.words import mark, word

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
MOST_REASONS = 3
"""Reasons told of a verdict in one category."""
CLOSED = ("prohibited", "not_open")
"""Verdicts that no document changes."""


def audit_page(found: Audited, to: Language) -> str:
    """The whole page."""
    style = (HERE / "audit_page.css").read_text(encoding="utf-8")
    script = (HERE / "audit_page.js").read_text(encoding="utf-8")
    title = to.pick("审核汇总", "Summary of the audit")
    return "\n".join(
        [
            f'<!doctype html><html lang="{to.lang}"><meta charset="utf-8"><title>{title}</title>',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f"<style>{style}</style>",
            f"<main><h1>{title}</h1>",
            *_about(found, to),
            *_whole(found, to),
            *(_since(found.since, to) if found.since else ()),
            *_categories(found, to),
            *_closed(found, to),
            *_wanted(found, to),
            *_conflicts(found, to),
            f"</main><script>{script}</script></html>",
            "",
        ]
    )


def _safe(text: str) -> str:
    return escape(visible(text))


def _about(found: Audited, to: Language) -> Iterator[str]:
    drafts = to.pick("计入", "counted") if found.drafts else to.pick("不计入", "not counted")
    facts = [
        (to.pick("按这一天的规定", "by the texts of"), found.day),
        (to.pick("应用", "apps"), f"{found.apps:,}"),
        (to.pick("规则与事实", "rules and facts"), found.rules),
        (to.pick("征求意见稿", "drafts"), drafts),
        (to.pick("输入", "input"), found.source),
        (to.pick("逐条结果", "every row"), found.output),
    ]
    items = "".join(f"<li>{k}: <b>{_safe(v)}</b></li>" for k, v in facts if v)
    yield f'<ul class="about">{items}</ul>'
    if found.refused:
        yield "<p>" + to.pick(
            f"另有 {found.refused:,} 行无法读取,没有审核:{_safe(found.rejects)}",
            f"{found.refused:,} rows could not be read and are not judged: {_safe(found.rejects)}",
        )
    if found.repeated:
        yield f"<p>{_safe(repeated_text(found, to))}"


def _whole(found: Audited, to: Language) -> Iterator[str]:
    """Apps by verdict: figures first, then one bar."""
    yield '<ul class="cards">'
    for verdict, count in found.verdicts.items():
        because = [
            f"{reason_word(reason, to)} {n:,}"
            for (of, reason), n in found.reasons.items()
            if of == verdict and reason not in PLAIN
        ]
        why = _safe(to.listed(because[:MOST_REASONS]))
        yield (
            f'<li style="--colour:var(--{verdict})">{mark(verdict)} {word(verdict, to.lang)}'
            f"<strong>{share(count, found.apps)}</strong>{count:,}<small>{why}</small></li>"
        )
    yield "</ul>"
    yield _bar(found.verdicts, to, 26)


def _since(moved: Moved, to: Language) -> Iterator[str]:
    yield f"<h2>{to.pick('与上次相比', 'New since the last run')}</h2>"
    changed = sum(moved.counts.values())
    figures = [
        (to.pick("结论变了", "verdict moved"), changed),
        (to.pick("结论不变", "verdict the same"), moved.common - changed),
        (to.pick("新的应用", "new apps"), moved.new),
        (to.pick("不再出现", "gone"), moved.gone),
    ]
    items = "".join(f"<li>{said}: <b>{count:,}</b></li>" for said, count in figures)
    yield f'<ul class="about">{items}<li>{_safe(moved.file)}</li></ul>'
    if not moved.same_rules:
        yield "<p>" + to.pick(
            "规则或事实已经不同,变化可能来自规则,不只来自应用。",
            "Rules or facts differ, so that changes may come from them and not from the apps.",
        )
    if not moved.counts:
        return
    before, after = to.pick("上次", "before"), to.pick("这次", "now")
    head = f'<th>{before} → {after}</th><th class="n">{_apps(to)}</th><td></td>'
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    largest = max(moved.counts.values())
    for (old, new), count in sorted(moved.counts.items(), key=lambda i: (-i[1], i[0])):
        said = f"{_verdict(old, to)} → {_verdict(new, to)}"
        bar = _bar({new: count}, to, 12, largest)
        number = f'<td class="n" data-name="{_apps(to)}">{count:,}</td>'
        yield f"<tr><th>{said}</th>{number}<td>{bar}</td></tr>"
    yield "</tbody></table>"
    yield from _moves(moved, changed, to)


def _moves(moved: Moved, changed: int, to: Language) -> Iterator[str]:
    """The apps whose verdict moved, with filters."""
    yield f"<details><summary>{to.pick('是哪些应用', 'which apps')}</summary>"
    if changed > len(moved.apps):
        yield "<p>" + to.pick(
            f"下面是前 {len(moved.apps):,} 个,其余见逐条结果。",
            f"The first {len(moved.apps):,} of them follow; the others are in the rows.",
        )
    verdicts = [v for v in ORDER if any(v == new for _, _, new, _ in moved.apps)]
    yield _form("moved", verdicts, (), to)
    columns = (_apps(to), to.pick("上次", "before"), to.pick("这次", "now"), _why(to))
    head = "".join(f"<th>{each}</th>" for each in columns)
    yield f'<table id="moved"><thead><tr>{head}</tr></thead><tbody>'
    for app, old, new, reason in moved.apps:
        cells = "".join(
            f'<td data-name="{name}">{cell}</td>'
            for name, cell in zip(
                columns[1:],
                (_verdict(old, to), _verdict(new, to), _safe(reason_word(reason, to))),
                strict=True,
            )
        )
        yield f'<tr data-{new}="1" data-total="1"><th>{_safe(app)}</th>{cells}</tr>'
    yield "</tbody></table></details>"


def _categories(found: Audited, to: Language) -> Iterator[str]:
    """A row for each category: its bar is as long as all others, so that shares can be compared."""
    yield f"<h2>{to.pick('各类目', 'Categories')} ({len(found.categories)})</h2>"
    if not found.categories:
        yield f'<p class="none">{to.pick("没有应用需要类目", "no app needs a category")}'
        return
    verdicts = [v for v in ORDER if any(v in each.verdicts for each in found.categories)]
    yield f'<p class="key">{_key(verdicts, to)}'
    yield _form("categories", verdicts, ("total", *verdicts, "name"), to)
    head = f'<th>{to.pick("类目", "category")}</th><th class="n">{_apps(to)}</th>'
    head += f"<th>{to.pick('结论与原因', 'verdicts and reasons')}</th>"
    yield f'<table id="categories"><thead><tr>{head}</tr></thead><tbody>'
    for each in found.categories:
        yield _category(each, to)
    yield "</tbody></table>"


def _category(each: Counted, to: Language) -> str:
    name = _safe(to.label("category", each.category))
    numbers = "".join(f' data-{v}="{n}"' for v, n in each.verdicts.items())
    told = []
    for verdict, count in each.verdicts.items():
        because = [reason for (of, reason) in each.reasons if of == verdict]
        # Of one reason the number is that of the verdict.
        said = [
            reason_word(reason, to)
            + (f" {each.reasons[verdict, reason]:,}" if len(because) > 1 else "")
            for reason in because[:MOST_REASONS]
            if len(because) > 1 or reason not in PLAIN
        ]
        why = f" ({_safe(to.listed(said))})" if said else ""
        told.append(
            f'<i style="--colour:var(--{verdict})"></i>{_verdict(verdict, to)} '
            f"{count:,} · {share(count, each.total)}{why}"
        )
    return (
        f'<tr data-name="{name}" data-total="{each.total}"{numbers}><th>{name}</th>'
        f'<td class="n" data-name="{_apps(to)}">{each.total:,}</td>'
        f'<td>{_bar(each.verdicts, to, 14)}<div class="key">{"<br>".join(told)}</div></td></tr>'
    )


def _closed(found: Audited, to: Language) -> Iterator[str]:
    """What no document helps: categories that are not open, and what is forbidden."""
    rows = [
        (to.label("category", each.category), verdict, reason, count)
        for each in found.categories
        for (verdict, reason), count in each.reasons.items()
        if verdict in CLOSED
    ]
    rows += [
        (to.pick("整个应用", "the app as a whole"), verdict, reason, count)
        for (verdict, reason), count in found.reasons.items()
        if verdict == "prohibited"
    ]
    yield f"<h2>{to.pick('禁止与不开放', 'Prohibited and not open')}</h2>"
    if not rows:
        yield f'<p class="none">{to.pick("没有", "none")}'
        return
    yield "<p>" + to.pick("补材料无法解决的情形。", "What no document can settle.")
    yield from _table(
        (to.pick("类目", "category"), to.pick("结论", "verdict"), _why(to), _apps(to)),
        (
            (_safe(name), _verdict(verdict, to), _safe(reason_word(reason, to)), f"{count:,}")
            for name, verdict, reason, count in sorted(rows, key=lambda row: (-row[3], row[0]))
        ),
    )


def _wanted(found: Audited, to: Language) -> Iterator[str]:
    if not found.wanted:
        return
    yield f"<h2>{to.pick('最常缺的材料', 'Documents wanted most')}</h2>"
    yield from _table(
        (
            to.pick("材料", "document"),
            to.pick("须写有", "must state"),
            to.pick("用于类目或义务", "for categories or duties"),
            to.pick("次数", "times"),
        ),
        (_paper(each, to) for each in found.wanted),
    )


def _paper(each: Wanted, to: Language) -> tuple[str, ...]:
    return (
        _safe(wanted_text(each, to)),
        _safe(stated_text(each, to)) or "–",
        _safe(named_categories(each, to)),
        f"{each.count:,}",
    )


def _conflicts(found: Audited, to: Language) -> Iterator[str]:
    if found.conflicts:
        title = to.pick("来源说法不一的类目", "Categories whose readings differ")
        yield f"<h2>{title}</h2>"
        yield from _table(
            (to.pick("类目", "category"), _apps(to)),
            ((_safe(to.label("category", c)), f"{n:,}") for c, n in found.conflicts.items()),
        )


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table whose last column is a number; the cells are HTML."""
    *names, last = columns
    head = "".join(f"<th>{name}</th>" for name in names) + f'<th class="n">{last}</th>'
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for first, *rest, number in rows:
        cells = "".join(
            f'<td data-name="{name}">{cell}</td>'
            for name, cell in zip(names[1:], rest, strict=True)
        )
        yield f'<tr><th>{first}</th>{cells}<td class="n" data-name="{last}">{number}</td></tr>'
    yield "</tbody></table>"


def _form(table: str, verdicts: Iterable[str], orders: tuple[str, ...], to: Language) -> str:
    """Filters of a table, and in what order its rows stand."""
    every = f'<option value="">{to.pick("全部", "all")}</option>'
    chosen = "".join(f'<option value="{v}">{_verdict(v, to)}</option>' for v in verdicts)
    fixed = {"total": to.pick("应用数", "apps"), "name": to.pick("名称", "name")}
    sorts = "".join(
        f'<option value="{o}">'
        + (fixed.get(o) or to.pick(f"{word(o, to.lang)}的比例", f"share {word(o, to.lang)}"))
        + "</option>"
        for o in orders
    )
    order = f'<label>{to.pick("排序", "sort by")}<select name="order">{sorts}</select></label>'
    return (
        f'<form data-for="{table}"><label>{to.pick("筛选", "filter")}'
        f'<input type="search" name="words" autocomplete="off"></label>'
        f"<label>{to.pick('有这种结论的', 'with this verdict')}"
        f'<select name="verdict">{every}{chosen}</select></label>'
        f"{order if orders else ''}<output></output></form>"
    )


def _key(verdicts: Iterable[str], to: Language) -> str:
    return "".join(
        f'<span><i style="--colour:var(--{v})"></i>{_verdict(v, to)}</span>' for v in verdicts
    )


def _verdict(verdict: str, to: Language) -> str:
    return f"{mark(verdict)} {word(verdict, to.lang)}"


def _apps(to: Language) -> str:
    return to.pick("应用", "apps")


def _why(to: Language) -> str:
    return to.pick("原因", "reason")


def _bar(counts: Mapping[str, int], to: Language, height: int, most: int | None = None) -> str:
    """One bar in stretches; what it shows is its name for who can not see it."""
    whole = most or sum(counts.values())
    at, stretches = 0.0, []
    for verdict, count in counts.items():
        width = 100 * count / max(1, whole)
        said = f"{word(verdict, to.lang)}: {count:,} ({share(count, whole)})"
        stretches.append(
            f'<rect x="{at:.3f}%" width="{width:.3f}%" height="{height}"'
            f' style="fill:var(--{verdict})"><title>{said}</title></rect>'
        )
        at += width
    said = to.listed([f"{word(v, to.lang)} {n:,}" for v, n in counts.items() if n])
    return f'<svg height="{height}" role="img" aria-label="{said}">{"".join(stretches)}</svg>'
