"""Results are data: they can be pickled, and made in other processes."""

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest

import kb

DAY = "2025-06-30"
APP = {
    "name": "学车通",
    "applicant": "enterprise",
    "regions": ["CN-GD"],
    "services": ["driving_school_platform", "online_video_course"],
    "holds": ["小程序开发者承诺函", {"document": "合作协议", "count": 1}],
}
QUESTIONS = {
    "answer": lambda base: base.ask(APP, DAY),
    "why": lambda base: base.why("verdict", APP, DAY),
    "why not": lambda base: base.why_not("verdict", APP, DAY, lang="en"),
    "plan": lambda base: base.plan(APP, start="2025-07-01", as_of=DAY),
    "bundles": lambda base: base.bundles(APP, as_of=DAY, every=True),
    "question": lambda base: base.interview(as_of=DAY).question,
}


def shown(result):
    """All that can be shown of a result."""
    return result.to_dict(), result._repr_mimebundle_(), repr(result)


@pytest.mark.parametrize("name", QUESTIONS)
def test_results_are_pickled_whole(base, name):
    """A result that was pickled is equal to the one before, and shows the same in every form."""
    result = QUESTIONS[name](base)
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert shown(again) == shown(result)


@pytest.mark.parametrize("name", QUESTIONS)
def test_results_hold_no_engine(base, name):
    """A result is much smaller than the base that it comes from: no engine, model or program is
    part of it."""
    size = len(pickle.dumps(QUESTIONS[name](base)))
    assert size < len(pickle.dumps((base.facts, base.program)))


def asked_in_process(name):
    """A result that a process of its own makes, with a base that it loads itself."""
    return QUESTIONS[name](kb.load())


def test_a_pool_of_processes(base):
    """Processes of a pool can be asked; what they give back is equal to what is asked here."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        found = dict(zip(QUESTIONS, pool.map(asked_in_process, QUESTIONS), strict=True))
    for name, question in QUESTIONS.items():
        assert shown(found[name]) == shown(question(base)), name
