"""The same words in other clothes: what is read stays the same, or is told as open."""

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.importers.scope import read_scope
from kb.importers.text import Role, cell_key, key
from kb.importers.tree import read_papers

from .corpus import alternatives, cells, needs_corpus

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def plain():
    """Cells that are read without an open point."""
    return [text for text in cells() if not read_papers(text).open]


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
        (r"（", "("),
        (r"[：]", ":"),
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
@given(st.data())
@QUICK
def test_one_character_lost(data):
    """Without one character a cell is still accounted for, character by character."""
    text = data.draw(st.sampled_from(cells()))
    at = data.draw(st.integers(0, len(text) - 1))
    accounted(text[:at] + text[at + 1 :])


@given(st.text(max_size=40))
@QUICK
def test_hash_of_a_cell_ignores_blanks_and_width(text):
    """Decisions on a cell hold for the cell with other blanks, and for no other words."""
    assert cell_key(text) == cell_key(text.replace(" ", "  "))
    assert cell_key("甲" + text) != cell_key("乙" + text)
    assert key(text) == key(key(text))
