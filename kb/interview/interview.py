"""The interview: one question at a time, until nothing open can change the verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.interview.answer_values import copies_in, day_in, parties_in
from kb.interview.parties import about_party, too_few
from kb.interview.question import Question, Reasons
from kb.interview.selection import Selection
from kb.interview.state import Replies, Reply, named_parties
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Row
from kb.model.apps import OWN_KEYS, App
from kb.model.data import Json
from kb.model.days import date
from kb.model.in_hand import copies_for
from kb.model.numbers import plain
from kb.model.profiles import read_app
from kb.model.resolving import Stated
from kb.model.siblings import clashes
from kb.model.stating import HELD_DAYS
from kb.model.writing import write_whole
from kb.model.yamlread import check_regular

if TYPE_CHECKING:
    from kb.base.core import Core, Day

SAVED = ("as_of", "lang", "start", "asks_documents", "said")
"""What a saved conversation holds, beside the version of its format."""


class Interview:
    """A conversation about one app.

    `question` is the next question (None when no answer can change the verdict), `answer` takes its
    answer (None: not known), `back` takes the last one back, `app` is the profile so far, `replies`
    are the answers in ids. Questions are shown in the language `lang`.

    >>> import kb
    >>> base = kb.load(as_of="2025-06-30")
    >>> talk = base.interview({"name": "a", "services": ["在线视频课程"], "holds": []})
    >>> talk.question.subject
    'teaching_mode'
    """

    def __init__(self, base: Core, app: App | None, as_of: int, lang: str = "zh") -> None:
        self.base = base
        self.as_of = as_of
        self.lang = lang
        # decision: unsaid-platform-is-wechat
        self.start = app if app is not None else App("app", {"platform": ("wechat",)})
        self.replies: Replies = ()
        self._selection = self._select(app is None or not app.holds_stated)
        self._question: Question | bool | None = False  # False: not looked for yet

    def _select(self, asks_documents: bool) -> Selection:
        return Selection(self.base, self.start, self.as_of, asks_documents)

    def __repr__(self) -> str:
        return f"<kb.Interview {self.start.name}: {len(self.replies)} answers>"

    @property
    def app(self) -> App:
        """The profile with all answers in it."""
        return self._selection.app(self.replies)

    @property
    def profile(self) -> Json:
        """The profile as a mapping that `ask` reads."""
        return profile_of(self.app, self.base)

    @property
    def verdict(self) -> str:
        """The verdict as far as it is known; at the end the one that `ask` gives."""
        if self.question is None:
            return self.base.verdict(self.app, date(self.as_of))
        return self._selection.state(self.replies).verdict

    @property
    def question(self) -> Question | None:
        """The next question; None when no answer can change the verdict."""
        if isinstance(self._question, bool):
            about = self._selection.next(self.replies)
            names = self.base.facts.names
            self._question = Question(about, self.lang, names) if about is not None else None
        return self._question

    @property
    def reasons(self) -> Reasons:
        """Why the question is asked; nothing where services are asked for."""
        question = self.question
        return self.reasons_for(question.kind, question.subject) if question else Reasons()

    def reasons_for(self, kind: str, subject: str) -> Reasons:
        """What rests on an attribute or a document as far as things are answered."""
        if kind == "services" or self.app.services is None:
            return Reasons()
        state = self._selection.state(self.replies)
        about: list[Row]
        if kind in (*HELD_DAYS, "parties", "party_document"):
            about = sorted((row[0],) for row in state.others if row[1:] == (kind, subject))
        else:
            rows = state.documents if kind == "document" else state.attributes
            about = sorted(row[:-1] for row in rows if row[-1] == subject)
        taken = {
            str(row[0])
            for relation in ("assumed_outside", "assumed_within")
            for row in state.view.after(relation)
            if row[-1] == subject
        }
        if subject == "applicant":
            taken |= {str(row[0]) for row in state.view.after("assumed_account")}
        parts = {str(row[0]) for row in about if self.base.facts.names.get("part", str(row[0]))}
        texts = {str(row[0]) for row in about if str(row[0]) in self.base.facts.sources}
        return Reasons(
            tuple(sorted(({str(row[0]) for row in about} | taken) - parts - texts)),
            tuple(sorted({str(row[1]) for row in about if len(row) > 1})),
            tuple(sorted(texts)),
            tuple(sorted(parts)),
        )

    def describe(self, app: App) -> None:
        """Take what own words were understood as: services, services in own words, and the kind of
        applicant. Nothing may have been answered before. Raises `Problems`."""
        if self.replies:
            raise Problems([Problem("interview", "own words come before all answers")])
        others = tuple(dict.fromkeys((*self.start.other_services, *app.other_services)))
        stated = {**self.start.stated, **app.stated}
        if others:
            stated.setdefault("services", ())
        asks = self._selection.asks_documents
        self.start = replace(self.start, stated=stated, other_services=others)
        self._selection = self._select(asks)
        self._question = False

    def answer(self, answer: Any) -> None:
        """Answer the question: an id, label or alias (a list of them where several fit), a date, a
        number, True or False; a count for a document; names of parties, or how many there are;
        None for "I don't know" (a document that is not known to be in hand is not in hand yet; of
        parties that are not known documents are counted).

        Raises `Problems` when the answer does not fit; the question stays.
        """
        question = self.question
        if question is None:
            raise Problems([Problem("interview", "there is no question open")])
        reply = self._read(question.kind, question.subject, answer)
        if reply.kind in ("parties", "attribute"):
            self._check_parties((*self.replies, reply))
        self.replies = (*self.replies, reply)
        self._question = False

    def _check_parties(self, replies: Replies) -> None:
        """Raises `Problems` where fewer parties are named than are said to be there."""
        app = self._selection.app(replies)
        needs = self._selection.unasked_parties(replies, app).needs.values()
        problems = list(too_few(app, named_parties(replies), needs))
        if problems:
            raise Problems(problems)

    def back(self) -> None:
        """Take the last answer back."""
        self.replies = self.replies[:-1]
        self._question = False

    def save(self, path: str | Path) -> None:
        """Write the conversation so that `resume` goes on with it. Raises `Problems`."""
        data = {
            "kb_interview": 1,
            "as_of": self.as_of,
            "lang": self.lang,
            "start": profile_of(self.start, self.base),
            "asks_documents": self._selection.asks_documents,
            "said": [[each.kind, each.subject, _plain(each.answer)] for each in self.replies],
        }
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        try:  # whole or not at all: what is cut off in the middle can not be resumed
            write_whole(Path(path), text)
        except OSError as error:
            raise Problems([Problem("output", f"`{path}` can not be written")]) from error

    @classmethod
    def resume(
        cls, base: Core, path: str | Path, as_of: Day = None, lang: str | None = None
    ) -> Interview:
        """Go on with a saved conversation, on another day and in another language where they are
        given. Raises `Problems` when the file is none."""
        data = _saved(path)
        saved_day, saved_lang, start, asks_documents, said = (data.get(key) for key in SAVED)
        if not isinstance(saved_day, int) or not _is_day(saved_day):
            raise _unusable(path, "`as_of` is not a day like 20250630")
        if saved_lang not in ("zh", "en"):
            raise _unusable(path, "`lang` is neither `zh` nor `en`")
        if not isinstance(start, dict):
            raise _unusable(path, "`start` is no profile")
        if not isinstance(asks_documents, bool):
            raise _unusable(path, "`asks_documents` is neither true nor false")
        day = saved_day if as_of is None else base.day(as_of)
        talk = cls(base, base.app(start, str(path)), day, lang or saved_lang)
        talk._selection = talk._select(asks_documents)
        if not isinstance(said, list) or not all(map(talk._is_answer, said)):
            raise _unusable(path, "`said` is no list of answers to questions that there are")
        if len({(kind, subject) for kind, subject, _ in said}) < len(said):
            raise _unusable(path, "`said` answers a question twice")
        # Read again as if they were given now: each must still fit the facts.
        for entry in said:
            if not talk._is_of_party(entry):
                raise _unusable(path, "`said` speaks of a party that is not named before")
            talk.replies = (*talk.replies, talk._read(*entry))
        return talk

    def _is_of_party(self, entry: list[Any]) -> bool:
        """Whether an answer about a party is about one that is there by now; others are."""
        about = about_party(entry[1], self.base.askable) if entry[0] == "party_document" else None
        return about is None or about[1] in {party.id for party in self.app.parties}

    def _is_answer(self, entry: Any) -> bool:
        """Something saved has the shape of an answer to a question that there is."""
        if not isinstance(entry, list) or len(entry) != 3 or not isinstance(entry[1], str):
            return False
        match entry[0]:
            case "services":
                return entry[1] == "services"
            case "attribute":
                return entry[1] != "services" and entry[1] in self.base.facts.vocabulary.attributes
            case kind if kind == "document" or kind in HELD_DAYS:
                return entry[1] in self.base.askable
            case "parties":
                return self.base.facts.names.get("holder", entry[1]) is not None
            case "party_document":
                return about_party(entry[1], self.base.askable) is not None
        return False

    def _read(self, kind: str, subject: str, answer: Any) -> Reply:
        """An answer in ids. Raises `Problems`."""
        if answer is None:
            return Reply(kind, subject, None)
        if kind == "document":
            enough = copies_for(self.app, self.base.askable[subject])
            return Reply(kind, subject, copies_in(answer, enough))
        if kind in HELD_DAYS:
            need = self.base.askable[subject]
            return Reply(kind, subject, day_in(answer, kind, need, self.base.facts))
        if kind == "party_document":
            return Reply(kind, subject, min(copies_in(answer, 1), 1))
        if kind == "parties":
            return Reply(
                kind, subject, parties_in(answer, subject, self.app, self.base.facts, self.lang)
            )
        profile: Json = {"name": "a"}
        if subject in OWN_KEYS:
            profile[subject] = answer
        else:
            profile["facts"] = {subject: answer}
        stated = read_app(profile, self.base.facts, "<answer>").stated[subject]
        if subject in self.base.facts.vocabulary.over:
            said = replace(self.app, stated={**self.app.stated, subject: stated})
            problems = list(clashes(said, self.base.facts.vocabulary))
            if problems:
                raise Problems(problems)
        return Reply(kind, subject, stated)


def _plain(answer: Stated | None) -> Any:
    return plain(answer) if isinstance(answer, int) else answer


def _saved(path: str | Path) -> Json:
    """What a file holds that says it is a saved conversation. Raises `Problems`."""
    try:
        check_regular(Path(path))
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(path, (error.strerror or "it can not be read").lower()) from None
    except (ValueError, RecursionError):
        raise _unusable(path, "it is not JSON") from None
    if not isinstance(data, dict) or data.get("kb_interview") != 1:
        raise _unusable(path, 'it does not say `"kb_interview": 1`')
    return data


def _unusable(path: str | Path, reason: str) -> Problems:
    return Problems([Problem("interview", f"`{path}` is no saved interview", help=reason)])


def _is_day(value: int) -> bool:
    try:
        return bool(date(value))
    except (ValueError, OverflowError):
        return False


def profile_of(app: App, base: Core) -> Json:
    """An app as a profile: one value stands alone where an attribute takes only one."""
    profile = app.to_dict()
    for name, stated in profile.get("facts", {}).items():
        several = base.facts.vocabulary.attributes[name].type == "choices"
        if isinstance(stated, list) and not several:
            profile["facts"][name] = stated[0]
    return profile
