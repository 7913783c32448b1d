"""Graphs in a notebook: the page in a frame of its own, with words for where frames do not show."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from kb.graph.formats import html, svg
from kb.graph.kinds import look
from kb.lang.problems import LimitError, Problems

if TYPE_CHECKING:
    import networkx as nx

# Where the frame shows, its content is never read as text; where frames are taken away, it is left.
UNSEEN = {
    "zh": "此处不显示交互图:信任此笔记本后可见(Trust Notebook),或用 kb graph -o FILE.html 导出。",
    "en": "The graph that opens is not shown here: trust this notebook, "
    "or write it to a file with kb graph -o FILE.html.",
}
# A frame takes its light or dark from the element that it stands in; notebooks say theirs so.
THEME = (
    "<style>.kb iframe{color-scheme:light dark}"
    '[data-jp-theme-light="true"] .kb iframe,.vscode-light .kb iframe{color-scheme:light}'
    '[data-jp-theme-light="false"] .kb iframe,.vscode-dark .kb iframe{color-scheme:dark}</style>'
)


def frame_of(graph: nx.MultiDiGraph[Any], lang: str = "zh", height: int = 520) -> str:
    """The graph's page in a frame that runs its own script and nothing else, and reaches neither
    the notebook nor any network, with the notebook's light or dark.

    >>> import kb
    >>> frame_of(kb.load().graph(category="教育-驾校平台", depth=0)).startswith("<div")
    True
    """
    words = escape(graph_text(graph, lang))
    try:
        page = html(graph, lang)
    except (Problems, LimitError) as error:
        return f'<div class="kb"><pre>{escape(str(error))}</pre><p>{words}</p></div>'
    return (
        f'<div class="kb">{THEME}<iframe sandbox="allow-scripts" srcdoc="{escape(page)}" '
        f'title="{words}" width="100%" height="{height}" '
        f'style="border:1px solid #888">{escape(UNSEEN[lang])}</iframe>'
        f"<p><small>{words}</small></p></div>"
    )


def picture_of(graph: nx.MultiDiGraph[Any], lang: str = "zh") -> str | None:
    """The graph as SVG, for where no frame is shown; nothing when it can not be drawn here."""
    try:
        return svg(graph, lang)
    except (Problems, LimitError):
        return None


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
