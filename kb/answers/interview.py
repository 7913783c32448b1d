"""The interview: one question at a time, the one expected to settle most, until nothing open can
change the verdict.

What has not been asked yet is unknown to the rules, documents too: one that may be in hand is
neither held nor lacking. So the three-valued verdict says when to stop, and each candidate question
is weighed by answering it in every way that its conditions tell apart.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.answers.documents import View
from kb.answers.supplies import with_services, with_stated
from kb.answers.why import supply_sentence
from kb.answers.whynot import Supply
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Row
from kb.model.apps import App, Holding, Stated, read_app
from kb.model.days import date, number
from kb.model.schema import Attribute
from kb.model.vocabulary import values

if TYPE_CHECKING:
    from kb.answers.base import KnowledgeBase

GOALS = (
    "app_verdict",
    "category_verdict",
    "open_attribute",
    "open_document",
    "asked_test",
    "app_knows",
)
MOST_WEIGHED = 4
"""Questions that are weighed at each step, those on which most rests."""
PLENTY = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next. `kind` is `services`, `attribute` or `document`; `subject` the attribute or
    the need; `options` the ids that may be answered and their labels (none for days, numbers and
    counts)."""

    kind: str
    subject: str
    text: str
    type: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    subject: str
    answer: Any


class Interview:
    """A conversation about one app.

    `question` is the next question (None when nothing open can change the verdict), `answer` takes
    its answer (None: not known), `back` takes the last one back, `app` is the profile so far.

    >>> import kb
    >>> talk = kb.load().interview({"name": "a", "services": ["在线视频课程"], "holds": []})
    >>> talk.question.subject
    'teaching_mode'
    """

    def __init__(self, base: KnowledgeBase, app: App | None, as_of: int, lang: str = "zh") -> None:
        self.base = base
        self.as_of = as_of
        self.lang = lang
        self.start = app if app is not None else App("app", {"platform": ("wechat",)})
        # A profile that lists what it holds, or says that it holds nothing, is not asked again.
        self.asks_documents = app is None or not app.holds_stated
        self.said: list[_Said] = []
        self._question: Question | bool | None = False
        self._wanted: tuple[tuple[str, ...], set[str]] = ((), set())

    @property
    def app(self) -> App:
        """The profile with all answers in it."""
        app = self.start
        for said in self.said:
            app = _with(app, said, self.base)
        return app

    @property
    def verdict(self) -> str:
        """The verdict as far as it is known."""
        return self._verdict(self.app)[0]

    @property
    def question(self) -> Question | None:
        if isinstance(self._question, bool):
            self._question = self._next()
        return self._question

    def answer(self, answer: Any) -> None:
        """Answer the question: an id, label or alias (a list of them where several fit), a date, a
        number, True or False; a count for a document; None for "I don't know".

        Raises `Problems` when the answer does not fit; the question stays.
        """
        question = self.question
        if question is None:
            raise Problems([Problem("interview", "there is no question open")])
        said = _Said(question.kind, question.subject, self._read(question, answer))
        _with(self.app, said, self.base)
        self.said.append(said)
        self._question = False

    def back(self) -> None:
        """Take the last answer back."""
        if self.said:
            self.said.pop()
            self._question = False

    def save(self, path: str | Path) -> None:
        """Write the conversation so that `resume` goes on with it."""
        data = {
            "kb_interview": 1,
            "as_of": self.as_of,
            "lang": self.lang,
            "start": self.start.to_dict(),
            "asks_documents": self.asks_documents,
            "said": [[s.kind, s.subject, s.answer] for s in self.said],
        }
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        Path(path).write_text(text, encoding="utf-8")

    @classmethod
    def resume(cls, base: KnowledgeBase, path: str | Path) -> Interview:
        """Go on with a saved conversation. Raises `Problems` when the file is none."""
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            talk = cls(base, read_app(data["start"], base.facts), data["as_of"], data["lang"])
            talk.asks_documents = data["asks_documents"]
            talk.said = [_Said(*entry) for entry in data["said"]]
            talk.app  # noqa: B018 -- every saved answer must still fit the facts
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Problems(
                [Problem("interview", f"`{path}` is no saved interview", help=type(error).__name__)]
            ) from None
        return talk

    def _next(self) -> Question | None:
        app = self.app
        if app.services is None and "services" not in self._skipped("services"):
            attribute = self.base.facts.vocabulary.attributes["services"]
            return self._attribute(attribute)
        verdict, view, open_now = self._verdict(app)
        if verdict != "undetermined":
            return None
        weighed = []
        for rank, question in enumerate(self._candidates(view)):
            outcomes = [self._verdict(changed) for changed in self._answered(app, question, view)]
            if all(v == verdict and o == open_now for v, _, o in outcomes):
                continue  # whatever the answer, nothing is settled by it
            left = sum(o for _, _, o in outcomes) / len(outcomes)
            settled = sum(v != "undetermined" for v, _, _ in outcomes) / len(outcomes)
            weighed.append((-settled, left, rank, question))
        return min(weighed, key=lambda entry: entry[:3])[3] if weighed else None

    def _verdict(self, app: App) -> tuple[str, View, int]:
        """Verdict, view, and how much is left open."""
        rows = {name: list(found) for name, found in self.base.rows(app, self.as_of).items()}
        rows["app_holds"] += self._perhaps(app, rows["app_holds"])
        view = View(self.base.engine.evaluate(rows, GOALS))
        attributes = {row[1:] for row in view.model["open_attribute"]}
        left = len(attributes) + len(view.model["open_document"])
        return view.names("app_verdict")[0], view, left

    def _perhaps(self, app: App, held: Iterable[Row]) -> list[Row]:
        """Documents that nobody has been asked about: perhaps in hand, perhaps not."""
        if not self.asks_documents or not app.services:
            return []
        if app.services != self._wanted[0]:
            # Which needs come up at all hangs on the services; no other answer adds one.
            model = self.base.model(["wanted"], app, self.as_of)
            self._wanted = app.services, {str(need) for _, need in model["wanted"]}
        needs = self.base.needs
        asked = {s.subject for s in self.said if s.kind == "document"}
        known = {(needs[need].document, needs[need].holder) for need in asked}
        known |= {(str(row[1]), str(row[2])) for row in held}
        pairs = {(needs[n].document, needs[n].holder) for n in self._wanted[1] - asked}
        return [(app.name, d, h, 0, PLENTY) for d, h in sorted(pairs - known)]

    def _skipped(self, kind: str) -> set[str]:
        return {s.subject for s in self.said if s.answer is None and s.kind == kind}

    def _candidates(self, view: View) -> list[Question]:
        """The open questions on which most rests."""
        weight: dict[tuple[str, str], int] = {}
        skipped = self._skipped("attribute")
        for _, _, attribute in view.after("open_attribute"):
            if attribute not in skipped and not view.has("app_knows", str(attribute)):
                weight["attribute", str(attribute)] = (
                    weight.get(("attribute", str(attribute)), 0) + 1
                )
        if self.asks_documents:
            asked = {s.subject for s in self.said if s.kind == "document"}
            for _, need in view.after("open_document"):
                if need not in asked:
                    weight["document", str(need)] = weight.get(("document", str(need)), 0) + 1
        attributes = self.base.facts.vocabulary.attributes

        def order(key: tuple[str, str]) -> tuple[int, int, str, str]:
            cost = attributes[key[1]].cost if key[0] == "attribute" else 2
            return (-weight[key], cost, *key)

        chosen = sorted(weight, key=order)[:MOST_WEIGHED]
        return [
            self._attribute(attributes[subject]) if kind == "attribute" else self._document(subject)
            for kind, subject in chosen
        ]

    def _attribute(self, attribute: Attribute) -> Question:
        words = attribute.question
        terms = values(self.base.facts.vocabulary, attribute).values()
        kind = "services" if attribute.id == "services" else "attribute"
        return Question(
            kind,
            attribute.id,
            words.zh if self.lang == "zh" else words.en,
            attribute.type,
            tuple((term.id, term.label(self.lang)) for term in terms),
        )

    def _document(self, need: str) -> Question:
        words = supply_sentence(self.base, Supply("document", need), self.lang)
        text = (
            f"手上有吗(有几份):{words}?" if self.lang == "zh" else f"In hand (how many): {words}?"
        )
        return Question("document", need, text, "count")

    def _answered(self, app: App, question: Question, view: View) -> list[App]:
        """The app for each answer that the open conditions tell apart."""
        if question.kind == "document":
            need = self.base.needs[question.subject]
            return [
                _with(app, _Said("document", question.subject, count), self.base)
                for count in (0, need.at_least)
            ]
        attribute = self.base.facts.vocabulary.attributes[question.subject]
        return [with_stated(app, attribute.id, stated) for stated in self._values(attribute, view)]

    def _values(self, attribute: Attribute, view: View) -> list[Stated]:
        tests = {t for t, q in view.after("asked_test") if q == attribute.id}
        facts = self.base.facts.rows.facts
        if attribute.type in ("day", "number"):
            edges = {
                int(v)
                for name in ("test_range", "test_unsure")
                for row in facts.get(name, ())
                if row[0] in tests
                for v in row[1:]
            }
            inside = sorted(e for e in edges if 19_000_101 <= e <= 29_991_231)
            return [e for edge in inside for e in (_day_before(edge), edge)] or [20_200_101]
        named = {str(row[1]) for row in facts.get("test_value", ()) if row[0] in tests}
        known = list(values(self.base.facts.vocabulary, attribute))
        found: list[Stated] = [(value,) for value in known if value in named]
        others = [value for value in known if value not in named]
        if attribute.type == "choices":
            found.append(())
        elif others:
            found.append((others[0],))
        return found

    def _read(self, question: Question, answer: Any) -> Any:
        """An answer in ids, in a form that JSON keeps."""
        if answer is None:
            return None
        if question.kind == "document":
            if type(answer) is bool:
                return self.base.needs[question.subject].at_least if answer else 0
            try:
                count = int(answer)
            except (TypeError, ValueError):
                count = -1
            if count < 0:
                raise Problems(
                    [
                        Problem(
                            "interview",
                            f"`{answer}` is not a number of copies",
                            help="0 when there is none",
                        )
                    ]
                )
            return count
        key = question.subject
        profile: dict[str, Any] = {"name": "a"}
        if key in ("services", "applicant", "regions", "audience", "platform"):
            profile[key] = answer
        else:
            profile["facts"] = {key: answer}
        stated = read_app(profile, self.base.facts, "<answer>").stated[key]
        return list(stated) if isinstance(stated, tuple) else stated


def _day_before(day: int) -> int:
    return number(date(day) - datetime.timedelta(days=1))


def _with(app: App, said: _Said, base: KnowledgeBase) -> App:
    """The app with one answer."""
    if said.answer is None:
        return app
    if said.kind == "document":
        need = base.needs.get(said.subject)
        if need is None:
            raise KeyError(said.subject)
        if not said.answer:
            return app
        held = Holding(need.document, said.answer, need.holder, need.must_state or None)
        return replace(app, holds=(*app.holds, held))
    if said.kind == "services":
        return with_services(app, said.answer)
    stated = said.answer
    return with_stated(app, said.subject, tuple(stated) if isinstance(stated, list) else stated)
