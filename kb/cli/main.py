"""The command line. Results go to stdout, problems to stderr; see the exit codes in `main`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

import click

from kb.cli.analyse import analyse
from kb.cli.ask import ask
from kb.cli.audit import audit
from kb.cli.bundles import bundles
from kb.cli.changes import changes
from kb.cli.check import check
from kb.cli.completion import completion
from kb.cli.context import refusals, visible, worded
from kb.cli.coverage import coverage
from kb.cli.explain import explain
from kb.cli.export import export
from kb.cli.find import find
from kb.cli.graph import graph
from kb.cli.imports import imports
from kb.cli.init import init
from kb.cli.interview import interview
from kb.cli.language import LANGUAGES, language_of, said, speak
from kb.cli.lines import lines
from kb.cli.mcp import mcp
from kb.cli.notebook import notebook
from kb.cli.plan import plan
from kb.cli.query import query
from kb.cli.relations import relations
from kb.cli.replay import replay
from kb.cli.search import search
from kb.cli.show import show
from kb.cli.test import test
from kb.cli.vocabulary import vocabulary
from kb.cli.ways_out import ways_out
from kb.cli.what_if import what_if
from kb.cli.why import why
from kb.cli.why_not import why_not
from kb.version import __version__

COMMANDS = (
    analyse,
    ask,
    audit,
    bundles,
    changes,
    check,
    completion,
    coverage,
    explain,
    export,
    find,
    graph,
    imports,
    init,
    interview,
    lines,
    mcp,
    notebook,
    plan,
    query,
    relations,
    replay,
    search,
    show,
    vocabulary,
    ways_out,
    test,
    what_if,
    why,
    why_not,
)


@click.group(
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help="Language of answers and messages.",
)
@click.version_option(__version__, prog_name="kb")
def cli() -> None:
    """What must this app provide? Answers, proved down to the line of the source."""


def process() -> NoReturn:
    """Run `kb` as a process of its own: see `main`."""
    # What is loaded stays until the end (`base_of` starts the collector again): to look through it
    # for garbage is vain.
    gc.disable()
    # Pydantic looks through all that is installed for plug-ins, and none has a say here.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    main()


def main() -> NoReturn:
    """Run `kb`. Exit codes: 0 satisfied or done, 1 internal error, 2 bad input, 3 something
    missing, 4 undetermined, 5 prohibited."""
    out = sys.stdout
    for stream in (out, sys.stderr):
        # Chinese names must come out whatever the locale says.
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    lang = language_of(sys.argv[1:])
    speak(cli, lang, sys.argv[1:])
    try:
        cli.main(prog_name="kb", standalone_mode=False, obj=lang)
        sys.exit(0)
    except SystemExit:
        # The reader of a pipe has left, as `head` does: click wraps the stream then, and exits
        # with a failure that is none.
        if sys.stdout is not out:
            _without_reader()
        raise
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo(said("已停止", "stopped", lang), err=True)
        sys.exit(130)
    except BrokenPipeError:
        _without_reader()
    except refusals() as error:
        click.echo(visible(worded(error, lang)), err=True)
        sys.exit(2)
    except Exception as error:
        if os.environ.get("KB_TRACEBACK"):
            raise
        found = f"{type(error).__name__}: {visible(str(error))}"
        told = said(
            f"内部错误: {found}\n  办法: 设置 KB_TRACEBACK=1 可看到位置,请报告",
            f"internal error: {found}\n  help: set KB_TRACEBACK=1 to see where, and report it",
            lang,
        )
        click.echo(told, err=True)
        sys.exit(1)


def _without_reader() -> NoReturn:
    # Python flushes at its exit, and must not complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


if __name__ == "__main__":
    main()
