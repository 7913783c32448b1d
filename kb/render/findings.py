"""Findings of `kb check` in words. `{...}` stands for its values, in order or by name."""

from __future__ import annotations

from kb.base.results import Finding
from kb.lang.problems import Problem

Words = tuple[str, str, str, str]

WORDS: dict[str, Words] = {
    "no-sentence": (
        "没有句式说明 `{0}`",
        "no sentence explains `{0}`",
        "在 sentences.yaml 里加上",
        "add it to sentences.yaml",
    ),
    "shared-name": (
        "`{0}` 同时是几个{kind}的名称: {ids}",
        "`{0}` names several of kind {kind}: {ids}",
        "同一事物有两个 id，或名称多了一个",
        "one thing under two ids, or a name too many",
    ),
    "unreachable": (
        "没有服务通向类目 `{0}`",
        "no service leads to the category `{0}`",
        "在某个来源里给它写 `scope`",
        "give it a `scope` in some source",
    ),
    "unreachable.excluded": (
        "谁也到不了 `{0}`：它的条件互相排斥",
        "nobody can come to `{0}`: its conditions exclude each other",
        "",
        "",
    ),
    "unused-service": (
        "没有事实讲到服务 `{0}`",
        "no fact speaks of the service `{0}`",
        "",
        "",
    ),
    "unused-document": (
        "没有要求用到材料 `{0}`",
        "no requirement names the document `{0}`",
        "",
        "",
    ),
    "never-usable": (
        "谁也用不了方案 `{0}`：它对 `{1}` 的条件互相排斥",
        "nobody can use `{0}`: its conditions on `{1}` exclude each other",
        "",
        "",
    ),
    "circle": (
        "这些类目的说明互相指引: {ids}",
        "the notes of these categories lead round: {ids}",
        "",
        "",
    ),
    "kind-circle": (
        "这些{kind}互为上位: {ids}",
        "these of kind {kind} are kinds of one another: {ids}",
        "去掉其中一个 `kind_of`",
        "take one `kind_of` away",
    ),
    "no-alternative": (
        "`{0}` 对 {ids} 开放，却没有一个方案适用于他们",
        "`{0}` is open to {ids}, and none of its alternatives is for them",
        "给他们一个方案，或用 `open_to` 说明对谁开放",
        "give them an alternative, or say with `open_to` who may have it",
    ),
    "withdrawn-reference": (
        "`{0}` 的说明指引到已撤下的类目: {ids}",
        "a note of `{0}` leads to categories that are withdrawn: {ids}",
        "`{source}` 是完整列表，没有再列出它们",
        "`{source}` is a complete list and leaves them out",
    ),
    "withdrawn-reference.told": (
        "`{0}` 的说明指引到已撤下的类目: {ids}",
        "a note of `{0}` leads to categories that are withdrawn: {ids}",
        "`{source}` 撤下了它们",
        "`{source}` withdraws them",
    ),
    "withdrawn-unknown": (
        "`{0}` 撤下的类目没有别的来源写过: {ids}",
        "`{0}` withdraws a category that no other text has: {ids}",
        "核对类目的 id；收录写过它的文本",
        "look at the id of the category, or add the text that had it",
    ),
    "withdrawn-before": (
        "`{0}` 撤下类目的那天，还没有文本写它: {ids}",
        "`{0}` withdraws a category on a day before any text of it begins: {ids}",
        "核对 `begins`",
        "look at `begins`",
    ),
    "withdrawn-twice": (
        "同一来源在同一天又写又撤下这个类目: {ids}",
        "the text states and withdraws a category on the same day: {ids}",
        "去掉一个，或各写 `begins` 或 `accounts`",
        "take one away, or give each its `begins` or its `accounts`",
    ),
    "review.unclear": ("措辞不明，待人判断: {0}", "unclear wording to be settled: {0}", "", ""),
    "review.elsewhere": (
        "`{0}` 的材料在别处说明，尚未录入",
        "the papers of `{0}` are stated elsewhere and not entered yet",
        "",
        "",
    ),
    "review.draft": (
        "`{0}` 还是征求意见稿：正式发布后要更新",
        "`{0}` is a draft still: it is to be renewed once it is issued",
        "",
        "",
    ),
    "review.gap": ("摘录缺少: {0}", "the excerpt leaves out: {0}", "", ""),
    "review.sighting": (
        "`{0}` 只知道看到的日子，不知道从哪天起有效",
        "of `{0}` only the day of a sighting is known, not its first day",
        "",
        "",
    ),
}
"""What a finding says, and how to mend it: zh, en, help in zh, help in en; by code, with a further
word behind a point where one code has several sentences."""

KINDS = {
    "service": "服务",
    "document": "材料",
    "applicant": "主体",
    "category": "类目",
    "region": "地区",
    "holder": "持有方",
    "audience": "人群",
    "actor": "行为人",
}


def finding_problem(finding: Finding, lang: str) -> Problem:
    """A finding as a problem in words."""
    zh, en, help_zh, help_en = WORDS[finding.key]
    message, help = (zh, help_zh) if lang == "zh" else (en, help_en)
    joined = (" -> " if finding.code == "circle" else ", ").join(f"`{id}`" for id in finding.ids)
    kind = KINDS.get(finding.kind, finding.kind) if lang == "zh" else finding.kind
    values = {"ids": joined, "kind": kind, "source": finding.source}
    told = finding.values
    if finding.label is not None:
        told = (finding.label.zh if lang == "zh" else finding.label.en,)
    return Problem(
        finding.code,
        message.format(*told, **values),
        finding.span,
        help.format(*told, **values),
        finding.severity,
    )
