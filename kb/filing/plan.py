"""The filing plan: what comes before it, its steps with order, items, checks and time, who files.

What comes before are the duties that precede an event (a permit the filing, the filing the release)
and what the categories of the platform ask for: without them a step can not be taken.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from kb.answers.documents import View
from kb.filing.schedule import dated, durations
from kb.model.apps import App
from kb.model.duties import Step
from kb.model.duty_rows import part_id
from kb.render.html import ShownPlan
from kb.render.words import cite_dict

if TYPE_CHECKING:
    import networkx as nx

    from kb.base.core import Core

GOALS = (
    "takes",
    "takes_after",
    "needs_item",
    "must_hold",
    "filed_by",
    "answered_by",
    "text_applies",
    "obligation",
    "part_waits",
)


@dataclass(frozen=True)
class Plan(ShownPlan):
    """The steps of an app's filing, in an order that keeps what comes before before.

    `working_days` is the least and the most for the whole, `hours` what comes on top of them;
    `critical` names the steps on the longest way. `preconditions` are duties that come before an
    event, each with the step that is that event, if one is; `categories` what the platform's
    categories still ask for; `gaps` what the texts that apply leave out. There are no steps when
    who files is known and the procedure is not.
    """

    steps: list[dict[str, Any]]
    working_days: tuple[int, int]
    hours: int
    critical: list[str]
    files: list[str]
    answers_for: list[str]
    preconditions: list[dict[str, Any]]
    categories: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    dates: dict[str, str] | None = None
    lang: str = "zh"

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "steps": self.steps,
            "working_days": list(self.working_days),
            "hours": self.hours,
            "critical_path": self.critical,
            "files": self.files,
            "answers_for": self.answers_for,
            "preconditions": self.preconditions,
            "categories": self.categories,
            "notes": self.notes,
            "gaps": self.gaps,
        }
        if self.dates is not None:
            found["dates"] = self.dates
        return found

    def graph(self) -> nx.DiGraph[str]:
        """The plan as a graph: an edge from each step to those that come after it, weighted with
        the most working days of the later one; and from each precondition to its step."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        for step in self.steps:
            graph.add_node(step["id"], **{k: step[k] for k in ("label", "actor")})
        for step in self.steps:
            for before in step["after"]:
                graph.add_edge(before, step["id"], working_days=step["working_days"][1])
        for duty in self.preconditions:
            if duty["before_step"]:
                graph.add_node(duty["id"], label=duty["what"], actor=duty["bearer"])
                graph.add_edge(duty["id"], duty["before_step"], working_days=0)
        return graph


def plan(
    base: Core,
    app: App,
    as_of: int,
    start: datetime.date | None = None,
    lang: str = "zh",
    drafts: bool = False,
    categories: Iterable[Mapping[str, Any]] = (),
) -> Plan | None:
    """The filing plan of an app; None when neither a procedure nor who files is known for it.

    With `start` each step gets its earliest and latest end as dates. `categories` are those of the
    app's answer.
    """
    view = View(base.engine.evaluate(base.rows(app, as_of, drafts), GOALS))
    if not view.has("takes") and not view.has("filed_by"):
        return None
    asked = [{key: category[key] for key in _CATEGORY} for category in categories]
    return _Planning(base, view, lang).plan(start, asked)


_CATEGORY = ("category", "id", "verdict", "missing", "sources")
"""What a plan keeps of a category of the answer."""


@dataclass
class _Planning:
    base: Core
    view: View
    lang: str

    def plan(self, start: datetime.date | None, categories: list[dict[str, Any]]) -> Plan:
        records = self.records()
        taken = {str(p): str(x) for p, x in self.view.after("takes")}
        after = {p: [str(q) for q in self._names("takes_after", p)] for p in taken}
        order = self.ordered(taken, after)
        names = self.base.facts.names
        steps: list[dict[str, Any]] = []
        for part in order:
            record = records[part]
            days = record.working_days or (0, 0)
            steps.append(
                {
                    "id": part.partition(":")[2],
                    "label": names.label("part", part, self.lang),
                    "actor": names.label("actor", taken[part], self.lang),
                    "working_days": list(days),
                    "hours": record.hours,
                    "needs": list(self.needs(part)),
                    "checks": list(self.checks(part)),
                    "after": [q.partition(":")[2] for q in after[part]],
                    "on_failure": self._words(record.on_failure),
                    "note": self._words(record.note),
                    "returns_to": record.returns_to,
                    "uncertain": self.view.has("part_waits", part),
                    "sources": self.cites("step", part, taken[part]),
                }
            )
        least, most, critical = durations(steps)
        notes: list[str] = []
        if any(not step["working_days"][1] and not step["hours"] for step in steps):
            notes.append(
                "来源没有给出时间的步骤(填写、核身、发布等)不计时间"
                if self.lang == "zh"
                else "steps for which the source gives no time are counted as taking none"
            )
        dates = None
        if start is not None:
            dates = dated(steps, start, notes, self.lang)
        files, answers = (list(self.actors(relation)) for relation in ("filed_by", "answered_by"))
        return Plan(
            steps,
            (least, most),
            sum(s["hours"] or 0 for s in steps),
            critical,
            files,
            answers,
            self.preconditions(taken),
            categories,
            notes,
            list(self.gaps()),
            dates,
            self.lang,
        )

    def actors(self, relation: str) -> Iterator[str]:
        """Actors with the text that names them: an app may answer to several, and of some it is
        open whether they are meant."""
        doubt = ", 未定" if self.lang == "zh" else ", perhaps"
        for part, actor in self.view.after(relation):
            name = self.base.facts.names.label("actor", str(actor), self.lang)
            open_ = doubt if self.view.has("part_waits", part) else ""
            yield f"{name} ({str(part).partition(':')[0]}{open_})"

    def gaps(self) -> Iterator[dict[str, Any]]:
        """What the excerpts of the texts that apply leave out."""
        for source in sorted(self.view.names("text_applies")):
            for gap in self.base.facts.files[source].gaps:
                yield {"source": source, "what": self._words(gap), "lines": list(gap.lines)}

    def records(self) -> Mapping[str, Step]:
        return {
            part_id(source, step.id): step
            for source, file in self.base.facts.files.items()
            for step in file.steps
        }

    def ordered(self, taken: Mapping[str, str], after: Mapping[str, list[str]]) -> list[str]:
        """Steps after those that come before them, otherwise in the order of the text."""
        place = self.base.parts.order
        sorter = TopologicalSorter({part: after[part] for part in taken})
        sorter.prepare()
        ready, found = list(sorter.get_ready()), []
        while ready:
            first = min(ready, key=lambda part: place[part])
            ready.remove(first)
            found.append(first)
            sorter.done(first)
            ready.extend(sorter.get_ready())
        return found

    def needs(self, part: str) -> Iterator[dict[str, Any]]:
        for _, item, how in self._rows("needs_item", part):
            found: dict[str, Any] = {
                "what": self.base.facts.names.label("part", item, self.lang),
                "need": how,
                "sources": self.cites("step_need", part, item),
            }
            documents = self.base.parts.documents.get(item, ())
            if documents:
                found["document"] = self.base.facts.names.label("document", documents[0][0], "zh")
            yield found

    def checks(self, part: str) -> Iterator[dict[str, Any]]:
        for _, item, verdict in self._rows("must_hold", part):
            yield {
                "what": self.base.facts.names.label("part", item, self.lang),
                "verdict": verdict,
                "attribute": self.base.parts.practices.get(item, ((None,),))[0][0],
                "sources": self.cites("step_check", part, item),
            }

    def preconditions(self, taken: Iterable[str]) -> list[dict[str, Any]]:
        """Duties that come before an event, in the order of the events: the permit before the
        filing, the filing before the release. An event may be one of the steps."""
        names = self.base.facts.names
        events = {term.id: n for n, term in enumerate(names.of("event"))}
        records = self.records()
        step_of = {records[part].event: records[part].id for part in taken}
        found = []
        for row in self.view.after("obligation"):
            part, bearer, verdict = map(str, row)
            for (event,) in self.base.parts.before.get(part, ()):
                standing = self.base.facts.sources[part.partition(":")[0]].standing
                duty = {
                    "what": names.label("part", part, self.lang),
                    "id": part,
                    "bearer": names.label("actor", bearer, self.lang),
                    "before": names.label("event", event, self.lang),
                    "event": event,
                    "before_step": step_of.get(event),
                    "verdict": verdict,
                    "standing": standing,
                    "sources": self.cites("duty", part, bearer),
                }
                found.append((events[event], self.base.parts.order[part], duty))
        return [duty for _, _, duty in sorted(found, key=lambda entry: entry[:2])]

    def cites(self, relation: str, *row: str) -> list[dict[str, Any]]:
        cite = self.base.cite(relation, row)
        return [cite_dict(cite)] if cite else []

    def _names(self, relation: str, part: str) -> list[str]:
        return [str(row[1]) for row in self.view.after(relation) if row[0] == part]

    def _rows(self, relation: str, part: str) -> list[tuple[str, str, str]]:
        order = self.base.parts.order
        rows = [(str(a), str(b), str(c)) for a, b, c in self.view.after(relation) if a == part]
        return sorted(rows, key=lambda row: order[row[1]])

    def _words(self, label: Any) -> str | None:
        if label is None:
            return None
        return str(label.zh if self.lang == "zh" else label.en)
