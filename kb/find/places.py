"""Places in a text: those that it says it serves, those that it only names, and seats abroad."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kb.model.names import Names, Term

WHOLE = re.compile(
    "(?:只?在|面向)?(.+?)(?:省|市|自治区|特别行政区)?(?:地区|境内|经营)?",
)
"""A piece of a text that names a place, and nothing beside it."""
PIECES = re.compile(r"[,，、;；。]+|(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
"""What lies between the pieces of a text; English words stay together."""


def pieces_of(text: str) -> list[str]:
    """The pieces of a text without the spaces around them, none of them empty."""
    return [piece.strip() for piece in PIECES.split(text) if piece.strip()]


def any_of(words: Iterable[str]) -> str:
    """A pattern for each of some words, the longest first; of none one that nothing fits."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, longest)) or "(?!)"


TOWARDS = r"(?:面向|服务于?|覆盖|针对|限于?|仅限|只限|只在|仅在|for|within|across|serving)\s*"
IN = r"(?:在|in)\s*"
AROUND = (
    r"(?:省|市|自治区|特别行政区)?(?:地区|境内|全境|全省|全市|本地|当地|范围内|省内|市内|两地|三地)"
)
PEOPLE = r"(?:省|市)?的?(?:用户|客户|居民|市民|家长|学生|学员|老人|企业用户)"
AWAY = r"(?:旅游|旅行|游玩|留学|读书|上学|上市|考试|拍|玩|买|采购|直邮|生产|制造|种|产)"
"""What somebody else does in a place, or what is done there before the app sells it."""
LEFT_OUT = re.compile(
    rf"(?:(?:不|没有?|不会|并不|除了?)(?:{TOWARDS}|{IN})?|\b(?:not|except|outside)\s+(?:{TOWARDS}|{IN})?)$",
    re.IGNORECASE,
)
"""Before a place that is denied."""
CUSTOMER = re.compile(rf"(?:[帮给为替找]|{TOWARDS})$", re.IGNORECASE)
"""Before somebody whom the app is for, and who does not apply."""
ABROAD = re.compile("境外|海外|国外|外国")
AGENCY = (
    "(?!注册|代办|查册|年审|年检|开户|报税|财税|税务|工商|记账|代账|做账|转让|名录|查询|信息|大全"
    "|招聘)"
)
"""After a firm that is what the app is about, and not who applies."""


WHO = r"(?:公司|企业|商家|商户|机构|单位|团队|个体户|个体工商户|个人|主体)"
FIRM = r"(?:company|enterprise|firm|corporation|sole (?:trader|proprietor)|individual business)"
TOWN = r"(?:省|市|自治区|特别行政区)?(?:[^,，、;；。\s的]{1,4}[市县区])?"
WE = r"(?:we(?: are|'re)|i(?: am|'m))"
HELD_IN = r"(?:based|located|registered|seated|incorporated|headquartered)"
REGISTERED = r"(?:(?:工商)?注册地?址?|登记地?|总部|所在地|住所)"


@dataclass(frozen=True, slots=True)
class Places:
    """The `ids` of places that a text says it serves, the `pieces` that name nothing else, and the
    places that stand in it without a word of serving them."""

    ids: tuple[str, ...] = ()
    pieces: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()


def places(text: str, names: Names, matched: Collection[str] = ()) -> Places:
    """The places of a text. One in a word of `matched` (`泰国签证`) belongs to what is offered.

    A place alone does not say that it is served: `四川火锅底料` is sold anywhere.
    """
    found: dict[str, None] = {}
    known = _named(names)
    one = any_place(names)
    pieces: set[str] = set()
    for piece in pieces_of(text):
        whole = WHOLE.fullmatch(piece)
        term = names.find("region", piece) or names.find("region", whole[1] if whole else piece)
        if term is not None:
            found[term.id] = None
            pieces.add(piece)
    named: dict[str, str] = {}
    several = re.compile(rf"(?:{one})(?:(?:、|和|与|及|或|/|\s+and\s+)(?:{one}))*", re.IGNORECASE)
    for match in several.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        served = _served(before, after)
        for name in re.findall(one, match[0], re.IGNORECASE):
            id = known[name.casefold()].id
            if served:
                found[id] = None
            elif not any(name.casefold() in word for word in matched):
                named.setdefault(id, name)
    left = tuple(name for id, name in named.items() if id not in found)
    if found:
        only = re.compile(rf"(?:{one}|{TOWARDS}|{IN}|{AROUND}|{PEOPLE}|和|与|及)+", re.IGNORECASE)
        pieces.update(filter(only.fullmatch, pieces_of(text)))
    return Places(tuple(found), frozenset(pieces), left)


def seated(text: str, names: Names) -> tuple[tuple[str, ...], str]:
    """The words of a text that say where who applies is, and the text without them. A company of
    Guangdong may serve the whole country, so no such place is served."""
    one = any_place(names)
    seat = re.compile(
        rf"(?:{REGISTERED}?(?:在|位于|于))?(?:{one}){TOWN}(?:本地|当地|注册)?的?"
        rf"(?:(?:一?[家个名间])?小?{WHO})(?!用户|客户|员工){AGENCY}"
        rf"|(?:{one})(?:-based)?\s+{FIRM}\b"
        rf"|\b(?:{FIRM}\s+(?:(?:that |which )?is\s+)?|{WE}\s+)(?:{HELD_IN}\s+)?(?:in|of|from)"
        rf"\s+(?:{one})\b|\b{HELD_IN}\s+in\s+(?:{one})\b",
        re.IGNORECASE,
    )
    whole = re.compile(
        rf"(?:我们?|咱们?|本|这)?(?:{WHO}|我们?|我家|我司|本人|门?店铺?|工厂|{REGISTERED})(?:就|都|是)?(?:注册|登记|设|开|位)?"
        rf"(?:在|于|是|为|[:：])\s*(?:{one}){TOWN}的?",
        re.IGNORECASE,
    )
    found = [
        match[0].strip()
        for match in seat.finditer(text)
        if not CUSTOMER.search(text[: match.start()])
    ]
    found += filter(whole.fullmatch, pieces_of(text))
    for words in found:
        text = text.replace(words, " " if words.isascii() else "")
    return tuple(dict.fromkeys(found)), text


def seated_abroad(text: str, names: Names) -> tuple[str, str] | None:
    """The kind of applicant that a text names by a seat outside the mainland, and the words that
    do; None without such."""
    places = {n: t for n, t in _named(names).items() if not t.id.startswith("CN")}
    one = f"{any_of(places)}|{ABROAD.pattern}"
    found = re.search(
        rf"(?<![帮给为替找])({one})的?(公司|企业|主体|银行|律所|学校|大学|医院|医疗机构){AGENCY}",
        text,
    )
    if found is None:
        return None
    term = places.get(found[1])
    for place in (*term.names, found[1]) if term is not None else ("境外",):
        for kind in (found[2], "企业" if found[2] == "公司" else found[2], "主体"):
            applicant = names.find("applicant", place + kind)
            if applicant is not None:
                return applicant.id, found[0]
    wide = names.find("applicant", "境外企业" if found[2] in ("公司", "企业") else "境外主体")
    return (wide.id, found[0]) if wide is not None else None


def _named(names: Names) -> dict[str, Term]:
    """The places by their names in small letters, without those for everywhere."""
    return {
        name.casefold(): term
        for term in names.of("region")
        for name in term.names
        if name != term.id and not (term.id == "CN" and name == "全国")
    }


def any_place(names: Names) -> str:
    """A pattern for each name of a place, the longest first."""
    return any_of(_named(names))


def _served(before: str, after: str) -> bool:
    if LEFT_OUT.search(before):
        return False
    if re.match(f"(?:{AROUND}|{PEOPLE})", after):
        return True
    if re.search(rf"{TOWARDS}$", before, re.IGNORECASE):
        return True
    elsewhere = re.match(rf"(?:省|市)?.{{0,2}}{AWAY}", after)
    return re.search(f"{IN}$", before, re.IGNORECASE) is not None and elsewhere is None
