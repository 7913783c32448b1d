"""The summary of an audit for people, as text and as a page: its numbers with what they are of.

Its words are in `kb.render.audits`, its page in `kb.render.audit_page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kb.audit.ownership import unwritten
from kb.audit.since import Since
from kb.audit.summary import Summary
from kb.base.core import Core
from kb.model.writing import write_whole
from kb.render.audit_page import audit_page
from kb.render.audits import ORDER, Audited, Counted, Moved, Wanted, audit_lines
from kb.render.language import Language
from kb.render.outline import visible

MOST = 20
"""Documents listed as wanted most."""


def text(base: Core, summary: Summary, lang: str) -> str:
    """The summary as text."""
    to = Language(lang, base.facts.names)
    return "\n".join(map(visible, audit_lines(audited(base, summary), to))) + "\n"


def page(base: Core, summary: Summary, lang: str) -> str:
    """The summary as one html page that asks no other for anything."""
    return audit_page(audited(base, summary), Language(lang, base.facts.names))


def write(path: Path, base: Core, summary: Summary, lang: str) -> None:
    """Write the page to a file, whole or not at all. Raises `Problems` when it can not be
    written."""
    try:
        write_whole(path, page(base, summary, lang))
    except OSError as error:
        raise unwritten(path, error) from None


def audited(base: Core, summary: Summary) -> Audited:
    """What text and page tell."""
    run = summary.run
    return Audited(
        day=run.day if run else "",
        rules=run.version if run else "",
        source=run.source if run else "",
        output=run.output if run else "",
        drafts=run.drafts if run else False,
        apps=summary.rows - summary.refused,
        refused=summary.refused,
        rejects=str(summary.rejects or ""),
        repeated=summary.repeated,
        repeats=summary.repeats,
        verdicts={v: summary.verdicts[v] for v in ORDER if summary.verdicts[v]},
        reasons=_pairs(summary.whole),
        categories=tuple(
            Counted(category, {v: n for v, n in counts.items() if n}, _of(summary, category))
            for category, counts in summary.by_category().items()
        ),
        wanted=tuple(_wanted(base, summary)),
        conflicts=dict(summary.conflicts.most_common()),
        since=_moved(summary.since, run.version if run else "") if summary.since else None,
    )


def _pairs(counts: dict[str, int]) -> dict[tuple[str, str], int]:
    """Counts under two names, the largest first."""
    listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {_two(key): count for key, count in listed}


def _two(key: str) -> tuple[str, str]:
    first, _, second = key.partition("|")
    return first, second


def _of(summary: Summary, category: str) -> dict[tuple[str, str], int]:
    """The reasons in one category, by verdict."""
    lead = f"{category}|"
    return _pairs({k[len(lead) :]: n for k, n in summary.because.items() if k.startswith(lead)})


def _wanted(base: Core, summary: Summary) -> list[Wanted]:
    """The documents wanted most; what asks for the same in the same words is one."""
    asking, of_duties = _asking(summary.wanted_for), _asking(summary.wanted_by)
    found = []
    for key, count in sorted(summary.wanted.items(), key=lambda item: (-item[1], item[0]))[:MOST]:
        need = base.askable[key]
        found.append(
            Wanted(
                need.document,
                need.holder,
                need.at_least,
                tuple(need.must_state),
                count,
                asking.get(key, ()),
                need.at_most,
                of_duties.get(key, ()),
            )
        )
    return found


def _asking(counts: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """What asks for each document, by `need|what`, that of most rows first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for key, count in counts.items():
        wanted, what = _two(key)
        found.setdefault(wanted, []).append((-count, what))
    return {wanted: tuple(what for _, what in sorted(each)) for wanted, each in found.items()}


def _moved(since: Since, rules: str) -> Moved:
    return Moved(
        since.file,
        since.versions == (rules,),
        since.common,
        since.new,
        since.gone,
        dict(since.counts),
        tuple((move.app, move.before, move.after, move.reason) for move in since.moves),
    )
