"""What a source states beyond categories, as `kb show` tells it: range, duties, prohibitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kb.lang.syntax import Cite, ranges
from kb.model.data import Json
from kb.model.duties import Conditional, Duty, MetBy, PartUnclear, Prohibition, Range
from kb.model.duty_days import Dated, Renewal
from kb.model.duty_rows import part_id
from kb.model.files import SourceFile
from kb.model.requirements import Need
from kb.model.schema import Label
from kb.render.days import since_day, through_day
from kb.render.due import time_json, time_texts, unit_text
from kb.render.language import Language
from kb.render.outline import Cited, Lead, Line, Mark, line
from kb.render.repairs import need_text
from kb.render.shared_json import cite_json
from kb.render.words import word


def provision_lines(stated: SourceFile, to: Language) -> Iterator[Line]:
    """Which apps a source is about or leaves out, what it demands, and what it forbids."""
    source = stated.source.id
    yield from range_lines(stated.ranges, source, 2, to)
    if stated.duties:
        yield line(2, to.pick(f"义务 ({len(stated.duties)}):", f"duties ({len(stated.duties)}):"))
    for duty in stated.duties:
        yield from _heading(duty, source, to)
        yield from stated_lines(duty, source, 6, to)
    bans = stated.prohibitions
    if bans:
        yield line(2, to.pick(f"禁止 ({len(bans)}):", f"prohibitions ({len(bans)}):"))
    for ban in bans:
        yield from _heading(ban, source, to)
        yield from stated_lines(ban, source, 6, to)


def range_lines(ranges: Sequence[Range], source: str, indent: int, to: Language) -> Iterator[Line]:
    """Which apps a source is about, and which it leaves out."""
    if ranges:
        yield line(indent, to.pick("适用范围:", "range:"))
    for entry in ranges:
        said = f"{word(entry.what, to.lang)}: {to.say(entry)}"
        yield line(indent + 2, said, cited_at(source, entry.lines))
        yield from condition_lines(entry, indent + 4, to)


def stated_lines(
    part: Duty | Prohibition, source: str, indent: int, to: Language
) -> Iterator[Line]:
    """Where a duty or a prohibition binds, how it is kept or broken, its days and what leaves it
    open, what follows on a breach, and remarks."""
    yield from condition_lines(part, indent, to)
    match part:
        case Duty():
            yield line(indent, _met_by(part, to))
            if part.before:
                yield line(indent, f"{to.pick('先于', 'before')}: {to.label('event', part.before)}")
            if part.renewal:
                yield line(indent, _renewal(part.renewal, to))
        case Prohibition():
            done = [to.official("service", id) for id in part.services]
            done += [to.label("attribute", id) for id in part.practices]
            if done:
                yield line(indent, f"{to.pick('做了就违反', 'broken by')}: {to.listed(done)}")
    yield from _rest(part, source, indent, to)


def cited_at(source: str, lines: tuple[int, ...]) -> Cited:
    """The lines of a source that is named above them."""
    return Cited(ranges(lines), cites=(Cite(source, lines),))


def _heading(part: Duty | Prohibition, source: str, to: Language) -> Iterator[Line]:
    """A part with whose it is."""
    yield line(4, whose_text(part, to), cited_at(source, part.lines))


def whose_text(part: Duty | Prohibition, to: Language) -> str:
    """What a duty or a prohibition says, and whose it is."""
    return f"{to.say(part)} — {to.label('actor', part.bearer)}"


def condition_lines(part: Conditional, indent: int, to: Language) -> Iterator[Line]:
    """Where a part binds, and where it does not."""
    for lead, ids in (
        (to.pick("当", "where"), part.when),
        (to.pick("除非", "unless"), part.unless),
    ):
        if ids:
            joint = to.pick("且", "; and ") if ids is part.when else to.pick("或", "; or ")
            named = joint.join(f"「{n}」" if to.zh else n for n in _labels("condition", ids, to))
            yield line(indent, f"{lead}{'' if to.zh else ': '}{named}")


def _labels(kind: str, ids: Iterable[str], to: Language) -> list[str]:
    return [to.label(kind, id) for id in ids]


def _met_by(duty: Duty, to: Language) -> str:
    """Each way to meet a duty, or that the source names none."""
    ways = [
        need_text(Need(way.document, way.holder), to)
        if way.document
        else to.pick("说明「{}」", "stating: {}").format(to.label("attribute", _declared(way)))
        for way in duty.met_by
    ]
    if duty.renewal and duty.renewal.since:
        ways.append(to.label("attribute", duty.renewal.since))
    if not ways:
        return to.pick("来源没有说如何算做到", "what shows it is not said")
    return f"{to.pick('算做到的', 'met by')}: {to.pick(';或', '; or ').join(ways)}"


def _declared(way: MetBy) -> str:
    return way.practice or way.outside or ""


def _renewal(renewal: Renewal, to: Language) -> str:
    months, years = renewal.months or 0, renewal.years or 0
    span = unit_text(months, "months", to) if months else unit_text(years, "years", to)
    event = to.label("attribute", renewal.since) if renewal.since else ""
    since = event or to.pick("材料的出具日", "the issue of the document")
    return to.pick(
        f"自「{since}」起每 {span}须重新做到",
        f"to be met anew every {span}, counted from: {since}",
    )


def _rest(part: Duty | Prohibition, source: str, indent: int, to: Language) -> Iterator[Line]:
    """Days, what leaves it open, what follows on a breach, and remarks."""
    for said in (*time_texts(part, to, isinstance(part, Prohibition)), *_end(part, to)):
        yield line(indent, said)
    yield from unclear_lines(part.unclear, source, indent, to)
    if part.breach:
        named = _labels("part", (part_id(source, id) for id in part.breach), to)
        lead = to.pick("违反后果", "on breach")
        yield line(indent, f"↳ {lead}: {to.pick('；', '; ').join(named)}")
    if part.note:
        yield line(indent, Lead("· "), to.say(part.note))


def unclear_lines(
    passages: Iterable[PartUnclear], source: str, indent: int, to: Language
) -> Iterator[Line]:
    """What leaves a duty or a prohibition open, with where it does and the papers that it may
    mean."""
    for passage in passages:
        yield line(indent, Mark("?"), f" {to.say(passage)}", cited_at(source, passage.lines))
        if passage.since:
            yield line(indent + 2, since_day(passage.since, to))
        yield from condition_lines(passage, indent + 2, to)
        if passage.which_of:
            names = to.pick("、", ", ").join(_labels("document", passage.which_of, to))
            yield line(indent + 2, f"{to.pick('可能指', 'may mean')}: {names}")


def _end(part: Dated, to: Language) -> Iterator[str]:
    if part.ends:
        yield to.pick(f"有效{through_day(part.ends, to)}", f"counts {through_day(part.ends, to)}")
    if part.revoked:
        yield to.pick(f"自 {part.revoked} 起废止", f"revoked from {part.revoked} on")


def provisions_json(stated: SourceFile, to: Language) -> Json:
    """The same as JSON, with ids and labels."""
    source = stated.source.id
    return {
        "ranges": ranges_json(stated.ranges, source, to),
        "duties": [stated_json(duty, source, to) for duty in stated.duties],
        "prohibitions": [stated_json(ban, source, to) for ban in stated.prohibitions],
    }


def ranges_json(ranges: Iterable[Range], source: str, to: Language) -> list[Json]:
    """Which apps a source is about, and which it leaves out, as JSON."""
    return [{"range": entry.what, **_part(entry, source, entry.id, to)} for entry in ranges]


def stated_json(part: Duty | Prohibition, source: str, to: Language) -> Json:
    """A duty or a prohibition as JSON."""
    return _duty(part, source, to) if isinstance(part, Duty) else _prohibition(part, source, to)


def _part(part: Range | Duty | Prohibition, source: str, id: str, to: Language) -> Json:
    return {
        "what": to.say(part),
        "id": part_id(source, id),
        **_where(part, to),
        "sources": [cite_json(Cite(source, part.lines))],
    }


def _where(part: Conditional, to: Language) -> Json:
    return {
        key: [{"condition": id, "label": to.label("condition", id)} for id in getattr(part, key)]
        for key in ("when", "unless")
    }


def _duty(duty: Duty, source: str, to: Language) -> Json:
    ways = [
        {
            "document": to.official("document", way.document),
            "id": way.document,
            "holder": way.holder,
        }
        if way.document
        else {"declared": to.label("attribute", _declared(way)), "id": _declared(way)}
        for way in duty.met_by
    ]
    found = {**_part(duty, source, duty.id, to), "met_by": ways, "before": duty.before}
    if duty.renewal:
        found["renewal"] = duty.renewal.model_dump(mode="json", exclude_none=True)
    return found | _bound(duty, source, to)


def _prohibition(ban: Prohibition, source: str, to: Language) -> Json:
    return {
        **_part(ban, source, ban.id, to),
        "services": [{"service": to.official("service", id), "id": id} for id in ban.services],
        "practices": [{"declared": to.label("attribute", id), "id": id} for id in ban.practices],
        **_bound(ban, source, to),
    }


def _bound(part: Duty | Prohibition, source: str, to: Language) -> Json:
    """Whose a part is, its days, what leaves it open, and what follows on a breach."""
    days: Json = {"time": time_json(part)} if part.times else {}
    days |= {key: day.isoformat() for key in ("ends", "revoked") if (day := getattr(part, key))}
    return {
        "bearer": {"actor": to.label("actor", part.bearer), "id": part.bearer},
        **days,
        "unclear": unclear_json(part.unclear, source, to),
        "breach": [
            {"what": to.label("part", part_id(source, id)), "id": part_id(source, id)}
            for id in part.breach
        ],
        "note": _said(part.note, to),
    }


def _said(label: Label | None, to: Language) -> str | None:
    return to.say(label) if label else None


def unclear_json(passages: Iterable[PartUnclear], source: str, to: Language) -> list[Json]:
    """What leaves a duty or a prohibition open, as JSON."""
    return [_passage(each, source, to) for each in passages]


def _passage(passage: PartUnclear, source: str, to: Language) -> Json:
    return {
        "what": to.say(passage),
        **_where(passage, to),
        "since": passage.since.isoformat() if passage.since else None,
        "which_of": [
            {"document": to.official("document", id), "id": id} for id in passage.which_of
        ],
        "sources": [cite_json(Cite(source, passage.lines))],
    }
