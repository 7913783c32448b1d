"""Duties, bans, procedures and authorities in the graph: whole, beside an app, and as a plan."""

import re

import networkx as nx
import pytest

import kb
from kb.graph.build import key_of
from kb.graph.drawing import drawing
from kb.graph.formats import export, read
from kb.graph.kinds import EDGES, NODES, STATES
from kb.graph.texts import PARTS

DAY = "2025-06-30"
APP = {
    "name": "京学",
    "applicant": "enterprise",
    "regions": ["CN-BJ"],
    "audience": ["compulsory_education"],
    "services": ["education_live_stream"],
    "holds": ["中小学线上学科培训许可"],
    "facts": {
        "purpose": "training",
        "subjects": ["mathematics"],
        "developed_for_schools": "no",
        "phones_differ": "no",
        "phones_reachable": "yes",
        "harmful_content": "yes",
        "user_agreement": "no",
        "public_rules": "yes",
    },
}


@pytest.fixture(scope="module")
def whole(base):
    return base.graph(as_of=DAY)


@pytest.fixture(scope="module")
def answer(base):
    return base.graph(app=APP, as_of=DAY)


@pytest.fixture(scope="module")
def plan(base):
    return base.graph(app=APP, plan=True, as_of=DAY)


def of_kind(graph, *kinds):
    return {key for key, data in graph.nodes(data=True) if data["kind"] in kinds}


def heads(graph, key, kind):
    """Where the edges of a kind lead from a node."""
    return {head for _, head, data in graph.out_edges(key, data=True) if data["kind"] == kind}


def test_every_part_of_every_text_is_there(base, whole):
    """Each duty, ban, step, material, consequence of each text is one node; it cites its text with
    the lines that the facts give."""
    groups = {
        "obligation": "duties",
        "prohibition": "prohibitions",
        "step": "steps",
        "consequence": "consequences",
        "material": "materials",
    }
    for kind, group in groups.items():
        stated = {
            f"{kind}:{source}:{record.id}": record
            for source, file in base.facts.files.items()
            for record in getattr(file, group)
        }
        assert {k for k in of_kind(whole, kind) if "/" not in k} == set(stated)
        for key, record in stated.items():
            source = key.split(":")[1]
            assert heads(whole, key, "cites") == {f"source:{source}"}
            assert (whole.nodes[key]["zh"], whole.nodes[key]["en"]) == (record.zh, record.en)
            assert whole.nodes[key]["sources"].startswith(f"{source} {record.lines[0]}")


def test_edges_of_parts_are_the_facts(base, whole):
    """Edges between parts are the rows that rules read: order of steps, items, checks, who
    examines what, what is forbidden, what a breach brings, what comes before an event."""
    rows = base.facts.rows.facts

    def pairs(kind, tails, ends):
        return {
            (tail.partition(":")[2], head.partition(":")[2])
            for tail, head, data in whole.edges(data=True)
            if data["kind"] == kind
            and whole.nodes[tail]["kind"] in tails
            and whole.nodes[head]["kind"] in ends
        }

    assert pairs("before", {"step"}, {"step"}) == {(b, a) for a, b in rows["step_after"]}
    assert pairs("before", {"obligation"}, {"event"}) == set(rows["duty_before"])
    assert pairs("breach", PARTS, PARTS) == set(rows["breach"])
    assert pairs("requires", {"step"}, {"material"}) == set(rows["step_need"])
    assert pairs("requires", {"step"}, {"check"}) == set(rows["step_check"])
    assert pairs("requires", {"material"}, {"material"}) == {
        (whole_of, part) for part, whole_of in rows["material_in"]
    }
    assert pairs("requires", {"obligation", "material"}, {"document"}) == {
        (part, document) for part, document, _ in rows["met_by_document"]
    }
    assert pairs("prohibits", {"prohibition"}, {"practice"}) == set(rows["forbids_practice"])
    authority = dict(rows["examination"])
    assert pairs("examined_by", {"material"}, {"authority"}) == {
        (material, authority[examination]) for examination, material in rows["examines"]
    }
    for how in ("when", "unless"):
        assert pairs(how, {"obligation", "prohibition"}, {"condition"}) == {
            (part, condition)
            for part, condition in rows[f"part_{how}"]
            if part in base.provisions.bearer
        }


def test_impact_crosses_texts(whole):
    """What a category needs and what a duty needs are the same document, so who may need a permit
    is found in both."""
    needing = nx.ancestors(whole, "document:education_app_provider_filing")
    assert "obligation:beijing-draft-2022:provider-filing" in needing
    shared = {
        whole.nodes[k]["kind"] for k in nx.ancestors(whole, "document:non_commercial_icp_filing")
    }
    assert {"category", "material"} <= shared


def test_each_text_is_a_tree_of_its_own(whole):
    """Drawn, a text with all its parts hangs together and apart from every category; parts that
    share their conditions share one spot for them; a draft is marked as one."""
    own = [
        (spots, links)
        for spots, links in drawing(whole).parts()
        if any(spot.kind in PARTS for spot in spots)
    ]
    assert len(own) == 3
    for spots, _ in own:
        roots = [s for s in spots if s.kind == "source"]
        assert len(roots) == 1
        assert not any(s.kind in ("category", "all_of", "any_of") for s in spots)
    (beijing,) = (s for s, _ in own if s[0].key.split(":")[1] == "beijing-draft-2022")
    [title] = {s.label.replace("\n", "") for s in beijing if s.kind == "source"}
    assert title.count("征求意见稿") == 1
    groups = [s.label for s in beijing if s.kind == "condition"]
    assert len(groups) == len(set(groups)) == 6


def test_kinds_are_told_apart(whole, plan):
    """All kinds that occur together have names of their own in both languages; those of one shape
    differ in their fill or say what they are; marks tell states apart."""
    for graph in (whole, plan):
        kinds = {data["kind"] for _, data in graph.nodes(data=True)}
        assert kinds <= NODES.keys()
        for lang in ("zh", "en"):
            assert len({NODES[k].label(lang) for k in kinds}) == len(kinds)
        assert set(drawing(graph).edge_kinds()) <= EDGES.keys()
    alike = {"none_stated", "none_required", "not_open"}
    marks = [state.mark for name, state in STATES.items() if name not in alike]
    assert len(marks) == len(set(marks))


def test_duties_of_an_app(base, answer):
    """An app's duties have the verdicts of its answer, and what would meet each is ticked, crossed
    or open; the bans that it violates are there, and no other."""
    asked = base.ask(APP, DAY)
    verdicts = {o.part: o.verdict for o in asked.obligations}
    assert {k.partition(":")[2] for k in of_kind(answer, "obligation")} == set(verdicts)
    for id, verdict in verdicts.items():
        assert answer.nodes[f"obligation:{id}"]["verdict"] == verdict
    violated = {"prohibition:beijing-draft-2022:harmful-content"}
    assert of_kind(answer, "prohibition") == violated
    (ban,) = violated
    assert answer.nodes[ban]["state"] == "prohibited"
    states = {
        (head, data["state"])
        for tail, head, data in answer.edges(data=True)
        if data["kind"] in ("requires", "prohibits") and answer.nodes[tail]["kind"] in PARTS
    }
    assert {
        ("practice:harmful_content", "prohibited"),
        ("practice:user_agreement", "missing"),
        ("practice:public_rules", "satisfied"),
        ("practice:complaint_channel", "undetermined"),
        ("document:online_subject_training_permit", "satisfied"),
        ("practice:content_review_passed", "undetermined"),
    } <= states
    own = answer.graph["focus"]
    assert heads(answer, own, "bound_by") == of_kind(answer, "obligation")
    assert heads(answer, own, "violates") == violated


def test_standing_is_marked(answer):
    """A duty of a draft or of an unofficial text says so by itself, where the app's are shown."""
    labels = {s.key: s.label for s in drawing(answer).spots}
    assert "〔征求意见稿〕" in labels["obligation:beijing-draft-2022:user-agreement"]
    assert "〔征求意见稿〕" in labels["prohibition:beijing-draft-2022:harmful-content"]
    assert "〔非官方〕" in labels["obligation:filing-procedure-2025:file"]
    english = {s.key: s.label for s in drawing(answer, "en").spots}
    assert "〔draft〕" in english["obligation:beijing-draft-2022:user-agreement"]


def test_a_duty_that_nothing_shows_is_no_tick(answer):
    """A duty whose text names no way to show that it is kept is listed without a tick."""
    key = "obligation:beijing-draft-2022:lawful-orientation"
    assert (answer.nodes[key]["verdict"], answer.nodes[key]["state"]) == ("none_stated", "named")
    (spot,) = (s for s in drawing(answer).spots if s.key == key)
    assert STATES[spot.state].mark not in "✓✗?"


def test_the_plan_is_in_order(base, plan):
    """Steps come in the order of the plan, from left to right: no edge leads back."""
    steps = [k for k in nx.topological_sort(plan) if plan.nodes[k]["kind"] == "step"]
    named = [f"step:{step.part}" for step in base.plan(APP, as_of=DAY).steps]
    place = {key: n for n, key in enumerate(steps)}
    assert set(steps) == set(named)
    for later in base.plan(APP, as_of=DAY).steps:
        for before in later.after:
            one, other = (f"step:filing-procedure-2025:{id}" for id in (before, later.id))
            assert place[one] < place[other]
            assert plan.has_edge(one, other)


def test_the_plan_tells_who_how_long_and_what_holds(base, plan):
    """Each step names its actor and its time; each check has the verdict of the plan, and a step
    shows the worst of its checks; an item that is perhaps asked for is a question mark."""
    found = base.plan(APP, as_of=DAY)
    for step in found.to_dict()["steps"]:
        data = plan.nodes[f"step:filing-procedure-2025:{step['id']}"]
        assert data["actor_zh"] == step["actor"]
        verdicts = {c["what"]: c["verdict"] for c in step["checks"]}
        key = f"step:filing-procedure-2025:{step['id']}"
        checks = {
            plan.nodes[k]["zh"]: plan.nodes[k]["state"]
            for k in heads(plan, key, "requires")
            if plan.nodes[k]["kind"] == "check"
        }
        assert checks == verdicts
        assert len(heads(plan, key, "requires")) == len(step["needs"]) + len(step["checks"])
    made = drawing(plan)
    labels = {s.key: (s.label, s.state) for s in made.spots}
    label, state = labels["step:filing-procedure-2025:fill-entity-responsible"]
    assert "由: 开发者" in label
    assert state == "missing"
    assert "用时: 1–20 个工作日" in labels["step:filing-procedure-2025:provincial-review"][0]
    assert "不通过则回到: 在微信公众平台提交备案" in re.sub(
        "\n", "", labels["step:filing-procedure-2025:message-check"][0]
    )
    assert labels["check:filing-procedure-2025:platform-review/phones-reachable"][1] == "satisfied"
    open_item = "material:filing-procedure-2025:fill-mini-program/need-2"
    assert labels[open_item][1] == "undetermined"
    assert f"{found.working_days[0]}–{found.working_days[1]}" in made.spots[0].label


def test_items_stand_below_their_step(plan):
    """In the drawing a step and what it needs are one column, and each item is in one column."""
    made = drawing(plan)
    kinds = {s.id: s.kind for s in made.spots}
    columns = made.columns
    assert all([kinds[id] for id in column].count("step") == 1 for column in columns)
    placed = [id for column in columns for id in column]
    assert len(placed) == len(set(placed))
    assert {id for id, kind in kinds.items() if kind in ("check", "material")} <= set(placed)


def test_preconditions_of_the_plan(base, plan):
    """A duty that comes before an event leads to it, with its verdict and what would meet it."""
    key = "obligation:beijing-draft-2022:permit-before-icp-filing"
    assert heads(plan, key, "before") == {"event:icp_filing"}
    assert plan.nodes[key]["state"] == "satisfied"
    assert plan.nodes[key]["standing"] == "draft"
    ids = {key_of("obligation", duty.part) for duty in base.plan(APP, as_of=DAY).preconditions}
    assert of_kind(plan, "obligation") == ids


@pytest.mark.parametrize("name", ["a.graphml", "a.json", "a.cyjs"])
def test_plans_and_answers_read_back(plan, answer, tmp_path, name):
    """A plan and an answer with duties read back with all that is said of each node."""
    for graph in (plan, answer):
        export(graph, tmp_path / name)
        assert dict(read(tmp_path / name).nodes(data=True)) == dict(graph.nodes(data=True))


def test_a_plan_needs_an_app_and_a_procedure(base):
    """Without an app, or for an app that no procedure is known for, there is no plan."""
    with pytest.raises(kb.Problems) as caught:
        base.graph(plan=True)
    assert str(caught.value) == "error[no-app]: a plan is about an app\n  help: give its profile"
    with pytest.raises(kb.Problems) as caught:
        base.graph(app={"name": "a", "regions": ["CN-BJ"]}, plan=True, as_of="2020-01-01")
    assert caught.value.problems[0].code == "no-plan"
