"""What notes, open points and questions say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from kb.answers.open_points import (
    AccountUnsaid,
    AskedElsewhere,
    AttributeTooGeneral,
    AttributeUnknown,
    CalendarUnknown,
    DayUnsure,
    DocumentUnclear,
    DutyOpen,
    DutyUnclear,
    IssueUnknown,
    NoService,
    OnlyNamed,
    PassageUnclear,
    PerhapsWithdrawn,
    PlaceUnsaid,
    ReadingsDisagree,
    ServiceInOwnWords,
    ServicePerhapsProhibited,
    ServicesUnknown,
    ServiceUnplaced,
    TextDayUnsure,
    TextOpen,
    Undetermined,
)
from kb.answers.results import (
    CountedAsDifferent,
    EachWayForOthers,
    Exempted,
    NamedOnly,
    NoDocumentNamed,
    NoDocumentRequired,
    Note,
    NotListed,
    OneOfSeveral,
    OnlyOpenTo,
    OpenToAccounts,
    SourceSays,
    TimeUntil,
    Withdrawn,
)
from kb.base.bans import InVain
from kb.base.results import AttributeQuestion, Certainty, DocumentQuestion, Question
from kb.model.days import date
from kb.model.requirements import Need
from kb.model.schema import Beyond, Label
from kb.render.days import since_text
from kb.render.documents import cites, condition_text, document_text, the, words_text
from kb.render.language import Language, titled
from kb.render.other_days import described_off_day, placed_off_day
from kb.render.repairs import need_text
from kb.render.words import standing_beside, word


def note_text(note: Note, to: Language) -> str:
    """A note of a category."""
    match note:
        case OnlyOpenTo(condition, cite):
            name, lines = to.label("condition", condition), cites([cite])
            return to.pick(f"只开放给:{name} [{lines}]", f"open only where: {name} [{lines}]")
        case InVain(part, certainty, found):
            what, lines = to.label("part", part), cites(found)
            if certainty == Certainty.SURELY:
                return to.pick(
                    f"它的服务被禁止,材料不必准备:{what} [{lines}]",
                    f"what it is for is forbidden, its papers are in vain: {what} [{lines}]",
                )
            return to.pick(
                f"它的服务可能被禁止;如被禁止,材料不必准备:{what} [{lines}]",
                "what it is for is perhaps forbidden, and its papers are then in vain: "
                f"{what} [{lines}]",
            )
        case Exempted():
            return to.pick(
                "获豁免,它的材料目前视为齐全", "exempted: its documents count as complete for now"
            )
        case OneOfSeveral(categories):
            listed = to.listed([to.official("category", each) for each in categories])
            return to.pick(
                f"几个类目选其一即可:{listed}", f"one of these categories is enough: {listed}"
            )
        case NamedOnly(days) if days:
            return to.pick(
                "仅在其他类目的说明中出现,当天有效的来源没有写它要什么材料",
                "named by another category only; no source in force that day tells what it asks "
                "for",
            ) + described_off_day(days, to)
        case NamedOnly():
            return to.pick(
                "仅在其他类目的说明中出现,已收录的来源没有写它要什么材料",
                "named by another category only; no source at hand tells what it asks for",
            )
        case NoDocumentNamed():
            return to.pick(
                "来源未列明材料,不等于不需要材料",
                "the source names no document, which is not to say that none is needed",
            )
        case NoDocumentRequired():
            return to.pick("来源写明不需要材料", "the source says that no document is asked for")
        case OpenToAccounts(condition, cite):
            name, lines = to.label("condition", condition), cites([cite])
            return to.pick(
                f"来源里这个类目的要求是给别人的:{name} [{lines}]",
                f"what the sources say of it is for others: {name} [{lines}]",
            )
        case EachWayForOthers(conditions):
            either = to.pick(";或", "; or ")
            ways = either.join(condition_text(each, met, to) for each, met in conditions)
            return to.pick(
                f"每组材料都有前提,这里一个也不成立:{ways}",
                f"each set of documents hangs on something that is not so here: {ways}",
            )
        case NotListed(source):
            label = to.label("source", source)
            return to.pick(
                f"适用于这类主体的完整类目表里没有这个类目:《{label}》",
                f"the complete list for applicants of this kind does not have it: {label}",
            )
        case Withdrawn(first, last, cite):
            since, lines = since_text(first, last, to), cites([cite])
            return to.pick(f"{since}撤下 [{lines}]", f"withdrawn {since} [{lines}]")
        case TimeUntil(day, documents, cite):
            until, lines = date(day), cites([cite])
            listed = to.pick("、", ", ").join(document_text(d, to, lines=False) for d in documents)
            lacks = to.pick(f",还缺{listed}", f", still to come: {listed}") if listed else ""
            told = to.pick(
                f"新要求自 {until} 起必须做到,此前不要求",
                f"what is asked for anew is due from {until} on and not before",
            )
            return f"{told}{lacks} [{lines}]"
        case CountedAsDifferent(document, holder):
            paper, whose = to.label("document", document), to.label("holder", holder)
            return to.pick(
                f"{whose}的《{paper}》只填写了份数,按互不相同的计;可写明各与谁签订、各属哪一方",
                f"of {paper} of {the(whose)} only a count is given: taken as that many different "
                "ones; a profile may say with whom or whose each is",
            )
        case SourceSays(remark):
            return passage(remark, to)
        case _:
            assert_never(note)


def passage(remark: Label, to: Language) -> str:
    """A remark or an open passage in words; one that is clear and not yet checked says so."""
    if not isinstance(remark, Beyond):
        return to.say(remark)
    return to.pick(
        f"来源写明而尚不能核对:{remark.zh}",
        f"clear in the source, not yet checked here: {remark.en}",
    )


def _settled_by(papers: Sequence[Need], to: Language) -> str:
    """With which papers it would not matter what a passage means."""
    if not papers:
        return ""
    listed = to.pick("、", ", ").join(need_text(need, to) for need in papers)
    return to.pick(f"(补上{listed},怎么理解都够)", f" (with {listed} as well it would not matter)")


def question_text(asked: Question, to: Language) -> str:
    """A question in words."""
    match asked:
        case AttributeQuestion():
            return to.say(asked.words)
        case DocumentQuestion(need):
            document = to.label("document", need.document)
            if need.must_state:
                shown = words_text(need.must_state, to)
                return to.pick(
                    f"《{document}》写有「{shown}」吗?", f"Does {document} contain {shown}?"
                )
            holder = to.label("holder", need.holder)
            return to.pick(f"{holder}有《{document}》吗?", f"Does {the(holder)} hold {document}?")
        case _:
            assert_never(asked)


def open_text(what: Undetermined, to: Language) -> str:
    """Why something is undetermined."""
    match what:
        case ServicesUnknown():
            return to.pick("没有说明提供哪些服务", "the services are not stated")
        case NoService():
            return to.pick("没有列出任何服务", "no service is listed")
        case ServiceInOwnWords(words):
            return to.pick(
                f"「{words}」没有对应的服务,无法判断来源怎样要求:是其中一项服务就列进 services"
                "(`kb find` 换个说法找),不是应用做的事就从 other_services 删去",
                f"no service stands for it, so what the sources ask for is not known: {words} "
                "(list the service that it is, `kb find` looks for it in other words; or take it "
                "out of other_services if the app does not do it)",
            )
        case AskedElsewhere(category, how):
            label = to.official("category", category)
            where = " ".join(part for part in (how.address, how.title) if part) if how else ""
            return to.pick(
                f"「{label}」要什么材料,要向平台另行确认:{where}".rstrip(":"),
                f"what {label} asks for is told elsewhere: {where}".rstrip(": "),
            )
        case AccountUnsaid(category):
            label = to.official("category", category)
            return to.pick(
                f"来源没有说「{label}」是否开放给这类主体",
                f"no line says whether {label} is open to applicants of this kind",
            )
        case PlaceUnsaid(category):
            label = to.official("category", category)
            return to.pick(
                f"来源只讲别的地区的「{label}」,没有说所服务的地区",
                f"the sources speak of {label} in other places, not where the app serves",
            )
        case AttributeUnknown(attribute):
            label = to.label("attribute", attribute)
            return to.pick(f"未说明{label}", f"not stated: {label}")
        case AttributeTooGeneral(attribute, condition):
            return too_general(attribute, condition, to)
        case DocumentUnclear(need, whose):
            return _document(need, whose, to)
        case PassageUnclear(unclear, papers):
            return passage(unclear, to) + _settled_by(papers, to)
        case DayUnsure(first, last):
            return to.pick(
                f"这份文件只知道自 {date(first)} 至 {date(last)} 之间的某一天起有效",
                f"the text is in force from some day between {date(first)} and {date(last)}",
            )
        case PerhapsWithdrawn(category, first, last, condition):
            label, since = to.official("category", category), since_text(first, last, to)
            if condition is None:
                return to.pick(
                    f"「{label}」{since}撤下,是否已对这个应用生效未定",
                    f"{label} is withdrawn {since}: whether for this app, today, is open",
                )
            place = to.label("condition", condition)
            return to.pick(
                f"「{label}」在一个地区{since}撤下,在别处没有;应用是否「{place}」未定或不是",
                f"{label} is withdrawn in one place {since} and not elsewhere; it is gone for an "
                f"app of which this holds: {place}",
            )
        case OnlyNamed(category, days):
            label = to.official("category", category)
            if days:
                return to.pick(
                    f"「{label}」只被提到,当天有效的来源没有写它要什么材料",
                    f"{label} is only named; no source in force that day tells what it asks for",
                ) + described_off_day(days, to)
            return to.pick(
                f"「{label}」只被提到,已收录的来源没有写它要什么材料",
                f"{label} is only named; no source at hand tells what it asks for",
            )
        case ReadingsDisagree(category):
            label = to.official("category", category)
            return to.pick(
                f"来源对「{label}」有两种说法,结论不同",
                f"the source describes {label} in two ways that come to different verdicts",
            )
        case ServicePerhapsProhibited(service, category) if category is not None:
            label, under = to.label("service", service), to.official("category", category)
            return to.pick(
                f"应用如果属于「{under}」,「{label}」就不被支持",
                f"not supported if the app falls under {under}: {label}",
            )
        case ServicePerhapsProhibited(service):
            label = to.label("service", service)
            return to.pick(f"「{label}」可能已被禁止", f"perhaps already prohibited: {label}")
        case ServiceUnplaced(service, day, days):
            label = to.label("service", service)
            if days:
                return to.pick(
                    f"按所填情况,{date(day)} 有效的规定没有把「{label}」归入任何类目",
                    f"as described, no text in force on {date(day)} puts it under a category: "
                    f"{label}",
                ) + placed_off_day(days, to)
            return to.pick(
                f"按所填情况,{date(day)} 已收录的规定没有把「{label}」归入任何类目",
                f"as described, no text known on {date(day)} puts it under a category: {label}",
            )
        case TextDayUnsure(source, first, last):
            label = to.label("source", source)
            return to.pick(
                f"《{label}》只知道自 {date(first)} 至 {date(last)} 之间的某一天起有效",
                f"in force from some day between {date(first)} and {date(last)}: {label}",
            )
        case TextOpen(source, standing, attribute, unsettled):
            label = to.label("source", source)
            title = titled(label, standing_beside(label, standing, to.lang), to)
            text = to.pick(
                f"是否适用{title}还不清楚", f"whether this text applies is open: {title}"
            )
            return _unsettled(text, attribute, unsettled, to)
        case DutyOpen(part, standing, attribute, unsettled):
            named, shown = to.label("part", part), word(standing, to.lang)
            of = to.label("attribute", attribute)
            text = to.pick(
                f"「{named}」({shown})是否适用、是否做到,要看:{of}",
                f"{named} ({shown}): whether it applies and is kept hangs on: {of}",
            )
            return _unsettled(text, attribute, unsettled, to)
        case IssueUnknown(part, standing, document):
            named, shown = to.label("part", part), word(standing, to.lang)
            paper = to.label("document", document)
            return to.pick(
                f"「{named}」({shown})要看《{paper}》是哪天出具的 (`issued`)",
                f"{named} ({shown}): hangs on the day on which {paper} was issued (`issued`)",
            )
        case CalendarUnknown(part, standing):
            named, shown = to.label("part", part), word(standing, to.lang)
            return to.pick(
                f"「{named}」({shown})的工作日期限算不出来:放假安排还没有公布",
                f"{named} ({shown}): its working days can not be counted, "
                "the holidays are not published yet",
            )
        case DutyUnclear(part, standing, left):
            named, shown = to.label("part", part), word(standing, to.lang)
            said = to.label("part", left)
            return to.pick(f"「{named}」({shown}):{said}", f"{named} ({shown}): {said}")
        case _:
            assert_never(what)


def _unsettled(text: str, attribute: str, condition: str | None, to: Language) -> str:
    return text if condition is None else f"{text}: {too_general(attribute, condition, to)}"


def too_general(attribute: str, condition: str, to: Language) -> str:
    """That what is stated of an attribute does not settle a condition."""
    of, label = to.label("attribute", attribute), to.label("condition", condition)
    return to.pick(
        f"所填的{of}不足以判断:{label}", f"what is stated of {of} does not settle: {label}"
    )


def _document(need: Need, whose: bool, to: Language) -> str:
    document = to.label("document", need.document)
    if need.must_state:
        shown = words_text(need.must_state, to)
        if whose:
            return to.pick(
                f"未说明《{document}》是谁的、是否写有:{shown}",
                f"not stated: whose {document} it is, and whether it contains {shown}",
            )
        return to.pick(
            f"未说明《{document}》是否写有:{shown}",
            f"not stated: whether {document} contains {shown}",
        )
    return to.pick(f"未说明《{document}》是谁的", f"not stated: whose {document} it is")
