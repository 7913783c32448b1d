"""Proofs of an answer are found when somebody looks at them."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

from test_cases import case_files, loaded, profile

from kb.provenance.proof import Fact, Proof, Prover

DAY = "2026-03-01"
APP = {"name": "a", "platform": "wechat", "services": ["驾校平台", "在线视频课程"]}


def counted(monkeypatch):
    """How often the prover is asked from now on."""
    asked = []
    prove = Prover.prove
    monkeypatch.setattr(Prover, "prove", lambda self, *fact: asked.append(1) or prove(self, *fact))
    return asked


def test_none_is_found_for_words(monkeypatch):
    """Words of an answer need no proof; JSON finds one for each category, once."""
    asked = counted(monkeypatch)
    answer = loaded(()).ask(APP, DAY)
    assert str(answer)
    assert answer.text("short")
    assert asked == []
    first = answer.to_dict()
    assert len(asked) == len(answer.categories) > 1
    assert answer.to_dict() == first
    assert len(asked) == len(answer.categories)


def test_the_shortest_proof_by_the_rules():
    """Whoever looks finds the shortest proof that the category is required, or perhaps is, in
    whatever order: the one that `why` gives."""
    base = loaded(())
    files = [file for file in case_files().values() if not file.only_facts]
    apps = [profile(case.app) for file in files for case in file.cases][::40]
    relations = set()
    for app, answer in zip(apps, base.ask_many(apps, as_of=DAY), strict=True):
        for category in reversed(answer.categories):
            [proof] = category.why
            relation = proof.fact.relation
            assert proof.fact == Fact(relation, (answer.app.name, category.category))
            assert proof == base.why(f"{relation}(A, '{category.category}')", app, DAY).proof
            relations.add(relation)
    assert {"required", "perhaps_required"} <= relations


def test_as_a_tuple():
    """They are compared, hashed, shown, pickled and copied as the tuple of them."""
    base = loaded(())
    one, other = (base.ask(APP, DAY).categories[0] for _ in range(2))
    whole = tuple(base.ask(APP, DAY).categories[0].why)
    assert isinstance(whole[0], Proof)
    assert one.why == whole == other.why
    assert (len(one.why), one.why[0], one.why[:1]) == (1, whole[0], whole)
    assert (hash(one.why), repr(one.why)) == (hash(whole), repr(whole))
    assert one.why != ()
    assert one == other
    assert hash(one) == hash(other)
    for made in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        assert type(made.why) is tuple
        assert made == one


def test_many_threads_look_at_once():
    """Threads that look at the answers of one evaluation together find the same."""
    base = loaded(())
    apps = [APP | {"name": f"app {n}"} for n in range(12)]
    found = base.ask_many(apps, as_of=DAY)
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda n: found[n % 12].to_dict(), range(36)))
    assert told[:12] == [base.ask(app, DAY).to_dict() for app in apps]
    assert told[:12] == told[12:24] == told[24:]
