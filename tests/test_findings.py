"""What `kb check` finds in facts of one's own, word for word in both languages."""

import shutil
from pathlib import Path

import pytest

import kb
from kb.maintain.lint import check_base

HARBOUR = Path(__file__).parent / "cases" / "facts-harbour"
STARTER = Path(kb.__file__).parent / "maintain" / "example"
TEXT = "example-2025.yaml"
COMPLETE = """\
source:
  id: example-list
  zh: 列表
  en: list
  publisher: {zh: 甲, en: a}
  date: 2025-03-01
  standing: in_force
  jurisdiction: CN
  platform: wechat
  begins: {date: 2026-03-01}
  complete_for: individual
  line_count: 3
categories:
  - category: example-other
    accounts: individual
    lines: 1-2
    scope: [{service: example-tea-stall, lines: 1}]
    references:
      - {role: also, services: example-tea-stall, categories: example-gone, lines: 2}
    requirement: {document: example-tea-permit, lines: 2}
"""
EARLIER = """\
source:
  id: example-earlier
  zh: 早先
  en: earlier
  publisher: {zh: 甲, en: a}
  date: 2020-03-01
  standing: in_force
  jurisdiction: CN
  platform: wechat
  begins: {date: 2020-03-01}
  line_count: 1
categories:
  - category: example-gone
    accounts: individual
    lines: 1
    scope: [{service: example-tea-stall, lines: 1}]
    none_required: true
"""
MORE = """\
  - {id: example-other, group: example, zh: 其他, en: other}
  - {id: example-gone, group: example, zh: 旧摊, en: gone}
"""
COVERED = """\
  example-list: [{lines: 1-2, records: [example-other]}, {lines: 3, none: 空行}]
  example-earlier: [{lines: 1, records: [example-gone]}]
"""
FOUND = {
    "one label for two services": (
        {"vocabulary/services.yaml": ("zh: 茶摊", "zh: 驾校平台")},
        "vocabulary/services.yaml:5:10: warning[shared-name]",
        "`驾校平台` names several of kind service: `driving_school_platform`, `example-tea-stall`",
        "`驾校平台` 同时是几个服务的名称: `driving_school_platform`, `example-tea-stall`",
    ),
    "kinds of one another": (
        {
            "vocabulary/documents.yaml": (
                "en: tea stall permit}",
                "en: tea stall permit, kind_of: example-hygiene-pledge}",
            ),
            "vocabulary/documents.yaml ": (
                "en: hygiene pledge}",
                "en: hygiene pledge, kind_of: example-tea-permit}",
            ),
        },
        "vocabulary/documents.yaml:3:10: error[kind-circle]",
        "these of kind document are kinds of one another: "
        "`example-hygiene-pledge`, `example-tea-permit`",
        "这些材料互为上位: `example-hygiene-pledge`, `example-tea-permit`",
    ),
    "a note that leads to what is withdrawn": (
        {
            "list.yaml": (None, COMPLETE),
            "earlier.yaml": (None, EARLIER),
            "vocabulary/categories.yaml": ("en: tea stall}\n", f"en: tea stall}}\n{MORE}"),
            "coverage.yaml": ("\nsources:\n", f"\nsources:\n{COVERED}"),
        },
        "list.yaml:14:15: warning[withdrawn-reference]",
        "a note of `example-list/example-other` leads to categories that are withdrawn: "
        "`example-gone`",
        "`example-list/example-other` 的说明指引到已撤下的类目: `example-gone`",
    ),
}  # fmt: skip


def changed(folder, edits):
    """The folder of `kb init` with some passages replaced, or files added."""
    shutil.copytree(STARTER, folder)
    for name, (old, new) in edits.items():
        path = folder / name.strip()
        text = path.read_text(encoding="utf-8") if old is not None else ""
        assert old is None or old in text, (name, old)
        path.write_text(new if old is None else text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", FOUND)
def test_found(tmp_path, name):
    """Each doubt is told where it was made, in both languages, and nothing else is."""
    edits, place, en, zh = FOUND[name]
    folder = changed(tmp_path / "own", edits)
    base = kb.load(folder, as_of="2026-06-30")
    for lang, message in (("en", en), ("zh", zh)):
        found = [p for p in check_base(base, lang, folders=[folder]) if p.severity != "note"]
        told = [(f"{p.span}: {p.severity}[{p.code}]", p.message) for p in found]
        assert [at for at, _ in told] == [f"own/{place}"]
        if message is not None:
            assert told[0][1] == message


def test_left_without_alternative(tmp_path):
    """Applicants to whom a category is open and whom no alternative is for are named."""
    edits = {
        TEXT: (
            "{document: example-tea-permit, lines: 2}",
            "{any_of: [{document: example-tea-permit, when: is_public_school}], lines: 2}",
        ),
        TEXT + " ": (
            "    lines: 2-3\n",
            "    lines: 2-3\n    open_to: [individual, public_school]\n    open_to_lines: 2\n",
        ),
    }
    folder = changed(tmp_path / "own", edits)
    base = kb.load(folder)
    (found,) = check_base(base, "en", folders=[folder])
    assert (found.code, found.severity) == ("no-alternative", "note")
    assert found.message == (
        "`example-2025/example-tea-stall` is open to `individual`, and none of its alternatives "
        "is for them"
    )
    (found,) = check_base(base, "zh", folders=[folder])
    assert found.message == (
        "`example-2025/example-tea-stall` 对 `individual` 开放，却没有一个方案适用于他们"
    )


def test_review(base):
    """All that stands open is listed when asked for: every unclear passage, each text that asks for
    papers elsewhere, each draft, each gap of an excerpt."""
    found = base.check(review=True)
    told = [p.message for p in found if p.code == "review"]
    facts = base.facts
    unclear = [p for p in told if p.startswith("unclear wording to be settled: ")]
    files = facts.files.values()
    parts = [u.en for file in files for p in (*file.duties, *file.prohibitions) for u in p.unclear]
    assert len(unclear) == len(facts.unclear) + len(parts)
    assert len(facts.unclear) > 20
    assert parts
    assert {f"unclear wording to be settled: {words}" for words in parts} <= set(unclear)
    elsewhere = [r.id for r in facts.readings.values() if r.record.elsewhere]
    assert [p for p in told if "stated elsewhere" in p] == [
        f"the papers of `{id}` are stated elsewhere and not entered yet" for id in elsewhere
    ]
    assert "`beijing-draft-2022` is a draft still: it is to be renewed once it is issued" in told
    assert not [p for p in base.check() if p.code == "review"]


@pytest.mark.parametrize("goal", ["app_verdict(A, 'misssing')", "~app_verdict(A, 'misssing')"])
def test_constant_that_nothing_holds(base, goal):
    """A goal, and a rule, that names a verdict which there is not is refused with the near ones."""
    said = "error[no-such-value]: no fact of `app_verdict` holds `misssing` here\n"
    app = {"name": "a", "services": []}
    asked = goal if goal[0] != "~" else f"question_day(A, T) & {goal}"
    with pytest.raises(kb.Problems) as refused:
        base.query(asked, app=app)
    assert said in str(refused.value)
    assert str(refused.value).endswith("  help: a similar name exists: `missing`")
    with pytest.raises(kb.Problems) as refused:
        base.rules(f"mine(A, T) <= question_day(A, T) & {goal}")
    assert said in str(refused.value)


def test_goal_about_an_app_without_one(base):
    """A goal about apps is refused where none is given: it would have no rows, whatever holds."""
    with pytest.raises(kb.Problems) as refused:
        base.query("required(A, C)")
    assert str(refused.value) == (
        "<query>:1:1: error[no-app]: `required` asks about an app\n"
        "  required(A, C)\n"
        "  ^^^^^^^^^^^^^^\n"
        "  help: give a profile: `app=...` or `--app FILE`"
    )
    own = base.rules("mine(A, C) <= required(A, C)")
    assert own.query("mine(A, C)").to_dict("list") == {"A": [], "C": []}
    with pytest.raises(kb.Problems, match="`required` asks about an app"):
        own.query("mine(A, C) & required(A, C)")


def test_a_complete_list_of_no_platform_is_looked_through():
    """A list that is complete on every platform is looked through for references to what it
    withdrew, as one of a single platform is."""
    places = Path(__file__).parent / "cases" / "facts-places"
    found = check_base(kb.load(only_facts=places), "en", folders=[places])
    assert {p.code for p in found if p.severity == "error"} == set()
