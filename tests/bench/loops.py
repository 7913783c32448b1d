"""The rules of categories as a plain Python loop over apps, with dicts and sets made by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.engines.interning import Interner

from .handwritten import MISSING, NONE_STATED, SATISFIED, UNDETERMINED
from .ready import Coded


@dataclass
class App:
    """An app in numbers: values and days by attribute, and what is in hand, surely and at most."""

    values: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    days: dict[int, int] = field(default_factory=dict)
    knows: set[int] = field(default_factory=set)
    holds: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    fits: dict[int, tuple[int, int]] = field(default_factory=dict)


class Loop:
    """Indexes over the facts of a day; `verdicts` judges one app. 2 yes, 1 perhaps, 0 no."""

    def __init__(self, known: Coded, names: Interner) -> None:
        self._services = names.number("services")
        self._platform = names.number("platform")
        self._live = _lists(((c, p), (v, perhaps)) for v, c, p, perhaps in known["live"])
        self._scopes = _lists(((s, p), (z, c, vague)) for z, _, c, p, s, vague in known["scope"])
        self._scope_when = _lists(known["scope_when"])
        self._notes = _lists(((s, p), (c, several)) for s, _, p, c, several in known["note"])
        self._alternatives = _lists((v, alt) for alt, v, _ in known["alternative"])
        self._conditions = _lists((alt, (k, wanted)) for alt, k, wanted in known["alternative_if"])
        self._needs = _lists(known["alternative_needs"])
        self._need = {n: (d, h, k, worded) for n, d, h, k, worded in known["need"]}
        self._none_stated = {v for (v,) in known["none_stated"]}
        self._tests = _lists(known["condition_test"])
        self._test = {t: (q, some, every) for t, q, some, every in known["test"]}
        self._does = {(t, v) for t, v, does, _ in known["look"] if does}
        self._may = {(t, v) for t, v, *_ in known["look"]}
        self._days = _lists((t, (first, last, sure)) for t, first, last, sure in known["days"])

    def verdicts(self, app: App) -> Iterator[tuple[int, int]]:
        """The categories that an app needs or may need, and the verdict on each."""
        conditions: dict[int, int] = {}
        needs: dict[int, int] = {}
        for platform in app.values[self._platform]:
            for category, needed in self._relevant(app, platform, conditions).items():
                found = {
                    self._verdict(app, version, perhaps, needed, conditions, needs)
                    for version, perhaps in self._live.get((category, platform), ())
                }
                yield category, found.pop() if len(found) == 1 else UNDETERMINED

    def _relevant(self, app: App, platform: int, conditions: dict[int, int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for service in app.values[self._services]:
            for scope, category, vague in self._scopes.get((service, platform), ()):
                state = 2 - vague
                for condition in self._scope_when.get(scope, ()):
                    state = min(state, self._state(app, condition, conditions))
                if state:
                    found[category] = max(found.get(category, 0), state)
            for category, several in self._notes.get((service, platform), ()):
                found[category] = max(found.get(category, 0), 0 if several else 2)
        return found

    def _verdict(
        self,
        app: App,
        version: int,
        perhaps: int,
        needed: int,
        conditions: dict[int, int],
        needs: dict[int, int],
    ) -> int:
        best = 0
        for alternative in self._alternatives.get(version, ()):
            state = 2
            for condition, wanted in self._conditions.get(alternative, ()):
                met = self._state(app, condition, conditions)
                state = min(state, met if wanted else 2 - met)
                if not state:
                    break
            else:
                for need in self._needs.get(alternative, ()):
                    if need not in needs:
                        needs[need] = self._held(app, need)
                    state = min(state, needs[need])
                    if not state:
                        break
            best = max(best, state)
            if best == 2:
                return NONE_STATED if version in self._none_stated else SATISFIED
        return UNDETERMINED if best or needed == 1 or perhaps else MISSING

    def _held(self, app: App, need: int) -> int:
        document, holder, count, worded = self._need[need]
        sure, most = app.fits.get(need, (0, 0))
        if not worded:
            sure, most = app.holds.get((document, holder), (0, 0))
        return 2 if sure >= count else int(most >= count)

    def _state(self, app: App, condition: int, conditions: dict[int, int]) -> int:
        found = conditions.get(condition)
        if found is None:
            found = min(self._passed(app, test) for test in self._tests[condition])
            conditions[condition] = found
        return found

    def _passed(self, app: App, test: int) -> int:
        attribute, some, every = self._test[test]
        if attribute not in app.knows:
            return 1
        values = app.values.get(attribute, ())
        states = [2 if (test, v) in self._does else int((test, v) in self._may) for v in values]
        state = 0
        if some:
            state = max(states, default=0)
        if every:
            state = max(state, min(states, default=2))
        day = app.days.get(attribute)
        if day is not None:
            for first, last, sure in self._days.get(test, ()):
                if first <= day <= last:
                    state = max(state, 1 + sure)
        return state


def _lists(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for first, second in pairs:
        found[first].append(second)
    return dict(found)
