"""What changed between two days, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kb.render.untyped import cites, document_text
from kb.render.words import mark, word

if TYPE_CHECKING:
    from kb.compare.changes import Changes

WORDS = {
    "added": ("新增", "added"),
    "adjusted": ("调整(原文不在来源中)", "adjusted (the earlier text is in no source)"),
    "removed": ("取消", "removed"),
    "changed": ("变更", "changed"),
    "renamed": ("更名", "renamed"),
    "settled": ("已确定生效", "now surely in force"),
    "alternative_added": ("新增方案", "alternative added"),
    "alternative_dropped": ("取消方案", "alternative dropped"),
    "choice_added": ("新增任选材料", "choice added"),
    "choice_dropped": ("取消任选材料", "choice dropped"),
    "reading_added": ("另有说法", "another reading came"),
    "reading_dropped": ("说法失效", "a reading went"),
    "document_added": ("新增材料", "document added"),
    "document_dropped": ("取消材料", "document dropped"),
    "count_changed": ("份数变化", "count changed"),
    "words_changed": ("须写内容变化", "words changed"),
    "condition_changed": ("条件变化", "condition changed"),
    "holder_changed": ("持有方变化", "holder changed"),
    "form_changed": ("形式变化", "form changed"),
    "issuer_changed": ("颁发机关变化", "issuer changed"),
    "option_changed": ("必要性变化", "need changed"),
    "choice_became_all": ("由任选改为全部提供", "a choice became all"),
    "all_became_choice": ("由全部提供改为任选", "all became a choice"),
    "open_to_changed": ("开放主体变化", "open to others"),
    "regions_changed": ("服务地区变化", "places changed"),
    "services_changed": ("适用服务变化", "services changed"),
}


def changes_text(found: Changes, lang: str) -> str:
    """`kb changes` as text."""
    return "\n".join(_lines(found, lang))


def _lines(found: Changes, lang: str) -> Iterator[str]:
    zh = lang == "zh"

    def say(key: str) -> str:
        return WORDS[key][0 if zh else 1]

    count = f"{len(found.categories)} {'个类目' if zh else 'categories'}"
    yield f"{found.first} → {found.last}: {count}"
    for entry in found.categories:
        title = entry["category"] + (f" ({entry['en']})" if "en" in entry else "")
        versions = entry["after"] or entry["before"]
        sources = [cite for version in versions for cite in version["sources"]]
        unsure = any(version["certainty"] == "perhaps" for version in entry["after"])
        doubt = (" (生效日不确定)" if zh else " (day not certain)") * unsure
        yield f"{say(entry['what'])}{doubt}: {title}  [{cites(sources)}]"
        for change in entry["differences"]:
            yield f"    {say(change['what'])}{_change_text(change, lang)}"
    if found.apps is None:
        return
    yield ""
    yield f"{'结论变化的应用' if zh else 'apps whose verdict flips'}: {len(found.apps)}"
    for flip in found.apps:
        yield (
            f"  {flip['app']}: {mark(flip['before'])} {word(flip['before'], lang)} → "
            f"{mark(flip['after'])} {word(flip['after'], lang)}"
        )
        for document in flip["to_provide"]:
            yield f"      · {document_text(document, zh)}"
        if flip["cannot"]:
            lead = "本主体无法完成:" if zh else "can not be completed by this applicant: "
            yield f"      {lead}{', '.join(flip['cannot'])}"


def _change_text(change: Mapping[str, Any], lang: str) -> str:
    zh = lang == "zh"
    joined = (" / " if change["what"].startswith("choice") else " + ").join(
        f"《{document}》" for document in change.get("documents", ())
    )
    text = f"《{change['document']}》" if change.get("document") else joined
    text = f" {text}" * bool(text)
    if "sources" in change:
        text += f"  [{cites(change['sources'])}]"
    if "before" in change or "after" in change:
        both = (_value_text(change.get(key), lang) for key in ("before", "after"))
        text += f": {' → '.join(both)}"
    if "when" in change:
        text += f"  ({'当' if zh else 'when'} {change['when']})"
    return text


def _value_text(value: Any, lang: str) -> str:
    match value:
        case None | [] | ():
            return "–"
        case bool():
            optional = ("可选", "optional") if value else ("必需", "needed")
            return optional[0 if lang == "zh" else 1]
        case list() | tuple():
            return "、".join(_value_text(each, lang) for each in value)
        case Mapping():
            return str(value[lang])
        case _:
            return str(value)
