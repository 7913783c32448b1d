"""Duties and prohibitions as an answer shows them, and what they leave open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.answers.clarification import question, too_general
from kb.answers.documents import View
from kb.lang.syntax import Cite
from kb.model.days import date, stretch
from kb.model.duties import Duty, Prohibition
from kb.model.duty_rows import part_id
from kb.model.schema import Begins, Label
from kb.render.words import cite_dict, word

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = (
    "obligation",
    "ban",
    "text_applies",
    "text_open",
    "text_near",
    "text_counts",
    "text_attribute",
    "text_day",
    "part_attribute",
    "part_waits",
    "test_open",
)
"""The relations that this module reads."""


class Texts:
    """What the texts beyond categories say of an app, in one language."""

    def __init__(self, base: Core, view: View, lang: str) -> None:
        self.base = base
        self.view = view
        self.lang = lang

    def source_of(self, part: str) -> str:
        return part.partition(":")[0]

    def standing(self, part: str) -> str:
        return str(self.base.facts.sources[self.source_of(part)].standing)

    def own(self, bearer: str) -> bool:
        """Whether a bearer is on the app's side."""
        return bearer in self.base.parts.own_side

    def label(self, part: str) -> str:
        return self.base.facts.names.label("part", part, self.lang)

    def sources(self, relation: str, *row: str) -> list[dict[str, Any]]:
        cite = self.base.cite(relation, row)
        return [cite_dict(cite)] if cite else []

    def listed(self) -> Iterator[dict[str, Any]]:
        """The texts that apply, each with its standing and the headings that an excerpt leaves
        without text; then those of a place served that perhaps apply and do not count, so that no
        verdict hangs on it, each with what to ask."""
        for source in sorted(self.view.names("text_applies")):
            yield {**self._text(source), "applies": True, "ask": []}
        counting, near = self.view.names("text_counts"), self.view.names("text_near")
        attributes = self.base.facts.vocabulary.attributes
        for source in sorted(set(self.view.names("text_open")) & set(near) - set(counting)):
            asked = []
            for name in self.view.names("text_attribute", source):
                vague = self._vague(self._gates(source), name)
                asked.append(question(self.base, attributes[name], self.lang, vague))
            yield {**self._text(source), "applies": None, "ask": list(filter(None, asked))}

    def _text(self, source: str) -> dict[str, Any]:
        zh, record = self.lang == "zh", self.base.facts.sources[source]
        return {
            "source": source,
            "label": record.zh if zh else record.en,
            "standing": record.standing,
            "excerpt": record.excerpt,
            "gaps": [
                {"what": gap.zh if zh else gap.en, "lines": list(gap.lines)}
                for gap in self.base.facts.files[source].gaps
            ],
        }

    def obligations(self) -> Iterator[dict[str, Any]]:
        """Every duty of the app's own side, in the order of the texts."""
        found = [(str(p), str(x), str(v)) for p, x, v in self.view.after("obligation")]
        for part, bearer, verdict in sorted(found, key=lambda f: self.base.parts.order[f[0]]):
            if not self.own(bearer):
                continue
            yield {
                "what": self.label(part),
                "id": part,
                "verdict": verdict,
                "standing": self.standing(part),
                "bearer": self.base.facts.names.label("actor", bearer, self.lang),
                "met_by": list(self.ways(part)),
                "breach": list(self.breach(part)),
                **self.note(part),
                "sources": self.sources("duty", part, bearer),
            }

    def ways(self, part: str) -> Iterator[dict[str, Any]]:
        """How a duty can be met."""
        names = self.base.facts.names
        for document, holder in self.base.parts.documents.get(part, ()):
            yield {
                "document": names.label("document", document, "zh"),
                "id": document,
                "holder": holder,
            }
        for (attribute,) in self.base.parts.practices.get(part, ()):
            yield {"declared": names.label("attribute", attribute, self.lang), "id": attribute}

    def breach(self, part: str) -> Iterator[dict[str, Any]]:
        """What follows when a part is not kept: by whom, after what, within what time."""
        names, source = self.base.facts.names, self.source_of(part)
        records = {part_id(source, c.id): c for c in self.base.facts.files[source].consequences}
        for (id,) in self.base.parts.breaches.get(part, ()):
            record = records[id]
            found = {
                "what": self.label(id),
                "id": id,
                "kind": record.kind,
                "by": [names.label("authority", authority, self.lang) for authority in record.by],
                "after": part_id(source, record.after) if record.after else None,
                "deadline": self._words(record.deadline),
                "sources": [cite_dict(Cite(source, record.lines))],
            }
            yield found

    def note(self, part: str) -> dict[str, str]:
        """What the source leaves open about a duty or a prohibition, if something is noted."""
        source = self.source_of(part)
        file = self.base.facts.files[source]
        records: tuple[Duty | Prohibition, ...] = (*file.duties, *file.prohibitions)
        record = next(r for r in records if part_id(source, r.id) == part)
        said = self._words(record.note)
        return {"note": said} if said else {}

    def _words(self, label: Label | None) -> str | None:
        if label is None:
            return None
        return label.zh if self.lang == "zh" else label.en

    def prohibited(self) -> Iterator[dict[str, Any]]:
        """Prohibitions of the app's own side that it violates."""
        found = [(str(p), str(x), str(v)) for p, x, v in self.view.after("ban")]
        for part, bearer, verdict in sorted(found, key=lambda f: self.base.parts.order[f[0]]):
            if verdict == "prohibited" and self.own(bearer):
                yield {
                    "what": self.label(part),
                    "id": part,
                    "standing": self.standing(part),
                    "bearer": self.base.facts.names.label("actor", bearer, self.lang),
                    "breach": list(self.breach(part)),
                    **self.note(part),
                    "sources": self.sources("forbids", part, bearer),
                }

    def days(self) -> Iterator[tuple[tuple[str, ...], str, list[dict[str, Any]]]]:
        """Texts of which it is not known whether they begin before the day of the question."""
        for (name,) in self.view.after("text_day"):
            source = self.base.facts.sources[str(name)]
            first, last = stretch(source.begins or Begins(date=source.date))
            zh = self.lang == "zh"
            label = source.zh if zh else source.en
            text = (
                f"《{label}》只知道自 {date(first)} 至 {date(last)} 之间的某一天起有效"
                if zh
                else f"in force from some day between {date(first)} and {date(last)}: {label}"
            )
            cites = [cite_dict(Cite(str(name), note.lines)) for note in source.notes[:1]]
            yield ("4", str(name)), text, cites

    def _gates(self, source: str) -> list[str]:
        """The provisions on the range of a text that are open."""
        return self.view.names("text_open", source)

    def _vague(self, parts: list[str], attribute: str) -> Iterator[str]:
        """The conditions of parts that what is stated of an attribute leaves open."""
        if not self.view.has("app_knows", attribute):
            return
        tested = self.base.facts.vocabulary.conditions
        for condition in dict.fromkeys(k for p in parts for k in self.view.names("part_waits", p)):
            for at, test in enumerate(tested[condition].tests, 1):
                if test.attribute == attribute and self.view.has("test_open", f"{condition}#{at}"):
                    yield condition
                    break

    def undetermined(self) -> Iterator[Open]:
        """What is open where a text counts: an attribute that is not stated, or each condition
        that what is stated of it does not settle."""
        zh = self.lang == "zh"
        counting = set(self.view.names("text_counts"))
        for source, attribute in self.view.after("text_attribute"):
            if source in counting:
                label = self.base.facts.names.label("source", str(source), self.lang)
                standing = word(self.base.facts.sources[str(source)].standing, self.lang)
                text = (
                    f"是否适用《{label}》({standing})取决于此" if zh
                    else f"whether this text applies hangs on it: {label} ({standing})"
                )  # fmt: skip
                gates = self._gates(str(source))
                cites = [c for p in gates for c in self.sources("part", p, str(source))]
                yield from self._open(str(source), gates, str(attribute), text, cites)
        for part, attribute in self.view.after("part_attribute"):
            bearer = self.base.parts.bearer.get(str(part))
            if self.source_of(str(part)) in counting and bearer and self.own(bearer):
                text = f"{self.label(str(part))} ({word(self.standing(str(part)), self.lang)})"
                relation = "duty" if self.base.cite("duty", (str(part), bearer)) else "forbids"
                cites = self.sources(relation, str(part), bearer)
                yield from self._open(str(part), [str(part)], str(attribute), text, cites)

    def _open(
        self, about: str, parts: list[str], attribute: str, text: str, cites: list[dict[str, Any]]
    ) -> Iterator[Open]:
        declared = self.base.facts.vocabulary.attributes[attribute]
        vague = list(self._vague(parts, attribute))
        if not vague:
            asked = question(self.base, declared, self.lang)
            yield Open(("9", attribute, about), text, asked, cites)
        for condition in vague:
            asked = question(self.base, declared, self.lang, [condition])
            because = f"{text}: {too_general(self.base, declared, condition, self.lang)}"
            yield Open(("9", attribute, about, condition), because, asked, cites)


class Open(NamedTuple):
    """Something open: a key to order it by, why, what to ask, and the lines."""

    key: tuple[str, ...]
    because: str
    ask: dict[str, Any] | None
    sources: list[dict[str, Any]]
