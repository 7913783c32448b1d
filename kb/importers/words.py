"""Closed lists of the language in which papers are asked for: nouns of papers, owners, fillers."""

from __future__ import annotations

import re

_STRONG = """
许可证明 许可证件 许可证 证书 证明书 证明材料 证明文件 证明 证件 信用代码 执照 牌照 准许证
登记证 备案证 合格证 资格证 执业证 批准证 身份证 在用证明 备案凭证 凭证 备案公示 备案核准 备案号
备案 批文 批复 批件 批准书 批准文件 许可文件 审批文件 授权文件 文件 许可合同 合同 协议书 协议
授权书 授权函 授权证明 授权 委托书 委托函 承诺书 承诺函 介绍信 推荐信 声明函 声明
说明函件 说明函 函件 函 通知书 通知
公告 公报 许可 豁免书 决议 报告 照片 截图 登记表 申请表 表格 情况表 样本 章程 护照 发票 确认书
申请书 注册证 登记书 登记注册 回执 户口簿 收据 保单 清单 名录 简历 商标 资质证 资质 图标 样板
说明书 意见书 鉴定书 公示文件 权属证明 标识牌 编码 渠道编码 产权证 合约 契约 租约 委任状
登記事項証明書 证 登记 注册文件 隐私政策 退款政策 服务条款
"""
STRONG = _STRONG.split()
"""Nouns that name a paper by themselves."""
_WEAK = """
材料 资料 名单 列表 机制 规则 规范 要求 方案 计划 制度 措施 内容 情况 信息 政策 明细 链接 网址
流程 标准 手册 办法 条款 说明 简介 目录 预案 书 表 单
"""
WEAK = _WEAK.split()
"""Nouns that name a paper where the words before them say which."""

AGREEMENT = re.compile(
    r"(?:(?:合作|代理|委托|授权|供货|代销|经销|入驻|租赁|保密|框架|战略|代收代缴|销售|服务|有效|业务|种子|捐赠)*"
    r"(?:协议书?|合同书?|合约)(?:证明)?)$"
)
COOPERATION = re.compile(r"(?:合作|代理|委托|授权)(?:协议书?|合同书?|合约)$")
ORGANISATION = re.compile(
    r"(?:机构|公司|企业|平台|医院|学校|院校|商|方|店|厂|银行|主体|者|单位|部门|中心|所|场|馆|人|行|社)$"
)
GIVEN = re.compile(r"(?:授权书|授权函|授权证明|授权[^证]{0,4}文件|委托书|委托函|授权|许可合同)$")

BY = (
    r"颁发|核发|出具|签发|发放|发布|公布|公示|备案|认定|认证|批准|授权|设立|指定|签署|签订|签定|订立|开具|核准|"
    r"下发|制发|制定|提供|注册|配发|会同.{1,20}出具|发行|评定|登记|审批|审核|许可|认可|取得|获得|申请"
)
ISSUED = re.compile(rf"(?:联合|统一|依法|合法|正式)?(?:{BY})$")
SIGNED = re.compile(r"(?:(?:之间)?(?:共同)?(?:所)?(?:签署|签订|签定|订立|达成|缔结)|之间)$")

AUTHORITY = re.compile(
    r"(?:部门|机关|主管机构|派出机构|总局|管理局|监管局|局|委员会|委|人民政府|政府|法院|检察院|人民银行|协会|学会|"
    r"交易所|公安部|[^干总分]部|司法厅|厅|署|海关|金融办|办公室|管理委员会|管理中心|领事馆|大使馆|公证处|"
    r"管委会|证监会|银监会|银保监会|卫健委|医管局)$"
)

APPLICANT = re.compile(
    r"^(?:(?:该|本)?(?:小程序|公众号|服务号|视频号|账号|帐号|应用|店铺|申请|注册|运营|入驻申请|认证|我司|本公司|平台)"
    r"(?:的)?(?:运营|注册|申请)?(?:主体|者|人|方|企业|公司|机构)|主体|本主体|本企业|本机构|申请主体|申请人|申请方|商家自身|自身|本人)$"
)

HOLDERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("tenant", re.compile(r"入驻(?!境内医疗)|商户|专柜|租户|进驻")),
    ("branch", re.compile(r"旗下|下属|分公司|子公司|分店|直营店|加盟店")),
    ("technology_provider", re.compile(r"技术(?:主体|提供方|提供者|服务商|支持方|方|公司)")),
    ("legal_representative", re.compile(r"^(?:法定代表人?|法人代表)$")),
    ("chief_editor", re.compile(r"^总编辑?$")),
    ("parent", re.compile(r"母公司|^(?:该|其)?总公司|总部|集团公司$|控股股东")),
    ("member", re.compile(r"该?律所其中|所内律师|执业医师|港澳医师|其中?一[个名位]")),
    (
        "partner",
        re.compile(
            r"合作|对方|该|此|签约|供应商|供货商|服务商|第三方|委托方|受托方|被代理|甲方|乙方|相关方"
        ),
    ),
)
"""Words of an owner and the holder that they mean; the first that fits is taken."""

ALSO = re.compile(r"(?:也|亦|其次)可以?(?:选择)?(?:提供|提交|上传|用)")
"""`甲证；也可提供乙证`: the second is as good as the first."""
MODAL = re.compile(r"(?:[也还则均]|可以?|需要?|须|应当?|必须|请|另行?|另外|额外|允许|建议)+")
"""What somebody may or must do, without saying who."""

QUALITY = re.compile(
    r"^(?:有效|合法|相关|相应|对应|当地|所在地|境外|境内|国外|国内|本地|真实|完整|最新|省级|市级|县级|国家|国家级|"
    r"具体|上述|以下|各自|全部|所有|任一|其他|有关|合规|正规|合法有效|有效期内|需要|必要)+$"
)

VERB = re.compile(
    r"(?:则|还|均|仅|应当|必须|(?:另|也)?(?:需要|需|须|应|请|要|可|得))*(?:在线|另行|另外|额外|补充|同步)?(?:同时)?"
    r"(?:提供|提交|上传|具备|持有|出示|递交|补充提供|补充)(?!方|者|商|单位|服务|的|人|[至到了给]平台)"
    r"(?:以下|下列|如下|相应|对应)?(?:全部|所有)?(?:的)?(?:资质|材料|资料|文件|证件|证明)?(?:材料|文件)?(?=[^\w]|其|[\w《])"
    r"|(?:则|还|均|另)?(?:需要|需|须|应)(?=\s*《)"
)
BESIDES = "(?:同时|另行|另外|额外|补充)"
"""Before a verb: what is handed in comes beside something else."""
ALL_OF = re.compile(
    r"(?:均|都|全部)?(?:需要?|须|应当?|必须|请)?(?:同时|一并|全部|均需|都需|均须|一起)"
    r"(?:需要?|须|应)?(?:提供|提交|满足|符合|具备|上传|持有|补充提供|补充)"
    r"(?:以下|下列|如下)?(?:全部|所有|各项)?(?:资质|材料|资料|文件|证件|证明|条件)?(?:材料|文件)?|缺一不可"
)
N = r"(?:\d{1,2}|[①-⑳]|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_TO = rf"(?:[个项种类份]?[-~至到](?P<up>{N}))?"
_KINDS = r"(?:个|项|种|类|份|组|套)"
_LIMIT = (
    rf"(?:[,(]?(?:且|但|并)?(?:最多|至多|不超过|不得超过|不多于)可?(?:选择?|提供|提交|上传)?"
    rf"(?P<limit>{N}){_KINDS}\)?)?"
)
"""A limit behind a choice: no more than so many of its papers are accepted."""
CHOICE = re.compile(
    rf"(?:最多|至多|不超过)(?:可)?(?:任?选择?|提供|提交|上传)(?:其中|以下|下列)?(?:任意)?的?(?P<most>{N}){_KINDS}(?:即可)?"
    rf"|(?:以下|下列|如下)?(?P<n>{N}|[Nn多若干几]+)\s*[选選擇择]\s*(?:其)?(?P<k>{N})(?:即可|提供|提交)?"
    rf"|(?:任选|选择|择|满足|提供|具备|提交)?(?:(?:以下|下列|如下|其中|上述)(?:资质|材料|证件|文件|证书)*中?)?(?:之|的)?"
    rf"(?:任意|任选|任何|任|其中|其|之)+(?P<any>{N}){_TO}{_KINDS}?{_LIMIT}(?:即可|资质|材料|证件|条件|情形|要求|提供)*(?:即可)?"
    r"|[二两三四五六七八](?:者|项|证)(?:提供|取|择|选|居|有|具备)?(?:之一|其一|任一|任意一[个项种份]|一[个项种份])(?:即可)?"
    rf"|(?:至少|任意)(?:需)?(?:提供|满足|具备|选择|符合)?(?:其中|以下)?(?:任意)?(?P<least>{N})(?:项|种|类|组|套)(?:及以上|以上)?"
)
REQUIRED = re.compile(
    r"(?:申请邮件|邮件)?(?:必须|需要?|须|应|请)?(?:附上|提供|提交|上传)?(?:以下|下列|如下)(?:对应区域的?)?(?:全部|所有|相关|对应)*"
    r"(?:的)?(?:材料资质|资质材料|资质文件|资质|材料|资料|文件|证件)(?:如下)?"
)
OPTIONAL = re.compile(r"选填|可选|非必填|非必须|选择性提供|如有")
CONTENTS = re.compile(
    r"(?:中)?(?:必须|需要|须要|需|须|应|要)*(?:包含|包括|载明|注明|写明|含有(?!效)|含)(?:以下|下列|如下)(?:内容|信息|事项|条款|要素)?"
)
OPTIONAL_ALONE = re.compile(
    r"(?:可)?(?:选填|选传)|可选(?:填|传|项)?|非必(?:填|须|需|传|选)(?:项)?|选择性提供"
)
REQUIRED_ALONE = re.compile(r"必(?:填|选|传|备|需|须提供|须)(?:项)?")
UNDER = re.compile(
    r"如(?:有(?!效|关)|为|是|需|涉及|属|适用|系|果|存在|委托|代理|经营|申请|提供|由)|若|倘若|假如|当.*时|适用时|涉及"
    r"|(?:非[^、,;()]{1,12}|[^,;()“”《》]{2,16}(?:的|时|情况下|情形下))(?:需|须|才)?(?:要)?(?:提供|提交|上传)$"
)
"""A bracket behind a paper that says when it is asked for."""
CONDITION = re.compile(r"^\s*(?:若|如果|如(?!:|:)|涉及|当|凡|倘若|假如)")

_FORM = (
    r"(?:彩色|清晰|加盖公章的?|盖章)?(?:原件|复印件|影印件|扫描件|翻译件|中英文翻译件|中/英文翻译件|"
    r"公证件|认证件|拍照件|正反面(?:照片?|复印件|扫描件)?|正本|副本|电子版)"
)
FORM = re.compile(rf"(?:的)?[+及和与]?{_FORM}(?:\s*(?:[、及和与/+]|以及|或)\s*{_FORM})*")
SHOWN = re.compile(r"(?:的)?(?:截图|截屏|扫描件|复印件)$")
SEAL = re.compile(
    r"(?:并|且|均)?(?:需|须|应|并)?(?:加盖|带|盖有|盖)[^,;。()、]{0,16}?(?:公章|合同专用章|印章|章)(?:[或/、和及](?:公章|合同专用章|印章|业务专用章|章))*"
)
FILE_FORM = re.compile(
    r"pdf|excel|word|png|jpe?g|格式|原件|复印件|扫描件|翻译件|公章|盖章|专用章|带网址|网址链接|彩色|正反面|副本"
)

COUNT = re.compile(
    r"(?<![其同任每某第\d.])(?:均|各|需|须|应|要|提供|至少|不少于|最少|不低于)*"
    r"(?P<low>\d{1,3}|[一二两三四五六七八九十])(?:\s*[-~至到]\s*(?P<high>\d{1,3}|[二两三四五六七八九十]))?\s*"
    r"(?:家|份|张|个|所|间|名|位)(?!人|月|工作日|年|自然|字)"
    r"(?:或者以上|及其以上|及以上|或以上|及 以上|以上|起)?(?:的)?"
)
MOST = re.compile(
    rf"(?:且|但|并|均|各)*(?:最多|至多|不超过|不得超过|不多于)(?:提供|提交|上传)?(?P<most>{N})\s*(?:家|份|张|个|所|间|名|位)"
)
"""No more than so many copies are accepted."""

FIELD = (
    r"(?:[^\s,;:。()“”《》\[\]]{0,14}?(?:范围|项目|种类|类型|内容|科目|学科|品种|品类|专业|方向|名称|性质|形式|条款|类别|用途|目的|区域|期限|等级|级别|"
    r"主体|图标|协议书?中?|证明|许可|登记|地区|文件|授权书中|证书|链接)(?:\([^()]*\))?(?:均|中|内|里|上|且)?)"
)
MUST_VERB = (
    r"(?:必须|应当|须|需|应|要|要求|仅限|明确|清晰|至少|同时|均)*"
    r"(?:包含有(?!效)|包含|包括|含有(?!效)|涵盖|含|载明|注明|写明|标明|明确|涉及|体现|明示|复盖|为|是|有)(?::|为|有(?!效))?"
)
MUST = re.compile(rf"(?:且|并且|并|其中|其|,|\s)*(?P<field>{FIELD})?\s*(?P<verb>{MUST_VERB})\s*")

_KIND = (
    r"(?:服务内容|服务说明|经营范围|服务范围|内容|字样|信息|字眼|"
    r"项目|业务|说明|表述|范围|条款|服务|经营)"
)
TAIL = re.compile(
    rf"(?:等?(?:业务)?(?:(?<=等)与[^,、;]{{1,8}})?(?:相关|有关)(?:的)?(?:等)?{_KIND}*|等{_KIND}*|(?<=[”\]\"“]){_KIND}+|(?:等)?(?:内容|字样|字眼|等信息))?"
    r"(?:等)?(?:之一|其一|(?:其中|任意|任选|至少)+(?:一|1)(?:项|种|个|类))?(?:即可)?[,。;\s]*$"
)
"""What may follow the words that a paper must state without adding to them."""

_FILLER = """
的 等 且 其 并 均 需 须 应 请 则 为 及 或 和 与 该 相关 内容 之一 即可 以及 或者 如 如下 以下 提供
其中 等内容 等相关 等相关内容 相关内容 相关信息 等信息 等服务内容
"""
FILLER = frozenset(_FILLER.split())
"""Words that carry nothing by themselves; a closed list."""

AGREED = re.compile(
    r"(?:与|和|同)(?P<party>[^与和]{2,30}?)(?:签署|签订|签定|订立)(?:的)?(?P<name>[^的]{0,8}(?:协议书?|合同书?))$"
)
PICTURE = re.compile(r"(?:照片|图标|外观图)$")
TWIN = re.compile(
    r"(?P<one>[^\W/的]{2,4})/(?P<other>[^\W/的]{2,4}?)(?P<noun>协议书?|合同书?|合约|授权书|证明|文件|证书|函)$"
)
LAST_NOUN = re.compile(r"(?<=.)(?:协议|合同|凭证|证明|文件|证书|函)$")
ISSUED_AND = re.compile(rf"(?:由|经)?(?P<issuer>[^的]{{2,24}}?)(?:{BY})的、(?P<more>.+)$")
CLAUSE = re.compile(r"可以|允许|从事|处理|位于|有关|涉及|所有|对|载明|查询|获得|经营")
PREFIX = re.compile(
    r"^(?:(?:小程序|申请|运营|注册|本)?主体|小程序申请者|申请人|申请主体|(?P<other>[^的与和及或《]{2,12}主体)"
    r"|(?P<party>法定代表人?|法人代表|总编辑|供应商|供货商|入驻(?:商家|商户|方)|合作[^的与和及或《]{0,6}?(?:机构|公司|医院|方)))(?=.)"
)
_PERSON = r"法定代表人?|法人代表|总编辑"
PERSONS = re.compile(rf"(?:{_PERSON})(?:(?:和|与|以?及|、)(?:{_PERSON}))+")
"""Several persons of the firm who each have a paper of their own."""
STATED_OF = re.compile(
    r"(?:执照|许可证|证书|备案证|登记证|资格证|备案)[,]?(?:且|并|其|中)*[^,;]{0,6}(?:范围|项目|种类|类型|科目)"
    r"[^,;]{0,6}(?:含|包括|为)$"
)
OWNED = re.compile(
    r"(?P<who>[^的与和及、]{1,12}?(?:方|商|机构|公司|企业|主体|平台|人))的?(?:合规|相关|有效|证明)*"
    r"(?:材料|资料|资质|文件|证件)"
)
"""A label that says whose papers follow."""
PERSONAL = re.compile(r"身份证|护照|简历|照片|资格证|执业证|毕业证|学历|学位")
"""Papers that belong to a person, by the beginning of their names."""
ASIDE = re.compile(
    r"\s*\((?:(?:例如|比如|如|例)[^()]*|https?:[^()]*|(?=[^()]*[A-Za-z])[^()\u3400-\u9fff]{4,})\)"
)
"""A bracket inside a name that only explains it."""
DEMANDS = re.compile(r"须要|需要|须|需(?!求)|应当|必须")
TOWARD = re.compile(r".对(?!应|方|接|外)")

# Sentences in cells of scope and remark: their shapes, and the names in them.

POINTER = re.compile(
    r"(?P<cond>.*?)(?:[,]\s*)?(?P<verb>(?:还|也|则|均|,)*(?:建议|请|可|需要|需|须|应当?|必须)+(?:另行|再|同时|先)?"
    r"(?P<kind>补充|增加|添加|选择|选|申请|改选|"
    r"(?:已经?)?(?:通过|开通|具备|取得|拥有)(?=(?:了|有)?\s*[\[“].*类目)))(?:了|有)?(?:对应的?|相应的?)?\s*:?\s*(?P<targets>.*?类目.*|[\[“].*)$",
    re.DOTALL,
)
GRANTED = re.compile("通过|开通|具备|取得|拥有")
"""What an app must have been granted already is needed beside what it applies for."""
BEFORE = re.compile(r"(?:在?(?:申请|提交|选择|添加)(?:该|本|此)?(?:类目)?(?:之)?前),?$")
"""Says when, and nothing of whom it is about."""
SPOKEN_OF = re.compile(
    r"^(?:注意?[:])?\s*(?P<if>如果|如|若|当|凡)?(?P<who>[^,]{2,16}?(?:主体|者|机构|企业))?(?:小程序)?(?:主体)?(?:内|中)?(?P<only>仅)?(?:销售)?(?:内容)?"
    r"(?:还|同时|也)?(?P<does>涉及(?:提供|到)?|提供|包含|含有|含|有|为|属于|从事)?\s*(?P<what>.*?)(?:等?(?:平台型|相关)?(?:业务|服务内容|服务|内容)|等)?$",
    re.DOTALL,
)
REFUSED = re.compile(
    r"^(?:注[:])?\s*(?P<who>该类目|本类目|此类目|平台|小程序|目前|合作机构|[^,。]{0,12}?)?\s*(?:暂时?|目前|仅|均|也)*"
    r"(?P<verb>不支持|不得提供|不可提供|不得涉及|不可涉及|不允许|不得|不可|不包含|不包括|不涉及|不含|禁止|暂未开放)"
    r"(?:在?(?:提供|涉及|从事|销售))?\s*:?\s*(?P<what>.+?)"
    r"(?:(?:等)?(?:相关)?(?:未开放)?(?:业务|服务内容|服务|内容))?(?:[,]\s*(?P<advice>建议.*))?$",
    re.DOTALL,
)
NOT_OPEN = re.compile(
    r"^(?P<what>.+?)属(?:于)?(?:平台)?(?:暂未|尚未|未)开放.*?(?:建议(?P<advice>去除|调整).*)?$",
    re.DOTALL,
)
SCOPE = re.compile(r"^(?P<only>仅限|仅|只)?适用于?(?P<what>.+)$", re.DOTALL)
LEAD = re.compile(r"^.{0,60}?(?:提供|从事|开展|进行)(?!方|者|商|单位|机构)(?:的)?")
TAILS = re.compile(
    r"等[^等()]*$|(?:等)?(?:经营性|相关|平台型|在线|类)*(?:服务活动|服务|业务|内容|产品)?(?:等)?[。;\s]*$"
)
DUTY = re.compile(r"须|需|应|不得|必须|禁止|不可|建议|请")
PART = re.compile(r"、|/|以及|(?<![普涉])及(?!其|以)|或者|或|和(?!国|解|平|谐)|,")


def advice_of(told: str | None) -> str:
    """What a sentence advises to do with what is not carried."""
    if not told:
        return "none"
    return (
        "adjust"
        if re.search(r"调整|修改|更换", told)
        else "remove"
        if re.search(r"去除|删除|移除|建议$", told)
        else "none"
    )


def targets_of(folded: str) -> tuple[str, ...]:
    """The names of categories in a sentence; `A-“B”或“C”` names two of one group."""
    found: list[str] = []
    for match in re.finditer(r"\[([^\[\]]+)(?:\]|$)", folded):
        inner = match[1].strip()
        shared = re.match(r"(?P<group>[^-“]+)-(?=“)(?P<rest>.+)", inner)
        if shared:
            found += [
                f"{shared['group']}-{name}" for name in re.findall(r"“([^”]+)”", shared["rest"])
            ]
        elif "-" not in inner and "、" in inner:
            found += [part.strip() for part in inner.split("、") if part.strip()]
        else:
            found.append(inner)
    if not found:
        found = re.findall(r"“([^”]+)”", folded)
    if not found:
        plain = re.sub(
            r"(?:等)?(?:平台类)?(?:相关|对应)?的?类目.*$", "", folded, flags=re.DOTALL
        ).strip(" 。;:")
        found = [plain] if plain and len(plain) < 40 else []
    return tuple(found)
