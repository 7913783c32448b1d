"""Cells of papers: trees, owners, numbers, words, and the account of every character."""

import json

import pytest

from kb.importers.text import Role, fold, key
from kb.importers.tree import read_papers

from .corpus import CORPUS, alternatives, cells, needs_corpus, readings, table


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
        ("《甲证》（甲级，且范围包含“乙”）", [("甲级",), ("乙",)]),
        ("《甲证》，且其中须有“乙”项目", [("乙",)]),
        ("《甲证》（内容含“乙甲/乙丙丁”）", [("乙甲/乙丙丁",)]),
        ("《甲证》（内容含“出境甲卡/出境乙卡”相关）", [("出境甲卡", "出境乙卡")]),
        ("合作协议（含双方可开展“乙”相关内容）", [("乙",)]),
        ("门店照片（含门头、内景）", []),
        ("合作协议（协议内容含有效期、双方公章等内容）", [("有效期",), ("双方公章",)]),
        ("合作协议（须含有甲方授权可进行营销宣传等服务内容）", [("营销宣传",)]),
        ("甲等级保护（第三级）测评报告", [("第三级",)]),
        ("《甲证》且经营范围包含：提供乙信息咨询服务", [("提供乙信息咨询服务",)]),
        ("甲营业执照且经营范围包含：提供乙信息咨询服务", [("提供乙信息咨询服务",)]),
        ("《甲证》（经营范围须含“乙”相关（如：丙、丁等））", [("乙", "丙", "丁")]),
        ("《甲证》（经营范围含乙、丙等与丁相关）", [("乙", "丙")]),
        ("《甲证》（经营范围包含“乙、丙”等内容）", [("乙",), ("丙",)]),
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


def test_owner_that_is_a_choice():
    """Where the applicant or another may own the paper, one of the two is enough."""
    node = read_papers("小程序主体或者商场内的3家租户的《食品经营许可证》").node
    assert node.op == "any"
    assert [(p.holder, p.at_least) for p in node.papers()] == [("applicant", 1), ("tenant", 3)]


@pytest.mark.parametrize(
    ("text", "want", "codes"),
    [
        (
            "自营：《甲许可证》；平台：《乙许可证》及《丙证书》",
            ("any", "甲许可证", ("all", "乙许可证", "丙证书")),
            ["choice-unsaid"],
        ),
        (
            "企业须提供《甲许可证》，个体户须提供《乙许可证》",
            ("any", "甲许可证", "乙许可证"),
            ["choice-unsaid"],
        ),
        (
            "需提供《甲许可证》，若涉及直播还需提供《乙许可证》",
            ("all", "甲许可证", "乙许可证"),
            ["condition"],
        ),
        (
            "以下资质之一即可：\n- 《甲证》\n- 《乙证》及《丙证》",
            ("any", "甲证", ("all", "乙证", "丙证")),
            [],
        ),
        ("3选2：《甲证》《乙证》《丙证》", ("any", "甲证", "乙证", "丙证"), []),
        ("《甲证》《乙证》", ("all", "甲证", "乙证"), ["operator-unsaid"]),
        ("合作/授权协议", ("any", "合作协议", "授权协议"), ["slash"]),
        ("《甲证》且项目包含“丙” 和 交易所《乙合同》", ("all", "甲证", "乙合同"), []),
    ],
)
def test_several_papers_in_one_line(text, want, codes):
    """Cases, conditions, bullets, titles side by side: read, and told where something is unsaid."""
    read = read_papers(text)
    assert shape(read.node) == want
    assert [f.code for f in read.open] == codes


@pytest.mark.parametrize(
    "text",
    [
        "《甲证》（仅销售乙类的提供《丙备案》）",
        "需同时提供营业执照和以下任一资质：《甲证》、《乙证》",
        "银行机构或银行机构的授权发售文件",
        "主体获得（如当地须要）的服务牌照",
        "《甲证》（业务种类含除“乙”外的服务）",
        "《甲证》（范围含“甲、乙”等）",
        "境外航空司的《甲证》",
        "入驻商家的《甲证》（至少家及以上）",
        "《甲证》经营围须含成人用品销售",
        "《营业执照》公安局备案证明",
        "统一编码表文 及 情况表文",
    ],
)
def test_what_may_ask_for_more_is_told(text):
    """A paper or condition that is named in passing leaves the cell open."""
    assert read_papers(text).open


@pytest.mark.parametrize(
    ("text", "holder", "name"),
    [
        ("平台对入驻经营者的审核规则文件", "applicant", "平台对入驻经营者的审核规则文件"),
        ("该律所其中一名律师为协会会员的截图", "member", "律所其中一名律师为协会会员的截图"),
        ("深度合成服务《在用证明》", "applicant", "在用证明"),
        ("对方《甲证书》", "partner", "甲证书"),
        ("名录网（https://a.cn/b）查询截图", "applicant", "名录网查询截图"),
    ],
)
def test_what_stands_before_a_name(text, holder, name):
    """Words before a name are an owner only where they name one."""
    assert (leaf(text).holder, leaf(text).name) == (holder, name)


@pytest.mark.parametrize(
    ("text", "want", "codes"),
    [
        (
            "法定代表人和总编辑的查询结果截图",
            [("查询结果截图", "legal_representative", 1), ("查询结果截图", "chief_editor", 1)],
            [],
        ),
        (
            "1、与乙公司的合作协议；\n2、与丙公司之间的合作协议，以及丙公司与丁医院之间的合作协议",
            [
                ("合作协议", "applicant", 1),
                ("合作协议", "applicant", 1),
                ("合作协议", "partner", 1),
            ],
            ["operator-unsaid", "holder-unknown"],
        ),
        (
            "一、代售商（同时提供）：\n1、发行方合规材料：《甲证》\n2、授权书",
            [("甲证", "partner", 1), ("授权书", "applicant", 1)],
            ["label-in-list", "holder-unknown"],
        ),
        (
            "银行机构或银行机构的授权发售文件",
            [("银行机构", "applicant", 1), ("授权发售文件", "applicant", 1)],
            ["ambiguous"],
        ),
        (
            "《甲证》\n注：若涉及乙服务，需同时提供《丙证》",
            [("甲证", "applicant", 1), ("丙证", "applicant", 1)],
            ["note-changes"],
        ),
        (
            "甲局公布的或在乙公报上公布的决议",
            [("甲局公布的或在乙公报上公布的决议", "applicant", 1)],
            [],
        ),
        ("决议，声明批准其为向旅客退款的合作实体 相关资质原件", [("决议", "applicant", 1)], []),
    ],
)
def test_whose_papers_are_and_under_what_condition(text, want, codes):
    """Persons, parties of an agreement, labels and notes say whose a paper is and when it counts;
    what they leave open is told."""
    read = read_papers(text)
    assert [(p.name, p.holder, p.at_least) for p in read.node.papers()] == want
    assert [f.code for f in read.open] == codes


def test_paper_under_a_condition_is_no_part_of_what_is_always_asked_for():
    """A paper that a note asks for under a condition is kept apart, under the words of the note."""
    read = read_papers("《甲证》\n注：若涉及乙服务，需同时提供《丙证》")
    assert alternatives(read.node) == {frozenset([("甲证", "applicant", 1)])}
    assert read.node.parts[1].label == "若涉及乙服务"


def test_houses_may_have_different_papers():
    """Two tenants with this or that licence: one may have the one, one the other."""
    found = alternatives(read_papers("入驻商家的《甲证》或《乙证》（2家）").node)
    assert found == {
        frozenset([("甲证", "tenant", 2)]),
        frozenset([("乙证", "tenant", 2)]),
        frozenset([("甲证", "tenant", 1), ("乙证", "tenant", 1)]),
    }


def test_each_of_them_in_a_list():
    """What the last entry of a list asks of each is asked of all of its entries, and told."""
    read = read_papers("（2选1）：\n1、《甲证》\n2、《乙证》（范围均须含“丙”）")
    assert [p.must for p in read.node.papers()] == [[("丙",)], [("丙",)]]
    assert "for-all" in [f.code for f in read.open]


def test_quotation_marks_for_those_of_titles():
    """A paper in quotation marks that stand alone is read as one in title marks."""
    plain = "同时提供：\n1、《甲许可证》（经营范围含“丙”）\n2、与乙公司的《合作协议》"
    quoted = plain.replace("《", "“").replace("》", "”")
    assert alternatives(read_papers(quoted).node) == alternatives(read_papers(plain).node)


def test_whole_name_that_the_base_knows_is_kept():
    """`商标持有人的授权书` is one paper where the base has a paper of that name."""
    text = "商标持有人的授权书"
    assert leaf(text).name == "授权书"
    (known,) = read_papers(text, lambda name: key(name) == key(text)).node.papers()
    assert known.name == text


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
    for text, read in zip(cells(), readings(), strict=True):
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


LOOSE = {"paper-vague", "label-vague", "label-in-list", "own-holder"}
"""What the text leaves open though it was read."""


@needs_corpus
@pytest.mark.slow
def test_most_cells_are_read_without_doubt():
    """Of the distinct cells of the newest tables at most a fifth are not read with certainty."""
    unsure = sum(any(f.code not in LOOSE for f in read.open) for read in readings())
    assert unsure <= len(cells()) / 5


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("政府有关部门批文", ["paper-vague"]),
        ("主管部门要求提供的其他材料", ["paper-vague"]),
        ("信贷资质", ["paper-vague"]),
        ("乙监管局备案", ["paper-vague"]),
        ("主管部门许可文件（含“丙”相关内容）", []),
        ("小程序主体的主管部门许可文件", []),
        ("《相关证明》", []),
        ("乙管理部门颁发的配送资质", []),
        ("（2选1）：\n1、政府主体：《甲证》\n2、非政府/事业单位：《乙证》", ["label-vague"]),
        ("（2选1）：\n1、政府主体：《甲证》\n2、非遗工坊/作坊：《乙证》", []),
        ("同时提供：\n1、连锁门店：《甲证》\n2、《乙证》", ["label-in-list"]),
        ("连锁企业需同时提供：\n1、《甲证》\n2、《乙证》", ["label-in-list"]),
        ("（2选1）：\n1、连锁门店：《甲证》\n2、《乙证》", []),
        ("同时提供：\n1、专利\n2、专利权利人的授权书", ["own-holder"]),
        ("（2选1）：\n1、小程序主体的《专利》\n2、同时提供：\n①《专利》\n②专利权利人的授权书", []),
    ],
)
def test_what_the_text_itself_leaves_open(text, codes):
    """Kinds of papers without a name, cases that read two ways, papers asked of some only and
    authorisations of what the applicant may hold itself are told; what says more is not doubted."""
    read = read_papers(text)
    assert [f.code for f in read.open] == codes


def test_papers_in_one_entry_are_of_one_case():
    """A bracket that says for whom papers are holds for all that are joined before it."""
    first, second = read_papers(
        "（2选1）：\n1、《甲证》\n2、《乙证》及《丙证》（适用于社团主体）"
    ).node.parts
    assert (first.label, second.label) == ("", "社团主体")
    assert [paper.label for paper in second.papers()] == ["", ""]


@pytest.mark.parametrize(
    ("text", "want", "codes"),
    [
        ("《甲证》或者(《乙证》和《丙证》)", ("any", "甲证", ("all", "乙证", "丙证")), []),
        ("（《甲证》或《乙证》）和《丙证》", ("all", ("any", "甲证", "乙证"), "丙证"), []),
        (
            "《甲证》和（《乙证》或《丙证》）（范围含“丁”）",
            ("all", "甲证", ("any", "乙证", "丙证")),
            ["ambiguous"],
        ),
        ("1.《甲证》\n2.《乙证》\n以上二者提供其一即可", ("any", "甲证", "乙证"), []),
        ("1、《甲证》\n2、《乙证》\n以上材料均需提供", ("all", "甲证", "乙证"), []),
        ("1、《甲证》\n2、《乙证》\n以上3选1", ("any", "甲证", "乙证"), ["miscounted"]),
        (
            "（2选1）\n1、《甲证》\n2、《乙证》\n以上二选一",
            ("any", "甲证", "乙证"),
            ["head-and-list"],
        ),
        ("《甲证》、《乙证》均可", ("any", "甲证", "乙证"), []),
        ("《甲证》和《乙证》均可", ("all", "甲证", "乙证"), ["choice-of-list"]),
        ("提供《甲证》即可", "甲证", []),
        ("依据《甲规定》第3条", "甲规定第3条", ["noun-unknown"]),
        ("提供相应资质即可", "即可", ["noun-unknown"]),
        ("與乙廠簽訂之經銷合約", "經銷合約", []),
    ],
)
def test_wordings_of_other_platforms(text, want, codes):
    """Brackets around papers, closing lines, `均可`, titles that are only referred to and the older
    word for `of` are read, or told."""
    read = read_papers(text)
    assert (shape(read.node), [f.code for f in read.open]) == (want, codes)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("《甲备案》及现场照片2张", [1, 2]),
        ("《甲证》（1份）、门店照片各2张", [1, 2]),
        ("甲证明原件1份", [1]),
        ("合作商户的《甲证》3份", [3]),
    ],
)
def test_number_behind_a_paper(text, counts):
    """A number may stand behind the name and the form; `各` changes no number that was given."""
    assert [paper.at_least for paper in read_papers(text).node.papers()] == counts


@pytest.mark.parametrize(
    ("words", "open_"),
    [("甲或乙、丙", True), ("甲、乙或丙", False), ("甲或乙", False), ("甲/乙或丙、丁", True)],
)
def test_choice_within_a_list_of_words(words, open_):
    """`甲、乙或丙` is one choice; in `甲或乙、丙` the list goes on behind it, which is told."""
    read = read_papers(f"《证书》（范围包含：{words}等内容）")
    assert ("words-mixed" in [f.code for f in read.open]) is open_


@pytest.mark.parametrize(
    ("text", "optional", "codes"),
    [
        ("《甲证》（选填）、《乙证》（必填）", ["甲证"], []),
        ("《甲证》（选填）或《乙证》", ["甲证"], ["optional"]),
        ("《甲证》及《乙授权书》（如为代理）", [], ["condition"]),
        ("《甲证》（如有）", [], ["condition"]),
        ("《甲证》（非自有品牌需提供）", [], ["condition"]),
    ],
)
def test_brackets_that_make_a_paper_optional_or_conditional(text, optional, codes):
    """A bracket that lets a paper be left out is heeded, and in a choice it is open; one that asks
    for it only in some case is told, since the case itself was not read."""
    read = read_papers(text)
    assert [p.name for p in read.node.papers() if p.optional] == optional
    assert [finding.code for finding in read.open] == codes


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("(1)《甲证》或(2)《乙证》", ("any", "甲证", "乙证")),
        ("1 《甲证》 2 《乙证》 3 《丙证》 以上三项缺一不可", ("all", "甲证", "乙证", "丙证")),
        ("以下任選兩項：(a)《甲证》 (b)《乙证》 (c)《丙证》", ("any", "甲证", "乙证", "丙证")),
        ("以下资质N选1：《甲证》《乙证》", ("any", "甲证", "乙证")),
        ("任选其一：【方案一】《甲证》【方案二】《乙证》", ("any", "甲证", "乙证")),
    ],
)
def test_marks_of_lists_in_one_line(text, want):
    """Letters and numbers in brackets, bare numbers before titles, named tags, `或` between the
    entries: a list in one line is read as one with lines of its own."""
    read = read_papers(text)
    assert (shape(read.node), read.open) == (want, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("不需要《甲证》，需提供《乙证》", "not-asked"),
        ("无需提供《甲证》", "not-asked"),
        ("《甲证》除外", "not-asked"),
        ("《甲证》暂不支持个人", "not-asked"),
        ("《甲证》等", "noun-unknown"),
        ("《甲证》及其复印件、《乙证》", "noun-unknown"),
        ("请联系客服获取资质清单", "noun-unknown"),
        ("《甲证》或其他等效证明", "paper-vague"),
        ("《甲证》（有效期不少于3个月）", "count-unread"),
        ("1、《甲证》；或\n2、《乙证》；\n3、《丙证》", "ambiguous"),
        ("主体为个体户的提供《甲证》，主体为企业的提供《乙证》", "choice-unsaid"),
    ],
)
def test_what_would_be_read_wrongly_is_told(text, code):
    """Words that turn a paper into none, leave open which one is meant, or ask each of another
    applicant: never read in silence."""
    assert code in [finding.code for finding in read_papers(text).open]
