"""`kb plan`: how an app is filed."""

from __future__ import annotations

import click

from kb.cli.completion import files
from kb.cli.context import AS_OF, LANG, Context, app_of, echo, problem, shared
from kb.model.writing import write_output


@click.command()
@click.argument("app", shell_complete=files)
@click.option("--start", metavar="DATE", help="Give each step its dates, counted from this day.")
@click.option("-o", "--output", metavar="FILE", help="Draw the plan as a timeline (svg).")
@shared(LANG, AS_OF, formats=("text", "json"))
def plan(context: Context, app: str, start: str | None, output: str | None) -> None:
    """How APP is filed: steps, items, checks, time, who acts and what comes before."""
    base = context.base()
    found = base.plan(app_of(base, app), start=start, lang=context.lang)
    if found is None:
        raise problem(
            "no-plan",
            "no filing procedure is known to apply to this app",
            "say where it serves (`regions: [CN-GD]`), or ask about a later day (`--as-of`)",
        )
    if output is not None:
        from kb.graph.timeline import timeline

        if not output.endswith(".svg"):
            raise problem("output", f"`{output}` is no svg file", "name it `plan.svg`")
        write_output(output, timeline(found, context.lang))
    if context.form == "json" or output is None:
        echo(found, context)
