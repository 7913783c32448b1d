"""The README and the guide, in both languages, show what really happens."""

from __future__ import annotations

import contextlib
import html
import io
import re
import shlex
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from commands import kb_here

import kb

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("README.md", "README.zh-CN.md")
GUIDES = ("docs/guide.md", "docs/guide.zh-CN.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in (*NAMES, *GUIDES)}
LEFT_OUT = "…\n"
LONGEST = 150
"""Lines of a README: the rest stands in docs/."""
README = TEXTS["README.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`(kb [^`]*|[\w./*]+\.(?:dl|yaml|py|lock)|--[^`]*|base\.[^`]*|%[^`]*)`")


def shown(name: str) -> list[tuple[str, str]]:
    """The `kb` commands of a README with the outputs below them."""
    return [
        (match[1], match[2])
        for kind, block in BLOCK.findall(TEXTS[name])
        if kind == "console" and (match := re.match(r"\$ kb ([^\n]*)\n(.*)", block, re.DOTALL))
    ]


SHOWN = [pair for name in NAMES for pair in shown(name)]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[c for c, _ in SHOWN])
def test_command_prints_what_is_shown(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that the README shows prints exactly the output below it; a line `…` stands for
    lines that are left out."""
    monkeypatch.chdir(ROOT)
    done = kb_here(*shlex.split(command))
    assert done.stderr == ""
    parts = map(re.escape, output.split(LEFT_OUT))
    assert re.fullmatch("(?:.*\n)+".join(parts), done.stdout), done.stdout


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("README.md", ["missing", "missing", "undetermined"]),
        ("README.zh-CN.md", ["缺材料", "缺材料", "无法确定"]),
    ],
)
def test_readme_opens_with_an_answer_and_its_refusal(name: str, verdicts: list[str]) -> None:
    """The README shows one app that lacks something, by the texts of two days, and one that can not
    be decided."""
    first = shown(name)[:3]
    assert [output.splitlines()[0].split()[-1] for _, output in first] == verdicts
    days = [re.search(r"--as-of (\S+)", command) for command, _ in first]
    assert [day and day[1] for day in days] == ["2026-11-28", "2025-06-30", "2025-06-30"]


@pytest.mark.parametrize("name", NAMES)
def test_readme_is_short(name: str) -> None:
    """A README is read in one sitting."""
    assert len(TEXTS[name].splitlines()) < LONGEST


@pytest.mark.parametrize("name", NAMES)
def test_what_the_base_holds(base: kb.KnowledgeBase, name: str) -> None:
    """The README tells how many rows each official table has, and the day they were seen."""
    rows = Counter(reading.source.id for reading in base.facts.readings.values())
    tables = [source for source in base.facts.sources.values() if source.complete_for]
    assert len(tables) == 3
    for source in tables:
        assert re.search(rf"\b{rows[source.id]}\b", TEXTS[name])
        assert str(source.seen) in TEXTS[name]


@pytest.mark.parametrize("name", NAMES)
def test_extras_and_exit_codes(name: str) -> None:
    """Every extra that can be installed is named, and every exit code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in project["optional-dependencies"]:
        assert f"`{extra}`" in TEXTS[name]
    [codes] = re.findall(r"^(?:Exit codes:|退出码：)(.*)$", TEXTS[name], re.MULTILINE)
    assert sorted(re.findall(r"\d", codes)) == ["0", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("name", [*NAMES, *GUIDES, "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    """Every file that a page links to is there."""
    page = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert link.startswith("http") or (page.parent / link).exists(), link


@pytest.mark.parametrize("names", [NAMES, GUIDES], ids=["README", "guide"])
def test_twins_show_the_same(names: tuple[str, str]) -> None:
    """Both languages show the same commands, each in its own language, the same profile, Python and
    installation, and speak of the same commands, flags and files, in the same order."""
    english, chinese = ([command for command, _ in shown(name)] for name in names)
    assert [command.replace("--lang en", "--lang zh") for command in english] == chinese
    blocks = [
        [block for block in BLOCK.findall(TEXTS[name]) if not block[1].startswith("$ kb ")]
        for name in names
    ]
    assert blocks[0] == blocks[1]
    spoken = [CODE.findall(BLOCK.sub("", TEXTS[name]).replace("\n", " ")) for name in names]
    assert spoken[0] == spoken[1]


def test_profile_is_the_file(base: object) -> None:
    """The profile that the README prints is the file that it names."""
    block = re.search(r"```yaml\n# (\S+)\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert (ROOT / block[1]).read_text(encoding="utf-8") == block[2]


def test_python_runs() -> None:
    """The guide's Python lines run and come to the same answer as the command of the README."""
    block = re.search(r"```python\n(.*?)```", TEXTS["docs/guide.md"], re.DOTALL)
    assert block is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block[1], "guide.md", "exec"), {})
    assert printed.getvalue().splitlines() == [
        "missing",
        "['cooperation_agreement', 'developer_commitment', 'driver_training_filing', "
        "'non_commercial_icp_filing']",
        "4",
    ]


def test_ci_runs_the_test_command() -> None:
    """`.ci/run` calls the very line that the README gives for the tests."""
    line = re.search(r"\$ (python3 -m venv .*pytest)\n", README)
    assert line is not None
    assert line[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_of_the_answer(base: kb.KnowledgeBase, lang: str) -> None:
    """The picture holds the first lines of the very answer that the README shows below it, and
    asks for nothing from elsewhere."""
    picture = (ROOT / "docs" / "images" / f"answer.{lang}.svg").read_text(encoding="utf-8")
    texts = re.findall(r"<text [^>]*>(.*?)</text>", picture)
    drawn = [html.unescape(re.sub(r"<[^>]*>", "", text)) for text in texts]
    shown = str(base.ask(ROOT / "tests/apps/xuechetong.yaml", "2026-11-28", lang=lang))
    want = [line.strip() for line in shown.splitlines() if line][: len(drawn)]
    assert len(drawn) > 5, "run `python docs/pictures.py`"
    assert [line.strip() for line in drawn] == want, "run `python docs/pictures.py`"
    assert re.findall(r"https?://[^\"' ]+", picture) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_of_the_graph(base: kb.KnowledgeBase, lang: str) -> None:
    """The picture of the category names each node of the graph that is drawn today."""
    picture = (ROOT / "docs" / "images" / f"graph.{lang}.svg").read_text(encoding="utf-8")
    graph = base.graph(category="教育-驾校平台", as_of="2026-11-28")
    for _, data in graph.nodes(data=True):
        if data["kind"] in ("document", "category", "service"):
            assert html.escape(data[lang], quote=False) in picture, "run `python docs/pictures.py`"
