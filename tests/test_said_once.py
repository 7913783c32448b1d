"""What an answer says once: choices between categories, open points, and what is not not so."""

from __future__ import annotations

from test_cases import loaded

import kb


def test_a_choice_of_categories_is_told_as_one(base: kb.KnowledgeBase) -> None:
    """Line 200 sends a public hospital to one of four categories, of which two are open to it: what
    is still to provide are the papers of one of these, in both languages and in HTML."""
    app = {"name": "一院", "applicant": "公立医院", "services": ["在线挂号"]}
    answer = base.ask(app, as_of="2026-03-01")
    assert (
        "还需提供(全部类目合计,共用的只算一次):\n"
        "  · 选其中一个类目,交它的材料:医疗服务-公立医疗机构、医疗服务-互联网医院\n"
    ) in answer.text()
    assert "选其中一个类目,交它的材料:医疗服务-公立医疗机构、医疗服务-互联网医院" in (
        answer._repr_html_()
    )
    english = base.ask(app, as_of="2026-03-01", lang="en").text()
    one, other = (
        "医疗服务-公立医疗机构 (Medical services - public medical institution)",
        "医疗服务-互联网医院 (Medical services - internet hospital)",
    )
    assert f"  · the documents of one of these: {one}, {other}\n" in english
    short = [line for line in answer.text(length="short").splitlines() if "几个类目选一个" in line]
    assert [line.split(" — ")[0].strip() for line in short] == [
        "✗ 医疗服务-公立医疗机构",
        "✗ 医疗服务-互联网医院",
    ]
    done = base.ask(
        {**app, "holds": ["医疗机构执业许可证", "事业单位法人证书"]}, as_of="2026-03-01"
    )
    assert "选其中一个类目" not in done.text()


def test_what_is_open_is_said_once(base: kb.KnowledgeBase) -> None:
    """That a paper is not known to state some words is told by its question alone, and a category
    that an open point names is not named behind it again."""
    app = {"name": "a", "applicant": "enterprise", "holds": ["营业执照"]}
    machines = {**app, "services": ["commercial_machinery_rental", "errands"]}
    told = base.ask(machines, as_of="2025-06-30").text()
    assert told.count("《营业执照》写有「机械设备经营租赁」吗?") == 1
    assert "未说明《营业执照》是否写有" not in told
    abroad = {**app, "services": ["overseas_top_up", "infant_education"]}
    told = base.ask(abroad, as_of="2025-06-30").text()
    assert "  ? 来源没有说「IT科技-基础电信运营商」是否开放给这类主体  [" in told


def test_what_is_not_not_so_is_so() -> None:
    """A way that is open where an `unless` does not hold names what holds, in both languages."""
    guild = loaded(("facts-guild",))
    shown = str(guild.show("guild-lodging"))
    assert "    3. 《客栈证》 + 《契据》(所有人的)  (申请主体均为商号)\n" in shown
    assert "」」不成立" not in shown
    english = str(guild.show("guild-lodging", lang="en"))
    assert "not: not" not in english


def test_a_remark_on_several_categories_is_told_once(base: kb.KnowledgeBase) -> None:
    """What the table says in the same words of two categories (579-587, 691-698) stands once in an
    answer, in text and in HTML, with the names of both."""
    app = {"name": "a", "services": ["pet_food_sales"]}
    answer = base.ask(app, as_of="2026-03-01")
    remark = "商标就是申请主体自己的时，授权书是否还要没有说"
    both = "  ← 跨境电商-宠物食品/用品、本地服务-宠物食品/用品"
    assert [line for line in answer.text().splitlines() if remark in line] == [
        f"  · {remark}{both}"
    ]
    assert answer._repr_html_().count(remark) == 1


def test_a_verdict_that_says_all_has_no_note(base: kb.KnowledgeBase) -> None:
    """That no paper is asked for (2602-2606) is told by the verdict, and not once more below it."""
    app = {"name": "a", "applicant": "enterprise", "services": ["online_fitness"]}
    told = base.ask(app, as_of="2026-03-01").text()
    assert told.count("不需要材料") == 1
    assert "✓ 体育-在线健身 — 不需要材料  [" in told


def test_a_draft_is_told_as_one_once(base: kb.KnowledgeBase) -> None:
    """A draft whose name says that it is one is not told so again beside its name; one whose name
    does not is, wherever an answer names it."""
    app = {"name": "同", "services": ["在线教育"], "regions": ["CN-BJ"], "applicant": "enterprise"}
    school = {**app, "facts": {"purpose": "school_teaching"}, "audience": ["compulsory_education"]}
    zh, en = (
        "北京市教育移动应用备案及管理通知(征求意见稿)",
        "Beijing notice on filing and managing education apps (draft for comment)",
    )
    for profile, told in (
        (app, (f"可能适用,不影响结论:《{zh}》\n", f"no verdict hangs on it: {en}\n")),
        (school, (f"\n义务:《{zh}》\n", f"\nduties under {en}\n")),
    ):
        for lang, words in zip(("zh", "en"), told, strict=True):
            assert words in base.ask(profile, as_of="2025-06-30", lang=lang).text()
    drafts = base.ask(app, as_of="2025-06-30", include_drafts=True)
    [asked] = {e["because"] for e in drafts.to_dict()["undetermined"] if zh in e["because"]}
    assert asked == f"是否适用《{zh}》还不清楚"
    unnamed = loaded(("facts-places", "facts-drafts")).ask(
        {**app, "services": ["看地图"]}, as_of="2023-06-30", lang="zh"
    )
    assert "《虚构草案(drafts-2023)》(征求意见稿)" in unnamed.text()
