"""An answer as text: a tree that reads well in a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kb.lang.syntax import ranges
from kb.render.words import word

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
        yield ""
        yield from _prohibited(prohibited, answer)
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
    yield from _perhaps(answer)
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


def _prohibited(prohibited: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    """A service that the platform does not carry, or what a text forbids, with its standing."""
    zh, lines = answer.lang == "zh", cites(prohibited["sources"])
    if "bearer" not in prohibited:
        advice = word("remove", answer.lang) if prohibited.get("advice") == "remove" else ""
        what = ", ".join(filter(None, (prohibited["what"], advice)))
        yield f"⊘ {word('not_supported', answer.lang)}: {what}  [{lines}]"
        return
    standing = _standing(prohibited["id"].partition(":")[0], answer)
    yield f"⊘ {'禁止' if zh else 'prohibited'} ({standing}): {prohibited['what']}  [{lines}]"
    if "note" in prohibited:
        yield f"      · {prohibited['note']}"
    breach = _breach(prohibited, zh)
    if breach:
        yield f"      ↳ {'违反后果' if zh else 'on breach'}: {breach}"


def _standing(source: str, answer: Answer) -> str:
    """How a text counts, and whether it is an excerpt."""
    text = next(t for t in answer.texts if t["source"] == source)
    standing = word(str(text["standing"]), answer.lang)
    excerpt = ",摘录" if answer.lang == "zh" else ", excerpt"
    return standing + excerpt if text["excerpt"] else standing


def _breach(part: Mapping[str, Any], zh: bool) -> str:
    """What follows when a duty or a prohibition is not kept."""
    said = []
    for consequence in part["breach"]:
        lines = ranges(tuple(n for cite in consequence["sources"] for n in cite["lines"]))
        deadline = f" ({consequence['deadline']})" * bool(consequence["deadline"])
        said.append(f"{consequence['what']}{deadline} [{lines}]")
    return ("；" if zh else "; ").join(said)


def _obligations(answer: Answer) -> Iterator[str]:
    """Duties under the text that states them, each text with its standing."""
    zh = answer.lang == "zh"
    texts: dict[str, list[dict[str, Any]]] = {}
    for duty in answer.obligations:
        texts.setdefault(duty["id"].partition(":")[0], []).append(duty)
    for source, duties in texts.items():
        yield ""
        yield f"{'义务' if zh else 'duties'}: {source} ({_standing(source, answer)})"
        told = ""
        for duty in duties:
            breach = _breach(duty, zh) if duty["verdict"] == "missing" else ""
            yield from _duty(duty, "" if breach == told else breach, zh)
            told = breach or told
        text = next(t for t in answer.texts if t["source"] == source)
        for gap in text["gaps"]:
            yield f"  … {'来源缺' if zh else 'gap'}: {gap['what']}  [{ranges(tuple(gap['lines']))}]"


def _perhaps(answer: Answer) -> Iterator[str]:
    """Texts that perhaps apply and bear on no verdict, with what would tell."""
    zh = answer.lang == "zh"
    for text in answer.texts:
        if text["applies"] is None:
            standing = _standing(text["source"], answer)
            yield ""
            yield (
                f"可能适用,不影响结论:《{text['label']}》({standing})"
                if zh
                else f"perhaps applies, no verdict hangs on it: {text['label']} ({standing})"
            )
            for asked in text["ask"]:
                yield f"      → {asked['question']}  ({asked['attribute']})"


def _duty(duty: Mapping[str, Any], breach: str, zh: bool) -> Iterator[str]:
    """A duty, what the source leaves open of it, and what follows on a breach."""
    lines = ranges(tuple(n for cite in duty["sources"] for n in cite["lines"]))
    if duty["verdict"] == "none_stated":
        how = "来源没有说如何算做到" if zh else "what shows it is not said"
        yield f"  · {duty['what']} — {how}  [{lines}]"
    else:
        yield f"  {mark(duty['verdict'])} {duty['what']}  [{lines}]"
    if "note" in duty:
        yield f"      · {duty['note']}"
    if breach:
        yield f"      ↳ {'违反后果' if zh else 'on breach'}: {breach}"


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
    for entry in found["not_counted"]:
        yield f"· {entry['remark']}"


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
