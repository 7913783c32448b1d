"""The cases of `tests/cases/` as questions, for what must hold of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from test_cases import case_files, loaded, profile
from thinned import share

import kb
from kb.model.apps import App


@dataclass(frozen=True)
class Asked:
    """An app, the day it is asked about, and the base that answers."""

    id: str
    base: kb.KnowledgeBase
    app: App
    as_of: str
    drafts: bool

    @property
    def rows(self):
        return self.base.rows(self.app, self.as_of, self.drafts)

    @property
    def verdict(self) -> str:
        return verdict_of(self.id)

    def verdict_with(self, app: App) -> str:
        return self.base.verdict(app, self.as_of, self.drafts)


@cache
def asked() -> dict[str, Asked]:
    """Every case by its name."""
    found = {}
    for stem, file in case_files().items():
        base = loaded(file.only_facts)
        for case in file.cases:
            id = f"{stem}: {case.name}"
            drafts = case.ask.include_drafts
            found[id] = Asked(id, base, base.app(profile(case.app)), case.as_of, drafts)
    return found


@cache
def verdict_of(id: str) -> str:
    each = asked()[id]
    return each.verdict_with(each.app)


def sample(step: int, first: int = 0) -> list[Asked]:
    """Each so-many-th case of all files, the same ones every time: half of those in a usual run,
    all of them with `KB_EXAMPLES=240`."""
    return share(asked().values(), 2 * step, first)


def unsettled(step: int, *verdicts: str) -> Iterator[Asked]:
    """Of a sample of cases each so-many-th with one of these verdicts (any but satisfied)."""
    wanted = verdicts or ("missing", "undetermined", "prohibited")
    return (each for n, each in enumerate(_with(wanted)) if n % step == 0)


@cache
def _with(verdicts: tuple[str, ...]) -> tuple[Asked, ...]:
    return tuple(each for each in sample(3) if each.verdict in verdicts)


def definite(app: App) -> App:
    """The app without silence about its documents: what is in hand is the applicant's own, and
    says what its profile says, no more."""
    holds = (replace(h, holder=h.holder or "applicant", states=h.states or ()) for h in app.holds)
    return replace(app, holds=tuple(holds))
