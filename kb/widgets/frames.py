"""Graphs in a notebook: the page in a frame of its own, with words for where frames do not show."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from kb.graph.formats import html
from kb.graph.kinds import look
from kb.lang.problems import LimitError, Problems

if TYPE_CHECKING:
    import networkx as nx

UNSEEN = {
    "zh": "如果上面没有图：在 JupyterLab 中信任此笔记本（命令面板搜索 Trust Notebook），"
    "或用 kb graph -o FILE.html 导出。",
    "en": "No drawing above? Trust this notebook (Trust Notebook in JupyterLab's command palette), "
    "or write it to a file with kb graph -o FILE.html.",
}


def frame_of(graph: nx.MultiDiGraph[Any], lang: str = "zh", height: int = 520) -> str:
    """The graph's page in a frame that runs its own script and nothing else, and reaches neither
    the notebook nor any network; a sentence after it for notebooks that show no frames.

    >>> import kb
    >>> frame_of(kb.load().graph(category="教育-驾校平台", depth=0)).startswith("<div")
    True
    """
    words = f"<p><small>{escape(graph_text(graph, lang))} {escape(UNSEEN[lang])}</small></p>"
    try:
        page = html(graph, lang)
    except (Problems, LimitError) as error:
        return f'<div class="kb"><pre>{escape(str(error))}</pre>{words}</div>'
    return (
        f'<div class="kb"><iframe sandbox="allow-scripts" srcdoc="{escape(page)}" '
        f'title="{escape(graph_text(graph, lang))}" width="100%" height="{height}" '
        f'style="border:1px solid #888"></iframe>{words}</div>'
    )


def graph_text(graph: nx.MultiDiGraph[Any], lang: str = "zh") -> str:
    """A graph in one line: what it shows, and how many there are of each kind of node.

    >>> import kb
    >>> graph_text(kb.load().graph(category="教育-驾校平台", depth=0), "en").partition(":")[0]
    'Education - driving school platform'
    """
    kinds = Counter(data.get("kind", "") for _, data in graph.nodes(data=True))
    counted = ", ".join(f"{look(kind).label(lang)} {n}" for kind, n in sorted(kinds.items()))
    edges = f"{graph.number_of_edges()} {'条边' if lang == 'zh' else 'edges'}"
    return f"{graph.graph.get(lang, '')}: {counted}; {edges}"
