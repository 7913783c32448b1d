"""What all tests share: one loaded base, and skips that fail where everything is installed."""

from __future__ import annotations

import os

import pytest

import kb

_SKIPPED: list[str] = []


@pytest.fixture(scope="session")
def base() -> kb.KnowledgeBase:
    """The shipped facts, rules and queries, loaded once."""
    return kb.load()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        _SKIPPED.append(f"{report.nodeid}: {report.longrepr}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything that tests need is installed: a skip there is a failure."""
    if os.environ.get("CI") == "true" and _SKIPPED and session.exitstatus == 0:
        print("\nskipped in CI:\n" + "\n".join(_SKIPPED))
        session.exitstatus = 1
