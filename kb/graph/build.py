"""Facts become a networkx graph: typed nodes and edges, each with labels and source lines.

Every attribute is text, a whole number or a boolean, and none is empty, so that each format can
carry the graph and give back an equal one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Set
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from kb.base.versions import direct
from kb.graph.kinds import line, look
from kb.lang.syntax import Cite, ranges
from kb.model.binding import applicant_condition
from kb.model.data import Json
from kb.model.days import date
from kb.model.names import Names, Term
from kb.model.rows import Reading
from kb.model.schema import EITHER, RANGE, Node, Reference, Source
from kb.render.documents import words_text
from kb.render.language import Language
from kb.render.stating import of_field

if TYPE_CHECKING:
    import networkx as nx

    from kb.model.facts import FactBase

Graph: TypeAlias = "nx.MultiDiGraph[str]"

_ROLES = {"also": "also_needs", "instead": "instead", "advice": "advises"}
REFERENCES = tuple(_ROLES.values())
"""The kinds of edges from category to category."""
OFFERS, WHOM = "offers", "whom"
"""How the ids of conditions are made that notes hang on: services, and whom else they are for."""

# Characters that XML can not carry, white space that it does not keep as it is, and those that no
# eye sees and that turn what stands beside them round.
_UNFIT = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]+"
)


def plain(text: str) -> str:
    """Text in one line, without characters that no format can carry.

    >>> plain("a\\n\\x00b\\u202ec ")
    'a b c'
    """
    return _UNFIT.sub(" ", text).strip()


def key_of(kind: str, id: str) -> str:
    """The key of a node: its kind and its id.

    >>> key_of("category", "education-platform")
    'category:education-platform'
    """
    return f"{kind}:{plain(id)}"


class Builder:
    """Puts typed nodes and edges into a new graph.

    `graph.graph` takes what is said of the whole; `readings` maps ids of readings to whether they
    stand on the day of the question (`surely`, `perhaps`; not in it: no).
    """

    def __init__(self, facts: FactBase, standing: Mapping[str, str] | None = None) -> None:
        import networkx as nx

        self.facts = facts
        self.graph: Graph = nx.MultiDiGraph()
        self.standing = standing
        self._cites: dict[str, dict[str, set[int]]] = {}
        self._common: Json = {}
        self._count = count()

    def node(self, kind: str, id: str, zh: str = "", en: str = "", **more: Any) -> str:
        """Add a node, once; its key. Labels come from the vocabulary unless they are given."""
        key = key_of(kind, id)
        if key not in self.graph:
            term = self.facts.names.get(kind, id)
            labels = (zh or term.zh, en or term.en) if term else (zh or id, en or zh or id)
            self.graph.add_node(
                key, kind=kind, zh=plain(labels[0]) or key, en=plain(labels[1]) or key
            )
            self._cites[key] = {}
            if term is not None:
                self.graph.nodes[key].update(_fit({"words": self._words(term)}))
        self.graph.nodes[key].update(_fit(more))
        return key

    def _words(self, term: Term) -> str:
        """What else people call a thing: the words that `kb find` knows it by."""
        known = self.facts.vocabulary
        spoken = {"category": known.category_words, "service": known.words}.get(term.kind, {})
        words = (*term.aliases, *term.former, *spoken.get(term.id, ()))
        return plain(" · ".join(dict.fromkeys(words)))

    def edge(self, kind: str, tail: str, head: str, cites: Iterable[Cite] = (), **more: Any) -> str:
        """Add an edge between two keys; both ends are then stated by its lines too."""
        key = f"e{next(self._count)}"
        cited: dict[str, set[int]] = {}
        for cite in cites:
            for found in (cited, self._cites[tail], self._cites[head]):
                found.setdefault(cite.source, set()).update(cite.lines)
        named = line(kind)
        data = {"kind": kind, "zh": named.zh, "en": named.en, "sources": cites_text(cited)}
        self.graph.add_edge(tail, head, key=key, **_fit({**data, **self._common, **more}))
        return key

    def cite(self, key: str, *cites: Cite) -> None:
        """Say that lines state a node."""
        for cite in cites:
            self._cites[key].setdefault(cite.source, set()).update(cite.lines)

    def finished(self, **about: Any) -> Graph:
        """The graph, with the source lines of each node; `about` is said of the whole graph."""
        for key, cited in self._cites.items():
            self.graph.nodes[key].update(_fit({"sources": cites_text(cited)}))
        self.graph.graph.update(_fit(about))
        return self.graph

    def reading(self, reading: Reading, where: str = "") -> None:
        """Add all that one reading states of its category."""
        record = reading.record
        category = self.node("category", record.category)
        how = self.standing.get(reading.id, "no") if self.standing is not None else ""
        self._common = {"version": reading.id, "standing": reading.source.standing, "stands": how}
        self.edge(
            "cites",
            category,
            self.source(reading.source),
            [reading.cite],
            locator=record.locator,
            since=date(reading.begins[0]).isoformat(),
            none_stated=record.none_stated,
            none_required=record.none_required,
            elsewhere=record.elsewhere,
            **({"withdrawn": True} if record.withdrawn else {}),
        )
        self._scopes(reading, category)
        for limit, lines in (("open_to", record.open_to_lines), ("regions", record.regions_lines)):
            values = getattr(record, limit)
            if values:
                condition = self.node("condition", "/".join((limit, *values)))
                self.edge("only_where", category, condition, [reading.cite_at(lines)])
        for met in record.open_when:
            at = [reading.cite_at(record.open_when_lines)]
            self.edge("only_where", category, self.node("condition", met), at)
        if record.requirement is not None:
            self._tree(reading, record.requirement, category, "0")
        self._references(reading, category)
        for unsupported in record.unsupported:
            for id in unsupported.services:
                self.edge(
                    "prohibits",
                    category,
                    self.node("service", id),
                    [reading.cite_at(unsupported.lines)],
                    only_here=unsupported.only_here,
                )
        self._common = {}

    def sending(self, reading: Reading, notes: Collection[str], services: Collection[str]) -> None:
        """Add some notes (ids of references) of a reading that asks for nothing itself: its
        category, these services of its scope, its source, and the categories that they lead to."""
        self._common = {"version": reading.id, "standing": reading.source.standing}
        category = self.node("category", reading.record.category)
        self.edge("cites", category, self.source(reading.source), [reading.cite])
        self._scopes(reading, category, services)
        self._references(reading, category, notes)
        self._common = {}

    def _scopes(self, reading: Reading, category: str, among: Collection[str] = ()) -> None:
        """The services that fall under a category, or those of them that are `among` some."""
        for scope in reading.record.scope:
            if among and scope.service not in among:
                continue
            at = [reading.cite_at(scope.lines)]
            service = self.node("service", scope.service)
            when = self._when(scope.condition, service, category, at)
            self.edge("in_scope", service, category, at, when=when, unclear=bool(scope.unclear))

    def _references(
        self, reading: Reading, category: str, among: Collection[str] | None = None
    ) -> None:
        """Notes that lead to other categories, all or `among` some: for which services and whom."""
        for note, reference in reading.references.items():
            if among is not None and note not in among:
                continue
            cites = [reading.cite_at(reference.lines)]
            for target in reference.categories:
                head = self.node("category", target)
                when = self._whom(reference)
                self.edge("when", category, when, cites, of=head)
                self.edge(
                    _ROLES[reference.role],
                    category,
                    head,
                    cites,
                    one_of=len(reference.categories) > 1,
                    when=when,
                    reference=note,
                    **self._services(reference.services),
                )

    def _whom(self, reference: Reference) -> str:
        """The key of what a note hangs on: that one of some services is offered, that the applicant
        is one of some, or either."""
        applicants = applicant_condition(reference).id if reference.applicants else ""
        if not reference.services:
            return self.node("condition", applicants)
        parts = (OFFERS, *reference.services, *((WHOM, applicants) if applicants else ()))
        named = {}
        for lang, lead, quoted, joint in (
            ("zh", "提供", "「{}」", "或"),
            ("en", "the app offers: ", "{}", " or "),
        ):
            labels = (self.facts.names.label("service", s, lang) for s in reference.services)
            whom = self.facts.names.label("condition", applicants, lang) if applicants else ""
            offered = lead + joint.join(map(quoted.format, labels))
            named[lang] = {"zh": "，或", "en": ", or "}[lang].join(filter(None, (offered, whom)))
        return self.node("condition", "/".join(parts), **named)

    def source(self, source: Source) -> str:
        """The node of a source."""
        key = self.node("source", source.id, source.zh, source.en, standing=source.standing)
        self.cite(key, Cite(source.id, tuple(range(1, source.line_count + 1))))
        return key

    def _services(self, services: tuple[str, ...]) -> dict[str, str]:
        names = self.facts.names
        return {
            "services_zh": "、".join(names.label("service", s, "zh") for s in services),
            "services_en": ", ".join(names.label("service", s, "en") for s in services),
        }

    def _when(self, condition: str | None, tail: str, head: str, cites: list[Cite]) -> str:
        """The key of the condition of the edge from `tail` to `head`. That it is one is told by an
        edge to it, too: conditions lead nowhere, so that what a category leads to is its own."""
        if condition is None:
            return ""
        key = self.node("condition", condition)
        self.edge("when", tail, key, cites, of=head)
        return key

    def _tree(self, reading: Reading, node: Node, parent: str, path: str) -> None:
        cites = [reading.cite_at(node.lines)]
        more: Json = {}
        if node.document is not None:
            key = self.node("document", node.document)
            more = _need(node)
            more |= stated_words(node.words, self.facts.names)
            more["holder_zh"] = self.facts.names.label("holder", node.holder, "zh")
            more["holder_en"] = self.facts.names.label("holder", node.holder, "en")
            if node.each:
                more["each"] = node.each
                more["each_zh"] = self.facts.names.label("holder", node.each, "zh")
                more["each_en"] = self.facts.names.label("holder", node.each, "en")
            more |= counted_by(node.as_many_as, self.facts.names)
            if node.issuer:
                more["issuer"] = self.node("authority", node.issuer)
                self.edge("issued_by", key, more["issuer"], cites)
        else:
            kind = "all_of" if node.all_of is not None else "any_of"
            named = look(kind)
            stated = {"stated": node.stated} if node.stated else {}
            stated |= {key: most for key in RANGE if (most := getattr(node, key))}
            if node.at_least > 1 or node.up_to:
                stated["at_least"] = node.at_least
            key = self.node(kind, f"{reading.id}/{path}", named.zh, named.en, **stated)
            self.cite(key, *cites)
        when = self._when(node.condition, parent, key, cites)
        unclear = bool(node.unclear)
        self.edge("requires", parent, key, cites, when=when, path=path, unclear=unclear, **more)
        for n, child in enumerate(node.children):
            self._tree(reading, child, key, f"{path}.{n}")


def _need(node: Node) -> Json:
    return {
        "holder": node.holder,
        "at_least": node.at_least,
        **{key: most for key in RANGE if (most := getattr(node, key))},
        "must_state": "、".join(node.words),
        "optional": node.optional,
        "note_zh": "; ".join(n.zh for n in (*node.form, *((node.note,) if node.note else ()))),
        "note_en": "; ".join(n.en for n in (*node.form, *((node.note,) if node.note else ()))),
    }


def counted_by(number: str | None, names: Names) -> dict[str, str]:
    """The number (an attribute) as many as which there must be of a document, in each language."""
    if not number:
        return {}
    labels = {f"as_many_as_{lang}": names.label("attribute", number, lang) for lang in ("zh", "en")}
    return {"as_many_as": number, **labels}


def stated_words(texts: tuple[str, ...], names: Names) -> dict[str, str]:
    """What a document must state in each language, where it is of its fields or one of several."""
    languages = Language("zh", names), Language("en", names)
    if not any(EITHER in text or of_field(text, languages[0]) for text in texts):
        return {}
    return {f"must_state_{to.lang}": words_text(texts, to) for to in languages}


def _fit(data: Mapping[str, Any]) -> dict[str, str | int | bool]:
    """Attributes without those that say nothing: empty texts and `False`."""
    fitted = {k: plain(v) if isinstance(v, str) else v for k, v in data.items()}
    return {k: v for k, v in fitted.items() if v is not None and v != "" and v is not False}


def cites_text(cited: Mapping[str, Iterable[int]]) -> str:
    """Source lines in one text.

    >>> cites_text({"law": {3, 4}, "guide": {9}})
    'law 3-4; guide 9'
    """
    return "; ".join(f"{s} {ranges(tuple(sorted(n)))}".strip() for s, n in cited.items())


def supersedes(
    builder: Builder, readings: Iterable[Reading], superseding: Set[tuple[str, str]]
) -> None:
    """Edges from sources to earlier ones whose text of a category they take the place of.

    `superseding` are pairs of ids of readings, the later one first; a pair that has one of the
    given readings between it gets no edge.
    """
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.record.category, []).append(reading)
    pairs = direct(superseding, {reading.id for group in groups.values() for reading in group})
    for category, group in groups.items():
        cites: dict[tuple[str, str], list[Cite]] = {}
        for old in sorted(group, key=lambda reading: reading.begins[0]):
            for new in group:
                if (new.id, old.id) in pairs:
                    cites.setdefault((new.source.id, old.source.id), []).append(new.cite)
        for (later, earlier), cited in cites.items():
            builder.edge(
                "supersedes",
                builder.source(builder.facts.sources[later]),
                builder.source(builder.facts.sources[earlier]),
                cited,
                category=key_of("category", category),
                category_zh=builder.facts.names.label("category", category, "zh"),
                category_en=builder.facts.names.label("category", category, "en"),
            )
