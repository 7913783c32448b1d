"""What an answer leaves undetermined: what it rests on, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from kb.answers.clarification import question
from kb.answers.duties import Duties
from kb.answers.open_points import (
    AccountUnsaid,
    AskedElsewhere,
    AttributeTooGeneral,
    AttributeUnknown,
    DayUnsure,
    DocumentUnclear,
    NoService,
    OnlyNamed,
    OpenPoint,
    PassageUnclear,
    PerhapsWithdrawn,
    PlaceUnsaid,
    ReadingsDisagree,
    ServiceInOwnWords,
    ServicePerhapsProhibited,
    ServicesUnknown,
    ServiceUnplaced,
)
from kb.base.results import DocumentQuestion
from kb.base.view import View
from kb.lang.syntax import Cite
from kb.model.requirements import Need

if TYPE_CHECKING:
    from kb.base.core import Core

Key: TypeAlias = tuple[str, ...]
"""What orders open points: first the kind, then what it is about."""
OPEN = (
    "open_attribute",
    "open_document",
    "content_open",
    "open_paper",
    "open_passage",
    "settling",
    "settling_lacks",
    "open_day",
    "open_withdrawal",
    "open_event",
    "open_elsewhere",
    "open_account",
    "open_place",
)
"""What the rules say of what is open in categories."""


def undetermined(base: Core, view: View, duties: Duties, as_of: int) -> tuple[OpenPoint, ...]:
    """Each thing that an undetermined verdict rests on, once, in a fixed order."""
    found: dict[Key, OpenPoint] = {}
    for key, point in _points(base, view, as_of):
        known = found.get(key)
        if known is None:
            found[key] = point
        elif not set(point.categories) <= set(known.categories):
            categories = tuple(dict.fromkeys((*known.categories, *point.categories)))
            found[key] = OpenPoint(known.what, known.ask, known.cites, categories)
    found.update(duties.days())
    for key, point in duties.undetermined():
        found.setdefault(key, point)
    return tuple(found[key] for key in sorted(found))


def _points(base: Core, view: View, as_of: int) -> Iterator[tuple[Key, OpenPoint]]:
    readings = base.facts.readings
    if not view.has("app_knows", "services"):
        yield ("0",), OpenPoint(ServicesUnknown(), question(base, "services"), ())
    elif not view.has("app_value", "services") and not view.has("app_other"):
        yield ("0",), OpenPoint(NoService(), question(base, "services"), ())
    for (words,) in view.after("app_other"):
        yield ("0", str(words)), OpenPoint(ServiceInOwnWords(str(words)), None, ())
    for row in view.after("open_attribute"):
        yield _attribute(base, view, *map(str, row))
    for category, need in view.after("open_document"):
        wanted = base.needs[str(need)]
        whose = bool(wanted.must_state) and not view.has("content_open", category, need)
        unclear_one = DocumentUnclear(wanted, whose)
        yield (
            ("2", str(need)),
            OpenPoint(unclear_one, DocumentQuestion(wanted), (), (str(category),)),
        )
    for category, document, holder in view.after("open_paper"):
        paper = Need(str(document), str(holder))
        yield (
            ("2", paper.id),
            OpenPoint(DocumentUnclear(paper), DocumentQuestion(paper), (), (str(category),)),
        )
    for category, passage in view.after("open_passage"):
        unclear, cite = base.facts.unclear[str(passage)]
        vague = PassageUnclear(unclear, _settling(base, view, str(passage)))
        point = OpenPoint(vague, None, (cite,), (str(category),))
        yield ("3", str(passage)), point
    for category, version in view.after("open_day"):
        reading = readings[str(version)]
        day = DayUnsure(*reading.begins)
        yield ("4", str(version)), OpenPoint(day, None, (reading.cite,), (str(category),))
    for category, version in view.after("open_withdrawal"):
        reading = readings[str(version)]
        alone = base.facts.rows.facts.get("place_alone", ())
        place = next((str(k) for of, k in alone if of == version), None)
        gone = PerhapsWithdrawn(str(category), *reading.begins, place)
        yield ("4", str(version)), OpenPoint(gone, None, (reading.cite,), (str(category),))
    for category, version, event in view.after("open_event"):
        unknown, cite = AttributeUnknown(str(event)), readings[str(version)].cite
        asked = question(base, str(event))
        yield ("1", str(event), ""), OpenPoint(unknown, asked, (cite,), (str(category),))
    for category, version in view.after("open_elsewhere"):
        reading = readings[str(version)]
        how = reading.record.how
        lines = how.lines if how else ()
        elsewhere = AskedElsewhere(str(category), how)
        yield (
            ("3", str(version)),
            OpenPoint(elsewhere, None, (reading.cite_at(lines),), (str(category),)),
        )
    for category, version in view.after("open_account"):
        unsaid, cite = AccountUnsaid(str(category)), readings[str(version)].cite
        yield ("3", str(category)), OpenPoint(unsaid, None, (cite,), (str(category),))
    for category, version in view.after("open_place"):
        away, cite = PlaceUnsaid(str(category)), readings[str(version)].cite
        yield ("3", str(category)), OpenPoint(away, None, (cite,), (str(category),))
    for row in view.after("open_reference"):
        category = str(row[0])
        named = OpenPoint(OnlyNamed(category), None, notes_on(base, view, category), (category,))
        yield ("5", category), named
    for category in view.names("disagree"):
        rivals = view.names("in_conflict", category)
        if rivals:
            cites = tuple(readings[v].cite for v in rivals)
            yield ("6", category), OpenPoint(ReadingsDisagree(category), None, cites, (category,))
    for service, version in view.after("perhaps_prohibited"):
        cites = (readings[str(version)].cite,)
        what = ServicePerhapsProhibited(str(service))
        yield ("8", str(service)), OpenPoint(what, None, cites)
    for row in view.after("unreached"):
        service = str(row[0])
        yield ("7", service), OpenPoint(ServiceUnplaced(service, as_of), None, ())


def _settling(base: Core, view: View, passage: str) -> tuple[Need, ...]:
    """The fewest papers that lack for a passage not to matter, if any papers do that."""
    lacking: dict[str, list[Need]] = {}
    for papers, need in view.after("settling_lacks"):
        if view.has("settling", papers, passage):
            lacking.setdefault(str(papers), []).append(base.needs[str(need)])
    fewest = min(lacking.values(), key=len) if lacking else []
    return tuple(fewest)


def _attribute(
    base: Core, view: View, category: str, condition: str, attribute: str
) -> tuple[Key, OpenPoint]:
    """An attribute that the profile leaves open, or says too little of."""
    if not view.has("app_knows", attribute):
        what = AttributeUnknown(attribute)
        asked = question(base, attribute)
        return ("1", attribute, ""), OpenPoint(what, asked, (), (category,))
    asked = question(base, attribute, [condition])
    # Where no answer helps, the source is what leaves it open.
    cites = () if asked else tuple(_conditional(base, category, condition))
    general = AttributeTooGeneral(attribute, condition)
    return ("1", attribute, condition), OpenPoint(general, asked, cites, (category,))


def _conditional(base: Core, category: str, condition: str) -> dict[Cite, None]:
    """The lines that name a condition in what is said of a category."""
    stated = base.facts.rows.facts
    versions = {row[0] for row in stated.get("version", ()) if row[1] == category}
    alternatives = {row[0]: row[1] for row in stated.get("alternative", ())}
    owners = {
        "version_when": {version: version for version in versions},
        "scope_when": {row[0]: row[1] for row in stated.get("scope", ())},
        "alternative_when": alternatives,
        "alternative_unless": alternatives,
    }
    return {
        base.facts.rows.cites[relation, (owner, named)]: None
        for relation, of in owners.items()
        for owner, named in stated.get(relation, ())
        if named == condition and of.get(owner) in versions
    }


def notes_on(base: Core, view: View, category: str) -> tuple[Cite, ...]:
    """The lines of the notes that lead the app to a category."""
    return tuple(
        base.facts.rows.cites["reference_to", (reference, category)]
        for relation in ("pointed_to", "option")
        for reference in _references(view, relation, category)
    )


def _references(view: View, relation: str, category: str) -> list[str]:
    if relation == "pointed_to":
        return [str(r) for c, r in view.after("pointed_to") if c == category]
    return [str(r) for r, c in view.after("option") if c == category]
