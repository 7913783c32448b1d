"""The state of an interview: what has been answered, what it implies, what is undetermined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kb.base.view import View
from kb.lang.syntax import Facts, Row, Value
from kb.model.apps import Stated
from kb.model.requirements import Need

GOALS = (
    "app_verdict",
    "category_verdict",
    "open_attribute",
    "open_document",
    "open_number",
    "open_paper",
    "asked_test",
    "app_knows",
    "text_attribute",
    "text_counts",
    "part_attribute",
    "obligation",
    "own_part",
    "part",
    "met_by_document",
    "vague_undecided",
    "which_of",
    "assumed_account",
    "perhaps_held",
    "unsure_whose",
    "wanted",
    "undated_copy_open",
    "assumed_outside",
    "assumed_within",
)
CHANGED = ("app_holds", "app_fits", "app_party", "app_party_holds", "app_party_fits")
"""Relations of what is in hand and of whose it is, to which an interview adds what may be."""
PLENTY = 1_000
"""Copies of a document that nobody has asked about, at most."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in ids; None is "I don't know". `kind` and `subject` are those of the question."""

    kind: str
    subject: str
    answer: Stated | None


Replies: TypeAlias = tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What the rules make of some replies: the verdict, and the attributes (last in their rows) and
    documents not asked about yet on which it rests while it is undetermined; in `others` stand the
    kind and the subject (last in their rows) of questions of who the parties are, of their papers,
    and of their days."""

    verdict: str
    view: View
    attributes: frozenset[Row]
    documents: frozenset[Row]
    others: frozenset[tuple[str, str, str]] = frozenset()

    @property
    def left(self) -> int:
        """How many attributes and documents the verdict rests on."""
        return len(self.attributes) + len(self.documents) + len(self.others)


def allow_more(rows: dict[str, list[Row]], app: str, need: Need) -> None:
    """Change an app's rows so that more of a document may be in hand than is known, and what is
    asked of each party may be any party's."""
    relation = "app_fits" if need.must_state else "app_holds"
    key = (app, need.id) if need.must_state else (app, need.document, need.holder)
    known = [row for row in rows[relation] if row[: len(key)] == key]
    for row in known:
        rows[relation].remove(row)
    least = max((int(row[-2]) for row in known), default=0)
    rows[relation].append((*key, least, PLENTY))
    if not need.each:
        return
    of_party = "app_party_fits" if need.must_state else "app_party_holds"
    listed = {row[:-1] for row in rows[of_party]}
    for _, party, _ in rows["app_party"]:
        if (*key, party) not in listed:
            rows[of_party].append((*key, party, 0))


def undetermined_attributes(view: View) -> Iterator[Row]:
    """What the verdict rests on, and the attribute that would decide it."""
    yield from view.after("open_attribute")
    yield from ((category, number) for category, _, number in view.after("open_number"))
    counting = {row[0] for row in view.after("text_counts")}
    yield from (row for row in view.after("text_attribute") if row[0] in counting)
    yield from (row for row in view.after("part_attribute") if row[0] in own(view))


def undetermined_documents(view: View) -> Iterator[Row]:
    """What the verdict rests on, and the need that would decide it."""
    yield from view.after("open_document")
    for category, document, holder in view.after("open_paper"):
        yield category, Need(str(document), str(holder)).id
    binding = own(view)
    undecided = {p for p, _, verdict in view.after("obligation") if verdict == "undetermined"}
    for part, document, holder in sorted(view.model["met_by_document"]):
        if part in binding and part in undecided:
            yield part, Need(str(document), str(holder)).id
    for part, passage in view.after("vague_undecided"):
        for meant, document in sorted(view.model["which_of"]):
            if part in binding and meant == passage:
                yield part, Need(str(document), "applicant").id


def duty_needs(stated: Facts) -> Iterator[Need]:
    """Documents by which duties of the app's own side can be met."""
    parts = {part for part, _ in stated.get("duty", ())}
    for part, document, holder in stated.get("met_by_document", ()):
        if part in parts:
            yield Need(str(document), str(holder))
    for _, document in stated.get("which_of", ()):
        yield Need(str(document), "applicant")


def own(view: View) -> set[Value]:
    """The parts of texts in force that bind the app's own side."""
    counting = {row[0] for row in view.after("text_counts")}
    binding = {row[0] for row in view.model["own_part"]}
    return {part for part, source in view.model["part"] if source in counting and part in binding}


def copies(replies: Replies) -> dict[str, int]:
    """Copies in hand by need, as answered; what is not known to be in hand is not in hand yet."""
    return {
        reply.subject: reply.answer if isinstance(reply.answer, int) else 0
        for reply in replies
        if reply.kind == "document"
    }


def named_parties(replies: Replies) -> dict[str, tuple[str, ...] | None]:
    """The parties that were named, by their role; None where it is not known who they are."""
    return {
        reply.subject: reply.answer if isinstance(reply.answer, tuple) else None
        for reply in replies
        if reply.kind == "parties"
    }


def implied(need: Need, answered: Need, count: int) -> bool:
    """Whether the count that was answered of one need says whether another need is met."""
    if (need.document, need.holder) != (answered.document, answered.holder):
        return False
    fewer = set(need.must_state) >= set(answered.must_state) and need.at_least > count
    if set(need.must_state) <= set(answered.must_state) and need.at_least <= count:
        # Of copies that state less there may be more than are accepted.
        same = set(need.must_state) == set(answered.must_state)
        return fewer or same or not need.at_most or count > need.at_most
    return fewer
