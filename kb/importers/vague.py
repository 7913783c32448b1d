"""What a cell leaves open though every word of it was read: which paper is meant, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.importers import words
from kb.importers.papers import Node
from kb.importers.text import Finding, fold, key

_LOOSE = (
    r"(?:相关|有关|相应|对应|其他|其它|必要|所需|合法|有效|政府|主管|监管|行政|部门|机构|单位|方面|"
    r"等效|等同|同等|同类|类似|替代性?|的|要求)"
)
_KIND = r"(?:文件|材料|资料|证件|备案|证明|批文|批复|许可|手续|凭证|资质)"
_ANY_KIND = re.compile(
    rf"^{_LOOSE}+(?:(?:提交|提供|补充|出具|要求)的?)?(?:{_LOOSE}|备案|证明|批准|许可|审批|资质)*{_KIND}$"
    rf"|(?:要求|需要)(?:提交|提供|补充)?的?其[他它]{_KIND}$"
)
"""`政府有关部门批文`: a kind of paper, and nothing that says which."""
_QUALIFIED = re.compile(r"^(?!.*(?:颁发|核发|取得|获得|允许|许可|批准))[^《》]{2,}资质$")
"""`贷款资质`: to be qualified, without the name of the paper that shows it or who gives it."""
_FILED_WITH = re.compile(r"(?:银行|部门|机关|[^部]局|[^部]厅|委员会|管理局|协会)备案$")
"""`某局备案`: where something is filed, and not what."""
_OWN = re.compile(
    r"(?P<what>[^的]{2,8}?)(?:的)?(?:持有人|持有者|权利人|所有人|所有者|注册人|专利权人|著作权人|版权方)$"
)
_MINE = re.compile(r"(?:小程序主体|申请主体|申请人|主体|商家|本公司|自有|自身|本人)的?")
_NEGATED = re.compile(r"^(?:其他)?(?:非(?!遗|处方|营利|公募|学历)|除)[^/、或()外]{1,12}(?:/|、|或)")
_MATERIAL = re.compile(r"(?:材料|资料|资质|文件|证件|证明|证书|许可证|协议|凭证)(?:\([^()]*\))?$")
_WHO = re.compile(
    r"(?:政府|机关|单位|主体|企业|公司|机构|商|方|店|医院|学校|平台|个体(?:工商)?户|人|者|集团|协会|银行)(?:\([^()]*\))?$"
)


def vague(node: Node | None) -> Iterator[Finding]:
    """Findings for papers and cases that are named too loosely to be sure of."""
    if node is None:
        return
    yield from _papers(node)
    if (whose := fold(node.label)) and _WHO.search(whose):
        yield _tell(node, "label-in-list", node.label)
    yield from _labels(node)
    own = {
        key(paper.name)
        for paper in node.papers()
        if _MINE.match(key(paper.name)) or (paper.own_holder and paper.holder == "applicant")
    }
    yield from _own(node, own)


def is_case(label: str) -> bool:
    """Whether a label of a branch says for whom or when the branch is, and not what follows.

    >>> is_case("自营型"), is_case("授权材料"), is_case("")
    (True, False, False)
    """
    told = fold(label).strip()
    return bool(told) and not _MATERIAL.search(told) and not words.OWNED.fullmatch(told)


def _tell(node: Node, code: str, about: str) -> Finding:
    if code not in node.open:
        node.open.append(code)
    return Finding(code, node.start, max(node.end, node.start + 1), about)


_RULES = re.compile(
    r"^(?:请|须|需|应)?(?:参见|详见|见|参照|参考|按照|按|依据|依照|根据|遵守|符合|满足)$"
)
"""Before a title: the title is a text to look up or to keep, and perhaps no paper."""
_NO_NAME = re.compile(r"^(?:即可|均可|皆可|都可|可以|以上|上述|以下|下列|其他|否则|无需|无须)+$")


def _papers(node: Node) -> Iterator[Finding]:
    for part in node.parts:
        yield from _papers(part)
    paper = node.paper
    if paper is not None and (
        (paper.titled and any(_RULES.match(fold(note)) for note in paper.notes))
        or _NO_NAME.match(key(paper.name))
    ):
        yield _tell(node, "noun-unknown", paper.name)
    if paper is None or paper.titled or paper.optional or paper.must:
        return  # what it must state says which one it is
    if paper.own_holder and paper.holder == "applicant":
        return  # so does the applicant's own authority
    name = key(paper.name)
    qualified = not paper.issuer and _QUALIFIED.search(name)
    if qualified or _ANY_KIND.search(name) or _FILED_WITH.search(name):
        yield _tell(node, "paper-vague", paper.name)


def _labels(node: Node) -> Iterator[Finding]:
    label = fold(node.label)
    if _NEGATED.match(label):
        yield _tell(node, "label-vague", node.label)
    for part in node.parts:
        whose = fold(part.label)
        some = _WHO.search(whose) and not words.CONDITION.match(whose)
        if node.op == "all" and not part.optional and some and not words.OWNED.fullmatch(whose):
            yield _tell(part, "label-in-list", part.label)
        yield from _labels(part)


def _own(node: Node, own: set[str]) -> Iterator[Finding]:
    """`商标` and `商标持有人的授权书`: whoever holds the mark can not be authorised by another;
    where the cell speaks of the applicant's own mark too, it says what is asked then."""
    for part in node.parts:
        yield from _own(part, own)
    if node.op != "all":
        return
    names = {key(part.paper.name) for part in node.parts if part.paper}
    for part in node.parts:
        if part.paper is None or "授权" not in part.paper.name:
            continue
        told = part.paper.of or key(part.paper.name).partition("的")[0]
        holder = _OWN.search(key(told))
        if not holder or any(name.endswith(holder["what"]) for name in own):
            continue
        if any(name.startswith(holder["what"]) for name in names - {key(part.paper.name)}):
            yield _tell(part, "own-holder", part.paper.name)
