"""Cells of papers: trees, owners, numbers, words, and the account of every character."""

import json

import pytest

from kb.importers.text import Role, fold, key
from kb.importers.tree import read_papers

from .corpus import CORPUS, alternatives, cells, needs_corpus, table


def leaf(text):
    """The one paper of a cell."""
    (paper,) = read_papers(text).node.papers()
    return paper


def shape(node):
    """A tree as nested tuples of names."""
    if node.paper:
        return node.paper.name
    return (node.op, *(shape(part) for part in node.parts))


def test_choice_and_list_nest_by_their_markers():
    """A choice of two whose second is a list: the list is one of the choices."""
    read = read_papers("（2选1）：\n1、《甲许可证》\n2、同时提供：\n①《乙许可证》\n②《丙证明》")
    assert shape(read.node) == ("any", "甲许可证", ("all", "乙许可证", "丙证明"))
    assert read.node.stated == 2
    assert not read.open


def test_flattened_cell_is_read_like_its_lines():
    """Line ends carry nothing that the markers do not say."""
    text = "同时提供：\n1、《甲证》\n2、《乙证》或《丙证》"
    flat = read_papers(text.replace("\n", " "))
    assert shape(flat.node) == shape(read_papers(text).node)


@pytest.mark.parametrize(
    ("words", "k"),
    [
        ("（3选2）：", 2),
        ("（三选二）：", 2),
        ("（③选②）：", 2),
        ("以下任选两项：", 2),
        ("任选其一：", 1),
    ],
)
def test_k_of_n(words, k):
    """Numbers of a choice are read in digits, circled and in Chinese."""
    node = read_papers(f"{words}\n1、《甲证》\n2、《乙证》\n3、《丙证》").node
    assert (node.op, node.at_least, len(node.parts)) == ("any", k, 3)


def test_miscounted_choice_is_told():
    """A choice of three over two papers is open."""
    read = read_papers("（3选1）：\n1、《甲证》\n2、《乙证》")
    assert [f.code for f in read.open] == ["miscounted"]
    assert read.node.open == ["miscounted"]


def test_bracket_after_a_choice_has_two_readings():
    """In 《A》或《B》(words) the bracket may belong to B or to both: that is told."""
    read = read_papers("《甲许可证》或《乙许可证》（经营范围含“丙”）")
    assert [f.code for f in read.open] == ["ambiguous"]
    assert [p.must for p in read.node.papers()] == [[], [("丙",)]]


@pytest.mark.parametrize(
    ("text", "holder", "count", "of"),
    [
        ("与航空公司的合作协议", "applicant", 1, "航空公司"),
        ("两家或以上的培训机构合作协议", "applicant", 2, "培训机构"),
        ("小程序主体的《营业执照》", "applicant", 1, ""),
        ("入驻商家的《拍卖许可证》（2-3家）", "tenant", 2, "入驻商家"),
        ("技术主体的《算法备案》", "technology_provider", 1, "技术主体"),
        ("旗下门店的《食品经营许可证》", "branch", 1, "旗下门店"),
        ("合作医院的《执业许可证》（至少3家）", "partner", 3, "合作医院"),
        ("3张门店照片", "applicant", 3, ""),
    ],
)
def test_owner_number_and_other_side(text, holder, count, of):
    """Whose a paper is, how many are asked for, and with whom it is concluded."""
    paper = leaf(text)
    assert (paper.holder, paper.at_least, paper.of) == (holder, count, of)


@pytest.mark.parametrize(
    ("text", "must"),
    [
        ("《甲证》（经营范围须含“乙”或“丙”）", [("乙", "丙")]),
        ("《甲证》（须含【乙】、【丙】等内容）", [("乙",), ("丙",)]),
        ("《甲证》（范围含“乙”“丙”之一）", [("乙", "丙")]),
        ("《甲证》（名称需包含“乙”；经营范围需包含“丙”）", [("乙",), ("丙",)]),
        ("《甲证》且业务范围必须包含“乙”", [("乙",)]),
        ("《甲证》（机构类型为：机关）", [("机关",)]),
        ("合作协议（协议内容含有效期、双方公章等内容）", [("有效期",), ("双方公章",)]),
    ],
)
def test_words_that_must_be_stated(text, must):
    """Which words must stand in a paper, all or one of them."""
    assert leaf(text).must == must


def test_damaged_marks_are_told():
    """A bracket, title or quote without its partner is open, and the rest is read."""
    for text in ("《甲许可证", "《甲许可证》（经营范围含“乙”", "《甲许可证》（含“乙“或“丙”）"):
        read = read_papers(text)
        assert [p.name for p in read.node.papers()] == ["甲许可证"]
        assert key(text)
    assert "unbalanced" in [f.code for f in read_papers("《甲许可证").open]


def test_lost_marker_is_told():
    """An entry without its number stays an entry, and the gap is told."""
    read = read_papers("（3选1）：\n1、《甲证》\n《乙证》\n3、《丙证》")
    assert [p.name for p in read.node.papers()] == ["甲证", "乙证", "丙证"]
    assert "marker-lost" in [f.code for f in read.open]


def test_note_that_changes_a_choice_is_open():
    """A note that asks for more under a condition leaves the choice open."""
    read = read_papers("（2选1）：\n1、《甲证》\n2、《乙证》\n注：若同时涉及，需同时提供对应资质。")
    assert [f.code for f in read.open] == ["note-changes"]


def test_application_by_mail_is_no_paper():
    """How to apply is read apart from what is asked for."""
    read = read_papers(
        "暂不支持线上申请，请发送至邮箱“a@b.cn”，标题格式为【甲申请】\n邮件必须附上以下资料：\n1、《甲证》\n2、乙协议"
    )
    assert read.way.address == "a@b.cn"
    assert [p.name for p in read.node.papers()] == ["甲证", "乙协议"]


def test_each_of_them():
    """A number behind the last of several papers that says "each" holds for all, and is told."""
    read = read_papers("入驻商家的《甲证》及《乙证》及与拍卖行的合作协议（均需提供2-3家）")
    papers = read.node.papers()
    assert [(p.name, p.holder, p.at_least) for p in papers] == [
        ("甲证", "tenant", 2),
        ("乙证", "tenant", 2),
        ("合作协议", "applicant", 2),
    ]
    assert "for-all" in [f.code for f in read.open]


def test_cases_that_run_into_each_other():
    """Another case behind a paper begins a paper of its own, and is told."""
    read = read_papers("快递企业需提交《甲许可证》末端网点需提供乙备案证明")
    assert [(p.label, p.paper.name) for p in read.node.parts] == [
        ("快递企业", "甲许可证"),
        ("末端网点", "乙备案证明"),
    ]
    assert [f.code for f in read.open] == ["choice-unsaid"]


def test_folding_keeps_places():
    """Full width, traditional and odd brackets become one spelling of the same length."""
    text = "（２選１）：『營業執照』"
    assert len(fold(text)) == len(text)
    assert fold(text) == "(2选1):“营业执照”"


@needs_corpus
@pytest.mark.slow
def test_every_character_of_every_cell_has_one_role():
    """No character of the public tables is unaccounted for; what is unread is a finding."""
    unread = 0
    for text in cells():
        read = read_papers(text)
        assert len(read.roles) == len(text)
        here = [at for at, role in enumerate(read.roles) if role is Role.UNREAD]
        unread += len(here)
        for at in here:
            assert any(f.start <= at < f.end for f in read.open), text[at : at + 20]
    assert unread < 100


@needs_corpus
def test_careful_readings_are_met_or_told():
    """Of the rows that a careful reader understood, eleven of thirteen are read alike."""
    readings = json.loads((CORPUS / "readings-15.json").read_text("utf-8"))["rows"]
    right = 0
    wanted = [row for row in readings if row["state"] == "text"]
    for row in wanted:
        text = table(row["entity"])[row["index"]]["papers"]
        read = read_papers(text, lambda name: key(name) == "营业执照")
        want = {
            frozenset((key(d["document"]), d["holder"], d["at_least"]) for d in way["documents"])
            for way in row["alternatives"]
        }
        right += want == alternatives(read.node)
    assert (right, len(wanted)) == (11, 13)


@needs_corpus
@pytest.mark.slow
def test_most_cells_are_read_without_an_open_point():
    """Of the distinct cells of the newest tables at most a fifth leave something open."""
    open_ = sum(bool(read_papers(text).open) for text in cells())
    assert open_ <= len(cells()) / 5
