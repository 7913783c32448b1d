"""What all tests share: one loaded base, marks, and skips that fail where all is installed."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from province import PROVINCE
from sharing import shared_base, shared_core

import kb
from kb.cli.context import Context

# Spark's work in tests is short: a quick compiler of Java's and one thread to collect take a third
# less processor time than those for work of hours.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

# Bases are very many small things that stay: to look through them for garbage each time that some
# hundred more were made takes a quarter of the processor time.
gc.set_threshold(100_000, 50, 1000)

# A busy machine makes nothing wrong: no example has to be done within a time.
settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")

# The grammars by which `jsonschema` would check IRIs take more than a second to load, and no schema
# here has an IRI: without them it checks none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_SKIPPED: list[str] = []
BROWSER = {"test_audit_page", "test_graph_page", "test_lab"}
"""Files whose every test looks at a page."""
SPARK = {"test_audit_spark"}
"""Files whose every test needs Spark; elsewhere those that take `spark` do."""
SLOW = {
    "test_audit",
    "test_audit_edges",
    "test_audit_files",
    "test_audit_flips",
    "test_audit_idle",
    "test_audit_kept",
    "test_audit_page",
    "test_audit_report",
    "test_audit_spark",
    "test_bearing",
    "test_bench",
    "test_bundles",
    "test_cases",
    "test_categories",
    "test_changes",
    "test_cli",
    "test_conditions",
    "test_contract",
    "test_duty_days",
    "test_engines_agree",
    "test_find_index",
    "test_findings",
    "test_graph",
    "test_graph_changes",
    "test_graph_cli",
    "test_graph_formats",
    "test_graph_page",
    "test_graph_texts",
    "test_import",
    "test_interview",
    "test_kb_test",
    "test_lab",
    "test_layers",
    "test_magic",
    "test_mutation",
    "test_notebook",
    "test_notebooks",
    "test_odd_files",
    "test_open",
    "test_packaging",
    "test_pickle",
    "test_places_agree",
    "test_plan",
    "test_proof",
    "test_pydatalog_faults",
    "test_queries",
    "test_readme",
    "test_reference",
    "test_review_panel",
    "test_schemas",
    "test_stating",
    "test_terminal",
    "test_upkeep",
    "test_variants",
    "test_what_if",
    "test_why",
    "test_why_not",
    "test_why_not_told",
    "test_withdrawals",
}
"""Files that take many seconds: answers by the thousand, proofs, audits, other processes."""
SLOW_TESTS = {
    "test_a_fork_while_a_thread_asks",
    "test_audits_are_asks",
    "test_audits_as_asked",
    "test_commands_are_light",
    "test_ctrl_c_leaves_the_collector_on",
    "test_names_are_only_names",
    "test_random_programs_reach_negation_above_recursion",
}
"""The same of tests in other files."""
FIRST = (
    "test_mutation",
    "test_engines_agree",
    "test_audit",
    "test_bench",
    "test_audit_files",
    "test_audit_spark",
    "test_notebooks",
    "test_audit_flips",
    "test_why_not",
    "test_contract",
    "test_schemas",
    "test_lab",
    "test_packaging",
    "test_graph_page",
    "test_proof",
    "test_interview",
    "test_duty_days",
)
"""The files that take longest: dealt out first, so that no process works alone at the end."""


CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
"""Real tables and readings that some tests are held against; no part of the project."""


def _elsewhere(item: pytest.Item) -> bool:
    """Whether a test is about what is not here: tables beside the project, or a user without the
    rights of root. No package can bring it, so that it is left out and not skipped."""
    wants_corpus = item.get_closest_marker("corpus") is not None
    wants_user = item.get_closest_marker("no_root") is not None
    return (wants_corpus and not CORPUS.is_dir()) or (wants_user and os.geteuid() == 0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what takes long, and what needs a browser or Spark; put the longest files first."""
    left_out = [item for item in items if _elsewhere(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda i: FIRST.index(i.path.stem) if i.path.stem in FIRST else len(FIRST))
    for item in items:
        file = item.path.stem
        name = item.name.partition("[")[0]
        # Tests with random examples are slow by their number.
        random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if file in SLOW or name in SLOW_TESTS or random:
            item.add_marker(pytest.mark.slow)
        if file in BROWSER:
            item.add_marker(pytest.mark.browser)
        if file in SPARK or "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.spark)


@pytest.fixture(scope="session", autouse=True)
def _language() -> None:
    """Tests speak Chinese unless they say otherwise, whatever the locale of the machine."""
    os.environ["KB_LANG"] = "zh"


@pytest.fixture(scope="session", autouse=True)
def _shared_bases() -> Iterator[None]:
    """Commands in this process share what they load; see `tests/sharing.py`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Context, "base", shared_base)
        patch.setattr("kb.cli.asking.shipped_core", shared_core)
        yield


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands answer in English."""
    monkeypatch.setenv("KB_LANG", "en")


@pytest.fixture(scope="session")
def base() -> kb.KnowledgeBase:
    """The shipped facts, rules and queries, loaded once; the cases are asked of the same base."""
    from test_cases import loaded

    return loaded(())


@pytest.fixture(scope="session")
def early(tmp_path_factory: pytest.TempPathFactory) -> kb.KnowledgeBase:
    """The shipped facts without the tables of 2026-02, which take the place of most others."""
    folder = tmp_path_factory.mktemp("early") / "facts"
    facts = Path(__file__).parent.parent / "facts"
    shutil.copytree(facts, folder, ignore=shutil.ignore_patterns("wechat-table-*"))
    return kb.load(only_facts=folder)


@pytest.fixture(scope="session")
def paws() -> kb.KnowledgeBase:
    """The province of `tests/province.py` laid on what is shipped."""
    return kb.load(PROVINCE)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark on this machine, for all tests that need it."""
    from kb.engines.registry import engine

    try:
        engine("spark")
        from kb.engines.sql.spark import started

        session = started()
    except kb.Problems as found:
        pytest.skip(str(found))  # the problem holds the line that installs what is missing
    yield session
    session.stop()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _SKIPPED.append(f"{report.nodeid}: {report.longrepr}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything that tests need is installed: a skip there is a failure."""
    if os.environ.get("CI") == "true" and _SKIPPED and session.exitstatus == 0:
        print("\nskipped in CI:\n" + "\n".join(_SKIPPED))
        session.exitstatus = 1
