"""Readers: whatever the kind of input, the same rows come out."""

import json

import pytest

from kb.importers.announcement import read_announcement
from kb.importers.platforms import Given, composed, read_douyin, read_weixin, relation
from kb.importers.table import read_table
from kb.importers.tree import read_papers
from kb.lang.problems import Problems

from .corpus import CORPUS, alternatives, needs_corpus, table

HEADS = ["一级类目", "二级类目", "资质要求", "适用范围"]
ROWS = [
    ["教育", "驾校培训", "《培训备案》", "适用于提供驾校培训服务。"],
    ["教育", "驾校平台", "同时提供：\n1、合作协议\n2、《培训备案》", "适用于提供驾校入驻服务。"],
    ["医疗", "医院", "/", ""],
]


def told(rows):
    """What tests compare of rows."""
    return [(r.first, r.second, r.papers.text, r.scope.text, r.state) for r in rows]


WANT = [
    (*ROWS[0], "text"),
    (*ROWS[1], "text"),
    ("医疗", "医院", "", "", "none_required"),
]


def html_of(rows, heads):
    """An HTML table whose first column spans the rows of one group."""
    cells = "".join(f"<th>{h}</th>" for h in heads)
    body = ""
    for n, row in enumerate(rows):
        first = ""
        if n == 0 or rows[n - 1][0] != row[0]:
            span = sum(r[0] == row[0] for r in rows)
            first = f"<td rowspan={span}>{row[0]}</td>"
        rest = "".join(f"<td>{c.replace(chr(10), '<br>')}</td>" for c in row[1:])
        body += f"<tr>{first}{rest}</tr>"
    return f"<html><table><tr>{cells}</tr>{body}</table></html>"


def write_xlsx(path, rows, heads):
    """A workbook with merged cells."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    book.active["A3"] = None
    book.active.merge_cells("A2:A3")
    book.save(path)


@pytest.mark.parametrize("kind", ["html", "md", "csv", "tsv", "xlsx", "json"])
def test_all_kinds_of_tables_give_the_same_rows(kind, tmp_path):
    """HTML with rowspan, Markdown, CSV, TSV, xlsx with merged cells and JSON give one result."""
    path = tmp_path / f"t.{kind}"
    if kind == "html":
        path.write_text(html_of(ROWS, HEADS), "utf-8")
    elif kind == "md":
        lines = ["|".join(["", *HEADS, ""]), "|---|---|---|---|"]
        lines += ["|".join(["", *(c.replace("\n", "<br>") for c in r), ""]) for r in ROWS]
        path.write_text("\n".join(lines), "utf-8")
    elif kind in ("csv", "tsv"):
        import csv

        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter="," if kind == "csv" else "\t").writerows([HEADS, *ROWS])
    elif kind == "xlsx":
        write_xlsx(path, ROWS, HEADS)
    else:
        path.write_text(json.dumps([dict(zip(HEADS, r, strict=True)) for r in ROWS]), "utf-8")
    assert told(read_table(path, {}, "non_individual")) == WANT


def test_columns_are_found_by_their_heads(tmp_path):
    """Columns may stand in any order, and may be named by hand."""
    order = [3, 2, 0, 1]
    path = tmp_path / "t.html"
    moved = [[row[n] for n in order] for row in [HEADS, *ROWS]]
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in moved)
    path.write_text(f"<table>{body.replace(chr(10), '<br>')}</table>", "utf-8")
    assert told(read_table(path, {})) == WANT
    odd = tmp_path / "odd.csv"
    odd.write_text("甲,乙,丙\n教育,驾校,《备案》\n", "utf-8")
    rows = read_table(odd, {"first": "甲", "second": "乙", "papers": "丙"})
    assert (rows[0].name, rows[0].papers.text) == ("教育-驾校", "《备案》")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("nothing here", "not-a-table"),
        ("a,b\n1,2\n", "not-a-table"),
        ("[1, 2]", "not-a-table"),
        ('{"a": ', "not-json"),
        ("一级类目,资质要求,资质材料\n甲,乙,丙\n", "columns-unclear"),
        ('一级类目,资质要求\n甲,"未闭合\n', "not-csv"),
    ],
)
def test_errors_of_input_are_one_message(text, code, tmp_path):
    """What is no table is told in one problem, with the file."""
    path = tmp_path / "t.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(Problems) as caught:
        read_table(path, {})
    (problem,) = caught.value.problems
    assert problem.code == code
    assert str(path) in str(problem)


def test_announcement(tmp_path):
    """Headings say what changed and for whose accounts; cells follow their titles."""
    path = tmp_path / "a.txt"
    path.write_text(
        "公告\n类目新增\n非个人主体\n【教育-驾校】\n现资质要求\n《备案》\n类目适用范围\n适用于驾校。\n"
        "类目调整\n境外主体\n【旅游-票务】\n原资质要求：《甲证》\n现资质要求：《乙证》\n"
        "类目下线\n个人主体\n【工具-日历】\n",
        "utf-8",
    )
    rows = read_announcement(path)
    assert [(r.name, r.change, r.account, r.papers.text) for r in rows] == [
        ("教育-驾校", "added", "non_individual", "《备案》"),
        ("旅游-票务", "adjusted", "overseas", "《乙证》"),
        ("工具-日历", "withdrawn", "individual", ""),
    ]
    assert rows[1].before.text == "《甲证》"
    empty = tmp_path / "b.txt"
    empty.write_text("今天没有类目", "utf-8")
    with pytest.raises(Problems, match="unknown-layout"):
        read_announcement(empty)


def test_announcement_in_other_layouts(tmp_path):
    """Names without brackets, cells in one line with their titles, changes beside a name."""
    path = tmp_path / "a.txt"
    path.write_text(
        "一、新增类目（非个人主体）\n1、教育 - 驾校\n所需资质：（2选1）1、《甲证》 2、《乙证》\n"
        "2. 旅游 > 票务\n资质要求\n《丙证》\n二、类目下线\n【工具-天气】类目下线\n"
        "三、调整类目（境外主体）\n类目名称：医疗-医院\n调整前资质要求：《旧证》\n"
        "调整后资质要求：《新证》\n【商家自营-食品】，现资质要求：《丁证》\n",
        "utf-8",
    )
    rows = read_announcement(path)
    assert [(r.name, r.change, r.account, r.papers.text) for r in rows] == [
        ("教育-驾校", "added", "non_individual", "（2选1）1、《甲证》 2、《乙证》"),
        ("旅游-票务", "added", "non_individual", "《丙证》"),
        ("工具-天气", "withdrawn", "non_individual", ""),
        ("医疗-医院", "adjusted", "overseas", "《新证》"),
        ("商家自营-食品", "adjusted", "overseas", "《丁证》"),
    ]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            "1. 教育 — 驾校\n调整前：《甲证》\n调整后：《乙证》\n",
            [("教育-驾校", None, "《乙证》", "《甲证》")],
        ),
        (
            "【新增】教育-驾校\n资质要求：《甲证》\n【下线】工具-日历\n",
            [("教育-驾校", "added", "《甲证》", ""), ("工具-日历", "withdrawn", "", "")],
        ),
        (
            "一级类目：教育\n二级类目：驾校\n变更类型：调整\n变更前资质：《甲证》\n"
            "变更后资质：《乙证》\n-----\n",
            [("教育-驾校", "adjusted", "《乙证》", "《甲证》")],
        ),
        (
            "類目下線：【工具－日曆】、【工具－天氣】\n",
            [("工具-日历", "withdrawn", "", ""), ("工具-天气", "withdrawn", "", "")],
        ),
        (
            "（一）新增以下类目：\n• 教育/驾校：需提供《甲证》（范围含“乙”）\n"
            "（二）下线以下类目：\n• 工具/日历\n",
            [
                ("教育-驾校", "added", "需提供《甲证》（范围含“乙”）", ""),
                ("工具-日历", "withdrawn", "", ""),
            ],
        ),
        (
            "类目名称\t原资质\t现资质\n教育-驾校\t《甲证》\t《乙证》\n",
            [("教育-驾校", None, "《乙证》", "《甲证》")],
        ),
    ],
)
def test_layouts_of_announcements(text, want, tmp_path):
    """Changes before or beside a name, levels in lines of their own, names in one line, columns."""
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    rows = read_announcement(path)
    before = [row.before.text if row.before else "" for row in rows]
    got = [(r.name, r.change, r.papers.text) for r in rows]
    assert [(*row, old) for row, old in zip(got, before, strict=True)] == want


def test_named_categories_are_not_lost(tmp_path):
    """A line of an announcement that names a category and is not understood is an error."""
    path = tmp_path / "a.txt"
    path.write_text("另见【教育-驾校】的说明。\n【旅游-票务】\n现资质要求：《甲证》\n", "utf-8")
    with pytest.raises(Problems) as caught:
        read_announcement(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.span.line) == ("unread-lines", 1)


def test_columns_before_and_after(tmp_path):
    """Of columns before and after a change the later one counts, the earlier one is kept."""
    path = tmp_path / "a.md"
    path.write_text(
        "一级分类|二级分类|资质要求（变更前）|资质要求（变更后）|\n"
        "汽车|新车|《甲证》与《乙证》|《甲证》|\n",
        "utf-8",
    )
    (row,) = read_table(path, {})
    assert (row.papers.text, row.before.text) == ("《甲证》", "《甲证》与《乙证》")


def test_composed_papers_are_read_back():
    """The text laid out for an answer means what the answer says."""
    papers = Given(
        "any", ("《甲证》", Given("all", ("《乙证》", Given("any", ("《丙证》", "《丁证》")))))
    )
    names = {
        frozenset(n for n, _, _ in way) for way in alternatives(read_papers(composed(papers)).node)
    }
    assert names == {
        frozenset(["甲证"]),
        frozenset(["乙证", "丙证"]),
        frozenset(["乙证", "丁证"]),
    }


@needs_corpus
def test_relations_of_douyin():
    """`|` is any of, `&` all of and binds more: bundles are accepted and rejected alike."""
    cases = json.loads((CORPUS / "api/douyin_relation_cases.json").read_text("utf-8"))["cases"]
    for case in (c for c in cases if "relation" in c):
        ids = {i for text in case["relation"] for way in text.split("|") for i in way.split("&")}
        names = {i: f"《甲{i}证》" for i in ids}
        node = read_papers(composed(relation(case["relation"], names, "f"))).node
        ways = [{n for n, _, _ in way} for way in alternatives(node)]
        for held in case["accepts"]:
            assert any(way <= {f"甲{i}证" for i in held} for way in ways)
        for held in case["rejects"]:
            assert not any(way <= {f"甲{i}证" for i in held} for way in ways)


@needs_corpus
def test_answers_of_platforms():
    """Official samples and pass-throughs with other keys give rows."""
    rows = read_weixin(CORPUS / "api/showdoc_available_categories_express.json")
    assert [r.state for r in rows] == ["none_required"] * 3 + ["text"] * 2
    assert rows[-1].papers.text.startswith("同时提供")
    (row,) = read_douyin(CORPUS / "api/douyin_all_categories_sample.json")
    assert read_papers(row.papers.text).node.stated == 3


@needs_corpus
@pytest.mark.parametrize("name", ["enterprise", "overseas", "personal"])
def test_public_tables(name):
    """All rows of the public tables come in."""
    rows = read_table(CORPUS / f"wechat-table-2026-02-{name}.json", {})
    assert len(rows) == len(table(name))
    assert all(r.account for r in rows)


def test_kinds_of_change_in_other_words(tmp_path):
    """What is withdrawn in other words is a category of its own; a kind that is not known is told
    and never becomes a line of the category above."""
    file = tmp_path / "a.txt"
    news = "【新增】水上-游艇\n材料：甲证书\n【下架】水上-寄存\n【变更】水上-轮渡\n变更后：乙证书\n"
    file.write_text(news, "utf-8")
    rows = read_announcement(file, "non_individual")
    assert [(r.second, r.change, r.papers.text) for r in rows] == [
        ("游艇", "added", "甲证书"), ("寄存", "withdrawn", ""), ("轮渡", "adjusted", "乙证书"),
    ]  # fmt: skip
    file.write_text(news.replace("下架", "灰度"), "utf-8")
    with pytest.raises(Problems) as raised:
        read_announcement(file, "non_individual")
    assert [(p.code, p.span.line) for p in raised.value.problems] == [("unread-lines", 3)]


def test_rows_anywhere_in_an_answer(tmp_path):
    """The one list of an answer is found however deep it lies, and its keys can be named."""
    file = tmp_path / "t.json"
    row = {"topName": "水上", "subName": "轮渡", "requirement": "《甲证》"}
    file.write_text(json.dumps({"code": 0, "data": {"items": [row]}}), "utf-8")
    named = {"first": "topName", "second": "subName"}
    assert told(read_table(file, named)) == [("水上", "轮渡", "《甲证》", "", "text")]
    for given in ({}, {"first": "top"}):
        with pytest.raises(Problems) as raised:
            read_table(file, given)
        assert [p.code for p in raised.value.problems] == ["no-column"]


@pytest.mark.parametrize("outer", ["exterList", "exter_list", "groups", "wanted"])
def test_answer_with_other_keys(outer, tmp_path):
    """Papers are found under the keys of those who pass an answer on; nested in a way that is not
    known, they are an error and never no papers."""
    file = tmp_path / "a.json"
    papers = {outer: [{"innerList": [{"name": "《甲证》"}, {"name": "乙协议"}]}]}
    leaf = {"cat_id": 2, "cat_name": "轮渡", "level": 2, "parent_id": 1, "qualify": papers}
    group = {"cat_id": 1, "cat_name": "水上", "level": 1, "sub": [2]}
    file.write_text(json.dumps({"categories": [group, leaf]}), "utf-8")
    if outer == "wanted":
        with pytest.raises(Problems, match="nested in a way that is not known"):
            read_weixin(file)
        return
    (row,) = read_weixin(file)
    assert (row.name, row.papers.text) == ("水上-轮渡", "同时提供：\n1、《甲证》\n2、乙协议")


def test_title_over_a_sheet_is_no_head(tmp_path):
    """A title in merged cells above the heads is left out, and merged cells hold for their rows."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["码头类目资质一览"],
        HEADS,
        ["水上", "轮渡", "《甲证》", ""],
        [None, "游艇", None, ""],
    ):
        sheet.append(row)
    for cells in ("A1:D1", "A3:A4", "C3:C4"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "t.xlsx")
    assert told(read_table(tmp_path / "t.xlsx", {})) == [
        ("水上", "轮渡", "《甲证》", "", "text"),
        ("水上", "游艇", "《甲证》", "", "text"),
    ]


HTML_HEADS = """<table><tr><th rowspan=2>一级类目</th><th rowspan=2>二级类目</th>
<th colspan=2>要求</th></tr><tr><th>资质要求</th><th>适用范围</th></tr>
<tr><td rowspan=3>生活</td><td>家政</td>
<td rowspan=2><ol><li>《甲证》</li><li>《乙证》</li></ol></td>
<td>家政服务</td></tr><tr><td>搬家</td><td>搬家服务</td></tr>
<tr><td>保洁</td><td colspan=2>无需资质</td></tr>
<tr><td colspan=2>金融</td><td>《丙证》</td><td>理财</td></tr></table>"""
LAYOUTS = {
    "heads in two rows, cells over rows and columns, a numbered list": (
        "t.html",
        HTML_HEADS,
        [
            ("生活", "家政", "1、《甲证》\n2、《乙证》", "家政服务", "text"),
            ("生活", "搬家", "1、《甲证》\n2、《乙证》", "搬家服务", "text"),
            ("生活", "保洁", "", "", "none_required"),
            ("金融", "", "《丙证》", "理财", "text"),
        ],
        {},
    ),
    "child before parent": (
        "t.tsv",
        "子类目\t父类目\t资质\t更新时间\n家政\t生活\t《甲证》\t五月\n搬家\t生活\t/\t\n",
        [
            ("生活", "家政", "《甲证》", "", "text"),
            ("生活", "搬家", "", "", "none_required"),
        ],
        {"更新时间": "五月"},
    ),
    "other requirements beside the papers, a footnote below the table": (
        "t.md",
        "|行业|子行业|准入资质|其他要求|\n|---|---|---|---|\n|生活|家政|《甲证》|实名|\n"
        "|注：须在有效期内||||\n",
        [("生活", "家政", "《甲证》", "", "text")],
        {"注": "注：须在有效期内"},
    ),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_layouts_of_other_tables(case, tmp_path):
    """Cells over several rows hold for each of them, one over several columns says its text once;
    what stands in columns that are not read, and below the table, is kept beside the row."""
    name, text, rows, beside = LAYOUTS[case]
    file = tmp_path / name
    file.write_text(text, "utf-8")
    found = read_table(file, {})
    assert told(found) == rows
    assert {head: said for row in found for head, said in row.beside.items()} == beside


def test_a_row_without_a_category_is_refused(tmp_path):
    """A row that names no category is not dropped: it is an error with its place."""
    file = tmp_path / "t.csv"
    file.write_text("一级类目,二级类目,资质\n,家政,《甲证》\n", "utf-8")
    with pytest.raises(Problems) as raised:
        read_table(file, {})
    assert [(p.code, p.message) for p in raised.value.problems] == [
        ("no-category", "the row 2 names no category")
    ]
