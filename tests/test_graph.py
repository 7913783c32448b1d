"""The graph: its nodes and edges, its views, and what standard algorithms find in it."""

from pathlib import Path

import networkx as nx
import pytest

import kb
from kb.graph.build import Builder, plain
from kb.graph.drawing import drawing
from kb.graph.kinds import EDGES, NODES, SHAPES, STATES, STROKES
from kb.graph.mermaid import mermaid
from kb.graph.wrap import wrapped

APPS = Path(__file__).parent / "apps"
DAY = "2025-06-30"
NASTY = '</script><img src=x onerror="alert(1)"> \\N "q" </text>'


@pytest.fixture(scope="module")
def whole(base):
    return base.graph(as_of=DAY)


def of_kind(graph, kind):
    return [key for key, data in graph.nodes(data=True) if data["kind"] == kind]


def test_every_node_and_edge_is_typed_labelled_and_stated(whole):
    """Every node and every edge has its kind, both labels, and the lines that state it."""
    assert isinstance(whole, nx.MultiDiGraph)
    for key, data in whole.nodes(data=True):
        assert {"kind", "zh", "en", "sources"} <= data.keys(), key
        assert key.startswith(data["kind"] + ":")
    for *ends, data in whole.edges(data=True):
        assert {"kind", "zh", "en", "sources"} <= data.keys(), ends
        assert data["kind"] in EDGES


def test_attributes_are_what_every_format_can_carry(whole):
    """Attributes are text, whole numbers or true; none is empty."""
    found = [d for _, d in whole.nodes(data=True)] + [d for *_, d in whole.edges(data=True)]
    for data in found:
        assert all(
            v is True or isinstance(v, int) or (isinstance(v, str) and v) for v in data.values()
        )


def test_kinds(whole):
    """The whole base has sources, categories, services, all-of, any-of, documents, authorities
    and conditions, and the parts of other texts; they are drawn with seven shapes."""
    kinds = {data["kind"] for _, data in whole.nodes(data=True)}
    assert {
        "source", "category", "service", "all_of", "any_of", "document", "authority", "condition",
        "obligation", "prohibition", "step", "material", "check", "practice", "event",
        "consequence",
    } <= kinds  # fmt: skip
    assert {NODES[k].shape for k in kinds} == set(SHAPES)
    assert len(SHAPES) == 7


def test_lines_of_the_legend_differ():
    """There are seven kinds of lines, and no two have the same stroke and head, colour left aside:
    a legend in black and white tells them apart."""
    assert {how.family for how in EDGES.values()} == set(STROKES)
    assert len(STROKES) == 7
    assert len({(stroke.style, stroke.head) for stroke in STROKES.values()}) == 7


def test_the_whole_is_what_the_facts_state(base, whole):
    """Each category, service and document that a source speaks of is there, once."""
    readings = base.facts.readings.values()
    stated = {f"category:{r.record.category}" for r in readings}
    stated |= {f"category:{c}" for r in readings for x in r.record.references for c in x.categories}
    assert set(of_kind(whole, "category")) == stated
    assert set(of_kind(whole, "document")) == {
        f"document:{n.document}" for n in base.needs.values()
    } | {f"document:{leaf}" for leaf in optional_documents(base)}


def optional_documents(base):
    from kb.model.requirements import leaves

    return {
        leaf.document
        for r in base.facts.readings.values()
        if r.record.requirement
        for leaf in leaves(r.record.requirement)
    }


def test_descendants_and_ancestors(whole):
    """What a service may need is what it leads to; who may need a document leads to it."""
    service, filing = "service:driving_school_platform", "document:driver_training_filing"
    assert filing in nx.descendants(whole, service)
    needing = {k for k in nx.ancestors(whole, filing) if whole.nodes[k]["kind"] == "category"}
    assert "category:education-driving-school" in needing
    path = nx.shortest_path(whole, service, filing)
    assert [whole.nodes[k]["kind"] for k in path] == ["service", "category", "all_of", "document"]


def test_a_tree_leads_to_nothing_but_its_own(whole):
    """Conditions, authorities and sources of law lead nowhere, so trees do not run together."""
    for kind in ("condition", "authority"):
        assert all(whole.out_degree(key) == 0 for key in of_kind(whole, kind))


def test_lines_of_the_source(whole):
    """An edge cites the very lines that state it."""
    (data,) = whole.get_edge_data(
        "all_of:wechat-education-2021/education-driving-school-platform/0",
        "document:cooperation_agreement",
    ).values()
    assert data["sources"] == "wechat-education-2021 17"
    assert (data["at_least"], data["holder"], data["zh"]) == (2, "applicant", "需要")


def test_one_category(base):
    """A category alone is its services, its tree and its sources; with depth, those it refers to
    and those that refer to it."""
    alone = base.graph(category="公益-募捐服务", depth=0)
    near = base.graph(category="公益-募捐服务", depth=1)
    assert of_kind(alone, "category") == ["category:charity-fundraising"]
    assert set(of_kind(near, "category")) >= {
        "category:charity-fundraising",
        "category:charity-information",
        "category:charity-personal-aid",
    }
    assert set(alone) < set(near)
    assert nx.is_weakly_connected(alone)


def test_references(base):
    """The view of references has edges between categories only, each with the services or the
    applicants that it speaks of (lines 184-187 and 200-203), and no other condition."""
    found = base.graph(references=True)
    assert {d["kind"] for _, d in found.nodes(data=True)} == {"category", "condition"}
    leads = [(u, v, d) for u, v, d in found.edges(data=True) if d["kind"] != "when"]
    assert {d["kind"] for *_, d in leads} == {"also_needs", "instead", "advises"}
    assert {(d["when"], v) for _, v, d in leads} == {
        (v, d["of"]) for *_, v, d in found.edges(data=True) if d["kind"] == "when"
    }
    ends = ("category:medical-visit", "category:medical-internet-hospital")
    sent = {(d["kind"], found.nodes[d["when"]]["zh"]) for u, v, d in leads if (u, v) == ends}
    assert sent == {
        ("instead", "申请主体为医疗机构"),
        ("instead", "提供「医疗机构自己的就医服务」，或申请主体为医疗机构"),
        ("instead", "提供「多家医疗机构上门护理平台」或「单家医疗机构上门护理」"),
        ("instead", "提供「在线看诊」"),
        ("also_needs", "提供「在线看诊」"),
    }


def test_the_answer_of_an_app(base):
    """What the app has, lacks and leaves open is told at each place that asks for it."""
    found = base.graph(app=APPS / "xuechetong.yaml", as_of=DAY)
    assert found.nodes["app:学车通"]["state"] == "missing"
    states = {
        (found.nodes[v]["zh"], d["state"])
        for *_, v, d in found.edges(data=True)
        if d["kind"] == "requires"
    }
    assert states == {
        ("全部提供", "missing"),
        ("合作协议", "missing"),
        ("机动车驾驶员培训备案", "satisfied"),
        ("非经营性互联网信息服务备案核准", "missing"),
        ("小程序开发者承诺函", "satisfied"),
        ("小程序备案号", "missing"),
        ("小程序已备案", "undetermined"),
    }


def test_open_conditions_are_question_marks(base):
    """An open condition is undetermined, one that fails leaves its part out."""
    found = base.graph(app=APPS / "luke.yaml", as_of=DAY)
    states = {k: found.nodes[k]["state"] for k in of_kind(found, "condition")}
    assert states["condition:is_training_institution"] == "undetermined"
    assert states["condition:teaches_live"] == "idle"
    marks = {
        spot.label.split("\n")[0]: STATES[spot.state].mark
        for spot in drawing(found).spots
        if spot.state
    }
    assert marks["申请主体为培训机构"] == "?"
    assert marks["课程为录播"] == "✓"


def test_states_agree_with_verdicts(early):
    """A category with one reading and no limit on account or place has the verdict that the root
    of its tree shows, whatever the app offers and holds."""
    documents = sorted({n.document for n in early.needs.values()})
    simple = [
        (scope.service, reading.record.category)
        for reading in early.facts.readings.values()
        for scope in reading.record.scope
        if reading.record.requirement
        and not reading.record.accounts
        and not (reading.record.open_to or reading.record.regions or reading.record.unsupported)
        and not (scope.when or scope.unclear or reading.record.requirement.when)
        and len(early.facts.readings_of(reading.record.category)) == 1
    ]
    assert simple
    for service, category in simple:
        for holds in ([], documents, documents[::2]):
            app = {"name": "a", "services": [service], "holds": holds, "applicant": "enterprise"}
            found = early.graph(app=app, as_of=DAY)
            (root,) = (
                d
                for *_, d in found.out_edges(f"category:{category}", data=True)
                if d["kind"] == "requires"
            )
            assert root["state"] == found.nodes[f"category:{category}"]["state"], (service, holds)


def test_a_proof(base):
    """A proof is a graph without circles that ends in what is stated, absent or compared."""
    found = base.graph(app=APPS / "xuechetong.yaml", proof="教育-驾校平台", as_of=DAY)
    assert nx.is_directed_acyclic_graph(found)
    ends = {found.nodes[k]["kind"] for k in found if found.out_degree(k) == 0}
    assert ends <= {"stated", "absent"}
    assert found.in_degree(found.graph["focus"]) == 0


def test_changes(base):
    """Between two days, what came is added; what stood on both days is the same."""
    found = base.graph(between=("2025-01-01", DAY))
    named = {f"category:{c.category}" for c in base.changes("2025-01-01", DAY).categories}
    assert {k for k in of_kind(found, "category") if "state" in found.nodes[k]} == named
    assert named
    assert base.graph(between=(DAY, DAY)).number_of_nodes() == 0


def test_views_that_do_not_go_together(base):
    """One view at a time, and a proof needs an app."""
    with pytest.raises(kb.Problems) as caught:
        base.graph(category="教育-驾校平台", references=True)
    assert str(caught.value) == (
        "error[views]: these views do not go together: a category, references\n"
        "  help: ask for one of them"
    )
    with pytest.raises(kb.Problems) as caught:
        base.graph(proof="verdict")
    assert str(caught.value) == "error[no-app]: a proof is about an app\n  help: give its profile"


def test_the_whole_is_a_forest(whole):
    """Drawn, the whole base falls into one tree a category and one a text that states more, and
    none hangs on another."""
    parts = drawing(whole).parts()
    for spots, links in parts:
        own = [s for s in spots if s.kind == "category" and not s.pointer]
        texts = [s for s in spots if s.kind == "source" and not own]
        assert len(own) + len(texts) == 1
        assert len(links) >= len(spots) - 1


def test_no_name_is_an_identifier(base):
    """Drawn things are called n0, n1, ...; a name from a profile is a label and nothing else."""
    found = base.graph(app={"name": NASTY, "services": ["driving_school_platform"]})
    made = drawing(found)
    assert [s.id for s in made.spots] == [f"n{n}" for n in range(len(made.spots))]
    assert made.spots[0].zh == plain(NASTY)


def test_labels_wrap():
    """Long labels break between words and between Chinese characters, and lose nothing."""
    text = (
        "全国校外线上培训管理服务平台备案 wechat-education-2021/education-driving-school-platform"
    )
    lines = wrapped(text, 30)
    assert max(map(len, lines)) <= 31
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_labels_are_even(whole):
    """No line of a label ends with a mark that opens something, and no last line is one character
    or a mark that another line has space for."""
    for names in whole.nodes(data="zh"), whole.nodes(data="en"):
        for _, name in names:
            lines = wrapped(name)
            assert not any(line[-1] in "(（「『【〔《" for line in lines), lines
            assert len(lines) == 1 or len(lines[-1]) > 1, lines
    assert wrapped("国际客运许可证明书的复印件 「旅客运输服务」") == [
        "国际客运许可证明书的复印件",
        "「旅客运输服务」",
    ]
    assert wrapped("全国校外线上培训管理服务平台备案") == ["全国校外线上培训", "管理服务平台备案"]


def test_no_character_that_a_format_can_not_carry():
    """Control characters, odd spaces and halves of characters do not reach a label."""
    assert plain("a\x00\x0bb\u2028c\ud800d\r\n e ") == "a b c d e"


def test_kinds_to_come_are_drawn(base):
    """A kind that is not known yet is drawn plainly, under its own name."""
    made = Builder(base.facts)
    made.edge(
        "echoes", made.node("song", "one", "一", "one"), made.node("song", "two", "二", "two")
    )
    found = drawing(made.finished(view="songs", zh="歌", en="songs"))
    assert [(s.kind, s.zh) for s in found.spots] == [("song", "一"), ("song", "二")]
    assert list(found.tags().values()) == ["echoes"]


def test_what_is_perhaps_so_is_drawn_so(base):
    """Recorded lessons fall under online video courses only perhaps, by the text of 2021: the edge
    and the category say so, and both are drawn dashed; the scope for live ones does not apply."""
    found = base.graph(app=APPS / "luke.yaml", as_of=DAY)
    scopes = {
        data["when"]: (data.get("certainty"), data.get("state"))
        for _, _, data in found.edges(data=True)
        if data["kind"] == "in_scope"
    }
    assert scopes == {
        "condition:teaches_recorded": ("perhaps", None),
        "condition:teaches_live": (None, "idle"),
    }
    made = drawing(found)
    assert [spot.key for spot in made.spots if spot.perhaps] == ["category:education-online-video"]
    assert {link.kind for link in made.links if link.perhaps} == {"when", "in_scope"}


def test_what_to_provide(base):
    """An app leads to the documents of its smallest set that it lacks, as many as are asked for and
    with the lines that ask; those are marked at the place that asks for them too."""
    found = base.graph(app=APPS / "xuechetong.yaml", as_of="2026-03-01")
    (edge,) = (d for *_, d in found.edges(data=True) if d["kind"] == "to_provide")
    assert (edge["at_least"], edge["holder"], edge["state"]) == (2, "applicant", "missing")
    assert edge["sources"] == "wechat-table-2026-02-enterprise 70"
    asked = [
        d for *_, v, d in found.edges(data=True) if d.get("picked") and d["kind"] == "requires"
    ]
    assert "wechat-table-2026-02-enterprise 70" in {d["sources"] for d in asked}


def test_nothing_of_an_answer_is_stranded(base):
    """Whatever brings a category to an app (scope, note, a list for others), a service leads to it
    or it forbids one."""
    for service in ("cross_border_clothing", "driverless_carpool_payment", "door_to_door_massage"):
        app = {"name": "a", "services": [service], "applicant": "enterprise", "regions": ["CN-GD"]}
        found = base.graph(app=app, as_of="2026-03-01")
        assert of_kind(found, "category")
        assert nx.is_weakly_connected(found)
        for category in of_kind(found, "category"):
            ends = (f"service:{service}", category)
            assert found.has_edge(*ends) or found.has_edge(*reversed(ends))


def test_a_category_is_drawn_as_unsure_as_its_text(base):
    """In the picture of a category the line from recorded lessons (37, 44) is dashed, in dot and in
    Mermaid alike, and the line from live ones is not; the two readings of 2021 (21-24, 47-51) each
    stand as one of several, the table of 2026 alone does not."""
    made = drawing(base.graph(category="教育-在线视频课程", as_of=DAY))
    keys = {spot.id: spot.key for spot in made.spots}
    scopes = [link for link in made.links if link.kind == "in_scope" and not link.past]
    dashed = {keys[link.tail] for link in scopes if link.perhaps}
    assert dashed == {"condition:teaches_recorded"}
    assert {keys[link.tail] for link in scopes if not link.perhaps} >= {"condition:teaches_live"}
    assert made.borders()["perhaps"] == "可能(虚线)"
    recorded = next(link.tail for link in scopes if link.perhaps)
    assert f"  {recorded} -.-> " in mermaid(made)

    def rivals(day):
        edges = base.graph(category="教育-教育平台", as_of=day).edges(data=True)
        return [d["sources"] for *_, d in edges if d["kind"] == "cites" and d.get("rival")]

    assert rivals(DAY) == ["wechat-education-2021 21-24", "wechat-education-2021 47-51"]
    assert rivals("2026-06-01") == []
