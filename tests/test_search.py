"""Search: things by their Chinese, English, other and former names, and past small slips."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thinned import share

import kb
from kb.model.names import Names, Term, folded
from kb.query.search import KINDS, search

FOLDER = Path(__file__).parent / "bad" / "facts" / "base"


@pytest.fixture(scope="module")
def small():
    """A small base of facts that only these tests have."""
    return kb.load(only_facts=FOLDER)


def ids(base, words, **more):
    return [hit.id for hit in base.search(words, **more)]


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("面包店", "bakery"),
        ("糕点店", "bakery"),
        ("bakery", "bakery"),
        ("BAKERY", "bakery"),
        ("书局", "bookshop"),
        ("book shop", "bookshop"),
        ("食品经营许可证", "food_licence"),
        ("《食品经营许可证》", "food_licence"),
        ("食品证", "food_licence"),
        ("经营许可", "food_licence"),
        ("fire certificate", "fire_certificate"),
        ("certificate fire", "fire_certificate"),
        ("fire_certificate", "fire_certificate"),
        ("商店-食品", "shop-food"),
        ("店铺-食品", "shop-food"),
        ("广东", "CN-GD"),
        ("开业日期", "opened"),
    ],
)
def test_found_first(small, words, id):
    """An id, a label of either language, an alias, a former name, a part of a name and its words
    in another order lead to the thing."""
    assert ids(small, words)[0] == id


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("bakrey", "bakery"),
        ("bakkery", "bakery"),
        ("bakry", "bakery"),
        ("boookshop", "bookshop"),
        ("食品经营许可正", "food_licence"),
        ("食品经营许证", "food_licence"),
        ("消防合各证", "fire_certificate"),
        ("fire certifcate", "fire_certificate"),
    ],
)
def test_small_slips(small, words, id):
    """One wrong, missing or doubled character still leads to the thing."""
    assert id in ids(small, words)[:2]


@pytest.mark.parametrize("words", ["", " ", "\u3000", "---", "《》", "''", "\n", "\t"])
def test_no_words(small, words):
    """Words that hold nothing find nothing."""
    assert small.search(words) == []


@pytest.mark.parametrize("words", ["zzzzqqq", "火箭", "💥"])
def test_nothing_like_it(small, words):
    """What is like nothing finds nothing."""
    assert small.search(words) == []


def test_shape(small):
    """A find is a kind, an id and the labels in both languages, and nothing else."""
    assert small.search("面包店")[0].to_dict() == {
        "kind": "service",
        "id": "bakery",
        "zh": "面包店",
        "en": "bakery",
    }


def test_whole_names_before_parts():
    """A whole name goes before a beginning, a beginning before a part, a part before a slip; of
    equals the earlier kind and the earlier entry go first."""
    names = Names()
    for id, zh in [
        ("slip", "学车平苔"),
        ("part", "大学车平台"),
        ("start", "学车平台甲"),
        ("whole", "学车平台"),
    ]:
        names.add(Term("service", id, zh, id))
    names.add(Term("document", "paper", "学车平台", "paper"))
    found = [hit.id for hit in search(names, "学车平台")]
    assert found == ["whole", "paper", "start", "part", "slip"]


def test_shorter_names_first():
    """Of two names that begin alike, the one that is nearer to the words goes first."""
    names = Names()
    names.add(Term("service", "long", "驾校培训平台服务", "long"))
    names.add(Term("service", "short", "驾校培训", "short"))
    assert [hit.id for hit in search(names, "驾校")] == ["short", "long"]


def test_limit(small):
    """No more finds than asked for, and those are the best."""
    every = ids(small, "o", limit=100)
    assert len(every) > 3
    assert ids(small, "o", limit=3) == every[:3]
    assert ids(small, "o", limit=1) == every[:1]


def test_same_words_same_finds(small):
    """The same words find the same things in the same order."""
    assert small.search("店") == small.search("店")


def test_every_kind_is_searched(small):
    """Each thing of each kind is found by its own id, and by its label."""
    for kind in KINDS:
        for term in small.facts.names.of(kind):
            for name in (term.id, term.zh):
                if folded(name):
                    assert term.id in ids(small, name, limit=1000)


@pytest.mark.slow
def test_shipped_services(base):
    """Whoever types the name of a shipped service finds that service first of all services: each
    service whose name is part of another's is tried, and some of the others."""
    terms = list(base.facts.names.of("service"))
    inner = [t for t in terms if any(t.zh in other.zh and t is not other for other in terms)]
    for term in dict.fromkeys([*share(inner, 3), *share(terms, 15)]):
        for name in (term.zh, term.id):
            services = [h.id for h in base.search(name, limit=1000) if h.kind == "service"]
            assert base.facts.names.find("service", name).id == services[0]


def test_driving_school(base):
    """`kb search 驾校` finds the platform for driving schools, as the contract says."""
    assert "driving_school_platform" in ids(base, "驾校")


@given(words=st.text(max_size=30))
def test_any_words(small, words):
    """Whatever the words, the finds are things of this base, each once."""
    found = small.search(words)
    keys = [(hit.kind, hit.id) for hit in found]
    assert len(set(keys)) == len(keys)
    assert all(small.facts.names.get(*key) for key in keys)


@given(data=st.data())
def test_one_slip(small, data):
    """One wrong letter in a name of eight or more still finds the thing."""
    terms = [t for t in small.facts.names.of("document") if len(folded(t.en)) >= 8]
    term = data.draw(st.sampled_from(terms))
    at = data.draw(st.integers(0, len(term.en) - 1))
    letter = data.draw(st.sampled_from("qxz"))
    words = term.en[:at] + letter + term.en[at + 1 :]
    assert term.id in ids(small, words, limit=100)


def test_code_inside_a_word(base):
    """A short code that happens to stand inside of the words (`ID` in `vidoe`) is no find."""
    kinds = [hit.kind for hit in base.search("online vidoe course")]
    assert kinds[0] == "service"
    assert "region" not in kinds
