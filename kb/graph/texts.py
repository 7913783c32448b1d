"""What texts state beyond categories, as nodes and edges: duties, bans, steps, materials.

Each is a part of its text: it cites the text's node, and hangs on its conditions by edges of the
kinds `when` and `unless` (with `of`, the part, since they stand at it and lead nowhere else).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from kb.graph.build import Builder, cites_text
from kb.lang.syntax import Cite
from kb.model.days import beginning, stretch
from kb.model.duties import Duty, Examination, Prohibition, Step
from kb.model.duty_rows import part_id
from kb.model.files import SourceFile

PARTS = frozenset({"obligation", "prohibition", "step", "material", "check", "consequence"})
"""The kinds of nodes that are parts of a text."""


def has_parts(file: SourceFile) -> bool:
    """Whether a source states more than categories."""
    groups = (file.duties, file.prohibitions, file.steps, file.examinations, file.materials)
    return any(groups)


def stands_on(file: SourceFile, day: int) -> str:
    """Whether a text stands on a day: `surely`, `perhaps` or `no`."""
    source = file.source
    first, last = beginning(source)
    ends = stretch(source.ends) if source.ends else None
    if day < first or (ends is not None and day > ends[1]):
        return "no"
    return "perhaps" if day < last or (ends is not None and day > ends[0]) else "surely"


def text(
    builder: Builder, file: SourceFile, stands: str = "", only: Collection[str] | None = None
) -> str:
    """Add a text to a graph; the key of its source. With `only`, nothing but the parts of these
    ids, such as `shandong-2019:filing`, and what they ask for."""
    return _Text(builder, file, stands, only).add()


class _Text:
    def __init__(
        self, builder: Builder, file: SourceFile, stands: str, only: Collection[str] | None
    ) -> None:
        self.builder = builder
        self.file = file
        self.only = only
        self.common = {"standing": file.source.standing, "stands": stands}
        self.source = builder.source(file.source)

    def add(self) -> str:
        file = self.file
        shown = self._shown
        for consequence in filter(lambda c: shown(c.id), file.consequences):
            key = self._part("consequence", consequence.id, consequence)
            for authority in consequence.by:
                self._edge("taken_by", key, self._named("authority", authority), consequence)
        for duty in filter(lambda d: shown(d.id), file.duties):
            self._duty(duty)
        for prohibition in filter(lambda p: shown(p.id), file.prohibitions):
            self._prohibition(prohibition)
        for step in filter(lambda s: shown(s.id), file.steps):
            self._step(step)
        for step in filter(lambda s: shown(s.id), file.steps):
            for before in filter(shown, step.after):
                self._edge("before", self._key("step", before), self._key("step", step.id), step)
        for material in filter(lambda m: shown(m.id), file.materials):
            key = self._part("material", material.id, material)
            if material.document:
                self._edge("requires", key, self._named("document", material.document), material)
        for material in filter(lambda m: m.part_of and shown(m.id), file.materials):
            whole = self._key("material", material.part_of or "")
            self._edge("requires", whole, self._key("material", material.id), material)
        for examination in file.examinations if self.only is None else ():
            self._examination(examination)
        return self.source

    def _shown(self, id: str) -> bool:
        return self.only is None or part_id(self.file.source.id, id) in self.only

    def _key(self, kind: str, id: str) -> str:
        return f"{kind}:{part_id(self.file.source.id, id)}"

    def _named(self, kind: str, id: str) -> str:
        return self.builder.node(kind, id)

    def _edge(self, kind: str, tail: str, head: str, record: Any, **more: Any) -> None:
        """An edge with its lines. They state its head too, but no part: a part has its own."""
        source = self.file.source.id
        sources = cites_text({source: record.lines})
        self.builder.edge(kind, tail, head, (), sources=sources, **self.common, **more)
        if head != self.source and head.partition(":")[0] not in PARTS:
            self.builder.cite(head, Cite(source, record.lines))

    def _part(self, kind: str, id: str, record: Any, **more: Any) -> str:
        """A part with its conditions; it cites its text."""
        key = self.builder.node(
            kind,
            part_id(self.file.source.id, id),
            record.zh,
            record.en,
            standing=self.file.source.standing,
            **more,
        )
        self.builder.cite(key, Cite(self.file.source.id, record.lines))
        self._edge("cites", key, self.source, record)
        for how in ("when", "unless"):
            for condition in getattr(record, how, ()):
                self._edge(how, key, self._named("condition", condition), record, of=key)
        return key

    def _both(self, key: str, label: Callable[[str], str]) -> dict[str, str]:
        return {f"{key}_zh": label("zh"), f"{key}_en": label("en")}

    def _said(self, record: Duty | Prohibition) -> dict[str, str]:
        """Who bears it, its note, and what follows when it is not kept."""
        names, source = self.builder.facts.names, self.file.source.id
        note = record.note
        return {
            **self._both("actor", lambda lang: names.label("actor", record.bearer, lang)),
            **self._both(
                "breach",
                lambda lang: ("、" if lang == "zh" else "; ").join(
                    names.label("part", part_id(source, id), lang) for id in record.breach
                ),
            ),
            "note_zh": note.zh if note else "",
            "note_en": note.en if note else "",
        }

    def _breaches(self, key: str, record: Duty | Prohibition) -> None:
        for id in filter(self._shown, record.breach):
            self._edge("breach", key, self._key("consequence", id), record)

    def _duty(self, duty: Duty) -> None:
        key = self._part("obligation", duty.id, duty, **self._said(duty))
        several = len(duty.met_by) > 1
        for way in duty.met_by:
            if way.document:
                head, holder = self._named("document", way.document), way.holder
            else:
                head, holder = self._practice(way.practice or way.outside or ""), ""
            self._edge("requires", key, head, duty, one_of=several, holder=holder)
        if duty.before:
            self._edge("before", key, self._named("event", duty.before), duty)
        self._breaches(key, duty)

    def _practice(self, attribute: str) -> str:
        term = self.builder.facts.names.get("attribute", attribute)
        labels = (term.zh, term.en) if term else ("", "")
        return self.builder.node("practice", attribute, *labels)

    def _prohibition(self, prohibition: Prohibition) -> None:
        key = self._part("prohibition", prohibition.id, prohibition, **self._said(prohibition))
        for service in prohibition.services:
            self._edge("prohibits", key, self._named("service", service), prohibition)
        for practice in prohibition.practices:
            self._edge("prohibits", key, self._practice(practice), prohibition)
        self._breaches(key, prohibition)

    def _step(self, step: Step) -> None:
        names = self.builder.facts.names
        failure = step.on_failure
        back = self._key("step", step.returns_to) if step.returns_to else ""
        again = part_id(self.file.source.id, step.returns_to or "")
        key = self._part(
            "step",
            step.id,
            step,
            **self._both("actor", lambda lang: names.label("actor", step.actor, lang)),
            **self._both("time", lambda lang: time_of(step, lang)),
            **self._both("back", lambda lang: names.label("part", again, lang) if back else ""),
            returns_to=back,
            on_failure_zh=failure.zh if failure else "",
            on_failure_en=failure.en if failure else "",
        )
        for n, need in enumerate(step.needs, 1):
            if self._shown(f"{step.id}/need-{n}"):
                item = self._part("material", f"{step.id}/need-{n}", need)
                self._edge("requires", key, item, need)
                if need.document:
                    document = self._named("document", need.document)
                    self._edge("requires", item, document, need, holder=need.holder)
        for check in step.checks:
            if self._shown(f"{step.id}/{check.id}"):
                fact = self._part("check", f"{step.id}/{check.id}", check, attribute=check.practice)
                self._edge("requires", key, fact, check)

    def _examination(self, examination: Examination) -> None:
        """An authority examines materials; where none is named, the text as a whole."""
        authority = self._named("authority", examination.authority)
        said = {"note_zh": examination.zh, "note_en": examination.en}
        keys = [self._key("material", m) for m in examination.materials]
        for key in keys or [self.source]:
            self._edge("examined_by", key, authority, examination, **said)


def time_of(step: Step, lang: str) -> str:
    """How long a step takes, in words; nothing when its text does not say."""
    zh = lang == "zh"
    if step.working_days:
        first, last = step.working_days
        days = f"{first}–{last}" if first != last else f"{last}"
        return f"{days} 个工作日" if zh else f"{days} working days"
    if step.hours:
        return f"{step.hours} 小时内" if zh else f"within {step.hours} hours"
    return ""
