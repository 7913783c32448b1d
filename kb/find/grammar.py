"""What a text says beside its content: function words, asides, questions, negation.

These are words of the language and of every app alike. Words for things are vocabulary facts, in
`facts/vocabulary/words/`.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION = _words("""
的 了 和 与 或 在 是 有 也 都 就 还 又 很 太 更 最 这 那 哪 谁 什么 怎么 怎样 如何 为什么 吗 呢
吧 啊 呀 我 我们 你 你们 他 他们 它 她 自己 咱 咱们 大家 别人 人家 本人 某 个 些 点 种 样 类 家
位 次 件 份 条 一个 一些 一点 一种 一家 几个 几样 几种 几家 两个 三个 这个 那个 这些 那些 这种
那种 这样 那样 这里 那里 里面 里 上面 上 下面 下 下来 上来 外面 后面 前面 页面 中 内 外 前 后 时
时候 以前 以后 以及 还有 然后 但是 但 不过 而且 而 因为 所以 如果 要是 的话 只 只是 就是 只要
只有 已经 正在 刚刚 现在 目前 之前 之后 以下 以上 对 对于 关于 把 被 让 给 向 从 到 用 拿 靠 按
跟 同 比 为 为了 由 以 等 等等 其他 其它 别的 另外 主要 一般 比如 例如 像 来 去 过 着 地 得 之
其 并 且 及 并且 可 可以 能 能够 会 要 想 想要 想做 打算 准备 希望 需要 需 应该 应 得要 必须 做
做个 做一个 弄 弄个 搞 搞个 开 开个 开了 办 办理 找 帮 帮忙 帮人 帮着 提供 进行 使用 利用 通过
关联 涉及 属于 包括 包含 含 支持 接入 加 加上 加个 新 新增 新开 老 老是 总是 一直 全 全部 整个
所有 每 每个 各 各种 多 好多 很多 不少 少 大 小 好 直接 然 样子 东西 事 事情 那类 这类 一类 之类
类似 相关 有关 方面 情况 问题 原因 内容 功能 服务 业务 项目 信息 产品 商品 用户 客户 顾客 人
人员 方 方式 方法 形式 线上 网上 在线 线下 本地 当地 附近 同城 互联网 网络 手机上 手机端 上 说 称 叫
叫做 原来 原先 本来 其实 真的 到底 究竟 比较 特别 非常 有点 可能 也许 大概 应当 没 没有 不 不是 不会
不用 不要 未 无 别 卖 买 卖的 买的 销售 出售 售卖 购买 经营 看 看看 查 查看 查询 请 请问 问 谢谢
您好 你好 急 求 咨询 了解 知道 不知道 觉得 以为 发现 遇到 a an the and or of for to in on with
my our i we you it is are do does how what can app online need want like by at from about some
any sell selling buy buying shop store
find get make change give use used old new cheap best free second hand
门口 小区门口 家门口 学校门口 楼下 路边 网红 高端 专业
自家 自己家 我家 家里
""")
"""Words without content: they count neither for nor against a category."""

ASIDES = _words("""
个人 个体 个体户 个体工商户 个人主体 公司 企业 企业主体 主体 单位 机构主体 组织 团队 工作室 合伙
法人 老板 负责人 我司 本公司 小公司 一家公司 有限公司 集团 商家 商户 店主 店家 店铺 小店 店 门店
开店 小程序 微信 微信小程序 公众号 类目 类别 分类 品类 选类目 服务类目 资质 证 证件 证书 牌照
执照 营业执照 许可证 证明 材料 资料 文件 手续 备案号 提交 提审 审核 过审 审核员 驳回 被拒 拒绝
不通过 不过 通过 申请 选 选择 哪个 哪些 哪种 哪类 哪一个 归 归到 归类 放 放在 上线 发布版本 上架
下架 代码 版本 后台 系统 平台上 客服说 官方 官方说 腾讯 要求 规定 规则 政策 条件 允许 合法 合规
合不合法 行不行 行吗 能不能 可不可以 可不可 能否 是否 要不要 需不需要 用不用 算不算 是不是
有没有 会不会 怎么办 什么资质 什么类目 哪个类目 什么证 什么证件 什么材料 需要什么 要什么
提供什么 准备什么 账号 帐号 号 国内 境内 大陆 中国大陆 全国 中国 海外主体 境外主体 国外 海外
境外
""")
"""Who asks, what is asked for, and how it is dealt with: named in a text about any app."""

REGIONS = _words("""
北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东
海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 深圳 广州 杭州 成都
武汉 南京 苏州 西安 长沙 郑州 青岛 厦门 宁波 东莞 佛山 昆明 大连 沈阳 济南 合肥 福州 日本 韩国
泰国 新加坡 美国 英国 法国 德国 加拿大 澳洲 澳大利亚 新西兰 马来西亚 越南 老挝 欧洲 东南亚 港澳
省 市 县 区 镇 乡 村
beijing tianjin hebei shanxi liaoning jilin heilongjiang shanghai jiangsu zhejiang anhui fujian
jiangxi shandong henan hubei hunan guangdong guangxi hainan chongqing sichuan guizhou yunnan tibet
shaanxi gansu qinghai ningxia xinjiang macao taiwan japan singapore thailand malaysia cambodia
indonesia australia canada laos france germany russia spain china
""") | {"hong kong", "south korea", "new zealand", "united states", "united kingdom", "viet nam"}
"""Where an app serves: an aside too, unless a longer word holds the place."""

OPPOSITE = "非不无"
"""Characters that turn the word behind them into its opposite."""

SILENT = FUNCTION | ASIDES | REGIONS

COUNTED = re.compile(
    r"(?:\d+|[一二三四五六七八九]?[十百千万][一二三四五六七八九十百千]*|[两二三四五六七八九])[家个所间名位]"
)
"""A number of things: it tells how many, and nothing of what they are."""

NEGATION = re.compile(
    r"(?:除了(?P<except>.{1,12}?)(?:以外|之外|外|都|$)|除(?P<but>.{1,12}?)(?:以外|之外))"
    r"|(?:不(?:卖|做|涉及|包含|包括|含|提供|销售|交易|支持|收|带|是|接|需要|想要|想|办|经营|搞|送|开|招|招募)"
    r"|没有|没|未|无需|无|并非|而非|非|没做|不再|禁止|去掉|去除|删了|屏蔽了?|without |no |not )"
    r"(?P<not>.{0,14}?)(?=的.{2}|只|但|而|就|改|卖|做|$|(?<=.{14}))"
)
"""What a clause leaves out: the group that took part holds it."""

NO_NEGATION = re.compile(
    r"不知道|不确定|不清楚|分不清|不通过|不对|不行|不了|不错|不懂|不同|不过|不到|不会|能不能|要不要|是不是|"
    r"有没有|可不可|行不行|用不用|需不需要|会不会|算不算|对不对|不动产|不良资产|不锈钢|不记得|不见了|没电|"
    r"没钱|没时间|没人|没办法|无人|无线|无障碍|无忧|无痕|无损|无抵押|无纸|无偿|无烟|无车承运|非遗|非物质|"
    r"非处方|非机动|非文物|非税|非标|非洲|非凡|非法集资|非金融|非学历|非医院|非银行|未成年|未来|未上市|未检|"
    r"没地方|没有办公场地|没有时间|不孕|不干胶|不粘锅|不求人|不想自己|不想跑|不想排队|不想出门|开不了车"
)
"""Words that look like a negation and are none."""

POINTED = re.compile(r"审核说|说里面有|里面有|其中有|通知我们有|提示有|提示含|被说在|被说有|涉及到")
"""Before what decides the category, whatever else the app does."""
REFUSED = re.compile(
    r"不过$|不通过|不给过|被拒|驳回|办不下来|办不了|拿不到|申请不了|选不了|申请不下来|一样都没有|都没有$|"
    r"被说成|说成|误判|误认为"
)
"""In a clause on what the app is not taken for, or can not get."""

PARAPHRASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:用户|客人|大家|网友|会员|学员|读者|粉丝).{0,4}?(?:发布|发表|发|上传|写|晒|分享|评论|留言)"
            r".{0,4}?(?:内容|图|照片|视频|帖|东西|动态|评论|文章|$)"
        ),
        "用户发布",
    ),
    (
        re.compile(
            r"(?:商家|商户|店铺|店主|卖家|别的店|别人|其他商家|供应商|老板们).{0,6}?"
            r"(?:开店|入驻|进来卖|来卖|上架|进驻)|(?:给|帮|让).{0,6}?(?:商家|商户|卖家|别人).{0,4}?开店"
        ),
        "商家入驻",
    ),
)
"""Ways to say what a word of the vocabulary says: the word is read in their place too."""

PROCEDURE = re.compile(
    r"(?:怎么|如何|怎样|在哪|哪里|咋).{0,4}(?:改|换|注销|开通|备案|认证|审核|发布|绑定|关联|申诉|删除|添加|"
    r"下线|登录|升级|迁移|授权|设置|配置|关闭|解封)|(?:怎么|如何|怎样).{0,8}(?:看不到|拉黑|屏蔽|隐藏|找回)"
)
"""A question on how to deal with the platform, and on no field."""

AGAINST = re.compile(r"举报|投诉|防范|防止|反[诈赌黑]|打击|禁止|禁毒|戒")
"""Who fights a thing does not offer it."""

HELD = re.compile(
    r"^\s*(?:已经?|我们?|都|也)*(?:有|取得|拿到|办了|持有|具备).{0,16}"
    r"(?:证|证书|牌照|执照|许可|资质|批文|备案|协议|合同)(?:了)?$"
)
"""A piece on a paper in hand."""
