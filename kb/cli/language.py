"""The language of a run: `--lang`, else `KB_LANG`, else the locale; click speaks it too."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click
from click import core, decorators, exceptions, formatting, parser, types

from kb.render.translation import read

LANGUAGES = ("zh", "en")
VARIABLE = "KB_LANG"
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
PLAIN = ("", "C", "POSIX")
"""Locales that name no language: those of bare machines, which say nothing of their user."""
HELP = ("-h", "--help")
CLICK = (core, decorators, exceptions, formatting, parser, types)
"""The modules of click that look each of their words up by `_` and `ngettext`."""


def default_language(environment: Mapping[str, str] | None = None) -> str:
    """The language where `--lang` is not given.

    >>> default_language({"LANG": "en_GB.UTF-8"}), default_language({"LANG": "C.UTF-8"})
    ('en', 'zh')
    >>> default_language({"KB_LANG": "en", "LANG": "zh_CN.UTF-8"})
    'en'
    """
    said = os.environ if environment is None else environment
    if said.get(VARIABLE) in LANGUAGES:
        return said[VARIABLE]
    stated = next((said[name] for name in LOCALE if said.get(name)), "")
    locale = stated.partition(".")[0]
    return "zh" if locale in PLAIN or locale.lower().startswith("zh") else "en"


def current_language() -> str:
    """The language of the command that runs."""
    context = click.get_current_context(silent=True)
    found = context.find_root().obj if context is not None else None
    return found if found in LANGUAGES else default_language()


def language_of(arguments: Sequence[str]) -> str:
    """The language that a command line asks for, before it is read."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        given = following if argument == "--lang" else argument.removeprefix("--lang=")
        if given != argument and given in LANGUAGES:
            return given
    return default_language()


def speak(cli: click.Group, lang: str, arguments: Sequence[str]) -> None:
    """Let click tell errors, and help where it is asked for, in a language."""
    for module in CLICK:
        vars(module)["_"] = _same if lang == "en" else _chinese
        if "ngettext" in vars(module):
            vars(module)["ngettext"] = _plural if lang == "en" else _chinese_plural
    if not arguments or set(HELP) & set(arguments) or _KEPT:
        _help(cli, lang, "")


_KEPT: dict[int, str | None] = {}
"""The English help of commands and options, by the object, once help was told in Chinese."""


def _help(command: click.Command, lang: str, path: str) -> None:
    helps = help_words("commands", lang)
    english = _KEPT.setdefault(id(command), command.help)
    command.help = helps.get(path or "kb", english)
    options = help_words("options", lang)
    for option in command.params:
        if isinstance(option, click.Option):
            said = _KEPT.setdefault(id(option), option.help)
            option.help = options.get(said or "", said)
    # The option for help is made once for each command, in the language of that time.
    command._help_option = None
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            _help(each, lang, f"{path} {name}".strip())


def english_help(of: click.Command | click.Option) -> str:
    """The English help of a command or an option, whatever language it was last told in."""
    return _KEPT.get(id(of), of.help) or ""


def help_words(part: str, lang: str) -> Mapping[str, str]:
    """The Chinese words of a part of `help.json` by the English ones; none for English."""
    return {} if lang == "en" else read("help")[part]


def _same(text: str) -> str:
    return text


def _plural(one: str, several: str, count: int) -> str:
    return one if count == 1 else several


def _chinese(text: str) -> str:
    return help_words("click", "zh").get(text, text)


def _chinese_plural(one: str, several: str, count: int) -> str:
    return _chinese(_plural(one, several, count))


def said(zh: str, en: str, lang: str) -> str:
    """The words of a language."""
    return zh if lang == "zh" else en
