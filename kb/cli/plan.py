"""`kb plan`: how an app is filed."""

from __future__ import annotations

import click

from kb.cli.completion import files as named_files
from kb.cli.context import AS_OF, LANG, SOURCES, Context, app_of, problem, shared, tell
from kb.cli.with_lines import echo_with_lines
from kb.model.writing import write_output


@click.command()
@click.argument("app", shell_complete=named_files)
@click.option("--start", metavar="DATE", help="Give each step its dates, counted from this day.")
@click.option("-o", "--output", metavar="FILE", help="Draw the plan as a timeline (svg).")
@click.option(
    "--ics",
    metavar="FILE",
    help="Write its days, and those on which papers run out, as a calendar (ics).",
)
@shared(LANG, AS_OF, SOURCES, formats=("text", "json"))
def plan(
    context: Context, app: str, start: str | None, output: str | None, ics: str | None
) -> None:
    """How APP is filed: steps, items, checks, time, who acts and what comes before."""
    base = context.base()
    profile = app_of(base, app)
    found = base.plan(profile, start=start, lang=context.lang)
    if found is None:
        raise problem(
            "no-plan",
            "no filing procedure is known to apply to this app",
            "say where it serves (`regions: [CN-GD]`), or ask about a later day (`--as-of`)",
        )
    files: dict[str, str | bytes] = {}
    if output is not None:
        from kb.graph.timeline import timeline

        if not output.endswith(".svg"):
            raise problem("output", f"`{output}` is no svg file", "name it `plan.svg`")
        files[output] = timeline(found, context.lang)
    if ics is not None:
        if not ics.endswith(".ics"):
            raise problem("output", f"`{ics}` is no calendar file", "name it `plan.ics`")
        files[ics] = base.calendar(profile, start=start, lang=context.lang)
    for path, content in files.items():
        write_output(path, content)
        # To standard error: with `--format json` the plan itself goes to standard output.
        tell(f"plan written to {path}", context.lang)
    if context.form == "json" or not files:
        echo_with_lines(found, context, base)
