"""A category, and things found by their names, in words."""

from __future__ import annotations

from collections.abc import Iterator

from kb.base.results import Certainty, DocumentNeed, Role
from kb.lang.syntax import Cite
from kb.query.results import (
    Hit,
    NotSupported,
    ScopeResult,
    ShownAlternative,
    ShownCategory,
    ShownVersion,
)
from kb.render.days import through_day
from kb.render.documents import cites, condition_text, copies_text, document_text, the
from kb.render.due import time_texts
from kb.render.language import Language
from kb.render.outlays import outlay_lines
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, Part, line
from kb.render.points import passage
from kb.render.requirements import requirement_lines
from kb.render.words import inexact, word


def hit_lines(hit: Hit) -> Iterator[Line]:
    """A thing that was found, on a line whose columns stand below one another."""
    yield line(0, f"{hit.kind:<10} {hit.id:<36} {hit.zh} · {hit.en}")


def shown_lines(shown: ShownCategory) -> Iterator[Line]:
    """`kb show` as lines."""
    to = Language(shown.lang, shown.names)
    also = ", ".join(shown.former_names)
    former = f"  ({to.pick('又名', 'also')} {also})" if also else ""
    zh, en = (shown.names.label("category", shown.category, lang) for lang in ("zh", "en"))
    yield line(0, f"{zh} · {en} · {shown.category}{former}")
    if shown.as_of is not None:
        yield from _day(shown, to)
    elif not shown.versions:
        yield line(2, _by_reference_only(to))
    for version in shown.versions:
        yield EMPTY
        yield line(0, _heading(version, to))
        yield from _version(version, to)
    yield from outlay_lines(shown.outlays, 2, to)
    for named in shown.named_by:
        lead = to.pick("被提及于", "named by")
        category = to.official("category", named.category)
        yield line(2, f"{lead}: {category}", Cited.of([named.cite], " "))
    if shown.other_versions:
        yield EMPTY
        yield line(0, to.pick(f"{shown.as_of} 不适用的版本:", f"not applicable on {shown.as_of}:"))
        for version in shown.other_versions:
            yield line(2, _heading(version, to))


def _day(shown: ShownCategory, to: Language) -> Iterator[Line]:
    """The day asked about, or that nothing stands on it."""
    if shown.versions:
        yield line(2, to.pick(f"{shown.as_of} 适用的版本", f"as of {shown.as_of}"))
    elif shown.other_versions:
        yield line(
            2, to.pick(f"{shown.as_of} 没有适用的版本", f"no version applies on {shown.as_of}")
        )
    else:
        yield line(2, _by_reference_only(to))


def _by_reference_only(to: Language) -> str:
    return to.pick(
        "只在其他类目的说明中出现,来源没有定义它",
        "known by reference only: no source defines it",
    )


def _heading(version: ShownVersion, to: Language) -> str:
    through = ""
    if version.ends:
        end = through_day(version.ends, to) + inexact(version.ends_precision, to.lang)
        through = to.pick(f",{end}", f" {end}")
    exact = inexact(version.precision, to.lang)
    perhaps = f", {word('perhaps', to.lang)}" if version.certainty == Certainty.PERHAPS else ""
    if version.superseded_by:
        later = cites(version.superseded_by)
        perhaps += to.pick(f",被 [{later}] 取代", f", superseded by [{later}]")
    return (
        f"[{cites([version.cite])}] {word(version.standing, to.lang)}, "
        f"{to.pick('自', 'from')} {version.begins}{exact}{through}{perhaps}"
    )


def _version(version: ShownVersion, to: Language) -> Iterator[Line]:
    """What a source says of a category, below its heading."""
    if version.name:
        yield line(2, f"{to.pick('名称', 'called')}: {version.name}")
    if version.time:
        yield from (line(2, text) for text in time_texts(version.time, to))
    if version.services:
        listed = dict.fromkeys(_scope(scope, to) for scope in version.services)
        yield line(2, f"{to.pick('适用服务', 'services')}: {', '.join(listed)}")
    only_at = dict(version.only_at)
    for key, name, kind, ids in (
        ("accounts", to.pick("账号主体", "accounts"), "applicant", version.accounts),
        ("open_to", to.pick("只开放给", "open only to"), "applicant", version.open_to),
        ("open_when", to.pick("开放条件", "open when"), "condition", version.open_when),
        ("regions", to.pick("只限服务地区", "only in these places"), "region", version.regions),
    ):
        if ids:
            labels = ", ".join(dict.fromkeys(to.label(kind, id) for id in ids))
            cited = [Cited.of([only_at[key]], " ")] if key in only_at else []
            yield line(2, f"{name}: {labels}", *cited)
    if version.how:
        how = version.how
        where = " ".join(filter(None, (word(how.way, to.lang), how.address, how.title)))
        yield line(2, f"{to.pick('申请方式', 'how')}: {where}")
        if how.remark:
            yield line(4, to.say(how.remark))
    if version.requirement:
        yield line(2, f"{to.pick('要求', 'requirement')}:")
        yield from requirement_lines(version.requirement, 4, to, version.cite)
    else:
        yield line(2, _nothing_named(version, to))
    if len(version.alternatives) > 1:
        lead = to.pick("最小方案", "minimal alternatives")
        yield line(2, f"{lead}: {len(version.alternatives)}")
        for number, alternative in enumerate(version.alternatives, 1):
            yield line(4, *alternative_parts(number, alternative, to))
    for role, lead in (
        (Role.ALSO, to.pick("另需", "also needs")),
        (Role.INSTEAD, to.pick("改选", "instead")),
        (Role.ADVICE, to.pick("建议同时看", "see also")),
    ):
        for reference in version.references:
            if reference.role == role:
                joint = to.pick(" 或 ", " or ")
                either = joint.join(to.official("category", c) for c in reference.categories)
                whom = [to.official("service", s) for s in reference.services]
                whom += [to.label("applicant", a) for a in reference.applicants]
                shown = Cited.of([reference.cite], " ")
                yield line(2, f"{lead}: {either} ← {', '.join(whom)}", shown)
    for entry in version.not_supported:
        yield _not_supported(entry, version, to)
    for unclear, papers in zip(version.unclear, version.settled_by, strict=True):
        yield line(2, Mark("?"), f" {passage(unclear, to)}")
        if papers:
            yield line(4, to.pick("有下列材料,怎么理解都够:", "enough whatever it means:"))
            yield from requirement_lines(papers, 6, to, version.cite)
    for note in version.notes:
        yield line(2, Lead("· "), to.say(note))


def _nothing_named(version: ShownVersion, to: Language) -> str:
    """Why there is no requirement."""
    if version.withdrawn:
        return to.pick("来源撤下了这个类目", "the source withdraws the category")
    if version.none_required:
        return to.pick("来源写明不需要材料", "the source says that no document is asked for")
    if version.elsewhere:
        return to.pick("要什么材料须另行确认", "what it asks for is told elsewhere")
    return to.pick("来源未列明材料", "the source names no document")


def _scope(scope: ScopeResult, to: Language) -> str:
    when = f" ({to.label('condition', scope.when)})" if scope.when else ""
    return f"{to.official('service', scope.service)}{when}{' ?' if scope.unclear else ''}"


def alternative_parts(number: int, alternative: ShownAlternative, to: Language) -> list[Part]:
    """A minimal alternative in one line, with the conditions under which it is one."""
    when = "; ".join(condition_text(condition, met, to) for condition, met in alternative.when)
    listed = " + ".join(_brief(document, to) for document in alternative.documents)
    shown = f"  ({when})" if when else ""
    branches = "/".join(dict.fromkeys(map(to.say, alternative.branches)))
    branch = f"{branches}: " if branches else ""
    if listed:
        return [Lead(f"{number}. "), branch + listed + shown]
    return [f"{number}. {branch}{to.pick('不需要材料', 'no document')}{shown}"]


def _brief(document: DocumentNeed, to: Language) -> str:
    """A document with no more than tells it apart from others."""
    if document.must_state or document.as_many_as:
        return document_text(document, to, lines=False)
    count = f" x{document.at_least}" if document.at_least > 1 else ""
    if document.up_to or document.at_most:
        count = f" {copies_text(document.at_least, document.up_to, document.at_most, to)}"
    holder = ""
    if document.holder != "applicant":
        label = to.label("holder", document.holder)
        holder = to.pick(f"({label}的)", f" (of {the(label)})")
    return f"《{to.official('document', document.document)}》{count}{holder}"


def _not_supported(entry: NotSupported, version: ShownVersion, to: Language) -> Line:
    advice = [word("remove", to.lang)] if entry.advice == "remove" else []
    listed = ", ".join([*(to.official("service", s) for s in entry.services), *advice])
    cite = Cite(version.source, entry.lines)
    lead = word("not_supported", to.lang)
    return line(2, Mark("⊘"), f" {lead}: {listed}", Cited.of([cite], " "))
