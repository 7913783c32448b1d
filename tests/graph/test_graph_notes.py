"""Notes, trees and limits of categories in pictures: each with what it hangs on and its lines."""

import networkx as nx

from kb.graph.drawing import drawing


def of_kind(graph, kind):
    return [key for key, data in graph.nodes(data=True) if data["kind"] == kind]


def test_notes_are_drawn_with_what_they_hang_on(base):
    """A note that an app does not come under (line 46, of one institution's own nursing) is drawn
    as not applying, with the service that it speaks of, and one that it comes under is not: of
    online consultation (48), of bookings (47), and of nursing at home (185) back again."""
    lines = "wechat-adjustments-2025q1 44,"
    app = {
        "name": "a",
        "applicant": "enterprise",
        "services": ["多家医疗机构上门护理平台", "在线看诊"],
    }
    found = base.graph(app=app, as_of="2025-06-30")
    notes = {
        (v, d["sources"]): (found.nodes[d["when"]]["state"], d.get("state"))
        for u, v, d in found.edges(data=True)
        if u == "category:medical-home-care" and "reference" in d
    }
    assert notes == {
        ("category:medical-internet-hospital", f"{lines} 46"): ("idle", "idle"),
        ("category:medical-internet-hospital", f"{lines} 48"): ("satisfied", None),
    }
    app["services"] = ["多家医疗机构上门护理平台", "在线挂号"]
    found = base.graph(app=app, as_of="2025-06-30")
    states = {
        (u, v): (found.nodes[d["when"]]["state"], d.get("state"))
        for u, v, d in found.edges(data=True)
        if "reference" in d
    }
    one, other = "category:medical-home-care", "category:medical-visit"
    assert states == {
        (one, other): ("satisfied", None),
        (other, one): ("satisfied", None),
        (other, "category:medical-institution"): ("satisfied", None),
    }


def test_who_is_sent_away_is_led_to_where(base):
    """A public hospital that takes bookings is sent on by the note of line 200: the picture leads
    from the service over that category, which asks for nothing, to the ones that it may choose."""
    app = {"name": "一院", "applicant": "public_medical_institution", "services": ["在线挂号"]}
    found = base.graph(app=app, as_of="2026-03-01")
    sender = "category:medical-visit"
    assert found.nodes[sender]["state"] == "idle"
    assert [u for u, _, d in found.in_edges(sender, data=True) if d["kind"] == "in_scope"] == [
        "service:medical_registration"
    ]
    led = {v for _, v, d in found.out_edges(sender, data=True) if d["kind"] == "instead"}
    assert led == {key for key in of_kind(found, "category") if key != sender}
    assert nx.is_weakly_connected(found)
    assert not any(d["kind"] == "requires" for *_, d in found.out_edges(sender, data=True))


def test_trees_of_several_texts_name_their_source(base):
    """The two texts of 2021 on education platforms (21-24, 47-51) stand side by side: each tree
    says so once, at its root, with its source; where one text is drawn the lines are enough."""
    made = drawing(base.graph(category="教育-教育平台", as_of="2025-03-01", depth=0))
    keys = {spot.id: spot for spot in made.spots}
    roots = [
        keys[link.head].label.replace("\n", " ")
        for link in made.links
        if link.kind == "requires" and keys[link.tail].kind == "category"
    ]
    assert roots == [
        "任选其一 (2 选 1) (并存说法之一) [wechat-education-2021 22-24]",
        "全部提供 (并存说法之一) [wechat-education-2021 48-50]",
        "任选其一 (2 选 1) [wechat-table-2026-02-enterprise 76-78, 81]",
    ]
    papers = [spot for spot in made.spots if spot.kind == "document"]
    assert papers
    assert not any("并存" in spot.label for spot in papers)
    alone = drawing(base.graph(category="医疗服务-三级私立医疗机构", as_of="2026-03-01", depth=0))
    (paper,) = (spot for spot in alone.spots if spot.kind == "document")
    assert paper.label == "医疗机构执业许可证 [170-171]"


def test_an_only_is_drawn_with_its_lines(base):
    """Whom a category is open to (169, 173) is told apart from other conditions, with its lines."""
    made = drawing(base.graph(category="医疗服务-三级私立医疗机构", as_of="2026-03-01", depth=0))
    only = [spot for spot in made.spots if made.tags().get(spot.id) == "只开放给"]
    assert [(spot.label, spot.sources) for spot in only] == [
        ("申请主体为三级私立医疗机构\n[169, 173]", "wechat-table-2026-02-enterprise 169, 173")
    ]


def test_what_a_paper_leaves_open_is_perhaps(base):
    """Line 2656 leaves open whose permit a subsidiary hands in: of all papers that one alone is
    perhaps, and of two words of a licence (2654) either will do."""
    made = drawing(base.graph(category="car-presale", as_of="2026-03-01", depth=0))
    keys = {spot.id: spot for spot in made.spots}
    perhaps = [keys[link.head].label for link in made.links if link.perhaps]
    assert perhaps == ["工信部道路机动车辆生\n产企业准入许可 (可能) [2656]"]
    asked = [spot.label.replace("\n", " ") for spot in made.spots if "[2654]" in spot.label]
    assert "营业执照 「汽车生产 或 汽车销售」 [2654]" in asked
