"""`kb explain`: what the code of a problem means."""

from __future__ import annotations

import click

from kb.maintain.codes import codes, explained, page


@click.command()
@click.argument("code", required=False)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of the answer.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True
)
def explain(code: str | None, lang: str, form: str) -> None:
    """Tell what CODE means, as it stands in a message (`error[unknown-id]`), and what to do.

    Without CODE all are told.
    """
    if code is not None:
        click.echo(explained(code, lang))
    elif form == "markdown":
        click.echo("\n".join(page(lang)))
    else:
        for each in sorted(codes()):
            click.echo(f"{each}: {explained(each, lang)}")
