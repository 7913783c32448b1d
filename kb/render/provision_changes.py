"""Duties and prohibitions that begin, end or change between two days, in words and as JSON; and one
of them with its text and its term, wherever it is told by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kb.base.provisions import Provision
from kb.base.results import Certainty
from kb.compare.provisions import ProvisionChange, ProvisionChangeKind
from kb.model.data import Json
from kb.model.days import LAST, date
from kb.query.provisions import ShownProvision
from kb.render.days import since_text, through_text
from kb.render.due import time_texts
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Line, line
from kb.render.provisions import (
    condition_lines,
    range_lines,
    ranges_json,
    stated_json,
    stated_lines,
    unclear_json,
    unclear_lines,
    whose_text,
)

WORDS = {
    "begun": ("开始", "begins"),
    "ended": ("结束", "ends"),
    "settled": ("已确定在有效期内", "now surely in its term"),
    "unsettled": ("不再确定在有效期内", "no longer surely in its term"),
    "changed": ("变化", "changes"),
}
"""What became of a duty or a prohibition."""
KINDS = {"duty": ("义务", "duty"), "prohibition": ("禁止", "prohibition")}
NOT_IN_FORCE = {
    "draft": ("征求意见稿,没有效力", "a draft, not in force"),
    "superseded": ("已被取代,没有效力", "superseded, not in force"),
    "unofficial": ("非官方,只作说明", "unofficial, told for information"),
}
"""What is said of texts whose duties and prohibitions change no verdict."""


def provision_changes_lines(changes: Sequence[ProvisionChange], to: Language) -> Iterator[Line]:
    """The duties and prohibitions that changed, by their texts; nothing where none did."""
    if not changes:
        return
    yield EMPTY
    lead = to.pick("有变化的义务与禁止", "duties and prohibitions that begin, end or change")
    yield line(0, f"{lead}: {len(changes)}")
    for _, group in groupby(changes, lambda change: change.provision.source.id):
        some = list(group)
        source = some[0].provision.source
        yield line(2, source_text(some[0].provision, to))
        yield from range_lines(some[0].provision.ranges, source.id, 4, to)
        for change in some:
            yield from _change(change, to)


def source_text(provision: Provision, to: Language) -> str:
    """A text by its name, with its standing where it is not in force."""
    source = provision.source
    name = to.pick(f"《{source.zh}》", source.en)
    told = NOT_IN_FORCE.get(source.standing)
    return name + (to.pick(f"({told[0]})", f" ({told[1]})") if told else "")


def kind_text(provision: Provision, to: Language) -> str:
    """The word for a duty or a prohibition."""
    return to.pick(*KINDS[provision.kind])


def _change(change: ProvisionChange, to: Language) -> Iterator[Line]:
    provision = change.provision
    record = provision.record
    perhaps = change.after == Certainty.PERHAPS
    unsure = to.pick(" (日期不确定)", " (day not certain)") if perhaps else ""
    what = to.pick(*WORDS[change.what])
    lead = to.pick(f"{kind_text(provision, to)}{what}", f"{kind_text(provision, to)} {what}")
    cited = Cited.of([provision.cite])
    yield line(4, f"{lead}{unsure}: {whose_text(record, to)}", cited)
    yield from (line(6, said) for said in _days(change, to))
    if change.what != ProvisionChangeKind.ENDED:
        yield from (
            line(6, said) for said in time_texts(record, to, provision.kind == "prohibition")
        )
    yield from condition_lines(record, 6, to)
    yield from unclear_lines(change.unclear, provision.source.id, 6, to)


def _days(change: ProvisionChange, to: Language) -> Iterator[str]:
    """The first day of what begins or has surely begun, the last one of what ends."""
    provision = change.provision
    match change.what:
        case ProvisionChangeKind.BEGUN | ProvisionChangeKind.SETTLED:
            yield from term_texts(provision, to)
        case ProvisionChangeKind.ENDED | ProvisionChangeKind.UNSETTLED:
            yield through_text(*provision.last, to)
        case ProvisionChangeKind.CHANGED:
            pass


def term_texts(provision: Provision, to: Language) -> Iterator[str]:
    """From which day on a duty or a prohibition counts, and through which, where it ends."""
    yield since_text(*provision.first, to)
    if provision.last[1] < LAST:
        yield through_text(*provision.last, to)


def shown_provision_lines(shown: ShownProvision) -> Iterator[Line]:
    """`kb show` of a duty or a prohibition: whose it is, its text, its term and whether the day is
    in it, which apps the text is about, and what it states."""
    to = Language(shown.lang, shown.names)
    provision, day = shown.provision, shown.as_of
    record, source = provision.record, provision.source
    yield line(0, f"{record.zh} · {record.en} · {provision.id}", Cited.of([provision.cite]))
    whose = ("谁的义务", "duty of") if provision.kind == "duty" else ("禁止谁", "prohibition for")
    yield line(2, f"{to.pick(*whose)}: {to.label('actor', record.bearer)}")
    yield line(2, f"{to.pick('文件', 'text')}: {source_text(provision, to)}")
    yield from (line(2, said) for said in term_texts(provision, to))
    match shown.certainty:
        case Certainty.SURELY:
            said = to.pick(f"{day} 在有效期内", f"{day} is in its term")
        case Certainty.PERHAPS:
            said = to.pick(f"{day} 是否在有效期内不确定", f"{day} is perhaps in its term")
        case None:
            said = to.pick(f"{day} 不在有效期内", f"{day} is not in its term")
    yield line(2, said)
    yield from range_lines(provision.ranges, source.id, 2, to)
    yield from stated_lines(record, source.id, 2, to)


def provision_change_json(change: ProvisionChange, to: Language) -> Json:
    """A change of a duty or a prohibition as JSON."""
    source = change.provision.source.id
    return {
        "what": str(change.what),
        "before": str(change.before) if change.before else None,
        "after": str(change.after) if change.after else None,
        "due": [day.isoformat() for day in change.due],
        "unclear": unclear_json(change.unclear, source, to),
        "provision": provision_json(change.provision, to),
    }


def provision_json(provision: Provision, to: Language) -> Json:
    """A duty or a prohibition with its text and its term as JSON."""
    source = provision.source
    return {
        "kind": provision.kind,
        "source": source.id,
        "standing": source.standing,
        "term": {
            "begins": _between(provision.first),
            "ends": _between(provision.last) if provision.last[1] < LAST else None,
        },
        "ranges": ranges_json(provision.ranges, source.id, to),
        **stated_json(provision.record, source.id, to),
    }


def _between(days: tuple[int, int]) -> Json:
    first, last = (date(day).isoformat() for day in days)
    return {"first": first, "last": last}
