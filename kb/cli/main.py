"""The command line. Results go to stdout, problems to stderr; see the exit codes in `main`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from kb.cli import audit as audit_cli
from kb.cli import graph as graph_cli
from kb.cli import notebook as notebook_cli
from kb.cli import reasons
from kb.cli.context import app_of, base_of, echo_json, problem, shared, visible, written
from kb.cli.tables import framed, laid_out, listed, tabled
from kb.find.cli import find
from kb.version import __version__


@click.group(
    commands=[*reasons.COMMANDS, graph_cli.graph, notebook_cli.notebook, audit_cli.audit, find],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="kb")
def cli() -> None:
    """What must this app provide? Answers, proved down to the line of the source."""


@cli.command()
@click.argument("app")
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@shared("text", "json", "csv", "html", "markdown")
def ask(
    app: str, include_drafts: bool, facts: str | None, lang: str, as_of: str | None, form: str
) -> NoReturn:
    """What must APP (a profile; `-` for standard input) provide?

    Exit code: 0 satisfied, 3 something missing, 4 undetermined, 5 prohibited.
    """
    base = base_of(facts, as_of, queries=False)
    answer = base.ask(app_of(base, app), include_drafts=include_drafts, lang=lang)
    if form == "json":
        echo_json(answer.to_dict())
    elif form == "csv":
        click.echo(framed(answer.to_frame(), form), nl=False)
    else:
        click.echo(laid_out(str(answer), form))
    sys.exit(answer.exit_code)


@cli.command()
@click.argument("category")
@shared("text", "json", "html", "markdown")
def show(category: str, facts: str | None, lang: str, as_of: str | None, form: str) -> None:
    """What the sources say of CATEGORY: its tree, its alternatives, its cross references."""
    from kb.query.categories import show as shown_of
    from kb.query.categories import show_text

    shown = shown_of(base_of(facts, as_of), category, lang)
    if form == "json":
        echo_json(shown)
    else:
        click.echo(laid_out(show_text(shown, lang), form))


@cli.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1))
@shared("text", "json", "csv", "html", "markdown")
def search(
    words: tuple[str, ...], limit: int, facts: str | None, lang: str, as_of: str | None, form: str
) -> None:
    """Find services, categories, documents and more by their names."""
    from kb.query.search import search_lines

    found = base_of(facts, as_of).search(" ".join(words), limit)
    if form == "json":
        echo_json(found)
        return
    if form == "text":
        for line in search_lines(found):
            click.echo(line)
    else:
        click.echo(framed(tabled(found, ("kind", "id", "zh", "en")), form), nl=False)
    if not found:
        click.echo("nothing is called like that", err=True)


@cli.command()
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--app", "app", metavar="APP", help="A profile; `-` for standard input.")
@click.option("--ids", is_flag=True, help="Show ids instead of labels.")
@click.option(
    "--rules", "rules", metavar="FILE", help="Rules of your own, beside the shipped ones."
)
@click.option("--limit", default=30.0, show_default=True, help="Seconds that the query may take.")
@shared("text", "json", "csv", "html", "markdown")
def query(
    name: str | None,
    parameters: tuple[str, ...],
    app: str | None,
    ids: bool,
    rules: str | None,
    limit: float,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """Answer the query NAME, or a goal such as "required(A, C)"; without a name, list all."""
    base = base_of(facts, as_of)
    if name is None and form != "text":
        click.echo(framed(listed(base), form), nl=False)
        return
    if name is None:
        for each in base.queries.values():
            known = " ".join(f"{p}=" if p != "app" else "--app" for p in each.parameters)
            click.echo(f"{each.name:<24} {each.title}  [{known}]")
        return
    if rules:
        from kb.model.yamlread import decoded, read_raw

        base = base.rules(decoded(read_raw(Path(rules), kind="rule"), rules), rules)
    given: dict[str, str] = {}
    for parameter in parameters:
        key, sign, value = parameter.partition("=")
        if not sign:
            raise problem(
                "parameters",
                f"`{parameter}` is not KEY=VALUE",
                "write it like `category=教育-驾校平台`",
            )
        given[key] = value
    if "app" in given:
        app = app or given.pop("app")
    read = app_of(base, app) if app else None
    # `limit`, `lang` and the like may also be columns: parameters go in by their own mapping.
    from kb.query.goals import ask_goal, frame

    found = ask_goal(base, name, given, read, None, limit)
    click.echo(framed(frame(base, found, lang, ids), form), nl=False)


@cli.command()
@click.option("--from", "first", metavar="DATE", required=True, help="The earlier day.")
@click.option("--to", "last", metavar="DATE", required=True, help="The later day.")
@click.option("--apps", metavar="APPS", help="Profiles: a file, a folder, JSON lines; a table.")
@shared("text", "json", "html", "markdown")
def changes(
    first: str,
    last: str,
    apps: str | None,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """What changed between two days, and for which apps it matters."""
    from kb.render.changes import changes_text

    base = base_of(facts, as_of)
    with audit_cli.progress() as told:
        found = base.changes(first, last, apps or None, lang, told)
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(laid_out(changes_text(found, lang), form))


@cli.command()
@shared("text", "json")
def check(facts: str | None, lang: str, as_of: str | None, form: str) -> None:
    """Check facts, rules and queries; exit code 2 when something is wrong with them."""
    base = base_of(facts, as_of)
    problems = base.check()
    if form == "json":
        echo_json(
            [
                {
                    "code": p.code,
                    "severity": p.severity,
                    "message": p.message,
                    "help": p.help,
                    "place": str(p.span) if p.span.line else p.span.file,
                }
                for p in problems
            ]
        )
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(
            f"{len(base.facts.sources)} sources, {len(base.facts.readings)} readings, "
            f"{len(base.program.rules)} rules, {len(base.queries)} queries: "
            f"{sum(p.severity == 'warning' for p in problems)} warnings"
        )
    if any(problem.severity == "error" for problem in problems):
        sys.exit(2)


@cli.command()
@click.option(
    "--sources", metavar="DIR", help="Folder of the source texts, to check lines against."
)
@shared("text", "json")
def coverage(
    sources: str | None, facts: str | None, lang: str, as_of: str | None, form: str
) -> None:
    """Is every line of every source stated by a record, and the other way round?"""
    from kb.maintain.coverage import coverage_of

    base = base_of(facts, as_of)
    report = coverage_of(base.facts, Path(sources) if sources else None)
    if form == "json":
        echo_json(report.to_dict())
    else:
        for problem in report.problems:
            click.echo(str(problem), err=True)
        for source, (stated, silent, total) in report.counts.items():
            click.echo(
                f"{source}: {total} lines, {stated} stated by records, {silent} state no rule"
            )
    if report.problems:
        sys.exit(2)


@cli.command()
@click.argument(
    "kind",
    metavar="WHAT",
    type=click.Choice(
        ["schema", "profile-schema", "proof-schema", "why-not-schema", "facts", "rules"]
    ),
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
@shared()
def export(kind: str, output: str | None, facts: str | None, lang: str, as_of: str | None) -> None:
    """Export a JSON Schema, all facts or all rules.

    WHAT is `schema` (of fact files), `profile-schema`, `proof-schema`, `why-not-schema`, `facts`
    (as JSON) or `rules`.
    """
    from kb.maintain.export import exported

    text = exported(kind, None if kind.endswith("schema") else base_of(facts, as_of))
    if output is None:
        click.echo(text)
    else:
        written(output, text + "\n")


def process() -> NoReturn:
    """Run `kb` as a process of its own: see `main`."""
    # What is loaded stays until the end (`base_of` starts the collector again): to look through it
    # for garbage is vain.
    gc.disable()
    main()


def main() -> NoReturn:
    """Run `kb`. Exit codes: 0 satisfied or done, 1 internal error, 2 bad input, 3 something
    missing, 4 undetermined, 5 prohibited."""
    out = sys.stdout
    for stream in (out, sys.stderr):
        # Chinese names must come out whatever the locale says.
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    try:
        cli.main(prog_name="kb", standalone_mode=False)
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
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        _without_reader()
    except Exception as error:
        from kb.lang.problems import LimitError, Problems

        if isinstance(error, Problems | LimitError):
            click.echo(visible(str(error)), err=True)
            sys.exit(2)
        if os.environ.get("KB_TRACEBACK"):
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {visible(str(error))}\n"
            "  help: set KB_TRACEBACK=1 to see where, and report it",
            err=True,
        )
        sys.exit(1)


def _without_reader() -> NoReturn:
    # Python flushes at its exit, and must not complain then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


if __name__ == "__main__":
    main()
