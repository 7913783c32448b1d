"""`kb mcp`: the base as tools for assistants."""

from __future__ import annotations

from importlib.util import find_spec

import click

from kb.cli.context import AS_OF, LANG, Context, problem, shared

INSTALL = "pip install 'policy-kb[mcp]'"


@click.command()
@shared(AS_OF, LANG)
def mcp(context: Context) -> None:
    """Serve the Model Context Protocol on standard input and output.

    An assistant that starts this command may ask: find, ask, why_not, show, changes. Nothing is
    written. Ends when the input does.
    """
    if find_spec("mcp") is None:
        raise problem("extra", "the package `mcp` is not installed", f"install it: {INSTALL}")
    # Imported here: the SDK of the protocol takes long to load, and may be missing.
    from kb.tools.server import serve

    serve(context.base(queries=False), context.lang)
