"""What a bracket or clause adds to a paper, and which words a paper must state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.importers import words
from kb.importers.outline import enclosed
from kb.importers.text import Finding, Role, Span


@dataclass
class Mark:
    """What one bracket or clause adds to a paper."""

    must: list[tuple[str, ...]] = field(default_factory=list)
    form: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: int | None = None
    label: str = ""
    issuer: str = ""
    instead: tuple[int, int] | None = None
    for_all: bool = False
    optional: bool = False
    spans: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def give(self, role: Role, start: int, end: int) -> None:
        if start < end:
            self.spans.append(Span(role, start, end))


def bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,，;；。()（）+的")


EXAMPLES = re.compile(r"^[\s(（]*(?:例如|比如|如)\s*[:：]?|等?[)）]?\s*$")

_JOINT = re.compile(r"或者|或是|或|/|、|以及|及(?!其)|和|与|,|(?<=”)\s*(?=“)|(?<=\])\s*(?=\[)")
_HALVES = re.compile(r"\s*“(?P<a>[^\W/]{3,})/(?P<b>[^\W/]{3,})”\s*")
_ONE = re.compile(r"之一|其一|(?:其中|任意|任选|至少)(?:一|1)")
_SCOPE = re.compile(r"范围|项目|种类|类别|类型")


def read_words(
    text: str, folded: str, start: int, end: int, of: str, tail: str, mark: Mark
) -> None:
    """Reads which words must stand there, all or one of them."""
    quoted = "“" in folded[start:end] or "[" in folded[start:end] or '"' in folded[start:end]
    items: list[tuple[int, int]] = []
    joints: list[str] = []
    depth, _ = enclosed(folded[start:end])
    first, inside = start, False
    at = start
    while at < end:
        c = folded[at]
        joint = _JOINT.match(folded, at, end)
        free = not inside and not depth[at - start]
        if (
            joint
            and free
            and (quoted or joint[0] in ("、", "或", "或者", "或是", "/", "及", "以及", ","))
        ):
            items.append((first, at))
            joints.append(joint[0].strip())
            first = joint.end()
            if joint[0]:
                at = first
                continue
        if c in "“”":
            inside = c == "“" and not inside
        at += 1
    items.append((first, end))
    parting = ("或", "或者", "、", "或是", "及", "以及", "/")
    if quoted and not _only_quotes(folded, items) and not any(j in parting for j in joints):
        items, joints = [(start, end)], []
    if len(items) == 1 and (halves := _HALVES.fullmatch(folded, start, end)):
        mark.must.append(tuple(text[a:b] for a, b in (halves.span("a"), halves.span("b"))))
        return
    told = [word for a, b in items if (word := _word(text, folded, a, b))]
    one = re.fullmatch(r"\s*“([^“”]*、[^“”]*)”\s*", folded[start:end])
    if one and tail:  # `“甲、乙”等`: a licence hardly has them in one run
        told = [
            word.strip() for word in text[start + one.start(1) : start + one.end(1)].split("、")
        ]
        mark.must += [(word,) for word in told]
        mark.findings.append(Finding("words-list", start, end, text[start:end]))
        return
    if not told or any(re.search(r"(?:除|非|不)[^“]{0,3}“", word) for word in told):
        mark.notes.append(bare(text[start:end]))
        mark.findings.append(Finding("words-unread", start, end, text[start:end]))
        return
    if len(told) == 1 and re.search(r"或者?", told[0]) and folded[start:end].count("“") <= 1:
        told, joints = [w.strip() for w in re.split(r"或者?", told[0]) if w.strip()], ["或"]
    either = any(j in ("或", "或者", "或是") for j in joints) or bool(_ONE.search(tail))
    if not either and "/" in joints and len(told) == len(joints) + 1:
        choices = [[told[0]]]
        for parted, word in zip(joints, told[1:], strict=True):
            if parted == "/":
                head = choices[-1][0]
                shared = head[:-2] if len(word) == 2 and len(head) >= 4 else ""
                if shared:  # `宠物食品/用品`: two ends of one word, or two words
                    mark.findings.append(Finding("slash", start, end, text[start:end]))
                choices[-1].append(shared + word)
            else:
                choices.append([word])
        mark.must += [tuple(choice) for choice in choices]
        return
    if len(told) == 1 or either:
        mark.must.append(tuple(told))
        ors = [n for n, j in enumerate(joints) if j in ("或", "或者", "或是")]
        listed = bool(ors) and "、" in joints[ors[-1] :]  # `甲或乙、丙`, but not `甲、乙或丙`
        if either and (listed or any(j in ("及", "和", "与", "以及") for j in joints)):
            mark.findings.append(Finding("words-mixed", start, end, text[start:end]))
    elif _SCOPE.search(of) and all(j == "、" for j in joints) and folded[start] != "[":
        # `住宿、客房等与住宿相关` gives examples; of a bare list a licence that has all is enough.
        mark.must += [tuple(told)] if tail.startswith("等与") else [(word,) for word in told]
        mark.findings.append(Finding("words-list", start, end, text[start:end]))
    else:
        mark.must += [(word,) for word in told]


def _only_quotes(folded: str, items: list[tuple[int, int]]) -> bool:
    return all(
        re.fullmatch(r"\s*(?:[“\[\"].*[”\]\"“])\s*|\s*", folded[a:b], re.DOTALL) for a, b in items
    )


_LEAD = re.compile(r"^(?:[^“”]{0,16}?可以?(?:进行|开展|从事)|提供|对)(?=.{3})")
"""What leads in the words of an agreement and is none of them; behind a colon words are literal."""


def _word(text: str, folded: str, start: int, end: int) -> str:
    start += len(folded[start:end]) - len(folded[start:end].lstrip())
    part, shown = folded[start:end].rstrip(), text[start:end]
    quoted = [
        shown[m.start(1) : m.end(1)] for m in re.finditer(r"[“\[\"]([^”\]\"“]+)[”\]\"“]?", part)
    ]
    if len(quoted) == 1:
        around = re.sub(r"[“\[\"][^”\]\"“]+[”\]\"“]?", "", part).strip()
        if not re.search(
            r"[、,;]|不|非|除|无", around
        ):  # the words around say more of what is quoted
            return quoted[0].strip()
    kept = words.TAIL.sub("", text[start:end]).strip(" ：:、，,；;")
    if kept.count("“") != kept.count("”") or quoted == [kept.strip('“”"[]【】')]:
        kept = kept.strip('“”"[]【】')
    if "“" not in part and "[" not in part and folded[:start].rstrip()[-1:] != ":":
        kept = _LEAD.sub("", kept)
    return re.sub(r"\s+", " ", kept)
