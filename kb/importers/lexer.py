"""Cuts a phrase into the tokens of the grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.importers import words

PAIRS = {"《": "》", "(": ")", "[": "]", "“": "”", '"': '"'}


@dataclass(frozen=True, slots=True)
class Piece:
    """A token: its kind, its place, and for a connective how loosely it binds."""

    kind: str
    start: int
    end: int
    loose: int = 0


STRONG_END = re.compile(rf"(?:{'|'.join(sorted(words.STRONG, key=len, reverse=True))})$")
_WEAK = re.compile(rf"(?:{'|'.join(sorted(words.WEAK, key=len, reverse=True))})$")
_CONNECTIVE = re.compile(
    rf"(?P<OR>(?:和|与|以?及)/或|(?i:and/or|(?<![a-z])or(?![a-z]))|\|+|[,;。]?\s*{words.ALSO.pattern}|或者|或是|或(?!以上|者以上|区域|其授权))"
    r"|(?P<AND>[,;]?\s*(?:同时|并|另外|另|还|且)+(?:需要?|须|应)?(?:提供|提交|上传)(?!方|者|的)|以及|并且|(?<=[》)\s])且(?=\s*《)|(?<![涉普以])及(?!其(?!他)|以上|格)|(?<![共谐饱调中温缓])和(?!国|解|谐|平)|(?<=[\s》)])与|(?<![参给授赠])与(?!会|否|其中)|同|\+|&+|(?i:(?<![a-z])and(?![a-z])))"
    r"|(?P<SL>/)|(?P<ENUM>、)|(?P<COMMA>,)|(?P<SEMI>[;。])|(?P<COLON>:)"
)


def pieces(folded: str, start: int, end: int) -> list[Piece]:
    """The tokens of a stretch; every character that is no blank is in one of them."""
    found: list[Piece] = []
    at = plain = start

    def flush(until: int) -> None:
        nonlocal plain
        _chunk(folded, plain, until, found)
        plain = until

    while at < end:
        c = folded[at]
        if c in '《([“"':
            close = _close(folded, at, end)
            if c == "[" and close is None:
                at += 1
                continue
            flush(at)
            if close is None:
                close = _damaged(folded, at, end)
            if c == "(" and _papers_in(folded, at, close, found):
                found.append(Piece("LP", at, at + 1))
                found += pieces(folded, at + 1, close - 1)
                found.append(Piece("RP", close - 1, close))
                at = plain = close
                continue
            kind = {"《": "TITLE", "(": "BR", "[": "QUOTE"}.get(c, "QUOTE")
            if kind == "QUOTE" and c != "[" and _titles(folded, at, close, start, end):
                kind = "TITLE"
            found.append(Piece(kind, at, close))
            at = plain = close
            continue
        whole = _WHOLE.match(folded, at, end)
        if whole and whole[0].strip(" 的+"):
            flush(at)
            found.append(Piece("COUNT" if whole["COUNT"] else "FORM", at, whole.end()))
            at = plain = whole.end()
            continue
        match = _CONNECTIVE.match(folded, at, end)
        if match and match.lastgroup and match[0] != "同":
            if match.lastgroup == "SL" and _inside_word(folded, at, start, end):
                at += 1
                continue
            flush(at)
            found.append(
                Piece(match.lastgroup, at, match.end(), _loose(folded, at, match.end(), start, end))
            )
            at = plain = match.end()
            continue
        if c in "》)]”":
            flush(at)
            found.append(Piece("STRAY", at, at + 1))
            at = plain = at + 1
            continue
        at += 1
    flush(end)
    return _must(folded, found, end)


_JOINED = re.compile(
    r"》[^《》,;。]{0,12}(?:或|及|和|与|、|\+|/|并|\||(?i:or|and))\s*(?:者)?[^《》,;。]{0,12}《"
)


def _papers_in(folded: str, at: int, close: int, before: list[Piece]) -> bool:
    """Whether a bracket holds papers together, as in `(《甲证》或《乙证》)和《丙证》`: it begins
    the phrase or follows what joins papers."""
    joins = not before or before[-1].kind in ("OR", "AND", "ENUM", "COMMA", "SEMI", "SL", "LP")
    inner = folded[at + 1 : close - 1]
    whole = folded[close - 1] == ")" and inner.lstrip().startswith("《")
    return joins and whole and bool(_JOINED.search(inner))


_FREE_BEFORE = re.compile(r"(?:^|[\s的或和与及、,;:)》”+/]|提供|提交)$")
_FREE_AFTER = re.compile(r"\s|[或和与及、,;(。+/]|且|$")


def _titles(folded: str, at: int, close: int, start: int, end: int) -> bool:
    """Whether quotes stand for the marks of a title: a paper is named in them, and they stand
    alone."""
    inner = folded[at + 1 : close - 1]
    free = _FREE_BEFORE.search(folded[start:at]) and _FREE_AFTER.match(folded[close:end])
    return bool(free and folded[close - 1] in '”"' and STRONG_END.search(inner))


def _inside_word(folded: str, at: int, start: int, end: int) -> bool:
    """Whether a slash stands inside letters and digits, as in an address."""
    before = folded[at - 1] if at > start else " "
    after = folded[at + 1] if at + 1 < end else " "
    if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
        return True
    # `合作/授权协议`, `分/子公司`: one word with two beginnings, no choice between two things.
    short = re.search(r"(?:^|[的或和与及、,:;/)》\s])([^\W的或和与及、]{1,2})$", folded[start:at])
    return bool(short) and not re.match(r"\s", after) and after not in '《("“'


def _loose(folded: str, start: int, end: int, first: int, last: int) -> int:
    before = folded[first:start]
    after = folded[end:last]
    around = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    if "\n" in around:
        return 3
    if folded[start:end] in ("/", "、", "&", "&&"):
        return 0
    return 2 if around else 1


def _close(folded: str, at: int, end: int) -> int | None:
    opened, closing = folded[at], PAIRS[folded[at]]
    depth = 0
    for n in range(at, end):
        c = folded[n]
        if c == "\n" and opened not in "(":
            return None
        if opened == "“" and n > at and c == "“" and depth == 1:
            # A second opening quote where a closing one belongs: the quotes are damaged.
            return n + 1
        if c == closing and (opened != closing or n > at):
            depth -= 1
            if depth <= 0:
                return n + 1
        elif c == opened:
            depth += 1
    return None


def _damaged(folded: str, at: int, end: int) -> int:
    """Where a bracket or title without its end may be taken to end."""
    if folded[at] == "《":
        for n in range(at + 1, end):
            if folded[n] in ")》(":
                return n + (folded[n] != "(")
        return end
    if folded[at] in '“"':
        for n in range(at + 1, end):
            if folded[n] in ",;。)\n或、":
                return n
        return end
    newline = folded.find("\n", at, end)
    return newline if newline > 0 else end


_MUST_AFTER = re.compile(rf"(?P<field>{words.FIELD})?\s*{words.MUST_VERB}")
_MUST_START = re.compile(
    r"\s*[,;]?\s*(?:且|并且|并|其)*[^\s,;:。()“”《》]{0,10}?"
    r"(?:范围|项目|种类|类型|科目|内容|名称|性质|形式|条款|类别)(?:中|内)?"
    r"(?:必须|应当|须|需|应|要|明确|清晰)*(?:包含|包括|含有(?!效)|含|载明|注明|明确|为|有)"
    r"|\s*[,]?\s*(?:且|并且|并)?(?:必须|须|需|应)?(?:含有(?!效)|包含|载明|注明)(?=\s*[“\"])"
    r"|\s*[,]?\s*(?:且|并且|并)?其中(?:必须|须|需|应)*(?:含有(?!效)|包含|含|有)"
)


def _must(folded: str, found: list[Piece], end: int) -> list[Piece]:
    """Makes one token of a clause after a title that tells what the paper must state."""
    for n, piece in enumerate(found):
        if not n or found[n - 1].kind not in ("TITLE", "DOC", "BR", "COMMA", "AND"):
            continue
        at = piece.start
        first = n
        while first and found[first - 1].kind in ("COMMA", "AND") and first > 1:
            first -= 1
        if first == 0:
            continue
        match = _MUST_START.match(folded, at, end)
        if not match or piece.kind in ("TITLE", "BR", "QUOTE"):
            continue
        stop = n
        while (
            stop < len(found)
            and found[stop].kind not in ("SEMI",)
            and not (
                found[stop].kind in ("AND", "OR", "SL")
                and (found[stop].loose == 3 or _title_follows(found, stop))
            )
        ):
            stop += 1
        start = found[first].start
        return [
            *found[:first],
            Piece("MUST", start, found[stop - 1].end),
            *_must(folded, found[stop:], end),
        ]
    return found


def _title_follows(found: list[Piece], at: int) -> bool:
    """Whether a title stands in what a connective joins."""
    for piece in found[at + 1 :]:
        if piece.kind in ("TITLE", "AND", "OR", "SL", "ENUM", "COMMA", "SEMI"):
            return piece.kind == "TITLE"
    return False


_SCOPE_OF = re.compile(
    r"[^\W的]{0,16}?(?:执照|许可证|证书|备案证|登记证|资格证)"
    r"(?=[,]?(?:且|并|其|中)*(?:经营|业务|服务|许可|核准|诊疗)?(?:范围|项目|种类|类型|科目)(?:中|内)?"
    r"(?:必须|应当|须|需|应|要)*(?:包含|包括|含|涵盖|有|为))"
)
_WHOLE = re.compile(
    rf"(?P<FORM>{words.FORM.pattern})|(?P<SEAL>{words.SEAL.pattern})|(?P<COUNT>{words.COUNT.pattern})"
)


def _chunk(folded: str, start: int, end: int, found: list[Piece]) -> None:
    """Cuts words without marks at each `的`."""
    while start < end:
        of = folded.find("的", start, end)
        stop = of if of >= 0 else end
        a, b = start, stop
        while a < b and folded[a].isspace():
            a += 1
        while b > a and folded[b - 1].isspace():
            b -= 1
        scope = _SCOPE_OF.match(folded, a, b)
        if scope:  # `营业执照经营范围包含`: the paper ends before what it must state
            found.append(Piece("DOC", a, scope.end()))
            a = scope.end()
        if a < b:
            text = folded[a:b]
            kind = "DOC" if STRONG_END.search(text) else "WEAK" if _WEAK.search(text) else "WORDS"
            found.append(Piece(kind, a, b))
        if of >= 0:
            found.append(Piece("DE", of, of + 1))
        start = stop + 1
