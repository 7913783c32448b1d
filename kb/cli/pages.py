"""Pages of the reference that are made from the code: commands, the Python interface, audits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from kb.audit.ownership import COLUMNS, REJECTED
from kb.cli.language import english_help, help_words, said
from kb.cli.main import cli
from kb.cli.python_page import python_page, table
from kb.render.words import REASONS

HEADS = {
    "commands": (
        ("命令", "每个命令:怎样写、做什么、有哪些选项。`kb 命令 --help` 显示同样的内容。"),
        (
            "Commands",
            "Each command: how it is written, what it does, its flags, as `--help` has it.",
        ),
    ),
    "python": (
        (
            "Python 接口",
            "`kb.load()` 给出一个知识库;它的方法如下,后面是它们的参数收什么、`ask` 的回答有什么。"
            "单位、错误和能运行的例子见各方法的 docstring。",
        ),
        (
            "Python interface",
            "`kb.load()` gives a base; these are its methods, then what their parameters take and "
            "what the answer of `ask` has. Docstrings tell units and errors, with examples that "
            "run.",
        ),
    ),
    "audits": (
        ("批量审核的文件", "`kb audit` 写出的列、被拒行的键和理由代码。"),
        (
            "Files of audits",
            "The columns that `kb audit` writes, the keys of rejects, and reason codes.",
        ),
    ),
}
"""The title and first sentence of each page, in Chinese and English."""
COLUMN_WORDS = {
    "app": ("应用的名称或 id", "name or id of the app"),
    "category": (
        "类目的 id;一个应用的总计行为空",
        "id of the category; empty in the row of a whole app",
    ),
    "verdict": ("结论", "the verdict"),
    "alternative": ("差得最少的可用方案的 id", "id of the usable alternative that lacks least"),
    "missing": (
        "它还缺的材料:`材料@持有者x份数`;总计行里是义务要的材料,几种材料都算做到的,列第一种",
        "the documents that it lacks, each as `document@holderxcount`; in the row of a whole app "
        "those that its duties ask for, the first of several that keep one",
    ),
    "reason": ("理由代码,见下", "reason code, see below"),
    "rule_version": ("规则和事实的版本", "version of the rules and facts"),
    "receipt": ("软件包、事实和规则的哈希、日期", "package, hashes of facts and rules, day"),
}
REJECT_WORDS = {
    "row": ("输入的第几行数据,从 0 起", "which row of data, from 0"),
    "line": ("文件的第几行;表格文件没有", "which line of the file; none in Parquet"),
    "file": ("文件夹里的哪个文件", "which file of a folder"),
    "column": ("不对的是哪一列", "the column that is wrong"),
    "app": ("应用的名称,读得出时", "name of the app, where it can be read"),
    "reason": ("为什么被拒", "why it was refused"),
    "help": ("相近的名称和办法", "near names and the way out"),
}


def page(name: str, lang: str) -> str:
    """The text of a page (`commands`, `python` or `audits`) in a language.

    >>> page("python", "en").splitlines()[0]
    '# Python interface'
    """
    title, first = HEADS[name][lang == "en"]
    made = (
        "由 `python docs/reference.py` 生成。"
        if lang == "zh"
        else "Made by `python docs/reference.py`."
    )
    parts = {"commands": _commands, "python": python_page, "audits": _audits}
    return "\n".join([f"# {title}", "", f"{first} {made}", "", *parts[name](lang)]).rstrip() + "\n"


def _commands(lang: str) -> Iterator[str]:
    helps, flags = help_words("commands", lang), help_words("options", lang)
    for path, command in _leaves(cli, ""):
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        written = " ".join(["kb", path, *(_written(each) for each in arguments)])
        yield from (f"## `{written}`", "")
        yield from (_paragraphs(helps.get(path, english_help(command))), "")
        rows = [
            (f"`{_flag(each)}`", flags.get(english := english_help(each), english))
            for each in command.params
            if isinstance(each, click.Option) and not each.hidden
        ]
        yield from table(rows, ("选项", "含义") if lang == "zh" else ("flag", "meaning"))


def _leaves(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        whole = f"{path} {name}".strip()
        if isinstance(command, click.Group):
            yield from _leaves(command, whole)
        elif not command.hidden:
            yield whole, command


def _written(argument: click.Argument) -> str:
    name = (argument.metavar or argument.name or "").upper()
    many = "..." if argument.nargs == -1 and "..." not in name else ""
    return f"{name}{many}" if argument.required or name.startswith("[") else f"[{name}{many}]"


def _flag(option: click.Option) -> str:
    names = " / ".join([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} {'|'.join(map(str, option.type.choices))}"
    return f"{names} {(option.metavar or option.type.name).upper()}"


def _paragraphs(text: str) -> str:
    return "\n\n".join(
        # Lines that click is told not to wrap stay as they are.
        f"```\n{part[2:]}\n```" if part.startswith("\b\n") else " ".join(part.split())
        for part in inspect.cleandoc(text).split("\n\n")
    )


def _audits(lang: str) -> Iterator[str]:
    for title, head, words in (
        (
            said("输出的列", "Columns of the output", lang),
            said("列", "column", lang),
            {name: COLUMN_WORDS[name] for name in COLUMNS},
        ),
        (
            said("被拒行的键", "Keys of rejects", lang),
            said("键", "key", lang),
            {name: REJECT_WORDS[name] for name in REJECTED},
        ),
        (said("理由代码", "Reason codes", lang), said("代码", "code", lang), REASONS),
    ):
        yield from (f"## {title}", "")
        rows = [(f"`{name}`", said(*both, lang)) for name, both in words.items()]
        yield from table(rows, (head, said("含义", "meaning", lang)))
