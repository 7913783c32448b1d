"""Many apps asked at once: one evaluation for some hundreds of them, each answer from its part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from kb.answers.answer import Answer
from kb.answers.ask import GOALS, AppModel
from kb.engines.garbage import uncollected
from kb.engines.protocol import Model
from kb.lang.syntax import Row
from kb.model.apps import App

if TYPE_CHECKING:
    from kb.base.core import Core

AT_ONCE = 200
"""Apps of one evaluation: more save no time any more, and need more memory."""


def answers(
    base: Core, apps: Iterable[App], as_of: int, drafts: bool, lang: str = "zh", warn_days: int = 0
) -> Iterator[Answer]:
    """What each app must provide on a day, in their order, as `kb.answers.ask.answer` says it."""
    left = iter(apps)

    def answered(some: Sequence[App], _: bool) -> list[Answer]:
        models = zip(some, _models(base, some, as_of, drafts), strict=True)
        return [
            AppModel(base, app, as_of, model, drafts).answer(lang, warn_days)
            for app, model in models
        ]

    while some := list(islice(left, AT_ONCE)):
        yield from uncollected(partial(answered, some))


def _models(base: Core, apps: Sequence[App], as_of: int, drafts: bool) -> Iterator[Model]:
    """The model of each app. They are told apart by their places: names may stand twice."""
    stated: dict[str, list[Row]] = {}
    for place, app in enumerate(apps):
        for relation, rows in base.rows(replace(app, name=str(place)), as_of, drafts).items():
            stated.setdefault(relation, []).extend(rows)
    model = base.engine.evaluate(stated, GOALS)
    shared = {name: rows for name, rows in model.items() if name not in base.dynamic}
    apart: dict[str, dict[str, list[Row]]] = {}
    for name in model.keys() - shared.keys():
        own = apart.setdefault(name, {})
        for row in model[name]:
            own.setdefault(str(row[0]), []).append(row[1:])
    for place, app in enumerate(apps):
        mine = {
            name: frozenset((app.name, *rest) for rest in own.get(str(place), ()))
            for name, own in apart.items()
        }
        yield {**shared, **mine}
