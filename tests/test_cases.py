"""Cases: what the sources say of an app on a day, written by people, held against `base.ask`.

A file `tests/cases/*.yaml` with a key `cases` holds

- `facts` (may be left out): a folder of `tests/cases/` whose facts stand in for the shipped ones;
- `alternatives`: for a category, what each reading of it asks for, written out by hand; readings
  of sources that the file writes nothing about are not looked at;
- `cases`: each with a `name`, the day `as_of`, an `app` (a profile, or the name of a file of
  `tests/apps/`), `ask` (may be left out: options of the question), what to `expect`, and `because`;
- `profiles` and `duties`: apps that keep every duty of a text, and a line for each duty and each
  prohibition with what meets or breaks it (see `DutyLine`).

What `expect` names is compared exactly; what it leaves out is not looked at. A document stands as
its name when one of the applicant's own is meant, else as a mapping. `undetermined` names each
thing that the answer leaves open: the attribute to ask for, or words of the answer; `perhaps` the
texts that may apply and bear on no verdict, with the attributes to ask for. Of
`obligations`, `standing`, `breach`, `how`, `how_to`, `scope` and `applies` the keys that a case
names are looked at; an obligation with nothing beside it is not in the answer. `filing` without
steps: there is no plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

import kb

HERE = Path(__file__).parent
CASES = HERE / "cases"


class Record(BaseModel):
    """A part of a case file; a key that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Wanted(Record):
    """A document as a case names it."""

    document: str
    holder: str = "applicant"
    at_least: int = 1
    must_state: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = f" x{self.at_least}" if self.at_least > 1 else ""
        holder = f" of the {self.holder}" if self.holder != "applicant" else ""
        words = f" that states {', '.join(self.must_state)}" if self.must_state else ""
        return f"{self.document}{count}{holder}{words}"


def _document(value: Any) -> Any:
    return {"document": value} if isinstance(value, str) else value


Document = Annotated[Wanted, BeforeValidator(_document)]


class Choice(Record):
    """Documents that together do, and the conditions (by their label) under which they do."""

    documents: tuple[Document, ...]
    when: Mapping[str, bool] = {}


class WrittenReading(Record):
    """What one passage asks for."""

    source: str
    lines: str
    choices: tuple[Choice, ...] = ()
    none_stated: bool = False


class Filing(Record):
    """What a filing plan is compared with; None is not looked at."""

    steps: tuple[str, ...] | None = None
    working_days: tuple[int, int] | None = None
    hours: int | None = None
    files: tuple[str, ...] | None = None
    answers_for: tuple[str, ...] | None = None
    preconditions: Mapping[str, str] | None = None
    uncertain: tuple[str, ...] | None = None
    violated: tuple[str, ...] | None = None
    open: tuple[str, ...] | None = None


class Expected(Record):
    """What an answer is compared with; None is not looked at."""

    verdict: str | None = None
    categories: Mapping[str, str] | None = None
    missing: Mapping[str, tuple[Document, ...]] | None = None
    usable: Mapping[str, tuple[bool | None, ...]] | None = None
    bundle: tuple[Document, ...] | None = None
    undetermined: tuple[str, ...] | None = None
    conflicts: tuple[str, ...] | None = None
    readings: Mapping[str, tuple[str, ...]] | None = None
    prohibited: tuple[str, ...] | None = None
    obligations: Mapping[str, str | None] | None = None
    texts: tuple[str, ...] | None = None
    perhaps: Mapping[str, tuple[str, ...]] | None = None
    standing: Mapping[str, str] | None = None
    breach: Mapping[str, tuple[str, ...]] | None = None
    scope: Mapping[str, str | None] | None = None
    applies: Mapping[str, str] | None = None
    filing: Filing | None = None
    how: Mapping[str, str | None] | None = None
    how_to: Mapping[str, Mapping[str, str]] | None = None
    notes: Mapping[str, tuple[str, ...]] | None = None


class Case(Record):
    name: str
    as_of: str
    app: str | Mapping[str, Any]
    ask: Mapping[str, Any] = {}
    expect: Expected
    because: str
    otherwise: str = ""
    """Why the base does not answer so yet; the case fails as soon as it does."""


class DutyLine(Record):
    """A duty or a prohibition, the lines that state it, and what tells whether it is kept.

    `of` names a profile that keeps everything. The duty is met by a `document` in hand or by a
    `flag` that is `yes`, and the prohibition broken by a flag that is `yes`; a flag left out leaves
    it open, a document can only be there or not. `others`: not for the app's side to keep, so that
    the whole stays as it is, unless the same flag is `shared` with a duty of the app's own. With
    neither flag nor document: it is `always` so.
    """

    duty: str | None = None
    prohibition: str | None = None
    lines: str
    of: str
    flag: str | None = None
    document: str | None = None
    others: bool = False
    shared: bool = False
    always: str | None = None
    because: str

    @property
    def part(self) -> str:
        return self.duty or self.prohibition or ""


class Duties(Record):
    """The duties of one text: as it counts, on a day."""

    source: str
    as_of: str
    standing: str
    lines: tuple[DutyLine, ...]


class CaseFile(Record):
    facts: str | None = None
    alternatives: Mapping[str, tuple[WrittenReading, ...]] = {}
    profiles: Mapping[str, Mapping[str, Any]] = {}
    duties: tuple[Duties, ...] = ()
    cases: tuple[Case, ...]

    @property
    def sources(self) -> frozenset[str]:
        """The sources whose alternatives the file writes out."""
        return frozenset(r.source for readings in self.alternatives.values() for r in readings)


class _Loader(yaml.BaseLoader):
    """Every scalar stays text (`no`, dates); an empty one or `null` is nothing."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if key.value in found:
            raise ValueError(f"{key.start_mark}: `{key.value}` stands twice")
        if key.value == "<<":
            merged = loader.construct_object(value, deep=True)
        else:
            found[key.value] = loader.construct_object(value, deep=True)
    # A key with nothing beside it takes that of the mapping merged away.
    left = {key: value for key, value in found.items() if value is not None or key not in merged}
    return {**{key: value for key, value in merged.items() if key not in found}, **left}


def _scalar(loader: _Loader, node: yaml.ScalarNode) -> str | None:
    return None if node.style is None and node.value in ("", "~", "null") else node.value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:str", _scalar)
_Loader.add_constructor("tag:yaml.org,2002:null", _scalar)


def read_yaml(path: Path) -> Any:
    """A YAML file whose scalars are text; a key that stands twice is an error."""
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, _Loader)


@cache
def case_files() -> Mapping[str, CaseFile]:
    """The case files by their names."""
    read = ((path, read_yaml(path)) for path in sorted(CASES.glob("*.yaml")))
    return {path.stem: CaseFile.model_validate(data) for path, data in read if "cases" in data}


def profile(app: str | Mapping[str, Any]) -> Path | Mapping[str, Any]:
    """A profile as `ask` takes it."""
    return HERE / "apps" / app if isinstance(app, str) else app


def differences(base: kb.KnowledgeBase, case: Case) -> list[str]:
    """Where the answer is not what the case expects, a line each; none when all is as expected."""
    app = profile(case.app)
    answer = base.ask(app, as_of=case.as_of, **_options(case.ask)).to_dict()
    expect = case.expect
    found = [*_differences(expect, answer), *_texts_differ(expect, answer)]
    if expect.filing is not None:
        found += _filing_differs(expect.filing, answer["filing"])
    for query, at, wanted in (
        ("text_scope", 2, expect.scope),
        ("applicable_sources", 1, expect.applies),
    ):
        if wanted is not None:
            rows = base.query(query, app=app, as_of=case.as_of, ids=True)
            stated = {row[at]: row[-1] for row in rows.itertuples(index=False)}
            found += _differ(query, dict(wanted), {key: stated.get(key) for key in wanted})
    return found


def _options(ask: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(ask) - {"include_drafts"}
    if unknown:
        raise ValueError(f"`ask` has no option {', '.join(sorted(unknown))}")
    return {key: value == "true" for key, value in ask.items()}


def _differences(expect: Expected, answer: Mapping[str, Any]) -> Iterator[str]:
    categories = {entry["category"]: entry for entry in answer["categories"]}
    yield from _differ("verdict", expect.verdict, answer["verdict"])
    if expect.categories is not None:
        found = {name: entry["verdict"] for name, entry in categories.items()}
        yield from _differ("categories", dict(expect.categories), found)
    for name, documents in (expect.missing or {}).items():
        if name in categories:
            yield from _differ_set(f"missing of {name}", documents, categories[name]["missing"])
        else:
            yield f"missing of {name}: the answer has no such category"
    for name, usable in (expect.usable or {}).items():
        here = [a["usable"] for a in categories.get(name, {"alternatives": ()})["alternatives"]]
        yield from _differ(f"usable of {name}", list(usable), here)
    if expect.bundle is not None:
        yield from _differ_set("bundle", expect.bundle, answer["bundle"]["documents"])
    if expect.undetermined is not None:
        yield from _differ_open(expect.undetermined, answer["undetermined"])
    if expect.perhaps is not None:
        open_texts = {
            text["source"]: tuple(asked["attribute"] for asked in text["ask"])
            for text in answer["texts"]
            if text["applies"] is None
        }
        yield from _differ("perhaps", dict(expect.perhaps), open_texts)
    if expect.conflicts is not None:
        named = sorted(entry["category"] for entry in answer["conflicts"])
        yield from _differ("conflicts", sorted(expect.conflicts), named)
    for name, verdicts in (expect.readings or {}).items():
        here = [
            reading["verdict"]
            for entry in answer["conflicts"]
            if entry["category"] == name
            for reading in entry["readings"]
        ]
        yield from _differ(f"readings of {name}", list(verdicts), here)
    if expect.prohibited is not None:
        named = sorted(
            entry["what"] if entry["what"] in expect.prohibited else entry["id"]
            for entry in answer["prohibited"]
        )
        yield from _differ("prohibited", sorted(expect.prohibited), named)
    for name, way in (expect.how or {}).items():
        here = categories[name]["how"] if name in categories else "no such category"
        if way != here:
            yield f"how of {name}: expected {way}, answered {here}"
    for name, details in (expect.how_to or {}).items():
        here = categories.get(name, {}).get("how_to", {})
        yield from _differ(f"how_to of {name}", dict(details), {k: here.get(k) for k in details})
    for name, notes in (expect.notes or {}).items():
        here = categories.get(name, {"notes": []})["notes"]
        for note in notes:
            if not any(note in words for words in here):
                yield f"notes of {name}: none says `{note}`, they are {here}"


def _texts_differ(expect: Expected, answer: Mapping[str, Any]) -> Iterator[str]:
    stated = {entry["id"]: entry for entry in answer["obligations"]}
    parts = {**stated, **{entry["id"]: entry for entry in answer["prohibited"]}}
    for key, wanted in (expect.obligations or {}).items():
        found = stated[key]["verdict"] if key in stated else None
        if wanted != found:
            yield f"obligation {key}: expected {wanted}, answered {found}"
    if expect.texts is not None:
        texts = {part.partition(":")[0] for part in parts if ":" in part}
        yield from _differ("texts", sorted(expect.texts), sorted(texts))
    for name in ("standing", "breach"):
        for key, wanted in (getattr(expect, name) or {}).items():
            found = parts.get(key, {}).get(name)
            if isinstance(found, list):
                found = tuple(consequence["what"] for consequence in found)
            yield from _differ(f"{name} of {key}", wanted, found)


def _filing_differs(expect: Filing, plan: Mapping[str, Any] | None) -> Iterator[str]:
    if plan is None or expect.steps == ():
        yield from _differ("filing", expect.steps, () if plan is None else tuple(plan["steps"]))
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
        yield from _differ(f"{name} of the filing", wanted, found[name])


def _differ(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted is not None and wanted != found:
        yield f"{what}: expected {wanted}\n{' ' * len(what)}  answered {found}"


def _differ_set(what: str, wanted: Sequence[Wanted], found: Sequence[Any]) -> Iterator[str]:
    yield from _differ(what, sorted(map(str, wanted)), sorted(str(_wanted(d)) for d in found))


def _wanted(document: Mapping[str, Any]) -> Wanted:
    return Wanted(**{key: document[key] for key in Wanted.model_fields})


def _differ_open(wanted: Sequence[str], found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each wanted word belongs to one entry of its own, and no entry is left over."""
    left = list(found)
    for word in wanted:
        hit = next((e for e in left if e["ask"] and e["ask"]["attribute"] == word), None)
        hit = hit or next((e for e in left if word in e["because"]), None)
        if hit is None:
            yield f"undetermined: nothing asks for `{word}`"
        else:
            left.remove(hit)
    for entry in left:
        asks = f" (asks for {entry['ask']['attribute']})" if entry["ask"] else ""
        yield f"undetermined: not expected: {entry['because']}{asks}"


@cache
def loaded(facts: str | None) -> kb.KnowledgeBase:
    """The base that a case file is about."""
    return kb.load(only_facts=CASES / facts if facts else None)


EVERY = [
    pytest.param(file, case, id=f"{stem}: {case.name}")
    for stem, file in case_files().items()
    for case in file.cases
]
READINGS = [
    pytest.param(file, category, id=f"{stem}: {category}")
    for stem, file in case_files().items()
    for category in file.alternatives
]


@pytest.mark.parametrize(("file", "case"), EVERY)
def test_case(file: CaseFile, case: Case) -> None:
    """An app gets the answer that a careful reader of the sources gives."""
    differ = differences(loaded(file.facts), case)
    if case.otherwise:
        assert differ, f"{case.name} is answered as expected: `otherwise` can go"
        pytest.xfail(case.otherwise)
    if differ:
        shown = "\n  ".join("\n".join(differ).splitlines())
        pytest.fail(f"{case.name}\n  {shown}\n  because: {case.because}", pytrace=False)


@pytest.mark.parametrize(("file", "category"), READINGS)
def test_alternatives(file: CaseFile, category: str) -> None:
    """The minimal alternatives of a category, in the sources that the file writes about, are those
    that a reader writes out by hand."""
    shown = loaded(file.facts).show(category)
    assert shown["category"] == category
    written = [_written(reading) for reading in file.alternatives[category]]
    found = [_shown(version) for version in shown["versions"]]
    assert [version for version in found if version[0] in file.sources] == written


def _written(reading: WrittenReading) -> tuple[Any, ...]:
    choices = {_choice(c.documents, dict(c.when)) for c in reading.choices}
    assert len(choices) == len(reading.choices), "an alternative is written twice"
    return reading.source, _numbers(reading.lines), reading.none_stated, choices


def _shown(version: Mapping[str, Any]) -> tuple[Any, ...]:
    [cite] = version["sources"]
    choices = {
        _choice(map(_wanted, a["documents"]), {c["label"]: c["met"] for c in a["when"]})
        for a in version["alternatives"]
    }
    assert len(choices) == len(version["alternatives"]), "an alternative is shown twice"
    return cite["source"], cite["lines"], version["none_stated"], choices


def _choice(documents: Any, when: Mapping[str, bool]) -> tuple[frozenset[str], frozenset[Any]]:
    return frozenset(map(str, documents)), frozenset(when.items())


def _numbers(lines: str) -> list[int]:
    first, _, last = lines.partition("-")
    return list(range(int(first), int(last or first) + 1))


def test_case_names_are_unique() -> None:
    """A failing case is found by its name."""
    for stem, file in case_files().items():
        names = [case.name for case in file.cases]
        assert len(names) == len(set(names)), stem


TABLES = [
    pytest.param(stem, table, line, id=f"{table.source}:{line.part}")
    for stem, file in case_files().items()
    for table in file.duties
    for line in table.lines
]


def states(file: CaseFile, table: Duties, line: DutyLine) -> Iterator[tuple[str, Any]]:
    """The apps that a line of duties is about, each with what becomes of the duty."""
    full = file.profiles[line.of]
    kept, broken = ("no", "yes") if line.prohibition else ("yes", "no")

    def app(flag: str | None, document: str | None) -> Mapping[str, Any]:
        facts = {k: v for k, v in full["facts"].items() if k != line.flag}
        if flag is not None and line.flag:
            facts[line.flag] = flag
        holds = [held for held in full["holds"] if held != line.document]
        return {**full, "facts": facts, "holds": holds + [document] * (document is not None)}

    if line.always is not None:
        yield line.always, app(None, None)
        return
    if line.flag is not None:
        yield "satisfied", app(kept, None)
        yield "prohibited" if line.prohibition else "missing", app(broken, None)
        yield "undetermined", app(None, None)
    elif line.document is not None:
        yield "missing", app(None, None)
    if line.document is not None:
        yield "satisfied", app(broken, line.document)


@pytest.mark.parametrize(("stem", "table", "line"), TABLES)
def test_duty(stem: str, table: Duties, line: DutyLine) -> None:
    """A duty or prohibition is kept, broken or open as its lines say, and counts as its text does:
    one in force decides the whole, a draft does when asked to, others' part never."""
    file = case_files()[stem]
    for wanted, app in states(file, table, line):
        found = duty_differences(loaded(file.facts), table, line, wanted, app)
        if found:
            shown = "\n  ".join(found)
            pytest.fail(f"{wanted}\n  {shown}\n  because: {line.because}", pytrace=False)


def duty_differences(
    base: kb.KnowledgeBase, table: Duties, line: DutyLine, wanted: str, app: Any
) -> list[str]:
    """Where an answer is not what a line of duties says."""
    part = f"{table.source}:{line.part}"
    found: list[str] = []
    if line.others:
        query = "prohibitions" if line.prohibition else "obligations"
        rows = base.query(query, app=app, as_of=table.as_of, ids=True)
        stated = {row[2]: row[-1] for row in rows.itertuples(index=False)}
        found += _differ("verdict of others' part", wanted, stated.get(part))
    for drafts in (False, True) if table.standing == "draft" else (False,):
        answer = base.ask(app, as_of=table.as_of, include_drafts=drafts).to_dict()
        counts = (line.shared or not line.others) and (drafts or table.standing == "in_force")
        whole = "satisfied" if not counts or wanted == "none_stated" else wanted
        found += _differ(f"the whole ({drafts=})", whole, answer["verdict"])
        entries = {e["id"]: e for e in (*answer["obligations"], *answer["prohibited"])}
        entry = entries.get(part)
        if line.prohibition or line.others:
            shown = wanted == "prohibited" and not line.others
            found += _differ("shown", shown, entry is not None)
        else:
            found += _differ("verdict", wanted, entry and entry["verdict"])
        if entry is not None:
            found += _differ("standing", table.standing, entry["standing"])
            found += _differ("lines", every_line(line.lines), entry["sources"][0]["lines"])
    return found


def every_line(lines: str) -> list[int]:
    """The numbers of `6, 12-13`."""
    return [number for stretch in lines.split(",") for number in _numbers(stretch.strip())]


def test_every_duty_has_a_line() -> None:
    """No duty and no prohibition of the texts that have such lines is left without one."""
    for file in case_files().values():
        for table in file.duties:
            stated = loaded(file.facts).facts.files[table.source]
            every = {d.id for d in (*stated.duties, *stated.prohibitions)}
            assert {line.part for line in table.lines} == every
            assert len(table.lines) == len(every)
