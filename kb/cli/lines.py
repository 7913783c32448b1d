"""`kb lines`: what lines of a source state, and where it can be read."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.completion import folders, terms
from kb.cli.context import LANG, Context, echo_json, shared, visible
from kb.cli.late import upkeep

WORDS = {
    "zh": ("网址未知", "没有记录引用", "记录", "、"),
    "en": ("address not known", "no record cites it", "records", ", "),
}


@click.command()
@click.argument("source", shell_complete=terms("source"))
@click.argument("wanted", metavar="LINES")
@click.option(
    "--sources",
    metavar="DIR",
    help="Folder of the source texts, to show the lines.",
    shell_complete=folders,
)
@shared(LANG, formats=("text", "json"))
def lines(context: Context, source: str, wanted: str, sources: str | None) -> None:
    """Show LINES of SOURCE, such as `16-17, 20`: the records that state them, the address of the
    source, and the text itself where it is at hand."""
    folder = Path(sources) if sources is not None else None
    found = upkeep().source_lines(context.base(queries=False).facts, source, wanted, folder)
    if context.form == "json":
        echo_json(found.to_dict())
        return
    nowhere, uncited, records, comma = WORDS[context.lang]
    title = found.zh if context.lang == "zh" else found.en
    click.echo(f"{found.source} · {title} · {found.address or nowhere}")
    for line in found.lines:
        click.echo(visible(f"{line.number}: {line.text}") if line.text is not None else line.number)
        told = f"{records}: {comma.join(line.records)}" if line.records else uncited
        told += f" ({line.none})" if line.none else ""
        click.echo(f"  {told}")
