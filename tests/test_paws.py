"""A made-up province of pets and flowers (`tests/paws`): what is forbidden to some is told so."""

from __future__ import annotations

import pytest
from province import DAY

import kb
from kb.maintain.lines import source_lines
from kb.query.things import ShownApplicant, show_thing


def applicant(base: kb.KnowledgeBase, name: str, *, as_of: str, lang: str = "zh") -> ShownApplicant:
    """What is shown of an applicant."""
    term = base.facts.names.find("applicant", name)
    assert term is not None
    shown = show_thing(base, term, base.day(as_of), lang)
    assert isinstance(shown, ShownApplicant)
    return shown


def test_what_is_forbidden_to_an_applicant_is_not_open_to_it(paws: kb.KnowledgeBase) -> None:
    """Line 1 forbids boarding to individuals: of the two categories one is open to them, and the
    line is told with the other; to a company both are open, and before the text begins none is."""
    shown = applicant(paws, "individual", as_of=DAY)
    (mine,) = [each.categories for each in shown.open if each.source == "paws-2026"]
    assert mine == ("xq-flowers",)
    ((part, lines, categories),) = [(f.part, f.cite.lines, f.categories) for f in shown.forbidden]
    assert (part, lines, categories) == ("paws-2026:no-individuals", (1,), ("xq-boarding",))
    company = applicant(paws, "enterprise", as_of=DAY)
    (both,) = [each.categories for each in company.open if each.source == "paws-2026"]
    assert (both, company.forbidden) == (("xq-boarding", "xq-flowers"), ())
    assert applicant(paws, "individual", as_of="2026-03-31").forbidden == ()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "《溪桥省宠物与花艺小程序规定（虚构）》禁止它提供 1 个类目(个人不得提供宠物寄养):"),
        (
            "en",
            "Pets and flowers in Xiqiao (made up) forbids it 1 (individuals must not board pets):",
        ),
    ],
)
def test_what_is_forbidden_is_told_with_its_line(
    paws: kb.KnowledgeBase, lang: str, told: str
) -> None:
    """The words name the text, how many categories, what it says, and its line."""
    lines = str(applicant(paws, "individual", as_of=DAY, lang=lang)).splitlines()
    (line,) = [line.strip() for line in lines if "paws-2026 1" in line]
    assert line == f"{told}  [paws-2026 1]"


LATE = {
    "name": "酉",
    "applicant": "enterprise",
    "regions": ["CN-XQ"],
    "services": ["xq-flower-delivery"],
    "facts": {"xq-own-delivery": "yes", "xq-launched": "2026-05-01", "xq-reported": "no"},
    "holds": ["xq-flower-register"],
}


@pytest.mark.parametrize(
    ("day", "verdict", "kind", "zh", "en"),
    [
        (
            "2026-05-30",
            "satisfied",
            "due",
            "最迟 2026-05-31 必须做到",
            "due on 2026-05-31 at the latest",
        ),
        ("2026-05-31", "missing", "due_today", "2026-05-31 当天必须做到", "due today, 2026-05-31"),
        ("2026-06-01", "missing", "overdue", "最迟 2026-05-31,已逾期", "overdue since 2026-05-31"),
    ],
)
def test_the_last_day_is_not_over(
    paws: kb.KnowledgeBase, day: str, verdict: str, kind: str, zh: str, en: str
) -> None:
    """Thirty days after 1 May end on 31 May: before it is the last day, on it the duty is due (it
    must be there, `due-on-its-day`) and has not passed, after it is overdue; in answers, in JSON
    and in plans."""
    for lang, told, what in (
        ("zh", zh, "上线后三十日内报告"),
        ("en", en, "report within thirty days of going online"),
    ):
        answer = paws.ask(LATE, as_of=day, lang=lang)
        assert answer.verdict == verdict
        (each,) = answer.to_dict()["deadlines"]
        assert (each["kind"], each["day"], each["note"]) == (kind, "2026-05-31", f"{told}: {what}")
        assert f"{told}: {what}" in str(answer)
        assert f"{told}: {what}" in str(paws.plan(LATE, as_of=day, lang=lang))


KEPT = LATE | {
    "services": ["xq-boarding-service"],
    "facts": {"xq-pets": "8", "xq-launched": "2026-05-01", "xq-reported": "yes"},
    "holds": ["animal_clinic_licence"],
}


def test_a_change_tells_the_line_that_it_falls_by(paws: kb.KnowledgeBase) -> None:
    """Nothing but line 1 stands against an individual that boards pets: `kb what-if` names it, and
    the other way round that it is gone; a duty that is missed then is told with its line."""
    found = paws.what_if(KEPT, applicant="individual", as_of=DAY, lang="en")
    assert str(found).splitlines() == [
        "today: ✓ satisfied   then: ⊘ prohibited",
        "→ individuals must not board pets: – → ⊘ prohibited  [paws-2026 1]",
        "  · then: the service may not be offered, no papers are to be provided for it: "
        "溪桥服务-宠物寄养 (Xiqiao services - pet boarding)",
        "→ 溪桥服务-宠物寄养 (Xiqiao services - pet boarding): ✓ satisfied → ✓ satisfied, its "
        "service is forbidden",
    ]
    back = paws.what_if(KEPT | {"applicant": "individual"}, applicant="enterprise", as_of=DAY)
    assert str(back).splitlines()[1] == "→ 个人不得提供宠物寄养: ⊘ 禁止 → –  [paws-2026 1]"
    days = {"as_of": "2026-05-30", "then_as_of": "2026-06-01"}
    late = paws.what_if(LATE, **days, lang="en")
    assert str(late).splitlines()[-1] == (
        "→ report within thirty days of going online: ✓ met → ✗ not met  [paws-2026 4]"
    )


def test_an_interview_writes_days_as_days(paws: kb.KnowledgeBase) -> None:
    """A day that was answered stands in the profile as people write it, and is read back."""
    start = LATE | {"facts": {"xq-own-delivery": "yes", "xq-reported": "no"}}
    talk = paws.interview(start, as_of=DAY)
    talk.answer("2026-05-01")
    assert talk.profile["facts"]["xq-launched"] == "2026-05-01"
    assert paws.app(talk.profile) == talk.app


def test_a_line_without_rule_tells_its_reason(paws: kb.KnowledgeBase) -> None:
    """A line that no record cites is shown with the reason that the coverage gives; one that is
    cited has none."""
    source = "wechat-education-2021"
    first, *_ = source_lines(paws.facts, source, "1").lines
    assert (first.records, first.none) == ((), "标题")
    assert source_lines(paws.facts, source, "1").to_dict()["lines"][0]["none"] == "标题"
    (own,) = source_lines(paws.facts, "paws-2026", "4").lines
    assert (own.records, own.none) == (("here", "report"), "")
