"""`kb init`: a folder of facts of one's own to start from."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.completion import folders
from kb.cli.context import LANG, OPTIONS
from kb.cli.late import upkeep
from kb.lang.problems import typed


@click.command()
@click.argument("folder", metavar="DIR", shell_complete=folders)
@OPTIONS[LANG]
def init(folder: str, lang: str) -> None:
    """Make the folder DIR: a small regulation with its vocabulary, a rule, a query, cases, a
    profile, and JSON Schemas for an editor. `kb check DIR` and `kb test DIR` pass at once.

    DIR must not be there yet, or be empty.
    """
    made = upkeep().start(Path(folder), lang)
    click.echo(MADE[lang].format(folder, len(made), typed(folder)))


MADE = {
    "zh": "{0}: 写了 {1} 个文件。接下来: `kb check {2}`、`kb test {2}`，然后读 {0}/README.md",
    "en": "{0}: {1} files written. Next: `kb check {2}`, `kb test {2}`, then read {0}/README.md",
}
