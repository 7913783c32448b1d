"""What a notebook shows of answers, the panel behind its widgets, and `kb notebook`."""

import sys

import pytest

from kb.cli.main import main
from kb.lang.problems import Problems
from kb.notebook.cells import read_cell
from kb.render.indented import lines_of
from kb.render.outline import html, markdown
from kb.widgets.choices import Choices

DAY = "2025-06-30"
MINE = {"name": "学车通", "services": ["driving_school_platform"], "regions": ["CN-GD"]}
NASTY = "<script>x</script> [a](b) **c**"


def shown(base):
    """Everything that answers come as."""
    return {
        "answer": base.ask(MINE, as_of=DAY),
        "why": base.why("verdict", MINE, as_of=DAY),
        "why not": base.why_not("verdict", MINE, as_of=DAY),
        "what if": base.what_if(MINE, adding=["AI问答"], as_of=DAY),
        "plan": base.plan(MINE, as_of=DAY),
        "bundles": base.bundles(MINE, as_of=DAY),
        "category": base.show("教育-在线视频课程"),
        "changes": base.changes("2024-12-31", DAY),
    }


def test_every_answer_is_shown_three_ways(base):
    """Each kind of answer has HTML, Markdown and plain text that say the same, and the HTML needs
    no script or style sheet."""
    for kind, answer in shown(base).items():
        bundle = answer._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "text/html", "text/markdown"}, kind
        assert bundle["text/plain"] == str(answer)
        assert "<script" not in bundle["text/html"]
        assert "<style" not in bundle["text/html"]
        first = str(answer).splitlines()[0].split("  ")[0]
        assert first.split(" ")[0] in bundle["text/html"], kind


def test_marks_stand_beside_colours(base):
    """A verdict is told by its mark and word; the colour only helps."""
    page = base.ask(MINE, as_of=DAY)._repr_html_()
    assert '<span style="color:var(--kb-lacking,#b94700);font-weight:bold">✗</span> 缺材料' in page


def test_text_is_laid_out_by_its_indentation():
    """Lines below others become lists in lists; names in them stay text."""
    text = f"a {NASTY}\n\n✗ b  [src 1-2]\n  · c\n    d"
    lines = [line for line in lines_of(text) if line.parts and not line.indent]
    assert list(map(str, lines))[1:] == ["✗ b  [src 1-2]"]
    page = html(lines_of(text))
    assert "<script" not in page
    assert "<small>[src 1-2]</small>" in page
    assert page.count("<details open>") == 2
    lines = markdown(lines_of(text)).splitlines()
    assert lines[0] == "**a &lt;script>x&lt;/script> \\[a\\](b) \\*\\*c\\*\\***"
    assert lines[2:] == ["- ✗ b  \\[src 1-2\\]", "  - c", "    - d"]


def test_cells_are_read_statement_by_statement():
    """`<=` outside brackets makes a rule; goals may compare; rules keep their lines and sources."""
    cell = read_cell(
        "# mine\n# source: kb 3\np(X) <= q(X) & (X <= 3)\nq(X) & (X <= 3)\nfind key='a b'\n\n"
        "r(X) <= (q(X) &\n  ~p(X))",
        "cell",
    )
    assert [own.relation for own in cell.rules] == ["p", "r"]
    assert cell.rules[0].text == "# mine\n# source: kb 3\np(X) <= q(X) & (X <= 3)"
    assert cell.rules[1].rule.head.span.line == 7
    assert [(q.name, q.line, q.parameters) for q in cell.questions] == [
        ("", 4, ()),
        ("find", 5, (("key", "a b"),)),
    ]


def test_all_faults_of_a_cell_are_told():
    """Rules and questions that can not be read are told together, each with its line."""
    with pytest.raises(Problems) as found:
        read_cell("p(X) <= q(X\nfind a b\nr(X) <= 1", "cell")
    assert sorted({problem.span.line for problem in found.value.problems}) == [1]
    with pytest.raises(Problems) as found:
        read_cell("find a b\nr(X) <= 1", "cell")
    assert sorted(problem.span.line for problem in found.value.problems) == [1, 2]


def test_choices(base):
    """What is not chosen is unknown; ticking all documents satisfies; unticking undoes it."""
    made = Choices(base, DAY)
    assert made.profile == {"name": "app", "services": [], "holds": []}
    assert ("driving_school_platform", "驾校平台") in made.found("驾校平台")[0][1]
    made.add("驾校平台")
    assert "driving_school_platform" not in str(made.found("驾校平台"))
    needs = made.needs(made.answer)
    assert len(needs) == 4
    # As many as this app is asked for, though another category asks for more.
    assert "申请主体的《合作协议》 2 份" in [words for _, words in needs]
    for need, _ in needs:
        made.hold(need.id, need.at_least)
    assert made.answer.verdict == "satisfied"
    made.hold(needs[0][0].id, 0)
    assert made.answer.verdict == "missing"
    assert base.ask(made.profile, as_of=DAY).verdict == "missing"


@pytest.mark.parametrize("words", ["学车考驾照", "卖", "平台", "驾校", "zzz", "想开个店卖茶叶"])
def test_choices_are_found_by_words(base, words):
    """Own words find services by category, no service twice and never more than ten."""
    found = Choices(base, DAY).found(words)
    ids = [id for _, services in found for id, _ in services]
    assert len(ids) == len(set(ids)) <= 10
    if words == "学车考驾照":
        assert found[0] == ("教育服务-驾校培训", [("driving_school_training", "驾校培训")])
    if words == "zzz":
        assert found == []


def test_choices_none_of_these(base):
    """Own words that no service fits stay in the profile, and are taken back; nothing is chosen
    before."""
    made = Choices(base, DAY)
    assert not made.chosen
    made.describe("算命")
    assert made.chosen
    assert made.profile["other_services"] == ["算命"]
    assert made.answer.verdict == "undetermined"
    assert Choices.of(base, base.app(made.profile)).own_words == ["算命"]
    made.undescribe("算命")
    assert not made.chosen


def test_choices_ask(base):
    """The next question is the interview's; an answer goes into the profile, one left open is not
    asked again."""
    held = {"document": "互联网信息服务算法备案", "states": ["生成合成类"]}
    app = base.app(
        {
            "name": "a",
            "applicant": "enterprise",
            "services": ["ai_questions"],
            "holds": [held],
        }
    )
    made = Choices.of(base, app, DAY)
    question = made.question
    assert question.subject == "technology"
    made.reply(question, None)
    assert made.question is None or made.question.subject != "technology"
    with pytest.raises(Problems):
        made.reply(question, "nonsense")
    made.reply(question, "own")
    assert made.answer.verdict == "satisfied"
    assert made.profile["facts"] == {"technology": "own"}


def test_choices_begin_with_what_is_in_hand(base):
    """What a profile holds is ticked: as the need that it meets, or in its own words where it says
    less; once each. Unticked, it is not in hand any more, and the need is offered again."""
    app = {
        "name": "a",
        "services": ["driving_school_platform"],
        "holds": [
            "小程序开发者承诺函",
            {"document": "机动车驾驶员培训备案", "holder": "partner"},
            {"document": "合作协议", "count": 2, "holder": "applicant"},
        ],
    }
    made = Choices.of(base, base.app(app), DAY)
    assert made.answer.to_dict() == base.ask(app, as_of=DAY).to_dict()
    assert made.begun() == [(0, "《小程序开发者承诺函》")]
    ticked = {need.document: made.held.get(need.id, 0) for need, _ in made.needs(made.answer)}
    assert ticked == {
        "cooperation_agreement": 2,
        "driver_training_filing": 1,
        "non_commercial_icp_filing": 0,
    }
    made.keep(0, False)
    assert "developer_commitment" in {need.document for need, _ in made.needs(made.answer)}
    assert "developer_commitment" not in {h["document"] for h in made.profile["holds"]}
    made.keep(0, True)
    assert made.app == Choices.of(base, base.app(app), DAY).app


def test_choices_export(base, tmp_path):
    """The exported profile is read back as it was; the report is one page without markup of the
    user's."""
    made = Choices(base, DAY, name=NASTY)
    made.add("驾校平台")
    path = tmp_path / "mine.yaml"
    path.write_text(made.text("profile"), encoding="utf-8")
    assert base.app(path) == made.app
    report = made.text("report")
    assert "<script" not in report
    assert "合作协议" in report


def pressed(buttons, label):
    button = next(b for b in buttons if label in b.description)
    button.click()


def test_panel(base, tmp_path, monkeypatch):
    """Searching offers services; a click changes the answer and the documents at once and says so,
    the graph is drawn when it is asked for; profile and report are written beside the notebook
    under a name that is no path, and nothing is written over."""
    pytest.importorskip("ipywidgets", reason="needs ipywidgets: pip install 'policy-kb[notebook]'")
    monkeypatch.chdir(tmp_path)
    panel = base.panel({"name": "../a"}, as_of=DAY).panel
    assert (panel.graph.value, panel.answer.value) == ("", "<p>先说应用做什么</p>")
    panel.search.value = "让很多驾校入驻"
    pressed(panel.found.children, "驾校平台")
    assert "教育-驾校平台" in panel.answer.value
    assert "已按当前选择更新" in panel.state.value
    assert panel.graph.value == ""
    panel.draw.click()
    assert '<iframe sandbox="allow-scripts"' in panel.graph.value
    for row in panel.holds.children:
        if hasattr(row, "description"):
            row.value = True
        else:
            row.children[0].value = 2
    assert "已满足" in panel.answer.value
    assert panel.graph.value == ""  # it was of other choices
    panel.applicant.value = "individual"
    assert panel.choices.profile["applicant"] == "individual"
    (tmp_path / "___a.yaml").write_text("mine", encoding="utf-8")
    panel._save("profile")
    assert (tmp_path / "___a.yaml").read_text(encoding="utf-8") == "mine"
    assert panel.said.value == "已写入 ___a-2.yaml"
    panel._save("report")
    found = sorted(p.name for p in tmp_path.iterdir())
    assert found == ["___a-2.yaml", "___a.html", "___a.yaml"]
    assert base.app(tmp_path / "___a-2.yaml").name == "../a"
    (tmp_path / "___a.yaml").write_text("mine", encoding="utf-8")
    panel._save("profile")
    assert (tmp_path / "___a.yaml").read_text(encoding="utf-8") == "mine"
    assert "___a-3.yaml" in panel.said.value


def test_panel_begins_with_what_is_in_hand(base):
    """The boxes of what a profile holds are ticked, and a click on one takes it away again."""
    pytest.importorskip("ipywidgets", reason="needs ipywidgets: pip install 'policy-kb[notebook]'")
    app = {
        "name": "a",
        "services": ["driving_school_training"],
        "holds": ["机动车驾驶员培训备案"],
    }
    panel = base.panel(app, as_of=DAY).panel
    assert [(row.description, row.value) for row in panel.holds.children] == [
        ("《机动车驾驶员培训备案》", True)
    ]
    assert "已满足" in panel.answer.value
    panel.holds.children[0].value = False
    assert "缺材料" in panel.answer.value
    assert [row.value for row in panel.holds.children] == [False, False]


def test_panel_tells_what_is_missing(base, monkeypatch):
    """Without ipywidgets the panel says how to install it."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(Problems, match=r"pip install 'policy-kb\[notebook\]'"):
        base.panel()


def test_notebook_command(english, tmp_path, monkeypatch, capsys):
    """`kb notebook` copies the notebooks and leaves those that are there alone."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "01-first-questions.ipynb").write_text("own", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["kb", "notebook", "mine", "--copy-only"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "6 copied" in capsys.readouterr().err
    assert len(list((tmp_path / "mine").iterdir())) == 7
    assert (tmp_path / "mine" / "01-first-questions.ipynb").read_text(encoding="utf-8") == "own"


def test_notebook_command_without_jupyter(tmp_path, monkeypatch, capsys):
    """Without JupyterLab the command says how to install it, and copies nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kb.cli.notebook.find_spec", lambda name: None)
    monkeypatch.setattr(sys, "argv", ["kb", "notebook"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "pip install 'policy-kb[notebook]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
