"""The relations that facts and profiles state: what rules may rest on."""

from __future__ import annotations

from typing import get_args

from kb.lang.syntax import Column, Relation
from kb.model.schema import Role, Standing


def _relation(role: str, shape: str, doc: str) -> Relation:
    name, _, rest = shape.partition("(")
    columns = []
    for part in rest.rstrip(")").split(","):
        label, _, kind = part.strip().partition(":")
        columns.append(Column(label, kind.strip() or label))
    return Relation(name, tuple(columns), role, doc)


_FACTS = {
    "category(category)": "a category that some source names",
    "version(version, category, platform: value)": "one source's reading of a category",
    "standing(version, standing)": "in_force, draft, superseded or unofficial",
    "begins(version, earliest: day, latest: day)": "the days between which a version begins",
    "ends(version, earliest: day, latest: day)": "the days between which it ends",
    "scope(scope, version, service)": "a service falls under a version",
    "scope_when(scope, condition)": "... only when a condition is met",
    "scope_unclear(scope, unclear)": "... as far as vague wording reaches",
    "alternative(alternative, version)": "a smallest set of documents that would do",
    "alternative_when(alternative, condition)": "usable only when this is met",
    "alternative_unless(alternative, condition)": "usable only when this is not met",
    "alternative_needs(alternative, need)": "a document that the alternative needs",
    "need(need, document, holder, count: number)": "how many of a document, held by whom",
    "need_most(need, count: number)": "more of the document than so many are not accepted",
    "choice_of(choice: need, need)": "a need of which so many are asked for as the choice counts",
    "need_states(need, statement)": "words that the document must contain",
    "each_of(need, holder)": "the document is asked for of each party of a role",
    "optional(version, need)": "a document that may be added",
    "none_stated(version)": "the source names no document",
    "none_required(version)": "the source says that no document is asked for",
    "asked_elsewhere(version)": "documents are asked for in another place: by e-mail, on a page",
    "version_unclear(version, unclear)": "vague wording leaves open what the version asks for",
    "unclear_when(unclear, condition)": "... only when this is met",
    "unclear_unless(unclear, condition)": "... only when this is not met",
    "unclear_asks(unclear, what: value)": "... only whether more is asked for, or less would do",
    "beyond(unclear, want: value)": "a clear passage that the model can not express, and why not",
    "settles(papers: value, unclear)": "a smallest set of documents that is enough either way",
    "settles_when(papers: value, condition)": "... only when this is met",
    "settles_unless(papers: value, condition)": "... only when this is not met",
    "settles_needs(papers: value, need)": "a document of that set",
    "unclear_outside_seat(unclear)": "... only for who serves another place than its own",
    "seat(applicant, place: value)": "the place where applicants of this kind have their seat",
    "alternative_unclear(alternative, unclear)": "... or what an alternative of it asks for",
    "need_unclear(alternative, need)": "... in this document of an alternative",
    "account_when(version, condition)": "the accounts that a version is for",
    "account_unsaid(version, condition)": "the accounts that it is read as being for, unsaid",
    "place_when(version, condition)": "the place that it is for, where not the platform's country",
    "ground(version, ground: value)": "platform, accounts and place of a version, as one text",
    "complete_list(source, platform: value, condition)": (
        "the source lists all categories of these accounts"
    ),
    "list_place(source, condition)": "... in this place, where not the platform's country",
    "list_standing(source, standing)": "the standing of the source of such a list",
    "list_begins(source, earliest: day, latest: day)": "the days between which such a list begins",
    "list_ends(source, earliest: day, latest: day)": "the days between which it ends",
    "listed_in(version, source)": "the version stands in such a list",
    "place_alone(version, condition)": "... for who serves that place and no other",
    "withdraws(version)": "the source says that the category is withdrawn",
    "time_given(version, part)": "the part of a version that gives time",
    "version_when(version, condition)": "the account or place that a version is open to",
    "condition_test(condition, test)": "a condition looks at a test",
    "condition_must(condition, test)": "a condition is met only when a test is",
    "condition_clause(condition, clause)": "a condition is met only when one of a clause is",
    "clause_test(clause, test)": "one of a clause: a test is met",
    "clause_not(clause, test)": "one of a clause: a test fails",
    "test_reads(test, attribute)": "the attribute that a test looks at",
    "test_any(test)": "one of the app's values suffices",
    "test_several(test)": "two of the app's values must do",
    "test_all(test)": "each of the app's values must do",
    "test_value(test, value)": "a value that does",
    "test_maybe(test, value)": "a value of which the source does not say whether it does",
    "test_range(test, first: day, last: day)": "days that do",
    "test_unsure(test, first: day, last: day)": "days of which the source does not say",
    "not_before(test, range, months: number, days: number)": (
        "a range of a test begins so many months, then days, from the day asked"
    ),
    "not_after(test, range, months: number, days: number)": "it ends so many from that day",
    "applicant_kind(applicant)": "a kind of applicant",
    "kind_of(narrower: value, wider: value)": "every narrower one is a wider one",
    "overlaps(one: value, other: value)": "who is the one may also be the other",
    "reference(reference, version, role)": "a note on other categories: also or instead",
    "reference_service(reference, service)": "the services that it speaks of",
    "reference_when(reference, condition)": "the kind of applicant that it speaks of",
    "reference_to(reference, category)": "the categories that it names, one of them is meant",
    "unsupported(version, service)": "a service that the platform does not carry",
    "unsupported_here(version, service)": "a service that may not come under this category",
    "text(source, standing)": "a text that states more than categories",
    "text_place(source, place: value)": "the place that a text is for",
    "text_begins(source, earliest: day, latest: day)": "the days between which a text begins",
    "text_ends(source, earliest: day, latest: day)": "the days between which it ends",
    "part(part, source)": "a part of a text",
    "part_when(part, condition)": "a part holds only when this is met",
    "part_unless(part, condition)": "a part holds only when this is not met",
    "range(part, what: value)": "which apps a text is about: within, outside or a type",
    "duty(part, bearer: actor)": "something that its bearer must do or have",
    "duty_before(part, event)": "a duty that comes before an event",
    "met_by_document(part, document, holder)": "a document meets the part",
    "met_by_practice(part, attribute)": "what the profile declares or tells meets it",
    "part_unclear(part, passage: part, since: day)": (
        "a passage that from a day on leaves open whether a duty or a prohibition binds"
    ),
    "breach(part, consequence: part)": "what follows when the part is not kept",
    "forbids(part, bearer: actor)": "something that its bearer must not do",
    "forbids_service(part, service)": "offering the service is what is forbidden",
    "forbids_practice(part, attribute)": "what is forbidden, as the profile declares it",
    "due_on(part, day)": "the day from which all must keep a duty or a prohibition",
    "grace_until(part, attribute, before: day, until: day)": (
        "those dated before a day have time until another"
    ),
    "due_days_after(part, attribute, days: number)": "there is so much time after an event",
    "due_working_days_after(part, attribute, days: number)": "... counted in working days",
    "due_months_after(part, attribute, months: number)": "... counted in months",
    "renewed_from_issue(part, months: number)": (
        "a duty that a document meets for so long from the day of its issue"
    ),
    "renewed_since(part, attribute, months: number)": "... or an event, from its day on",
    "part_ends(part, day)": "the last day on which a duty or a prohibition counts",
    "part_revoked(part, day)": "the first day on which it no longer does",
    "working_day(day)": "a day that is worked in mainland China",
    "working_days_until(day, count: number)": "how many of them there are up to a day",
    "step(part, actor)": "a step of a procedure and who takes it",
    "step_after(part, before: part)": "the step comes after another",
    "step_need(part, item: part)": "an item that the step needs",
    "step_check(part, check: part)": "a fact that must hold at the step",
    "examination(part, authority)": "an authority examines something",
    "examines(part, material: part)": "what it examines",
    "material(part)": "something to hand in",
    "material_in(part, whole: part)": "a material belongs to another",
    "gap(part, source)": "something that an excerpt leaves out",
    "files(part, actor)": "who files",
    "answers(part, actor)": "who answers for what is filed",
    "fee_of_document(part, document)": "what a copy of a document costs",
    "fee_of_category(part, category)": "what a category costs",
    "fee_currency(part, currency: value)": "the currency of a fee, which is in hundredths of it",
    "lead_time_of_document(part, document)": "how many working days a document takes",
    "lead_time_of_category(part, category)": "how many working days a category takes",
    "outlay_least(part, number)": "a fee or a time is at least this",
    "outlay_most(part, number)": "a fee or a time is at most this",
    "outlay_standing(part, standing)": "the standing of the text that states a fee or a time",
    "outlay_begins(part, earliest: day, latest: day)": "the days between which it begins",
    "outlay_ends(part, earliest: day, latest: day)": "the days between which it ends",
    "outlay_platform(part, platform: value)": "the platform that it is about",
    "outlay_place(part, place: value)": "the place that it is for, where not a whole country",
    "outlay_ground(part, ground: value)": (
        "what it is of, on which platform and where, as one text: a later one takes its place"
    ),
}

_APP = {
    "app_value(app, attribute, value)": "a value that the profile states",
    "app_day(app, attribute, day)": "a day or number that it states",
    "question_day(app, day)": "the day that the question is about",
    "with_drafts(app)": "drafts count as if they were in force",
    "app_other(app, words: value)": "something it does in its owner's words, where no service fits",
    "app_between(app, attribute, least: day, most: day)": (
        "a number of it that is not known lies from here to there"
    ),
    "app_knows(app, attribute)": "the profile says something of this attribute",
    "app_holds(app, document, holder, sure: number, most: number)": (
        "documents in hand: surely this many, at most that many"
    ),
    "app_fits(app, need, sure: number, most: number)": (
        "copies in hand that each contain the words that a need asks for"
    ),
    "app_holds_during(app, document, holder, sure: number, most: number, first: day, last: day)": (
        "of documents some of which are valid on some days only: so many from a day to another"
    ),
    "app_fits_during(app, need, sure: number, most: number, first: day, last: day)": (
        "the same of copies that contain the words that a need asks for"
    ),
    "app_counted(app, document, holder, count: number)": (
        "several copies of a document of which the profile does not say with whom, or whose"
    ),
    "app_issued(app, document, holder, day, sure: number)": (
        "a document in hand was issued on a day: of that holder surely (1), or only perhaps (0)"
    ),
    "app_issue_unsaid(app, document, holder)": (
        "... and of another copy the profile does not say when it was"
    ),
    "app_exempt(app, thing: value, first: day, last: day)": (
        "it is exempted from what a category asks for, or from a duty, from a day to another"
    ),
    "app_party(app, party, holder)": "another in the app, and its role",
    "app_party_holds(app, document, holder, party, sure: number)": (
        "a document of a party, or concluded with it: surely (1), or only perhaps (0)"
    ),
    "app_party_fits(app, need, party, sure: number)": (
        "the same with all the words that a need asks for"
    ),
}

RELATIONS = {
    relation.name: relation
    for relation in (
        *(_relation("fact", shape, doc) for shape, doc in _FACTS.items()),
        *(_relation("app", shape, doc) for shape, doc in _APP.items()),
    )
}

CLOSED = {"standing": frozenset(get_args(Standing)), "role": frozenset(get_args(Role))}
"""Kinds of columns whose values the shape of facts names."""
