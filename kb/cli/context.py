"""What all commands share: flags, the base they ask for, profiles, and how results are written."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from kb.cli.completion import folders
from kb.cli.language import current_language
from kb.cli.layer_hints import builds_on_shipped, stands_in_folder
from kb.lang.problems import LimitError, Problem, Problems
from kb.model.data import LARGEST
from kb.render.page import page
from kb.render.translation import chinese, problems_text

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.lang.problems import Problems
    from kb.model.apps import App

Command = Callable[..., Any]
LANG, AS_OF, SOURCES = "lang", "as_of", "sources"
ENGINE = "pydatalog"
"""The engine unless another is named."""


@dataclass(frozen=True, slots=True)
class Context:
    """The flags that commands share, as they were given; a command that does not take one of them
    sees its default."""

    facts: tuple[str, ...] = ()
    only_facts: tuple[str, ...] = ()
    lang: str = "zh"
    as_of: str | None = None
    form: str = "text"
    color: str = "auto"
    sources: str | None = None

    @property
    def tree(self) -> bool:
        """Whether text is laid out for a terminal; a pipe gets one line for each thing."""
        return self.color == "always" or sys.stdout.isatty()

    @property
    def coloured(self) -> bool:
        """Whether text has colours: on a terminal, unless `NO_COLOR` is set or `--color` says
        otherwise."""
        if self.color == "auto":
            plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
            return sys.stdout.isatty() and not plain
        return self.color == "always"

    def base(self, *, queries: bool = True, engine: str = ENGINE) -> KnowledgeBase:
        """The base that the flags ask for; without the named queries where none can be asked."""
        # Imported here: `kb --help` needs no base, and what a base needs takes long to load.
        from kb.api import load

        def loading(facts: Sequence[str], only_facts: Sequence[str]) -> KnowledgeBase:
            return load(facts, self.as_of, only_facts=only_facts, queries=queries, engine=engine)

        try:
            loaded = loading(self.facts, self.only_facts)
        except Problems as found:
            if not self.only_facts:
                raise
            layers = (*self.only_facts, *self.facts)
            raise builds_on_shipped(found, self.only_facts, lambda: loading(layers, ())) from None
        settle()
        return loaded

    @property
    def shipped(self) -> bool:
        """Whether the flags ask for the shipped facts alone."""
        return not (self.facts or self.only_facts)


def settle() -> None:
    """What is loaded now stays: it is not looked through for garbage."""
    if not gc.isenabled():  # in a process of our own: see `kb.cli.main.process`
        gc.freeze()
        gc.enable()


OPTIONS = {
    "facts": click.option(
        "--facts",
        metavar="DIR",
        multiple=True,
        help="Folder of facts of your own, added to what is installed; several times for several.",
        shell_complete=folders,
    ),
    "only_facts": click.option(
        "--only-facts",
        metavar="DIR",
        multiple=True,
        help="Folder of facts to use instead of what is installed.",
        shell_complete=folders,
    ),
    LANG: click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default=current_language,
        help="Language of answers and messages.",
    ),
    AS_OF: click.option("--as-of", metavar="DATE", help="Day of the question (default: today)."),
    SOURCES: click.option(
        "--sources",
        metavar="DIR",
        help="Folder of the source texts, to show the lines.",
        shell_complete=folders,
    ),
}
COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours and tree lines (auto: on a terminal; NO_COLOR leaves the colours out).",
)
engine_option = click.option(
    "--engine",
    metavar="NAME",
    default=ENGINE,
    show_default=True,
    help="What evaluates the rules: pydatalog, clingo, duckdb or spark.",
)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format` with what a command can write, the first by default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How results are written.",
    )


def shared(*flags: str, formats: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Give a command `--facts`, `--only-facts` and `--lang` (which messages heed at least),
    `--as-of` and `--sources` where they are among the `flags`, and `--format` with the `formats` it
    can write, the first by default; with text among them also `--color`. The command gets them as a
    `Context`.

    A flag that a command would ignore is not offered, so that it is refused.
    """
    flags = tuple(dict.fromkeys((*flags, LANG)))
    taken = ["facts", "only_facts", *flags, *(["form"] if formats else [])]
    taken += ["color"] if "text" in formats else []

    def add(command: Command) -> Command:
        @wraps(command)
        def call(*args: Any, **given: Any) -> Any:
            context = Context(**{name: given.pop(name) for name in taken})
            return command(context, *args, **given)

        options: list[Callable[[Command], Command]] = [
            OPTIONS[name] for name in ("facts", "only_facts", *flags)
        ]
        if formats:
            options.append(format_option(*formats))
        wrapped: Command = call
        if "text" in formats:
            options.append(COLOR)
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped

    return add


def app_of(base: KnowledgeBase, app: str) -> App:
    """A profile from a file, or from standard input for `-`."""
    if app == "-":
        return base.app(sys.stdin.buffer.read(LARGEST + 1), "<stdin>")
    try:
        return base.app(Path(app))
    except Problems as found:
        raise stands_in_folder(found, Path(app), base.facts.folders) from None


class Result(Protocol):
    """What is shown in every form; see `kb.base.rendered.Rendered`."""

    def to_dict(self) -> Mapping[str, Any]: ...

    def text(self, length: str = "long") -> str: ...

    def html(self, length: str = "long") -> str: ...

    def _repr_markdown_(self) -> str: ...

    def terminal(self, width: int, colour: bool, length: str = "long") -> str: ...


def echo(result: Result, context: Context, length: str = "long") -> None:
    """Write a result as `text`, `json`, `html` or `markdown`; `length` is how much its text
    tells, where there are several lengths."""
    match context.form:
        case "json":
            echo_json(result.to_dict())
        case "html":
            title, *_ = result.text("short").splitlines() or [""]
            click.echo(page(title, result.html(length), context.lang), nl=False)
        case "markdown":
            click.echo(result._repr_markdown_())
        case _:
            echo_text(result, context, length)


def echo_text(result: Result, context: Context, length: str = "long") -> None:
    """Write a result as text: a tree on a terminal, else a line for each thing."""
    if context.tree:
        width = shutil.get_terminal_size().columns
        click.echo(result.terminal(width, context.coloured, length), color=True)
    else:
        click.echo(result.text(length))


def echo_json(data: Any) -> None:
    """Write JSON with Chinese as it is."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def visible(text: str) -> str:
    """A text without the characters that a terminal obeys: they are shown as escapes."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else f"\\x{ord(c):02x}"
        for c in text
    )


def worded(error: Exception, lang: str) -> str:
    """What was raised for bad input or a limit, in a language."""
    if lang == "en":
        return str(error)
    return problems_text(error, lang)


def problem_worded(found: Problem, lang: str) -> str:
    """One problem in a language."""
    return worded(Problems([found]), lang)


def tell(text: str, lang: str, *, nl: bool = True) -> None:
    """Write a message, stated in English, to standard error in a language."""
    if lang != "en":
        text = chinese(text)
    click.echo(text, err=True, nl=nl)


def problem(code: str, message: str, help: str = "") -> Problems:
    """A problem with an argument, to raise."""
    return Problems([Problem(code, message, help=help)])


def refusals() -> tuple[type[Exception], ...]:
    """What is raised for bad input and for a limit that was reached, to catch."""
    return Problems, LimitError
