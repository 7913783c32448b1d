"""A filing plan as text: what comes before, then step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.lang.syntax import ranges
from kb.render.answer import cites, document_text, mark
from kb.render.words import word


def plan_text(plan: Mapping[str, Any], lang: str) -> str:
    """A filing plan as text."""
    return "\n".join(_plan_lines(plan, lang == "zh"))


def _plan_lines(plan: Mapping[str, Any], zh: bool) -> Iterator[str]:
    least, most = plan["working_days"]
    hours = plan["hours"]
    if not plan["steps"]:
        yield "没有已知的备案步骤" if zh else "no procedure is known"
    else:
        yield (
            f"共 {least}–{most} 个工作日,另有 {hours} 小时内须完成的核验"
            if zh
            else f"{least} to {most} working days, and a check within {hours} hours"
        )
    number_of = {step["id"]: n for n, step in enumerate(plan["steps"], 1)}
    for duty in plan["preconditions"]:
        standing = word(duty["standing"], "zh" if zh else "en")
        number = number_of.get(duty["before_step"])
        at = (f" (步骤 {number})" if zh else f" (step {number})") if number else ""
        yield (
            f"  {mark(duty['verdict'])} {duty['before']}{at} {'之前' if zh else 'comes after'}: "
            f"{duty['what']} ({standing})  [{cites(duty['sources'])}]"
        )
    for category in plan["categories"]:
        lead = "服务类目" if zh else "category"
        lines = cites(category["sources"])
        yield f"  {mark(category['verdict'])} {lead}: {category['category']}  [{lines}]"
        if category["verdict"] != "satisfied":
            for document in category["missing"]:
                yield f"      {mark(document['verdict'])} {document_text(document, zh)}"
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
        if step["note"]:
            yield f"     … {step['note']}"
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
    for gap in plan["gaps"]:
        lines = ranges(tuple(gap["lines"]))
        yield f"  … {'来源缺' if zh else 'gap'}: {gap['what']}  [{gap['source']} {lines}]"
