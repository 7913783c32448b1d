"""Bundles of whole apps: the fewest, the cheapest, the fastest and all minimal ones, against
trying every pick."""

import itertools
import json
from dataclasses import replace

import pytest
from asked import asked, sample
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.answers.bundle import best, merged, minimal
from kb.answers.choices import Choice
from kb.answers.prices import Prices
from kb.cli.main import cli
from kb.lang.problems import Problems
from kb.model.requirements import Need, alternatives
from kb.model.schema import Node

DAY = "2025-06-30"
SETTINGS = settings(deadline=None, max_examples=60)
NEEDS = st.builds(
    Need,
    st.sampled_from("abcde"),
    st.sampled_from(("applicant", "applicant", "partner")),
    st.integers(1, 3),
)
LISTS = st.lists(
    st.lists(st.frozensets(NEEDS, max_size=4), min_size=1, max_size=3), min_size=1, max_size=4
).map(
    lambda lists: [
        [Choice(f"{r}.{n}", lacks) for n, lacks in enumerate(choices)]
        for r, choices in enumerate(lists)
    ]
)
PRICES = st.builds(
    Prices,
    st.dictionaries(st.sampled_from("abcde"), st.integers(0, 900)),
    st.dictionaries(st.sampled_from("abcde"), st.integers(0, 90)),
)


def picks(lists):
    return itertools.product(*lists)


def first_criterion(by, needs, prices):
    """What counts first, worked out by hand: documents; or how many have no price or time, and then
    the cents or days of the others."""
    if by == "fewest":
        return len({(need.document, need.holder) for need in needs})
    copies = {}
    for need in needs:
        key = need.document, need.holder
        copies[key] = max(copies.get(key, 0), need.at_least)
    if by == "cheapest":
        unknown = sum(document not in prices.cost for document, _ in copies)
        return unknown, sum(prices.cost.get(document, 0) * n for (document, _), n in copies.items())
    unknown = sum(document not in prices.days for document, _ in copies)
    return unknown, max((prices.days.get(document, 0) for document, _ in copies), default=0)


@pytest.mark.parametrize("by", ["fewest", "cheapest", "fastest"])
@SETTINGS
@given(lists=LISTS, prices=PRICES)
def test_nothing_is_better(by, lists, prices):
    """No pick of one choice a list is smaller, cheaper or faster, and what has no price is never
    cheaper for it; the proven optimum says so, and what it costs and takes is what its documents
    cost and take, or not known where that of one is not."""
    found = best(lists, by, prices)
    least = min(first_criterion(by, merged(pick), prices) for pick in picks(lists))
    assert found.optimal
    assert found.bound is None
    assert first_criterion(by, found.needs, prices) == least
    for told, (unknown, known) in zip(
        prices.of(found.needs),
        (first_criterion(each, found.needs, prices) for each in ("cheapest", "fastest")),
        strict=True,
    ):
        assert told == (None if unknown else known)


@SETTINGS
@given(lists=LISTS)
def test_all_minimal_ones(lists):
    """All sets of documents of which none can be left out are found, each once, the smallest
    first; each is completed by the choices that are named with it."""

    def documents(needs):
        return frozenset((need.document, need.holder) for need in needs)

    every = {documents(merged(pick)) for pick in picks(lists)}
    wanted = {one for one in every if not any(other < one for other in every)}
    found = minimal(lists)
    assert [documents(bundle.needs) for bundle in found] == sorted(
        (documents(bundle.needs) for bundle in found), key=len
    )
    assert {documents(bundle.needs) for bundle in found} == wanted
    assert len(found) == len(wanted)
    for bundle in found:
        assert bundle.needs == merged(bundle.picks)
        assert all(pick in choices for pick, choices in zip(bundle.picks, lists, strict=True))


def test_unproven_gives_a_bound():
    """Without time the bundle still completes every list; it is not said to be the best, unless
    that is proven, and the bound is not above the best."""
    from bench.reasons import thirty_categories

    lists, prices = thirty_categories(11)
    for by in ("fewest", "fastest"):
        true = best(lists, by, prices, limit=20)
        assert true.optimal
        found = best(lists, by, prices, limit=0)
        assert len(found.picks) == len(lists)
        assert all(pick in choices for pick, choices in zip(found.picks, lists, strict=True))
        value = first_criterion(by, found.needs, prices)
        if found.optimal:
            assert found.bound is None
            assert value == first_criterion(by, true.needs, prices)
        else:
            assert found.bound is not None
            least = first_criterion(by, true.needs, prices)
            assert least <= value
            assert found.bound <= (least if by == "fewest" else least[1])


PLATFORM = {"name": "x", "services": ["driving_school_platform", "driving_school_training"]}


def ids(bundle):
    return sorted((d["id"], d["holder"], d["at_least"]) for d in bundle["documents"])


def test_shared_documents_count_once(base):
    """A document that two categories ask for is in the bundle once, in the larger count."""
    for each in sample(29):
        found = each.base.bundles(each.app, each.as_of)["bundle"]
        keys = [(d["id"], d["holder"]) for d in found["documents"]]
        assert len(keys) == len(set(keys)), each.id


def test_what_is_held_is_counted_in(base):
    """What is in hand is not asked for; with the whole bundle in hand nothing is."""
    bare = base.bundles(PLATFORM, DAY)["bundle"]
    one = bare["documents"][0]
    app = {**PLATFORM, "holds": [{"document": one["id"], "count": 9, "holder": one["holder"]}]}
    then = base.bundles(app, DAY)["bundle"]
    assert ids(then) == [d for d in ids(bare) if d[0] != one["id"] or d[1] != one["holder"]]
    holds = [
        {"document": d["id"], "count": d["at_least"], "holder": d["holder"]}
        for d in bare["documents"]
    ]
    assert base.bundles({**PLATFORM, "holds": holds}, DAY)["bundle"]["documents"] == []


def test_the_bundle_completes_every_category():
    """With the bundle in hand no category that is surely needed misses anything, but for those
    that this applicant can not complete."""
    for each in sample(17, 3):
        found = each.base.bundles(each.app, each.as_of)
        holds = [
            {
                "document": d["id"],
                "count": d["at_least"],
                "holder": d["holder"],
                "states": list(d["must_state"]) or None,
            }
            for d in found["bundle"]["documents"]
        ]
        profile = each.base.app(
            {"name": "x", "holds": [{k: v for k, v in h.items() if v is not None} for h in holds]}
        )
        app = replace(each.app, holds=(*each.app.holds, *profile.holds))
        model = each.base.model(["required", "category_verdict", "has_reading"], app, each.as_of)
        names = {str(row[1]) for row in model["required"]}
        missing = {str(c) for _, c, v in model["category_verdict"] if v == "missing"}
        assert names & missing <= set(found["cannot"]), each.id


def test_optional_documents_do_not_count():
    """A document that may be added is asked for by no alternative, so no bundle counts it."""
    tree = Node(
        all_of=(
            Node(document="a"),
            Node(document="b", optional=True),
            Node(any_of=(Node(document="c"), Node(document="d"))),
        )
    )
    [one, other] = alternatives(tree)
    assert {need.document for need in one.needs | other.needs} == {"a", "c", "d"}
    found = best([[Choice("1", one.needs), Choice("2", other.needs)]])
    assert found.needs == (Need("a"), Need("c"))


def test_unusable_alternatives_are_left_out(base):
    """An alternative that the applicant may not use is not in its bundle: a private school is
    not told to bring what public schools bring."""
    app = {"name": "x", "services": ["degree_education"]}
    private = base.bundles({**app, "applicant": "private_school"}, DAY)["bundle"]
    public = base.bundles({**app, "applicant": "public_school"}, DAY)["bundle"]
    assert [d["id"] for d in private["documents"]] == ["private_school_licence"]
    assert "private_school_licence" not in [d["id"] for d in public["documents"]]


def test_prices_decide(base):
    """The cheapest and the fastest follow the prices, under any name of a document; what is given
    is added up. What has no price is not cheaper than what has one: nobody knows what it costs."""
    app = {"name": "x", "services": ["degree_education"], "applicant": "public_school"}
    costs = {"审批设立证明": 900_00, "事业单位法人证书": 30_00}
    dear = base.bundles(app, DAY, by="cheapest", cost=costs)["bundle"]
    assert [d["document"] for d in dear["documents"]] == ["事业单位法人证书"]
    assert (dear["cost"], dear["days"]) == (30_00, None)
    known = base.bundles(app, DAY, by="cheapest", cost={"审批设立证明": 900_00})["bundle"]
    assert [d["document"] for d in known["documents"]] == ["审批设立证明"]
    assert known["cost"] == 900_00
    other = base.bundles(app, DAY, cost={"事业单位法人证书": 30_00})["bundle"]
    assert [d["document"] for d in other["documents"]] == ["审批设立证明"]
    assert other["cost"] is None
    slow = base.bundles(app, DAY, by="fastest", days={"事业单位法人证书": 30, "审批设立证明": 7})
    assert [d["document"] for d in slow["bundle"]["documents"]] == ["审批设立证明"]
    assert slow["bundle"]["days"] == 7


def test_copies_in_hand_are_not_paid_again(base):
    """Of a document that is asked for twice and held once, one copy is paid; one that must state
    words which nobody has read counts as none."""
    held = {**PLATFORM, "holds": [{"document": "合作协议", "count": 1}]}
    free = {d["id"]: 0 for d in base.bundles(PLATFORM, DAY)["bundle"]["documents"]}
    for app, copies in (({**PLATFORM, "holds": []}, 2), (held, 1)):
        cost = {**free, "cooperation_agreement": 700}
        assert base.bundles(app, DAY, cost=cost)["bundle"]["cost"] == 700 * copies
    plain, worded, other = Need("a", at_least=2), Need("a", "applicant", 2, ("x",)), Need("b")
    prices = Prices({"a": 70, "b": 100}, held={("a", "applicant"): 1})
    for first, taken in ((plain, plain), (worded, other)):
        lists = [[Choice("1", frozenset({first})), Choice("2", frozenset({other}))]]
        assert best(lists, "cheapest", prices).needs == (taken,)


def test_no_price_is_too_high_to_count(base):
    """A price that the solver could not count with is refused, the highest is counted."""
    app = {"name": "x", "services": ["degree_education"], "applicant": "public_school"}
    costs = {"审批设立证明": 100_000_000, "事业单位法人证书": 99_999_999}
    dear = base.bundles(app, DAY, by="cheapest", cost=costs)
    assert [d["document"] for d in dear["bundle"]["documents"]] == ["事业单位法人证书"]
    with pytest.raises(Problems, match="whole number from 0 to 100000000"):
        base.bundles(app, DAY, cost={"审批设立证明": 100_000_001})


@pytest.mark.parametrize("price", ["²", "-1", "1.5", "", "x"])
def test_what_is_no_price(tmp_path, price):
    """What is no whole number is told to be none."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(PLATFORM), encoding="utf-8")
    run = CliRunner().invoke(cli, ["bundles", str(path), "--cost", f"营业执照={price}"])
    assert f"`营业执照={price}` is not DOCUMENT=NUMBER" in str(run.exception)


@pytest.mark.parametrize(
    "wrong", [{"by": "nicest"}, {"cost": {"营业执照": -1}}, {"days": {"no such document": 1}}]
)
def test_wrong_questions(base, wrong):
    """A way to choose, a price or a document that there is not is a problem that says so."""
    with pytest.raises(Problems):
        base.bundles(PLATFORM, DAY, **wrong)


CONFLICT = {"name": "x", "services": ["education_platform"], "applicant": "enterprise"}


def test_conflicts_give_a_bundle_a_reading(base):
    """Where readings disagree there is one bundle for each reading, and one that contents all."""
    answer = base.ask(CONFLICT, "2022-06-30")
    assert answer.conflicts
    found = base.bundles(CONFLICT, "2022-06-30")
    assert len(found.readings) == len(answer.conflicts[0].readings)
    whole = {(d.document, d.holder): d.at_least for d in found.bundle.documents}
    for reading in found.readings:
        assert len(reading.documents) <= len(whole)
        holds = [{"document": d, "count": n, "holder": holder} for (d, holder), n in whole.items()]
    then = base.ask({**CONFLICT, "holds": holds}, "2022-06-30")
    assert all(r.verdict == "satisfied" for c in then.conflicts for r in c.readings)
    assert base.bundles(PLATFORM, DAY).readings == ()


def test_all_on_request(base):
    """All minimal bundles come on request, the best of them first; each completes the app's
    categories."""
    app = {"name": "x", "services": ["degree_education"], "applicant": "public_school"}
    assert base.bundles(app, DAY)["all"] is None
    every = base.bundles(app, DAY, every=True)["all"]
    assert [[d["document"] for d in b["documents"]] for b in every] == [
        ["审批设立证明"],
        ["事业单位法人证书"],
    ]


def test_text(base):
    """The text names the documents, what they cost and take, and what is not proven."""
    free = {d["id"]: 0 for d in base.bundles(PLATFORM, DAY)["bundle"]["documents"]}
    cost = {**free, "cooperation_agreement": 1250}
    for lang, known, unknown in (
        ("zh", "5 种材料 (25.00 元, 时间未知)", "5 种材料 (费用未知, 时间未知)"),
        ("en", "5 documents (25.00, ", "5 documents (cost unknown, "),
    ):
        found = base.bundles(PLATFORM, DAY, cost=cost, every=True, lang=lang)
        assert known in str(found)
        assert unknown in str(base.bundles(PLATFORM, DAY, cost={"合作协议": 1250}, lang=lang))
    unproven = replace(found.bundle, optimal=False, bound=2)
    assert "下限 2" in str(replace(found, bundle=unproven, lang="zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_counted_is_said(base, lang):
    """A category that is only perhaps needed, or one of several to choose from, has no documents in
    the bundle, and text and JSON say so; one that is surely needed is not among them."""
    app = {"name": "x", "services": ["在线视频课程", "driving_school_platform"]}
    found = base.bundles({**app, "facts": {"teaching_mode": "recorded"}}, DAY, lang=lang)
    [entry] = found.to_dict()["not_counted"]
    assert (entry["id"], entry["because"]) == ("education-online-video", "perhaps")
    assert {"zh": "不一定需要", "en": "only perhaps needed"}[lang] in entry["remark"]
    assert f"· {entry['remark']}" in str(found).splitlines()
    each = asked()["small: a note with a choice of categories, one open"]
    chosen = each.base.bundles(each.app, each.as_of, lang=lang).not_counted
    assert ("shop-pie", "choice") in {(e.category, e.because) for e in chosen}
    assert base.bundles(PLATFORM, DAY).not_counted == ()


def test_documents_keep_what_their_text_says(base):
    """Each document of the whole that is still to provide cites the line that asks for it, and has
    the note of that line."""
    app = {"name": "a", "applicant": "enterprise", "services": ["digital_collectible_display"]}
    found = {
        (each.document, each.holder): (each.lines, each.note and each.note.zh)
        for each in base.ask(app, "2026-11-28").bundle.documents
    }
    assert found["cooperation_agreement", "applicant"] == ((2734,), "与底层链签订")
    assert found["graded_protection_report", "partner"] == ((2738,), None)
    assert found["category_commitment", "applicant"] == ((2746,), "模版在发邮件申请后给出")
    assert all(lines for lines, _ in found.values())
