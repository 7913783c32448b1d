"""Pieces of a text that tell of the owner, a plan or a quality, and of nothing that an app does."""

from __future__ import annotations

import re

from kb.find.grammar import HELD, NEGATION, NO_NEGATION, POINTED, PROCEDURE, REFUSED

COUNT = r"[\d一二三四五六七八九十百千万两几多半]+"
OWNER = re.compile(
    rf"(?:做|干|开|营|业|行|成立|经营)(?:了|有|过|已)*(?:快|将近|大概|差不多)?{COUNT}多?(?:年|个月|天|代)"
    r"|多年(?!级)|很久|好久|祖传手艺|老字号"
    rf"|(?:有|共|约|大概|只有)?{COUNT}多?(?:个人|名员工|个员工|个店员|岁|平米?|亩地?|家分?店|万块?|年经验)"
    r"|(?:我|我们|咱们?|本人|家里|父母|爸|妈|老婆|老公|夫妻|朋友|亲戚|同学|老板|合伙人?)(?:就|也|都|还|两人|俩)*"
    r"(?:是|在|住|来自|刚|负责|帮忙|介绍|支持|建议|说|让|觉得|喜欢|爱好)"
    r"|(?:我家|老家|店|门店|公司|工厂|厂子|果园|农场|基地|地址)(?:就|开)?(?:是|在|位于)"
    r"|^(?:人|家|店|住|开)?在.{1,8}(?:里|边|附近|旁边?|楼|路|街|村|镇|县|乡下|农村|城里|老家)$"
    r"|刚刚?(?:开始|起步|创业|毕业|注册|成立|开业|辞职|转行|入行)|起步|创业|小本|小生意|新手|小白|第一次做"
    r"|没(?:有|什么|啥)*(?:经验|钱|人手|技术|做过|基础|团队)|经验|预算|资金|启动|员工|人手|老客户|回头客|客源"
    r"|口碑|货源|渠道|手艺|证照齐全|手续齐全|退休|下岗|宝妈|大学生|自由职业|全职|业余|有空|下班"
    r"|打算|准备|计划|[这下上]个?(?:周|月|季度|年)|明年|今年|去年|年底|年初|周末|平时|暂时|目前|以后再|先试"
    r"|赚点|补贴家用|养家|谋生|增加收入"
    r"|(?:we|i) (?:are|am|have|live|started)|years|my (?:family|wife|husband|farm|shop)"
    r"|just started|based in|family business|small business",
    re.IGNORECASE,
)
"""Who the owner is, since when, where, with whom and with what plan."""
ASKING = re.compile(
    r"谢谢|多谢|麻烦|请问|求助|急|在线等|你好|您好|怎么|如何|咋|什么|啥|哪[个些里种类]|[吗呢么嘛]$|多少|多久"
    r"|[能可行会要需]不[能可行会要需]|可以做|要办|想问|想知道|问一下|咨询一下|看一下|指导|不懂|不清楚|不知道|不太懂"
    r"|合规|合法|过审|审核|上架|上线|提交|类目|资质|材料|手续|许可|小程序|微信|注册"
    r"|thank|please|what|how|which|help me|can i|do i need",
    re.IGNORECASE,
)
"""Politeness, and what somebody wants to know of the platform."""
QUALITY = re.compile(
    r"价格|便宜|实惠|划算|质量|品质|正宗|新鲜|好吃|好喝|好看|纯天然|无添加|用心|放心|包邮|发货|售后|退换|现货|当天"
    r"|服务好|态度好|口感|干净|方便|省心|专业|靠谱|实体|朋友圈|为了|希望|让大家|助农|自产|自己?[种做养采]的"
    r"|cheap|quality|fresh|convenient|free shipping",
    re.IGNORECASE,
)
"""Praise of what is offered, and what it is for."""
AUDIENCE = re.compile(
    r"^(?:主要|专门|专|都是|只)*(?:面向|针对|服务|给|为|适合)(?:.{1,8}(?:用的?|使用|看|人群|群体|用户|客户|居民)$"
    r"|(?:老人|孩子|小孩|家长|学生|大家|客人|顾客|女性|年轻人|本地人|街坊|邻居)(?:和.{1,4})?$)"
    r"|^(?:顾客|客人|客户|用户|学员|会员|来的)(?:都|主要|大多|多)*(?:是|来自)"
)
"""Whom the app is for."""
SOLD = re.compile(
    r"(?:还|也|又|顺便|另外|同时|兼)(?:有|想|要|会|可以|能|给.{1,4}|帮.{1,4})*(?:卖|做(?!了)|开(?!了)|办|教|租|修|看|算|测|画|写|拍|接|陪|送|卜|播)"
    r"|卖(?!了|得|完|点)|出租|代购|批发|销售|直播|播放|上门|预约|预订|also sell|also offer"
)
"""Words that tell of something offered, whatever else stands in the piece."""


def about_owner(clause: str) -> bool:
    """Whether a clause tells of the owner alone.

    >>> about_owner("我家在山里"), about_owner("做了二十年"), about_owner("还想卖点酒")
    (True, True, False)
    """
    return OWNER.search(clause) is not None and SOLD.search(clause) is None


def tells_nothing(piece: str) -> bool:
    """Whether a piece tells of nothing that an app does: of the owner, of a question, of papers in
    hand, of quality, of those whom it is for, or of what is left out.

    >>> tells_nothing("谢谢"), tells_nothing("有食品经营许可证"), tells_nothing("顺便看手相")
    (True, True, False)
    """
    if denies(piece) or any(p.search(piece) for p in (HELD, PROCEDURE, REFUSED, POINTED)):
        return True
    if SOLD.search(piece):
        return False
    return any(each.search(piece) for each in (OWNER, ASKING, QUALITY, AUDIENCE))


def denies(piece: str) -> bool:
    """Whether a piece leaves something out.

    >>> denies("不卖药"), denies("不锈钢锅")
    (True, False)
    """
    shields = [m.span() for m in NO_NEGATION.finditer(piece)]
    return any(not any(a <= m.start() < b for a, b in shields) for m in NEGATION.finditer(piece))
