"""A policy knowledge base: what must this app provide?

`kb.load` gives a base that answers; `api.py` is that door. Facts are read by `model/`, rules by
`lang/`, both are evaluated by `engines/`; `answers/` reads what an app must provide, and `render/`
puts it into words. docs/architecture.md draws the whole.

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
    if name == "panel":
        from kb.widgets.panel import panel

        return panel
    if name not in __all__:
        raise AttributeError(f"module 'kb' has no attribute {name!r}")
    from kb import api

    return getattr(api, name)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext kb`: the magic `%kb`, its completion, and drawn graphs."""
    _magics().load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext kb`."""
    _magics().unload(shell)


def _magics() -> Any:
    from kb.notebook import magics

    return magics
