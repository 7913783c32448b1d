"""An answer as text: a tree that reads well in a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kb.answers.labels import word
from kb.lang.syntax import ranges

if TYPE_CHECKING:
    from kb.answers.answer import Answer

MARKS = {
    "satisfied": "✓",
    "none_stated": "✓",
    "missing": "✗",
    "prohibited": "⊘",
    "undetermined": "?",
}
_USABLE = {True: "", False: "–", None: "?"}


def answer_text(answer: Answer) -> str:
    """The whole answer, with the lines of the source behind every part."""
    return "\n".join(_lines(answer))


def _lines(answer: Answer) -> Iterator[str]:
    zh = answer.lang == "zh"
    verdict = f"{mark(answer.verdict)} {word(answer.verdict, answer.lang)}"
    yield f"{answer.app.name} · {answer.as_of} · {verdict}"
    for prohibited in answer.prohibited:
        lead = word("prohibited" if "breach" in prohibited else "not_supported", answer.lang)
        advice = word("remove", answer.lang) if prohibited.get("advice") == "remove" else ""
        what = ", ".join(filter(None, (prohibited["what"], advice)))
        yield f"\n⊘ {lead}: {what}  [{cites(prohibited['sources'])}]"
    for category in answer.categories:
        yield ""
        yield from _category(category, answer)
    if answer.categories and answer.bundle["documents"]:
        yield ""
        yield (
            "还需提供(全部类目合计,共用的只算一次):"
            if zh
            else "still to provide (over all categories, shared documents once):"
        )
        for document in answer.bundle["documents"]:
            yield f"  · {document_text(document, zh)}"
        if not answer.bundle["optimal"]:
            yield "  (未证明为最少)" if zh else "  (not proven to be the fewest)"
    yield from _obligations(answer)
    for conflict in answer.conflicts:
        yield ""
        yield f"⚡ {'来源有不同说法' if zh else 'readings differ'}: {conflict['category']}"
        for reading in conflict["readings"]:
            yield (
                f"    {cites(reading['sources'])}: {mark(reading['verdict'])} "
                f"{word(reading['verdict'], answer.lang)}"
            )
    if answer.undetermined:
        yield ""
        yield "尚不能确定:" if zh else "not determined:"
        for entry in answer.undetermined:
            shown = f"  [{cites(entry['sources'])}]" if entry["sources"] else ""
            yield f"  ? {entry['because']}{shown}"
            if entry["ask"]:
                key = entry["ask"]["attribute"]
                yield f"      → {entry['ask']['question']}  ({key})"
    if answer.app.services == ():
        yield ""
        yield "没有列出任何服务" if zh else "no service is listed"


def _obligations(answer: Answer) -> Iterator[str]:
    """Duties under the text that states them, each text with its standing."""
    zh = answer.lang == "zh"
    texts: dict[str, list[dict[str, Any]]] = {}
    for duty in answer.obligations:
        texts.setdefault(duty["id"].partition(":")[0], []).append(duty)
    for source, duties in texts.items():
        text = next(t for t in answer.texts if t["source"] == source)
        standing = word(text["standing"], answer.lang)
        if text["excerpt"]:
            standing += ",摘录" if zh else ", excerpt"
        yield ""
        yield f"{'义务' if zh else 'duties'}: {source} ({standing})"
        for duty in duties:
            lines = ranges(tuple(n for cite in duty["sources"] for n in cite["lines"]))
            yield f"  {mark(duty['verdict'])} {duty['what']}  [{lines}]"
        for gap in text["gaps"]:
            yield f"  … {'来源缺' if zh else 'gap'}: {gap['what']}  [{ranges(tuple(gap['lines']))}]"


def plan_text(plan: Mapping[str, Any], lang: str) -> str:
    """A filing plan as text."""
    return "\n".join(_plan_lines(plan, lang == "zh"))


def _plan_lines(plan: Mapping[str, Any], zh: bool) -> Iterator[str]:
    least, most = plan["working_days"]
    hours = plan["hours"]
    yield (
        f"共 {least}–{most} 个工作日,另有 {hours} 小时内须完成的核验"
        if zh
        else f"{least} to {most} working days, and a check within {hours} hours"
    )
    for duty in plan["preconditions"]:
        yield (
            f"  {mark(duty['verdict'])} {duty['before']} {'之前' if zh else 'comes after'}: "
            f"{duty['what']} ({word(duty['standing'], 'zh' if zh else 'en')})"
        )
    for number, step in enumerate(plan["steps"], 1):
        first, last = step["working_days"]
        time = (f" {first}–{last} {'个工作日' if zh else 'working days'}") * bool(last)
        time += (f" {step['hours']} {'小时内' if zh else 'hours'}") * bool(step["hours"])
        ends = f"  {step['ends'][0]} – {step['ends'][1]}" if "ends" in step else ""
        yield f"{number}. {step['label']} — {step['actor']}{time}{ends}  [{cites(step['sources'])}]"
        for need in step["needs"]:
            doubt = " ?" if need["need"] == "perhaps" else ""
            yield f"     · {need['what']}{doubt}"
        for check in step["checks"]:
            yield f"     {mark(check['verdict'])} {check['what']}"
        if step["on_failure"]:
            yield f"     ↺ {step['on_failure']}"
    for title, key in (
        (("申请备案", "files"), ("承担责任", "answers_for"))
        if zh
        else (("files", "files"), ("answers", "answers_for"))
    ):
        if plan[key]:
            yield f"{title}: {', '.join(plan[key])}"
    if "dates" in plan:
        yield f"{plan['dates']['start']} → {plan['dates']['earliest']} – {plan['dates']['latest']}"
    for note in plan["notes"]:
        yield f"  · {note}"


def _category(category: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    zh = answer.lang == "zh"
    verdict = category["verdict"]
    title = category["category"] + (f" ({category['en']})" if "en" in category else "")
    yield f"{mark(verdict)} {title} — {word(verdict, answer.lang)}  [{cites(category['sources'])}]"
    several = len(category["alternatives"]) > 1
    for number, alternative in enumerate(category["alternatives"], 1):
        indent = "  "
        if several:
            yield f"  {_heading(number, alternative, zh)}"
            indent = "      "
        for document in alternative["documents"]:
            state = mark(document["verdict"]) if alternative["usable"] is not False else " "
            yield f"{indent}{state} {document_text(document, zh)}"
        if not alternative["documents"]:
            yield indent + (
                "这种情形下来源没有要求材料"
                if zh
                else "the source asks for no document in this case"
            )
    if category["how"]:
        way = category["how_to"]
        where = " ".join(part for part in (way["address"], way["title"]) if part)
        lead = "申请方式" if zh else "how to apply"
        yield f"  → {lead}: {word(category['how'], answer.lang)} {where}".rstrip()
        if "remark" in way:
            yield f"    {way['remark']}"
    for note in category["notes"]:
        yield f"  · {note}"


def _heading(number: int, alternative: Mapping[str, Any], zh: bool) -> str:
    lead = f"方案 {number}" if zh else f"alternative {number}"
    usable = alternative["usable"]
    if usable is True:
        return lead
    words = []
    for condition in alternative.get("conditions", ()):
        text = condition["label"]
        if not condition["met"]:
            text = f"非「{text}」" if zh else f"not: {text}"
        words.append(text)
    if zh:
        return (
            f"{lead} {'不可用' if usable is False else '是否可用未知'} — 前提: {'; '.join(words)}"
        )
    use = "not usable" if usable is False else "perhaps usable"
    return f"{lead} {use} — only if {'; '.join(words)}"


def document_text(document: Mapping[str, Any], zh: bool) -> str:
    """A document in one line."""
    parts = [f"《{document['document']}》" + (f" ({document['en']})" if "en" in document else "")]
    if document["holder"] != "applicant":
        parts.append(f"{'持有方' if zh else 'held by'} {document['holder_label']}")
    if document["at_least"] > 1:
        count = f"至少 {document['at_least']} 份" if zh else f"at least {document['at_least']}"
        if "held" in document:
            count += f",现有 {document['held']} 份" if zh else f", held {document['held']}"
        parts.append(count)
    if document["must_state"]:
        parts.append(("须写有:" if zh else "must state: ") + "、".join(document["must_state"]))
    if "issuer" in document:
        parts.append(("颁发:" if zh else "issued by: ") + document["issuer"])
    parts += document.get("form", [])
    if "note" in document:
        parts.append(document["note"])
    lines = f"  [{ranges(tuple(document['lines']))}]" if document.get("lines") else ""
    return (", " if not zh else ",").join(parts) + lines


def mark(verdict: str) -> str:
    return MARKS.get(verdict, "·")


def cites(sources: list[dict[str, Any]]) -> str:
    return "; ".join(f"{c['source']} {ranges(tuple(c['lines']))}".strip() for c in sources)


def bundles_text(found: Mapping[str, Any], lang: str) -> str:
    """`kb bundles` as text."""
    return "\n".join(_bundle_lines(found, lang == "zh"))


def _bundle_lines(found: Mapping[str, Any], zh: bool) -> Iterator[str]:
    yield from _bundle(
        found["bundle"],
        {"fewest": "最少", "cheapest": "最省", "fastest": "最快"}[found["by"]]
        if zh
        else str(found["by"]),
        zh,
    )
    for reading in found["readings"]:
        title = ("只按这种说法:" if zh else "by this reading alone: ") + ", ".join(
            reading["reading"]
        )
        yield from _bundle(reading, title, zh)
    for number, bundle in enumerate(found["all"] or (), 1):
        yield from _bundle(bundle, f"{'最小组合' if zh else 'minimal'} {number}", zh)
    if found["cannot"]:
        lead = "本主体无法完成:" if zh else "can not be completed by this applicant: "
        yield lead + ", ".join(found["cannot"])


def _bundle(bundle: Mapping[str, Any], title: str, zh: bool) -> Iterator[str]:
    cost = f"{bundle['cost'] / 100:.2f}"
    extra = f"{cost} 元, {bundle['days']} 天" if zh else f"{cost}, {bundle['days']} days"
    count = len(bundle["documents"])
    yield f"{title}: {count} {'份材料' if zh else 'documents'} ({extra})"
    for document in bundle["documents"]:
        yield f"  · {document_text(document, zh)}"
    if not bundle["optimal"]:
        yield (
            f"  (未证明为最优,下限 {bundle['bound']})"
            if zh
            else f"  (not proven best, at least {bundle['bound']})"
        )
