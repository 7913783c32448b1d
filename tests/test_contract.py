"""The outside: names, fields and Python lines that users and scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_cases import CASES, case_files, differences, loaded

import kb
from kb.cli.main import main
from kb.query.results import Join, RequirementGroup

HERE = Path(__file__).parent
APP = HERE / "apps" / "xuechetong.yaml"
DAY = "2025-06-30"

ANSWER = {
    "app",
    "as_of",
    "verdict",
    "categories",
    "bundle",
    "prohibited",
    "obligations",
    "conflicts",
    "undetermined",
    "filing",
    "known_until",
    "remarks",  # ours: what the sources say of themselves
    "texts",  # ours: which texts apply, and what an excerpt leaves out
}
OBLIGATION = {"what", "verdict", "standing", "sources"}
FILING = {"steps", "working_days", "files", "answers_for"}
STEP = {"id", "label", "actor", "working_days", "needs", "after"}
STANDINGS = {"in_force", "draft", "unofficial", "superseded"}
CATEGORY = {
    "category",
    "id",
    "verdict",
    "why",
    "sources",
    "alternatives",
    "missing",
    "how",
    "notes",
}
DOCUMENT = {"document", "holder", "at_least", "held", "must_state", "verdict"}
VERSION = {
    "source",
    "standing",
    "from",
    "to",
    "precision",
    "open_to",
    "regions",
    "services",
    "how",
    "requirement",
    "alternatives",
    "also_needs",
    "instead",
    "not_supported",
    "unclear",
    "sources",
}
VERDICTS = {
    "satisfied",
    "missing",
    "not_open",
    "prohibited",
    "undetermined",
    "none_required",
    "none_stated",
}

APPS: list[Mapping[str, Any]] = [
    {
        "name": "甲",
        "services": ["驾校平台", "教育平台", "在线视频课程"],
        "holds": ["承诺函", "ICP备案"],
    },
    {"name": "乙", "services": ["教育平台"], "holds": ["承诺函", "良好经营情况证明"]},
    {"name": "丙", "services": ["教育信息", "职业培训"]},
    {"name": "丁", "holds": []},
    {"name": "戊", "services": []},
    {
        "name": "己",
        "regions": ["CN-SD"],
        "audience": ["compulsory_education"],
        "services": ["教育直播"],
        "facts": {
            "subjects": ["mathematics"],
            "operating_role": "self_operated",
            "employs_school_teachers": True,
        },
    },
]


ASK = ("ask", "tests/apps/xuechetong.yaml", "--as-of", DAY, "--format", "json")
ASKED = {
    "ask": ASK,
    "ask-en": (*ASK, "--lang", "en"),
    "show": ("show", "教育-教育平台", "--format", "json"),
    "search": ("search", "驾校", "--format", "json"),
    "query": ("query", "who_can_use", "category=教育-在线视频课程", "--format", "csv"),
}
ALL_OF_THEM = """
import json, sys
from click.testing import CliRunner
from kb.cli.main import cli
said = {}
for name, arguments in json.loads(sys.argv[1]).items():
    run = CliRunner().invoke(cli, arguments)
    said[name] = run.exit_code, run.stdout, run.stderr
print(json.dumps(said))
"""


@cache
def said_with(seed: str) -> dict[str, list[Any]]:
    """Exit code and both streams of each of these commands, in a process with this seed."""
    done = subprocess.run(
        [sys.executable, "-c", ALL_OF_THEM, json.dumps(ASKED)],
        cwd=HERE.parent,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def cites(found: Any) -> None:
    """A list of CITEs."""
    assert isinstance(found, list)
    for cite in found:
        assert set(cite) == {"source", "lines", "locator"}
        assert isinstance(cite["source"], str)
        assert isinstance(cite["locator"], str)
        assert cite["lines"] == sorted(set(cite["lines"]))


def proofs(found: Any) -> Iterator[Mapping[str, Any]]:
    """Every node of PROOF trees."""
    for proof in found:
        assert set(proof) == {"fact", "rule", "sources", "because"}
        assert isinstance(proof["fact"], str)
        assert proof["rule"] is None or isinstance(proof["rule"], str)
        cites(proof["sources"])
        yield proof
        yield from proofs(proof["because"])


def documents(found: Any) -> None:
    """DOCUMENTs of an answer."""
    for document in found:
        assert set(document) >= DOCUMENT
        assert document["verdict"] in {"satisfied", "missing", "undetermined"}
        assert isinstance(document["at_least"], int)
        assert isinstance(document["held"], int)
        assert isinstance(document["must_state"], list)


def filing(found: Mapping[str, Any]) -> None:
    """A filing plan."""
    assert set(found) >= FILING
    assert [type(days) for days in found["working_days"] or (0, 0)] == [int, int]
    assert all(isinstance(name, str) for name in (*found["files"], *found["answers_for"]))
    for step in found["steps"]:
        assert set(step) >= STEP
        if step["working_days"] is not None:
            least, most = step["working_days"]
            assert 0 < least <= most
        assert set(step["after"]) <= {other["id"] for other in found["steps"]}


@pytest.mark.parametrize(
    "app", [APP, *APPS], ids=lambda app: Path(app).stem if app is APP else app["name"]
)
def test_answer_has_the_fields(base: kb.KnowledgeBase, app: Any) -> None:
    """The answer's JSON has the fields of the contract, each with its type."""
    answer = json.loads(json.dumps(base.ask(app, as_of=DAY).to_dict(), ensure_ascii=False))
    assert set(answer) - {"assumed", "drafts", "duty_papers"} == ANSWER
    assert answer["as_of"] == DAY
    assert answer["verdict"] in VERDICTS - {"none_stated"}
    for category in answer["categories"]:
        assert set(category) >= CATEGORY
        assert category["verdict"] in VERDICTS
        assert category["why"]
        assert all(proofs(category["why"]))
        cites(category["sources"])
        for alternative in category["alternatives"]:
            assert set(alternative) >= {"usable", "documents"}
            assert alternative["usable"] in (True, False, None)
            documents(alternative["documents"])
        documents(category["missing"])
        assert category["how"] is None or isinstance(category["how"], str)
        assert all(isinstance(note, str) for note in category["notes"])
    assert set(answer["bundle"]) >= {"documents", "optimal"}
    assert answer["bundle"]["optimal"] is True
    documents(answer["bundle"]["documents"])
    for entry in answer["prohibited"]:
        assert set(entry) >= {"what", "standing", "sources"}
        cites(entry["sources"])
    for entry in answer["obligations"]:
        assert set(entry) >= OBLIGATION
        assert entry["verdict"] in VERDICTS - {"prohibited"}
        assert entry["standing"] in STANDINGS
        assert entry["sources"]
        cites(entry["sources"])
    if answer["filing"] is not None:
        filing(answer["filing"])
    for entry in answer["conflicts"]:
        assert set(entry) >= {"category", "readings"}
        for reading in entry["readings"]:
            assert set(reading) >= {"sources", "verdict"}
            assert reading["verdict"] in VERDICTS
            cites(reading["sources"])
    for entry in answer["undetermined"]:
        assert set(entry) >= {"because", "ask", "sources"}
        cites(entry["sources"])
    if answer["verdict"] == "undetermined":
        assert answer["undetermined"]


def test_the_last_app_has_everything_of_the_texts(base: kb.KnowledgeBase) -> None:
    """Among the apps looked at above, one has obligations, a prohibition and a filing plan."""
    answer = base.ask(APPS[-1], as_of=DAY).to_dict()
    assert {entry["standing"] for entry in answer["obligations"]} == {"in_force", "unofficial"}
    assert [entry["standing"] for entry in answer["prohibited"]] == ["in_force"]
    assert answer["filing"]["working_days"] == [2, 22]


def test_proofs_end_in_the_profile_and_the_sources(base: kb.KnowledgeBase) -> None:
    """Every leaf of a proof is stated by the profile or by lines of a source."""
    [category] = base.ask(APP, as_of=DAY).to_dict()["categories"]
    leaves = [proof for proof in proofs(category["why"]) if not proof["because"]]
    stated = {proof["fact"]: proof["sources"] for proof in leaves}
    assert stated["app_value('学车通', 'services', 'driving_school_platform')"] == []
    cited = [cite for found in stated.values() for cite in found if cite["source"] != "kb"]
    assert cited
    assert {cite["source"] for cite in cited} == {"wechat-education-2021"}
    assert {line for cite in cited for line in cite["lines"]} <= set(range(15, 21))


def test_answer_cites_as_the_contract_shows(base: kb.KnowledgeBase) -> None:
    """The contract's example: the category, its document, the cite of its passage."""
    [category] = base.ask(APP, as_of=DAY).to_dict()["categories"]
    assert category["category"] == "教育-驾校平台"
    assert category["sources"] == [
        {
            "source": "wechat-education-2021",
            "lines": [15, 16, 17, 18, 19, 20],
            "locator": "5 驾校平台",
        }
    ]
    [alternative] = category["alternatives"]
    found = {(d["document"], d["holder"]): d for d in alternative["documents"]}
    filing = found["机动车驾驶员培训备案", "partner"]
    assert {key: filing[key] for key in ("at_least", "held", "must_state", "verdict")} == {
        "at_least": 1,
        "held": 1,
        "must_state": [],
        "verdict": "satisfied",
    }


def trees(node: Mapping[str, Any]) -> None:
    """A TREE: `all_of`, `any_of` (with the announced number) or a DOCUMENT."""
    kinds = [key for key in ("all_of", "any_of", "document") if key in node]
    assert len(kinds) == 1
    if "document" in node:
        assert set(node) >= {"holder", "at_least", "must_state"}
    else:
        assert "stated" not in node or "any_of" in node
        for child in node[kinds[0]]:
            trees(child)


def test_show_has_the_fields(base: kb.KnowledgeBase) -> None:
    """`show` of every category has the fields of the contract."""
    for term in base.facts.names.of("category"):
        shown = json.loads(json.dumps(base.show(term.id).to_dict(), ensure_ascii=False))
        assert set(shown) >= {"category", "id", "labels", "former_names", "versions"}
        assert set(shown["labels"]) == {"zh", "en"}
        for version in shown["versions"]:
            assert set(version) >= VERSION
            cites(version["sources"])
            if version["requirement"] is not None:
                trees(version["requirement"])
            for alternative in version["alternatives"]:
                assert set(alternative) >= {"documents", "when"}


def test_show_says_how_to_apply(base: kb.KnowledgeBase) -> None:
    """The text of `show` has the address, the title of the mail and what the source says of it."""
    shown = base.show("本地服务-医疗资讯")
    [how, remark] = str(shown).partition("  申请方式: ")[2].splitlines()[:2]
    assert shown.versions[0].how is not None
    title = shown.versions[0].how.title
    assert title.startswith("【本地服务-医疗资讯")
    assert how == f"邮件申请 miniprogram@tencent.com {title}"
    assert remark.startswith("    内测中")


def test_show_says_under_which_condition_a_service_falls(early: kb.KnowledgeBase) -> None:
    """A service stands with its condition; one that vague wording reaches has a question mark."""
    base = early
    text = str(base.show("在线视频课程"))
    services = text.partition("  适用服务: ")[2].splitlines()[0].split(", ")
    assert services[:2] == ["教育直播", "在线视频课程 (课程为直播)"]
    assert services[-1] == "培训机构的在线培训 (课程为录播) ?"
    [version] = base.show("在线视频课程").versions
    assert version.services[-1].unclear == "recorded-lessons"


@pytest.mark.parametrize(
    ("category", "service", "advice", "lines"),
    [
        ("医疗服务-上门医疗", "上门按摩", "remove", "44, 49"),
        ("商家自营-商用设备机械租赁", "特种设备租赁", "none", "75-76"),
    ],
)
def test_what_is_not_carried_keeps_the_advice(
    base: kb.KnowledgeBase, category: str, service: str, advice: str, lines: str
) -> None:
    """Where a source advises to remove a service, answer and `show` say so, with the lines."""
    app = {"name": "某", "applicant": "enterprise", "services": [service]}
    answer = base.ask(app, as_of=DAY)
    [entry] = answer.to_dict()["prohibited"]
    assert (entry["what"], entry["advice"]) == (service, advice)
    words = f"{service}, 建议去除" if advice == "remove" else service
    assert f"⊘ 平台不支持: {words}  [wechat-adjustments-2025q1 {lines}]" in str(answer)
    shown = str(base.show(category))
    assert f"  ⊘ 平台不支持: {words} [wechat-adjustments-2025q1 {lines}]" in shown.splitlines()


def test_show_says_what_the_source_announces(early: kb.KnowledgeBase) -> None:
    """`stated` is the number of choices that the source announces (line 38: one of five)."""
    base = early
    [version] = base.show("在线视频课程").versions
    assert isinstance(version.requirement, RequirementGroup)
    assert version.requirement.join == Join.ANY
    assert version.requirement.stated == len(version.requirement.children) == 5
    assert {passage.id: passage.lines for passage in version.unclear} == {
        "education-trade": (37,),
        "recorded-lessons": (37, 44),
    }


@pytest.mark.parametrize(
    "name",
    [
        "education-driving-school-platform",
        "教育-驾校平台",
        "教育服务-驾校平台",
        "驾校平台",
        "校平台",
    ],
)
def test_category_is_found(base: kb.KnowledgeBase, name: str) -> None:
    """A category is found by id, full name, former name or a unique part of it."""
    assert base.show(name).category == "education-driving-school-platform"


@pytest.mark.parametrize(("name", "code"), [("驾校", "ambiguous"), ("没有这个类目", "unknown-id")])
def test_category_is_not_guessed(base: kb.KnowledgeBase, name: str, code: str) -> None:
    """A part of several names, or of none, is refused."""
    with pytest.raises(kb.Problems) as refused:
        base.show(name)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("words", "kind", "id"),
    [
        ("驾校", "service", "driving_school_training"),
        ("教育-驾校平台", "category", "education-driving-school-platform"),
        ("承诺函", "document", "developer_commitment"),
        ("ICP备案", "document", "non_commercial_icp_filing"),
        ("public school", "applicant", "public_school"),
        ("driving school platform", "category", "education-driving-school-platform"),
        ("机动车驾驶员培训备", "document", "driver_training_filing"),
        ("cooperation agrement", "document", "cooperation_agreement"),
    ],
)
def test_search_finds(base: kb.KnowledgeBase, words: str, kind: str, id: str) -> None:
    """Chinese, English, aliases and small slips lead to the thing, as entries of four fields."""
    found = base.search(words)
    assert all(set(hit.to_dict()) == {"kind", "id", "zh", "en"} for hit in found)
    assert (kind, id) in [(hit.kind, hit.id) for hit in found[:3]]


@pytest.mark.parametrize("name", ASKED)
def test_same_bytes(name: str) -> None:
    """The same input gives the same bytes, whatever the order that hashes have."""
    one, other = (said_with(seed)[name] for seed in ("1", "4242"))
    assert one == other
    code, out, err = one
    assert (code, err) == (3 if name.startswith("ask") else 0, "")
    assert out


def test_command_says_what_python_says(base: kb.KnowledgeBase) -> None:
    """`kb ask`, `kb show` and `kb search` print the JSON of the Python objects."""
    told = {name: json.loads(said_with("1")[name][1]) for name in ("ask", "show", "search")}
    assert told["ask"] == base.ask(APP, as_of=DAY).to_dict()
    assert told["show"] == base.show("教育-教育平台").to_dict()
    assert told["search"] == [hit.to_dict() for hit in base.search("驾校")]


@pytest.mark.parametrize(
    ("app", "code"),
    [
        ("name: 甲\nservices: []\n", 4),
        ("name: 甲\nservices: [驾校培训]\n", 3),
        ("name: 甲\n", 4),
        ("name: 甲\nservice: [驾校培训]\n", 2),
    ],
)
def test_exit_codes(
    tmp_path: Path,
    app: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """2 bad input, 3 something missing, 4 undetermined; problems go to stderr."""
    file = tmp_path / "app.yaml"
    file.write_text(app, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["kb", "ask", str(file), "--as-of", DAY])
    with pytest.raises(SystemExit) as exit:
        main()
    assert exit.value.code == code
    out, err = capsys.readouterr()
    assert bool(err) == (code == 2)
    assert bool(out) == (code != 2)


def test_exit_code_of_a_prohibition() -> None:
    """5 prohibited, from standard input and with facts of one's own."""
    arguments = ("ask", "-", "--as-of", "2023-06-30", "--only-facts", str(CASES / "facts-small"))
    done = subprocess.run(
        [sys.executable, "-m", "kb", *arguments],
        cwd=HERE.parent,
        input="{name: 甲, services: [poison]}",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 5
    assert done.stderr == ""


def test_python_lines_work_as_written() -> None:
    """The Python lines of the contract that load, ask and query."""
    base = kb.load()
    app = {"name": "学车通", "services": ["driving_school_platform"]}
    assert base.ask(app).verdict == "undetermined"  # who applies is not said
    answer = base.ask({**app, "applicant": "enterprise"})
    assert answer.verdict == "missing"
    assert [category.category for category in answer.categories] == [
        "education-driving-school-platform"
    ]
    assert len(answer.bundle.documents) == 3
    assert answer.to_dict()["verdict"] == "missing"
    frame = answer.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == 3
    rows = base.query("missing_documents", app=answer.app)
    assert isinstance(rows, pd.DataFrame)
    assert len(rows) == 3
    mine = base.rules("mine(A, D) <= missing_documents(A, C, Alt, D)").query("mine(A, D)")
    assert isinstance(mine, pd.DataFrame)
    assert list(mine.columns) == ["A", "D"]


def test_load_takes_a_folder_and_a_day() -> None:
    """`kb.load(only_facts=facts, as_of=...)`: the day holds for every question that names none."""
    base = kb.load(only_facts=CASES / "facts-small", as_of="2023-06-30")
    app = {"name": "甲", "services": ["bread"], "holds": ["面包师证", "铺契"]}
    assert base.ask(app).verdict == "satisfied"
    assert base.ask(app).as_of == "2023-06-30"
    assert base.ask(app, as_of="2024-06-30").verdict == "undetermined"
    assert len(base.query("missing_documents", app=app)) == 1
    assert base.rules("one(A) <= required(A, C)").ask(app).as_of == "2023-06-30"


def test_app_is_taken_in_every_form(base: kb.KnowledgeBase) -> None:
    """A path, its name, a mapping and a `kb.App` are one app."""
    app = base.app(APP)
    forms: list[Any] = [APP, str(APP), app, app.to_dict()]
    answers = [base.ask(form, as_of=DAY).to_dict() for form in forms]
    assert all(answer == answers[0] for answer in answers)


def test_public_names() -> None:
    """What `import kb` promises is there."""
    assert {"load", "App", "Answer", "KnowledgeBase", "Problems"} <= set(kb.__all__)
    for name in kb.__all__:
        assert getattr(kb, name) is not None
    with pytest.raises(AttributeError):
        _ = kb.loud  # type: ignore[attr-defined]


def test_import_is_light() -> None:
    """`import kb` alone loads neither engine nor data frames, and puts no names into builtins."""
    program = """
        import builtins, sys
        before = set(vars(builtins))
        import kb
        heavy = {"pyDatalog", "pandas", "clingo", "networkx"} & set(sys.modules)
        assert not heavy, heavy
        kb.load().ask({"name": "a", "services": []})
        assert set(vars(builtins)) - before <= {"_"}, set(vars(builtins)) - before
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_two_bases_and_threads_do_not_disturb_each_other() -> None:
    """Eight threads on two bases, each asked in turn and at once, get the answers of one alone."""
    work = [(file.only_facts, case) for file in case_files().values() for case in file.cases]
    every = {facts for facts, _ in work}
    bases = {facts: kb.load(only_facts=[CASES / each for each in facts]) for facts in every}
    turns = [*range(0, len(work), 16), *reversed(range(0, len(work), 20))]
    alone = {n: differences(loaded(work[n][0]), work[n][1]) for n in turns}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: differences(bases[work[n][0]], work[n][1]), turns))
    assert found == [alone[n] for n in turns]


def test_queries_in_threads() -> None:
    """Named queries, goals and own rules in eight threads give the rows of one alone."""
    base = kb.load()
    own = base.rules("mine(A, D) <= missing_documents(A, C, L, D)")

    def ask(n: int) -> list[Any]:
        app = APPS[n % len(APPS)]
        source = own if n % 2 else base
        goal = "mine(A, D)" if n % 2 else "missing_documents(A, C, L, D)"
        rows = source.query(goal, app=app, as_of=DAY, ids=True)
        unknown = source.query("unknowns", app=app, as_of=DAY, ids=True)
        return [rows.to_numpy().tolist(), unknown.to_numpy().tolist()]

    turns = [n % 6 for n in range(24)]
    alone = [ask(n) for n in range(6)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, turns)) == [alone[n] for n in turns]
