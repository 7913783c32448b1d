"""A cell that lost a character: what it lost is told, and nothing goes silently."""

import pytest

from kb.importers.tree import read_papers

from .test_cells import shape


def codes(text):
    return [finding.code for finding in read_papers(text).open]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("同时提供：\n1、《甲证》\n、《乙证》", "marker-lost"),
        ("家或以上的甲机构的合作协议", "count-unread"),
        ("合作医院的《甲许可证》（12份）", "count-unread"),
        ("《甲证》（测试主体、测试路段、测试时间等信息）", "words-unread"),
        ("《甲证》（范围“乙”或“丙”）", "words-unread"),
        ("《甲证》（经营范围需“乙”）", "words-unread"),
        ("《甲证》（经营范围包乙服务）", "words-unread"),
        ("《甲证》（甲，且范围包含“乙”）", "words-unread"),
        ("《甲证》（型为乙机构）", "words-unread"),
        ("《甲证》（“乙”服务范围）", "words-unread"),
        ("《甲证》（经营范：乙场所）", "words-unread"),
        ("委托协议（条款内容须明乙为承担的主体）", "words-unread"),
        ("《甲证》（范围含“乙”或“丙”经营范围需包含“丁”）", "words-unread"),
        ("《甲证》（经营范围含“乙” “丙”相关）", "words-list"),
        ("甲部门出具的乙证明 《丙证书》", "operator-unsaid"),
        ("《甲文件》 与乙处的合作协议", "operator-unsaid"),
        ("甲部门的授权相关备案文件", "operator-unsaid"),
        ("与甲签订的合作协议授权文件", "operator-unsaid"),
        ("甲部门的授或相关备案文件", "ambiguous"),
        ("《甲证》经营范围须乙销售", "words-unread"),
        ("《甲证》（乙方与丙方可开展“丁”相关内容）", "words-unread"),
        ("《甲证》（类型乙机构）", "words-unread"),
        ("甲牌照 或 乙中心牌照  丙牌照", "operator-unsaid"),
        ("《甲证》及 该乙组织签订《合作协议》", "holder-unknown"),
        ("主播身份证明（3名以上）", "holder-unknown"),
        ("《甲证》（注册资本超过500万）", "count-unread"),
        ("《甲证》（成立时间满两年）", "count-unread"),
    ],
)
def test_what_was_lost_is_told(text, code):
    """Half a marker, a number, a verb, a connective or an owner that is missing opens the cell."""
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "同时提供：\n1、《甲证》\n2、《乙证》",
        "两家或以上的甲机构的合作协议",
        "《甲证》（含测试主体、测试路段、测试时间等信息）",
        "《甲证》（主体为乙局机构）",
        "《甲证》（须含“乙”“丙”之一）",
        "平台对入驻经营者的审核要求或规范文件",
        "《甲文件》或 与乙处的合作协议",
        "《甲证》（如“乙”“丙”）",
        "3张门店照片",
        "甲部门出具的乙证明 或 《丙证书》",
    ],
)
def test_whole_cells_are_not_doubted(text):
    """The same cells with nothing lost are read without an open point."""
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "want", "must"),
    [
        ("《甲证》或《乙证》或《丙证》三者之一", ("any", "甲证", "乙证", "丙证"), []),
        ("《甲证》、《乙证》两者择其一即可", ("any", "甲证", "乙证"), []),
        ("满足下列任一条件：\n条件一：《甲证》\n条件二：《乙证》", ("any", "甲证", "乙证"), []),
        ("请任选其一上传：\nA. 《甲证》\nB. 《乙证》", ("any", "甲证", "乙证"), []),
        ("《甲证》 且 《乙证》", ("all", "甲证", "乙证"), []),
        ("《甲证》（须注明“乙”、“丙”其中一项）", "甲证", [("乙", "丙")]),
        ("《甲证》，且诊疗科目含“乙”", "甲证", [("乙",)]),
        ("《甲证》（甲级且专业范围包含乙服务）", "甲证", [("甲级",), ("乙服务",)]),
        ("母公司出具给申请主体的授权函", "授权函", []),
    ],
)
def test_other_wordings(text, want, must):
    """Choices, fields and grades in the words of other tables are read without an open point."""
    read = read_papers(text)
    assert shape(read.node) == want
    assert read.node.papers()[-1].must == must
    assert read.node.papers()[-1].holder == "applicant"
    assert read.open == []
