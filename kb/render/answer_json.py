"""Results as JSON: the bytes of the contract."""

from __future__ import annotations

from typing import assert_never

from kb.answers.answer import Answer
from kb.answers.open_points import OnlyNamed, OpenPoint, ServiceUnplaced
from kb.answers.results import (
    AlternativeResult,
    Breach,
    BundleResult,
    CategoryResult,
    Conflict,
    Exchange,
    GapResult,
    MetBy,
    MetByDocument,
    MetByPractice,
    ObligationResult,
    Prohibited,
    ServiceProhibited,
    TextProhibits,
    TextResult,
)
from kb.base.results import AttributeQuestion, DocumentQuestion, Question
from kb.model.data import Json
from kb.model.schema import How
from kb.provenance.proof import Proof
from kb.render.beside import assumed_json, drafts_json
from kb.render.documents import category_name
from kb.render.duty_days import days_json
from kb.render.entities import tallies_json
from kb.render.exemptions import exemptions_json
from kb.render.language import Language
from kb.render.later import duty_papers_json, later_json
from kb.render.other_days import other_days_json
from kb.render.outlays import outlay_json
from kb.render.papers import papers_json
from kb.render.plan_json import plan_json
from kb.render.points import note_text, open_text, question_text
from kb.render.shared_json import cite_json, cites_json, document_json
from kb.render.show_json import tree_json


def answer_json(answer: Answer) -> Json:
    """The answer of `kb ask`."""
    to = Language(answer.lang, answer.names)
    return {
        "app": answer.app.name,
        "as_of": answer.as_of,
        "verdict": str(answer.verdict),
        "categories": [category_json(each, to) for each in answer.categories],
        "bundle": bundle_json(answer.bundle, to),
        "prohibited": [prohibited_json(each, to) for each in answer.prohibited],
        "obligations": [obligation_json(each, to) for each in answer.obligations],
        "texts": [text_json(each, to) for each in answer.texts],
        "conflicts": [conflict_json(each, to) for each in answer.conflicts],
        "undetermined": [open_json(each, to) for each in answer.undetermined],
        "filing": plan_json(answer.filing) if answer.filing is not None else None,
        "known_until": [
            {
                "platform": each.platform,
                "account": each.account,
                "day": each.day.isoformat(),
                "categories": each.categories,
            }
            for each in answer.known_until
        ],
        "remarks": [
            {
                "source": each.source,
                "what": to.say(each.remark),
                "lines": list(each.remark.lines),
            }
            for each in answer.remarks
        ],
        **({"papers": papers_json(answer.papers, to)} if answer.papers else {}),
        **({"deadlines": days_json(answer.deadlines, to)} if answer.deadlines else {}),
        **({"exemptions": exemptions_json(answer.exemptions, to)} if answer.exemptions else {}),
        **({"tallies": tallies_json(answer.tallies, to)} if answer.tallies else {}),
        **({"outlays": [outlay_json(o, to) for o in answer.outlays]} if answer.outlays else {}),
        **({"assumed": _assumed(answer, to)} if answer.assumed else {}),
        **({"drafts": drafts_json(answer.drafts, to)} if answer.drafts else {}),
        **({"later": later} if (later := later_json(answer, to)) else {}),
        **({"duty_papers": duty_papers_json(papers, to)} if (papers := answer.duty_papers) else {}),
    }


def _assumed(answer: Answer, to: Language) -> list[Json]:
    asks: list[Json | None] = [
        question_json(each.ask, to) if each.ask else None for each in answer.assumed
    ]
    return assumed_json(answer.assumed, to, asks)


def category_json(result: CategoryResult, to: Language) -> Json:
    """A category of an answer."""
    found: Json = {
        "category": category_name(result, to),
        "id": result.category,
        "verdict": str(result.verdict),
        "why": [proof_json(proof) for proof in result.why],
        "sources": cites_json(result.cites),
        "alternatives": [alternative_json(each, to) for each in result.alternatives],
        "missing": [document_json(each, to) for each in result.missing],
        **_how(result.how, to),
        "notes": list(dict.fromkeys(note_text(note, to) for note in result.notes)),
        "equals": result.ways.equals,
        "requirements": [
            {
                "sources": [cite_json(each.cite)],
                "requirement": tree_json(each.tree, to),
                "alternatives": each.alternatives,
            }
            for each in result.requirements
        ],
    }
    if not to.zh:
        found["en"] = to.label("category", result.category)
    return found


def _how(how: How | None, to: Language) -> Json:
    if how is None:
        return {"how": None}
    details = {"address": how.address, "title": how.title, "lines": list(how.lines)}
    if how.remark:
        details["remark"] = to.say(how.remark)
    return {"how": how.way, "how_to": details}


def alternative_json(result: AlternativeResult, to: Language) -> Json:
    """One of the sets of documents that would do."""
    found: Json = {
        "id": result.id,
        "usable": result.usable,
        "documents": [document_json(each, to) for each in result.documents],
    }
    if result.branches:
        found["branches"] = [to.say(each) for each in result.branches]
    if result.conditions:
        found["conditions"] = [
            {
                "condition": each.condition,
                "state": "unknown" if each.unknown else "failed",
                "label": to.label("condition", each.condition),
                "met": each.must_be_met,
            }
            for each in result.conditions
        ]
    return found


def bundle_json(result: BundleResult, to: Language) -> Json:
    """The smallest set of documents over all categories."""
    return {
        "documents": [document_json(each, to) for each in result.documents],
        "optimal": result.optimal,
        "alternatives": list(result.alternatives),
        "cannot": list(result.cannot),
        "unknown": list(result.unknown),
        "equals": result.equals,
        "doubtful": list(result.doubtful),
        "others": [exchange_json(each, to) for each in result.others],
    }


def exchange_json(result: Exchange, to: Language) -> Json:
    """What another set of documents has in place of some of this one."""
    sides = {"takes": result.takes, "leaves": result.leaves}
    return {
        side: [
            {
                "document": to.official("document", need.document),
                "id": need.document,
                "holder": need.holder,
                "at_least": need.at_least,
                "must_state": list(need.must_state),
            }
            for need in needs
        ]
        for side, needs in sides.items()
    }


def prohibited_json(result: Prohibited, to: Language) -> Json:
    """A service that is not carried, or what a text forbids."""
    match result:
        case ServiceProhibited():
            return {
                "what": to.label("service", result.service),
                "id": result.service,
                "standing": str(result.standing),
                "advice": result.advice,
                "sources": cites_json(result.cites),
            }
        case TextProhibits():
            return {
                "what": to.label("part", result.part),
                "id": result.part,
                "standing": str(result.standing),
                "bearer": to.label("actor", result.bearer),
                "breach": [breach_json(each, to) for each in result.breach],
                **({"note": to.say(result.note)} if result.note else {}),
                "sources": cites_json(result.cites),
            }
        case _:
            assert_never(result)


def breach_json(result: Breach, to: Language) -> Json:
    """What follows when a part is not kept."""
    return {
        "what": to.label("part", result.part),
        "id": result.part,
        "kind": result.kind,
        "by": [to.label("authority", authority) for authority in result.by],
        "after": result.after,
        "deadline": to.say(result.deadline) if result.deadline else None,
        "sources": [cite_json(result.cite)],
    }


def obligation_json(result: ObligationResult, to: Language) -> Json:
    """A duty of the app's own side."""
    days = result.days
    return {
        "what": to.label("part", result.part),
        "id": result.part,
        "verdict": str(result.verdict),
        "standing": str(result.standing),
        "bearer": to.label("actor", result.bearer),
        "met_by": [_met_by(each, to) for each in result.met_by],
        "breach": [breach_json(each, to) for each in result.breach],
        **({"note": to.say(result.note)} if result.note else {}),
        **({"not_yet_due": True} if result.not_yet_due else {}),
        **({"days": {str(day.kind): day.day.isoformat() for day in days}} if days else {}),
        "sources": cites_json(result.cites),
    }


def _met_by(result: MetBy, to: Language) -> Json:
    match result:
        case MetByDocument(document, holder):
            label = to.official("document", document)
            return {"document": label, "id": document, "holder": holder}
        case MetByPractice(attribute):
            return {"declared": to.label("attribute", attribute), "id": attribute}
        case _:
            assert_never(result)


def text_json(result: TextResult, to: Language) -> Json:
    """A text beyond categories."""
    return {
        "source": result.source,
        "label": to.label("source", result.source),
        "standing": str(result.standing),
        "excerpt": result.excerpt,
        "gaps": [_gap(each, to) for each in result.gaps],
        "applies": result.applies,
        "ask": [question_json(each, to) for each in result.ask],
        "perhaps_forbids": [prohibited_json(each, to) for each in result.perhaps_forbids],
    }


def _gap(result: GapResult, to: Language) -> Json:
    return {"what": to.say(result.what), "lines": list(result.lines)}


def conflict_json(result: Conflict, to: Language) -> Json:
    """A category whose readings differ."""
    return {
        "category": to.official("category", result.category),
        "id": result.category,
        "readings": [
            {
                "sources": [cite_json(each.cite)],
                "verdict": str(each.verdict),
                "missing": [document_json(needed, to) for needed in each.missing],
            }
            for each in result.readings
        ],
    }


def open_json(result: OpenPoint, to: Language) -> Json:
    """Something that is undetermined."""
    told: Json = {
        "because": open_text(result.what, to),
        "ask": question_json(result.ask, to) if result.ask else None,
        "sources": cites_json(result.cites),
        "categories": list(result.categories),
    }
    match result.what:
        case ServiceUnplaced(days=days) | OnlyNamed(days=days) if days:
            told["other_days"] = other_days_json(days)
    return told


def question_json(asked: Question, to: Language) -> Json:
    """A QUESTION: the attribute, its words, and what may be answered."""
    text = question_text(asked, to)
    match asked:
        case AttributeQuestion(attribute, type, values):
            return {"attribute": attribute, "question": text, "type": type, "values": list(values)}
        case DocumentQuestion(need):
            return {
                "attribute": "holds",
                "question": text,
                "type": "document",
                "values": [need.document],
            }
        case _:
            assert_never(asked)


def proof_json(proof: Proof) -> Json:
    """A PROOF of the contract: fact, rule, sources, because."""
    return {
        "fact": str(proof.fact),
        "rule": str(proof.rule) if proof.rule else None,
        "sources": cites_json(proof.sources),
        "because": [proof_json(premise) for premise in proof.because],
    }
