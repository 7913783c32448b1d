"""Announcements in layouts of their own, and the days from which they hold."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from kb.cli.main import cli
from kb.importers.announcement import read_announcement

PARTS = """关于调整服务类目的公告
发布日期：2026年4月10日
平台将于2026年5月1日起对部分服务类目作如下调整。
一、新增类目
1. 宠物-宠物医院
所需资质：《甲许可证》
二、资质变更
餐饮-外卖
原资质：《乙许可证》
现资质：《乙许可证》或《丙许可证》
三、下线类目
金融-外汇兑换 自2026年6月1日起不再支持。
"""
TABBED = """【类目调整通知】
变更类型\t类目\t调整前\t调整后\t生效时间
新增\t生活服务 > 家政\t-\t《甲许可证》\t2026-05-01
删除\t社交 > 交友\t《乙许可证》\t-\t2026-06-01
"""
BULLETS = """平台规则更新
• 类目名称：教育 / 职业培训
  变更内容：资质要求由“《甲许可证》”变更为“《甲许可证》或《乙备案》”
  生效日期：2026年5月1日
• 类目名称：文娱 / 微短剧
  变更内容：新增，需提供《丙许可证》
• 类目名称：工具 / 抽奖
  变更内容：删除
"""
LAYOUTS = [
    (
        PARTS,
        [
            ("宠物-宠物医院", "added", "", "《甲许可证》", "2026-05-01"),
            ("餐饮-外卖", "adjusted", "《乙许可证》", "《乙许可证》或《丙许可证》", "2026-05-01"),
            ("金融-外汇兑换", "withdrawn", "", "", "2026-06-01"),
        ],
    ),
    (
        TABBED,
        [
            ("生活服务-家政", "added", "-", "《甲许可证》", "2026-05-01"),
            ("社交-交友", "withdrawn", "《乙许可证》", "-", "2026-06-01"),
        ],
    ),
    (
        BULLETS,
        [
            ("教育-职业培训", "adjusted", "《甲许可证》", "《甲许可证》或《乙备案》", "2026-05-01"),
            ("文娱-微短剧", "added", "", "需提供《丙许可证》", ""),
            ("工具-抽奖", "withdrawn", "", "", ""),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "want"), LAYOUTS, ids=["parts", "tabbed", "bullets"])
def test_layouts(text, want, tmp_path):
    """Numbered parts, columns below a title, bullets with what changes in words: each category has
    its change, its papers before and after, and the day from which it holds."""
    path = tmp_path / "told.txt"
    path.write_text(text, encoding="utf-8")
    found = [
        (row.name, row.change, row.before.text if row.before else "", row.papers.text, row.effect)
        for row in read_announcement(path, "non_individual")
    ]
    assert found == want


def drafted(text, folder):
    """The draft of an announcement of 2026-04-10."""
    path = folder / "told.txt"
    path.write_text(text, encoding="utf-8")
    arguments = ["import", "announcement", str(path), "--as", "told", "--date", "2026-04-10"]
    out = [*arguments, "--account", "non_individual", "-o", str(folder / "out"), "--lang", "en"]
    done = CliRunner().invoke(cli, out)
    assert done.exit_code == 0, done.output
    return yaml.safe_load((folder / "out/facts/told.yaml").read_text(encoding="utf-8"))


def open_points(version):
    return [each["en"] for each in version.get("unclear", ()) if "day" in each["id"]]


def test_a_draft_begins_on_the_day_that_its_text_tells(tmp_path):
    """Where all categories hold from one day, the draft begins on it, whenever it was written."""
    facts = drafted(PARTS, tmp_path)
    assert facts["source"]["date"] == "2026-04-10"
    assert facts["source"]["begins"] == {"date": "2026-05-01", "precision": "day"}
    assert [open_points(each) for each in facts["categories"]] == [[], [], []]
    assert [beginning(each) for each in facts["categories"]] == [None, None, "2026-06-01"]


def beginning(version):
    return version.get("begins", {}).get("date")


def test_a_day_of_one_category_alone_is_its_own(tmp_path):
    """A category that holds, or is withdrawn, from another day than the draft begins on it."""
    facts = drafted(BULLETS, tmp_path)
    assert facts["source"]["begins"]["date"] == "2026-04-10"
    told = [
        (beginning(each), each.get("withdrawn", False), open_points(each))
        for each in facts["categories"]
    ]
    assert told == [("2026-05-01", False, []), (None, False, []), (None, True, [])]


def test_a_day_for_somebody_stays_open(tmp_path):
    """A day by which somebody is to do something is told at each category, and keeps it open."""
    told = PARTS.replace("一、新增", "已上线的小程序请于2026年6月30日前补充资质。\n一、新增")
    for version in drafted(told, tmp_path)["categories"]:
        assert open_points(version) == [
            "the text names a further day; for whom and for what was not read："
            "已上线的小程序请于2026年6月30日前补充资质。"
        ]
