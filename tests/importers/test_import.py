"""A whole import: drafts in the project's own schema, frozen text, account, difference, review."""

import json
import random

import pytest
from click.testing import CliRunner

from kb.api import load
from kb.cli.imports import imports
from kb.importers.difference import between
from kb.importers.grid import make_row
from kb.importers.names import new_id, read_known
from kb.importers.output import MARK
from kb.importers.table import read_table
from kb.lang.problems import Problems
from kb.model.files import (
    AttributeFile,
    CategoryFile,
    ConditionFile,
    CoverageFile,
    SourceFile,
    VocabularyFile,
)
from kb.model.places import shipped
from kb.model.yamlread import read_file

from .corpus import CORPUS, needs_corpus, table

TABLE = (
    "一级类目,二级类目,资质要求,适用范围,备注\n"
    '教育,驾校,"（2选1）：\n1、《甲许可证》\n2、《乙许可证》（经营范围含“丙”）",'
    '"适用于提供驾校培训、驾校咨询服务。注：若提供图书销售服务，需补充【商家自营-图书】类目。",\n'
    "商家自营,图书,《出版物经营许可证》,适用于图书销售服务。,不支持盗版图书销售。\n"
    "工具,日历,/,适用于日历查询服务。,\n"
)


def run(*words):
    """Runs `kb import` and gives its result."""
    return CliRunner().invoke(imports, [str(word) for word in words])


def imported(folder, file, *more):
    """Imports a file, and fails where that fails."""
    done = run(
        "table", file, "--as", "t", "-o", folder, "--seen", "2026-01-01",
        "--account", "non_individual", *more,
    )  # fmt: skip
    if done.exception:
        raise done.exception
    return done.output


def shapes(folder):
    """Reads all drafts of an import through the project's own schema."""
    facts = folder / "facts"
    for path in (facts / "vocabulary").glob("*.yaml"):
        kinds = {
            "categories": CategoryFile, "attributes": AttributeFile, "conditions": ConditionFile,
        }  # fmt: skip
        kinds.get(path.stem, VocabularyFile).model_validate(read_file(path).data)
    CoverageFile.model_validate(read_file(facts / "coverage.yaml").data)
    (source,) = [p for p in facts.glob("*.yaml") if p.name != "coverage.yaml"]
    return SourceFile.model_validate(read_file(source).data)


@pytest.fixture
def small(tmp_path):
    """A small table, imported."""
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    folder = tmp_path / "out"
    imported(folder, file)
    return folder


def test_draft_is_in_the_projects_schema(small):
    """Facts, terms and coverage of a draft are what the project's fact files are."""
    source = shapes(small)
    assert source.source.standing == "draft"
    assert source.source.complete_for == ("non_individual",)
    driving, books, calendar = source.categories
    assert driving.requirement.stated == 2
    [stated] = driving.requirement.children[1].must_state
    assert (stated.field, stated.words) == ("business_scope", ("丙",))
    assert driving.references[0].categories == (books.category,)
    assert books.unsupported
    assert calendar.none_required


def test_lines_cite_the_frozen_text(small):
    """The lines of a record are lines of the frozen text."""
    lines = (small / "sources" / "t.txt").read_text("utf-8").splitlines()
    for version in shapes(small).categories:
        assert version.name in lines[version.lines[0] - 1]
    leaf = shapes(small).categories[0].requirement.children[1]
    assert "乙许可证" in lines[leaf.lines[0] - 1]


def test_all_of_it_is_covered_once(small):
    """Coverage names every line of the frozen text exactly once."""
    source = shapes(small).source
    coverage = CoverageFile.model_validate(read_file(small / "facts/coverage.yaml").data)
    lines = [line for entry in coverage.sources["t"] for line in entry.lines]
    stated = [n for pair in coverage.sources["t"] for n in pair.lines]
    assert lines == stated
    assert set(lines) <= set(range(1, source.line_count + 1))


def test_every_new_term_without_english_is_listed(tmp_path):
    """Each term of each kind whose English holds Chinese stands in the list of what is left to a
    person, conditions and attributes of branches too, and so does each label that a version says
    in Chinese alone."""
    file = tmp_path / "t.csv"
    file.write_text(
        "一级类目,二级类目,资质要求,适用范围\n"
        '水上出行,轮渡售票,"（2选1）：\n1、自营：《甲水路许可证》\n2、代理商：《乙代理协议书》",'
        "适用于轮渡船票预订服务。\n",
        "utf-8",
    )
    imported(tmp_path / "out", file, "--platform", "码头")
    listed = (tmp_path / "out/untranslated.txt").read_text("utf-8").splitlines()
    new = [
        f"{path.stem}\t{term['id']}\t{term['zh']}"
        for path in (tmp_path / "out/facts/vocabulary").glob("*.yaml")
        for part in ("groups", "terms")
        for term in read_file(path).data.get(part, ())
        if not term["en"].isascii()
    ]
    new = [line.replace("categories\tgroup-", "groups\tgroup-") for line in new]
    assert {line.partition("\t")[0] for line in new} == {
        "groups", "categories", "documents", "services", "attributes", "conditions", "platforms",
    }  # fmt: skip
    assert set(new) <= set(listed)
    assert [line.split("\t")[::2] for line in listed if line not in new] == [
        ["label", "自营"], ["label", "代理商"],
    ]  # fmt: skip


def test_nothing_is_written_over_what_is_not_ours(tmp_path):
    """A folder that no import wrote is left alone."""
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep", "utf-8")
    with pytest.raises(Problems, match="no import wrote it"):
        imported(mine, file)
    assert [p.name for p in mine.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--as", "t"], "no-date"),
        (["--as", "t", "--seen", "2026-01-01"], "no-account"),
        (["--as", "bad id", "--seen", "2026-01-01"], "source-id"),
        (["--as", "t", "--seen", "soon"], "date"),
    ],
)
def test_what_is_unclear_is_asked_for(words, code, tmp_path):
    """A day, an account or an id that is not said is asked for, and nothing is written."""
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    done = run("table", file, "-o", tmp_path / "out", *words)
    assert [p.code for p in done.exception.problems] == [code]
    assert not (tmp_path / "out").exists()


def test_review_keeps_decisions_by_the_words_of_a_cell(small, tmp_path):
    """Two cells are decided; the same words in another import need no second look."""
    listed = {lang: run("review", small, "--list", "--lang", lang).output for lang in ("zh", "en")}
    assert listed == {
        "zh": "2 个不同的单元格, 2 个待决定\n", "en": "2 distinct cells, 2 to decide\n",
    }  # fmt: skip
    done = CliRunner().invoke(imports, ["review", str(small), "--lang", "en"], input="a\na\n")
    assert "0 left; the source is in force" in done.output
    assert shapes(small).source.standing == "in_force"
    file = tmp_path / "again.csv"
    file.write_text(TABLE.replace("《甲许可证》", "《甲许可证》 "), "utf-8")
    imported(small, file)
    assert "0 个待决定" in run("review", small, "--list").output
    file.write_text(TABLE.replace("甲许可证", "丁许可证"), "utf-8")
    imported(small, file)
    assert "1 个待决定" in run("review", small, "--list").output
    assert shapes(small).source.standing == "draft"


def test_a_text_is_changed_where_its_words_are(small, tmp_path):
    """Against a base that keeps the hashes of its cells, the columns whose text changed are told,
    other blanks and widths are no change, and a category that is gone is withdrawn once."""
    file = tmp_path / "next.csv"
    text = TABLE.replace("适用于图书销售", "适用于图书、期刊销售").replace(
        "《乙许可证》", "《乙许可证》 "
    )
    file.write_text("\n".join(text.splitlines()[:-1]) + "\n", "utf-8")
    imported(tmp_path / "next", file, "--only-facts", small / "facts")
    found = json.loads((tmp_path / "next/difference.json").read_text("utf-8"))
    told = [(c["kind"], c["category"], c["what"]) for c in found["changes"]]
    assert told == [
        ("changed", "商家自营-图书", ["scope"]),
        ("withdrawn", "工具-日历", []),
    ]
    assert (found["unchanged"], found["read_otherwise"]) == (1, [])


def test_announcement_and_the_next_table(tmp_path):
    """What an announcement says is held against the next table: only categories that it names."""
    news = tmp_path / "a.txt"
    news.write_text(
        "类目新增\n【教育-驾校】\n现资质要求：《甲证》\n类目调整\n【商家自营-图书】\n"
        "现资质要求：《出版物经营许可证》\n类目下线\n【工具-日历】\n【工具-天气】\n",
        "utf-8",
    )
    base = ["--as", "t", "--seen", "2026-01-01", "--account", "non_individual"]
    done = run("announcement", news, "-o", tmp_path / "a", *base)
    assert done.exception is None
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    imported(tmp_path / "out", file, "--against", tmp_path / "a")
    found = json.loads((tmp_path / "out/difference.json").read_text("utf-8"))
    assert [(c["kind"], c["category"]) for c in found["changes"]] == [
        ("still_listed", "工具-日历"),
        ("changed", "教育-驾校"),
        ("changed", "商家自营-图书"),
    ]
    assert found["unchanged"] == 1


CARD = """\
read as
└ all of
  ├ 《营业执照》 (business licence)  [5]
  └ 《机动车驾驶员培训备案》 (motor vehicle driver training filing), held by the partner, at least
      2, 合作驾校  [6]
minimal alternatives: 1
└ 1. 《营业执照》 + 《机动车驾驶员培训备案》 x2 (of the partner)
references
└ 教育服务-驾校平台
  └ also needs: 商家自营-酒类 ← 酒类销售 [t 10]
difference from the base
├ changed: 教育服务-驾校平台 [non_individual] (papers, scope, remark)
├ + 《营业执照》 (business licence)
├ - 《合作协议》 (cooperation agreement)
├ - 《小程序开发者承诺函》 (mini-program developer's letter of commitment)
└ + also needs: 商家自营-酒类
"""


def test_a_card_tells_what_was_read_and_what_that_changes(tmp_path):
    """Beside the text stand the tree, its alternatives, the references of the category and what
    differs from the base; in Chinese the same lines in Chinese."""
    file = tmp_path / "t.csv"
    file.write_text(
        "一级类目,二级类目,资质要求,适用范围,备注\n"
        '教育服务,驾校平台,"同时提供：\n1、《营业执照》\n2、合作驾校的《机动车驾驶员培训备案》至少2家",'
        '适用于驾校平台服务。,"若提供酒类销售服务，需补充【商家自营-酒类】类目。"\n',
        "utf-8",
    )
    imported(tmp_path / "out", file, "--partial")

    def shown(lang):
        words = ["review", str(tmp_path / "out"), "--lang", lang]
        runner = CliRunner(env={"COLUMNS": "100"})
        output = runner.invoke(imports, words, input="q\n").output
        return [line for line in output.splitlines() if line]

    assert "\n".join(shown("en")[5:-2]) + "\n" == CARD
    zh = shown("zh")
    for line in (
        "  └ 《机动车驾驶员培训备案》,由合作方持有,至少 2 份,合作驾校  [6]",
        "最小方案: 1",
        "  └ 另需: 商家自营-酒类 ← 酒类销售 [t 10]",
        "├ 有变化: 教育服务-驾校平台 [non_individual] (资质要求, 适用范围, 备注)",
        "├ - 《小程序开发者承诺函》",
        "└ + 另需: 商家自营-酒类",
    ):
        assert line in zh


def test_review_keeps_what_an_import_was_compared_with(small, tmp_path):
    """A difference from an earlier import stays when decisions are written; one from the base is
    made anew of what was decided."""
    file = tmp_path / "t.csv"
    imported(tmp_path / "next", file, "--against", small)
    compared = (tmp_path / "next/difference.json").read_bytes()
    CliRunner().invoke(imports, ["review", str(tmp_path / "next")], input="a\nq\n")
    assert (tmp_path / "next/difference.json").read_bytes() == compared
    before = json.loads((small / "difference.json").read_text("utf-8"))
    CliRunner().invoke(imports, ["review", str(small)], input="a\nq\n")
    assert json.loads((small / "difference.json").read_text("utf-8")) == before


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "3 rows, 2 distinct cells of papers, 0 with open points; "),
     ("zh", "3 行, 2 个不同的资质单元格, 其中 0 个有未决之处; ")],
)  # fmt: skip
def test_the_summary_is_told_in_both_languages(lang, told, tmp_path):
    """What an import says at its end, and its reports, are in the language asked for."""
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    done = imported(tmp_path / "out", file, "--lang", lang)
    assert done.startswith(told)
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert f"<html lang={lang}>" in page
    assert {"en": 'title="name"', "zh": 'title="材料"'}[lang] in page
    text = (tmp_path / "out/difference.txt").read_text("utf-8")
    first = {"en": "2 added, 1 changed, ", "zh": "新增 2, 有变化 1, "}[lang]
    assert text.startswith(first)


def test_rejected_cell_stays_open(small):
    """A rejected cell asks for nothing, and says so."""
    CliRunner().invoke(imports, ["review", str(small)], input="r\na\n")
    source = shapes(small)
    assert source.source.standing == "draft"
    (rejected,) = [v for v in source.categories if v.unclear and v.unclear[0].id == "rejected"]
    assert rejected.none_stated


def test_branch_for_others_never_satisfies(tmp_path):
    """An app that has the paper of one branch of a choice is asked whether that case is its own: it
    is undetermined until it says so, and missing what it needs where it says no."""
    file = tmp_path / "t.csv"
    file.write_text(
        "一级类目,二级类目,资质要求,适用范围\n"
        '水上出行,轮渡售票,"（2选1）：\n1、自营：《甲水路许可证》\n2、代理商：《乙代理协议书》",'
        "适用于轮渡船票预订服务。\n",
        "utf-8",
    )
    folder = tmp_path / "out"
    imported(folder, file, "--platform", "pier")
    done = CliRunner().invoke(imports, ["review", str(folder)], input="a\n")
    assert "还剩 0 个; 来源: 有效" in done.output
    (own, _) = shapes(folder).categories[0].requirement.children
    base = load(folder / "facts", as_of="2026-02-01")
    for facts, verdict in (({}, "undetermined"), ({own.when[0]: True}, "satisfied")):
        app = {
            "platform": "pier", "applicant": "enterprise", "services": ["轮渡船票预订"],
            "holds": ["甲水路许可证"], "facts": facts,
        }  # fmt: skip
        assert base.ask(app).verdict == verdict
    told = dict.fromkeys(
        (c.when[0] for c in shapes(folder).categories[0].requirement.children), False
    )
    assert base.ask(app | {"facts": told}).verdict != "satisfied"


def test_difference_of_two_tables():
    """Added, withdrawn, moved, changed and reworded rows are told apart."""

    def rows(*told):
        return [
            make_row({"first": a, "second": b, "papers": c}, n, "f", n, "non_individual")
            for n, (a, b, c) in enumerate(told)
        ]

    old = rows(
        ("甲", "一", "《A证》"),
        ("甲", "二", "《B证》"),
        ("甲", "三", "《C证》"),
        ("甲", "四", "《D证》或《E证》"),
        ("甲", "五", "《旧证》"),
        ("甲", "六", "《旧证》和《A证》"),
    )
    new = rows(
        ("甲", "一", "《A证》"),
        ("乙", "二", "《B证》"),
        ("甲", "新", "《X证》"),
        ("甲", "四", "《E证》 或 《D证》"),
        ("甲", "五", "《新证》"),
        ("甲", "六", "《新证》和《A证》"),
    )
    found = between(old, new)
    kinds = {(c.kind, c.name) for c in found.changes}
    assert kinds == {
        ("moved", "乙-二"), ("added", "甲-新"), ("withdrawn", "甲-三"), ("reworded", "甲-四"),
        ("paper_renamed", "甲-五"), ("paper_renamed", "甲-六"),
    }  # fmt: skip
    assert found.papers_renamed == [("旧证", "新证", 2)]
    assert found.unchanged == 1


@needs_corpus
def test_difference_of_the_tables_of_2018():
    """Where no text changed no change is told; a paper renamed everywhere is found."""
    first, second = (
        read_table(CORPUS / f"weixin-2018-{day}.json", {}) for day in ("10-15", "10-19")
    )
    assert between(first, first).changes == []
    shuffled = random.Random(1).sample(first, len(first))
    assert between(first, shuffled).changes == []
    found = between(first, second)
    assert found.papers_renamed[0][:2] == (
        "增值电信业务经营许可备案",
        "非经营性互联网信息服务备案核准",
    )
    changed = sum(a.papers.text != b.papers.text for a, b in zip(first, second, strict=True))
    assert len(found.changes) == changed


@needs_corpus
@pytest.mark.parametrize("name", ["enterprise", "overseas", "personal"])
def test_public_tables_become_drafts(name, tmp_path):
    """A whole public table becomes valid drafts, all accounted for. Against the shipped facts
    nothing has changed: they were read from it, and keep the hashes of its cells."""
    account = {"overseas": "overseas", "personal": "individual"}.get(name, "non_individual")
    file = CORPUS / f"wechat-table-2026-02-{name}.json"
    imported(tmp_path / "out", file, "--account", account)
    found = json.loads((tmp_path / "out/difference.json").read_text("utf-8"))
    assert (found["changes"], found["unchanged"]) == ([], len(table(name)))
    kept = shipped("facts") / f"cells/wechat-table-2026-02-{name}.tsv"
    assert (tmp_path / "out/facts/cells/t.tsv").read_bytes() == kept.read_bytes()
    shapes(tmp_path / "out")
    report = json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    assert report["characters"] == sum(report["roles"].values())
    assert report["unread"] < 100
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "http" not in page.split("<h2", 1)[0]
    frozen = CORPUS.parent / f"sources/wechat-table-2026-02-{name}.txt"
    got = (tmp_path / "out/sources/t.txt").read_text("utf-8").splitlines()
    assert got[1:] == frozen.read_text("utf-8").splitlines()[1:]
    assert (tmp_path / "out" / MARK).is_file()


def test_known_names_of_the_shipped_facts():
    """Names of the base are found by label, alias, former name, and in full width."""
    known = read_known(shipped("facts"))
    assert known.names["documents"]["营业执照"][0] == "business_licence"
    platform = ("education-driving-school-platform", "exact")
    assert known.names["categories"]["教育服务-驾校平台"] == platform
    assert len({source["id"] for source, _ in known.versions}) > 3


@pytest.fixture
def pier(tmp_path):
    """The table as that of another platform, accepted: a folder of facts to lay on the shipped."""
    file = tmp_path / "pier.csv"
    file.write_text(TABLE, "utf-8")
    imported(tmp_path / "pier", file, "--platform", "pier")
    CliRunner().invoke(imports, ["review", str(tmp_path / "pier")], input="a\na\n")
    return tmp_path / "pier/facts"


def test_a_category_that_came_with_the_words_of_one_that_went(pier, tmp_path):
    """A row with the papers and scope of a category that a complete table no longer has is told as
    perhaps renamed, and neither as added nor as withdrawn; other rows are what they were."""
    file = tmp_path / "next.csv"
    file.write_text(TABLE.replace("商家自营,图书", "商家自营,出版物"), "utf-8")
    imported(tmp_path / "next", file, "--facts", pier, "--platform", "pier")
    found = json.loads((tmp_path / "next/difference.json").read_text("utf-8"))
    assert [(c["kind"], c["category"], c.get("was")) for c in found["changes"]] == [
        ("perhaps_renamed", "商家自营-出版物", "商家自营-图书")
    ]
    assert found["unchanged"] == 2


NEWS = """\
一、类目调整
1. 商家自营 > 图书
准入资质：同时提供：①《出版物经营许可证》②《进货证明书》
适用场景：适用于图书销售服务。
二、类目下线
2. 工具 > 日历
3. 工具 > 天气
"""


def test_an_announcement_against_the_base_and_what_it_changes(pier, tmp_path):
    """What an announcement adds, changes and withdraws is told against the base; once a person has
    accepted it and it lies on the facts, the changes between two days are those of its text, and
    the app that lacks the new paper turns from satisfied to missing."""
    (tmp_path / "a.txt").write_text(NEWS, "utf-8")
    words = ["--as", "news", "--date", "2026-03-01", "--account", "non_individual"]
    words += ["--platform", "pier", "--facts", pier]
    done = run("announcement", tmp_path / "a.txt", "-o", tmp_path / "a", *words)
    assert done.exception is None
    found = json.loads((tmp_path / "a/difference.json").read_text("utf-8"))
    assert [(c["kind"], c["category"], c.get("came", [])) for c in found["changes"]] == [
        ("changed", "商家自营-图书", [new_id("documents", "进货证明书")]),
        ("withdrawn", "工具-日历", []),
        ("not_held", "工具-天气", []),
    ]
    review = ["review", str(tmp_path / "a"), "--facts", str(pier)]
    # What is withdrawn is looked at, too: until then the announcement stays a draft.
    assert "还剩 2 个" in CliRunner().invoke(imports, review, input="a\nl\nl\n").output
    assert "standing: draft" in (tmp_path / "a/facts/news.yaml").read_text("utf-8")
    assert "还剩 0 个" in CliRunner().invoke(imports, review, input="a\na\n").output
    base = load([pier, tmp_path / "a/facts"], as_of="2026-04-01")
    app = {
        "name": "书店", "platform": "pier", "applicant": "enterprise", "services": ["图书销售"],
        "holds": ["出版物经营许可证"],
    }  # fmt: skip
    changes = base.changes("2026-02-22", "2026-04-01", [app])
    told = changes.to_dict()
    (book,) = [c for c in told["categories"] if c["category"] == "商家自营-图书"]
    assert book["what"] == "changed"
    assert [ref["sources"][0]["source"] for ref in (*book["before"], *book["after"])] == [
        "t", "news",
    ]  # fmt: skip
    # The announcement says nothing of the service that the table does not carry.
    assert [(d["what"], d.get("document")) for d in book["differences"]] == [
        ("document_added", "进货证明书"), ("unsupported_changed", None),
    ]  # fmt: skip
    (flip,) = told["apps"]
    assert (flip["before"], flip["after"]) == ("satisfied", "missing")
    assert [paper["document"] for paper in flip["to_provide"]] == ["进货证明书"]
    (gone,) = [c for c in told["categories"] if c["category"] == "工具-日历"]
    assert (gone["what"], [d["what"] for d in gone["differences"]]) == (
        "changed",
        ["reading_dropped", "withdrawn"],
    )
    asked = {
        "name": "历",
        "platform": "pier",
        "applicant": "enterprise",
        "services": ["日历查询"],
    }
    days = ("2026-02-28", "2026-03-01")
    assert [base.ask(asked, as_of=day).verdict for day in days] == ["satisfied", "not_open"]
    # The next table has it all the same.
    (tmp_path / "next.csv").write_text(TABLE, "utf-8")
    later = [
        "--as",
        "u",
        "--seen",
        "2026-05-01",
        "--account",
        "non_individual",
        "--platform",
        "pier",
    ]
    folders = ["--facts", pier, "--facts", tmp_path / "a/facts"]
    done = run("table", tmp_path / "next.csv", "-o", tmp_path / "next", *later, *folders)
    assert done.exception is None
    found = json.loads((tmp_path / "next/difference.json").read_text("utf-8"))
    assert ("still_listed", "工具-日历") in [(c["kind"], c["category"]) for c in found["changes"]]
