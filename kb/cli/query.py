"""`kb query`: named queries, and goals in the language of the rules."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from kb.cli.completion import files
from kb.cli.context import AS_OF, LANG, Context, app_of, engine_option, problem, shared
from kb.cli.tables import framed, listed
from kb.model.places import shipped


def _queries(
    context: click.Context, parameter: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Completes the names of the queries that are shipped."""
    names = sorted(path.stem for path in shipped("queries").glob("*.dl"))
    return [CompletionItem(name) for name in names if name.startswith(typed)]


@click.command()
@click.argument("name", required=False, shell_complete=_queries)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--app",
    "app",
    metavar="APP",
    help="A profile; `-` for standard input.",
    shell_complete=files,
)
@click.option("--ids", is_flag=True, help="Show ids instead of labels.")
@click.option(
    "--rules",
    "rules",
    metavar="FILE",
    help="Rules of your own, beside the shipped ones.",
    shell_complete=files,
)
@click.option("--limit", default=30.0, show_default=True, help="Seconds that the query may take.")
@engine_option
@shared(LANG, AS_OF, formats=("text", "json", "csv", "html", "markdown"))
def query(
    context: Context,
    name: str | None,
    parameters: tuple[str, ...],
    app: str | None,
    ids: bool,
    rules: str | None,
    limit: float,
    engine: str,
) -> None:
    """Answer the query NAME, or a goal such as "required(A, C)"; without a name, list all."""
    if name is None:
        _list(context)
        return
    base = context.base(engine=engine)
    if rules:
        base = base.rules(Path(rules))
    given = _given(parameters)
    if "app" in given:
        app = app or given.pop("app")
    read = app_of(base, app) if app else None
    found = base.query(name, read, lang=context.lang, ids=ids, limit=limit, values=given)
    click.echo(framed(found, context.form), nl=False)


def _list(context: Context) -> None:
    """All queries with what they ask and by what they can be narrowed."""
    given = click.get_current_context()
    for flag in ("app", "ids", "rules", "limit", "engine", "as_of"):
        if given.get_parameter_source(flag) == ParameterSource.COMMANDLINE:
            raise problem(
                "arguments",
                f"`--{flag.replace('_', '-')}` has no meaning where queries are listed",
                "name a query, or leave it out",
            )
    base = context.base()
    if context.form != "text":
        click.echo(framed(listed(base, context.lang), context.form), nl=False)
        return
    for each in base.queries.values():
        known = " ".join(f"{p}=" if p != "app" else "--app" for p in each.parameters)
        click.echo(f"{each.name:<24} {each.said(context.lang)}  [{known}]")


def _given(parameters: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for parameter in parameters:
        key, sign, value = parameter.partition("=")
        if not sign:
            raise problem(
                "parameters",
                f"`{parameter}` is not KEY=VALUE",
                "write it like `category=教育-驾校平台`",
            )
        found[key] = value
    return found
