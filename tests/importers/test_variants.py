"""The same words in other clothes: what is read stays the same, or is told as open."""

import random
import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from kb.importers.scope import read_scope
from kb.importers.text import Role, cell_key, key
from kb.importers.tree import read_papers

from .corpus import alternatives, cells, needs_corpus, readings

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def plain():
    """A third of the cells, as far as they are read without an open point."""
    return [text for text, read in [*zip(cells(), readings(), strict=True)][::3] if not read.open]


@cache
def meaning(text):
    """What a cell asks for."""
    return alternatives(read_papers(text).node)


def accounted(text):
    """Reads a cell and checks its account."""
    read = read_papers(text)
    assert len(read.roles) == len(text)
    for at, role in enumerate(read.roles):
        if role is Role.UNREAD:
            assert any(f.start <= at < f.end for f in read.open)
    return read


def same_or_open(text, changed):
    """A variant asks for the same, or says that something is open."""
    read = accounted(changed)
    return alternatives(read.node) == meaning(text) or bool(read.open)


@given(
    st.text(
        alphabet="《》（）()1234、①②③选或及和的：:，；。“”【】"
        "同时提供合作协议许可证\n 甲乙丙注若需含/",
        max_size=60,
    )
)
@QUICK
def test_any_text_is_accounted_for(text):
    """Whatever is in a cell, every character gets one role and nothing breaks."""
    accounted(text)
    assert len(read_scope(text).roles) == len(text)


@needs_corpus
@pytest.mark.parametrize("joint", [" ", "", "；"])
def test_flattened(joint):
    """A cell in one line is read like its lines, but for lines that only line ends part."""
    wrong = [t for t in plain() if not same_or_open(t, t.replace("\n", joint))]
    assert wrong == []


@needs_corpus
def test_traditional():
    """A cell in traditional characters asks for the same."""
    opencc = pytest.importorskip("opencc")
    convert = opencc.OpenCC("s2t").convert
    wrong = [t for t in plain() if not same_or_open(t, convert(t))]
    assert wrong == []


@needs_corpus
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"(?m)^(\d+)、", r"\1. "),
        (r"(?m)^(\d+)、", r"（\1）"),
        (r"(?m)^(\d+)、", r"\1）"),
        (r"(?m)^(\d+)、", r"- "),
        (r"(?m)^①", "(1)"),
        (r"（", "("),
        (r"[：]", ":"),
        (r"[“”]", '"'),
        (r"\n", "\r\n\t　"),
        (r"\n", "；\n"),
        (r"》或《", "》/《"),
        (r"（([2-9])选1）", "（任选其一）"),
    ],
)
def test_changed_marks(old, new):
    """Other markers and other widths carry the same tree."""
    wrong = [t for t in plain() if not same_or_open(t, re.sub(old, new, t))]
    assert wrong == []


@needs_corpus
@given(st.data())
@QUICK
def test_one_marker_or_operator_lost(data):
    """Without one of its marks a cell is read the same, or something is told."""
    text = data.draw(st.sampled_from(plain()))
    places = [
        m.start() for m in re.finditer(r"[①-⑳《》（）]|(?<=\n)\d(?=、)|\d(?=选)|(?<=\d)选", text)
    ]
    if places:
        at = data.draw(st.sampled_from(places))
        assert same_or_open(text, text[:at] + text[at + 1 :])


@needs_corpus
def test_one_character_lost():
    """Without one character a cell is accounted for, and asks for the same: but for that character
    in a name, or with something told. One in a hundred may be wrong."""
    chosen = random.Random(16)
    wrong = []
    for _ in range(150):
        text = chosen.choice(plain())
        at = chosen.randrange(len(text))
        read = accounted(text[:at] + text[at + 1 :])
        if not read.open and not near(read_papers(text).node, read.node):
            wrong.append(text[max(0, at - 9) : at] + "|" + text[at : at + 9])
    assert len(wrong) <= 1, wrong


def near(one, other):
    """Whether two trees differ in the spelling of names and words alone."""
    if one is None or other is None or one.op != other.op:
        return one is other
    if one.paper is None:
        same = one.at_least == other.at_least and len(one.parts) == len(other.parts)
        return same and all(map(near, one.parts, other.parts))
    first, second = one.paper, other.paper
    close = Levenshtein.distance(first.name, second.name) <= 2
    return (
        (first.holder, first.at_least, first.optional, len(first.must))
        == (second.holder, second.at_least, second.optional, len(second.must))
    ) and (close or first.name in second.name or second.name in first.name)


@given(st.text(max_size=40))
@QUICK
def test_hash_of_a_cell_ignores_blanks_and_width(text):
    """Decisions on a cell hold for the cell with other blanks, and for no other words."""
    assert cell_key(text) == cell_key(text.replace(" ", "  "))
    assert cell_key("甲" + text) != cell_key("乙" + text)
    assert key(text) == key(key(text))
