"""`kb ask` about a profile loads less than other commands, and says what they would say."""

from pathlib import Path

import pytest
from test_imports import RUN, loaded

from kb.answers.answer import Answer
from kb.base.core import Core
from kb.base.versions import superseding
from kb.cli.asking import answer_of
from kb.render.answer_words import AnswerWords
from kb.render.renderer import Words

APP = Path(__file__).parent / "apps" / "xuechetong.yaml"
UNUSED = (
    *("api", "audit", "compare", "find", "graph", "interview", "maintain", "notebook", "widgets"),
    *("answers.many", "explain.why", "explain.why_not", "importers.run", "query.goals"),
)
"""Packages and modules of `kb` that an answer about a profile has no use for."""


def test_an_answer_loads_nothing_that_it_does_not_use(base):
    """A cold `kb ask` imports none of the packages of other questions, and no heavy library."""
    superseding(base)
    names = loaded(RUN, "ask", APP, whole=True)
    assert "kb.answers.ask" in names
    unused = {f"kb.{name}" for name in UNUSED}
    assert unused & names == set()
    assert {"duckdb", "networkx", "pandas", "rich", "lark", "rjieba", "clingo"} & names == set()


@pytest.mark.parametrize("drafts", [False, True])
def test_it_answers_as_the_base_does(base, drafts):
    """The core of the shipped facts gives the answer that the whole base gives, in the same words
    in every form."""
    core = Core(base.facts, base.shipped, as_of="2026-03-01")
    found = answer_of(core, APP, drafts, "en", 30)
    assert isinstance(found, Answer)
    assert found == base.ask(APP, "2026-03-01", drafts, "en", 30)
    own, all_ = AnswerWords(), Words()
    for length in ("short", "long"):
        assert own.text(found, length) == all_.text(found, length)
        assert own.html(found, length) == all_.html(found, length)
        assert own.terminal(found, 80, True, length) == all_.terminal(found, 80, True, length)
    assert own.json(found) == all_.json(found)
    assert own.markdown(found) == all_.markdown(found)
    assert own.short(found) == all_.short(found)


def test_what_is_wrong_is_told_by_the_base(base, tmp_path):
    """A profile with something wrong gets no answer there: the whole base words the problem."""
    path = tmp_path / "app.yaml"
    path.write_text("services: [no_such_service]\n", encoding="utf-8")
    core = Core(base.facts, base.shipped)
    assert answer_of(core, path, False, "zh", 0) is None
