"""`%load_ext kb`: the magic, its completion, and how graphs are shown."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kb.notebook.completion import complete, region
from kb.notebook.session import Session
from kb.widgets.frames import frame_of, graph_text, picture_of

HELP = """Ask the knowledge base, or give it rules.

    %kb                                          all queries
    %kb --app mine                               what must this app provide?
    %kb missing_documents --app mine.yaml        a query by its name
    %kb who_can_use category=教育-在线视频课程      ... with a column fixed
    %kb required(A, C) --app mine --out found    a goal; the rows go into a variable
    %%kb --app mine                              a cell of rules and questions, a line each
    mine(A, D) <= missing_documents(A, _, _, D)
    mine(A, D)
    %kb --save mine.dl                           write the rules of all cells to a file

Further options: --as-of DATE, --lang zh|en, --ids, --rows N, --limit SECONDS, --base VARIABLE,
--reset. Rules of one cell serve the next; those of a relation replace earlier ones.
"""


def load(shell: Any) -> None:
    """Register everything with an IPython shell; a second time changes nothing."""
    if getattr(shell, "kb_session", None) is not None:
        return
    magic = import_module("IPython.core.magic")
    display = import_module("IPython.display").display
    session = Session(shell.user_ns, display)

    def kb(line: str, cell: str | None = None) -> Any:
        return session.run(line, cell, f"cell[{shell.execution_count}]")

    kb.__doc__ = HELP
    # A `{` or `$` of the user's text stays what it is: nothing in it is evaluated.
    magic.no_var_expand(kb)
    shell.register_magic_function(kb, "line_cell", "kb")

    context = import_module("IPython.core.completer")

    @context.context_matcher(identifier="kb")  # type: ignore[untyped-decorator]
    def matcher(asked: Any) -> Any:
        lines = asked.full_text.split("\n")
        before = "\n".join([*lines[: asked.cursor_line], asked.text_until_cursor])
        part = region(before)
        fragment, found = complete(part, session) if part is not None else ("", [])
        return {
            "completions": [context.SimpleCompletion(text=text, type=kind) for text, kind in found],
            "matched_fragment": fragment,
            "suppress": part is not None,
            "ordered": True,
        }

    shell.Completer.custom_matchers.append(matcher)
    _formatters(shell)
    shell.kb_session = session
    shell.kb_matcher = matcher


def unload(shell: Any) -> None:
    """Take the magic and its completion away again."""
    if getattr(shell, "kb_session", None) is None:
        return
    shell.Completer.custom_matchers.remove(shell.kb_matcher)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("kb", None)
    shell.kb_session = shell.kb_matcher = None


def _formatters(shell: Any) -> None:
    """Graphs of `base.graph` are drawn; other networkx graphs stay as they are."""
    where = ("networkx.classes.multidigraph", "MultiDiGraph")

    def html(graph: Any) -> str | None:
        return frame_of(graph) if "view" in graph.graph else None

    def svg(graph: Any) -> str | None:
        return picture_of(graph) if "view" in graph.graph else None

    def plain(graph: Any, printer: Any, cycle: bool) -> None:
        printer.text(graph_text(graph) if "view" in graph.graph else repr(graph))

    formatters = shell.display_formatter.formatters
    formatters["text/html"].for_type_by_name(*where, html)
    formatters["image/svg+xml"].for_type_by_name(*where, svg)
    formatters["text/plain"].for_type_by_name(*where, plain)
