"""Documents that must contain words: each copy counts for itself, and how words are written."""

import shutil
from pathlib import Path

import pytest
from asked import sample
from test_cases import loaded

import kb

BASE = Path(__file__).parent / "bad" / "facts" / "base" / "vocabulary"
NOTICE = """source:
  {id: notice, zh: 须知, en: notice, publisher: {zh: 镇, en: town}, date: 2024-01-01,
   standing: in_force, jurisdiction: CN, platform: wechat, line_count: 4}
categories:
  - category: shop-food
    lines: 1-2
    scope: [{service: bakery, lines: 1}]
    requirement: {document: lease, at_least: 2, must_state: [房屋(甲), Area 9], lines: 2}
  - category: shop-books
    lines: 3-4
    scope: [{service: bookshop, lines: 3}]
    requirement: {document: lease, holder: partner, must_state: [房屋], lines: 4}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "facts"
    shutil.copytree(BASE, folder / "vocabulary")
    (folder / "notice.yaml").write_text(NOTICE, encoding="utf-8")
    return kb.load(only_facts=folder, as_of="2024-06-30")


BOTH = ["房屋(甲)", "area 9"]


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        ([], "missing"),
        ([{"document": "lease", "count": 2, "states": BOTH}], "satisfied"),
        ([{"document": "lease", "states": BOTH}] * 2, "satisfied"),
        # Two copies, of which only one has the words.
        ([{"document": "lease", "states": BOTH}, {"document": "lease", "states": []}], "missing"),
        # Each copy has one half of the words.
        ([{"document": "lease", "states": [word]} for word in BOTH], "missing"),
        # One copy is silent: it may have them.
        ([{"document": "lease", "states": BOTH}, "lease"], "undetermined"),
        ([{"document": "lease", "count": 2}], "undetermined"),
        ([{"document": "lease", "states": ["x"]}, "lease"], "missing"),
        ([{"document": "lease", "count": 2, "holder": "partner", "states": BOTH}], "missing"),
        # Full-width brackets and letters, spaces and case are all one; words stand inside a text.
        (
            [{"document": "lease", "count": 2, "states": ["本镇房屋（甲）\u3000ＡＲＥＡ9号"]}],
            "satisfied",
        ),
    ],
)
def test_copies(small, holds, verdict):
    """So many copies are needed that each contain all the words."""
    assert small.ask({"name": "a", "services": ["bakery"], "holds": holds}).verdict == verdict


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ({"holder": "partner", "states": ["房屋"]}, "satisfied"),
        ({"states": ["房屋"]}, "undetermined"),
        ({"holder": "partner"}, "undetermined"),
        ({"holder": "applicant", "states": ["房屋"]}, "missing"),
    ],
)
def test_holders(small, held, verdict):
    """Whose a copy is may be open, as for documents that need no words."""
    app = {"name": "a", "services": ["bookshop"], "holds": [{"document": "lease", **held}]}
    assert small.ask(app).verdict == verdict


def test_rows(small):
    """The copies that do are counted for each need that asks for words."""
    holds = [{"document": "lease", "states": BOTH}, {"document": "lease", "count": 3}]
    app = small.app({"name": "a", "services": ["bakery"], "holds": holds})
    rows = small.rows(app)
    assert sorted(rows["app_fits"]) == [
        ("a", "lease@applicantx2+Area 9+房屋(甲)", 1, 4),
        ("a", "lease@partnerx1+房屋", 0, 4),
    ]
    assert sorted(rows["app_holds"]) == [
        ("a", "lease", "applicant", 4, 4),
        ("a", "lease", "partner", 0, 4),
    ]


def test_order_of_the_source(small):
    """An answer shows the words in the order in which the source has them."""
    answer = small.ask({"name": "a", "services": ["bakery"]}).to_dict()
    (category,) = answer["categories"]
    for document in (category["alternatives"][0]["documents"][0], category["missing"][0]):
        assert document["must_state"] == ["房屋(甲)", "Area 9"]


def test_within_reach(small):
    """A stock of documents completes a category only by copies that contain the words."""
    held = {"document": "lease", "count": 2}
    found = [
        list(small.query("categories_within_reach", app={"name": "a", "holds": [h]})["category"])
        for h in (held, {**held, "states": BOTH})
    ]
    assert found == [[], ["商店-食品"]]


def test_a_choice_of_words_is_told_as_one():
    """`a|b` of a document is a choice: words say `a or b`, JSON keeps `a|b`."""
    app = {"name": "a", "applicant": "enterprise", "services": ["ai_questions"]}
    base = loaded(())
    answer = base.ask(app, as_of="2026-06-30")
    assert "须写有:算法名称 或 算法应用场景 或 备案编号" in str(answer)
    assert "|" not in str(answer)
    english = base.ask(app, as_of="2026-06-30", lang="en")
    assert "must state: 算法名称 or 算法应用场景 or 备案编号" in str(english)
    states = [
        word
        for alternative in answer.to_dict()["categories"][0]["alternatives"]
        for document in alternative["documents"]
        for word in document["must_state"]
    ]
    assert "算法名称|算法应用场景|备案编号" in states


def test_a_name_can_not_forge_a_line():
    """Line breaks, turns of direction and invisible characters of a name are shown as escapes."""
    name = "甲\n✓ 已满足\u202e\u2028乙\u200b"
    answer = loaded(()).ask({"name": name, "services": []}, as_of="2025-06-30")
    shown = "甲\\n✓ 已满足\\u202e\\u2028乙\\u200b"
    assert str(answer).startswith(f"{shown} · 2025-06-30")
    assert shown in answer._repr_html_()
    assert shown.replace("\\", "\\\\") in answer._repr_markdown_()
    for text in (str(answer), answer._repr_html_(), answer._repr_markdown_(), repr(answer)):
        assert not any(c in text for c in "\u202e\u2028\u200b")
        assert "\n✓ 已满足" not in text
    assert answer.to_dict()["app"] == name


ONE_OF_MANY = {
    "name": "a",
    "applicant": "enterprise",
    "services": ["international_ship", "international_liner"],
}


def test_many_alternatives_are_folded():
    """Where alternatives are more than the source's own choices, its requirement stands with their
    number, then what the app can use, each once, then how many others there are."""
    base = loaded(())
    shown = str(base.ask(ONE_OF_MANY, as_of="2026-06-30"))
    [version] = [
        v for v in base.show("国际客运").versions if v.source == "wechat-table-2026-02-enterprise"
    ]
    count = len(version.alternatives)
    assert f"来源的要求,展开共 {count} 个方案:" in shown
    assert "自营型: 全部提供  仅当: 服务由申请主体自营" in shown
    headings = [line for line in shown.splitlines() if line.startswith("  方案 ")]
    assert f"另有 {count - len(headings)} 个方案" in shown
    assert not [line for line in headings if "不可用" in line]
    assert all("(自营型)" in line or "(票务代理)" in line for line in headings)


def test_the_count_of_choices_is_the_source_s_own():
    """With the technology unsaid the short answer tells three choices, as lines 228 to 236 have
    them (one's own; a filing and an agreement; a certificate), and the whole one each set of papers
    once: of agreements that state other words, the one in hand. With the technology said, only the
    choices of that branch count."""
    early = loaded(())
    app = {"name": "a", "applicant": "enterprise", "services": ["ai_questions"]}
    words = {"document": "合作协议", "states": ["备案编号"]}
    answer = early.ask(app | {"holds": [words]}, as_of="2025-06-30")
    assert [len(c.alternatives) for c in answer.categories] == [9]
    assert ",3 个方案可选  [" in answer.text("short")
    shown = [line.split()[1] for line in str(answer).splitlines() if line.startswith("  方案 ")]
    assert shown == ["1", "4", "5", "8", "9"]
    third = early.ask(app | {"facts": {"technology": "third_party"}}, as_of="2025-06-30")
    assert ",2 个方案可选  [" in third.text("short")


def test_duties_of_a_draft_take_one_line():
    """Of an app for pupils the Beijing draft would find three duties not met (lines 37, 38, 50) and
    thirteen open: in short that is one line, and no verdict hangs on it; each is told in
    the whole answer, and where drafts are asked to count."""
    app = {
        "name": "a",
        "applicant": "enterprise",
        "regions": ["CN-BJ"],
        "services": ["online_video_courses"],
        "audience": ["compulsory_education"],
        "facts": {
            "subjects": ["mathematics"],
            "developed_for_schools": True,
            "purpose": "school_teaching",
            "teaching_mode": "live",
        },
    }
    answer = loaded(()).ask(app, as_of="2025-06-30")
    short = answer.text("short")
    assert "若生效,义务中未做到 3,无法确定 13;不影响结论" in short
    assert short.count("征求意见稿") == 2
    assert str(answer).count("✗ 未做到") == 3
    counting = loaded(()).ask(app, as_of="2025-06-30", include_drafts=True).text("short")
    assert counting.count("✗ 未做到") == 3


def test_papers_of_a_draft_are_told_in_the_whole_answer():
    """A draft of a category is told with its line in short, and with the paper that it asks for in
    the whole answer alone (drafts-2023, lines 1 to 3)."""
    app = {
        "name": "图",
        "applicant": "enterprise",
        "regions": ["CN-BJ"],
        "services": ["看地图"],
    }
    answer = loaded(("facts-places", "facts-drafts")).ask(app, as_of="2023-06-30")
    told = "把这些服务列入「工具-地图」:看地图  [drafts-2023 1-3]\n"
    paper = "      《营业执照》  [3]\n"
    assert told in answer.text("short")
    assert told + paper not in answer.text("short")
    assert told + paper in str(answer)


def test_what_is_open_to_choice_is_told_as_one(early):
    """Of three licences each would do alone (lines 41-43): one is shown, the others are counted.
    Where it is open which alternative holds, the one shown is not told as the way."""
    app = {
        "name": "a",
        "applicant": "enterprise",
        "services": ["online_video_courses"],
        "facts": {"teaching_mode": "live"},
    }
    answer = early.ask(app, as_of="2025-06-30")
    assert (answer.bundle.equals, answer.bundle.doubtful) == (2, ())
    assert "不是唯一的选择:另有 2 组材料同样少" in str(answer)
    assert answer.to_dict()["bundle"]["equals"] == 2
    technology = {"name": "a", "applicant": "enterprise", "services": ["ai_questions"]}
    open_ = loaded(()).ask(technology, as_of="2026-06-30")
    assert open_.bundle.doubtful == ("deep-synthesis-questions",)
    assert "只是其中一种可能:「深度合成-AI问答」" in str(open_)


def test_what_is_not_open_lists_nothing_to_do():
    """A category that is not open to the app says to whom it is, and lists no alternatives."""
    app = {"name": "a", "applicant": "individual", "services": ["driving_school_platform"]}
    answer = loaded(()).ask(app, as_of="2026-06-30")
    [category] = answer.categories
    assert (category.verdict, category.alternatives, category.missing) == ("not_open", (), ())
    assert str(answer).splitlines()[2].startswith("⊘ 教育-驾校平台 — 不开放  [")
    assert "来源里这个类目的要求是给别人的:" in str(answer)
    assert "来源未列明材料" not in str(answer)


def test_what_sources_say_of_themselves_is_told_once():
    """A remark of a source stands once in an answer, with its lines, however many categories."""
    app = {
        "name": "a",
        "applicant": "enterprise",
        "services": ["driving_school_platform", "ai_questions"],
    }
    shown = str(loaded(()).ask(app, as_of="2026-06-30"))
    assert shown.count("取自公开仓库里的副本,不是平台的原页面".replace(",", "，")) == 1
    local = {"name": "a", "applicant": "enterprise", "services": [], "regions": ["CN-BJ", "CN-SD"]}
    pupils = {"audience": ["compulsory_education"], "facts": {"subjects": ["mathematics"]}}
    told = str(loaded(()).ask({**local, **pupils, "services": ["教育直播"]}, as_of="2026-06-30"))
    for lines in ("shandong-2019 4]", "shandong-2019 7-8]", "beijing-draft-2022 6]", "14]"):
        assert lines in told


def test_a_question_is_asked_once():
    """What several open points hang on is asked once."""
    shown = str(loaded(()).ask({"name": "a"}, as_of="2026-06-30"))
    questions = [line for line in shown.splitlines() if "→" in line]
    assert len(questions) == len(set(questions))
    assert questions


def test_a_draft_says_what_it_perhaps_forbids():
    """The Beijing draft forbids searching by photo (line 43) to apps for schools: one that does it,
    and does not say for whom it is, learns of it, and no verdict hangs on that."""
    app = {
        "name": "a",
        "applicant": "enterprise",
        "regions": ["CN-BJ"],
        "services": ["driving_school_platform"],
        "facts": {"photo_search": True},
    }
    answer = loaded(()).ask(app, as_of="2026-06-30")
    [text] = [t for t in answer.texts if t.source == "beijing-draft-2022"]
    assert [f.cites[0].lines for f in text.perhaps_forbids] == [(43,)]
    assert answer.prohibited == ()
    assert "应用在做的事,可能被它禁止" in str(answer)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "  · 微信小程序 (境外主体): 2026-02-21, 108 个类目"),
        ("en", "  · WeChat mini-program (overseas organisation): 2026-02-21, 108 categories"),
    ],
)
def test_how_far_the_base_goes_is_told(lang, told):
    """The whole answer ends with the newest text for each kind of account: the table of overseas
    accounts, as it was seen in February 2026, has 108 categories."""
    text = loaded(()).ask({"services": ["驾校平台"]}, "2026-03-01", lang=lang).text()
    assert told in text.splitlines()[-3:]


AI = {"name": "甲", "applicant": "enterprise", "regions": ["CN-GD"], "services": ["ai_questions"]}


def test_papers_that_hang_on_a_condition_say_so(base):
    """A paper of an alternative whose condition is open is told with it, in text, HTML, JSON and
    bundles, in both languages; once the condition is met it is plainly due."""
    answer = base.ask(AI, "2026-06-01")
    [needed] = answer.bundle.documents
    assert needed.only_if == (("own_technology_only", True),)
    assert "须写有:生成合成类,仅当:只使用自研技术  [2684-2685]" in answer.text()
    assert "only if: uses its own technology only" in base.ask(AI, "2026-06-01", lang="en").text()
    assert "仅当:只使用自研技术" in answer.html()
    assert answer.to_dict()["bundle"]["documents"][0]["only_if"] == ["只使用自研技术"]
    assert "仅当:只使用自研技术" in str(base.bundles(AI, as_of="2026-06-01"))
    settled = base.ask({**AI, "facts": {"technology": "own"}}, "2026-06-01")
    assert [each.only_if for each in settled.bundle.documents] == [()]
    assert "仅当" not in settled.text("short")


def test_what_a_paper_hangs_on_is_open():
    """Over many apps: what a paper of the bundle hangs on is a condition that is open for an
    alternative of the answer; it hangs on something wherever each picked alternative that asks for
    it has one that is open."""
    hanging = 0
    for each in sample(9):
        answer = each.base.ask(each.app, each.as_of, each.drafts)
        every = [
            alternative for category in answer.categories for alternative in category.alternatives
        ]
        open_ = {c.condition for each_one in every for c in each_one.conditions if c.unknown}
        for needed in answer.bundle.documents:
            asking = [
                {c.condition for c in alternative.conditions if c.unknown}
                for alternative in every
                if alternative.id in answer.bundle.alternatives
                and (needed.document, needed.holder)
                in {(d.document, d.holder) for d in alternative.documents}
            ]
            assert {condition for condition, _ in needed.only_if} <= open_, each.id
            assert needed.only_if or not asking or not all(asking), each.id
            hanging += bool(needed.only_if)
    assert hanging > 0


def test_a_paper_that_only_new_accounts_need(base):
    """Line 3 binds accounts since the rule of 2018: while the day is not said, its papers are told
    with that condition; an old account's are not asked for at all."""
    app = {
        "applicant": "training_institution",
        "services": ["vocational_training"],
        "facts": {"training_aim": "adult_education", "offline_teaching": True},
    }
    found = base.ask(app, "2024-01-01").bundle.documents
    assert [each.only_if for each in found] == [(("account_opened_since_2018", True),)] * 2
    app["facts"]["account_opened"] = "2020-05-01"
    assert [each.only_if for each in base.ask(app, "2024-01-01").bundle.documents] == [(), ()]


def test_another_set_is_told_by_its_papers(base):
    """Of sets that are as small it is told what each has in place of what (lines 41-43): at the
    paper, as one choice among equals, in text and in the table of pages, in both languages."""
    app = {"applicant": "enterprise", "services": ["education_live_stream"]}
    answer = base.ask(app, "2025-06-30")
    told = [
        ([need.document for need in each.takes], [need.document for need in each.leaves])
        for each in answer.bundle.others
    ]
    own = ["audiovisual_licence"]
    assert told == [(["off_campus_platform_filing"], own), (["education_authority_approval"], own)]
    assert (
        "  · 《信息网络传播视听节目许可证》  [41]\n"
        "    或《全国校外线上培训管理服务平台备案》  [42]\n"
        "    或《教育部门的批准文件》,颁发:教育部门  [43]\n"
        "  (不是唯一的选择:另有 2 组材料同样少,任选一组)\n\n"
    ) in answer.text("short")
    assert "代替" not in answer.text()
    english = base.ask(app, "2025-06-30", lang="en")
    paper = "《教育部门的批准文件》 (approval by the education authority)"
    assert f"\n    or {paper}, issued by: education authority  [43]\n" in english.text("short")
    assert f">or {paper}</td>" in english._repr_html_()
    assert ">或《教育部门的批准文件》</td>" in answer._repr_html_()
    first = answer.to_dict()["bundle"]["others"][0]
    assert first["takes"][0]["document"] == "全国校外线上培训管理服务平台备案"


def test_some_of_several_papers_are_told_as_in_place_of_one_another():
    """Two of three papers (line 6): the third may stand for either and not for both, so it is told
    below what it may take the place of, and at neither as "or"."""
    answer = loaded(("facts-guild",)).ask(
        {"name": "甲", "applicant": "firm", "services": ["cart"]}, "2023-01-01"
    )
    assert {each.takes for each in answer.bundle.others} == {(answer.bundle.others[0].takes[0],)}
    told = answer.text("short")
    assert told.count("代替") == 2
    assert "\n    或" not in told
    assert ">或《" not in answer._repr_html_()
