"""A duty and a prohibition, as `kb show` tells of them by themselves."""

from __future__ import annotations

import json
import sys

import pytest
from click.shell_completion import ShellComplete
from jsonschema import Draft202012Validator
from test_cases import loaded

import kb
from kb.cli.main import cli, main
from kb.lang.problems import Problems
from kb.query.provisions import ShownProvision
from kb.render.schemas_show import SHOW_SCHEMA

FILING = {
    "zh": """\
办理校外线上培训备案 · file the online off-campus training · \
shandong-2019:filing  [shandong-2019 6, 12-13]
  谁的义务: 备案责任主体
  文件: 《山东省校外线上培训规范管理实施方案(摘录)》
  自 2019-01-01 至 2019-12-31 之间的某一天起
  2019-06-30 是否在有效期内不确定
  适用范围:
    在范围内: 利用互联网对中小学生开展的学科类校外培训  [4]
      当「服务山东」且「对中小学生开展学科培训」
  当「服务山东」且「对中小学生开展学科培训」
  算做到的: 申请主体的《校外线上培训备案》
""",
    "en": """\
办理校外线上培训备案 · file the online off-campus training · \
shandong-2019:filing  [shandong-2019 6, 12-13]
  duty of: body responsible for the filing
  text: Shandong plan to regulate online off-campus training (excerpt)
  from some day between 2019-01-01 and 2019-12-31 on
  2019-06-30 is perhaps in its term
  range:
    within: off-campus training of pupils in school subjects over the internet  [4]
      where: serves Shandong; and gives pupils training in school subjects
  where: serves Shandong; and gives pupils training in school subjects
  met by: filing of online off-campus training of the applicant
""",
}  # fmt: skip


def shown(base: kb.KnowledgeBase, name: str, day: str, lang: str = "en") -> ShownProvision:
    """What is shown of a duty or a prohibition."""
    found = base.show_any(name, day, lang)
    assert isinstance(found, ShownProvision)
    return found


@pytest.mark.parametrize("lang", FILING)
def test_in_words(base: kb.KnowledgeBase, lang: str) -> None:
    """The filing of Shandong (6, 12-13) is told with its text of some day of 2019, whom it binds,
    and what keeps it; what leaves it open since the draft of Beijing has its day."""
    text = str(shown(base, "shandong-2019:filing", "2019-06-30", lang))
    assert text.startswith(FILING[lang])
    lines = text[len(FILING[lang]) :].splitlines()
    assert lines[0].startswith("  ? ")
    assert lines[1] == {"zh": "    自 2022-02-16 起", "en": "    from 2022-02-16 on"}[lang]


def test_a_label_leads_to_it(base: kb.KnowledgeBase) -> None:
    """A duty and a prohibition are found by their labels in both languages; a kind that is named
    leaves the other one out."""
    for name in ("不得聘用中小学在职教师", "teachers who serve in schools may not be employed"):
        found = shown(base, name, "2026-06-30")
        assert (found.provision.id, found.provision.kind) == (
            "shandong-2019:school-teachers",
            "prohibition",
        )
    with pytest.raises(Problems, match="no duty is called"):
        base.show_any("不得聘用中小学在职教师", kind="duty")
    assert repr(found) == "<kb.ShownProvision shandong-2019:school-teachers: surely>"


def test_a_draft_is_told_as_one(base: kb.KnowledgeBase) -> None:
    """A duty of the draft of Beijing, which is of 2022-02-16, is told as of a draft, and the day
    before is not in its term."""
    name = "beijing-draft-2022:provider-filing"
    lines = str(shown(base, name, "2022-02-15", "zh")).splitlines()
    assert "  文件: 《北京市教育移动应用备案及管理通知(征求意见稿)》(征求意见稿,没有效力)" in lines
    assert "  2022-02-15 不在有效期内" in lines
    assert "  2022-02-16 is in its term" in str(shown(base, name, "2022-02-16")).splitlines()


def test_what_ends() -> None:
    """The bell of the ferry is revoked from 2025-01-01 on (4), crossing at night forbidden through
    2023 (10): each tells its last day, and what keeps or breaks it."""
    ferry = loaded(("facts-ferry",))
    assert str(shown(ferry, "ferry-2023:bell", "2025-01-01")) == (
        "须有船钟 · have a bell · ferry-2023:bell  [ferry-2023 4]\n"
        "  duty of: keeper of the light\n"
        "  text: made-up rules of the ferry (ferry-2023)\n"
        "  from 2023-01-01 on\n"
        "  through 2024-12-31\n"
        "  2025-01-01 is not in its term\n"
        "  range:\n"
        "    within: apps that serve the quay  [1]\n"
        "      where: serves the quay\n"
        "  met by: stating: has a bell\n"
        "  revoked from 2025-01-01 on"
    )
    night = shown(ferry, "ferry-2023:no-night", "2023-12-31").to_dict()
    assert (night["kind"], night["certainty"], night["term"]["ends"]) == (
        "prohibition",
        "surely",
        {"first": "2023-12-31", "last": "2023-12-31"},
    )


def test_as_json(base: kb.KnowledgeBase) -> None:
    """Whatever duty or prohibition is shown, the JSON is as its schema says."""
    check = Draft202012Validator(SHOW_SCHEMA)
    for id in base.provisions.bound:
        found = shown(base, id, "2026-06-30").to_dict()
        check.validate(json.loads(json.dumps(found)))
        assert (found["id"], found["as_of"]) == (id, "2026-06-30")


UNKNOWN = {
    "shandong-2019:filng": (
        "error[unknown-id]: no category is called `shandong-2019:filng`\n"
        "  help: a similar name exists: `shandong-2019:filing`\n"
        "  help: look it up: `kb find 'shandong-2019:filng'`, `kb search 'shandong-2019:filng'`\n"
    ),
    "shandong-2019:online-subject-training": (
        "error[not-shown]: `shandong-2019:online-subject-training` is a part of `shandong-2019`, "
        "and neither a duty nor a prohibition\n"
        "  help: the text: `kb show shandong-2019`\n"
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_near_names_and_other_parts(
    name: str, english: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in an id leads to the duty that is called nearly so; another part of a text leads to
    the text."""
    monkeypatch.setattr(sys, "argv", ["kb", "show", name])
    with pytest.raises(SystemExit) as exit:
        main()
    assert (exit.value.code, capsys.readouterr().err) == (2, UNKNOWN[name])


def test_one_label_of_two_texts(tmp_path) -> None:
    """A label that two texts have for a duty of theirs leads to neither: both ids are told."""
    text = (kb.model.places.shipped("facts") / "shandong-2019.yaml").read_text(encoding="utf-8")
    (tmp_path / "other-2019.yaml").write_text(
        text.replace("id: shandong-2019", "id: other-2019"), encoding="utf-8"
    )
    with pytest.raises(Problems) as raised:
        kb.load(tmp_path).show_any("办理校外线上培训备案")
    (problem,) = raised.value.problems
    assert (problem.code, problem.help) == (
        "ambiguous",
        "`shandong-2019:filing` (duty), `other-2019:filing` (duty)",
    )


@pytest.mark.parametrize("typed", ["shandong-2019:fi", "办理校外线上"])
def test_completed(typed: str) -> None:
    """A shell completes ids and labels of duties and prohibitions, and of no other parts."""
    complete = ShellComplete(cli, {}, "kb", "_KB_COMPLETE")
    offered = [each.value for each in complete.get_completions(["show"], typed)]
    assert offered == [{"s": "shandong-2019:filing", "办": "办理校外线上培训备案"}[typed[0]]]
    assert complete.get_completions(["show"], "shandong-2019:online-subject") == []
