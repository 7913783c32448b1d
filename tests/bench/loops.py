"""The rules of categories as a plain Python loop over apps, with dicts and sets made by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.engines.interning import Interner

from .handwritten import (
    ATTRIBUTES,
    MISSING,
    NONE_REQUIRED,
    NONE_STATED,
    NOT_OPEN,
    SATISFIED,
    UNDETERMINED,
)
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
        self.services, self.platform, self.applicant, self.regions = map(names.number, ATTRIBUTES)
        self.in_view = _lists(known["in_view"])
        self.versions = _lists(((c, p), (v, surely)) for v, c, p, surely in known["version"])
        self.category = {v: c for v, c, *_ in known["version"]}
        self.surely = {v: surely for v, *_, surely in known["version"]}
        self.binds = _lists(known["binds"])
        self.unsaid = _lists(known["account_unsaid"])
        self.only = _lists(known["version_when"])
        self.succeeds = _lists(known["succeeds"])
        self.lists = _lists((p, (x, placed)) for x, p, placed in known["list"])
        self.list_asks = _lists(known["list_asks"])
        self.before = _lists((v, rest) for v, *rest in known["before"])
        self.scopes = _lists((s, (z, v, vague)) for z, v, s, vague in known["scope"])
        self.scope_when = _lists(known["scope_when"])
        self.notes = _lists((v, (r, instead, several)) for r, v, instead, several in known["note"])
        self.note_services = _lists(known["note_service"])
        self.note_when = _lists(known["note_when"])
        self.note_to = _lists(known["note_to"])
        self.unsupported = _lists((s, v) for v, s in known["unsupported"])
        self.none_stated = {v for (v,) in known["none_stated"]}
        self.none_required = {v for (v,) in known["none_required"]}
        self.elsewhere = {v for (v,) in known["asked_elsewhere"]}
        self.vague = _lists((v, rest) for v, *rest in known["vague"])
        self.unclear_when = _lists(known["unclear_when"])
        self.unclear_unless = _lists(known["unclear_unless"])
        self.outside_seat = {u for (u,) in known["unclear_outside_seat"]}
        self.settling = _lists((u, p) for p, u in known["settles"])
        self.settles_if = _lists((p, (k, wanted)) for p, k, wanted in known["settles_if"])
        self.settles_needs = _lists(known["settles_needs"])
        self.seats = _lists(known["seat"])
        self.alternatives = _lists(
            (v, (alt, not unclear, few)) for alt, v, _, unclear, few in known["alternative"]
        )
        self.conditions = _lists((alt, (k, wanted)) for alt, k, wanted in known["alternative_if"])
        self.needs = _lists((alt, (n, unclear)) for alt, n, unclear in known["alternative_needs"])
        self.need = {n: rest for n, *rest in known["need"]}
        self.choices = _lists(known["choice_of"])
        self.clauses: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(dict)
        for k, clause, t, wanted in known["clause"]:
            self.clauses[k].setdefault(clause, []).append((t, wanted))
        self.test = {t: rest for t, *rest in known["test"]}
        self.does = {(t, v) for t, v, does, _ in known["look"] if does}
        self.may = {(t, v) for t, v, _, may in known["look"] if may}
        self.days = _lists((t, (first, last, sure)) for t, first, last, sure in known["days"])

    def verdicts(self, app: App) -> Iterator[tuple[int, int]]:
        """The categories that an app needs or may need, and the verdict on each."""
        return _Judged(self, app).verdicts()


class _Judged:
    """What is found out of one app."""

    def __init__(self, known: Loop, app: App) -> None:
        self._known = known
        self._app = app
        self._conditions: dict[int, int] = {}
        self._needs: dict[int, int] = {}
        self._services = app.values.get(known.services, ())
        platforms = app.values[known.platform]
        self._lists = {
            x: (min((self._state(k) for k in known.list_asks.get(x, ())), default=2), placed)
            for p in platforms
            for x, placed in known.lists.get(p, ())
        }
        view = {c for s in self._services for c in known.in_view.get(s, ())}
        self._seen = {v for c in view for p in platforms for v, _ in known.versions.get((c, p), ())}
        self._bound = {v: self._binds(v) for v in self._seen}
        self._readings = {v: sure for v in self._seen if (sure := self._reads(v))}
        """Of the texts that count for the app: 2 surely, 1 perhaps."""
        self._read: dict[int, list[int]] = defaultdict(list)
        for v in self._readings:
            self._read[known.category[v]].append(v)
        self._sent: dict[int, int] = {}

    def verdicts(self) -> Iterator[tuple[int, int]]:
        known = self._known
        placed: set[int] = set()
        about: dict[int, int] = {}
        for s in self._services:
            for z, v, vague in known.scopes.get(s, ()):
                if v in self._readings:
                    placed.add(s)
                    state = min(map(self._state, known.scope_when.get(z, ())), default=2)
                    about[v] = max(about.get(v, 0), min(state, 2 - vague))
        about = {v: state for v, state in about.items() if state}
        spoken = set(placed)
        needed: dict[int, int] = {}
        for v in self._readings:
            for r, instead, several in known.notes.get(v, ()):
                told = {s for s in known.note_services.get(r, ()) if s in self._services}
                told = told if v in about else told - placed
                spoken |= told
                met = 0
                if v in about:
                    met = max(map(self._state, known.note_when.get(r, ())), default=0)
                if instead:
                    self._sent[v] = max(self._sent.get(v, 0), met)
                if told or met == 2:
                    for c in known.note_to.get(r, ()):
                        needed[c] = max(needed.get(c, 0), 0 if several else 2)
        for v, state in about.items():
            if self._sent.get(v, 0) < 2:
                c = known.category[v]
                needed[c] = max(needed.get(c, 0), state)
        spoken |= {
            s
            for s in self._services
            if not self._readings.keys().isdisjoint(known.unsupported.get(s, ()))
        }
        closed = self._for_others(spoken)
        for c in needed.keys() | closed.keys():
            if c in self._read:
                found = {self._verdict(v, needed.get(c, 0)) for v in self._read[c]}
                yield c, found.pop() if len(found) == 1 else UNDETERMINED
            else:
                yield c, NOT_OPEN if closed.get(c) else UNDETERMINED

    def _binds(self, v: int) -> int:
        known = self._known
        state = min(map(self._state, known.binds.get(v, ())), default=2)
        unsaid = any(self._state(k) == 0 for k in known.unsaid.get(v, ()))
        return min(state, 1) if unsaid else state

    def _reads(self, v: int) -> int:
        known = self._known
        state = min(self._bound[v], 1 + known.surely[v])
        if not state or any(self._bound[w] for w in known.succeeds.get(v, ())):
            return 0
        ends = [self._lists[x][0] for x, *_ in known.before.get(v, ()) if x in self._lists]
        return min(state, 2 - max(ends, default=0))

    def _for_others(self, spoken: set[int]) -> dict[int, bool]:
        """The categories that only texts for others have, and whether these are closed."""
        known = self._known
        unlisted = any(state == 2 and not placed for state, placed in self._lists.values())
        found: dict[int, bool] = {}
        for s in self._services:
            if s in spoken:
                continue
            for _, v, _ in known.scopes.get(s, ()):
                c = known.category[v]
                if v in self._seen and c not in self._read and self._not_for_app(v):
                    fails = any(self._state(k) == 0 for k in known.only.get(v, ()))
                    closed = unlisted or (fails and known.surely[v] == 1)
                    found[c] = found.get(c, True) and closed
        return found

    def _not_for_app(self, v: int) -> bool:
        known = self._known
        left_out = [
            (self._lists[x][0], own)
            for x, listed, own in known.before.get(v, ())
            if x in self._lists and not listed
        ]
        past = v in known.succeeds or any(own for _, own in left_out)
        return any(state == 2 for state, _ in left_out) or (not self._bound[v] and not past)

    def _verdict(self, v: int, needed: int) -> int:
        known = self._known
        perhaps = self._readings[v] == 1
        wholly, more, less = self._doubts(v)
        beside = any(self._readings[w] == 2 for w in self._read[known.category[v]])
        open_question = perhaps and not beside
        open_question |= wholly or v in known.elsewhere or self._sent.get(v, 0) == 1
        if open_question:
            fails = any(self._state(k) == 0 for k in known.only.get(v, ()))
            if perhaps or not fails:
                return UNDETERMINED
        opens = can = done = enough = False
        for alternative, clear, few in known.alternatives.get(v, ()):
            usable = 1 + clear
            for condition, wanted in known.conditions.get(alternative, ()):
                met = self._state(condition)
                usable = min(usable, met if wanted else 2 - met)
                if not usable:
                    break
            else:
                needs = known.needs.get(alternative, ())
                held = min((self._counted(n, unclear) for n, unclear in needs), default=2)
                opens = True
                can |= held > 0
                done |= usable == held == 2
                enough |= bool(few) or (less and any(self._some(n) for n, _ in needs))
        if done and not more:
            if v in known.none_stated:
                return NONE_STATED
            return NONE_REQUIRED if v in known.none_required else SATISFIED
        if can or needed == 1 or perhaps or (less and enough):
            return UNDETERMINED
        return MISSING if opens else NOT_OPEN

    def _doubts(self, v: int) -> tuple[bool, bool, bool]:
        """Whether vague wording leaves all open, whether more is asked for, and whether less would
        do."""
        known = self._known
        found = [False, False, False]
        for u, *asks in known.vague.get(v, ()):
            about = all(self._state(k) == 2 for k in known.unclear_when.get(u, ()))
            about &= all(self._state(k) == 0 for k in known.unclear_unless.get(u, ()))
            about &= u not in known.outside_seat or self._abroad()
            if about and not any(map(self._settles, known.settling.get(u, ()))):
                found = [one or bool(other) for one, other in zip(found, asks, strict=True)]
        return found[0], found[1], found[2]

    def _settles(self, papers: int) -> bool:
        """Whether papers that settle a passage are all in hand, and their conditions met."""
        known = self._known
        stated = known.settles_if.get(papers, ())
        met = all(self._state(k) == (2 if wanted else 0) for k, wanted in stated)
        return met and all(self._counted(n, 0) == 2 for n in known.settles_needs.get(papers, ()))

    def _abroad(self) -> bool:
        values, known = self._app.values, self._known
        return any(
            place != seat
            for who in values.get(known.applicant, ())
            for seat in known.seats.get(who, ())
            for place in values.get(known.regions, ())
        )

    def _some(self, need: int) -> bool:
        document, holder, *_ = self._known.need[need]
        return (document, holder) in self._app.holds

    def _counted(self, need: int, unclear: int) -> int:
        if need not in self._needs:
            self._needs[need] = self._held(need)
        return 2 if unclear and not self._needs[need] else self._needs[need]

    def _held(self, need: int) -> int:
        *_, least, _ = self._known.need[need]
        chosen = [self._copies(n) for n in self._known.choices.get(need, ())]
        sure, most = chosen.count(2), len(chosen) - chosen.count(0)
        of_choice = 2 if chosen and sure >= least else int(bool(chosen) and most >= least)
        return max(self._copies(need), of_choice)

    def _copies(self, need: int) -> int:
        document, holder, count, worded = self._known.need[need]
        sure, most = self._app.fits.get(need, (0, 0))
        if not worded:
            sure, most = self._app.holds.get((document, holder), (sure, most))
        return 2 if sure >= count else int(most >= count)

    def _state(self, condition: int) -> int:
        found = self._conditions.get(condition)
        if found is None:
            found = min(
                max(self._passed(t) if wanted else 2 - self._passed(t) for t, wanted in clause)
                for clause in self._known.clauses[condition].values()
            )
            self._conditions[condition] = found
        return found

    def _passed(self, test: int) -> int:
        known, app = self._known, self._app
        attribute, some, two, every = known.test[test]
        if attribute not in app.knows:
            return 1
        values = app.values.get(attribute, ())
        states = [2 if (test, v) in known.does else int((test, v) in known.may) for v in values]
        state = 0
        if some:
            state = max(states, default=0)
        if two and states:
            state = 2 if states.count(2) > 1 else int(any((test, v) in known.may for v in values))
        if every:
            state = max(state, min(states, default=2))
        day = app.days.get(attribute)
        if day is not None:
            for first, last, sure in known.days.get(test, ()):
                if first <= day <= last:
                    state = max(state, 1 + sure)
        return state


def _lists(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for first, second in pairs:
        found[first].append(second)
    return dict(found)
