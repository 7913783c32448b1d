"""Own words with an own layer of facts: its names, its places, and what is said of numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

import kb
from kb.cli.main import main
from kb.find.finder import finder_of
from kb.model.facts import read_facts
from kb.model.layers import layered
from kb.model.places import shipped
from kb.render.clarify import taken_as
from kb.render.language import Language

FILES = {
    "vocabulary/regions.yaml": """
terms:
  - {id: CN-QX, zh: 青溪省, en: Qingxi Province, aliases: [青溪], kind_of: CN}
""",
    "vocabulary/categories.yaml": """
groups:
  - {id: qx, zh: 青溪陪护与营地, en: camps and company in Qingxi}
terms:
  - {id: qx-camps, group: qx, zh: 冬令营, en: winter camps}
  - {id: qx-company, group: qx, zh: 就医陪护, en: company at hospitals}
""",
    "vocabulary/services.yaml": """
terms:
  - {id: qx-camp, zh: 冬令营, en: winter camp, aliases: [雪营]}
  - {id: qx-camp-abroad, zh: 境外冬令营, en: winter camp abroad, aliases: [境外雪营]}
  - {id: qx-company, zh: 就医陪护, en: company at hospitals, aliases: [陪诊]}
  - {id: qx-rides, zh: 中小学生接送, en: rides for pupils}
  - {id: qx-company-platform, zh: 陪诊机构平台, en: platform of companions at hospitals}
""",
    "qingxi-2025.yaml": """
source:
  id: qingxi-2025
  zh: 青溪省办法（虚构）
  en: rules of Qingxi (made up)
  publisher: {zh: 青溪省教育厅（虚构）, en: Education department of Qingxi (made up)}
  date: 2025-01-01
  standing: in_force
  jurisdiction: CN-QX
  begins: {date: 2025-02-01}
  line_count: 4
categories:
  - category: qx-camps
    locator: 第一条
    lines: 1-2
    scope: [{service: qx-camp, lines: 1}, {service: qx-camp-abroad, lines: 1}]
    requirement: {document: business_licence, lines: 2}
  - category: qx-company
    locator: 第二条
    lines: 3-4
    open_to: [enterprise]
    open_to_lines: 3
    scope:
      - {service: qx-company, lines: 3}
      - {service: qx-rides, lines: 3}
      - {service: qx-company-platform, lines: 3}
    requirement: {document: business_licence, lines: 4}
""",
}
DAY = "2026-03-01"


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province with two categories, whose names are everyday words of shipped ones."""
    folder = tmp_path_factory.mktemp("layers") / "qingxi"
    (folder / "vocabulary").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def laid(layer: Path) -> kb.KnowledgeBase:
    return kb.load(layer, as_of=DAY, queries=False)


def test_every_name_of_a_shipped_service_finds_it_first() -> None:
    """A text that is the label or another name of a service leads to it before all else, and is no
    guess."""
    names, finder = read_facts(shipped("facts")).names, finder_of()
    held = {id for id, *_ in finder.index.services}
    astray = []
    for service in names.of("service"):
        for name in (service.zh, *service.aliases) if service.id in held else ():
            best, *_ = finder.find(name)
            called = names.get("service", best.services[0].id) if best.services else None
            if best.weak or called is None or name not in called.names:
                astray.append(name)
    assert astray == []


@pytest.mark.parametrize(
    ("word", "shipped_first", "service"),
    [
        ("冬令营", "教育服务-素质教育", "qx-camp"),
        ("陪诊", "医疗服务-就医服务", "qx-company"),
    ],
)
def test_a_name_of_the_layer_goes_before_shipped_words(
    layer: Path, word: str, shipped_first: str, service: str
) -> None:
    """What is an everyday word of a shipped category is the service of the layer that is called
    so; without the layer it is the category."""
    assert finder_of().find(word)[0].category == shipped_first
    [best] = finder_of(layered(layer)).find(word, limit=1)
    assert (best.services[0].id, best.weak) == (service, False)


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("冬令营,企业", ["qx-camp"]),
        ("全国的冬令营小程序,企业", ["qx-camp"]),
        ("个人,在青溪做陪诊", ["qx-company"]),
        ("青溪的旅行社,办小学生冬令营", ["travel_agency_services", "qx-camp"]),
        ("青溪的公司,带小学生去日本雪营", ["qx-camp-abroad"]),
        ("青溪的平台,上面有三家陪诊机构,企业", ["qx-company-platform"]),
        ("汇集三家陪诊机构的小程序,企业,青溪", ["qx-company-platform"]),
        ("陪诊机构,企业", ["qx-company"]),
    ],
)
def test_services_of_the_layer(laid: kb.KnowledgeBase, text: str, services: list[str]) -> None:
    """A service named in other words of a text is taken: beside a second one, for trips abroad, and
    as a platform where the text brings several together; what shares but a part of its name with
    the text opens no question."""
    found = laid.understand(text)
    assert (found.profile["services"], found.question) == (services, None)
    assert "other_services" not in found.profile


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("陪诊机构平台,企业,青溪,三家机构", ("三家",)),
        ("汇集三家陪诊机构的小程序,企业,青溪", ("三家",)),
        ("青溪的平台,上面有12家陪诊机构,企业", ("青溪", "12家")),
        ("陪诊,企业,青溪,开了两个月", ("开了两个月",)),
        ("陪诊,一家企业,青溪", ()),
        ("三家托管机构入驻的陪诊平台,企业", ("三家", "托管", "陪诊")),
    ],
)
def test_numbers_are_told(laid: kb.KnowledgeBase, text: str, told: tuple[str, ...]) -> None:
    """A number of things that nothing is made of is told, as is a name that leads to what was not
    taken; how long somebody has been there is told
    with its piece, and `一家` is no number."""
    found = laid.understand(text)
    assert found.unread == told
    said = [
        line for line in taken_as(found, Language("zh", laid.facts.names)) if "没有用上" in line
    ]
    assert len(said) == bool(told)
    before_questions = list(taken_as(found, Language("zh", laid.facts.names), asked=True))
    # No option of a command can be given to an interview that has begun.
    assert not [line for line in before_questions if "--" in line]


@pytest.mark.parametrize(
    ("text", "seats", "regions"),
    [
        ("陪诊,青溪的公司", ("青溪的公司",), None),
        ("青溪省企业,陪诊", ("青溪省企业",), None),
        ("青溪省的企业做陪诊", ("青溪省的企业",), None),
        ("青溪一家个体户想做陪诊", ("青溪一家个体户",), None),
        ("我们公司在青溪,做陪诊", ("我们公司在青溪",), None),
        ("总部在青溪,企业,陪诊", ("总部在青溪",), None),
        ("我们在青溪,企业,陪诊", ("我们在青溪",), None),
        ("我们在青溪做陪诊", (), ["CN-QX"]),
        ("在青溪省的公司,在广东做陪诊", ("在青溪省的公司",), ["CN-GD"]),
        ("company at hospitals, an enterprise in Qingxi Province", None, None),
        ("陪诊,企业,青溪", (), ["CN-QX"]),
        ("在青溪做陪诊的企业", (), ["CN-QX"]),
        ("陪诊,面向青溪的企业", (), ["CN-QX"]),
        ("陪诊,企业,不在青溪经营", (), None),
    ],
)
def test_a_company_of_a_place(
    laid: kb.KnowledgeBase, text: str, seats: tuple[str, ...] | None, regions: list[str] | None
) -> None:
    """Where a company is, is not where it serves: no such place is served, the words are told as
    not used, and where it serves stays open. A place alone, or one in which something is done or
    offered, is served; one that is denied is not."""
    found = laid.understand(text)
    assert found.profile.get("regions") == regions
    assert found.profile["services"] == ["qx-company"]
    assert "other_services" not in found.profile
    seats = ("enterprise in Qingxi Province",) if seats is None else seats
    assert found.seats == seats
    told = [line for line in taken_as(found, Language("zh", laid.facts.names)) if "主体" in line]
    assert told == [
        f"「{words}」说的是主体在哪里,没有当作服务的地区;服务哪里,用 --region 说明"
        for words in seats
    ]


def test_how_a_seat_is_told(laid: kb.KnowledgeBase) -> None:
    """In English too, and before questions without an option of a command."""
    found = laid.understand("陪诊,青溪的公司")
    english, chinese = (Language(lang, laid.facts.names) for lang in ("en", "zh"))
    where = "`青溪的公司` tells where the applicant is, and not where it serves: not used"
    assert next(taken_as(found, english)) == f"{where}; say --region for that"
    assert next(taken_as(found, english, asked=True)) == f"{where}; say it where it is asked"
    assert next(taken_as(found, chinese, asked=True)) == (
        "「青溪的公司」说的是主体在哪里,没有当作服务的地区;服务哪里,问到的时候再回答"
    )


def test_where_a_company_serves_is_asked(laid: kb.KnowledgeBase) -> None:
    """A rule of the province is for those that serve it: for a company of the province that does
    not say whom it serves, the papers are asked for only if it does, and that is asked."""
    profile = laid.understand("青溪省的企业做陪诊").profile
    answer = laid.ask(dict(profile), DAY).to_dict()
    assert answer["verdict"] == "undetermined"
    assert "regions" in [point["ask"]["attribute"] for point in answer["undetermined"]]


SEAT = """
terms:
  - {id: qx-seat, type: choice, vocabulary: region, zh: 注册地, en: seat,
     question: {zh: 公司注册在哪里？, en: Where does the company have its seat?}}
"""


def test_a_seat_that_the_vocabulary_asks_for(layer: Path, tmp_path: Path) -> None:
    """Where a vocabulary has the seat as an attribute, a place beside its label is that attribute,
    and no place served; a denial, and one of two places, is not understood and told."""
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "attributes.yaml").write_text(SEAT, encoding="utf-8")
    base = kb.load((layer, tmp_path), as_of=DAY, queries=False)
    for text in ("陪诊,企业,注册地在青溪", "陪诊,企业,注册地:青溪省"):
        found = base.understand(text)
        assert found.profile["facts"] == {"qx-seat": "CN-QX"}
        assert ("regions" in found.profile, found.seats, found.unread) == (False, (), ())
    [told] = [s for s in taken_as(found, Language("en", base.facts.names)) if "seat" in s]
    assert told == "`注册地:青溪省` is taken for: seat: Qingxi Province"
    for text in ("陪诊,企业,注册地不在青溪", "陪诊,企业,注册地是青溪或广东"):
        found = base.understand(text)
        assert ("facts" in found.profile, "regions" in found.profile) == (False, False)
        assert text.rpartition(",")[2] in found.unread


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[object, str]:
    monkeypatch.setattr("sys.argv", ["kb", "ask", *arguments, "--as-of", DAY])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


OPEN = {
    "zh": "没有人回答:先按「驾校培训」算,并不确定,退出码 4\n"
    "要定下来,加上:--service 驾校培训 --service 酒类销售 | --service 驾校平台 --service 酒类销售"
    ";或者换个说法说明做的是什么\n",
    "en": "nobody answered: taken as `driving school training`, which is not sure, exit code 4\n",
}
ELSE = "; or say in other words what it does"
"""What is said beside the services in English."""
TEXT = "在广东开驾校,还卖红酒,公司"


def test_an_open_question_is_not_sure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can be asked what words mean, it is told what was taken and how another is
    chosen, and the exit code is that of an undetermined verdict; services that are said settle it,
    and leave nothing in own words."""
    code, told = run(capsys, monkeypatch, TEXT, "--lang", "zh")
    assert (code, told.endswith(OPEN["zh"])) == (4, True)
    code, told = run(capsys, monkeypatch, TEXT, "--lang", "en")
    assert (code, told.splitlines()[-2] + "\n") == (4, OPEN["en"])
    assert told.splitlines()[-1].endswith(ELSE)
    chosen = ("--service", "驾校平台", "--service", "酒类销售", "--lang", "zh")
    code, told = run(capsys, monkeypatch, TEXT, *chosen)
    assert (code, told.splitlines()[0]) == (3, "「在广东开驾校」理解为:驾校平台(教育服务-驾校平台)")
    assert "没有人回答" not in told
    code, told = run(capsys, monkeypatch, "卖二手车,公司", "--lang", "zh")
    assert (code, told.splitlines()[-2]) == (4, "没有人回答:按你自己的话保留,退出码 4")
    said = ("--service", "二手车优惠券", "--lang", "zh")
    assert run(capsys, monkeypatch, "卖二手车,公司", *said)[0] == 3
