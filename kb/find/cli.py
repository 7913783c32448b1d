"""`kb find`: what people say in their own words leads to categories."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

ACCOUNTS = ("non_individual", "overseas", "personal")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--account", type=click.Choice(ACCOUNTS), help="Only what is open to this account.")
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1))
@click.option("--facts", metavar="DIR", help="Folder of facts (default: as installed).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
)
def find(
    words: tuple[str, ...], account: str | None, limit: int, facts: str | None, form: str
) -> None:
    """Find the categories that fit WORDS, in your own words (`-`: one text a line from stdin).

    Best first. Where nothing fits, the list is empty, or all of it is called weak.
    """
    # Loaded here: other commands need none of it.
    from kb.find.finder import Finder
    from kb.find.store import index_of

    finder = Finder(index_of(facts))
    alone = words != ("-",)
    texts: Iterator[str] = iter([" ".join(words)]) if alone else _lines()
    for text in texts:
        found = finder.find(text, account, limit)
        if form == "text":
            click.echo("\n".join([f"{text}:"] * (not alone) + [str(c) for c in found]))
            if not found and alone:
                click.echo("nothing fits", err=True)
            continue
        data = [candidate.to_dict() for candidate in found]
        indent = 2 if form == "json" and alone else None
        click.echo(json.dumps(data, ensure_ascii=False, indent=indent))


def _lines() -> Iterator[str]:
    """The lines of standard input, as UTF-8 whatever the locale says; empty ones too."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")
