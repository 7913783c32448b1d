"""Compiled facts: folders of facts as one data file, so that loading needs no YAML.

The file is plain JSON and goes by the content of the folders: what has changed, or is damaged, is
read from YAML again. Records of categories become objects when somebody looks at them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kb.lang.problems import Problem
from kb.lang.syntax import Cite, Row, Span
from kb.model.content import content_of, key_of, text_hash
from kb.model.data import Json
from kb.model.facts import FactBase
from kb.model.files import SourceFile
from kb.model.layers import shown_names
from kb.model.names import Term
from kb.model.places import PACKAGE, cache_folder
from kb.model.remade import remade
from kb.model.requirements import Alternative, Need
from kb.model.rows import Reading
from kb.model.schema import Beyond, Source, Unclear
from kb.model.terms import Attribute, Condition, Named, PaperField
from kb.model.versions import Version
from kb.model.vocabulary import Vocabulary
from kb.model.writing import write_whole
from kb.version import __version__

FORMAT = 2
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
    for path in (AHEAD, _file(key, cache)):
        try:
            data = _read(path, key)
            if data is not None:
                return _base(folders, content, data)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue
    return None


def write_compiled(base: FactBase, cache: Path | None = None) -> None:
    """Keep the facts of folders in compiled form; where nothing can be written, nothing is."""
    with suppress(OSError):
        target = _file(_key(base.content, base.folders), cache)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_to(base, target)


def write_to(base: FactBase, target: Path) -> None:
    """Write the compiled facts of a folder to a file, whole or not at all. Raises `OSError`.

    The first line says what they were made of, and holds a hash of what follows.
    """
    data = json.dumps(_data(base), ensure_ascii=False, separators=(",", ":"))
    write_whole(target, f"{_key(base.content, base.folders)} {text_hash([data])}\n{data}\n")


def _read(path: Path, key: str) -> Json | None:
    """What a file holds when it was made for this key and is whole."""
    with path.open("rb") as file:
        made_for, _, whole = file.readline().strip().partition(b" ")
        if made_for != key.encode():
            return None
        text = file.read().removesuffix(b"\n")
    data: Json | None = json.loads(text) if text_hash([text]).encode() == whole else None
    return data


def _key(content: str, folders: Sequence[Path]) -> str:
    # Places are told by the names of the folders, so these are part of what was made.
    shown = " ".join(shown_names(folders))
    return key_of(content, f"facts {__version__} {FORMAT} {shown}", MAKERS.glob("*.py"))


def _file(key: str, cache: Path | None) -> Path:
    return (cache or cache_folder()) / f"facts-{key[:32]}.json"


class Readings(Mapping[str, Reading]):
    """The readings of compiled facts: each is made when it is looked up."""

    def __init__(self, raw: Mapping[str, list[Any]], sources: Mapping[str, Source]) -> None:
        self._raw = raw
        self._sources = sources
        self._made: dict[str, Reading] = {}

    def __getitem__(self, id: str) -> Reading:
        found = self._made.get(id)
        if found is None:
            source, record, alternatives = self._raw[id]
            made = tuple(map(_alternative, alternatives))
            names = tuple(f"{id}#{n}" for n in range(1, len(made) + 1))
            version = remade(Version, json.loads(record))
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

    rows = {
        relation: [[*row, cited(base.rows.cites[relation, row])] for row in found]
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
        "readings": {
            id: [
                reading.source.id,
                reading.record.model_dump_json(exclude_defaults=True),
                [_alternative_data(each) for each in reading.alternatives],
            ]
            for id, reading in base.readings.items()
        },
        "unclear": unclear,
        "rows": rows,
        "cites": [[cite.source, cite.lines, cite.locator] for cite in cites],
        "places": {id: _span(place) for id, place in base.places.items()},
        "term_places": [
            [kind, id, *_span(place)] for (kind, id), place in vocabulary.places.items()
        ],
        "warnings": [[p.code, p.message, _span(p.span), p.help, p.severity] for p in base.warnings],
    }


def _span(span: Span) -> list[Any]:
    return [span.file, span.line, span.column, span.end, span.text]


def _json(record: Any) -> Any:
    return record.model_dump(mode="json", exclude_defaults=True)


def _alternative_data(found: Alternative) -> list[Any]:
    needs = [
        [n.document, n.holder, n.at_least, n.must_state, n.each, n.at_most]
        for n in sorted(found.needs)
    ]
    return [needs, sorted(found.when)]


def _alternative(data: list[Any]) -> Alternative:
    needs, when = data
    return Alternative(
        frozenset(
            Need(doc, holder, count, tuple(w), each, most)
            for doc, holder, count, w, each, most in needs
        ),
        frozenset((condition, met) for condition, met in when),
    )


def _base(folders: tuple[Path, ...], content: str, data: Mapping[str, Any]) -> FactBase:
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
    base.places = {id: Span(*place) for id, place in data["places"].items()}
    vocabulary.places = {(k, id): Span(*place) for k, id, *place in data["term_places"]}
    base.sources = {s["id"]: remade(Source, s) for s in data["sources"]}
    base.files = {id: remade(SourceFile, file) for id, file in data["files"].items()}
    base.readings = Readings(data["readings"], base.sources)
    cites = [Cite(source, tuple(lines), locator) for source, lines, locator in data["cites"]]
    base.unclear = {
        id: (remade(Beyond if "wants" in each else Unclear, each), cites[at])
        for id, (each, at) in data["unclear"].items()
    }
    for relation, found in data["rows"].items():
        base.rows.facts[relation] = list(_rows(base, relation, found, cites))
    base.warnings = [
        Problem(code, message, Span(*span), help, severity)
        for code, message, span, help, severity in data["warnings"]
    ]
    return base


def _rows(
    base: FactBase, relation: str, found: Iterable[list[Any]], cites: list[Cite]
) -> Iterator[Row]:
    known = base.rows.cites
    for *values, at in found:
        row = tuple(values)
        known[relation, row] = cites[at]
        yield row
