"""What is told beside a verdict, in words and as JSON: assumptions, and drafts of categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.answers.answer import Answer
from kb.answers.results import Assumption, DraftCategory
from kb.base.results import Role
from kb.model.data import Json
from kb.query.results import ReferenceResult
from kb.render.language import Language, titled
from kb.render.outline import EMPTY, Cited, Line, Mark, line
from kb.render.requirements import requirement_lines
from kb.render.shared_json import cites_json
from kb.render.show_json import tree_json
from kb.render.todo import concerned, fresh_questions, question_line
from kb.render.words import standing_beside


def assumed_text(each: Assumption, to: Language) -> str:
    """What the answer takes for granted."""
    name = to.label("condition", each.condition)
    if each.of:
        of = to.label("attribute", each.of)
        listed = to.listed([to.both("category", category) for category in each.categories])
        return to.pick(
            f"{of}没有填清楚:这里按「{name}」作答,「{listed}」才收这项服务;不是这样,可能没有文件讲到它,"
            "结论可能不同",
            f"not stated exactly: {of}; answered as if: {name}, so that {listed} takes the service "
            "in; otherwise perhaps no text speaks of it, and the verdict may differ",
        )
    if each.ask is None:
        lead = to.pick("所填的申请主体不够具体", "who applies is said too generally")
    else:
        lead = to.pick("没有填写申请主体", "who applies is not said")
    return to.pick(
        f"{lead},所据的文件也没有写明面向哪类账号:这里按「{name}」作答,换了主体结论可能不同",
        f"{lead}, and the texts do not say for which accounts they are: answered as if the "
        f"{name}; for others the verdict may differ",
    )


def assumed_lines(answer: Answer, to: Language, asked: set[str]) -> Iterator[Line]:
    """Each assumption, with the question that would settle it where it was not `asked` before."""
    for each in answer.assumed:
        yield EMPTY
        tail = concerned(each.categories, answer, to)
        yield line(0, Mark("?"), f" {assumed_text(each, to)}{tail}")
        if each.ask is not None:
            yield from fresh_questions([question_line(each.ask, to)], asked)


def assumed_json(
    assumed: Iterable[Assumption], to: Language, asks: list[Json | None]
) -> list[Json]:
    """The same; `asks` are the questions, one for each, null where no answer would help."""
    return [
        {
            "condition": each.condition,
            "because": assumed_text(each, to),
            "ask": asked,
            "categories": list(each.categories),
        }
        for each, asked in zip(assumed, asks, strict=True)
    ]


def draft_text(each: DraftCategory, to: Language) -> str:
    """Which draft names which services under which category, what it would not carry, and where its
    notes lead."""
    said = [_draft_text(each, to)] if each.services or not each.sends else []
    for note in each.sends:
        shown = _sends_text(note, to)
        said.append(
            to.pick(f"另说明{shown}", f"notes that {shown}") if said else _head(each, to) + shown
        )
    return to.pick(";", "; ").join(said)


def _head(each: DraftCategory, to: Language) -> str:
    """Which draft says something, and under which category."""
    title, category = _title(each, to), to.both("category", each.category)
    return to.pick(f"{title}在「{category}」下说明", f"{title} notes under {category} that ")


def _title(each: DraftCategory, to: Language) -> str:
    """A draft by its name, told to be one once."""
    name = to.label("source", each.cite.source)
    return titled(name, standing_beside(name, "draft", to.lang), to)


def _sends_text(note: ReferenceResult, to: Language) -> str:
    """Where a note leads the app, and why."""
    whom = [to.label("service", s) for s in note.services]
    whom += [to.label("applicant", a) for a in note.applicants]
    named = to.pick(" 或 ", " or ").join(to.official("category", c) for c in note.categories)
    zh, en = ("改选", "in its place") if note.role == Role.INSTEAD else ("另选", "as well")
    listed = to.listed(whom)
    return to.pick(f"「{listed}」须{zh} {named}", f"{listed} needs {named} {en}")


def _draft_text(each: DraftCategory, to: Language) -> str:
    title = _title(each, to)
    category = to.both("category", each.category)
    services = to.listed([to.label("service", s) for s in each.services])
    if not each.services:
        return to.pick(
            f"{title}写了「{category}」,另有说明把本应用引向它",
            f"{title} describes {category}, to which a note leads",
        )
    if set(each.forbids) == set(each.services):
        return to.pick(
            f"{title}在「{category}」下写明不支持:{services}",
            f"{title} says under {category} that it would not carry: {services}",
        )
    return to.pick(
        f"{title}把这些服务列入「{category}」:{services}",
        f"{title} puts under {category}: {services}",
    )


def draft_lines(answer: Answer, to: Language, *, whole: bool) -> Iterator[Line]:
    """Drafts of categories that name what the app offers; `whole`: with what they ask for."""
    for at, each in enumerate(answer.drafts):
        if not at:
            yield EMPTY
            yield line(0, drafts_title(to) + ":")
        yield line(2, Mark("?"), f" {draft_text(each, to)}", Cited.of([each.cite]))
        if whole and each.requirement is not None:
            yield from requirement_lines(each.requirement, 6, to, each.cite)


def drafts_title(to: Language) -> str:
    """What stands above them."""
    return to.pick(
        "征求意见稿,不影响结论(`kb ask --include-drafts` 按有效作答)",
        "drafts, no verdict hangs on them (`kb ask --include-drafts` answers as if in force)",
    )


def drafts_json(drafts: Iterable[DraftCategory], to: Language) -> list[Json]:
    """The same as JSON."""
    return [
        {
            "category": to.official("category", each.category),
            "id": each.category,
            "standing": "draft",
            "what": draft_text(each, to),
            "services": list(each.services),
            "not_carried": list(each.forbids),
            "sends": [
                {
                    "role": str(note.role),
                    "categories": list(note.categories),
                    "services": list(note.services),
                    "applicants": list(note.applicants),
                    "lines": list(note.cite.lines),
                }
                for note in each.sends
            ],
            "requirement": tree_json(each.requirement, to) if each.requirement else None,
            "sources": cites_json([each.cite]),
        }
        for each in drafts
    ]
