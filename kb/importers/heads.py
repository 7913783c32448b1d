"""The head of an entry: its label, the verb, the choice or list that it announces; how to apply."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.importers import words
from kb.importers.markers import number_of
from kb.importers.outline import enclosed
from kb.importers.text import Role, Span


@dataclass
class Head:
    """What stands before the papers of a line, and where the rest of the line is."""

    label: str = ""
    label_at: tuple[int, int] | None = None
    op: str = ""
    stated: int | None = None
    counts: tuple[int, int | None, int | None] = (1, None, None)
    verb: bool = False
    listed: bool = False
    optional: bool = False
    contents: bool = False
    rest: tuple[int, int] = (0, 0)
    spans: list[Span] = field(default_factory=list)


_OP = rf"[(\[]?\s*(?:(?P<choice>{words.CHOICE.pattern})|(?P<all>{words.ALL_OF.pattern}))\s*[)\]]?"
_OP_START = re.compile(rf"[\s,:;]*{_OP}[\s,:]*")
_OP_END = re.compile(rf"(?:(?<=》)之?[中里]的?)?{_OP}[\s,:。;]*$")
_VERB_END = re.compile(
    r"(?:则|还|均|仅|应当|必须|(?:另|也)?(?:需要|需|须|应|请|要|可|得))*(?:在线|另行|另外|额外|补充)?(?:同时)?"
    r"(?:提供|提交|上传|具备|持有|出示|递交|补充提供)(?:以下|下列|如下|相应|对应)?(?:资质|材料|资料|文件|证件|证明)?(?:材料|文件)?[\s,:]*$"
)
_VERB_START = re.compile(rf"[\s,:]*{words.VERB.pattern}[\s,:]*")
_LISTED_END = re.compile(
    rf"(?:所需|需要|需)?(?:{words.REQUIRED.pattern}|资质文件如下|资料如下|材料如下|包括|如下)[\s,:]*$"
)
_PLEASE = re.compile(r"\s*(?P<word>请)(?=任|选|择|同时|从|在(?:以下|下列))")
_LISTED_START = re.compile(rf"[\s,:]*{words.REQUIRED.pattern}[\s,:]*")


def read_head(text: str, folded: str, start: int, end: int, has_children: bool) -> Head:
    """Reads the head of a line; `rest` is what remains to be read as a phrase."""
    head = Head(rest=(start, end))
    at, stop = start, end
    please = _PLEASE.match(folded, at, stop)
    if please:
        head.spans.append(Span(Role.FILLER, please.start("word"), please.end("word")))
        at = please.end()
    while True:
        at = _skip(folded, at, stop)
        moved = _lead(text, folded, at, stop, head)
        if moved is None:
            break
        at = moved
    op = _OP_END.search(folded, at, stop)
    if op and not head.op and (op.start() == at or not _quoted(folded, at, op.start(), stop)):
        _operator(head, op)
        stop = op.start()
    if has_children:
        listed = _LISTED_END.search(folded, at, stop)
        if listed:
            head.listed = True
            head.spans.append(Span(Role.FILLER, listed.start(), listed.end()))
            stop = listed.start()
        verb = _VERB_END.search(folded, at, stop)
        if verb:
            head.verb = True
            head.spans.append(Span(Role.FILLER, verb.start(), verb.end()))
            stop = verb.start()
        stop = _strip(folded, at, stop)
        if stop > at and not head.label:
            _label(text, head, at, stop)
            at = stop
    head.rest = (at, stop)
    return head


def _skip(folded: str, at: int, end: int) -> int:
    while at < end and (folded[at].isspace() or folded[at] in ",:;、"):
        at += 1
    return at


def _strip(folded: str, start: int, end: int) -> int:
    while end > start and (folded[end - 1].isspace() or folded[end - 1] in ",:;"):
        end -= 1
    return end


def _quoted(folded: str, start: int, at: int, end: int) -> bool:
    depth, _ = enclosed(folded[start:end])
    return depth[at - start] > 0


def _operator(head: Head, match: re.Match[str]) -> None:
    head.spans.append(Span(Role.OPERATOR, match.start(), match.end()))
    if match["all"]:
        head.op = "all"
        return
    head.op = "any"
    if match["n"]:
        head.stated = number_of(match["n"])
    head.counts = counts_of(match)


def counts_of(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    """How many of a choice are asked for: at least, up to, at most, by the words that say so."""
    least = number_of(match["k"] or match["any"] or match["least"] or "1") or 1
    most = number_of(match["most"] or match["limit"] or "")
    up_to = number_of(match["up"] or "")
    return least, up_to if up_to and up_to > least else None, most


def _lead(text: str, folded: str, at: int, end: int, head: Head) -> int | None:
    """Reads one thing at the beginning of a line; None where nothing more stands before papers."""
    if at >= end:
        return None
    op = _OP_START.match(folded, at, end)
    if op and not head.op and (op.end() == end or folded[op.end() - 1] in ":, )]" or op["all"]):
        _operator(head, op)
        return op.end()
    listed = _LISTED_START.match(folded, at, end)
    if listed and not head.listed:
        head.listed = True
        head.spans.append(Span(Role.FILLER, listed.start(), listed.end()))
        return listed.end()
    verb = _VERB_START.match(folded, at, end)
    if verb and not head.verb:
        head.verb = True
        head.spans.append(Span(Role.FILLER, verb.start(), verb.end()))
        return verb.end()
    if head.label:
        return None
    return _labelled(text, folded, at, end, head)


_COMMA_LABEL = re.compile(
    rf"(?P<label>[^《》,:;。\n]{{1,40}}?)[\s]*,\s*(?=(?:{_OP})|{words.VERB.pattern})"
)
_PLAIN_LABEL = re.compile(
    rf"(?P<label>[^《》,:;。()\n]{{2,40}}?)(?={words.VERB.pattern}\s*(?:《|$))"
    rf"|(?P<who>(?!且|并|同时|另)[^《》,:;。()、\n]{{2,20}}?)"
    rf"(?=(?:则|还|均)?(?:需要|需|须|应|请)+{words.BESIDES}?(?:(?:提供|提交|上传)(?!方|者|的)|《))"
)


def _labelled(text: str, folded: str, at: int, end: int, head: Head) -> int | None:
    depth, _ = enclosed(folded[at:end])
    colon = next((n for n in range(at, end) if folded[n] == ":" and not depth[n - at]), None)
    plain = colon is not None and not re.search(r"[《》;。“]", folded[at:colon])
    if colon is not None and plain and words.STATED_OF.search(folded, at, colon):
        plain = False  # `营业执照且经营范围包含：` names a paper and what it must state
    if colon is not None and plain and colon - at <= 90:
        stop = _trimmed(folded, at, colon, head)
        if stop > at:
            if words.CONTENTS.search(folded[at:stop]):
                head.contents = True
            if words.OPTIONAL.search(folded[at:stop]):
                head.optional = True
            _label(text, head, at, stop)
        return colon + 1
    for pattern in (_COMMA_LABEL, _PLAIN_LABEL):
        match = pattern.match(folded, at, end)
        if not match:
            continue
        stop = match.end("label" if match["label"] else "who")
        if not depth[stop - at] and folded[at:stop].strip():
            _label(text, head, at, stop)
            return match.end()
    return None


def _trimmed(folded: str, at: int, stop: int, head: Head) -> int:
    """Where a label ends before the operator and the verb that stand between it and the colon."""
    for _ in range(3):
        op = _OP_END.search(folded, at, stop)
        if op and not head.op:
            _operator(head, op)
            stop = op.start()
        listed = _LISTED_END.search(folded, at, stop)
        if listed and not head.listed:
            head.listed = True
            head.spans.append(Span(Role.FILLER, listed.start(), listed.end()))
            stop = listed.start()
        verb = _VERB_END.search(folded, at, stop)
        if verb and not head.verb:
            head.verb = True
            head.spans.append(Span(Role.FILLER, verb.start(), verb.end()))
            stop = verb.start()
        stop = _strip(folded, at, stop)
    return stop


def _label(text: str, head: Head, start: int, end: int) -> None:
    head.label = re.sub(r"\s+", " ", text[start:end]).strip(" ,，:：【】[]")
    head.label_at = (start, end)
    head.spans.append(Span(Role.LABEL, start, end))


@dataclass(frozen=True)
class Way:
    """A way to apply: the address and the title of the letter; `end` is where the words end."""

    way: str
    address: str
    title: str
    end: int


_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_AFTER = re.compile(
    r"(?:,|。|;|\s)*(?=申请邮件|邮件(?:必须|需|须|中)|(?:并|且)?(?:必须|需|须)?附上)"
)


def read_way(text: str, folded: str, start: int, end: int) -> Way | None:
    """The way to apply in a line, if it tells one."""
    address = _ADDRESS.search(folded, start, end)
    if not address:
        return None
    title = re.compile(r"标题(?:格式)?(?:为|:)+\s*").search(folded, address.end(), end)
    stop = title.end() if title else address.end()
    told = ""
    if title:
        follows = re.compile(r"\s*(?:申请邮件|邮件(?:必须|需|须)|。|\n)").search(
            folded, title.end(), end
        )
        stop = follows.start() if follows else end
        told = text[title.end() : stop].strip(" ，,。")
    else:
        sentence = re.compile(r"[。,;\n]").search(folded, address.end(), end)
        stop = sentence.start() if sentence else end
    after = _AFTER.match(folded, stop, end)
    return Way("by_email", address[0].rstrip("."), told, after.end() if after else stop)
