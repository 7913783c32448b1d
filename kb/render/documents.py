"""A document in one line, and cites in brackets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.answers.results import CategoryResult
from kb.base.results import DocumentNeed
from kb.lang.syntax import Cite, ranges
from kb.model.requirements import CHOICE
from kb.model.schema import EITHER, composed_of
from kb.render.language import Language
from kb.render.outline import Cited, Part
from kb.render.stating import stated_text


def cites(found: Iterable[Cite]) -> str:
    """Cites as they stand in brackets: `law 3-4; guide 9`."""
    return "; ".join(f"{cite.source} {ranges(cite.lines)}".strip() for cite in found)


def category_name(result: CategoryResult, to: Language) -> str:
    """What the text in force calls a category."""
    return result.name or to.official("category", result.category)


def placed(lines: tuple[int, ...], among: Iterable[Cite]) -> Cited:
    """Lines whose source is told around them: the one that `among` cites with all of these lines,
    where it is one."""
    sources = {cite.source for cite in among if set(lines) <= set(cite.lines)}
    found = tuple(Cite(source, lines) for source in sources) if len(sources) == 1 else ()
    return Cited(ranges(lines), cites=found)


def document_parts(
    needed: DocumentNeed, to: Language, *, lines: bool = True, among: Iterable[Cite] = ()
) -> tuple[Part, ...]:
    """A document with whose it is, how many, what it states, and its lines, which are of one of the
    sources that are cited around it (`among`)."""
    named = to.official("document", needed.document)
    meaning = to.label("document", needed.document)
    title = f"《{named}》" + ("" if meaning == named else f" ({meaning})")
    choice = needed.document.startswith(CHOICE)
    if choice:
        title = to.label("document", needed.document)
    parts = [title]
    if needed.holder != "applicant" and not choice:
        holder = to.label("holder", needed.holder)
        parts.append(to.pick(f"由{holder}持有", f"held by {the(holder)}"))
    if choice and needed.held is not None:
        parts.append(to.pick(f"现有 {needed.held} 项", f"{needed.held} held"))
    elif not choice:
        count = copies_text(needed.copies, needed.up_to, needed.at_most, to)
        parts += [count] if count else []
        if needed.as_many_as:
            parts.append(as_many_text(needed.as_many_as, to))
        if needed.held is not None and (count or needed.as_many_as):
            parts.append(to.pick(f"现有 {needed.held} 份", f"held {needed.held}"))
    if needed.must_state:
        parts.append(to.pick("须写有:", "must state: ") + words_text(needed.must_state, to))
    parts += remark_texts(needed, to)
    text = to.pick(",", ", ").join(parts)
    if lines and needed.lines:
        return text, placed(needed.lines, among)
    return (text,)


def copies_text(least: int, up_to: int | None, most: int | None, to: Language) -> str:
    """How many copies are asked for, where it is not just "one": a least, a range, a limit."""
    ends = []
    if up_to:
        ends.append(to.pick(f"{least} 至 {up_to} 份", f"{least} to {up_to}"))
    elif least > 1:
        ends.append(to.pick(f"至少 {least} 份", f"at least {least}"))
    if most:
        ends.append(to.pick(f"至多 {most} 份", f"at most {most}"))
    return to.pick("、", ", ").join(ends)


def remark_texts(needed: DocumentNeed, to: Language) -> list[str]:
    """Of whom each a document is asked, who issues it, its form, what else the source says of it,
    and the duties that it keeps."""
    found = []
    if needed.each:
        role = to.label("holder", needed.each)
        each = to.pick(f"每个{role}各一份", f"one for each {role}")
        if needed.parties:
            # There may be as many in hand as are asked for, of others.
            names = to.listed(list(needed.parties))
            each += to.pick(f"(还缺{names}的)", f" (still wanted of {names})")
        found.append(each)
    if needed.issuer:
        found.append(to.pick("颁发:", "issued by: ") + to.label("authority", needed.issuer))
    found += [to.say(form) for form in needed.form]
    if needed.note:
        found.append(to.say(needed.note))
    if needed.only_if:
        words = to.listed([condition_text(c, met, to) for c, met in needed.only_if])
        found.append(to.pick(f"仅当:{words}", f"only if: {words}"))
    for duty in needed.duties:
        name = to.label("part", duty)
        found.append(to.pick(f"用于义务「{name}」", f"for the duty: {name}"))
    return found


def as_many_text(attribute: str, to: Language) -> str:
    """That there must be as many as a number of the app says."""
    label = to.label("attribute", attribute)
    return to.pick(f"份数同「{label}」", f"as many as: {label}")


def the(label: str) -> str:
    """An English label with its article, where it brings none.

    >>> the("partner"), the("a member of the applicant")
    ('the partner', 'a member of the applicant')
    """
    return label if label.startswith(("a ", "an ", "the ")) else f"the {label}"


def words_text(words: Sequence[str], to: Language) -> str:
    """Words that a document must state; of `a|b` one is enough.

    A choice stands in brackets where other words stand beside it.
    """
    several = len(words) > 1
    return to.listed(
        [f"({said})" if several and EITHER in word else said for word, said in _said(words, to)]
    )


def _said(words: Sequence[str], to: Language) -> list[tuple[str, str]]:
    return [(word, stated_text(word, to)) for word in words]


def document_text(needed: DocumentNeed, to: Language, *, lines: bool = True) -> str:
    """A document in one line of text."""
    return "".join(map(str, document_parts(needed, to, lines=lines)))


def condition_text(condition: str, met: bool, to: Language) -> str:
    """A condition that must be met, or must not be. That it is not so that one is not met says that
    this one is."""
    must, mustnt = composed_of(condition)
    if not met and not must and len(mustnt) == 1:
        condition, met = mustnt[0], True
    label = to.label("condition", condition)
    return label if met else to.pick(f"「{label}」不成立", f"not: {label}")
