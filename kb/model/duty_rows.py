"""Duties, prohibitions, procedures and authorities as rows: each is a part of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.lang.syntax import Cite
from kb.model.days import FIRST, beginning, ending, number
from kb.model.due_rows import Stated
from kb.model.duties import Conditional, Duty, Prohibition, Step
from kb.model.duty_day_rows import calendar_rows, day_rows
from kb.model.files import SourceFile
from kb.model.names import Term
from kb.model.rows import HOUSE
from kb.model.schema import Label


def part_id(source: str, name: str) -> str:
    """The id of a part of a text: `beijing-draft-2022:training-permit`."""
    return f"{source}:{name}"


def source_of(part: str) -> str:
    """The text (an id) that a part stands in.

    >>> source_of(part_id("beijing-draft-2022", "training-permit"))
    'beijing-draft-2022'
    """
    return part.partition(":")[0]


def duty_rows(file: SourceFile) -> Stated:
    """What a text states beyond categories."""
    source = file.source
    parted = any(
        (file.ranges, file.duties, file.prohibitions, file.steps, file.examinations, file.filers)
    )
    if not parted:
        return
    whole = Cite(source.id)
    begins = beginning(source)
    ends = ending(source)
    yield "text", (source.id, source.standing), whole
    yield "text_place", (source.id, source.jurisdiction), whole
    yield "text_begins", (source.id, *begins), whole
    yield "text_ends", (source.id, *ends), whole
    for entry in file.ranges:
        name, at = part_id(source.id, entry.id), Cite(source.id, entry.lines)
        yield from _part(source.id, name, entry, at)
        yield "range", (name, entry.what), at
    for duty in file.duties:
        yield from _duty(source.id, duty)
    for prohibition in file.prohibitions:
        yield from _prohibition(source.id, prohibition)
    for step in file.steps:
        yield from _step(source.id, step)
    yield from _authorities(file)
    dated: tuple[Duty | Prohibition, ...] = (*file.duties, *file.prohibitions)
    if any(each.deadline is not None and each.deadline.working_days for each in dated):
        yield from calendar_rows(HOUSE)


def _part(source: str, name: str, part: Conditional, at: Cite) -> Stated:
    yield "part", (name, source), at
    for condition in part.when:
        yield "part_when", (name, condition), at
    for condition in part.unless:
        yield "part_unless", (name, condition), at


def _duty(source: str, duty: Duty) -> Stated:
    name, at = part_id(source, duty.id), Cite(source, duty.lines)
    yield from _part(source, name, duty, at)
    yield "duty", (name, duty.bearer), at
    if duty.before:
        yield "duty_before", (name, duty.before), at
    for way in duty.met_by:
        if way.document:
            yield "met_by_document", (name, way.document, way.holder), at
        else:
            yield "met_by_practice", (name, way.practice or way.outside or ""), at
    yield from day_rows(name, duty, at)
    yield from _unclear(source, name, duty)
    yield from _breaches(source, name, duty.breach, at)


def _prohibition(source: str, prohibition: Prohibition) -> Stated:
    name, at = part_id(source, prohibition.id), Cite(source, prohibition.lines)
    yield from _part(source, name, prohibition, at)
    yield "forbids", (name, prohibition.bearer), at
    for service in prohibition.services:
        yield "forbids_service", (name, service), at
    for practice in prohibition.practices:
        yield "forbids_practice", (name, practice), at
    yield from day_rows(name, prohibition, at)
    yield from _unclear(source, name, prohibition)
    yield from _breaches(source, name, prohibition.breach, at)


def unclear_id(part: str, n: int) -> str:
    """The id of the n-th passage that leaves a duty or a prohibition open, counted from 1."""
    return f"{part}/unclear-{n}"


def _unclear(source: str, name: str, part: Duty | Prohibition) -> Stated:
    for n, passage in enumerate(part.unclear, 1):
        item, at = unclear_id(name, n), Cite(source, passage.lines)
        yield from _part(source, item, passage, at)
        since = number(passage.since) if passage.since else FIRST
        yield "part_unclear", (name, item, since), at
        for document in passage.which_of:
            yield "which_of", (item, document), at


def _breaches(source: str, name: str, breach: Iterable[str], at: Cite) -> Stated:
    for consequence in breach:
        yield "breach", (name, part_id(source, consequence)), at


def _step(source: str, step: Step) -> Stated:
    name, at = part_id(source, step.id), Cite(source, step.lines)
    yield from _part(source, name, step, at)
    yield "step", (name, step.actor), at
    for before in step.after:
        yield "step_after", (name, part_id(source, before)), at
    for n, need in enumerate(step.needs, 1):
        item, there = f"{name}/need-{n}", Cite(source, need.lines)
        yield from _part(source, item, need, there)
        yield "step_need", (name, item), there
        if need.document:
            yield "met_by_document", (item, need.document, need.holder), there
    for check in step.checks:
        item, there = f"{name}/{check.id}", Cite(source, check.lines)
        yield from _part(source, item, check, there)
        yield "step_check", (name, item), there
        yield "met_by_practice", (item, check.practice), there


def _authorities(file: SourceFile) -> Stated:
    source = file.source.id
    for n, examination in enumerate(file.examinations, 1):
        name, at = part_id(source, f"examination-{n}"), Cite(source, examination.lines)
        yield from _part(source, name, examination, at)
        yield "examination", (name, examination.authority), at
        for material in examination.materials:
            yield "examines", (name, part_id(source, material)), at
    for material_entry in file.materials:
        name, at = part_id(source, material_entry.id), Cite(source, material_entry.lines)
        yield from _part(source, name, material_entry, at)
        yield "material", (name,), at
        if material_entry.part_of:
            yield "material_in", (name, part_id(source, material_entry.part_of)), at
        if material_entry.document:
            yield "met_by_document", (name, material_entry.document, "applicant"), at
    for n, filer in enumerate(file.filers, 1):
        name, at = part_id(source, f"filer-{n}"), Cite(source, filer.lines)
        yield from _part(source, name, filer, at)
        for actor in filer.files:
            yield "files", (name, actor), at
        for actor in filer.answers:
            yield "answers", (name, actor), at
    for n, gap in enumerate(file.gaps, 1):
        yield "gap", (part_id(source, f"gap-{n}"), source), Cite(source, gap.lines)


def part_terms(file: SourceFile) -> Iterator[Term]:
    """The names of all parts, in both languages."""
    source = file.source.id
    for group in (
        file.ranges,
        file.duties,
        file.prohibitions,
        file.steps,
        file.materials,
        file.consequences,
    ):
        for entry in group:
            yield _named(part_id(source, entry.id), entry)
    dated: tuple[Duty | Prohibition, ...] = (*file.duties, *file.prohibitions)
    for part in dated:
        for n, passage in enumerate(part.unclear, 1):
            yield _named(unclear_id(part_id(source, part.id), n), passage)
    for step in file.steps:
        name = part_id(source, step.id)
        for n, need in enumerate(step.needs, 1):
            yield _named(f"{name}/need-{n}", need)
        for check in step.checks:
            yield _named(f"{name}/{check.id}", check)
    for n, examination in enumerate(file.examinations, 1):
        yield _named(part_id(source, f"examination-{n}"), examination)
    for n, filer in enumerate(file.filers, 1):
        yield _named(part_id(source, f"filer-{n}"), filer)
    for n, gap in enumerate(file.gaps, 1):
        yield _named(part_id(source, f"gap-{n}"), gap)


def _named(id: str, label: Label) -> Term:
    return Term("part", id, label.zh, label.en)
