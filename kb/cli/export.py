"""`kb export`: schemas, facts and rules for other programs."""

from __future__ import annotations

import click

from kb.cli.completion import files
from kb.cli.context import Context, shared
from kb.cli.inputs import spared
from kb.cli.late import upkeep
from kb.model.writing import write_output

SCHEMAS = (
    "schema",
    "source-schema",
    "part-schema",
    "coverage-schema",
    "vocabulary-schema",
    "categories-schema",
    "attributes-schema",
    "conditions-schema",
    "fields-schema",
    "words-schema",
    "profile-schema",
    "cases-schema",
    "answer-schema",
    "plan-schema",
    "bundles-schema",
    "changes-schema",
    "what-if-schema",
    "ways-out-schema",
    "show-schema",
    "search-schema",
    "terms-schema",
    "interview-schema",
    "proof-schema",
    "why-not-schema",
    "receipt-schema",
    "replay-schema",
    "find-schema",
    "query-schema",
    "check-schema",
    "beyond-schema",
    "covered-schema",
    "lines-schema",
    "analyse-schema",
    "relations-schema",
    "audit-schema",
)


@click.command()
@click.argument("kind", metavar="WHAT", type=click.Choice([*SCHEMAS, "facts", "rules"]))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to a file instead of standard output.",
    shell_complete=files,
)
@shared()
def export(context: Context, kind: str, output: str | None) -> None:
    """Export a JSON Schema, all facts or all rules.

    WHAT is `facts` (as JSON), `rules`, `schema` (of all files that people write), the schema of
    one kind of these (`source-schema`, `part-schema`, `coverage-schema`, `vocabulary-schema`,
    `categories-schema`, `attributes-schema`, `conditions-schema`, `fields-schema`,
    `words-schema`, `profile-schema`, `cases-schema`), or the schema of what a command writes
    with `--format json`: `answer-schema`, `plan-schema`, `bundles-schema`, `changes-schema`,
    `what-if-schema`, `ways-out-schema`, `show-schema`, `search-schema`, `terms-schema` (of
    `kb vocabulary`), `interview-schema`, `proof-schema` (of `kb why`), `why-not-schema`,
    `receipt-schema` (of `kb ask --receipt`), `replay-schema`, `find-schema`, `query-schema`,
    `check-schema`, `beyond-schema` (of `kb check --beyond`), `covered-schema` (of `kb coverage`),
    `lines-schema`, `analyse-schema`, `relations-schema`, `audit-schema`.
    """
    base = None if kind in SCHEMAS else context.base()
    if output is not None and base is not None:
        spared(output, base.facts.folders)
    text = upkeep().exported(kind, base, context.lang)
    if output is None:
        click.echo(text)
    else:
        write_output(output, text + "\n")
