"""`--sources`: results with the lines that they cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.cli.context import Context, Result, echo
from kb.cli.late import upkeep

if TYPE_CHECKING:
    from kb.api import KnowledgeBase


def echo_with_lines(
    result: Result, context: Context, base: KnowledgeBase, length: str = "long"
) -> None:
    """Write a result as `echo` does, and where `--sources` names the texts of its base also what
    the lines say that it cites. Raises `Problems`."""
    if context.sources is None:
        echo(result, context, length)
    else:
        upkeep().echo_cited(result, context, base, length)
