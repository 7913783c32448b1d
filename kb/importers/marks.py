"""What follows the name of a paper: brackets, clauses on what it must state, forms, counts."""

from __future__ import annotations

import re

from kb.importers import words
from kb.importers.markers import number_of
from kb.importers.outline import EXAMPLE, enclosed
from kb.importers.stated import EXAMPLES, Mark, bare, read_words
from kb.importers.text import Finding, Role

GRADE = re.compile(r"(?:[甲乙丙丁特]|第?[一二三四五])级(?:及以上|以上)?(?:资质)?")
_GRADE_AND = re.compile(rf"\s*(?P<grade>{GRADE.pattern})(?=(?:且|并且|并)[^,;]*(?:含|包括))")
_WITH = re.compile(
    r"\s*(?P<field>[^\s,;:。()“”]{0,8}?)(?P<verb>(?:必须|应当|须|需|应)与)(?=.+相关)"
)
_AMOUNT = re.compile(r"\s*(?:至少|不少于|不低于|最少)\d")
_STATES = re.compile(r"(?:含|载明|注明|包括)[^“]{0,4}“|[为是]:")
_AT_LEAST = re.compile(r"至少|不少于|不低于|最少|及以上|或以上")
_APPLIES = re.compile(r"(?:仅|只)?(?:适用于|适用|限于|仅限于?|针对)\s*")
_NOTE = re.compile(r"(?:注|备注|说明|示例|模板|可|点击|参考|参见|详见|见)\s*:?")
_PLAIN = re.compile(
    r"\s*(?P<field>)(?P<verb>(?:均|必须|须|需|应|要)*(?:含有(?!效)|包含|含|载明|注明|涵盖))\s*(?!以下)"
)
_VERB = re.compile(r"含|包|载明|注明|写明|标明|明确|为|是|有|体现|涵盖|明示")


def count_of(match: re.Match[str]) -> int:
    return number_of(match["low"]) or 1


def read_mark(text: str, folded: str, start: int, end: int, kind: str) -> Mark:
    """Reads a bracket (with its marks), a clause or a form that stands from `start` to `end`."""
    mark = Mark()
    if kind == "FORM":
        mark.form.append(bare(text[start:end]))
        mark.give(Role.FORM, start, end)
        return mark
    a, b = start, end
    if kind == "BR":
        a += 1
        b -= folded[end - 1] == ")"
    inner = folded[a:b].strip()
    lead = a + (len(folded[a:b]) - len(folded[a:b].lstrip()))
    count = words.COUNT.fullmatch(inner.rstrip("。;"))
    applies = _APPLIES.match(inner)
    if not inner:
        return mark
    if kind == "BR" and words.CHOICE.fullmatch(inner):
        mark.give(Role.OPERATOR, a, b)
    elif words.OPTIONAL_ALONE.fullmatch(inner):
        mark.optional = True
        mark.give(Role.OPERATOR, a, b)
        mark.findings.append(Finding("optional", a, b, inner, "note"))
    elif words.REQUIRED_ALONE.fullmatch(inner):
        mark.give(Role.FILLER, a, b)
    elif kind == "BR" and words.UNDER.match(inner):
        mark.notes.append(bare(text[a:b]))
        mark.give(Role.CONDITION, a, b)
        mark.findings.append(Finding("condition", a, b, inner))
    elif count:
        mark.count = count_of(count)
        mark.for_all = inner.startswith(("均", "各"))
        mark.give(Role.COUNT, a, b)
    elif applies and kind == "BR":
        stop = clauses(folded, lead, b)[0][1]
        mark.label = bare(text[lead + applies.end() : stop])
        mark.give(Role.FILLER, a, lead + applies.end())
        mark.give(Role.LABEL, lead + applies.end(), stop)
        for first, last in clauses(folded, stop, b):
            _clause(text, folded, first, last, mark)
    elif kind == "BR" and re.match(r"或(?!以上)", inner):
        mark.instead = (lead, b)
    elif _NOTE.match(inner) or (EXAMPLE.match(inner) or inner.startswith("如")):
        mark.notes.append(bare(text[a:b]))
        mark.give(Role.NOTE, a, b)
        _binding(inner, a, b, mark)
    elif inner.endswith(("颁发", "核发", "出具", "签发", "发放")) and len(inner) < 24:
        mark.issuer = words.ISSUED.sub("", bare(text[a:b]))
        mark.give(Role.ISSUER, a, b)
    else:
        for first, last in clauses(folded, a, b):
            _clause(text, folded, first, last, mark)
    return mark


def clauses(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of a stretch, parted at commas and semicolons outside brackets and quotes."""
    depth, _ = enclosed(folded[start:end])
    found, first, quoted = [], start, False
    for at in range(start, end):
        c = folded[at]
        quoted = c == "“" or (quoted and c != "”")
        if c in ",;。" and not depth[at - start] and not quoted:
            found.append((first, at))
            first = at + 1
    return [*found, (first, end)]


def _clause(text: str, folded: str, start: int, end: int, mark: Mark) -> None:
    part = folded[start:end]
    if not part.strip():
        return
    states = re.search(r"(?:含|包括|载明|注明|明确)[^,;]*、", part)
    sealed = words.SEAL.search(part) or (words.FILE_FORM.search(part) and "“" not in part)
    if sealed and not states:
        mark.form.append(bare(text[start:end]))
        mark.give(Role.FORM, start, end)
        return
    if GRADE.fullmatch(part.strip()):
        mark.must.append((bare(text[start:end]),))
        mark.give(Role.WORDS, start, end)
        return
    grade = _GRADE_AND.match(part)
    if grade:  # `甲级且专业范围包含乙`: two clauses without a comma
        stop = start + grade.end("grade")
        mark.must.append((bare(text[start:stop]),))
        mark.give(Role.WORDS, start, stop)
        start, part = stop, folded[stop:end]
    example = EXAMPLE.match(part.strip()) or re.match(r"如", part.strip())
    if example:
        quoted = [
            text[start + m.start(1) : start + m.end(1)] for m in re.finditer(r"“([^”]+)”", part)
        ]
        if quoted and mark.must and not mark.form:
            before = mark.must.pop()
            mark.notes.append("、".join(before))
            # `含“甲”相关，如“乙”`: the word itself is enough too.
            own = before if folded[:start].rstrip(", ").endswith(("”相关", "]相关")) else ()
            mark.must.append((*own, *(q.strip() for q in quoted)))
            mark.give(Role.WORDS, start, end)
        else:
            mark.notes.append(bare(text[start:end]))
            mark.give(Role.NOTE, start, end)
        return
    must = _PLAIN.match(part) or words.MUST.match(part)
    withal = _WITH.match(part)
    if withal:
        must = withal
    elif not must or not must["verb"] or not _VERB.search(must["verb"]):
        must = re.match(rf"\s*(?P<field>{words.FIELD})\s*(?P<verb>:)\s*", part)
    fits = must and len(part[must.end() :].strip()) > 0
    if must and fits:
        fits = not _AMOUNT.match(part, must.end())
    if must and fits and (must["field"] or "").strip() == "主体":
        fits = False  # who its owner is, which is no word in it
    if must and fits and not must["field"] and not withal:
        fits = not re.match(r"为|是|有|包括", must["verb"])
    if not must or not fits:
        count = words.COUNT.search(part)
        if count and count[0].strip() == part.strip():
            mark.count = count_of(count)
            mark.give(Role.COUNT, start, end)
            return
        mark.notes.append(bare(text[start:end]))
        mark.give(Role.NOTE, start, end)
        _binding(part, start, end, mark)
        if _STATES.search(part):
            mark.findings.append(Finding("words-unread", start, end, part.strip()))
        if (count or _AT_LEAST.search(part)) and not re.search(r"人|年|期|级|如", part):
            mark.findings.append(Finding("count-unread", start, end, part.strip()))
        return
    mark.for_all |= "均" in part[: must.end()]
    begin = start + must.end()
    tail = words.TAIL.search(folded, begin, end)
    stop = tail.start() if tail else end
    if stop == begin:
        stop = end
    example = re.compile(r"\s*\((?:如|例如|比如)[^()]*\)?\s*$").search(folded, begin, end)
    if example and example.start() > begin:
        mark.notes.append(bare(text[example.start() : end]))
        mark.give(Role.NOTE, example.start(), end)
        end = example.start()
        tail = words.TAIL.search(folded, begin, end)
        stop = tail.start() if tail and tail.start() > begin else end
    more: list[str] = []
    if example and folded[start : example.start()].rstrip().endswith(("”相关", "]相关")):
        # What counts as related is shown by example: one of these words is enough.
        listed = EXAMPLES.sub("", text[example.start() : example.end()])
        more = [w.strip(' “”"') for w in re.split(r"[、,，或]", listed) if w.strip(' “”"')]
    mark.give(Role.FIELD, start, begin)
    mark.give(Role.WORDS, begin, stop)
    mark.give(Role.FILLER, stop, end)
    field_ = (must["field"] or "").strip()
    if field_:
        mark.notes.append(bare(text[start:end]))
    read_words(text, folded, begin, stop, field_, folded[stop:end], mark)
    if more and len(mark.must) == 1:
        mark.must[0] += tuple(more)


def _binding(part: str, start: int, end: int, mark: Mark) -> None:
    """A note that asks for more than the papers do is told: it may change what is needed."""
    mark.for_all |= part.strip().startswith(("均", "各"))
    titles = "《" in part and not EXAMPLE.match(part.strip()) and not part.strip().startswith("如")
    if (titles and re.search(r"提供|提交|上传|代替|替代", part)) or re.search(
        r"涉及[^,。;]{0,16}(?:提供|提交)|(?:需|须|必须|应)(?:[^,。;]{0,12}(?:提供|提交|上传)|[^,。;]{0,4}含)",
        part,
    ):
        mark.findings.append(Finding("note-changes", start, end, part.strip()))
