"""Files of graphs: what is written reads back equal, parses, and is there whole or not at all."""

import itertools
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pypdf
import pytest
from graph_browser import browser, installed

import kb
from kb.graph import fonts, layout
from kb.graph.dot import dot
from kb.graph.drawing import Drawing, Link, Spot, drawing
from kb.graph.formats import ENDINGS, export, read, svg
from kb.graph.mermaid import charts, mermaid
from kb.graph.render import Laid
from kb.graph.sheets import dealt

APPS = Path(__file__).parents[1] / "apps"
DAY = "2025-06-30"
NASTY = "</text><script>x</script> & \"q\" 'r' \\N \\l <甲方> {|} [x] ]] %% end #35; `a` *b*"


@pytest.fixture(scope="module")
def whole(base):
    return base.graph(as_of=DAY)


@pytest.fixture(scope="module")
def nasty(base):
    """An app whose name is full of what the formats use for themselves."""
    return base.graph(app={"name": NASTY, "services": ["driving_school_platform"]}, as_of=DAY)


def same(one, other):
    """Whether two graphs are equal: nodes, edges with their keys, and what is said of each."""
    return (
        type(one) is type(other)
        and dict(one.nodes(data=True)) == dict(other.nodes(data=True))
        and sorted(one.edges(keys=True, data=True), key=lambda e: e[2])
        == sorted(other.edges(keys=True, data=True), key=lambda e: e[2])
        and one.graph.items() <= other.graph.items()
    )


@pytest.mark.parametrize("name", ["a.graphml", "a.json", "a.cyjs", "a.cytoscape.json"])
@pytest.mark.parametrize("view", ["whole", "nasty"])
def test_round_trips(request, tmp_path, view, name):
    """GraphML, node-link JSON and Cytoscape JSON give back an equal graph, whatever the names."""
    graph = request.getfixturevalue(view)
    export(graph, tmp_path / name)
    assert same(graph, read(tmp_path / name))


def test_other_libraries_read_the_files(whole, tmp_path):
    """networkx itself reads GraphML, node-link and Cytoscape files, each with all edges."""
    for name in ("a.graphml", "a.json", "a.cyjs"):
        export(whole, tmp_path / name)
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    cytoscape = json.loads((tmp_path / "a.cyjs").read_text(encoding="utf-8"))
    for graph in (
        nx.read_graphml(tmp_path / "a.graphml"),
        nx.node_link_graph(data, edges="edges"),
        nx.cytoscape_graph(cytoscape),
    ):
        assert set(graph) == set(whole)
        assert graph.number_of_edges() == whole.number_of_edges()


@pytest.mark.parametrize("view", ["whole", "nasty"])
def test_dot_parses(request, view):
    """Graphviz reads the DOT text and finds every spot and link, with its label as it is."""
    made = drawing(request.getfixturevalue(view))
    program = (
        "import pygraphviz, sys; "
        "g = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode()); "
        "print(len([n for n in g.nodes() if n.startswith('n')]), "
        "len([e for e in g.edges() if e[0].startswith('n')]), flush=True); "
        "sys.stdout.buffer.write(g.get_node('n0').attr['label'].encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=dot(made).encode(), capture_output=True, check=True
    )
    count, _, label = done.stdout.decode().partition("\n")
    assert count == f"{len(made.spots)} {len(made.links)}"
    assert label.replace("\\\\", "\\").endswith(made.spots[0].label.replace("\n", "\\n"))


def test_svg_is_xml_with_names_as_text(nasty, tmp_path):
    """An SVG holds names as text only, tells each node's name and lines, and asks for nothing."""
    export(nasty, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "g", "title", "style", "polygon", "path", "text", "ellipse", "polyline"}
    titles = [e.text for e in root.iter() if e.tag.endswith("}title")]
    assert any(t.startswith("合作协议\ncooperation agreement\n材料") for t in titles)
    assert any("wechat-education-2021 17" in t for t in titles)
    assert "http" not in text.replace("http://www.w3.org/", "")


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures(base, tmp_path, form, start):
    """PNG and PDF files are what their endings say."""
    export(base.graph(category="教育-驾校平台", as_of=DAY), tmp_path / f"a.{form}")
    assert (tmp_path / f"a.{form}").read_bytes().startswith(start)


def test_a_base_is_printed_on_sheets(early, tmp_path):
    """A base that no sheet has room for is a PDF of several: the first names what is drawn, the
    others are numbered, each is a sheet of A4 to A0, every category stands on one of them, and no
    two trees of a sheet lie on one another."""
    graph = early.graph(as_of="2025-06-30")
    export(graph, tmp_path / "base.pdf")
    first, *sheets = pypdf.PdfReader(tmp_path / "base.pdf").pages
    assert graph.graph["zh"] in first.extract_text()
    iso = {(595.3, 841.9), (841.9, 1190.6), (1190.6, 1683.8), (1683.8, 2381.2), (2381.2, 3367.6)}
    sizes = [tuple(sorted(map(float, sheet.mediabox[2:]))) for sheet in sheets]
    assert {(round(short, 1), round(long, 1)) for short, long in sizes} <= iso
    texts = ["".join(sheet.extract_text().split()) for sheet in sheets]
    for number, text in enumerate(texts, 1):
        assert f"{number}/{len(texts)}" in text
    written = "".join(texts)
    for _, data in graph.nodes(data=True):
        if data["kind"] == "category":
            assert "".join(data["zh"].split()) in written
    parts = [Laid([], [], 60.0 * n, 45.0 * n) for n in range(1, 14)]
    dealt_out = dealt(parts, 26.0)
    assert [part for sheet in dealt_out for part in sheet] == parts
    for sheet in dealt_out:
        for one, other in itertools.combinations(sheet, 2):
            (x, y), (left, top) = one.at, other.at
            beside = x + one.width <= left or left + other.width <= x
            assert beside or y + one.height <= top or top + other.height <= y


def test_a_font_is_cut_without_a_word(base, tmp_path, caplog):
    """Tables of a font that nobody can cut are no concern of who draws: nothing is logged, and the
    glyphs are in the picture."""
    for lang in ("zh", "en"):
        export(base.graph(references=True), tmp_path / "found.svg", lang)
        assert "url(data:font/woff" in (tmp_path / "found.svg").read_text(encoding="utf-8")
    assert [record.getMessage() for record in caplog.records] == []


def test_a_missing_font_is_named(base, tmp_path, monkeypatch):
    """Without a Chinese font no PNG is drawn with empty boxes: the package to install is named.
    SVG and HTML are drawn all the same."""
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path / "none",))
    graph = base.graph(category="教育-驾校平台", depth=0, as_of=DAY)
    with pytest.raises(kb.Problems) as caught:
        export(graph, tmp_path / "a.png")
    (problem,) = caught.value.problems
    assert problem.code == "no-font"
    assert problem.message.startswith("no font here has `")
    assert problem.message.endswith("which the png file needs")
    assert problem.help.startswith(
        "on Debian: apt-get install fonts-noto-cjk (or fonts-wqy-microhei)\n"
    )
    assert not (tmp_path / "a.png").exists()
    export(graph, tmp_path / "a.svg")
    assert "font-face" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_the_layout_has_a_limit(whole):
    """A layout that takes too long is ended, and says what to do."""
    with pytest.raises(kb.LimitError) as caught:
        layout.drawn(drawing(whole), "svg", limit=0.01)
    assert str(caught.value) == (
        "error[limit]: the layout took longer than 0.01 seconds\n"
        "  help: draw a part: --category, --app or --references"
    )


def test_unknown_endings(whole, tmp_path):
    """An ending that is no format is refused with the list of those that are."""
    with pytest.raises(kb.Problems) as caught:
        export(whole, tmp_path / "a.xlsx")
    assert str(caught.value) == (
        "error[ending]: `a.xlsx` has no ending of a graph file\n"
        f"  help: the ending says the format: {', '.join(ENDINGS)}"
    )


def test_the_file_is_whole_or_not_there(whole, tmp_path):
    """A folder that is not there leaves nothing behind; an old file gives way as a whole."""
    with pytest.raises(kb.Problems) as caught:
        export(whole, tmp_path / "none" / "a.dot")
    assert str(caught.value) == (
        f"error[output]: `{tmp_path}/none/a.dot` can not be written: no such file or directory"
    )
    (tmp_path / "a.dot").write_text("old", encoding="utf-8")
    export(whole, tmp_path / "a.dot")
    assert (tmp_path / "a.dot").read_text(encoding="utf-8").startswith("digraph kb {")
    assert [path.name for path in tmp_path.iterdir()] == ["a.dot"]


def test_what_is_no_graph_is_refused(tmp_path):
    """A file that holds no graph is a problem with its name."""
    (tmp_path / "a.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(kb.Problems) as caught:
        read(tmp_path / "a.json")
    assert caught.value.problems[0].message == f"`{tmp_path}/a.json` can not be read as a graph"


@pytest.mark.browser
def test_mermaid_renders(base, nasty):
    """A real Mermaid that nobody has set otherwise draws every view, each name as text."""
    script = installed("mermaid", "dist/mermaid.min.js")
    with browser() as chromium:
        page = chromium.new_page()
        page.set_content("<div id=at></div>")
        page.add_script_tag(path=script)
        for graph in (
            nasty,
            base.graph(app=APPS / "luke.yaml", as_of=DAY),
            base.graph(app=APPS / "xuechetong.yaml", proof="verdict", as_of=DAY),
            base.graph(app=APPS / "xuechetong.yaml", plan=True, as_of=DAY),
        ):
            made = drawing(graph)
            count, text, hurt = page.evaluate(
                """async (text) => {
                  mermaid.initialize({startOnLoad: false});
                  const {svg} = await mermaid.render("m", text);
                  const at = document.getElementById("at");
                  at.innerHTML = svg;
                  return [at.querySelectorAll("g.node").length, at.textContent,
                    at.querySelectorAll("script, img").length];
                }""",
                mermaid(made),
            )
            assert count == len(made.spots)
            assert hurt == 0
            if graph is nasty:
                shown = "".join(text.split())
                assert "".join(made.spots[0].label.split()) in shown


def test_mermaid_of_more_than_mermaid_draws(whole, tmp_path):
    """What Mermaid would refuse becomes several files that it does not: each line is in exactly
    one of them, each thing in one with the rest of it told from the others, and a file that is
    there and no chart stays as it is."""
    made = drawing(whole)
    files = export(whole, tmp_path / "base.mmd")
    assert [file.name for file in files] == sorted(file.name for file in tmp_path.iterdir())
    assert files[0].name == "base-01.mmd"
    texts = [file.read_text(encoding="utf-8") for file in files]
    drawn = [re.findall(r"^  (n\d+) \S+ (n\d+)$", text, re.MULTILINE) for text in texts]
    assert all(len(lines) <= 500 for lines in drawn)
    assert all(len(text) <= 50_000 for text in texts)
    assert sorted(pair for lines in drawn for pair in lines) == sorted(
        (link.tail, link.head) for link in made.links
    )
    spots = [re.findall(r"^  (n\d+)\W.*", text, re.MULTILINE) for text in texts]
    assert set().union(*spots) >= {spot.id for spot in made.spots}
    (tmp_path / "base-03.mmd").write_text("mine", encoding="utf-8")
    with pytest.raises(kb.Problems) as caught:
        export(whole, tmp_path / "base.mmd")
    (problem,) = caught.value.problems
    assert problem.code == "mermaid-file"
    assert (tmp_path / "base-03.mmd").read_text(encoding="utf-8") == "mine"


def test_a_chart_too_large_for_one_tells_where_the_rest_is(monkeypatch):
    """What hangs together and has no room in one chart stands on in the next, which says so."""
    spots = [Spot(f"n{n}", f"k{n}", "document", "", "", f"d{n}") for n in range(7)]
    links = [Link(f"e{n}", "n0", f"n{n}", "requires") for n in range(1, 7)]
    monkeypatch.setattr("kb.graph.mermaid.MOST_EDGES", 4)
    first, second = charts(Drawing("t", "en", spots, links))
    assert "chart 1 of 2" in first
    assert "more in chart" not in first
    assert [line for line in second.splitlines() if "more in chart 1" in line] == [
        '  n0[/"d0<br/>#40;more in chart 1#41;"/]'
    ]


def test_graphml_has_what_programs_draw(base, tmp_path):
    """Each node of GraphML has a label in the language asked for with the mark of its state, a
    colour, and a place that no other has; yEd's shapes say the same."""
    graph = base.graph(app=APPS / "xuechetong.yaml", as_of=DAY)
    export(graph, tmp_path / "a.graphml", "en")
    found = nx.read_graphml(tmp_path / "a.graphml")
    places = [(data["x"], data["y"]) for _, data in found.nodes(data=True)]
    assert len(set(places)) == len(places) == len(graph)
    own = found.nodes["category:education-driving-school-platform"]
    assert own["label"] == "✗ Education - driving school platform"
    assert (own["state"], own["r"], own["g"], own["b"]) == ("missing", 0xCF, 0xE3, 0xF3)
    root = ET.parse(tmp_path / "a.graphml").getroot()
    drawn = {e.tag.rpartition("}")[2] for e in root.iter() if "yworks" in e.tag}
    assert {"ShapeNode", "Geometry", "Fill", "NodeLabel", "PolyLineEdge", "EdgeLabel"} <= drawn


def test_a_picture_for_notebooks(whole):
    """The picture of the whole base has its groups, each with how much is left out, and is small
    enough for a notebook."""
    found = svg(whole)
    assert len(found) < 400_000
    assert found.count('class="node group') > 25
    assert re.search(r">政务民生 \+\d+<", found)
