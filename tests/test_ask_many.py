"""Many apps asked at once."""

from __future__ import annotations

import pytest
from test_cases import case_files, loaded, profile

from kb.answers.many import AT_ONCE
from kb.lang.problems import Problems

DAY = "2026-03-01"


def test_the_answers_of_each_alone():
    """Each app gets the answer that it gets alone, in the order asked; two of one name too, and one
    that nothing is said of."""
    base = loaded(())
    files = [file for file in case_files().values() if not file.only_facts]
    apps = [profile(case.app) for file in files for case in file.cases][: AT_ONCE + 20 : 4]
    apps += [{"name": "a", "services": ["驾校平台"]}, {"name": "a", "services": ["驾校培训"]}, {}]
    found = base.ask_many(apps, as_of=DAY)
    assert [each.to_dict() for each in found] == [base.ask(app, DAY).to_dict() for app in apps]
    assert len({str(each.verdict) for each in found}) > 3


def test_more_than_one_evaluation(monkeypatch):
    """Where there are more apps than one evaluation takes, none is lost and none comes twice."""
    monkeypatch.setattr("kb.answers.many.AT_ONCE", 2)
    names = [f"app {n}" for n in range(5)]
    found = loaded(("facts-small",)).ask_many({"name": name} for name in names)
    assert [each.app.name for each in found] == names


def test_a_profile_that_can_not_be_read():
    """It is told as `ask` tells it, and no app is asked."""
    with pytest.raises(Problems, match="no service is called `nought`"):
        loaded(("facts-small",)).ask_many([{}, {"services": ["nought"]}])
