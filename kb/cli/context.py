"""What all commands share: flags, the base they ask for, profiles, and how results are written."""

from __future__ import annotations

import gc
import json
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from kb.cli.completion import folders
from kb.lang.problems import LimitError, Problem, Problems

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.lang.problems import Problems
    from kb.model.apps import App

Command = Callable[..., Any]
LANG, AS_OF = "lang", "as_of"
ENGINE = "pydatalog"
"""The engine unless another is named."""


@dataclass(frozen=True, slots=True)
class Context:
    """The flags that commands share, as they were given; a command that does not take one of them
    sees its default."""

    facts: str | None = None
    lang: str = "zh"
    as_of: str | None = None
    form: str = "text"

    def base(self, *, queries: bool = True, engine: str = ENGINE) -> KnowledgeBase:
        """The base that the flags ask for; without the named queries where none can be asked."""
        # Imported here: `kb --help` needs no base, and what a base needs takes long to load.
        from kb.api import load

        loaded = load(self.facts, self.as_of, queries=queries, engine=engine)
        if not gc.isenabled():  # in a process of our own: see `kb.cli.main.process`
            gc.freeze()
            gc.enable()
        return loaded


OPTIONS = {
    "facts": click.option(
        "--facts",
        metavar="DIR",
        help="Folder of facts (default: as installed).",
        shell_complete=folders,
    ),
    LANG: click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default="zh",
        show_default=True,
        help="Language of the answer.",
    ),
    AS_OF: click.option("--as-of", metavar="DATE", help="Day of the question (default: today)."),
}
engine_option = click.option(
    "--engine",
    metavar="NAME",
    default=ENGINE,
    show_default=True,
    help="What evaluates the rules: pydatalog, clingo, duckdb or spark.",
)


def shared(*flags: str, formats: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Give a command `--facts`, those of `--lang` and `--as-of` that it heeds, and `--format` with
    the `formats` it can write, the first by default. The command gets them as a `Context`.

    A flag that a command would ignore is not offered, so that it is refused.
    """
    taken = ["facts", *flags, *(["form"] if formats else [])]

    def add(command: Command) -> Command:
        @wraps(command)
        def call(*args: Any, **given: Any) -> Any:
            context = Context(**{name: given.pop(name) for name in taken})
            return command(context, *args, **given)

        options = [OPTIONS[name] for name in ("facts", *flags)]
        if formats:
            choice = click.Choice(list(formats))
            options.append(
                click.option("--format", "form", type=choice, default=formats[0], show_default=True)
            )
        wrapped: Command = call
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped

    return add


def app_of(base: KnowledgeBase, app: str) -> App:
    """A profile from a file, or from standard input for `-`."""
    if app == "-":
        # Imported here: it brings the reader of YAML, which `kb --help` has no use for.
        from kb.model.yamlread import LARGEST

        return base.app(sys.stdin.buffer.read(LARGEST + 1), "<stdin>")
    return base.app(Path(app))


class Result(Protocol):
    """What is shown in every form; see `kb.base.rendered.Rendered`."""

    def to_dict(self) -> Mapping[str, Any]: ...

    def _repr_html_(self) -> str: ...

    def _repr_markdown_(self) -> str: ...


def echo(result: Result, form: str) -> None:
    """Write a result as `text`, `json`, `html` or `markdown`."""
    match form:
        case "json":
            echo_json(result.to_dict())
        case "html":
            click.echo(result._repr_html_())
        case "markdown":
            click.echo(result._repr_markdown_())
        case _:
            click.echo(str(result))


def echo_json(data: Any) -> None:
    """Write JSON with Chinese as it is."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def visible(text: str) -> str:
    """A text without the characters that a terminal obeys: they are shown as escapes."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else f"\\x{ord(c):02x}"
        for c in text
    )


def problem(code: str, message: str, help: str = "") -> Problems:
    """A problem with an argument, to raise."""
    return Problems([Problem(code, message, help=help)])


def refusals() -> tuple[type[Exception], ...]:
    """What is raised for bad input and for a limit that was reached, to catch."""
    return Problems, LimitError
