"""What each command writes as JSON has the shape that its exported schema says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from audited import audits
from click.testing import CliRunner
from pydantic import BaseModel
from test_cases import case_files, loaded, profile
from thinned import share

import kb
from kb.cli.check import problems_json
from kb.cli.export import SCHEMAS
from kb.cli.main import COMMANDS, cli
from kb.cli.tables import framed, listed
from kb.lang.problems import Problem
from kb.lang.syntax import Span
from kb.maintain.cases import Case
from kb.maintain.export import RESULT_SCHEMAS, exported
from kb.maintain.schemas import FILES, meaning, meanings, records, schema_of

DAY = "2025-06-30"
BY = ("fewest", "cheapest", "fastest")
CASES = [
    pytest.param(file.only_facts, file.cases[at::8], id=f"{stem}-{at}")
    for stem, file in case_files().items()
    for at in range(8)
    if file.cases[at::8]
]
LANGUAGES = ("zh", "en")


def fits(kind: str, data: Any) -> None:
    """Data that has the shape of a schema, as JSON gives it back."""
    read = json.loads(json.dumps(data, ensure_ascii=False))
    validator = jsonschema.Draft202012Validator(RESULT_SCHEMAS[f"{kind}-schema"])
    [*wrong] = validator.iter_errors(read)
    assert [f"{error.json_path}: {error.message[:200]}" for error in wrong] == []


@pytest.mark.parametrize("kind", RESULT_SCHEMAS)
def test_schemas_are_schemas(kind: str) -> None:
    """Each is a schema of the dialect that it names, and what `kb export` writes."""
    schema = RESULT_SCHEMAS[kind]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(exported(kind, None)) == schema


def test_every_schema_is_offered() -> None:
    """`kb export` takes the name of every schema, and no two have one name: that of a kind of file
    gives the schema of such files."""
    assert len(SCHEMAS) == len(set(SCHEMAS))
    for kind in FILES:
        assert json.loads(exported(f"{kind}-schema", None, "zh")) == schema_of(kind, "zh")
    assert set(SCHEMAS) == {"schema", *(f"{kind}-schema" for kind in FILES), *RESULT_SCHEMAS}


@pytest.mark.parametrize(("facts", "cases"), CASES)
def test_answers_of_all_cases(facts: tuple[str, ...], cases: tuple[Case, ...]) -> None:
    """The answers of each third case, with plan and bundles, in one language or the other."""
    base = loaded(facts)
    for number, case in share(enumerate(cases), 3):
        lang, by = LANGUAGES[number % 2], BY[number % 3]
        app = profile(case.app)
        answer = base.ask(app, as_of=case.as_of, include_drafts=bool(number % 2), lang=lang)
        fits("answer", answer.to_dict())
        fits("interview", {"profile": answer.app.to_dict(), "answer": answer.to_dict()})
        found = base.bundles(app, case.as_of, by=by, every=number % 4 == 0, lang=lang)
        fits("bundles", found.to_dict())
        plan = base.plan(app, start="2025-07-01", as_of=case.as_of, lang=lang)
        if plan is not None:
            fits("plan", plan.to_dict())


@pytest.mark.parametrize(("facts", "cases"), share(CASES, 6))
def test_what_if_of_cases(facts: tuple[str, ...], cases: tuple[Case, ...]) -> None:
    """Two answers side by side, for another applicant."""
    base = loaded(facts)
    kinds = [term.id for term in base.facts.names.of("applicant")]
    for number, case in enumerate(cases[:6]):
        found = base.what_if(
            profile(case.app),
            applicant=kinds[number % len(kinds)],
            as_of=case.as_of,
            lang=LANGUAGES[number % 2],
        )
        fits("what-if", found.to_dict())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shown_categories(base: kb.KnowledgeBase, lang: str) -> None:
    """Categories of all kinds, of all days and of one."""
    for term in share(base.facts.names.of("category"), 8, LANGUAGES.index(lang)):
        fits("show", base.show(term.id, lang=lang).to_dict())
        fits("show", base.show(term.id, "2022-01-01", lang).to_dict())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shown_things(base: kb.KnowledgeBase, lang: str) -> None:
    """Services, documents, applicants and sources of all kinds, on a day; and nothing of one kind
    passes for another."""
    for kind in ("service", "document", "applicant"):
        fits("terms", [hit.to_dict() for hit in base.vocabulary(kind)])
        for term in share(base.facts.names.of(kind), 12, LANGUAGES.index(lang)):
            data = base.show_any(term.id, DAY, lang, kind=kind).to_dict()
            fits("show", data)
            assert data["kind"] == kind
    for source in base.facts.sources:
        fits("show", base.show_any(source, DAY, lang, kind="source").to_dict())


FORMS = {
    "analyse": ("analyse",),
    "ask": ("answer",),
    "audit": ("audit",),
    "bundles": ("bundles",),
    "changes": ("changes",),
    "check": ("check", "beyond"),
    "coverage": ("covered",),
    "find": ("find",),
    "interview": ("interview",),
    "lines": ("lines",),
    "plan": ("plan",),
    "query": ("query",),
    "relations": ("relations",),
    "replay": ("replay",),
    "search": ("search",),
    "show": ("show",),
    "vocabulary": ("terms",),
    "ways-out": ("ways-out",),
    "what-if": ("what-if",),
    "why": ("proof",),
    "why-not": ("why-not",),
}
"""The schemas of what each command writes as JSON."""


def test_every_answer_has_a_schema() -> None:
    """Whatever command takes `--format json` has a schema, and each schema has its command; that of
    a receipt is of the file that `kb ask --receipt` writes."""
    given = {
        str(command.name)
        for command in COMMANDS
        for option in command.params
        if isinstance(option.type, click.Choice)
        and option.name == "form"
        and "json" in option.type.choices
    }
    assert given == set(FORMS)
    named = {f"{kind}-schema" for kinds in FORMS.values() for kind in kinds}
    assert named | {"receipt-schema"} == set(RESULT_SCHEMAS)


def test_what_commands_alone_write(base: kb.KnowledgeBase) -> None:
    """What is left to an app, what holds for all apps, lines of a source and what can not be
    expressed yet, as the commands print it."""
    apps = HERE / "apps"
    told = {
        "ways-out": ("ways-out", str(apps / "luke.yaml"), "--as-of", DAY),
        "analyse": ("analyse", "教育-驾校平台", "--from", "2022-01-01", "--to", DAY),
        "lines": ("lines", "wechat-education-2021", "15-20"),
        "beyond": ("check", "--beyond"),
        "terms": ("vocabulary",),
    }
    for kind, command in told.items():
        done = CliRunner().invoke(cli, [*command, "--format", "json"])
        assert (done.exit_code, done.stderr) == (0, "")
        data = json.loads(done.stdout)
        assert data
        fits(kind, data)
    fits("analyse", [base.analyse("教育-驾校平台", DAY).to_dict()])


@pytest.mark.parametrize("words", ["驾校", "food", "zzzzqqq", "vidoe course"])
def test_hits(base: kb.KnowledgeBase, words: str) -> None:
    """What is found, and nothing."""
    fits("search", [hit.to_dict() for hit in base.search(words)])


def days(base: kb.KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Pairs of days between which something begins."""
    begins = sorted({str(source.date) for source in base.facts.sources.values()})
    yield "1990-01-01", "2999-12-31"
    yield "2999-12-30", "2999-12-31"
    yield from zip(begins, [*begins[1:], "2999-12-31"], strict=True)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("facts", [(), ("facts-harbour",)])
def test_changes(facts: tuple[str, ...], lang: str) -> None:
    """What changed between the days of all sources, and for an app."""
    base = loaded(facts)
    service = next(iter(base.facts.names.of("service"))).id
    app = {"name": "某", "services": [service]}
    for number, (first, last) in enumerate(days(base)):
        apps = [app] if number % 2 else None
        fits("changes", base.changes(first, last, apps, lang).to_dict())


@pytest.mark.parametrize("kind", ["answer", "show", "plan", "bundles", "changes", "what-if"])
def test_other_shapes_are_refused(base: kb.KnowledgeBase, kind: str) -> None:
    """A key too few, and a key too many, do not fit."""
    app = {
        "name": "某",
        "applicant": "enterprise",
        "services": ["驾校平台"],
        "regions": ["CN-GD"],
    }
    made: Any = {
        "answer": lambda: base.ask(app, DAY),
        "show": lambda: base.show("教育-驾校平台"),
        "plan": lambda: base.plan(app, as_of=DAY),
        "bundles": lambda: base.bundles(app, DAY),
        "changes": lambda: base.changes("2022-01-01", DAY),
        "what-if": lambda: base.what_if(app, applicant="individual", as_of=DAY),
    }[kind]()
    data = made.to_dict()
    fits(kind, data)
    validator = jsonschema.Draft202012Validator(RESULT_SCHEMAS[f"{kind}-schema"])
    assert not validator.is_valid({**data, "more": 1})
    for key in data:
        assert not validator.is_valid({k: v for k, v in data.items() if k != key}), key


class Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as editors read it: numbers and true/false, and nothing else but text."""


Plain.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in found
        if tag.rpartition(":")[2] in ("int", "float", "null", "merge")
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for first in "tfTF":
    Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), [first])
HERE = Path(__file__).parent
VOCABULARIES = {"categories", "attributes", "conditions", "fields"}


def kind_of(path: Path, folder: Path) -> str:
    """The kind of a file in a folder of facts."""
    first, *rest = path.relative_to(folder).with_suffix("").parts
    if first == "vocabulary":
        return rest[0] if rest[0] in {*VOCABULARIES, "words"} else "vocabulary"
    if first in ("coverage", "cases"):
        return first
    if first == "apps":
        return "profile"
    return "part" if rest and rest[-1] != "source" else "source"


@pytest.mark.parametrize("folder", ["facts", "kb/maintain/example", "tests/cases"])
def test_files_fit_their_schemas(folder: str) -> None:
    """What is shipped, what `kb init` writes, and the cases are as an editor that reads the schemas
    would have them."""
    root = HERE.parent / folder
    checks = {kind: jsonschema.Draft202012Validator(schema_of(kind)) for kind in FILES}
    wrong = []
    for path in root.glob("*.yaml") if folder == "tests/cases" else root.rglob("*.yaml"):
        data = yaml.load(path.read_text(encoding="utf-8"), Plain)
        kind = "cases" if folder == "tests/cases" else kind_of(path, root)
        for error in checks[kind].iter_errors({} if data is None else data):
            wrong.append(f"{path.name} ({kind}) {error.json_path}: {error.message[:120]}")
    assert wrong == []


def _keys(record: type[BaseModel]) -> list[str]:
    """The keys of a record as files write them."""
    return [field.alias or name for name, field in record.model_fields.items()]


def test_every_key_is_described() -> None:
    """Each record and each of its keys says in both languages what it means, and nothing is said
    of a key that there is not."""
    known = {record for model in FILES.values() for record in records(model)}
    for record in known:
        for key in ("_", *_keys(record)):
            for lang in LANGUAGES:
                told = meaning(record, key, lang)
                assert isinstance(told, str), (record.__name__, key)
                assert told, (record.__name__, key)
    keys = {
        kind.__name__: {"_", *_keys(kind)}
        for record in known
        for kind in record.__mro__
        if issubclass(kind, BaseModel)
    }
    assert not [
        (name, key) for name, told in meanings().items() for key in told.keys() - keys[name]
    ]
    schema = schema_of("source", "zh")
    assert schema["properties"]["duties"]["description"] == "它要求做到的事"
    assert schema["$defs"]["Source"]["properties"]["seen"]["description"].startswith(
        "不知道起效日时"
    )


def test_lists_of_the_base(base: kb.KnowledgeBase) -> None:
    """What leads from words to categories, rows of queries, relations, and the accounts of the
    base itself."""
    for text in ("卖茶叶", "zzzzqqq"):
        fits("find", [found.to_dict() for found in base.find(text)])
    fits("query", json.loads(framed(listed(base, "en"), "json")))
    fits("query", json.loads(framed(base.query("who_can_use", limit=60), "json")))
    fits("relations", base.relations().to_dict())
    fits("covered", base.coverage().to_dict())


def test_an_audit_and_a_check(base: kb.KnowledgeBase, tmp_path: Path) -> None:
    """What `kb audit` and `kb check` print as JSON, with a row that is refused and with none, and
    since an earlier output."""
    rows = [{"id": "a", "services": ["驾校平台"]}, {"id": "a", "services": ["no such"]}]
    for number in (1, 2):
        apps = tmp_path / f"{number}.jsonl"
        apps.write_text("\n".join(map(json.dumps, rows[:number])), encoding="utf-8")
        fits("audit", base.audit(apps, tmp_path / "out.parquet", as_of=DAY).to_dict())
    _, _, since = audits(base, tmp_path)
    assert since.to_dict()["since"]["moved"]
    fits("audit", since.to_dict())
    fits("check", problems_json(base.check()))
    fits("check", problems_json([Problem("code", "what", Span("f.yaml", 1, 2, 3), "help")]))
