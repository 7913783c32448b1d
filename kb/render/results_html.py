"""Bundles, changes, repairs and hits as HTML of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.answers.bundles import Bundles
from kb.compare.results import CategoryChange, Changes, Flip
from kb.explain.why_not import WhyNot
from kb.query.results import Hit
from kb.render.answer_html import documents_table
from kb.render.bans import bans_lines
from kb.render.bundles import bundle_title, bundles_rest, titled
from kb.render.changes import (
    change_kind,
    change_title,
    changes_title,
    code_text,
    named_documents,
    pair_values,
    shown,
)
from kb.render.documents import document_text
from kb.render.duty_days import told_text
from kb.render.entities import tallies_lines
from kb.render.exemptions import changed_text
from kb.render.language import Language
from kb.render.outline import Cited, Mark, line
from kb.render.papers import paper_text
from kb.render.proofs import Shown
from kb.render.sentences import Sentences
from kb.render.tables import Cell, folded, heading, paragraph, table, whole
from kb.render.why_not import (
    because_lines,
    change_sign,
    change_words,
    none_text,
    stopped_text,
    why_not_head,
)
from kb.render.words import mark, word

KINDS = {
    "service": ("服务", "service"),
    "category": ("类目", "category"),
    "document": ("材料", "document"),
    "applicant": ("申请主体", "applicant"),
    "condition": ("条件", "condition"),
    "source": ("来源", "source"),
    "region": ("地区", "place"),
}
"""What kinds of things are called; others go by their id."""


def bundles_html(found: Bundles) -> str:
    """Each bundle as a table."""
    to = Language(found.lang, found.names)
    parts = [*map(paragraph, bans_lines(found.bans, to))]
    for bundle, title in titled(found, to):
        count = len(bundle.documents)
        parts.append(heading(line(0, bundle_title(bundle, title, to))))
        parts.append(documents_table(bundle.documents, to, "", [""] * count, [[]] * count))
    return whole([*parts, *map(paragraph, bundles_rest(found, to))])


def changes_html(found: Changes) -> str:
    """A table of categories with their differences, and one of the apps whose verdict flips."""
    to = Language(found.lang, found.names)
    before, after = to.pick("之前", "before"), to.pick("之后", "after")
    document = to.pick("材料", "document")
    return whole(
        [
            heading(line(0, changes_title(found, to))),
            table(
                (
                    to.pick("类目", "category"),
                    to.pick("变化", "change"),
                    document,
                    before,
                    after,
                    to.pick("行", "lines"),
                ),
                (row for each in found.categories for row in _changed(each, to)),
            ),
            table(
                (to.pick("应用", "app"), before, after, to.pick("还需提供", "still to provide")),
                (_flip(each, to) for each in found.apps or ()),
                to.pick("结论变化的应用", "apps whose verdict flips"),
            ),
        ]
    )


def _changed(change: CategoryChange, to: Language) -> Iterator[tuple[Cell, ...]]:
    """A category in a row, and a row for each difference below it."""
    lines = Cited.of((version.cite for version in change.after or change.before), "")
    cited: Cell = (lines,) if lines.cites else ""
    yield change_title(change, to), change_kind(change, to), "", "", "", cited
    for each in map(shown, change.differences):
        before, after = pair_values(each.pair, to) if each.pair is not None else ("", "")
        when = to.label("condition", each.when) if each.when is not None else ""
        what = code_text(each.what, to) + (f" ({to.pick('当', 'when')} {when})" if when else "")
        where: Cell = (Cited.of(each.cites, ""),) if each.cites else ""
        yield "", what, named_documents(each, to), before, after, where


def _flip(flip: Flip, to: Language) -> tuple[Cell, ...]:
    told = [paper_text(each, to) for each in flip.papers]
    told += [told_text(each, to) for each in flip.deadlines]
    told += [changed_text(each, to) for each in flip.exemptions]
    papers = [document_text(each, to, lines=False) for each in flip.to_provide]
    if flip.cannot:
        lead = to.pick("本主体无法完成:", "can not be completed by this applicant: ")
        papers.append(lead + to.listed([to.both("category", c) for c in flip.cannot]))
    return (
        flip.app,
        (Mark(mark(flip.before)), f" {word(flip.before, to.lang)}"),
        (Mark(mark(flip.after)), " " + "; ".join([word(flip.after, to.lang), *told])),
        to.pick("；", "; ").join(papers),
    )


def why_not_html(found: WhyNot, length: str) -> str:
    """The ways in a table, a row for each thing to do, and below it what makes each necessary."""
    say = Sentences(found.lexicon, found.lang)
    to = say.to
    parts = [
        *map(paragraph, bans_lines(found.bans, to)),
        heading(line(0, why_not_head(found, say))),
    ]
    if none := none_text(found, say):
        parts.append(paragraph(line(0, none)))
    columns = to.pick("办法", "way"), to.pick("要做的", "to do"), to.pick("行", "lines")
    parts.append(
        table(
            columns,
            (
                (
                    str(number) if at == 0 else "",
                    (Mark(change_sign(change)), f" {change_words(change, say)}"),
                    (Cited.of(each.cites[at], ""),) if each.cites[at] else "",
                )
                for number, each in enumerate(found.explained, 1)
                for at, change in enumerate(each.repair.changes)
            ),
        )
    )
    if found.explained and not found.complete:
        parts.append(paragraph(line(0, stopped_text(found, say))))
    parts += folded(tallies_lines(found.tallies, to), open_=True)
    if length == "long":
        seen = Shown()
        for number, each in enumerate(found.explained, 1):
            title = line(0, f"{to.pick('为什么是办法', 'why way')} {number}")
            parts += folded([title, *because_lines(each, say, seen)])
    return whole(parts)


def hits_html(hits: Sequence[Hit], lang: str) -> str:
    """What was found, one thing a row."""
    zh = lang == "zh"
    columns = ("种类", "名称", "英文", "id") if zh else ("kind", "name", "in Chinese", "id")
    return whole(
        [
            table(
                columns,
                (
                    (
                        KINDS[hit.kind][not zh] if hit.kind in KINDS else hit.kind,
                        hit.zh if zh else hit.en,
                        hit.en if zh else hit.zh,
                        hit.id,
                    )
                    for hit in hits
                ),
            )
            or f"<p>{'没有找到' if zh else 'nothing found'}</p>"
        ]
    )
