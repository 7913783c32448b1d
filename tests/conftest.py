"""What all tests share: one loaded base, and skips that fail where everything is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

import kb

_SKIPPED: list[str] = []


@pytest.fixture(scope="session")
def base() -> kb.KnowledgeBase:
    """The shipped facts, rules and queries, loaded once."""
    return kb.load()


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
    if report.skipped:
        _SKIPPED.append(f"{report.nodeid}: {report.longrepr}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything that tests need is installed: a skip there is a failure."""
    if os.environ.get("CI") == "true" and _SKIPPED and session.exitstatus == 0:
        print("\nskipped in CI:\n" + "\n".join(_SKIPPED))
        session.exitstatus = 1
