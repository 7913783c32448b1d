"""A policy knowledge base: what must this app provide?

>>> import kb
>>> base = kb.load()
>>> base.ask({"name": "学车通", "services": ["driving_school_platform"]}).verdict
'missing'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.answers.answer import Answer
    from kb.api import KnowledgeBase, load
    from kb.lang.problems import LimitError, Problem, Problems
    from kb.model.apps import App
    from kb.widgets.panel import panel

__version__ = "0.1.0"
__all__ = ["Answer", "App", "KnowledgeBase", "LimitError", "Problem", "Problems", "load", "panel"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: `import kb` itself stays light."""
    match name:
        case "Answer":
            from kb.answers.answer import Answer

            return Answer
        case "App":
            from kb.model.apps import App

            return App
        case "KnowledgeBase" | "load":
            from kb import api

            return getattr(api, name)
        case "LimitError" | "Problem" | "Problems":
            from kb.lang import problems

            return getattr(problems, name)
        case "panel":
            from kb.widgets.panel import panel

            return panel
        case _:
            raise AttributeError(f"module 'kb' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext kb`: the magic `%kb`, its completion, and drawn graphs."""
    from kb.notebook.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext kb`."""
    from kb.notebook.magics import unload

    unload(shell)
