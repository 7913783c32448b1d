"""What a scope or a remark says beside the services that it names, and what a card tells of it."""

import pytest
import yaml
from click.testing import CliRunner

from kb.cli.imports import imports
from kb.importers.scope import read_scope
from kb.importers.times import review_days

from .test_import import imported

TABLE = """\
一级类目,二级类目,资质要求,适用范围
集市,旧货竞拍,《甲竞拍许可证》,"适用于旧货竞拍服务。
1、小程序需已通过【集市-旧货平台】类目；
2、审核周期一般为9个工作日，内容多时更久；
3、如涉及药材，需补充对应的药材类目。"
集市,旧货平台,《乙平台许可证》,"适用于旧货平台服务。
选择该类目后首次提交代码审核，需经主管机关确认，预计审核时长7天左右。"
"""


@pytest.fixture
def folder(tmp_path):
    """The folder of an import of the table."""
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    imported(tmp_path / "out", file, "--partial")
    return tmp_path / "out"


def drafted(folder):
    """The draft of an import, as its file has it."""
    return yaml.safe_load((folder / "facts/t.yaml").read_text("utf-8"))


def test_what_must_be_granted_before_is_needed_for_all_of_a_scope(folder):
    """A category that must have been passed is needed too, whatever of the scope an app offers; the
    draft says so for each of its services, at the line of the sentence."""
    auction, platform = drafted(folder)["categories"]
    (service,) = auction["scope"]
    (reference,) = auction["references"]
    assert (reference["role"], reference["categories"]) == ("also", [platform["category"]])
    assert reference["services"] == [service["service"]]
    assert "references" not in platform


@pytest.mark.parametrize(
    ("told", "services"),
    [
        ("须先开通“集市-旧货平台”类目", []),
        ("申请前需先申请【集市-旧货平台】类目", []),
        ("小程序需已具备【集市-旧货平台】类目", []),
        ("如涉及直播，须已取得【集市-旧货平台】类目", ["直播"]),
    ],
)
def test_words_for_what_must_be_granted_before(told, services):
    """Passed, opened, obtained, applied for first: each is needed too, for all or for what is
    named."""
    (pointer,) = read_scope(f"适用于旧货竞拍服务。\n注：{told}").pointers
    assert (pointer.role, pointer.targets) == ("also", ("集市-旧货平台",))
    assert [each.text for each in pointer.services] == services
    assert pointer.before is (not services)


@pytest.mark.parametrize(
    "told", ["需通过【公众平台】提交", "选择该类目后首次提交代码审核，需经主管机关确认"]
)
def test_what_names_no_other_category_is_no_reference(told):
    """A way to hand in, and what happens once this very category is chosen, lead nowhere else."""
    reading = read_scope(f"适用于旧货竞拍服务。\n注：{told}")
    assert not reading.pointers
    assert [each.severity for each in reading.findings] == ["note"]


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ("审核周期一般为9个工作日", {"least": 9}),
        ("预计审核时长15个工作日", {"least": 15}),
        ("审批时限为5至7个工作日", {"least": 5, "most": 7}),
        ("审核时间不超过10个工作日", {"most": 10}),
        ("审核期限为10个工作日以内", {"most": 10}),
        ("审核周期至少3个工作日", {"least": 3}),
        ("预计审核时长7天左右", None),
        ("审核时间为7-5个工作日", None),
        ("15个工作日内提交材料", None),
    ],
)
def test_working_days_of_a_review(told, days):
    """Working days that a review takes are read with the ends that the words give them; other days,
    and what an applicant has time for, are not."""
    assert review_days(told) == days


def test_a_review_time_is_drafted_with_its_line(folder):
    """How long a review takes is a lead time of its category; days that are no working days stay a
    note."""
    auction, _ = drafted(folder)["categories"]
    (time,) = drafted(folder)["lead_times"]
    assert (time["category"], time["working_days"]) == (auction["category"], {"least": 9})
    frozen = (folder / "sources/t.txt").read_text("utf-8").splitlines()
    assert "审核周期一般为9个工作日" in frozen[int(time["lines"]) - 1]


def test_a_card_tells_what_stays_open_beside_its_cell(folder):
    """A sentence of the scope that was not resolved is told on the card of the papers, with its
    category; such cards come first, and accepting them leaves it open."""
    runner = CliRunner(env={"COLUMNS": "160"})
    shown = runner.invoke(imports, ["review", str(folder), "--lang", "en"], input="a\na\n").output
    first, _, second = shown.partition("[2/2]")
    assert "[1/2] 集市-旧货竞拍" in first
    assert (
        "open in scopes and remarks (also once accepted; settle it in the draft, at `unclear`)\n"
        "└ ? 集市-旧货竞拍: a category spoken of is neither in the base nor in this import"
    ) in first
    assert "open in scopes" not in second
    facts = drafted(folder)
    (passage,) = facts["categories"][0]["unclear"]
    assert passage["zh"].endswith("如涉及药材，需补充对应的药材类目")
    assert facts["source"]["standing"] == "in_force"


def test_names_are_resolved_in_a_layer_with_cases(tmp_path):
    """A layer whose cases use what YAML allows them, such as aliases, is read for its vocabulary
    and texts alone."""
    layer = tmp_path / "layer"
    (layer / "cases").mkdir(parents=True)
    (layer / "vocabulary").mkdir()
    term = "{id: stall_permit, zh: 甲竞拍许可证, en: auction permit}"
    (layer / "vocabulary/documents.yaml").write_text(f"terms:\n  - {term}\n", "utf-8")
    (layer / "cases/a.yaml").write_text("one: &a {x: 1}\nother: *a\n", "utf-8")
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    imported(tmp_path / "out", file, "--partial", "--facts", layer)
    auction, _ = drafted(tmp_path / "out")["categories"]
    assert auction["requirement"]["document"] == "stall_permit"
