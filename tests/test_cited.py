"""Where the texts of the sources are at hand, a citation leads to the lines that it cites."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import kb
from kb.cli.main import main
from kb.lang.syntax import Cite
from kb.maintain.lines import texts_of
from kb.render.cited import SourceText, reading
from kb.render.outline import Cited, html, line, visible

ROOT = Path(__file__).resolve().parent
SMALL = ROOT / "cases" / "facts-small"
APP = {"name": "甲", "services": ["bread", "soup"], "holds": ["铺契"]}
LINK = re.compile(r'<a href="#([^"]*)" title="([^"]*)">([^<]*)</a>')
BAD = "a\u202eb <i onclick='x'>\x07 \"c\" & d\u2028e"
"""A line that would turn the direction of writing, ring, break the line, and be markup."""


@pytest.fixture(scope="module")
def small() -> kb.KnowledgeBase:
    return kb.load(only_facts=SMALL, as_of="2023-06-30")


@pytest.fixture
def texts(small: kb.KnowledgeBase, tmp_path: Path) -> Path:
    """A folder with a text of each source, each line saying which it is, the last one bad."""
    for source in small.facts.sources.values():
        lines = [f"{source.id} says {n}" for n in range(1, source.line_count)]
        (tmp_path / f"{source.id}.txt").write_text("\n".join([*lines, BAD]) + "\n", "utf-8")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Runs `kb` with the small facts: exit code, standard output, standard error."""

    def running(*arguments: object) -> tuple[int, str, str]:
        given = [*map(str, arguments), "--only-facts", str(SMALL), "--lang", "en"]
        monkeypatch.setattr("sys.argv", ["kb", *given])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return running


def test_every_citation_leads_to_its_lines(small: kb.KnowledgeBase, texts: Path) -> None:
    """Each citation of an answer says over it what its lines say, and leads to the first of them;
    all that are cited stand at the end of the page, each once."""
    answer = small.ask(APP)
    plain = answer.html()
    with reading(texts_of(small.facts, texts)) as reader:
        shown = answer.html()
    section = reader.section("en")
    links = LINK.findall(shown)
    assert len(links) == plain.count("<small>[") > 3
    assert re.sub(r"</?a[^>]*>", "", shown) == plain
    places = re.findall(r'<li id="([^"]*)">', section)
    assert len(places) == len(set(places))
    for place, title, _ in links:
        source, _, number = place.removeprefix("line-").rpartition("-")
        assert unescape(title).splitlines()[0] == f"{number}: {source} says {number}"
        assert place in places
    # Outside, nothing is left of it.
    assert answer.html() == plain


def test_a_line_can_do_nothing() -> None:
    """What a line holds is shown: it is no markup, breaks no line and turns no writing."""
    text = SourceText("law", "法", "law <1>", 'https://x.example/"a', (BAD,))
    with reading({"law": text}) as reader:
        shown = html([line(0, "a", Cited.of([Cite("law", (1,))]))]) + reader.section("en")
    assert not re.search("[\u202e\u2028\x07]", shown)
    assert "<i" not in shown
    assert shown.count("onclick=&#x27;x&#x27;") == 2
    assert unescape(LINK.findall(shown)[0][1]) == f"1: {visible(BAD)}"
    assert 'href="https://x.example/&quot;a"' in shown


def test_a_source_without_its_text_stays_as_it_is() -> None:
    """Of two sources in one pair of brackets the one whose text is at hand is led to."""
    with reading({"law": SourceText("law", "法", "law", "", ("one", "two"))}) as reader:
        shown = html([line(0, "a", Cited.of([Cite("guide", (9,)), Cite("law", (2,))]))])
    assert shown == (
        '<div class="kb"><p><strong>a <small>[guide 9; <a href="#line-law-2" title="2: two">law 2'
        "</a>]</small></strong></p></div>"
    )
    assert reader.used == {"law": {2}}


@pytest.mark.parametrize("command", [["ask", "APP"], ["why", "APP", "verdict"], ["show", "bread"]])
def test_commands_show_lines(run, texts: Path, tmp_path: Path, command: list[str]) -> None:
    """`--sources` shows the cited lines below a text, and in the page behind every citation."""
    app = tmp_path / "app.yaml"
    app.write_text("{name: 甲, services: [bread]}", "utf-8")
    asked = [str(app) if word == "APP" else word for word in command]
    plain = run(*asked)[1]
    told = run(*asked, "--sources", texts)[1]
    assert told.startswith(plain)
    below = told.removeprefix(plain).splitlines()
    assert below[:2] == ["", "the lines that are cited:"]
    assert re.fullmatch(r"    (\d+): town-\S+ says \1", below[3])
    page = run(*asked, "--format", "html", "--sources", texts)[1]
    assert len(LINK.findall(page)) == page.count("<small>[") > 0
    assert page.rstrip().endswith("</section>\n</main>\n</body>\n</html>")


def test_what_is_no_text_is_refused(run, texts: Path, tmp_path: Path) -> None:
    """A folder without a text, a text of another length, and a form without room for lines."""
    empty = tmp_path / "empty"
    empty.mkdir()
    asked = ("show", "bread", "--sources")
    assert run(*asked, empty) == (
        2,
        "",
        f"error[no-file]: no text of a source in `{empty}`\n"
        "  help: the texts are looked for as `SOURCE.txt`, by the ids of `kb show SOURCE`\n",
    )
    assert run(*asked, texts, "--format", "json") == (
        2,
        "",
        "error[arguments]: `--sources` shows no lines in `json`\n"
        "  help: it is for `--format html` and text\n",
    )
    short = texts / "town-2020.txt"
    short.write_text("one\n", "utf-8")
    code, out, err = run(*asked, texts)
    total = kb.load(only_facts=SMALL, queries=False).facts.sources["town-2020"].line_count
    assert (code, out) == (2, "")
    assert err == (
        f"{short}: error[lines]: the text of `town-2020` has 1 lines, the facts say {total}\n"
    )


def test_changes_show_the_lines_that_they_cite(run, texts: Path) -> None:
    """What changed between two days cites lines; below stand those lines, of each source once."""
    words = ("changes", "--from", "2021-06-30", "--to", "2024-06-30")
    _, plain, _ = run(*words)
    _, told, err = run(*words, "--sources", texts)
    assert (told.startswith(plain.rstrip("\n")), err) == (True, "")
    below = told[len(plain) :]
    cited = {(source, int(n)) for source, n in re.findall(r"(town-[\w-]+) says (\d+)", below)}
    first = {
        (source, int(lines.partition("-")[0]))
        for source, lines in re.findall(r"\[(town-[\w-]+) (\d[-\d]*)\]", plain)
    }
    assert first
    assert first <= cited
