"""What own words are taken to mean, the questions about them, and what the base does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from kb.find.clarify import ACCOUNT, LISTED, NONE, SERVICE, Clarification
from kb.find.finder import Candidate
from kb.find.profile import Business, Understood
from kb.lang.problems import typed
from kb.render.language import Language
from kb.render.outline import visible

QUESTIONS = {
    ACCOUNT: ("谁来申请?", "Who applies?"),
    SERVICE: ("指的是哪一项?", "Which of these is meant?"),
    "platform": ("是做平台让别的商家入驻吗?", "Is it a platform that other merchants join?"),
    "display": ("只展示信息、不交易吗?", "Does it only show information, without trade?"),
    "overseas": (
        "涉及出境、跨境或境外吗?",
        "Is it about going abroad, across borders or overseas?",
    ),
    "training": ("是教学或培训吗?", "Is it about teaching or training?"),
    "rental": ("是出租吗?", "Is it for rent?"),
    "auction": ("是拍卖吗?", "Is it an auction?"),
    "repair": ("是维修或上门服务吗?", "Is it repair or service at home?"),
    "maker": ("产品是自己生产的吗?", "Does the applicant make the goods itself?"),
}
WHY = {
    ACCOUNT: (
        "各类主体的类目表不同:同一件事对个人可能不开放",
        "each kind of account has its own table: what a company may do can be closed to a person",
    ),
    SERVICE: (
        "每项服务属于不同的类目,材料也不同",
        "each falls under another category, with other papers",
    ),
}
WHY_TRAIT = (
    "答案不同,合适的类目就不同",
    "the category that fits depends on it",
)
ANSWERS = {
    "yes": ("是", "yes"),
    "no": ("不是", "no"),
    "personal": ("个人", "an individual"),
    "non_individual": ("企业、个体工商户或其他组织", "a company or another organisation"),
    "overseas": ("境外主体", "an applicant from outside mainland China"),
    NONE: ("都不是,按我的话保留", "none of these; keep my words"),
}
OUTSIDE = {
    "procedure": (
        "平台手续(名称、认证、审核、发布等)",
        "procedures of the platform (names, verification, review, release)",
    ),
    "interface": ("接口和权限", "interfaces and permissions"),
    "payment": ("支付和虚拟支付", "payment and virtual payment"),
    "platform": ("其他平台", "other platforms"),
    "brand": ("其他平台和公众号等", "other platforms, and accounts that are no mini-programs"),
    "games": ("小游戏", "games"),
    "forbidden": ("没有类目收的内容", "things that no category takes in"),
}
"""What the base does not hold, by topic."""
NEAR = 3
"""Categories that are named where no service stands for them."""


def question_of(asked: Clarification, to: Language) -> str:
    """A question in words; where a text tells of several businesses, with the words on this one."""
    question = to.pick(*QUESTIONS[asked.about])
    if not asked.words:
        return question
    words = visible(asked.words)
    return to.pick(f"「{words}」{question}", f"`{words}`: {question}")


def why_of(asked: Clarification, to: Language) -> str:
    """Why a question is asked."""
    return to.pick(*WHY.get(asked.about, WHY_TRAIT))


def options_of(asked: Clarification, found: Understood, to: Language) -> list[tuple[str, str]]:
    """What may be answered: values and their words; services with their categories."""
    categories = {
        each.services[0].id: each.category
        for one in found.businesses
        for each in (one.best, *one.others)
        if each is not None
    }
    listed = []
    for value in asked.options:
        if value in ANSWERS:
            listed.append((value, to.pick(*ANSWERS[value])))
        else:
            category = categories.get(value, "")
            label = to.label("service", value)
            listed.append((value, f"{label} ({category})" if category else label))
    return listed


def candidates_for(asked: Clarification, found: Understood) -> list[Candidate]:
    """What the words that a question is about may mean, best first."""
    return [
        each for one in _about(asked, found) for each in (one.best, *one.others) if each is not None
    ]


def _about(asked: Clarification, found: Understood) -> list[Business]:
    return [one for one in found.businesses if asked.words in ("", one.words)]


def left_open(asked: Clarification, found: Understood, to: Language) -> Iterator[str]:
    """What was taken where nobody answered a question, and by which words another is chosen."""
    about = _about(asked, found)
    first = next((one.best for one in about if one.best is not None), None)
    if first is None:
        yield to.pick(
            "没有人回答:按你自己的话保留,退出码 4",
            "nobody answered: kept in your words, exit code 4",
        )
    else:
        label = to.label("service", first.services[0].id)
        yield to.pick(
            f"没有人回答:先按「{label}」算,并不确定,退出码 4",
            f"nobody answered: taken as `{label}`, which is not sure, exit code 4",
        )
    offered = dict.fromkeys(each.services[0].id for each in candidates_for(asked, found))
    named = asked.options if asked.about == SERVICE else tuple(offered)[:LISTED]
    beside = [one.best.services[0].id for one in found.businesses if one.best and one not in about]
    ways = [
        " ".join(f"--service {typed(to.label('service', id))}" for id in (each, *beside))
        for each in named
        if each != NONE
    ]
    if ways:
        listed = " | ".join(ways)
        yield to.pick(
            f"要定下来,加上:{listed};或者换个说法说明做的是什么",
            f"to settle it, add: {listed}; or say in other words what it does",
        )


def taken_as(found: Understood, to: Language, asked: bool = False) -> Iterator[str]:
    """What words were taken to mean, line by line; `asked` where questions follow, and no options
    of a command can be given."""
    for piece in found.seats:
        said = visible(piece)
        how = to.pick("用 --region 说明", "say --region for that")
        if asked:
            how = to.pick("问到的时候再回答", "say it where it is asked")
        yield to.pick(
            f"「{said}」说的是主体在哪里,没有当作服务的地区;服务哪里,{how}",
            f"`{said}` tells where the applicant is, and not where it serves: not used; {how}",
        )
    for each in found.stated:
        label, value = to.label("attribute", each.attribute), _said(each.value, to)
        said = visible(each.words)
        yield to.pick(f"「{said}」记为:{label}:{value}", f"`{said}` is taken for: {label}: {value}")
    for service in found.bare:
        label = to.label("service", service)
        yield to.pick(
            f"理解为:{label}(没有类目的适用范围写到它)",
            f"taken as: {label} (in the scope of no category)",
        )
    if found.best is None and not found.bare:
        yield _none_fits(found.near, to)
        yield from not_held(found.outside, to)
        return
    for one in found.businesses:
        yield from _business(one, len(found.businesses) > 1, to, asked)
    for piece in found.kept:
        said = visible(piece)
        yield to.pick(
            f"「{said}」没有看懂:按你自己的话保留,结论里保持未定",
            f"`{said}` was not understood: kept in your words, and open in the verdict",
        )
    yield from not_held(found.outside, to)
    if found.unread:
        left = to.listed([visible(piece) for piece in found.unread])
        how = to.pick(
            "可以写进资料,或用 --applicant、--region、--has、--service 说明",
            "say it in the profile, or by --applicant, --region, --has, --service",
        )
        if asked:
            how = to.pick("问到的时候再回答", "say it where it is asked")
        yield to.pick(f"没有用上:{left};{how}", f"not used: {left}; {how}")


def _said(value: int | str, to: Language) -> str:
    if isinstance(value, str) and to.names.get("region", value) is not None:
        return to.label("region", value)
    return to.pick(*ANSWERS[value]) if isinstance(value, str) and value in ANSWERS else str(value)


def _none_fits(near: tuple[str, ...], to: Language) -> str:
    if near:
        return to.pick(
            f"接近的类目:{to.listed(near[:NEAR])};它写明的服务里没有这一项,按你自己的话保留,"
            "结论无法确定(`kb show 类目` 看它要求什么)",
            f"close to: {to.listed(near[:NEAR])}; none of its services is that: kept in "
            "your words (`kb show CATEGORY` tells what is asked for)",
        )
    return to.pick(
        "没有合适的类目:按你自己的话保留,结论无法确定(`kb search`、`kb find` 可以再找)",
        "no category fits; it is kept in your words (`kb find` looks further)",
    )


def _business(one: Business, several: bool, to: Language, asked: bool) -> Iterator[str]:
    """What one business was taken to be, and what else it may be."""
    said = visible(one.words)
    words = to.pick(f"「{said}」", f"`{said}` ") if several else ""
    if one.best is None and one.near is not None:
        yield f"{words}{_none_fits((one.near,), to)}"
        return
    if one.best is None:
        yield to.pick(f"{words}按你自己的话保留", f"{words}is kept in your words")
        return
    label = to.label("service", one.best.services[0].id)
    category = one.best.category
    yield to.pick(f"{words}理解为:{label}({category})", f"{words}taken as: {label} ({category})")
    if one.others:
        labels = dict.fromkeys(to.label("service", o.services[0].id) for o in one.others)
        listed = to.listed(list(labels)[:3])
        how = to.pick("用 --service 指定", "say --service")
        if asked:
            how = to.pick("是的话请用它的名称重新开始", "if so, begin again with its name")
        yield to.pick(f"也可能是:{listed};{how}", f"or perhaps: {listed}; {how}")


def not_held(topics: tuple[str, ...], to: Language) -> Iterator[str]:
    """What the base does not hold."""
    for topic in dict.fromkeys(topics):
        if topic in OUTSIDE:
            said = to.pick(*OUTSIDE[topic])
            yield to.pick(f"本库不收录:{said}", f"this base does not hold: {said}")
