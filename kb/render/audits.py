"""The summary of an audit in words: names, reasons and papers, for its page and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.render.documents import copies_text
from kb.render.language import Language
from kb.render.stating import stated_text as text_of_need
from kb.render.words import REASONS, mark, word

ORDER = (
    "satisfied",
    "none_required",
    "none_stated",
    "missing",
    "undetermined",
    "not_open",
    "prohibited",
)
"""Verdicts in the order that bars and legends have them."""
PLAIN = ("complete", "none_required", "none_stated", "documents_missing")
"""Reasons that say no more than their verdict."""
SHOWN_CATEGORIES = 3
"""So many categories are named behind a paper."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A category with its rows by verdict, and those of each verdict by reason."""

    category: str
    verdicts: dict[str, int]
    reasons: dict[tuple[str, str], int]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that apps lack, or have more of than `at_most`: what it must state (of `a|b` one
    is enough), how many rows lack it, and in which categories and for which duties (their parts),
    those with most rows first."""

    document: str
    holder: str
    at_least: int
    must_state: tuple[str, ...]
    count: int
    categories: tuple[str, ...]
    at_most: int = 0
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """How verdicts moved since an earlier output."""

    file: str
    same_rules: bool
    common: int
    new: int
    gone: int
    counts: dict[tuple[str, str], int]
    apps: tuple[tuple[str, str, str, str], ...]
    """App, verdict before and after, reason of the new one."""


@dataclass(frozen=True, slots=True)
class Audited:
    """All that the text and the page of an audit tell, in ids and numbers."""

    day: str
    rules: str
    source: str
    output: str
    drafts: bool
    apps: int
    refused: int
    rejects: str
    repeated: int
    repeats: tuple[str, ...]
    verdicts: dict[str, int]
    reasons: dict[tuple[str, str], int]
    categories: tuple[Counted, ...]
    wanted: tuple[Wanted, ...]
    conflicts: dict[str, int]
    since: Moved | None


def share(count: int, whole: int) -> str:
    """A part of a whole in per cent; what is there is never 0.

    >>> share(1, 3), share(1, 100000), share(0, 3)
    ('33.3%', '<0.1%', '0%')
    """
    if not count or not whole:
        return "0%"
    per_cent = 100 * count / whole
    return "<0.1%" if per_cent < 0.05 else f"{per_cent:.1f}%"


def reason_word(reason: str, to: Language) -> str:
    """A reason code in words."""
    if reason == "not_open":  # as a verdict it says only that
        return to.pick("开放给别的主体或地区", "open to others or elsewhere")
    return to.pick(*REASONS[reason]) if reason in REASONS else reason


def wanted_text(wanted: Wanted, to: Language) -> str:
    """A document that is wanted: what, whose, how many."""
    named = to.label("document", wanted.document)
    said = to.pick(f"《{named}》", named)
    if wanted.holder != "applicant":
        holder = to.label("holder", wanted.holder)
        said += to.pick(f",由{holder}持有", f", held by the {holder}")
    if count := copies_text(wanted.at_least, None, wanted.at_most, to):
        said += to.pick(f",{count}", f", {count}")
    return said


def stated_text(wanted: Wanted, to: Language) -> str:
    """What a document must state."""
    return to.listed([text_of_need(text, to) for text in wanted.must_state])


def named_categories(wanted: Wanted, to: Language) -> str:
    """The categories in which a document is wanted, and the duties for which it is."""
    every = [to.label("category", category) for category in wanted.categories]
    named = (to.label("part", duty) for duty in wanted.duties)
    every += [to.pick(f"义务「{name}」", f"duty: {name}") for name in named]
    first = every[:SHOWN_CATEGORIES]
    more = len(every) - len(first)
    some = to.listed(first)
    return some + (to.pick(f" 等 {len(every)} 个", f" and {more} more") if more else "")


def repeated_text(found: Audited, to: Language) -> str:
    """What is said of ids that several rows have."""
    some = ", ".join(f"`{app}`" for app in found.repeats)
    more = " …" if found.repeated > len(found.repeats) else ""
    are = "id stands" if found.repeated == 1 else "ids stand"
    return to.pick(
        f"重复的 id: {found.repeated:,} 个 ({some}{more}); 输出中以行号区分",
        f"{found.repeated:,} {are} in several rows ({some}{more}): told apart by row",
    )


def moved_lines(moved: Moved, to: Language) -> Iterator[str]:
    """What is new since an earlier output, in numbers."""
    yield to.pick(f"与 {moved.file} 相比:", f"since {moved.file}:")
    if not moved.same_rules:
        yield to.pick(
            "  规则或事实已经不同,变化可能来自规则,不只来自应用",
            "  rules or facts differ, so that changes may come from them and not from the apps",
        )
    for (before, after), count in sorted(moved.counts.items(), key=lambda i: (-i[1], i[0])):
        yield (
            f"  {count:>9,}  {mark(before)} {word(before, to.lang)} → "
            f"{mark(after)} {word(after, to.lang)}"
        )
    same = moved.common - sum(moved.counts.values())
    yield f"  {same:>9,}  {to.pick('结论不变', 'with the same verdict')}"
    for count, said in (
        (moved.new, to.pick("新出现的应用", "apps that are new")),
        (moved.gone, to.pick("不再出现的应用", "apps that are gone")),
    ):
        if count:
            yield f"  {count:>9,}  {said}"


def audit_lines(found: Audited, to: Language) -> Iterator[str]:
    """The summary as text."""
    yield f"{found.apps:,} {to.pick('个应用', 'app' if found.apps == 1 else 'apps')}"
    for verdict, count in found.verdicts.items():
        if count:
            sign, said = mark(verdict), word(verdict, to.lang)
            yield f"  {sign} {said}: {count:,} ({share(count, found.apps)})"
    if found.refused:
        refused = to.pick("无法读取", "could not be read")
        yield f"  {refused}: {found.refused:,} -> {found.rejects}"
    if found.repeated:
        yield f"  {repeated_text(found, to)}"
    if found.since is not None:
        yield ""
        yield from moved_lines(found.since, to)
    if found.wanted:
        yield ""
        yield to.pick("最常缺的材料:", "documents wanted most:")
        for wanted in found.wanted:
            stated = stated_text(wanted, to)
            tail = to.pick(f",须写有:{stated}", f", must state: {stated}") if stated else ""
            yield f"  {wanted.count:>9,}  {wanted_text(wanted, to)}{tail}"
    if found.conflicts:
        yield ""
        yield to.pick(
            "来源说法不一的类目:", "categories whose readings ask for different documents:"
        )
        for category, count in found.conflicts.items():
            yield f"  {count:>9,}  {to.label('category', category)}"
