"""A case held against the answer of a base: where the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.answers.answer import Answer
from kb.answers.ask import AppModel, asking
from kb.base.core import Core
from kb.base.results import DocumentNeed
from kb.maintain.answered import by_name, cited, cites, papers
from kb.maintain.case_names import named
from kb.maintain.cases import Case, Expected, Filing, QueryCase, Wanted
from kb.model.data import Json
from kb.model.duty_rows import source_of
from kb.query.goals import ask_goal
from kb.render.answer_json import answer_json
from kb.render.language import Language
from kb.render.shared_json import document_json
from kb.render.words import WORDS

Profile = Path | Mapping[str, Any]
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of an answer that is not as expected: what it is, of what, and both sides."""

    what: str
    of: str
    expected: str
    answered: str
    also: tuple[tuple[str, str], ...] = ()
    """Categories with their verdicts that the app was answered, of a case that names none."""

    @property
    def key(self) -> str:
        """The key of a case that it is about, as `expect.verdict`; for what is no key, its name."""
        return f"expect.{self.what}" if self.what in Expected.model_fields else self.what

    def __str__(self) -> str:
        told = f"{self.key} of {self.of}: " if self.of else f"{self.key}: "
        if self.expected == NOTHING:
            told += f"not expected, but answered: {self.answered}"
        elif self.answered == NOTHING:
            told += f"expected {self.expected}, which is not in the answer"
        else:
            told += f"expected {self.expected}, answered {self.answered}"
        also = ", ".join(f"{name}: {verdict}" for name, verdict in self.also)
        return f"{told}; also answered: {also}" if also else told


def differences(base: Core, case: Case, app: Profile, lang: str = "zh") -> list[Difference]:
    """Where the answer is not what the case expects; none when all is as expected. `lang` is the
    language in which open points are quoted. Raises `Problems`, also where the case names something
    that the base does not know."""
    read = base.app(app)
    day = base.day(case.as_of)
    model = asking(base, read, day, case.ask.include_drafts)
    given = model.answer("zh", 0)
    told = answer_json(given)
    expect = named(base, case.expect, told)
    found = [*_categories(expect, told), *_missing(expect, told, model)]
    found += [*_lines(expect, told), *_open(expect, given, lang), *_none(expect, told)]
    found += [*_conflicts(expect, told), *_applying(expect, told), *_texts(expect, told)]
    found += _beside(expect, told)
    if expect.filing is not None:
        found += _filing(expect.filing, told["filing"])
    for key, query, at, wanted in (
        ("scope", "text_scope", 2, expect.scope),
        ("applies", "applicable_sources", 1, expect.applies),
    ):
        if wanted is not None:
            rows = ask_goal(base, query, {}, read, case.as_of, LIMIT, WORDS).rows
            stated = {str(row[at]): row[-1] for row in rows}
            here = {name: stated.get(name) for name in wanted or stated}
            found += _differ(key, "", dict(wanted), here)
    if found and expect.categories is None:
        also = tuple((each["category"], each["verdict"]) for each in told["categories"])
        found[-1] = replace(found[-1], also=also)
    return found


LIMIT = 60.0
"""Seconds that the query of a case may take."""


def query_differences(base: Core, case: QueryCase, app: Profile | None) -> list[Difference]:
    """Where the rows of a query are not those of the case. Raises `Problems`."""
    read = base.app(app) if app is not None else None
    found = ask_goal(base, case.query, case.parameters, read, case.as_of, LIMIT, WORDS)
    columns = [column.name for column in found.columns]
    differ = list(_differ("columns", "", list(case.columns or columns), columns))
    rows = [tuple(map(str, row)) for row in found.rows]
    for row in case.rows:
        if row not in rows:
            differ.append(Difference("row", "", ", ".join(row), NOTHING))
    for row in rows:
        if row not in case.rows:
            differ.append(Difference("row", "", NOTHING, ", ".join(row)))
    if not differ:
        differ += _differ("rows", "", len(case.rows), len(rows))
    return differ


LANGUAGES = ("zh", "en")


def _categories(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    categories = {entry["category"]: entry for entry in told["categories"]}
    yield from _differ("verdict", "", expect.verdict, told["verdict"])
    if expect.categories is not None:
        found = {name: entry["verdict"] for name, entry in categories.items()}
        yield from _differ("categories", "", dict(expect.categories), found)
    for name, usable in (expect.usable or {}).items():
        ways = categories.get(name, {"alternatives": ()})["alternatives"]
        yield from _differ("usable", name, list(usable), [way["usable"] for way in ways])
    for name, way in (expect.how or {}).items():
        here = categories[name]["how"] if name in categories else NOTHING
        if way != here:
            yield Difference("how", name, str(way), str(here))
    for name, details in (expect.how_to or {}).items():
        here = categories.get(name, {}).get("how_to", {})
        told_of = {key: here.get(key) for key in details or here}
        yield from _differ("how_to", name, dict(details), told_of)
    for name, notes in (expect.notes or {}).items():
        here = categories.get(name, {"notes": []})["notes"]
        if not notes:
            yield from _differ("notes", name, [], here)
        for note in notes:
            if not any(note in words for words in here):
                yield Difference("notes", name, note, _shown(here))


def _missing(expect: Expected, told: Mapping[str, Any], model: AppModel) -> Iterator[Difference]:
    """The papers that are missing. Where several sets are as few, each of them will do."""
    to = Language("zh", model.base.facts.names)

    def tied(sets: Iterable[Iterable[DocumentNeed]]) -> list[list[Wanted]]:
        return [papers(document_json(need, to) for need in each) for each in sets]

    categories = {entry["category"]: entry for entry in told["categories"]}
    for name, wanted in (expect.missing or {}).items():
        entry = categories.get(name)
        others = tied(model.as_few(entry["id"])) if entry and entry["equals"] else []
        here = papers(entry["missing"]) if entry else None
        yield from _differ_set("missing", name, wanted, here, others)
    if expect.bundle is not None:
        bundle = told["bundle"]
        others = tied(model.as_small()) if bundle["equals"] else []
        yield from _differ_set("bundle", "", expect.bundle, papers(bundle["documents"]), others)


def _none(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    """What is there of a key that has nothing beside it: an empty one says that there is none."""
    for key, every in by_name(told).items():
        if getattr(expect, key) == {}:
            yield from _differ(key, "", {}, {name: each for name, each in every.items() if each})


def _lines(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    """The lines that the verdict of a category rests on, as `SOURCE 15-20`, and the sources of its
    proof."""
    stated = {entry["category"]: entry["sources"] for entry in told["categories"]}
    for name, lines in (expect.lines or {}).items():
        wanted = sorted(" ".join(each.split()) for each in lines)
        yield from _differ("lines", name, wanted, cites(stated.get(name, ())))
    proofs = {entry["category"]: entry["why"] for entry in told["categories"]}
    for name, sources in (expect.proof or {}).items():
        yield from _differ("proof", name, sorted(sources), sorted(cited(proofs.get(name, ()))))


def _conflicts(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    if expect.conflicts is not None:
        named = sorted(entry["category"] for entry in told["conflicts"])
        yield from _differ("conflicts", "", sorted(expect.conflicts), named)
    for name, verdicts in (expect.readings or {}).items():
        here = [
            reading["verdict"]
            for entry in told["conflicts"]
            if entry["category"] == name
            for reading in entry["readings"]
        ]
        yield from _differ("readings", name, list(verdicts), here)
    if expect.prohibited is not None:
        named = sorted(
            entry["what"] if entry["what"] in expect.prohibited else entry["id"]
            for entry in told["prohibited"]
        )
        yield from _differ("prohibited", "", sorted(expect.prohibited), named)


def _applying(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    if expect.perhaps is not None:
        open_texts = {
            text["source"]: tuple(asked["attribute"] for asked in text["ask"])
            for text in told["texts"]
            if text["applies"] is None
        }
        yield from _differ("perhaps", "", dict(expect.perhaps), open_texts)


def _beside(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    """What is told beside the verdict: what was assumed, and drafts of categories."""
    if expect.assumed is not None:
        found = {each["condition"]: tuple(each["categories"]) for each in told.get("assumed", ())}
        yield from _differ("assumed", "", dict(expect.assumed), found)
    if expect.drafts is not None:
        drafts = list(map(_draft, told.get("drafts", ())))
        yield from _differ("drafts", "", list(expect.drafts), drafts)


def _texts(expect: Expected, told: Mapping[str, Any]) -> Iterator[Difference]:
    stated = {entry["id"]: entry for entry in told["obligations"]}
    parts = {**stated, **{entry["id"]: entry for entry in told["prohibited"]}}
    for key, wanted in (expect.obligations or {}).items():
        found = stated[key]["verdict"] if key in stated else None
        if wanted != found:
            yield Difference("obligations", key, _shown(wanted), _shown(found))
    for key, days in (expect.deadlines or {}).items():
        mine = [each for each in told.get("deadlines", ()) if each["id"] == key]
        yield from _differ("deadlines", key, days, tuple(f"{e['kind']} {e['day']}" for e in mine))
    if expect.texts is not None:
        texts = {source_of(part) for part in parts if ":" in part}
        yield from _differ("texts", "", sorted(expect.texts), sorted(texts))
    for name in ("standing", "breach"):
        for key, wanted in (getattr(expect, name) or {}).items():
            found = parts.get(key, {}).get(name)
            if isinstance(found, list):
                found = tuple(consequence["what"] for consequence in found)
            yield from _differ(name, key, wanted, found)


def _filing(expect: Filing, plan: Mapping[str, Any] | None) -> Iterator[Difference]:
    said = {
        name: each for name in Filing.model_fields if (each := getattr(expect, name)) is not None
    }
    if plan is None or expect.steps == () or not said:
        steps = tuple(step["id"] for step in plan["steps"]) if plan else ()
        wanted = said if expect.steps is None and said else expect.steps or ()
        yield from _differ("filing", "", wanted, steps)
        return
    checks = [check for step in plan["steps"] for check in step["checks"]]
    found: Mapping[str, Any] = {
        "steps": tuple(step["id"] for step in plan["steps"]),
        "working_days": tuple(plan["working_days"]),
        "hours": plan["hours"],
        "files": tuple(name.partition(" (")[0] for name in plan["files"]),
        "answers_for": tuple(name.partition(" (")[0] for name in plan["answers_for"]),
        "preconditions": {entry["id"]: entry["verdict"] for entry in plan["preconditions"]},
        "uncertain": tuple(step["id"] for step in plan["steps"] if step["uncertain"]),
        "violated": tuple(c["attribute"] for c in checks if c["verdict"] == "missing"),
        "open": tuple(c["attribute"] for c in checks if c["verdict"] == "undetermined"),
    }
    for name in Filing.model_fields:
        wanted = getattr(expect, name)
        if isinstance(wanted, Mapping):
            wanted = dict(wanted)
        yield from _differ("filing", name, wanted, found[name])


def _open(expect: Expected, given: Answer, lang: str) -> Iterator[Difference]:
    """Each word of `undetermined` belongs to one entry of its own, and no entry is left over. Words
    may be those of the answer in either language; the entries are quoted in one."""
    if expect.undetermined is None:
        return
    said = {each: answer_json(replace(given, lang=each))["undetermined"] for each in LANGUAGES}
    left = [
        (tuple(entry["because"] for entry in same), same[0]["ask"])
        for same in zip(*said.values(), strict=True)
    ]
    every = _shown([words[LANGUAGES.index(lang)] for words, _ in left])
    for word in expect.undetermined:
        hit = next((each for each in left if each[1] and each[1]["attribute"] == word), None)
        hit = hit or next((each for each in left if any(word in w for w in each[0])), None)
        if hit is None:
            yield Difference("undetermined", "", word, every)
        else:
            left.remove(hit)
    for words, ask in left:
        asks = f" ({ask['attribute']})" if ask else ""
        yield Difference("undetermined", "", NOTHING, f"{words[LANGUAGES.index(lang)]}{asks}")


def _differ(what: str, of: str, wanted: Any, found: Any) -> Iterator[Difference]:
    if wanted is not None and wanted != found:
        if isinstance(wanted, Mapping) and isinstance(found, Mapping):
            # Of what is told by key only that is shown which differs.
            same = {key for key in wanted if key in found and wanted[key] == found[key]}
            wanted = {key: value for key, value in wanted.items() if key not in same}
            found = {key: value for key, value in found.items() if key not in same}
        yield Difference(what, of, _shown(wanted), _shown(found))


def _differ_set(
    what: str,
    of: str,
    wanted: Iterable[Wanted],
    found: Iterable[Wanted] | None,
    tied: Iterable[Iterable[Wanted]],
) -> Iterator[Difference]:
    """Papers, in whatever order; None where there is no such category. One of the sets that are
    `tied` with them will do."""
    expected = sorted(map(str, wanted))
    if found is None:
        yield Difference(what, of, _shown(expected), _shown(None))
        return
    sets = [sorted(map(str, each)) for each in (found, *tied)]
    if expected not in sets:
        yield Difference(what, of, _shown(expected), " | ".join(dict.fromkeys(map(_shown, sets))))


def _shown(value: Any) -> str:
    """A value in one line; nothing, an empty list and an empty mapping alike."""
    match value:
        case None | () | []:
            return NOTHING
        case True:
            return "true"
        case False:
            return "false"
        case Mapping():
            told = [f"{key}: {_shown(each)}" for key, each in value.items()]
            return ", ".join(told) or NOTHING
        case list() | tuple():
            return ", ".join(map(_shown, value))
        case _:
            return str(value)


def _draft(each: Json) -> str:
    """A draft as cases name it: its source, its category, what it would not carry (`-`) and where
    its notes lead (`>`)."""
    named = [each["sources"][0]["source"], each["id"]]
    named += [f"-{service}" for service in each["not_carried"]]
    named += [f">{category}" for note in each["sends"] for category in note["categories"]]
    return " ".join(named)
