"""Folders of facts laid on what is shipped: what they add, and what clashes."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

import kb
from kb.cli.main import main
from kb.lang.problems import typed
from kb.maintain.starter import start

pytestmark = pytest.mark.usefixtures("english")

DAY = "2025-06-30"
APP = {
    "name": "a",
    "applicant": "enterprise",
    "regions": ["CN-EX"],
    "services": ["茶摊"],
    "facts": {"example-seats": 0, "example-sells-strong-tea": "no"},
}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The folder that `kb init` makes."""
    folder = tmp_path_factory.mktemp("layers") / "own"
    start(folder, "en")
    return folder


@pytest.fixture(scope="module")
def laid(own):
    """The shipped facts with that folder."""
    return kb.load(own, as_of=DAY)


@pytest.fixture
def copy(own, tmp_path):
    """A copy of the folder, to be changed."""
    return Path(shutil.copytree(own, tmp_path / "own"))


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["kb", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_adds(laid, base):
    """Everything that is shipped is there, and vocabulary, source, rules and queries beside it."""
    assert set(laid.facts.sources) == {*base.facts.sources, "example-2025"}
    assert set(laid.queries) == {*base.queries, "example_papers"}
    assert laid.ask(APP).verdict == "missing"
    assert laid.ask({**APP, "holds": ["茶摊许可"]}).verdict == "satisfied"
    assert laid.query("example_papers", app=APP)["document"].tolist() == ["卫生承诺书", "茶摊许可"]
    school = {"name": "a", "services": ["driving_school_platform"], "applicant": "enterprise"}
    assert laid.ask(school).to_dict() == base.ask(school, as_of=DAY).to_dict()


def test_rules_need_no_queries_named(own):
    """A rule of a layer may rest on a named query, also where no query is asked."""
    assert kb.load(own, queries=False).ask(APP, as_of=DAY).verdict == "missing"


def test_several_layers(own, tmp_path):
    """Layers are laid on one another in order; the second may use what the first adds."""
    second = tmp_path / "second"
    second.mkdir()
    text = (own / "example-2025.yaml").read_text(encoding="utf-8")
    text = text.replace("id: example-2025", "id: example-2026").replace("2025-01-01", "2026-01-01")
    (second / "later.yaml").write_text(text, encoding="utf-8")
    base = kb.load([own, second])
    assert {"example-2025", "example-2026"} <= set(base.facts.sources)
    assert str(base.facts.places["example-2026"]) == "second/later.yaml:4:7"


def test_folders_alike_are_told_apart(own, tmp_path):
    """Two folders of one name are told apart in messages by their paths."""
    other = tmp_path / "own"
    other.mkdir()
    shutil.copy(own / "example-2025.yaml", other)
    with pytest.raises(kb.Problems) as refused:
        kb.load([own, other])
    (problem,) = refused.value.problems
    assert problem.message == "the source `example-2025` stands in two files"
    assert str(problem.span) == f"{other}/example-2025.yaml:4:7"
    assert problem.help == f"it stands at {own}/example-2025.yaml:4:7 already"


CLASHES = {
    "term": (
        "vocabulary/services.yaml",
        ("terms:\n", "terms:\n  - {id: driving_school_platform, zh: 甲, en: a}\n"),
        "own/vocabulary/services.yaml:4:10: error[duplicate-id]: "
        "the service `driving_school_platform` stands twice",
        "  help: it stands at facts/vocabulary/services.yaml:",
    ),
    "source": (
        "example-2025.yaml",
        ("id: example-2025", "id: wechat-education-2021"),
        "own/example-2025.yaml:4:7: error[duplicate-id]: "
        "the source `wechat-education-2021` stands in two files",
        "  help: it stands at facts/wechat-education-2021.yaml:",
    ),
    "rule": (
        "rules/example.dl",
        ("example_lacks(A, D) <=", "required(A, D) <="),
        "own/rules/example.dl:5:1: error[defined]: `required` has rules in this base already",
        "  help: it has one at kb/rules/",
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_clash(copy, name):
    """What is there already is refused, with both places."""
    file, (old, new), message, help = CLASHES[name]
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(kb.Problems) as refused:
        kb.load(copy)
    assert message in str(refused.value)
    assert help in str(refused.value)


def test_query_of_a_shipped_name(copy):
    """A query may not bear the name of one that is shipped."""
    (copy / "queries" / "example_papers.dl").rename(copy / "queries" / "gaps.dl")
    with pytest.raises(kb.Problems) as refused:
        kb.load(copy)
    assert (
        "own/queries/gaps.dl:1:1: error[duplicate-id]: the query `gaps` stands twice\n"
        "  help: it stands at queries/gaps.dl already: give yours another name"
    ) in str(refused.value)


def test_subfolders_are_read(copy):
    """Sources in folders of folders count, and terms in folders of a vocabulary."""
    deep = copy / "province" / "2025"
    deep.mkdir(parents=True)
    (copy / "example-2025.yaml").rename(deep / "example-2025.yaml")
    services = copy / "vocabulary" / "services" / "tea"
    services.mkdir(parents=True)
    (copy / "vocabulary" / "services.yaml").rename(services / "stalls.yaml")
    assert kb.load(copy).ask(APP, as_of=DAY).verdict == "missing"


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("province/a.yml", "a file of facts is called `*.yaml`"),
        ("example.dl", "rules stand in `rules/`, queries in `queries/`"),
        ("loud.YAML", "a file of facts is called `*.yaml`"),
        ("rules/a.yaml", "a file of rules or of a query is called `*.dl`"),
        ("queries/a.dl~", "a file of rules or of a query is called `*.dl`"),
        ("vocabulary/terms.csv", "a file of facts is called `*.yaml`"),
        ("vocabulary/services/deep/a.json", "a file of facts is called `*.yaml`"),
    ],
)
def test_what_is_not_read_is_an_error(copy, name, help):
    """A file that would be passed over in silence is named."""
    path = copy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(kb.Problems) as refused:
        kb.load(copy)
    assert str(refused.value) == (
        f"own/{name}: error[unknown-file]: this file is not read\n  help: {help}"
    )


def test_only_facts_stand_alone():
    """`only_facts` stand in for what is shipped, and others may be laid on them."""
    small = Path(__file__).parent / "cases" / "facts-small"
    assert "wechat-education-2021" not in kb.load(only_facts=small).facts.sources
    with pytest.raises(kb.Problems, match=r"the folder .* is named twice"):
        kb.load(small, only_facts=small)


def test_folders_that_were_laid_otherwise(own, capsys, monkeypatch):
    """Where names are unknown because a folder is not laid on what is shipped, that is told first,
    with the flag that does; and not where the flag would not help."""
    monkeypatch.chdir(own)
    for arguments, told in (
        (
            ("check", "--only-facts", "."),
            "error[only-facts]: these folders build on terms that are shipped, and were to stand "
            "in for them\n  help: lay them on what is shipped: `--facts .`\n"
            "example-2025.yaml:26:7: error[unknown-id]: no holder is called `applicant`\n",
        ),
        (
            ("ask", "apps/tea-stall.yaml"),
            "error[facts-beside]: the profile stands in the folder of facts `.`, which is not asked"
            "\n  help: lay it on what is shipped: `--facts .`\n"
            "apps/tea-stall.yaml:5:11: error[unknown-id]: no region is called `CN-EX`\n",
        ),
    ):
        code, out, err = run(capsys, monkeypatch, *arguments, "--lang", "en")
        assert (code, out) == (2, "")
        assert err.startswith(told)
    wrong = own / "apps" / "wrong.yaml"
    wrong.write_text("services: [茶滩]\n", encoding="utf-8")
    code, _, err = run(capsys, monkeypatch, "ask", wrong, "--facts", ".", "--lang", "en")
    wrong.unlink()
    assert (code, "facts-beside" in err, "`茶滩`" in err) == (2, False, True)


def test_find_and_check_know_layers(own, laid, capsys, monkeypatch):
    """What a layer adds is found in own words, and `kb check DIR` tells of that folder alone."""
    assert laid.find("茶摊")[0].id == "example-tea-stall"
    code, out, err = run(capsys, monkeypatch, "check", own)
    counts = f"{len(laid.facts.sources)} sources, {len(laid.facts.readings)} readings, "
    counts += f"{len(laid.program.rules)} rules, {len(laid.queries)} queries: 0 warnings\n"
    assert (code, out, err) == (0, counts, "")


def test_check_within_a_layer_tells_of_it_alone(copy, capsys, monkeypatch):
    """`kb check .` in a layer says what `kb check DIR` says beside it: nothing of others."""
    beside = run(capsys, monkeypatch, "check", copy, "--lang", "en")
    monkeypatch.chdir(copy)
    assert run(capsys, monkeypatch, "check", ".", "--lang", "en") == beside
    place = next(copy.glob("vocabulary/*.yaml"))
    place.write_text(place.read_text("utf-8") + "? wrong\n", "utf-8")
    told = run(capsys, monkeypatch, "check", ".", "--lang", "en")[2]
    assert f"./vocabulary/{place.name}:" in told


def test_changes_within_a_layer_are_its_own(copy, capsys, monkeypatch):
    """With a folder, those categories are told for which a source in it changed, by command and in
    Python, and the duties and prohibitions of its sources: the category of the tea stalls and the
    one ban (4), beside hundreds that the shipped sources bring."""
    days = ("--from", "2024-06-30", "--to", "2026-06-30")
    code, out, err = run(capsys, monkeypatch, "changes", copy, *days)
    assert (code, err) == (0, "")
    assert out == (
        "2024-06-30 → 2026-06-30: 1 category (sources in own/ alone)\n"
        "first text at hand, whether it was there before is not said: "
        "示例-茶摊 (Example - tea stall)  [example-2025 2-3]\n"
        "\n"
        "duties and prohibitions that begin, end or change: 1\n"
        "  Tea stalls in mini-programs of Example Province (made up)\n"
        "    range:\n"
        "      within: mini-programs with a tea stall in Example Province  [2]\n"
        "        where: serves Example Province; and runs a tea stall\n"
        "    prohibition begins: sell no strong tea to minors — provider of the app (who is in "
        "charge of it, or its developer)  [example-2025 4]\n"
        "      from 2025-01-01 on\n"
        "      where: serves Example Province; and runs a tea stall\n"
    )
    laid = kb.load(copy)
    [change] = laid.changes("2024-06-30", "2026-06-30", folders=copy).categories
    assert change.category == "example-tea-stall"
    code, out, _ = run(capsys, monkeypatch, "changes", copy, *days, "--format", "json")
    assert (code, json.loads(out)["folders"]) == (0, ["own/"])
    assert laid.changes("2024-06-30", "2024-06-30").to_dict()["folders"] == []
    assert len(laid.changes("2024-06-30", "2026-06-30").categories) > 400
    assert laid.changes("2025-01-02", "2026-06-30", folders=[copy]).categories == ()


def test_folders_that_were_not_loaded_are_told(laid, own, tmp_path):
    """What was not read has neither changes nor doubts."""
    told = f"no facts were read from the folder `{tmp_path}`"
    for ask in (laid.check, lambda folders: laid.changes(DAY, DAY, folders=folders)):
        with pytest.raises(kb.Problems, match=re.escape(told)):
            ask(folders=tmp_path)
    assert laid.check(folders=own) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_init_passes_at_once(tmp_path, capsys, monkeypatch, lang):
    """What `kb init` writes passes its cases and covers its text; a second start writes nothing."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, monkeypatch, "init", "mine", "--lang", lang)
    assert (code, err) == (0, "")
    files = {p: p.read_bytes() for p in (tmp_path / "mine").rglob("*") if p.is_file()}
    assert f"{len(files)}" in out
    assert run(capsys, monkeypatch, "test", "mine", "--lang", "en") == (
        0,
        "4 cases, 0 failed\n",
        "",
    )
    base = kb.load("mine")
    assert base.check()[0].severity == "note"
    assert not base.coverage().problems
    assert run(capsys, monkeypatch, "init", "mine")[::2] == (
        2,
        "error[output]: `mine` is there already and is not empty\n"
        "  help: name a folder that is not there yet\n",
    )
    assert {p: p.read_bytes() for p in files} == files
    other = "#en " if lang == "zh" else "#zh "
    assert not [p for p, text in files.items() if other in text.decode()]


def test_told_commands_can_be_typed(tmp_path, capsys, monkeypatch):
    """A command that a message tells is one that a shell reads as it stands, whatever the folder is
    called."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, monkeypatch, "init", "我的 规定/it's", "--lang", "en")
    assert (code, err) == (0, "")
    told = re.findall(r"`(kb [^`]+)`", out)
    assert [shlex.split(command) for command in told] == [
        ["kb", "check", "我的 规定/it's"],
        ["kb", "test", "我的 规定/it's"],
    ]
    for command in told:
        assert run(capsys, monkeypatch, *shlex.split(command)[1:])[0] == 0
    app = "我的 规定/it's/apps/tea-stall.yaml"
    [told] = re.findall(r"`(--facts [^`]+)`", run(capsys, monkeypatch, "ask", app)[2])
    assert run(capsys, monkeypatch, "ask", app, *shlex.split(told))[0] == 3
    assert "`kb check 规定`" in run(capsys, monkeypatch, "init", "规定")[1]
    assert typed("规定/一") == "规定/一"
