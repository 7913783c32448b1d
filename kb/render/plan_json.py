"""A filing plan as JSON."""

from __future__ import annotations

from kb.filing.plan import Plan
from kb.filing.steps import (
    CategoryAsked,
    MaterialResult,
    PlanActor,
    PlanStep,
    Precondition,
    StepCheck,
    StepItem,
)
from kb.model.data import Json
from kb.render.bans import bans_json
from kb.render.duty_days import days_json
from kb.render.exemptions import exemptions_json
from kb.render.language import Language
from kb.render.later import duty_papers_json
from kb.render.outlays import outlay_json
from kb.render.papers import papers_json
from kb.render.plan import actor_text, plan_note
from kb.render.shared_json import cites_json, document_json


def plan_json(plan: Plan) -> Json:
    """The plan of `kb plan`."""
    to = Language(plan.lang, plan.names)
    found: Json = {
        "steps": [_step(step, to) for step in plan.steps],
        "working_days": list(plan.working_days) if plan.working_days else None,
        "hours": plan.hours,
        "critical_path": list(plan.critical),
        "files": _actors(plan.files, to),
        "answers_for": _actors(plan.answers_for, to),
        "preconditions": [_precondition(duty, to) for duty in plan.preconditions],
        "categories": [_category(category, to) for category in plan.categories],
        "materials": [_material(material, to) for material in plan.materials],
        "notes": [plan_note(note, to) for note in plan.notes],
        "gaps": [
            {"source": gap.source, "what": to.say(gap.what), "lines": list(gap.lines)}
            for gap in plan.gaps
        ],
    }
    if plan.bans:
        found["bans"] = bans_json(plan.bans, to)
    if plan.deadlines:
        found["deadlines"] = days_json(plan.deadlines, to)
    if plan.duty_papers:
        found["duty_papers"] = duty_papers_json(plan.duty_papers, to)
    if plan.outlays:
        found["outlays"] = [outlay_json(each, to) for each in plan.outlays]
    if plan.papers:
        found["papers"] = papers_json(plan.papers, to)
    if plan.exemptions:
        found["exemptions"] = exemptions_json(plan.exemptions, to)
    if plan.dates is not None:
        dates = plan.dates
        found["dates"] = {
            "start": dates.start.isoformat(),
            "earliest": dates.earliest.isoformat(),
            "latest": dates.latest.isoformat(),
        }
    return found


def _actors(actors: tuple[PlanActor, ...], to: Language) -> list[str]:
    return [actor_text(actor, to) for actor in actors]


def _step(step: PlanStep, to: Language) -> Json:
    found: Json = {
        "id": step.id,
        "label": to.label("part", step.part),
        "actor": to.label("actor", step.actor),
        "working_days": list(step.working_days) if step.working_days else None,
        "hours": step.hours,
        "needs": [_item(item, to) for item in step.needs],
        "checks": [_check(check, to) for check in step.checks],
        "after": list(step.after),
        "on_failure": to.say(step.on_failure) if step.on_failure else None,
        "note": to.say(step.note) if step.note else None,
        "returns_to": step.returns_to,
        "uncertain": step.uncertain,
        "sources": cites_json(step.cites),
    }
    if step.ends is not None:
        found["ends"] = [day.isoformat() for day in step.ends]
    return found


def _item(item: StepItem, to: Language) -> Json:
    found: Json = {
        "what": to.label("part", item.part),
        "need": str(item.certainty),
        "sources": cites_json(item.cites),
    }
    if item.document is not None:
        found["document"] = to.official("document", item.document)
    return found


def _material(material: MaterialResult, to: Language) -> Json:
    found: Json = {
        "what": to.label("part", material.part),
        "id": material.part,
        "need": str(material.certainty),
        "part_of": material.part_of,
        "sources": cites_json(material.cites),
    }
    if material.document is not None:
        found["document"] = to.official("document", material.document)
    return found


def _check(check: StepCheck, to: Language) -> Json:
    return {
        "what": to.label("part", check.part),
        "verdict": str(check.verdict),
        "attribute": check.attribute,
        "sources": cites_json(check.cites),
    }


def _precondition(duty: Precondition, to: Language) -> Json:
    return {
        "what": to.label("part", duty.part),
        "id": duty.part,
        "bearer": to.label("actor", duty.bearer),
        "before": to.label("event", duty.event),
        "event": duty.event,
        "before_step": duty.before_step,
        "verdict": str(duty.verdict),
        "standing": str(duty.standing),
        "sources": cites_json(duty.cites),
    }


def _category(asked: CategoryAsked, to: Language) -> Json:
    found: Json = {
        "category": asked.name or to.official("category", asked.category),
        "id": asked.category,
        "verdict": str(asked.verdict),
        "missing": [document_json(document, to) for document in asked.missing],
        "sources": cites_json(asked.cites),
        "one_of_several": asked.one_of_several,
    }
    if asked.in_vain:
        found["in_vain"] = True
    return found
