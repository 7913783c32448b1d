"""The page of the Python interface: methods, what their parameters take, what an answer has."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Iterator

from kb.answers.answer import Answer
from kb.answers.lookups import Lookups
from kb.api import KnowledgeBase, load
from kb.cli.language import help_words, said

LINK = re.compile(r"[;:] see `kb\.[\w.]+`")
TYPES = {
    "AppLike": (
        "一份应用档案:字典、YAML 或 JSON 文件的路径、它的文本(字节),或 `kb.App`",
        "a profile: a mapping, the path of a file (YAML or JSON), its text as bytes, or a `kb.App`",
    ),
    "Apps": (
        "一张应用表:文件或文件夹的路径、pandas 的 DataFrame、Arrow 表,或 DuckDB 的关系",
        "a table of apps: the path of a file or a folder, a DataFrame of pandas, a table of Arrow, "
        "or a relation of DuckDB",
    ),
    "Day": (
        '哪一天:`"2025-06-30"` 或 `datetime.date`;不给时为 `kb.load` 的 `as_of`,再不然为今天',
        'a day: `"2025-06-30"` or a `datetime.date`; left out, that of `kb.load(as_of=...)`, else '
        "today",
    ),
    "Days": ("两天,早的在前", "two days, the earlier one first"),
    "Folders": (
        "事实文件夹的路径,一个或几个",
        "the path of a folder of facts, or several",
    ),
    "Value": ("行里的一个值:文字或整数", "a value of a row: text or a whole number"),
    "Json": (
        "键为文字的字典,与 JSON 对象相同",
        "a mapping with keys of text, as an object of JSON",
    ),
}
"""What a parameter takes, by the name of its type, in Chinese and English."""
FIELDS = {
    "app": ("问的是哪个应用", "the app that was asked about"),
    "as_of": ("哪一天,ISO 写法", "the day, in ISO form"),
    "verdict": ("整个应用的结论", "the verdict of the whole app"),
    "categories": (
        "涉及的类目,每个有 `verdict`、`alternatives`、缺少的材料和引注",
        "the categories that bear on it, each with its `verdict`, `alternatives`, missing "
        "documents and cites",
    ),
    "bundle": (
        "全部类目和只凭材料就能做到的义务,合计还需提供的最少材料(`documents`)",
        "the fewest documents still to provide over all categories, and over the duties that "
        "papers alone keep (`documents`)",
    ),
    "prohibited": ("它提供或做的、被文件禁止的事", "what it offers or does against a text"),
    "obligations": ("它的义务及其结论", "its duties and their verdicts"),
    "texts": (
        "类目之外适用的文件;`applies` 为 None 的可能适用",
        "texts beyond categories that apply; perhaps, where `applies` is None",
    ),
    "conflicts": ("说法不一致之处", "readings that differ"),
    "undetermined": ("未定的结论取决于什么", "what an open verdict rests on"),
    "filing": (
        "备案计划;没有已知流程适用时为 None",
        "the filing plan; None where no procedure is known to apply",
    ),
    "known_until": ("知识库收录到哪一天", "how far the base goes"),
    "lang": ("用哪种语言显示", "the language that it is shown in"),
    "names": ("各个 id 的名称", "what ids are called"),
    "origin": ("出自哪些事实和规则", "what facts and rules it came from"),
    "remarks": ("来源对自身的说明", "what the sources behind it say of themselves"),
    "papers": (
        "档案里当天无效的,或 `warn_days` 天内到期的材料",
        "documents in hand that are not valid on the day, or run out within `warn_days` days",
    ),
    "warn_days": ("提前多少天提醒到期", "how many days ahead papers that run out are told"),
    "deadlines": ("义务和禁止的日期", "the days of duties and prohibitions"),
    "exemptions": ("豁免", "exemptions"),
    "assumed": ("档案没有说、当作如此的", "what was taken for granted where the profile is silent"),
    "drafts": ("征求意见稿对类目说了什么", "what drafts say of categories"),
    "outlays": (
        "文件写明的费用与时间",
        "what texts state that documents and categories cost and take",
    ),
    "tallies": (
        "在同一单位的应用之间计算的数",
        "the numbers that are reckoned over the apps of one entity",
    ),
    "duty_papers": (
        "它的义务要的材料:现在要、以后要或可能要",
        "the papers of its duties, asked for now, later, or perhaps",
    ),
}
"""What an answer has, in Chinese and English."""
FORMS = (
    "`print(answer)` 显示它,`answer.text('short')` 只显示要做什么,`answer.to_dict()` 给出 "
    "`kb export answer-schema` 所述的 JSON,`answer.to_frame()` 每份材料一行,`answer.receipt()` "
    "给出收据。",
    "`print(answer)` shows it, `answer.text('short')` only what to do; `answer.to_dict()` gives "
    "the JSON that `kb export answer-schema` tells of, `answer.to_frame()` a row a document, "
    "`answer.receipt()` a receipt.",
)
"""The forms that an answer takes."""


def python_page(lang: str) -> Iterator[str]:
    """The lines of the page below its first sentence."""
    told = help_words("python", lang)
    methods = [("`kb.load`", told["load"] if told else _first(load), f"`{_signature(load, 0)}`")]
    for name, method in _methods():
        signature = _signature(method)
        meaning = told.get(name, _first(method))
        methods.append((f"`{name}`", meaning, f"`{signature}`"))
    heads = (
        ("方法", "含义", "参数与类型")
        if lang == "zh"
        else ("method", "meaning", "parameters, types")
    )
    yield from table(methods, heads)
    for title, head, words in (
        (
            said("参数收什么", "What parameters take", lang),
            said("类型", "type", lang),
            {name: said(*both, lang) for name, both in TYPES.items()},
        ),
        (
            said("回答有什么", "What an answer has", lang),
            said("字段", "field", lang),
            {each.name: said(*FIELDS[each.name], lang) for each in dataclasses.fields(Answer)},
        ),
    ):
        yield from (f"## {title}", "")
        rows = [(f"`{name}`", meaning) for name, meaning in words.items()]
        yield from table(rows, (head, said("含义", "meaning", lang)))
    yield said(*FORMS, lang)


def _first(told: Callable[..., object]) -> str:
    """The first paragraph of a docstring, without what leads into the code."""
    return LINK.sub("", " ".join((inspect.getdoc(told) or "").split("\n\n")[0].split()))


def _signature(method: Callable[..., object], skipped: int = 1) -> str:
    """Parameters with types and defaults, without `self`."""
    signature = inspect.signature(method)
    written = []
    marked = False
    for name, each in [*signature.parameters.items()][skipped:]:
        if each.kind is each.KEYWORD_ONLY and not marked:
            written.append("*")
            marked = True
        default = "" if each.default is each.empty else f" = {each.default!r}"
        stars = "**" if each.kind is each.VAR_KEYWORD else ""
        written.append(f"{stars}{name}: {each.annotation}{default}")
    return f"({', '.join(written)}) -> {signature.return_annotation}"


def _methods() -> Iterator[tuple[str, Callable[..., object]]]:
    for name, method in inspect.getmembers(KnowledgeBase, inspect.isfunction):
        if not name.startswith("_") and any(name in vars(cls) for cls in (KnowledgeBase, Lookups)):
            yield name, method


def table(rows: Iterable[tuple[str, ...]], heads: tuple[str, ...]) -> Iterator[str]:
    """A table of Markdown; nothing where there are no rows."""
    listed = [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    if not listed:
        return
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    yield from (f"| {' | '.join(row)} |" for row in listed)
    yield ""
