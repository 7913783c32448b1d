"""Many apps asked at once: one evaluation for some hundreds of them, each answer from its part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from kb.answers.answer import Answer
from kb.answers.ask import GOALS, AppModel
from kb.base.view import Groups, View
from kb.engines.garbage import uncollected
from kb.engines.protocol import Model
from kb.lang.syntax import Row, Value
from kb.model.apps import App
from kb.model.siblings import together

if TYPE_CHECKING:
    from kb.base.core import Core

NO_GROUPS: Groups = {}
AT_ONCE = 200
"""Apps of one evaluation: more save no time any more, and need more memory."""


def answers(
    base: Core,
    apps: Iterable[App],
    as_of: int,
    drafts: bool,
    lang: str = "zh",
    warn_days: int = 0,
    complete: bool = False,
) -> list[Answer]:
    """What each app must provide on a day, in their order, as `kb.answers.ask.answer` says it.

    Apps with an entity of the same name are each other's; with `complete` all apps of each entity
    are among them. Raises `Problems` where two of an entity have one name.
    """
    vocabulary = base.facts.vocabulary
    left = iter(together(list(apps), vocabulary, complete) if vocabulary.over else apps)

    def answered(some: Sequence[App]) -> Iterator[Answer]:
        models = zip(some, _models(base, some, as_of, drafts), strict=True)
        for app, (model, view) in models:
            yield AppModel(base, app, as_of, model, drafts, view).answer(lang, warn_days)

    # Answers hold no cycles, and thousands of them would be looked through again and again.
    return uncollected(
        lambda _: [
            answer
            for some in iter(lambda: list(islice(left, AT_ONCE)), [])
            for answer in answered(some)
        ]
    )


def _models(
    base: Core, apps: Sequence[App], as_of: int, drafts: bool
) -> Iterator[tuple[Model, View]]:
    """The model of each app, and a view of it. They are told apart by their places: names may stand
    twice."""
    stated: dict[str, list[Row]] = {}
    for place, app in enumerate(apps):
        for relation, rows in base.rows(replace(app, name=str(place)), as_of, drafts).items():
            stated.setdefault(relation, []).extend(rows)
    model = base.engine.evaluate(stated, GOALS)
    together, groups = _Together(model, base.dynamic), _Groups(model, base.dynamic)
    for place, app in enumerate(apps):
        own = _Own(together, str(place), app.name)
        yield own, _OwnView(own, groups, str(place))


class _Groups:
    """The groups of `View` for many apps, made for all of them where one is first looked at."""

    def __init__(self, model: Model, dynamic: frozenset[str]) -> None:
        self.dynamic = dynamic
        self._model = model
        self._by_place: dict[tuple[str, int], dict[Value, dict[Row, list[Row]]]] = {}

    def of(self, relation: str, size: int, place: str) -> Groups:
        """The groups of the app at a place, of a relation whose facts differ from app to app."""
        by_place = self._by_place.get((relation, size))
        if by_place is None:
            found: dict[Value, dict[Row, list[Row]]] = {}
            for row in sorted(self._model.get(relation, ())):
                groups = found.setdefault(row[0], {})
                groups.setdefault(row[1 : 1 + size], []).append(row[1 + size :])
            by_place = self._by_place[relation, size] = found
        return by_place.get(place, NO_GROUPS)


class _OwnView(View):
    """A view of the model of one of them."""

    def __init__(self, model: Model, groups: _Groups, place: str) -> None:
        super().__init__(model)
        self._together = groups
        self._place = place

    def grouped(self, relation: str, size: int) -> Groups:
        if relation not in self._together.dynamic:
            return super().grouped(relation, size)
        return self._together.of(relation, size, self._place)


class _Together:
    """A model of many apps. What it has of each is sorted out one relation at a time, when somebody
    looks at it: words need none, and proofs a few."""

    def __init__(self, model: Model, dynamic: frozenset[str]) -> None:
        self.model = model
        self.dynamic = dynamic
        self._by_place: dict[str, dict[Value, list[Row]]] = {}

    def rows(self, relation: str, place: str) -> list[Row]:
        """The rows of the app at a place, without their first column."""
        by_place = self._by_place.get(relation)
        if by_place is None:
            by_place = {}
            for row in self.model[relation]:
                by_place.setdefault(row[0], []).append(row[1:])
            self._by_place[relation] = by_place  # whole: proofs may be found in other threads
        return by_place.get(place, [])


class _Own(Mapping[str, frozenset[Row]]):
    """The model of one of them, under its name."""

    def __init__(self, together: _Together, place: str, name: str) -> None:
        self._together = together
        self._place = place
        self._name = name
        self._found: dict[str, frozenset[Row]] = {}

    def __getitem__(self, relation: str) -> frozenset[Row]:
        if relation not in self._together.dynamic:
            return self._together.model[relation]
        found = self._found.get(relation)
        if found is None:
            rows = self._together.rows(relation, self._place)
            found = self._found[relation] = frozenset([(self._name, *rest) for rest in rows])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._together.model)

    def __len__(self) -> int:
        return len(self._together.model)
