"""The reference pages say what the code has, and their examples come out as they say."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest

import kb
from kb.answers.answer import Answer
from kb.cli.main import main
from kb.cli.pages import HEADS
from kb.cli.pages import page as made
from kb.cli.python_page import FIELDS, TYPES
from kb.maintain.codes import codes, page
from kb.maintain.decisions import decisions, decisions_page
from kb.maintain.reference import PAGES, renewed
from kb.maintain.testing import Tests, case_documents

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ENDINGS = {"en": ".md", "zh": ".zh-CN.md"}
FILE = re.compile(r"^`([\w./-]+)`:\n\n```(?:yaml|text)\n(.*?)```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^```console\n\$ kb ([^\n]*)\n(.*?)```", re.DOTALL | re.MULTILINE)
YAML = re.compile(r"^```yaml\n(.*?)```", re.DOTALL | re.MULTILINE)
MADE = {"Problem", "problem", "refuse", "_one"}
"""What makes a problem of a code; findings have theirs in `kb/render/findings.py`."""


def text(name: str, lang: str) -> str:
    return (DOCS / f"{name}{ENDINGS[lang]}").read_text(encoding="utf-8")


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs `kb`: exit code, standard output, standard error."""

    def running(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return running


@pytest.mark.parametrize("lang", ENDINGS)
@pytest.mark.parametrize("name", PAGES)
def test_keys_are_those_of_the_code(name: str, lang: str) -> None:
    """The tables of keys are as the records have them: `python docs/reference.py` makes them."""
    assert renewed(text(name, lang), PAGES[name], lang) == text(name, lang)


@pytest.mark.parametrize("lang", ENDINGS)
def test_page_of_codes(lang: str) -> None:
    """The page of codes is what `kb explain` tells."""
    assert text("errors", lang) == "\n".join(page(lang)) + "\n"


@pytest.mark.parametrize("lang", ENDINGS)
@pytest.mark.parametrize("name", HEADS)
def test_pages_are_those_of_the_code(name: str, lang: str) -> None:
    """Commands, methods and audit columns are told as the code has them, each in the language of
    the page: `python docs/reference.py` makes them."""
    assert text(name, lang) == made(name, lang)


def test_every_method_is_told_in_chinese() -> None:
    """No line of the Chinese page of methods is English."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", text("python", "zh"), re.MULTILINE)
    assert len(rows) > 20
    assert [name for name, told in rows if not re.search("[一-鿿]", told)] == []


def test_the_python_page_tells_every_type_and_field() -> None:
    """What a parameter takes is a word of Python's own, or told on the page; so is each field of
    an answer, and nothing that there is not."""
    own = {"str", "int", "float", "bool", "None", "Any", "Path", "tuple"}
    own |= {"Iterable", "Sequence", "Mapping", "Callable", "App", "Receipt"}
    rows = re.findall(r"^\| `[\w.]+` \| .* \| `\((.*)\) -> ", text("python", "en"), re.MULTILINE)
    taken = {
        word
        for row in rows
        for each in re.split(r"(?:^|, )\**\w+: ", row)
        for word in re.findall(r"[A-Za-z_]\w*", each.partition(" = ")[0])
    }
    assert len(rows) > 25
    assert taken - own == set(TYPES) - {"Json"}
    assert [each.name for each in dataclasses.fields(Answer)] == list(FIELDS)


def codes_made() -> set[str]:
    """The codes of all problems that the package can tell of."""
    found = set()
    for path in (ROOT / "kb").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                first = node.args[0]
                if (
                    name in MADE
                    and isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                ):
                    found.add(first.value)
    return found


def test_every_code_is_explained() -> None:
    """No code stands in a message without its section, and no section without its code."""
    from kb.render.findings import WORDS

    made = codes_made() | {key.partition(".")[0] for key in WORDS}
    assert made - codes().keys() == set()
    assert codes().keys() - made == set()
    assert all(len(told) == 2 and all(told) for told in codes().values())


@pytest.mark.usefixtures("english")
def test_explain(run) -> None:
    """A code is explained in either language; an unknown one has its near ones."""
    assert run("explain", "no-app", "--lang", "en") == (
        0,
        "The question is about an app and none is given. Give the file of a profile, or --app.\n",
        "",
    )
    assert run("explain", "no-ap") == (
        2,
        "",
        "error[unknown-id]: no problem has the code `no-ap`, and no decision this id\n"
        "  help: a similar name exists: `no-app`\n",
    )


@pytest.mark.parametrize("name", ["worst-verdict-first", "kb worst-verdict-first"])
def test_a_decision_is_explained(run, name: str) -> None:
    """A decision goes by its id, alone or as a proof cites it, and is told with its reason."""
    assert run("explain", name, "--lang", "en") == (
        0,
        "Of an app the first that occurs decides: prohibited, not open, missing, undetermined, "
        "satisfied.\nWhy: what is surely wrong stays wrong, however an open question ends.\n",
        "",
    )
    assert run("explain", name, "--lang", "zh") == (
        0,
        "整个应用取最先出现的一个：禁止、不开放、缺材料、无法确定、已满足。\n"
        "为什么：确定不行的，无论未定的问题怎样了结都不行。\n",
        "",
    )


def test_all_decisions_are_told(run) -> None:
    """Without a name every decision is told, one after the other; none is called like a code."""
    code, out, _ = run("explain", "--decisions", "--lang", "en")
    assert code == 0
    assert re.findall(r"^([a-z-]+): ", out, re.MULTILINE) == list(decisions())
    assert decisions().keys() & codes().keys() == set()


@pytest.mark.parametrize("lang", ENDINGS)
def test_page_of_decisions(lang: str) -> None:
    """The page of decisions is what the package tells: `python docs/reference.py` makes it."""
    assert text("decisions", lang) == "\n".join(decisions_page(lang)) + "\n"


def test_every_decision_is_told_in_both_languages() -> None:
    """No decision is in one language alone, and none is told in the other's words."""
    for each in decisions().values():
        for label in (each.title, each.what, each.why):
            assert re.search("[一-鿿]", label.zh), each.id
            # Words of a source are quoted as they are.
            assert not re.search("[一-鿿]", re.sub("`[^`]*`", "", label.en)), each.id


@pytest.mark.parametrize("lang", ENDINGS)
def test_tutorial(lang: str, tmp_path: Path, run, monkeypatch) -> None:
    """From an empty folder, the files of the page and its commands give what the page shows: the
    cases hold at the first run."""
    page = text("tutorial", lang)
    files = FILE.findall(page)
    assert len(files) == 11
    for name, content in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    commands = COMMAND.findall(page)
    assert [command.split()[0] for command, _ in commands] == ["test", "check", "ask", "lines"]
    for command, shown in commands:
        _, out, err = run(*command.split())
        assert (out, err) == (shown, ""), f"{command}: `python docs/reference.py` counts anew"
    assert kb.load("yunting").coverage().problems == ()


@pytest.mark.parametrize("lang", ENDINGS)
def test_examples_hold(lang: str, tmp_path: Path, base: kb.KnowledgeBase) -> None:
    """The case that the page of cases shows holds; the profile that its page shows is read,
    and the parties, the apps of its entity, the words of papers and the exemption that it shows."""
    (shown,) = YAML.findall(text("cases", lang))
    path = tmp_path / "shown.yaml"
    path.write_text(shown, encoding="utf-8")
    report = Tests(lambda facts, only: base).run(case_documents([path]))
    assert [str(d) for outcome in report.outcomes for d in outcome.differences] == []
    profile, others, several, stating, granted = YAML.findall(text("profile", lang))
    (tmp_path / "app.yaml").write_text(profile, encoding="utf-8")
    assert base.ask(tmp_path / "app.yaml", as_of="2025-06-30").app.name == "学车通"
    (tmp_path / "app.yaml").write_text(others, encoding="utf-8")
    app = base.ask(tmp_path / "app.yaml", as_of="2025-06-30").app
    assert [holding.party for holding in app.holds] == [party.id for party in app.parties]
    (tmp_path / "app.yaml").write_text(several, encoding="utf-8")
    (tmp_path / "乙.yaml").write_text("applicant: enterprise", encoding="utf-8")
    entity = base.ask(tmp_path / "app.yaml", as_of="2025-06-30").app.entity
    assert entity is not None
    assert [app.name for app in entity.apps] == ["乙", "丙"]
    (tmp_path / "app.yaml").write_text(stating, encoding="utf-8")
    app = base.ask(tmp_path / "app.yaml", as_of="2025-06-30").app
    assert [len(holding.states or ()) for holding in app.holds] == [4, 2]
    (tmp_path / "app.yaml").write_text(granted, encoding="utf-8")
    [exemption] = base.ask(tmp_path / "app.yaml", as_of="2025-06-30").app.exemptions
    assert (exemption.thing, exemption.by, exemption.until) == (
        "education-driving-school-platform",
        "省厅",
        20261231,
    )


def test_lines(tmp_path: Path, run) -> None:
    """A line is shown with the records that state it, with the address of the source, and with its
    text where that is at hand; what is not there is refused."""
    small = ROOT / "tests" / "cases" / "facts-small"
    folder = tmp_path / "facts"
    folder.mkdir()
    for path in small.rglob("*.yaml"):
        target = folder / path.relative_to(small)
        target.parent.mkdir(exist_ok=True)
        content = path.read_text(encoding="utf-8")
        if path.name == "town-2024q1.yaml":
            content = content.replace(
                "  line_count", "  address: https://a.example/x\n  line_count"
            )
        target.write_text(content, encoding="utf-8")
    flags = ("--only-facts", folder, "--lang", "en")
    (tmp_path / "town-2024q1.txt").write_text("一\n二\n三\n", encoding="utf-8")
    code, out, err = run("lines", "town-2024q1", "2", "--sources", tmp_path, *flags)
    title = kb.load(only_facts=folder).facts.sources["town-2024q1"].en
    assert (code, err) == (0, "")
    assert out == (f"town-2024q1 · {title} · https://a.example/x\n2: 二\n  records: shop-bread\n")
    assert run("lines", "town-2024q1", "9", *flags) == (
        2, "", "error[lines]: `town-2024q1` has 3 lines, no line 9\n"
    )  # fmt: skip
    assert run("lines", "town-2024q1", "2", "--sources", folder, *flags) == (
        2,
        "",
        f"error[no-file]: no text of `town-2024q1` in `{folder}`\n"
        "  help: it is looked for as `town-2024q1.txt`\n",
    )
    (folder / "town-2024q1.yaml").write_text(
        content_of(folder / "town-2024q1.yaml").replace("https://a.example/x", "a.example"), "utf-8"
    )
    code, out, err = run("lines", "town-2024q1", "2", *flags)
    assert (code, out) == (2, "")
    assert "error[value]: `a.example` is no address\n" in err
    assert err.endswith("  help: write it as `https://...`\n")


def content_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")
