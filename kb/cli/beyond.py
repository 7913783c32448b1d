"""What `kb check --beyond` prints: passages that are clear and that the base can not express."""

from __future__ import annotations

import click

from kb.api import KnowledgeBase
from kb.cli.context import Context, echo_json
from kb.maintain.beyond import beyond_model
from kb.render.documents import cites
from kb.render.language import Language
from kb.render.shared_json import cite_json
from kb.render.words import WANTS


def tell(context: Context, base: KnowledgeBase) -> None:
    """Print the passages that can not be expressed yet."""
    to = Language(context.lang, base.facts.names)
    found = beyond_model(base.facts)
    if context.form == "json":
        echo_json(
            [
                {
                    "wants": want,
                    "category": to.official("category", each.category),
                    "id": each.category,
                    "what": to.say(each.passage),
                    "bears_on": each.passage.bears_on,
                    "sources": [cite_json(each.cite)],
                }
                for want, passages in found.items()
                for each in passages
            ]
        )
        return
    for want, passages in found.items():
        click.echo(f"{to.pick(*WANTS[want])} ({len(passages)})")
        for each in passages:
            category = to.official("category", each.category)
            click.echo(f"  {category}: {to.say(each.passage)} [{cites([each.cite])}]")
