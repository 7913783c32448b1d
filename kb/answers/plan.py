"""The filing plan: steps with their order, items, checks and time, from the facts of a procedure.

Durations come from the plan's graph: the longest way through it, once with the least and once with
the most working days of each step (the critical path method). Dates count the days that are worked
in mainland China as `chinesecalendar` knows them; beyond its years weekends alone are left out, and
the plan says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from kb.answers.documents import View
from kb.answers.html import ShownPlan
from kb.answers.labels import cite_dict
from kb.model.apps import App
from kb.model.duties import Step
from kb.model.duty_rows import part_id

if TYPE_CHECKING:
    import networkx as nx

    from kb.answers.core import Core

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
    `critical` names the steps on the longest way. `preconditions` are duties that come before the
    filing or the release. `gaps` says what the sources leave out.
    """

    steps: list[dict[str, Any]]
    working_days: tuple[int, int]
    hours: int
    critical: list[str]
    files: list[str]
    answers_for: list[str]
    preconditions: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)
    dates: dict[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "steps": self.steps,
            "working_days": list(self.working_days),
            "hours": self.hours,
            "critical_path": self.critical,
            "files": self.files,
            "answers_for": self.answers_for,
            "preconditions": self.preconditions,
            "notes": self.notes,
        }
        if self.dates is not None:
            found["dates"] = self.dates
        return found

    def graph(self) -> nx.DiGraph[str]:
        """The plan as a graph: an edge from each step to those that come after it, weighted with
        the most working days of the later one."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        for step in self.steps:
            graph.add_node(step["id"], **{k: step[k] for k in ("label", "actor")})
        for step in self.steps:
            for before in step["after"]:
                graph.add_edge(before, step["id"], working_days=step["working_days"][1])
        return graph


def plan(
    base: Core,
    app: App,
    as_of: int,
    start: datetime.date | None = None,
    lang: str = "zh",
    drafts: bool = False,
) -> Plan | None:
    """The filing plan of an app; None when no procedure is known to apply to it.

    With `start` each step gets its earliest and latest end as dates.
    """
    view = View(base.engine.evaluate(base.rows(app, as_of, drafts), GOALS))
    if not view.has("takes"):
        return None
    return _Planning(base, view, lang).plan(start)


@dataclass
class _Planning:
    base: Core
    view: View
    lang: str

    def plan(self, start: datetime.date | None) -> Plan:
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
                    "returns_to": record.returns_to,
                    "uncertain": self.view.has("part_waits", part),
                    "sources": self.cites("step", part, taken[part]),
                }
            )
        least, most, critical = durations(steps)
        notes: list[str] = []
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
            self.preconditions(),
            notes,
            dates,
        )

    def actors(self, relation: str) -> Iterator[str]:
        """Actors with the text that names them: an app may answer to several."""
        for part, actor in self.view.after(relation):
            name = self.base.facts.names.label("actor", str(actor), self.lang)
            yield f"{name} ({str(part).partition(':')[0]})"

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

    def preconditions(self) -> list[dict[str, Any]]:
        """Duties that come before an event, in the order of the events: the permit before the
        filing, the filing before the release."""
        names = self.base.facts.names
        events = {term.id: n for n, term in enumerate(names.of("event"))}
        found = []
        for row in self.view.after("obligation"):
            part, verdict = str(row[0]), str(row[2])
            for (event,) in self.base.parts.before.get(part, ()):
                standing = self.base.facts.sources[part.partition(":")[0]].standing
                duty = {
                    "what": names.label("part", part, self.lang),
                    "id": part,
                    "before": names.label("event", event, self.lang),
                    "verdict": verdict,
                    "standing": standing,
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


def durations(steps: list[dict[str, Any]]) -> tuple[int, int, list[str]]:
    """The least and the most working days for all steps, and the steps of the longest way.

    >>> one = {"id": "a", "after": [], "working_days": [1, 2]}
    >>> durations([one, {"id": "b", "after": ["a"], "working_days": [1, 20]}])
    (2, 22, ['a', 'b'])
    """
    least: dict[str, int] = {}
    most: dict[str, tuple[int, list[str]]] = {}
    for step in steps:
        before = [most[b] for b in step["after"] if b in most]
        longest = max(before, key=lambda way: (way[0], len(way[1])), default=(0, []))
        most[step["id"]] = (longest[0] + step["working_days"][1], [*longest[1], step["id"]])
        least[step["id"]] = (
            max((least[b] for b in step["after"] if b in least), default=0)
            + step["working_days"][0]
        )
    total, way = max(most.values(), key=lambda w: (w[0], len(w[1])), default=(0, []))
    return max(least.values(), default=0), total, way


def dated(
    steps: list[dict[str, Any]], start: datetime.date, notes: list[str], lang: str
) -> dict[str, str]:
    """Give each step the first and the last day on which it may end; returns those of all."""
    ends: dict[str, tuple[datetime.date, datetime.date]] = {}
    for step in steps:
        before = [ends[b] for b in step["after"] if b in ends]
        early = max((e for e, _ in before), default=start)
        late = max((x for _, x in before), default=start)
        wait = -(-(step["hours"] or 0) // 24)
        early = after_days(early, step["working_days"][0], notes, lang)
        late = after_days(late, step["working_days"][1], notes, lang)
        late += datetime.timedelta(days=wait)
        ends[step["id"]] = early, late
        step["ends"] = [early.isoformat(), late.isoformat()]
    return {
        "start": start.isoformat(),
        "earliest": max((e for e, _ in ends.values()), default=start).isoformat(),
        "latest": max((x for _, x in ends.values()), default=start).isoformat(),
    }


def after_days(day: datetime.date, count: int, notes: list[str], lang: str) -> datetime.date:
    """The day on which so many further working days have passed."""
    while count > 0:
        day += datetime.timedelta(days=1)
        if is_worked(day, notes, lang):
            count -= 1
    return day


def is_worked(day: datetime.date, notes: list[str], lang: str) -> bool:
    """Whether a day is worked in mainland China."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        note = (
            f"{day.year} 年的放假安排尚未收录,只扣除了周末"
            if lang == "zh"
            else f"the holidays of {day.year} are not known yet: only weekends are left out"
        )
        if note not in notes:
            notes.append(note)
        return day.weekday() < 5
