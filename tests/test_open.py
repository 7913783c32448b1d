"""What an answer leaves open: each item settles when it is answered, each one matters, and nothing
else is listed."""

import itertools
import zlib
from dataclasses import replace
from random import Random

import pytest
from asked import asked, sample
from thinned import EXAMPLES, USUAL

from kb.answers.open_points import OnlyNamed
from kb.explain.apply import with_document, with_stated
from kb.model.requirements import CHOICE
from kb.render.language import Language
from kb.render.points import open_text

VERDICTS = ("app_verdict", "category_verdict", "obligation", "ban")


def listed(each, app=None):
    """The open points of an answer, as JSON has them."""
    return each.base.ask(app or each.app, each.as_of, each.drafts).to_dict()["undetermined"]


def asks_for_attribute(item):
    return item["ask"] is not None and item["ask"]["attribute"] not in ("services", "holds")


def asks_for_document(item):
    return item["ask"] is not None and item["ask"]["attribute"] == "holds"


def drawn(asks, number, part=0, parts=1):
    """So many cases that leave open what `asks` looks for, each with those items: the same ones
    every time, more of them in a longer run. A new case moves none of the others to or fro."""
    found = 0
    for each in sorted(asked().values(), key=lambda each: zlib.crc32(each.id.encode())):
        if zlib.crc32(each.id.encode()) % parts != part:
            continue
        items = [item for item in listed(each) if asks(item)]
        if items:
            yield each, items
            found += 1
            if found >= number * EXAMPLES // USUAL:
                return


def reason(item):
    return item["because"], item["ask"] and item["ask"]["attribute"]


def attributes(items):
    """The attributes that items ask for, without services and documents."""
    found = (i["ask"]["attribute"] for i in items if i["ask"])
    return [name for name in dict.fromkeys(found) if name not in ("services", "holds")]


def told(each, name):
    """A value of an attribute for each way in which the tests that read it come out."""
    tests = each.base.model(["asked_test"], each.app, each.as_of, each.drafts)["asked_test"]
    return each.base.conditions.told_apart(name, [str(t) for _, t, read in tests if read == name])


def answers(each, item):
    """What may be answered to an item, one of each sort."""
    offered = set(item["ask"]["values"])
    for stated in told(each, item["ask"]["attribute"]):
        if not offered or isinstance(stated, int) or set(stated) <= offered:
            yield stated
    if offered and item["ask"]["type"] != "choices":
        yield from ((value,) for value in sorted(offered)[:4])


@pytest.mark.parametrize("part", range(2))
def test_an_answer_settles_its_item(part):
    """Whatever is answered to the question of an item, that item is not left open again for the
    same reason."""
    answered = 0
    for each, items in drawn(asks_for_attribute, 12, part, 2):
        for item in items:
            for stated in answers(each, item):
                changed = with_stated(each.app, item["ask"]["attribute"], stated)
                again = [reason(i) for i in listed(each, changed)]
                assert reason(item) not in again, (each.id, item, stated)
                answered += 1
    assert answered > 40


def test_a_document_that_is_told_settles_its_item():
    """An item about a document is gone when it is said to be there whole, and when it is not; an
    item about some of many is about no one document."""
    told_of = 0
    for each, items in drawn(asks_for_document, 8):
        for item in items:
            [document] = item["ask"]["values"]
            if document.startswith(CHOICE):
                continue
            own = tuple(h for h in each.app.holds if h.document != document)
            gone = replace(each.app, holds=own, parties=told_of_parties(each.app, document, None))
            wanted = [n for n in each.base.needs.values() if n.document == document]
            words = tuple(w for n in each.base.needs.values() for w in n.must_state)
            whole = replace(gone, parties=told_of_parties(each.app, document, words))
            for need in wanted:
                whole = with_document(whole, replace(need, must_state=words), each.base.facts)
            for app in (gone, whole):
                again = [i["because"] for i in listed(each, app)]
                assert item["because"] not in again, (each.id, item)
            told_of += 1
    assert told_of > 4


def told_of_parties(app, document, words):
    """The parties with these words in each paper of a kind; without words, with no such paper."""
    return tuple(
        replace(
            party,
            holds=tuple(
                replace(h, states=words) if h.document == document else h
                for h in party.holds
                if words is not None or h.document != document
            ),
        )
        for party in app.parties
    )


def verdicts(each, app):
    model = each.base.model(VERDICTS, app, each.as_of, each.drafts)
    return {(name, row) for name in VERDICTS for row in model[name]}


def matters(each, names, name):
    """With some answers to the other questions, this one changes a verdict or leaves one open."""
    others = [other for other in names if other != name]
    every = list(itertools.product(*(told(each, other) for other in others)))
    Random(7).shuffle(every)
    for chosen in [None, *every[:80]]:
        app = each.app
        for other, stated in zip(others, chosen or (), strict=chosen is not None):
            app = with_stated(app, other, stated)
        open_ = verdicts(each, app)
        if any(verdicts(each, with_stated(app, name, s)) != open_ for s in told(each, name)):
            return True
    return False


def test_every_attribute_matters():
    """For each attribute that is asked for, there are answers to the others with which some verdict
    hangs on it: it differs by what is answered, or is open while nothing is."""
    asked_for = 0
    for each, items in drawn(asks_for_attribute, 10):
        names = attributes(items)
        for name in names:
            assert matters(each, names, name), (each.id, name)
            asked_for += 1
    assert asked_for > 15


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "自 2021-12-03 起才把它归入「教育-驾校平台」"),
        (
            "en",
            "only from 2021-12-03 on it is under 教育-驾校平台 (WeChat open community: education "
            "categories)",
        ),
    ],
)
def test_a_text_of_other_days_is_told(base, lang, words):
    """Where the text that puts a service under a category is not in force on the day, text, HTML
    and JSON say from which day on it does, with its lines; a proof of the verdict names it."""
    app = {"name": "甲", "applicant": "enterprise", "services": ["驾校平台"]}
    answer = base.ask(app, "2020-03-01", lang=lang)
    assert answer.verdict == "undetermined"
    for shown in (answer.text("short"), str(answer), answer._repr_html_()):
        assert words in shown
        assert "wechat-education-2021 15-20" in shown
    [point] = answer.to_dict()["undetermined"]
    assert point["because"].endswith(words)
    [told] = point["other_days"]
    assert told["category"] == "education-driving-school-platform"
    assert (told["counts"], told["earliest"], told["latest"]) == ("from", *2 * ["2021-12-03"])
    assert not told["perhaps"]
    assert [cite["lines"][0] for cite in told["sources"]] == [15]
    assert "wechat-education-2021 15" in str(base.why("verdict", app, "2020-03-01", lang=lang))


def test_named_only_is_told_of_other_days():
    """Where a category is only named that day, and a text in force on other days describes it for
    this app, no answer says that no source at hand tells what it asks for."""
    told = 0
    for each in asked().values():
        for point in each.base.ask(each.app, each.as_of, each.drafts).undetermined:
            if not isinstance(point.what, OnlyNamed):
                continue
            described = each.base.facts.readings_of(point.what.category)
            days = [day.cite.source for day in point.what.days]
            assert set(days) <= {reading.source.id for reading in described}
            because = open_text(point.what, Language("zh", each.base.facts.names))
            assert ("已收录的来源没有写" in because) == (not days), each.id
            told += bool(days)
    assert told > 5


def test_undetermined_has_a_reason():
    """Where the verdict on the whole is undetermined something is listed, and where no verdict is
    undetermined, nor anything that bears on the whole, nothing is."""
    for each in sample(7, 1):
        items = listed(each)
        relations = (*VERDICTS, "bears_on_verdict")
        model = each.base.model(relations, each.app, each.as_of, each.drafts)
        open_ = [name for name in relations for row in model[name] if "undetermined" in row]
        if "app_verdict" in open_:
            assert items, each.id
        if not open_:
            assert not items, (each.id, items)


def test_what_is_too_general_is_asked_for_exactly():
    """Where what is stated does not settle a condition, only values that do are offered."""
    each = asked()["small: open to guilds, for a firm"]
    [item] = [i for i in listed(each) if i["ask"]["attribute"] == "applicant"]
    assert "firm" not in item["ask"]["values"]
    assert "body" not in item["ask"]["values"]
    assert item["ask"]["values"]


def test_what_no_answer_settles_is_the_sources():
    """Where the profile says exactly what is asked for and the source is not exact, nothing is
    asked and the item names the lines."""
    each = asked()["wechat-education-2021: training institution, account of 2018"]
    [item] = [i for i in listed(each) if "2018" in i["because"]]
    assert item["ask"] is None
    assert [(cite["source"], cite["lines"]) for cite in item["sources"]] == [
        ("wechat-education-2021", [3])
    ]


def test_a_passage_that_an_answer_does_not_settle_says_so():
    """Where a passage leaves open whether a ban binds, and the subjects stated do not settle whom
    the passage means, the item says which condition they leave open and offers those that do."""
    each = asked()["beijing-draft-2022: subjects left out"]
    app = with_stated(each.app, "subjects", ("other",))
    [item] = [
        item
        for item in listed(each, app)
        if asks_for_attribute(item)
        and item["ask"]["attribute"] == "subjects"
        and item["sources"][0]["lines"] == [44]
    ]
    assert item["because"].endswith("所填的培训的学科不足以判断:对中小学生开展学科培训")
    assert "other" not in item["ask"]["values"]


def test_a_draft_is_no_unknown(base):
    """Whether a draft applies is shown beside the verdict, in both languages, and is none of its
    unknowns unless drafts count."""
    app = {
        "name": "甲",
        "regions": ["CN-BJ"],
        "audience": ["compulsory_education"],
        "services": ["教育信息"],
    }
    for lang, words in (("zh", "可能适用,不影响结论"), ("en", "no verdict hangs on it")):
        answer = base.ask(app, "2025-06-30", lang=lang)
        assert answer.verdict == "satisfied"
        assert answer.undetermined == ()
        assert words in str(answer)
        assert "(purpose)" in str(answer)
        counted = base.ask(app, "2025-06-30", include_drafts=True, lang=lang)
        assert counted.verdict == "undetermined"
        assert attributes(counted.to_dict()["undetermined"]) == ["developed_for_schools", "purpose"]
        assert words not in str(counted)


def test_what_was_assumed_of_who_applies_is_told(base):
    """An answer that takes a mainland organisation for granted says so in text, HTML and JSON, in
    both languages, and asks who applies once; once that is said nothing is assumed."""
    app = {"name": "甲", "services": ["驾校平台"], "holds": []}
    for lang, words in (
        ("zh", "没有填写申请主体,所据的文件也没有写明面向哪类账号"),
        ("en", "who applies is not said, and the texts do not say for which accounts they are"),
    ):
        answer = base.ask(app, "2025-06-30", lang=lang)
        assert answer.verdict == "missing"
        assert answer._repr_html_().count(words) == 1
        for text in (answer.text("short"), str(answer)):
            assert text.count(words) == 1
            assert text.count("(applicant)") == 1
        [assumed] = answer.to_dict()["assumed"]
        assert assumed["because"].startswith(words)
        assert assumed["ask"]["attribute"] == "applicant"
        assert assumed["categories"] == ["education-driving-school-platform"]
    said = base.ask({**app, "applicant": "enterprise"}, "2025-06-30")
    assert said.verdict == "missing"
    assert "assumed" not in said.to_dict()
    assert "申请主体" not in said.text("short")


def test_a_draft_of_a_category_is_told_beside_the_answer():
    """A draft that names what the app offers is told in text, HTML and JSON with its lines and what
    it asks for, and changes nothing else of the answer."""
    each = asked()["small: a draft alone"]
    for lang, words in (("zh", "征求意见稿,不影响结论"), ("en", "drafts, no verdict hangs")):
        answer = each.base.ask(each.app, each.as_of, lang=lang)
        assert answer.verdict == "undetermined"
        for shown in (answer.text("short"), str(answer), answer._repr_html_()):
            assert shown.count(words) == 1
            assert "town-draft-2022 1-2" in shown
        assert "水质单" in str(answer)
    [draft] = each.base.ask(each.app, each.as_of).to_dict()["drafts"]
    assert (draft["id"], draft["standing"], draft["services"]) == ("shop-cake", "draft", ["cake"])
    assert draft["requirement"]["id"] == "water_test"
    assert draft["sources"] == [{"source": "town-draft-2022", "lines": [1, 2], "locator": ""}]
