"""Signs that a cell lost something: what was read may be less than what was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.importers import words
from kb.importers.lexer import STRONG_END
from kb.importers.papers import Node, Paper
from kb.importers.text import Finding, Role, Span, runs

_PAPER = r"(?:许可证|授权|执照|证书|证明|批文|协议|合同|授权书|备案|凭证|登记证|文件)"
_STARTS = re.compile(r"(?m)^[ ]*(?P<rest>[、.)])(?=\s*[^\s\d.、)])")
"""A line that begins with the half of a marker: its number was lost."""
_NUMBERLESS = re.compile(
    r"(?<![\d一二两三四五六七八九十几多数各每这该\-~至到\w])(?:家|份|张|个)(?:或者?|及其?)?以上"
)
_WITHOUT_JOINT = re.compile(rf"(?P<one>{_PAPER})(?:相关|有关|相应|对应)[^的]{{0,8}}{_PAPER}$")
_TWO_PAPERS = re.compile(
    r"(?:许可证|牌照|执照|证书|证明|批文|登记证)[ ]+\S+(?:许可证|牌照|执照|证书|证明|豁免书)$|"
    r"(?:协议|合同|许可证|执照|证书|批文|授权书|登记证)(?:授权|许可|批准|备案|合作|登记)"
    r"(?:文件|证明|协议|合同|书|证)$"
)
_OR_INSIDE = re.compile(r"(?P<one>[^的]*)或(?!者以上|以上|其)[^的]*$")
_NOUN = re.compile(rf"(?:{'|'.join(words.WEAK)})$")
_BEFORE_TITLE = re.compile(rf"{_PAPER}[ ]+(?=《)")
_BESIDE_AGREEMENT = re.compile(r"[》)][ ]+与[^《》或,;。\n]{2,24}的(?=[^,;。\n]{0,4}(?:协议|合同))")
_BESIDE = re.compile(r"”[ ]*(?=“)")
_ONE_OF = re.compile(r"[^,;。()\n]*之一")
_ITEMS = re.compile(
    rf"^(?:{words.FIELD})?[^《》“”]*、[^《》“”]*等(?:相关)?(?:内容|信息|服务说明|内容信息|相关)+$"
    r"|^[^《》“”、]{2,}、[^《》“”、]{2,}等相关$"
)
"""`测试主体、测试时间等信息`: words that must be stated, whose verb was lost."""
_FIELD_ONLY = re.compile(
    rf"^{words.FIELD}(?:必须|须|需|应|要|包)?\s*[“\"\[]"
    r"|(?:范围|项目|种类|内容)(?:必须|须|需|应|包)(?!与|[明含包载注写标体涉]|括|有|为|[求要])"
)
"""A field whose verb is lost or torn."""
_VERB_LEFT = re.compile(
    r"(?:必须|应当|须|需|应)(?:[明含包载注写标](?:确|有|括)?|有|为)|包含(?!至少)|含有(?!效)|载明|注明|^含"
)
_TYPED = re.compile(
    r"^(?:名称|类型|性质|等级|级别)[^为是含:、“]{2,}$|^(?!主体)[^\s为是《》]{1,3}(?:类型|型|质|质量|别)?为[^《》]{2,}$"
)
_BARE_WORDS = re.compile(r"^(?:“[^“”]+”[或、和及与/ ]*)+[^“”:]{0,6}$|^[^:《》“”/.]{2,6}:[^/]")
_QUOTED = re.compile(r"(?:含|范围|项目|内容|开展)[^“]{0,6}“")
_TORN_GRADE = re.compile(r"^[甲乙丙丁]$|^级$|[甲乙丙丁]级.*(?:且|并).*(?:含|包括)")
_SCOPE_IN_NAME = re.compile(r"(?:范围|项目|种类|内容)(?:须|需|应|要|包)")
_NOT_ASKED = re.compile(
    r"(?:不需要?|无需|无须|毋须|不必|不用|不再|免[于予]|免(?=提供|提交|上传))(?:再|另行|另外|额外)?"
    r"(?:提供|提交|上传|具备|持有|办理|取得)?[^,;。、\n《》()]{0,6}$"
)
"""Before the name of a paper: it is said not to be needed."""
_BUT_NOT = re.compile(
    r"[)》]?\s*(?:除外|不在此列|不包括在内|不(?:予|被)?(?:接受|支持|认可|适用|需要?|必)|无需|无须|暂不|无效|不可)"
)
"""Behind the name of a paper: it is not taken, or not needed."""
_AND_MORE = re.compile(
    r"》[^《》]*?(?:等|及其|除外|不[^《》]*|暂[^《》]*)(?:材料|资质|文件|证件|证明)?$"
)
"""A title with words behind it that leave open what else is meant."""
_TAIL = re.compile(rf"》[^《》]*(?<!》)(?<!{')(?<!'.join(sorted({*words.STRONG, *words.WEAK}))})$")
"""A title with words behind it that are no noun of papers: they belong to something else."""
_NO_PAPER = re.compile(
    r"^同(?:上|左|前|样|\[)|^同.*(?:类目|要求)|(?:要求|资质)(?:一致|相同)$|^(?:请|烦请|可)?(?:联系|咨询|致电|发送|登录|访问|前往|点击|填写|关注|添加)"
)
"""What somebody is to do, and no paper."""
_VALUE = re.compile(
    r"(?:注册|实缴|资本|资金|成立|保额|面积|时间|年限|有效期限?)[^,。;()]{0,8}"
    r"(?:超过|不低于|不少于|不小于|大于|高于|满|达到|至少)[^,。;()]{0,3}[\d一二两三四五六七八九十百]"
)
"""`注册资本超过500万`: a value that must stand in the paper, or be true of the applicant."""
_DAY = re.compile(r"\d年|\d月|\d日|(?:之|以)前")
_TURNS = re.compile(
    r"(?:无法|不能|未能|没有|若无|如无|暂无|尚未|未)(?:提供|提交|取得|办理|持有|具备|获得)?|代替|替代|替换|否则|除外|免(?:予|提供|提交)|"
    rf"{_DAY.pattern}|若|如果|还[需须]|"
    r"(?:的|时|^),?(?:提供|提交|上传)|"
    r"(?:可|则)(?:以|用|由|凭|提供|提交)|二选一|[选择]其?一|必[备填选传]"
)
"""Words that turn what is asked for into something else: in a note they were not understood."""
_NUMBERED = re.compile(r"第\s*[\d一二三四五六七八九十]+\s*(?:、|项|条|款|点|种)|[①-⑳]|\([1-9]\)")
"""An entry of the list by its number."""
_MANY = 10
"""No table asks for so many of one paper: two numbers ran together."""


def doubts(folded: str, roles: tuple[Role, ...], node: Node | None) -> Iterator[Finding]:
    """Findings for what looks as if a character of the cell were missing."""
    for match in _STARTS.finditer(folded):
        yield Finding("marker-lost", match.start("rest"), match.end("rest"), match["rest"])
    for match in _NUMBERLESS.finditer(folded):
        yield Finding("count-unread", *match.span(), match[0])
    for pattern in (_BEFORE_TITLE, _BESIDE_AGREEMENT):
        for match in pattern.finditer(folded):
            if roles[match.start()] is not Role.LABEL:
                yield Finding("operator-unsaid", *match.span(), match[0])
    for match in _VALUE.finditer(folded):
        if roles[match.start()] is Role.NOTE:
            yield Finding("count-unread", *match.span(), match[0])
    for match in _BESIDE.finditer(folded):
        if roles[match.start() - 1] is Role.WORDS and not _ONE_OF.match(folded, match.end()):
            yield Finding("words-list", match.start(), match.end() + 1, match[0])
    for span in runs(_without_blanks(roles)):
        if span.role is Role.NOTE:
            yield from _unread_words(folded, span)
        if span.role is Role.HOLDER and _DAY.search(folded, span.start, span.end):
            yield Finding("note-changes", span.start, span.end, folded[span.start : span.end])
        if span.role in (Role.NOTE, Role.LABEL):
            told = folded[span.start : span.end]
            if span.role is Role.NOTE and _TURNS.search(told):
                yield Finding("note-changes", span.start, span.end, told)
            if _NUMBERED.search(told):
                yield Finding("head-and-list", span.start, span.end, told)
        if span.role is Role.WORDS and re.search(
            r"”[^“”、或和及与,]*(?:范围|项目|种类)[^“”]*含", folded[span.start : span.end]
        ):
            yield Finding("words-unread", span.start, span.end, folded[span.start : span.end])
    if node:
        yield from _optional_choices(node)
    for paper in node.papers() if node else ():
        yield from _of_paper(folded, paper)


def _optional_choices(node: Node) -> Iterator[Finding]:
    """Papers that may be left out and yet stand in a choice: to choose one would be to choose
    nothing."""
    for part in node.parts:
        if node.op == "any" and part.paper and part.paper.optional:
            yield Finding("optional", part.start, part.end, part.paper.name)
        yield from _optional_choices(part)


def _without_blanks(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """The roles with blanks counted to what stands before them."""
    found: list[Role] = []
    for role in roles:
        found.append(found[-1] if found and role is Role.BLANK else role)
    return tuple(found)


def _unread_words(folded: str, span: Span) -> Iterator[Finding]:
    """Clauses of a bracket that name words to be stated and were taken for a note."""
    start, end = span.start, span.end
    before, after = folded[:start].rstrip(), folded[end:].lstrip()
    if before[-1:] not in ("(", ",", ";") or after[:1] not in (")", ",", ";", ""):
        return
    part = folded[start:end].strip(" ()")
    if re.match(r"(?:例如|比如|如|例|注|若|可(?![^“]*“)|仅|详见|参考)", part):
        return
    if (
        _ITEMS.search(part)
        or _FIELD_ONLY.search(part)
        or _TYPED.match(part)
        or _BARE_WORDS.match(part)
        or _QUOTED.search(part)
        or _TORN_GRADE.search(part)
        or (_VERB_LEFT.search(part) and len(part) < 60)
    ):
        yield Finding("words-unread", start, end, part)


def _of_paper(folded: str, paper: Paper) -> Iterator[Finding]:
    start, end = paper.start, paper.end
    side_by_side = _WITHOUT_JOINT.search(paper.name) or _TWO_PAPERS.search(paper.name)
    if not paper.titled and side_by_side:
        yield Finding("operator-unsaid", start, end, paper.name)
    inside = None if paper.titled or "“" in paper.name else _OR_INSIDE.search(paper.name)
    if inside and not _NOUN.search(inside["one"]):
        yield Finding("ambiguous", start, end, paper.name)
    before = folded[max(0, start - 24) : start]
    if _NOT_ASKED.search(before) or _BUT_NOT.match(folded, end) or _BUT_NOT.search(paper.name):
        yield Finding("not-asked", start, end, paper.name)
    written = folded[start:end]
    if (paper.titled and (_AND_MORE.search(written) or _TAIL.search(written))) or _NO_PAPER.match(
        paper.name
    ):
        yield Finding("noun-unknown", start, end, paper.name)
    if not paper.titled and _VALUE.search(paper.name) and not STRONG_END.search(paper.name):
        yield Finding("count-unread", start, end, paper.name)  # what is true of the applicant
    if paper.at_least >= _MANY:
        yield Finding("count-unread", start, end, str(paper.at_least))
    if paper.titled and "与" in paper.of and not paper.party:
        yield Finding("holder-unknown", start, end, paper.of)  # of both, and no agreement
    told = any(f.code == "holder-unknown" for f in paper.findings)
    if words.AGREEMENT.search(paper.name) and paper.holder != "applicant" and not told:
        yield Finding("holder-unknown", start, end, paper.name)  # its other side was lost
    if paper.titled and _SCOPE_IN_NAME.search(paper.name):
        yield Finding("words-unread", start, end, paper.name)
    alone = paper.holder == "applicant" and not paper.of and not paper.party
    if paper.at_least > 1 and alone and not words.PICTURE.search(paper.name):
        yield Finding("holder-unknown", start, end, paper.name)
