"""Papers in vain: `kb why-not` and `kb what-if` tell a ban first, and ask for nothing in vain."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from province import BAN, DAY, INDIVIDUAL, UNSAID

import kb
from kb.explain.why_not import WhyNot
from kb.render.schemas import WHY_NOT_SCHEMA
from kb.render.schemas_compare import WHAT_IF_SCHEMA

BOARDING = "xq-boarding"
FLOWERS = {"services": ["xq-flower-delivery"]}
CLINIC, FORM = {"animal_clinic_licence"}, {"xq-boarding-filing"}


def asked_by(found: WhyNot) -> list[set[str]]:
    """What each way hands in or states: documents and attributes."""
    return [{each.subject.partition("@")[0] for each in one.changes} for one in found.repairs]


@pytest.mark.parametrize(
    ("profile", "certainty", "ways"),
    [
        (INDIVIDUAL, "surely", []),
        (INDIVIDUAL | FLOWERS, "surely", []),
        (UNSAID, "perhaps", [CLINIC, FORM]),
        (INDIVIDUAL | {"applicant": "enterprise"}, None, [CLINIC, FORM]),
    ],
)
def test_why_not_hands_in_nothing_in_vain(
    paws: kb.KnowledgeBase, profile: dict[str, Any], certainty: str | None, ways: list[set[str]]
) -> None:
    """Line 1 asks for one of two papers and forbids boarding to individuals: to one that boards, or
    would begin to, no way is given and the ban is told; where nothing says who applies both ways
    are, and the ban as a perhaps; to a company they are, without it."""
    found = paws.why_not(BOARDING, profile, DAY)
    assert found is not None
    assert asked_by(found) == ways
    told = found.to_dict()
    assert told.get("bans", []) == ([BAN | {"certainty": certainty}] if certainty else [])
    jsonschema.Draft202012Validator(WHY_NOT_SCHEMA).validate(told)


@pytest.mark.parametrize(
    ("profile", "lang", "told", "short"),
    [
        (
            INDIVIDUAL,
            "zh",
            [
                "⊘ 禁止 (有效): 个人不得提供宠物寄养  [paws-2026 1]",
                "  · 不得提供这样的服务,不必为它准备材料:溪桥服务-宠物寄养",
                "不成立:「子」的类目「溪桥服务-宠物寄养」的结论是「已满足」",
            ],
            "不成立:「子」的类目「溪桥服务-宠物寄养」的结论是「已满足」;"
            "禁止 (有效): 个人不得提供宠物寄养  [paws-2026 1];"
            "不得提供这样的服务,不必为它准备材料:溪桥服务-宠物寄养",
        ),
        (
            UNSAID,
            "en",
            [
                "? perhaps forbidden (in force): individuals must not board pets  [paws-2026 1]",
                "  · if it is forbidden, no papers are to be provided for it: "
                "溪桥服务-宠物寄养 (Xiqiao services - pet boarding)",
                "does not hold: the verdict on the category Xiqiao services - pet boarding of 子 "
                "is: satisfied",
                "  way 1:",
                "    + animal clinic licence of the applicant  [paws-2026 1]",
                "  way 2:",
                "    + filing form for pet boarding of the applicant  [paws-2026 1]",
            ],
            "does not hold: the verdict on the category Xiqiao services - pet boarding of 子 is: "
            "satisfied; perhaps forbidden (in force): individuals must not board pets  "
            "[paws-2026 1]; the easiest way: + animal clinic licence of the applicant  "
            "[paws-2026 1]",
        ),
    ],
)
def test_why_not_tells_a_ban_first(
    paws: kb.KnowledgeBase, profile: dict[str, Any], lang: str, told: list[str], short: str
) -> None:
    """The ban stands before the ways, with its line, as in a plan; nothing is said of what would
    help where it surely binds. So on the page, and in the one line of the short form."""
    found = paws.why_not(BOARDING, profile, DAY, lang=lang)
    assert found is not None
    assert found.text("medium").splitlines() == told
    assert found.text("short") == short
    page = found.html("medium")
    assert page.index("[paws-2026 1]") < page.index(told[2])
    assert ("动物诊疗许可证" in page or "animal clinic licence" in page) == (lang == "en")


def test_why_not_of_the_whole_lifts_the_ban(paws: kb.KnowledgeBase) -> None:
    """What would satisfy the whole app of an individual is a paper and another applicant: in each
    way both, so that no paper is in vain."""
    found = paws.why_not("verdict", INDIVIDUAL, DAY)
    assert found is not None
    assert asked_by(found) == [CLINIC | {"applicant"}, FORM | {"applicant"}]
    assert found.bans == ()


CATEGORY = "溪桥服务-宠物寄养 (Xiqiao services - pet boarding)"
NOT_FOR_IT = f"the service may not be offered, no papers are to be provided for it: {CATEGORY}"
IF_FORBIDDEN = f"if it is forbidden, no papers are to be provided for it: {CATEGORY}"
PAPER = "《动物诊疗许可证》 (animal clinic licence)"


@pytest.mark.parametrize(
    ("profile", "changes", "told"),
    [
        (
            INDIVIDUAL,
            {"applicant": "individual"},
            [
                "today: ⊘ prohibited   then: ⊘ prohibited",
                "⊘ prohibited (in force): individuals must not board pets  [paws-2026 1]",
                f"  · {NOT_FOR_IT}",
                f"  {CATEGORY}: ✗ missing, its service is forbidden → ✗ missing, its service is "
                "forbidden",
            ],
        ),
        (
            INDIVIDUAL,
            {"applicant": "enterprise"},
            [
                "today: ⊘ prohibited   then: ✗ missing",
                "→ individuals must not board pets: ⊘ prohibited → –  [paws-2026 1]",
                f"  · today: {NOT_FOR_IT}",
                f"→ {CATEGORY}: ✗ missing, its service is forbidden → ✗ missing",
                f"      also to provide: {PAPER}",
            ],
        ),
        (
            UNSAID,
            {"applicant": "individual"},
            [
                "today: ✗ missing   then: ⊘ prohibited",
                "→ individuals must not board pets: ? perhaps forbidden → ⊘ prohibited  "
                "[paws-2026 1]",
                f"  · today: {IF_FORBIDDEN}",
                f"  · then: {NOT_FOR_IT}",
                f"→ {CATEGORY}: ✗ missing → ✗ missing, its service is forbidden",
                f"      no longer to provide: {PAPER}",
            ],
        ),
        (
            UNSAID | {"services": []},
            {"adding": ["xq-boarding-service"]},
            [
                "today: ? undetermined   then: ✗ missing",
                "→ individuals must not board pets: – → ? perhaps forbidden  [paws-2026 1]",
                f"  · then: {IF_FORBIDDEN}",
                f"→ {CATEGORY}: – → ✗ missing",
                f"      also to provide: {PAPER}",
            ],
        ),
    ],
)
def test_what_if_asks_for_nothing_in_vain(
    paws: kb.KnowledgeBase, profile: dict[str, Any], changes: dict[str, Any], told: list[str]
) -> None:
    """Line 1 forbids boarding to individuals and asks for a paper: the ban of either answer stands
    before the categories, and where it surely binds no paper is to be provided."""
    found = paws.what_if(profile, as_of=DAY, lang="en", **changes)
    duty = "→ report within thirty days of going online"
    assert [line for line in str(found).splitlines() if not line.startswith(duty)] == told


def test_what_if_as_json(paws: kb.KnowledgeBase) -> None:
    """Each side names its bans, and the category of which nothing is missing, since it is in
    vain."""
    told = paws.what_if(INDIVIDUAL, applicant="enterprise", as_of=DAY).to_dict()
    jsonschema.Draft202012Validator(WHAT_IF_SCHEMA).validate(told)
    assert (told["bans_today"], "bans_then" in told) == ([BAN | {"certainty": "surely"}], False)
    (category,) = told["differences"]
    assert (category["in_vain_today"], "in_vain_then" in category) == (True, False)
    assert (category["missing_today"], category["missing_then"]) == ([], ["动物诊疗许可证"])
