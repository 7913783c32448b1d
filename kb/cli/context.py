"""What all commands share: flags, loading, and how problems in arguments are told."""

from __future__ import annotations

import gc
import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.model.apps import App

F = TypeVar("F", bound=Callable[..., Any])


def shared(*formats: str) -> Callable[[F], F]:
    """The flags that every command has; `formats` are those it can write, the first by default."""

    def add(command: F) -> F:
        options = [
            click.option("--facts", metavar="DIR", help="Folder of facts (default: as installed)."),
            click.option(
                "--lang",
                type=click.Choice(["zh", "en"]),
                default="zh",
                show_default=True,
                help="Language of the answer.",
            ),
            click.option("--as-of", metavar="DATE", help="Day of the question (default: today)."),
        ]
        if formats:
            options.append(
                click.option(
                    "--format",
                    "form",
                    type=click.Choice(formats),
                    default=formats[0],
                    show_default=True,
                )
            )
        for option in reversed(options):
            command = option(command)
        return command

    return add


def base_of(facts: str | None, as_of: str | None, queries: bool = True) -> KnowledgeBase:
    """The base that the flags ask for; without the named queries where none can be asked."""
    from kb.api import load

    loaded = load(facts, as_of, queries=queries)
    if not gc.isenabled():  # in a process of our own: see `kb.cli.main.process`
        gc.freeze()
        gc.enable()
    return loaded


def app_of(base: KnowledgeBase, app: str) -> App:
    """A profile from a file, or from standard input for `-`."""
    from kb.model.profiles import read_app
    from kb.model.yamlread import LARGEST

    if app == "-":
        return read_app(sys.stdin.buffer.read(LARGEST + 1), base.facts, "<stdin>")
    return read_app(Path(app), base.facts)


def echo_json(data: Any) -> None:
    """Write JSON with Chinese as it is."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def visible(text: str) -> str:
    """A text without the characters that a terminal obeys: they are shown as escapes."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else f"\\x{ord(c):02x}"
        for c in text
    )


def problem(code: str, message: str, help: str = "") -> Exception:
    """A problem with an argument, to raise."""
    from kb.lang.problems import Problem, Problems

    return Problems([Problem(code, message, help=help)])


def written(path: str, text: str) -> None:
    """Write a file whole or not at all. Raises `Problems` when it can not be written."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        reason = (error.strerror or "it can not be written").lower()
        raise problem("output", f"`{path}` can not be written: {reason}") from None
