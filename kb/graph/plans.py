"""The filing plan as a graph: steps in their order, what each needs, and which checks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.answers.documents import View
from kb.graph.build import Builder, Graph, key_of, plain
from kb.graph.duties import GOALS, Known
from kb.graph.texts import stands_on, text
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.days import date
from kb.model.duty_rows import part_id

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.base.core import Day
    from kb.filing.plan import Plan

# Of the verdicts of a step's checks, the first of these is the step's.
_ORDER = ("missing", "undetermined", "satisfied")


def plan_graph(base: KnowledgeBase, app: App, as_of: Day = None) -> Graph:
    """The steps that an app has to take, with edges `before` from each to those after it, so that
    `networkx.topological_sort` keeps their order; their items and checks with the `state` of each.
    Preconditions are obligations that come before an event, which may be one of the steps. Raises
    `Problems` when no procedure is known to apply."""
    found, english = (base.plan(app, as_of=as_of, lang=lang) for lang in ("zh", "en"))
    if found is None or english is None:
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
        files_zh=", ".join(found.files),
        files_en=", ".join(english.files),
        answers_zh=", ".join(found.answers_for),
        answers_en=", ".join(english.answers_for),
    )
    only = _only(base, found)
    for source in dict.fromkeys(id.partition(":")[0] for id in only):
        file = base.facts.files[source]
        key = text(builder, file, stands_on(file, base.day(as_of)), only)
        builder.edge("subject_to", own, key, standing=file.source.standing)
    _events(builder, found)
    graph = builder.finished(
        view="plan",
        focus=own,
        zh=f"备案计划:{app.name}",
        en=f"filing plan: {app.name}",
        as_of=date(base.day(as_of)).isoformat(),
    )
    known = Known(View(base.model(GOALS, app, as_of)), app)
    for step in found.steps:
        _mark(graph, key_of("step", _id(step)), step, found)
    for precondition in found.preconditions:
        known.mark(graph, key_of("obligation", precondition["id"]), precondition["verdict"])
    _settle(graph, known)
    return graph


def _events(builder: Builder, plan: Plan) -> None:
    """Lead from what comes before an event on to the step that is the event."""
    steps = {step["id"]: step for step in plan.steps}
    ways = {(p["event"], p["before_step"]) for p in plan.preconditions if p["before_step"]}
    for event, step in sorted(ways):
        key = key_of("step", _id(steps[step]))
        builder.edge("before", key_of("event", event), key)


def _id(step: dict[str, object]) -> str:
    """The part that a step of the plan is."""
    sources = step["sources"]
    assert isinstance(sources, list)
    return part_id(sources[0]["source"], str(step["id"]))


def _time(plan: Plan, lang: str) -> str:
    least, most = plan.working_days
    days = f"{least}–{most}" if least != most else f"{most}"
    hours = plan.hours
    if lang == "zh":
        return f"{days} 个工作日" + (f",另加 {hours} 小时" if hours else "")
    return f"{days} working days" + (f" and {hours} hours" if hours else "")


def _whole(plan: Plan) -> str:
    """The worst of all checks and preconditions."""
    states = [check["verdict"] for step in plan.steps for check in step["checks"]]
    states += [precondition["verdict"] for precondition in plan.preconditions]
    return next((state for state in _ORDER if state in states), "")


def _only(base: KnowledgeBase, plan: Plan) -> list[str]:
    """The ids of the parts that the plan shows: its steps, their items and checks, and duties."""
    ids = [_id(step) for step in plan.steps]
    ids += [str(p["id"]) for p in plan.preconditions]
    for step in plan.steps:
        told = {item["what"] for item in (*step["needs"], *step["checks"])}
        id = _id(step)
        (record,) = (
            s for s in base.facts.files[id.partition(":")[0]].steps if s.id == str(step["id"])
        )
        ids += [f"{id}/need-{n}" for n, need in enumerate(record.needs, 1) if need.zh in told]
        ids += [f"{id}/{check.id}" for check in record.checks if check.zh in told]
    return ids


def _mark(graph: Graph, key: str, step: dict[str, object], plan: Plan) -> None:
    """The states of a step's checks and items, and of the step: the worst of its checks."""
    checks = {plain(str(c["what"])): str(c["verdict"]) for c in _entries(step, "checks")}
    needs = {plain(str(n["what"])): str(n["need"]) for n in _entries(step, "needs")}
    for _, item, edge in graph.out_edges(key, data=True):
        data = graph.nodes[item]
        if edge["kind"] != "requires":
            continue
        if data["kind"] == "check":
            edge["state"] = data["state"] = checks[data["zh"]]
        elif needs[data["zh"]] == "perhaps":
            edge["state"] = data["state"] = "undetermined"
    states = list(checks.values())
    if step["uncertain"]:
        states.append("undetermined")
    worst = next((state for state in _ORDER if state in states), "")
    if worst:
        graph.nodes[key]["state"] = worst
    if step["id"] in plan.critical:
        graph.nodes[key]["critical"] = True


def _entries(step: dict[str, object], key: str) -> list[dict[str, object]]:
    found = step[key]
    assert isinstance(found, list)
    return found


def _settle(graph: Graph, known: Known) -> None:
    """Take away the conditions that are met: what is in the plan is there; those that are open
    stay, as question marks."""
    for key in [k for k, d in graph.nodes(data=True) if d["kind"] == "condition"]:
        asked = {d["kind"] for *_, d in graph.in_edges(key, data=True)}
        state = graph.nodes[key]["state"] = known.condition(key.partition(":")[2])
        if state == ("idle" if asked == {"unless"} else "satisfied"):
            graph.remove_node(key)
