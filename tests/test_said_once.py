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
