"""Compiled facts: folders of facts as one data file, so that loading needs no YAML.

The file is plain JSON and goes by the content of the folders: what has changed, or is damaged, is
read from YAML again. Records of categories become objects when somebody looks at them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from kb.lang.problems import Problem
from kb.lang.syntax import Cite, Span, Value
from kb.model.content import content_of, key_of
from kb.model.data import Json
from kb.model.datafile import Late, kept_at, read_parts, write_parts
from kb.model.facts import FactBase
from kb.model.files import SourceFile
from kb.model.layers import shown_names
from kb.model.names import Term
from kb.model.places import PACKAGE
from kb.model.remade import remade
from kb.model.requirements import Alternative, Need
from kb.model.rows import Reading
from kb.model.schema import Beyond, Source, Unclear
from kb.model.terms import Attribute, Condition, Named, PaperField
from kb.model.versions import Version
from kb.model.vocabulary import Vocabulary
from kb.version import __version__

FORMAT = 3
"""Raised whenever the shape of the file changes."""


MAKERS = PACKAGE / "model"
"""The modules that make facts of files: what they made is made anew when they change."""
AHEAD = PACKAGE / "_data" / "facts.json"
"""The facts of the package as they were compiled when it was built."""


def read_compiled(*folders: Path, cache: Path | None = None) -> FactBase | None:
    """Facts of folders as they were compiled; None where they were not, or have changed."""
    try:
        content = content_of(*folders)
    except OSError:
        return None
    key = _key(content, folders)
    for path in (AHEAD, kept_at("facts", key, cache)):
        try:
            parts = read_parts(path, key)
            if parts is not None:
                return _base(folders, content, *parts)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue
    return None


def write_compiled(base: FactBase, cache: Path | None = None) -> None:
    """Keep the facts of folders in compiled form; where nothing can be written, nothing is."""
    with suppress(OSError):
        target = kept_at("facts", _key(base.content, base.folders), cache)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_to(base, target)


def write_to(base: FactBase, target: Path) -> None:
    """Write the compiled facts of a folder to a file, whole or not at all. Raises `OSError`.

    What is looked at now and then has parts of its own: places, and each reading.
    """
    parts = [_data(base), _places(base), *map(_reading, base.readings.values())]
    write_parts(target, _key(base.content, base.folders), parts)


def _key(content: str, folders: Sequence[Path]) -> str:
    # Places are told by the names of the folders, so these are part of what was made.
    shown = " ".join(shown_names(folders))
    return key_of(content, f"facts {__version__} {FORMAT} {shown}", MAKERS.glob("*.py"))


class Readings(Mapping[str, Reading]):
    """The readings of compiled facts: each is made when it is looked up."""

    def __init__(
        self, ids: Iterable[str], parts: Iterable[bytes], sources: Mapping[str, Source]
    ) -> None:
        self._raw = dict(zip(ids, parts, strict=True))
        self._sources = sources
        self._made: dict[str, Reading] = {}

    def __getitem__(self, id: str) -> Reading:
        found = self._made.get(id)
        if found is None:
            source, record, alternatives = json.loads(self._raw[id])
            made = tuple(map(_alternative, alternatives))
            names = tuple(f"{id}#{n}" for n in range(1, len(made) + 1))
            version = remade(Version, record)
            found = self._made[id] = Reading(id, self._sources[source], version, made, names)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _data(base: FactBase) -> Json:
    vocabulary = base.vocabulary
    cites: dict[Cite, int] = {}

    def cited(cite: Cite) -> int:
        return cites.setdefault(cite, len(cites))

    values: dict[Value, int] = {}
    rows = {
        relation: [
            [cited(base.rows.cites[relation, row]) for row in found],
            *([values.setdefault(v, len(values)) for v in c] for c in zip(*found, strict=True)),
        ]
        for relation, found in base.rows.facts.items()
    }
    unclear = {id: [_json(each), cited(cite)] for id, (each, cite) in base.unclear.items()}
    return {
        "terms": [
            [t.kind, t.id, t.zh, t.en, t.aliases, t.former] for t in vocabulary.names.terms.values()
        ],
        "attributes": [_json(each) for each in vocabulary.attributes.values()],
        "conditions": [_json(each) for each in vocabulary.conditions.values()],
        "fields": [_json(each) for each in vocabulary.fields.values()],
        "groups": [_json(each) for each in vocabulary.groups.values()],
        "wider": vocabulary.wider,
        "seats": vocabulary.seats,
        "homes": vocabulary.homes,
        "overlaps": vocabulary.overlaps,
        "words": vocabulary.words,
        "sources": [_json(each) for each in base.sources.values()],
        "files": {
            id: _json(file.model_copy(update={"categories": ()})) for id, file in base.files.items()
        },
        "readings": list(base.readings),
        "unclear": unclear,
        "rows": rows,
        "values": list(values),
        "cites": [[cite.source, cite.lines, cite.locator] for cite in cites],
        "warnings": [[p.code, p.message, _span(p.span), p.help, p.severity] for p in base.warnings],
    }


def _places(base: FactBase) -> Json:
    terms = base.vocabulary.places
    return {
        "places": {id: _span(place) for id, place in base.places.items()},
        "terms": [[kind, id, *_span(place)] for (kind, id), place in terms.items()],
    }


def _reading(reading: Reading) -> list[Any]:
    alternatives = [_alternative_data(each) for each in reading.alternatives]
    return [reading.source.id, _json(reading.record), alternatives]


def _span(span: Span) -> list[Any]:
    return [span.file, span.line, span.column, span.end, span.text]


def _json(record: Any) -> Any:
    return record.model_dump(mode="json", exclude_defaults=True)


def _alternative_data(found: Alternative) -> list[Any]:
    needs = [
        [n.document, n.holder, n.at_least, n.must_state, n.each, n.at_most, n.as_many]
        for n in sorted(found.needs)
    ]
    return [needs, sorted(found.when)]


def _alternative(data: list[Any]) -> Alternative:
    needs, when = data
    return Alternative(
        frozenset(
            Need(doc, holder, count, tuple(w), each, most, many)
            for doc, holder, count, w, each, most, many in needs
        ),
        frozenset((condition, met) for condition, met in when),
    )


def _record_places(places: bytes) -> dict[str, Span]:
    return {id: Span(*place) for id, place in json.loads(places)["places"].items()}


def _term_places(places: bytes) -> dict[tuple[str, str], Span]:
    return {(kind, id): Span(*place) for kind, id, *place in json.loads(places)["terms"]}


def _base(
    folders: tuple[Path, ...], content: str, main: bytes, places: bytes, *readings: bytes
) -> FactBase:
    data = json.loads(main)
    vocabulary = Vocabulary()
    vocabulary.attributes = {a["id"]: remade(Attribute, a) for a in data["attributes"]}
    vocabulary.conditions = {c["id"]: remade(Condition, c) for c in data["conditions"]}
    vocabulary.add_fields(remade(PaperField, each) for each in data["fields"])
    vocabulary.groups = {g["id"]: remade(Named, g) for g in data["groups"]}
    vocabulary.wider = [(one, other) for one, other in data["wider"]]
    vocabulary.seats = [(one, other) for one, other in data["seats"]]
    vocabulary.homes = dict(data["homes"])
    vocabulary.overlaps = [(one, other) for one, other in data["overlaps"]]
    vocabulary.words = {service: tuple(words) for service, words in data["words"].items()}
    for kind, id, zh, en, aliases, former in data["terms"]:
        vocabulary.names.add(Term(kind, id, zh, en, tuple(aliases), tuple(former)))
    base = FactBase(folders, vocabulary, content=content)
    base.places = Late(partial(_record_places, places))
    vocabulary.places = Late(partial(_term_places, places))
    base.sources = {s["id"]: remade(Source, s) for s in data["sources"]}
    base.files = {id: remade(SourceFile, file) for id, file in data["files"].items()}
    base.readings = Readings(data["readings"], readings, base.sources)
    cites = [Cite(source, tuple(lines), locator) for source, lines, locator in data["cites"]]
    base.unclear = {
        id: (remade(Beyond if "wants" in each else Unclear, each), cites[at])
        for id, (each, at) in data["unclear"].items()
    }
    value = data["values"].__getitem__
    for relation, (cited, *columns) in data["rows"].items():
        rows = list(zip(*(map(value, column) for column in columns), strict=True))
        rows = rows or [()] * len(cited)  # of a relation without columns
        base.rows.facts[relation] = rows
        keys = ((relation, row) for row in rows)
        base.rows.cites.update(zip(keys, map(cites.__getitem__, cited), strict=True))
    base.warnings = [
        Problem(code, message, Span(*span), help, severity)
        for code, message, span, help, severity in data["warnings"]
    ]
    return base
