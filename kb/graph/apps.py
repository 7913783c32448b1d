"""One app's answer as a graph: what it offers, what each category asks for, what is in hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.answers.answer import Answer
from kb.answers.ask import AppModel, asking
from kb.answers.results import ServiceProhibited, TextProhibits
from kb.base.outlays import outlays_of
from kb.base.results import Verdict
from kb.base.view import View
from kb.filing.duty_papers import Demand
from kb.graph.brought import add_brought, add_senders, mark_notes
from kb.graph.build import Builder, Graph, counted_by, key_of, plain, stated_words
from kb.graph.duties import Known, add_duties
from kb.graph.outlays import add_outlays
from kb.lang.syntax import Cite
from kb.model.apps import App
from kb.model.data import Json
from kb.model.days import date
from kb.model.requirements import Need, leaves, need_of
from kb.model.rows import Reading
from kb.model.schema import Node
from kb.render.duty_days import day_text
from kb.render.entities import tally_text
from kb.render.exemptions import granted_text
from kb.render.language import Language
from kb.render.later import from_day, later_of
from kb.render.papers import paper_text

if TYPE_CHECKING:
    from kb.base.core import Core, Day

# Of several states that a shared node has at different places, the first of these is shown.
_ORDER = (
    "prohibited",
    "not_open",
    "missing",
    "undetermined",
    "later",
    "exempted",
    "satisfied",
    "none_required",
    "none_stated",
    "idle",
)


def app_graph(base: Core, app: App, as_of: Day = None) -> Graph:
    """What an app offers, the categories that bear on it, their requirements, and the `state` of
    each node and of each edge that asks for something. Parts of a tree that conditions leave out
    are `idle`, and what there is time for is `later`. The duties of the app's own side stand under
    their texts with their verdicts, and so do the bans that it violates; each says the `standing`
    of its text. Raises `Problems` for a bad profile."""
    model = asking(base, app, base.day(as_of), False)
    answer, view = model.answer(), model.view
    known = Known(view, app)
    picked = {need.need for need in answer.bundle.documents}
    states = _States(known, model, picked)
    relevant = [result.category for result in answer.categories]
    builder = Builder(base.facts)
    own = builder.node("app", app.name, app.name, app.name, state=str(answer.verdict))
    for service in app.services or ():
        builder.edge("offers", own, builder.node("service", service))
    bearing = {str(version) for version, category in view.after("reading")}
    for category in relevant:
        builder.node("category", category)
        for reading in base.facts.readings_of(category):
            if reading.id in bearing:
                builder.reading(reading)
    banned = [p.part for p in answer.prohibited if isinstance(p, TextProhibits)]
    services = [p.service for p in answer.prohibited if isinstance(p, ServiceProhibited)]
    for service in services:
        _prohibited(base, builder, service, bearing)
    sending = add_senders(base, builder, view, app, relevant)
    add_brought(base, builder, view, app, relevant)
    _to_provide(base, builder, own, answer, bearing)
    verdicts = {duty.part: str(duty.verdict) for duty in answer.obligations}
    verdicts |= dict.fromkeys(banned, "prohibited")
    exempt = {each.thing: each for each in answer.exemptions if each.counts}
    later = [each.part for each in answer.duty_papers if each.demand == Demand.LATER]
    # What is to be done, such as a report, is not done yet either while there is time for it.
    waiting = (duty for duty in answer.obligations if duty.verdict == Verdict.SATISFIED)
    later += [duty.part for duty in waiting if duty.not_yet_due]
    verdicts.update((part, "later") for part in later)
    verdicts.update((part, "exempted") for part in verdicts.keys() & exempt.keys())
    add_duties(base, builder, own, verdicts, base.day(as_of))
    add_outlays(builder, outlays_of(base, view.after("states_outlay")), base, as_of)
    graph = builder.finished(
        view="app",
        focus=own,
        zh=app.name,
        en=app.name,
        as_of=date(base.day(as_of)).isoformat(),
        state=str(answer.verdict),
    )
    shown = [*relevant, *sending]
    _trim(graph, {own, *(key_of("service", s) for s in app.services or ())}, shown)
    _doubts(graph, base, view)
    for result in answer.categories:
        told = graph.nodes[key_of("category", result.category)]
        told["state"] = "exempted" if result.category in exempt else str(result.verdict)
        if view.has("perhaps_required", result.category):
            told["certainty"] = "perhaps"
        for reading in base.facts.readings_of(result.category):
            if reading.id in bearing:
                states.mark(graph, reading)
    for service in view.names("unreached"):
        graph.nodes[key_of("service", service)]["state"] = "undetermined"
    for service in services:
        graph.nodes[key_of("service", service)]["state"] = "prohibited"
    for id, verdict in verdicts.items():
        part = key_of("prohibition" if verdict == "prohibited" else "obligation", id)
        known.mark(graph, part, verdict)
    for key, data in graph.nodes(data=True):
        if data["kind"] == "condition":
            data["state"] = known.condition(key.partition(":")[2])
    mark_notes(graph, view)
    for category in sending:
        graph.nodes[key_of("category", category)]["state"] = "idle"
    _days(graph, answer, base)
    for thing, granted in exempt.items():
        key = key_of("obligation" if granted.duty else "category", thing)
        for lang in ("zh", "en"):
            to = Language(lang, base.facts.names)
            graph.nodes[key][f"exempt_{lang}"] = granted_text(granted, to)
    return graph


def _days(graph: Graph, answer: Answer, base: Core) -> None:
    """Tell at documents which papers are not valid on the day, at duties and bans their days, at
    conditions the numbers that come from the apps of an entity."""
    for lang in ("zh", "en"):
        to = Language(lang, base.facts.names)
        told: dict[tuple[str, str], list[str]] = {}
        for note in answer.papers:
            of = key_of("document", note.document), f"papers_{lang}"
            told.setdefault(of, []).append(paper_text(note, to))
        for day in answer.deadlines:
            kind = "prohibition" if day.forbids else "obligation"
            of = key_of(kind, day.part), f"days_{lang}"
            told.setdefault(of, []).append(day_text(day, to))
        for each in later_of(answer, to):
            if each.category and each.day is not None:
                of = key_of("category", each.category), f"days_{lang}"
                told.setdefault(of, []).append(from_day(each.day, to))
        for tally in answer.tallies:
            for condition in base.facts.vocabulary.conditions:
                tests = base.conditions.tests(condition).values()
                if tally.attribute in (test.attribute for test in tests):
                    of = key_of("condition", condition), f"tallies_{lang}"
                    told.setdefault(of, []).append(tally_text(tally, to))
        for (key, name), texts in told.items():
            if key in graph:
                graph.nodes[key][name] = "; ".join(texts)


def _to_provide(
    base: Core, builder: Builder, own: str, answer: Answer, bearing: Collection[str]
) -> None:
    """Lead from the app to the documents of its smallest set that it does not surely have."""
    bundle, names = answer.bundle, base.facts.names
    stated: dict[Need, list[Cite]] = {}
    for result in answer.categories:
        for reading in base.facts.readings_of(result.category):
            tree = reading.record.requirement
            for leaf in leaves(tree) if tree is not None and reading.id in bearing else ():
                stated.setdefault(need_of(leaf), []).append(reading.cite_at(leaf.lines))
    of_duties = {each.part: each.cites for each in answer.duty_papers}
    for n, document in enumerate(bundle.documents):
        if document.verdict == Verdict.SATISFIED:
            continue
        kept = [cite for part in document.duties for cite in of_duties[part]]
        builder.edge(
            "to_provide",
            own,
            builder.node("document", document.document),
            [*stated.get(document.need, ()), *kept],
            path=f"bundle.{n}",
            holder=document.holder,
            holder_zh=names.label("holder", document.holder, "zh"),
            holder_en=names.label("holder", document.holder, "en"),
            at_least=document.copies,
            each=document.each,
            each_zh=names.label("holder", document.each, "zh") if document.each else "",
            each_en=names.label("holder", document.each, "en") if document.each else "",
            up_to=document.up_to,
            at_most=document.at_most,
            must_state="、".join(document.must_state),
            **stated_words(document.must_state, names),
            **counted_by(document.as_many_as, names),
            state=str(document.verdict or ""),
            certainty="perhaps" if bundle.doubtful else "",
            equals=bundle.equals or None,
            parties="、".join(document.parties),
        )


def _doubts(graph: Graph, base: Core, view: View) -> None:
    """Say which services are only perhaps in the scope of a category."""
    doubtful, failed = set(view.names("scope_doubtful")), set(view.names("scope_failed"))
    for tail, _, data in graph.edges(data=True):
        if data["kind"] != "in_scope":
            continue
        names = {
            name
            for name, scope in base.facts.readings[data["version"]].scopes.items()
            if key_of("service", scope.service) == tail
            and (key_of("condition", scope.condition) if scope.condition else "")
            == data.get("when", "")
        }
        if names & failed == names:
            data["state"] = "idle"
        elif names - failed <= doubtful:
            data["certainty"] = "perhaps"


def _prohibited(base: Core, builder: Builder, service: str, bearing: set[str]) -> None:
    """Categories that a prohibition stands under, also those that do not bear on the app."""
    for reading in base.facts.readings.values():
        for entry in reading.record.unsupported if reading.id in bearing else ():
            if service in entry.services:
                category = builder.node("category", reading.record.category)
                there = any(
                    d["kind"] == "prohibits" and v == key_of("service", service)
                    for _, v, d in builder.graph.out_edges(category, data=True)
                )
                if not there:
                    builder.edge(
                        "prohibits",
                        category,
                        builder.node("service", service),
                        [reading.cite_at(entry.lines)],
                        only_here=entry.only_here,
                        version=reading.id,
                        standing=reading.source.standing,
                    )


def _trim(graph: Graph, own: set[str], relevant: list[str]) -> None:
    """Take away services that the app does not offer, references that do not concern it, and what
    only they led to."""
    bearing = {key_of("category", c) for c in relevant}
    gone = {
        key
        for key, data in graph.nodes(data=True)
        if (data["kind"] == "service" and key not in own)
        or (
            data["kind"] == "category"
            and key not in bearing
            and not any(
                d["kind"] == "prohibits" and v in own for _, v, d in graph.out_edges(key, data=True)
            )
        )
    }
    graph.remove_nodes_from(gone)
    loose = [(u, v, k) for u, v, k, d in graph.edges(keys=True, data=True) if d.get("of") in gone]
    graph.remove_edges_from(loose)
    alone = [
        key
        for key, data in graph.nodes(data=True)
        if data["kind"] in ("condition", "source", "service", "category")
        and key not in own | bearing
        and graph.degree(key) == 0
    ]
    graph.remove_nodes_from(alone)


class _States:
    """The three-valued states of a requirement's parts, as the rules found them: of its documents
    and conditions, and of its root the verdict of the reading. What lies under a condition that is
    not met is idle; a choice within has no state of its own, its documents tell it."""

    def __init__(self, known: Known, model: AppModel, picked: Collection[Need]) -> None:
        self.known = known
        self.view = model.view
        self.documents = model.documents
        self.picked = picked
        self.alternatives: Sequence[str] = ()
        """Those of the reading that is marked."""
        self.later = False
        """Whether there is time for what it asks for."""
        self.exempted = False
        """Whether its category is exempted: what it lacks is asked of nobody."""

    def mark(self, graph: Graph, reading: Reading) -> None:
        """Set the states of a reading's edges, of its tree, and of its documents."""
        category = key_of("category", reading.record.category)
        verdict = next(
            (str(v) for r, _, v in self.view.after("reading_verdict") if r == reading.id), ""
        )
        perhaps = self.view.has("perhaps_reading", reading.id)
        self.exempted = self.view.has("lifted", reading.record.category)
        self.later = self.view.has("awaited", reading.id)
        rival = len(self._readings(reading.record.category)) > 1
        for *_, data in graph.out_edges(category, data=True):
            if data.get("version") == reading.id and data["kind"] in ("requires", "cites"):
                data.update({"rival": True} if rival else {})
                data.update({"certainty": "perhaps"} if perhaps else {})
                if data["kind"] == "cites":
                    data["verdict"] = verdict
        if reading.record.requirement is not None:
            found: dict[str, _State] = {}
            self.alternatives = reading.alternative_ids
            self._visit(reading.record.requirement, "0", found, False)
            if reading.record.requirement.document is None and not found["0"].idle:
                found["0"] = _State(verdict)
            for _, head, data in graph.edges(data=True):
                if data["kind"] == "requires" and data.get("version") == reading.id:
                    self._put(data, graph.nodes[head], found[data["path"]])

    def _readings(self, category: str) -> list[str]:
        return [str(v) for v, c, _ in self.view.after("reading_verdict") if c == category]

    def _put(self, edge: Json, node: Json, found: _State) -> None:
        if found.text:
            lacks = found.text in ("missing", "undetermined")
            aside = "exempted" if self.exempted else "later" if self.later else ""
            text = aside if aside and lacks else found.text
            edge["state"] = text
            before = node.get("state")
            node["state"] = min((s for s in (before, text) if s), key=_ORDER.index)
        if found.picked:
            edge["picked"] = True
        if found.parties and not self.exempted:
            edge["parties"] = plain(found.parties)

    def _visit(self, node: Node, path: str, found: dict[str, _State], idle: bool) -> None:
        closed = bool(node.condition) and self.known.condition(node.condition or "") == "idle"
        idle = idle or closed
        state, picked, parties = "", False, ""
        if node.document is not None:
            need = need_of(node)
            told = self.documents.document(need, node, self.alternatives)
            state, parties = str(told.verdict), "、".join(told.parties)
            picked = not idle and need in self.picked
            if node.optional and state != "satisfied":
                state = "idle"
        found[path] = _State("idle" if idle else state, idle, picked, "" if idle else parties)
        for n, child in enumerate(node.children):
            self._visit(child, f"{path}.{n}", found, idle)


@dataclass(frozen=True, slots=True)
class _State:
    """What is said of a part; `picked`: the smallest set of documents takes it from here;
    `parties`: of whom it is not known to be in hand."""

    text: str
    idle: bool = False
    picked: bool = False
    parties: str = ""
