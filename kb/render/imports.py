"""What the findings of imports say."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "unread": ("这段文字没有读懂", "this passage was not read"),
    "nothing-read": ("没有读出任何资质", "no paper was read from this cell"),
    "unbalanced": ("括号或引号不成对", "a bracket or quotation mark has no partner"),
    "marker-lost": ("编号不连续", "the numbering has a gap"),
    "miscounted": (
        "声明的选项数与列出的不符",
        "the announced number of choices is not that of the list",
    ),
    "choice-of-list": (
        "声明为选择，列出的却像并列",
        "a choice is announced over what reads like a list",
    ),
    "choice-unsaid": (
        "各项按情形分列，没有说明是否任选其一",
        "the cases stand side by side; that one of them is enough is not said",
    ),
    "operator-unsaid": (
        "没有说明各项是同时提供还是任选其一",
        "whether all of these or one of them is asked for is not said",
    ),
    "list-missing": ("声明了清单却没有读出内容", "a list is announced and none was read"),
    "head-and-list": (
        "既点名资质又列出清单，两者的关系不明",
        "a paper is named and a list follows; how they belong together is not clear",
    ),
    "head-names-paper": (
        "清单的标题本身也点名了资质",
        "the heading of the list names a paper itself",
    ),
    "ambiguous": ("这句话有不止一种读法", "this phrase can be read in more than one way"),
    "title-unread": (
        "这里点名的资质没有作为要求读出",
        "a paper named here was not read as one that is asked for",
    ),
    "condition": ("只在一定条件下需要", "asked for under a condition that was not read"),
    "slash": (
        "斜线两边是两份资质还是一份的两个名称不明",
        "whether the slash parts two papers or two names of one is not clear",
    ),
    "holder-unknown": ("不清楚是谁的资质", "whose paper it is is not clear"),
    "holder-shared": (
        "不清楚后面的资质是否属于同一持有人",
        "whether the later papers are the same owner's is not clear",
    ),
    "count-shared": (
        "不清楚份数是否也适用于这份资质",
        "whether the number holds for this paper too is not clear",
    ),
    "count-unread": ("这里的数目没有读懂", "the number here was not read"),
    "for-all": (
        "括号中的要求适用于几份资质不明",
        "for which of the papers the bracket holds is not clear",
    ),
    "with-whom": ("不清楚与谁签订", "with whom it is concluded is not clear"),
    "words-list": (
        "列举的内容须全部载明还是载明其一不明",
        "whether all the listed words must stand there or one of them is not clear",
    ),
    "words-mixed": (
        "须载明的内容中选择与并列混用",
        "the words that must be stated mix a choice with a list",
    ),
    "words-unread": ("须载明的内容没有写明", "which words must be stated is not said"),
    "paper-vague": ("是哪一种文件没有写明", "which paper is meant is not said"),
    "label-vague": (
        "这一情形的措辞有不止一种读法",
        "the wording of this case can be read in more than one way",
    ),
    "label-in-list": (
        "这里的要求只写给一部分主体，其他主体怎样没有写明",
        "what is asked for here is asked of some applicants only; what holds for others is not "
        "said",
    ),
    "own-holder": (
        "自己就是权利人的，是否还要授权没有写明",
        "whether an applicant that holds the right itself needs the authorisation is not said",
    ),
    "note-changes": (
        "附注在一定条件下改变所需资质",
        "a note changes what is needed under a condition",
    ),
    "noun-unknown": ("不能确定这是一份资质的名称", "that this names a paper is not certain"),
    "not-asked": ("这里像是说不需要这份资质", "this seems to say that the paper is not needed"),
    "contents-list": ("清单列出的是文件须包含的内容", "the list tells what the paper must contain"),
    "optional": ("选填的资质", "papers that may be left out"),
    "reference-unread": (
        "提到其他类目，没有读懂",
        "another category is spoken of; the sentence was not read",
    ),
    "category-unknown": (
        "提到的类目中有不在库中、也不在本次导入中的",
        "a category spoken of is neither in the base nor in this import",
    ),
    "only": (
        "只适用于一部分主体或服务，范围未能确定",
        "open only to some; to whom exactly was not read",
    ),
    "scope-unread": ("适用范围没有读懂", "the scope was not read"),
    "duty": ("对开发者的要求，不涉及资质", "asks something of the developer that is no paper"),
    "merged": ("与上一行共用一个单元格", "shares its cell with the row above"),
    "rejected": ("审阅时被退回", "rejected in review"),
    "findings": ("单元格中有未决之处", "something in the cell is open"),
    "elsewhere": ("资质在别处要求", "the papers are asked for elsewhere"),
    "changed-before": (
        "变更前的资质要求仅作对照",
        "the papers before the change are kept for comparison only",
    ),
    "optional-papers": ("另有可选提交的资质", "further papers may be handed in"),
    "day-unread": (
        "文中另有日期，它说的是谁、是什么没有读懂",
        "the text names a further day; for whom and for what was not read",
    ),
    "near-name": (
        "名称与已有名称相近，未采用",
        "the name is close to a known one, which was not taken",
    ),
}


def message(code: str) -> tuple[str, str]:
    """What a code says, in Chinese and in English."""
    return MESSAGES.get(code, (code, code.replace("-", " ")))


UNSAID = ("未说明", "not stated")
"""What a draft says of the publisher of a source where nobody named one."""
