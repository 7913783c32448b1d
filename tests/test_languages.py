"""Every message is in both languages, and the language is the one that was asked for."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kb.base.queries import Query
from kb.cli.language import CLICK, default_language, language_of
from kb.cli.main import cli, main
from kb.render.translation import chinese, read

ROOT = Path(__file__).parent.parent
MAKERS = {"Problem", "problem", "_problem", "bad", "_bad", "refuse", "_refuse", "_one", "_large"}
MAKERS |= {
    "damaged",
    "unread_file",
    "_warning",
    "_encoded",
    "failed",
    "_unusable",
    "add",
    "tell",
    "LimitError",
    "UnsupportedError",
    "ValueError",
}
"""Functions that make a message of what they are given."""
NAMES = frozenset(["message", "help", "help_", "words", "reason", "said"])
"""Variables that messages are put into first."""
WORDLESS = (
    "pip install",  # a command
    ":- ",  # a program of clingo
    "nullif(",  # SQL
    "coalesce(",
    "<p>",
)
PART = (
    "X X is expected here",
    "`X` names several of kind X:",
    "the notes of these categories lead round:",
    "one of",
    "nothing stands here;",
    "the ending says the format:",
    "the heads found are:",
)
"""Beginnings of sentences, to which the code adds a list."""


def texts(node: ast.AST) -> Iterator[str]:
    """The texts in an expression, with `X` for what differs from case to case."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr():
            parts = (str(v.value) if isinstance(v, ast.Constant) else "X" for v in node.values)
            yield "".join(parts)
        case ast.FormattedValue() | ast.Subscript():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from texts(child)


def stated(path: Path) -> Iterator[tuple[int, str]]:
    """The messages that a module states, each line by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found: list[ast.AST] = []
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in MAKERS:
                found = [*node.args, *(k.value for k in node.keywords if k.arg != "severity")]
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES:
                found = [value]
            case ast.keyword(arg="help", value=value):
                found = [value]
            case _:
                continue
        for each in found:
            for text in texts(each):
                for line in text.split("\n"):
                    yield getattr(node, "lineno", 0), line.strip()


def test_no_message_is_in_one_language_alone() -> None:
    """Each message that the code can make has its Chinese sentence; where one is added without it,
    this test names file and line."""
    options = read("help")["options"]
    missing = []
    for path in sorted((ROOT / "kb").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith("kb/render/"):
            continue  # words in both languages already, side by side
        for line, text in stated(path):
            words = re.search(r"[a-z]{2,} [a-z]", text.replace("X", ""))
            if not words or text.startswith((*WORDLESS, *PART)) or text in options:
                continue
            if chinese(text) == text:
                missing.append(f"{place}:{line}: {text}")
    assert missing == []


def test_messages_of_bad_files_leave_no_english() -> None:
    """Of all bad facts, profiles and rules the messages are wholly Chinese, but for what the user
    wrote and for keys, which stand in backticks."""
    found = {}
    for path in sorted((ROOT / "tests" / "bad").glob("*/*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            told = re.search(r"(?:error|warning)\[[^]]*\]: (.*)|^ *help: (.*)", line)
            if told:
                shown = chinese(told[1] or told[2])
                plain = re.sub("`[^`]*`", "", shown)
                if re.search("[a-z]{2,} [a-z]{2,}", plain.partition("iconv")[0]):
                    found[told[0]] = shown
    assert found == {}


def test_sentences_have_the_same_values() -> None:
    """A Chinese sentence has a place for each value of the English one, and no other."""
    for english, zh in read("problems")["messages"].items():
        count = english.count("{}")
        numbers = [int(n) for n in re.findall(r"\{(\d)\}", zh)]
        assert zh.count("{}") == count or sorted(numbers) == list(range(count)), english


def every_command(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """A command and those below it, by how they are called; the first one is `kb`."""
    yield path or "kb", command
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from every_command(each, f"{path} {name}".strip())


def test_every_command_and_option_is_told_in_chinese() -> None:
    """Help knows each command and option, and nothing that there is not; every option says what it
    is for."""
    helps = read("help")
    english_help(cli)
    commands = dict(every_command(cli))
    options = {
        option.help
        for command in commands.values()
        for option in command.params
        if isinstance(option, click.Option) and option.help
    }
    assert set(commands) == set(helps["commands"])
    assert options <= set(helps["options"])
    silent = [
        f"{path} {option.opts[0]}"
        for path, command in commands.items()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_help_names_the_same_in_both_languages() -> None:
    """Commands, flags, files and schemas that the English help of a command names stand in the
    Chinese one, too; `none` is an answer to a question, and a word of the language."""
    helps = read("help")["commands"]
    english_help(cli)
    for path, command in every_command(cli):
        english, chinese = (
            set(re.findall(r"`([^`]+)`", text)) - {"none", "无"}
            for text in (command.help or "", helps[path])
        )
        assert english == chinese, path


def english_help(command: click.Group) -> None:
    """Let help be English again after a test in Chinese."""
    from kb.cli.language import speak

    speak(command, "en", ["--help"])


def test_click_s_own_words_are_known() -> None:
    """All that click can say to a user has its Chinese; only what it says to programmers has
    none."""
    said = set(read("help")["click"])
    programmers = ("DeprecationWarning", "Could not determine", "No options defined", "Arguments")
    programmers += ("Name '", "Boolean option", "Invalid start", "Choice(", "Do you want")
    programmers += ("Confirm the action", "{value!r} does not match", "{value!r} is not a valid UU")
    for module in CLICK:
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str() as text)]):
                    wanted = [text]
                case ast.Call(func=ast.Name(id="ngettext"), args=[first, second, _]):
                    wanted = [ast.literal_eval(first), ast.literal_eval(second)]
                case _:
                    continue
            for text in wanted:
                assert text in said or text.startswith(programmers), text


def test_every_query_says_what_it_asks_in_both_languages(base) -> None:
    """The list of queries is Chinese or English."""
    for query in base.queries.values():
        assert isinstance(query, Query)
        assert re.search("[一-鿿]", query.said("zh")), query.name
        assert query.said("en").isascii(), query.name


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "KB_LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "KB_LANG": "fr"}, "zh"),
    ],
)
def test_language_without_a_flag(environment: dict[str, str], lang: str) -> None:
    """`KB_LANG` goes before the locale; a bare locale says nothing, and Chinese is spoken."""
    assert default_language(environment) == lang


def test_the_flag_goes_before_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--lang` says the language of errors too, in both spellings."""
    monkeypatch.setenv("KB_LANG", "en")
    assert language_of(["ask", "--lang", "zh"]) == "zh"
    assert language_of(["ask", "--lang=zh", "x"]) == "zh"
    assert language_of(["ask", "x"]) == "en"


SAID = {
    ("find", "--limi", "1"): (
        "用法: kb find [OPTIONS] WORDS...\n用 'kb find --help' 看说明。\n\n"
        "错误: 没有选项 '--limi'。 是不是 '--limit'?\n",
        "Usage: kb find [OPTIONS] WORDS...\nTry 'kb find --help' for help.\n\n"
        "Error: No such option '--limi'. Did you mean '--limit'?\n",
    ),
    ("find", "--facs"): (
        "用法: kb find [OPTIONS] WORDS...\n用 'kb find --help' 看说明。\n\n"
        "错误: 没有选项 '--facs'。 (是不是其中一个: '--facts', '--only-facts'?)\n",
        "Usage: kb find [OPTIONS] WORDS...\nTry 'kb find --help' for help.\n\n"
        "Error: No such option '--facs'. (Did you mean one of: '--facts', '--only-facts'?)\n",
    ),
    ("ask", "--as-of", "gestern", "x.yaml"): (
        "错误[date]: `gestern` 不是日期\n  办法: 写成 2025-06-30 的样子\n",
        "error[date]: `gestern` is not a date\n  help: write it like 2025-06-30\n",
    ),
    ("why-not", "x.yaml"): (
        "用法: kb why-not [OPTIONS] APP FACT\n用 'kb why-not --help' 看说明。\n\n"
        "错误: 缺少参数 'FACT'.\n",
        "Usage: kb why-not [OPTIONS] APP FACT\nTry 'kb why-not --help' for help.\n\n"
        "Error: Missing argument 'FACT'.\n",
    ),
}


@pytest.mark.parametrize("arguments", SAID)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_errors_are_told_in_the_language(arguments, lang, monkeypatch, capsys) -> None:
    """Errors of usage and of what was given are told in the language of the run, word for word."""
    monkeypatch.setenv("KB_LANG", lang)
    monkeypatch.setattr(sys, "argv", ["kb", *arguments])
    with pytest.raises(SystemExit) as exit:
        main()
    assert exit.value.code == 2
    assert capsys.readouterr().err == SAID[arguments][0 if lang == "zh" else 1]


def test_help_is_told_in_the_language(monkeypatch, capsys) -> None:
    """Help of one process is Chinese, then English, then Chinese again."""
    shown = {}
    for lang in ("zh", "en", "zh"):
        monkeypatch.setattr(sys, "argv", ["kb", "plan", "--help", "--lang", lang])
        with pytest.raises(SystemExit):
            main()
        out = capsys.readouterr().out
        assert shown.setdefault(lang, out) == out
    assert "把计划画成时间线(svg)。" in shown["zh"]
    assert "显示这些说明后退出。" in shown["zh"]
    assert "Draw the plan as a timeline (svg)." in shown["en"]
    assert not re.search("[一-鿿]", shown["en"])
    assert CliRunner().invoke(cli, ["plan", "--help"]).exit_code == 0
