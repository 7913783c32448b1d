"""The filing plan as a graph: steps in their order, what each needs, and which checks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.answers.ask import asking
from kb.base.outlays import outlays_of
from kb.base.results import Certainty
from kb.filing.steps import PlanActor, PlanStep
from kb.graph.build import Builder, Graph, key_of
from kb.graph.duties import Known
from kb.graph.outlays import add_outlays
from kb.graph.texts import stands_on, text
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.days import date
from kb.model.duty_rows import source_of
from kb.render.language import Language
from kb.render.plan import actor_text

if TYPE_CHECKING:
    from kb.base.core import Core, Day
    from kb.filing.plan import Plan

# Of the verdicts of a step's checks, the first of these is the step's.
_ORDER = ("missing", "undetermined", "satisfied")


def plan_graph(base: Core, app: App, as_of: Day = None) -> Graph:
    """The steps that an app has to take, with edges `before` from each to those after it, so that
    `networkx.topological_sort` keeps their order; their items and checks with the `state` of each.
    What is forbidden stands there as prohibitions, and the app is then `prohibited`.
    Preconditions are obligations that come before an event, which may be one of the steps. Raises
    `Problems` when no procedure is known to apply."""
    model = asking(base, app, base.day(as_of), False)
    found = model.plan()
    if found is None:
        raise Problems(
            [
                Problem(
                    "no-plan",
                    "no filing procedure is known to apply to this app",
                    help="say where it serves: `regions: [CN-GD]`",
                )
            ]
        )
    builder = Builder(base.facts)
    own = builder.node(
        "app",
        app.name,
        app.name,
        app.name,
        state=_whole(found),
        time_zh=_time(found, "zh"),
        time_en=_time(found, "en"),
        **_actors(found, "files", found.files),
        **_actors(found, "answers", found.answers_for),
    )
    only = _only(found)
    for source in dict.fromkeys(source_of(id) for id in only):
        file = base.facts.files[source]
        key = text(builder, file, stands_on(file, base.day(as_of)), only)
        builder.edge("subject_to", own, key, standing=file.source.standing)
    _events(builder, found)
    add_outlays(builder, outlays_of(base, model.view.after("states_outlay")), base, as_of)
    graph = builder.finished(
        view="plan",
        focus=own,
        zh=f"备案计划:{app.name}",
        en=f"filing plan: {app.name}",
        as_of=date(base.day(as_of)).isoformat(),
    )
    known = Known(model.view, app)
    for step in found.steps:
        _mark(graph, step, found)
    for precondition in found.preconditions:
        known.mark(graph, key_of("obligation", precondition.part), str(precondition.verdict))
    for ban in found.bans:
        if ban.part:
            state = "prohibited" if ban.certainty == Certainty.SURELY else "undetermined"
            known.mark(graph, key_of("prohibition", ban.part), state)
    _settle(graph, known)
    return graph


def _actors(plan: Plan, what: str, actors: tuple[PlanActor, ...]) -> dict[str, str]:
    """Who files or answers, in both languages."""
    return {
        f"{what}_{lang}": ", ".join(
            actor_text(actor, Language(lang, plan.names)) for actor in actors
        )
        for lang in ("zh", "en")
    }


def _events(builder: Builder, plan: Plan) -> None:
    """Lead from what comes before an event on to the step that is the event."""
    steps = {step.id: step.part for step in plan.steps}
    ways = {(p.event, p.before_step) for p in plan.preconditions if p.before_step}
    for event, step in sorted(ways):
        builder.edge("before", key_of("event", event), key_of("step", steps[step]))


def _time(plan: Plan, lang: str) -> str:
    if plan.working_days is None:
        return "时间未知" if lang == "zh" else "time unknown"
    least, most = plan.working_days
    days = f"{least}–{most}" if least != most else f"{most}"
    hours = plan.hours
    if lang == "zh":
        return f"{days} 个工作日" + (f",另加 {hours} 小时" if hours else "")
    return f"{days} working days" + (f" and {hours} hours" if hours else "")


def _whole(plan: Plan) -> str:
    """What is forbidden, or the worst of all checks and preconditions."""
    if any(ban.certainty == Certainty.SURELY for ban in plan.bans):
        return "prohibited"
    states = [check.verdict for step in plan.steps for check in step.checks]
    states += [precondition.verdict for precondition in plan.preconditions]
    return next((str(state) for state in _ORDER if state in states), "")


def _only(plan: Plan) -> list[str]:
    """The ids of the parts that the plan shows: its steps, their items and checks, duties,
    and what it forbids."""
    ids = [step.part for step in plan.steps]
    ids += [precondition.part for precondition in plan.preconditions]
    ids += [ban.part for ban in plan.bans if ban.part]
    for step in plan.steps:
        ids += [item.part for item in step.needs]
        ids += [check.part for check in step.checks]
    return ids


def _mark(graph: Graph, step: PlanStep, plan: Plan) -> None:
    """The states of a step's checks and items, and of the step: the worst of its checks."""
    key = key_of("step", step.part)
    checks = {check.part: check.verdict for check in step.checks}
    needs = {item.part: item.certainty for item in step.needs}
    for _, item, edge in graph.out_edges(key, data=True):
        data, part = graph.nodes[item], item.partition(":")[2]
        if edge["kind"] != "requires":
            continue
        if data["kind"] == "check":
            edge["state"] = data["state"] = str(checks[part])
        elif needs.get(part) == Certainty.PERHAPS:
            edge["state"] = data["state"] = "undetermined"
    states = [str(verdict) for verdict in checks.values()]
    if step.uncertain:
        states.append("undetermined")
    worst = next((state for state in _ORDER if state in states), "")
    if worst:
        graph.nodes[key]["state"] = worst
    if step.id in plan.critical:
        graph.nodes[key]["critical"] = True


def _settle(graph: Graph, known: Known) -> None:
    """Take away the conditions that are met: what is in the plan is there; those that are open
    stay, as question marks."""
    for key in [k for k, d in graph.nodes(data=True) if d["kind"] == "condition"]:
        asked = {d["kind"] for *_, d in graph.in_edges(key, data=True)}
        state = graph.nodes[key]["state"] = known.condition(key.partition(":")[2])
        if state == ("idle" if asked == {"unless"} else "satisfied"):
            graph.remove_node(key)
