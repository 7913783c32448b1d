"""What a notebook shows of graphs and panels: the page of a graph in a frame of its own, and words
for where no frame shows or no widget runs.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from kb.graph.formats import html, svg
from kb.graph.kinds import look
from kb.lang.problems import LimitError, Problems
from kb.render.questions import question_words

if TYPE_CHECKING:
    import networkx as nx

    from kb.widgets.choices import Choices

# Where the frame shows, its content is never read as text; where frames are taken away, it is left.
UNSEEN = {
    "zh": "此处不显示交互图:信任此笔记本后可见(Trust Notebook),或用 kb graph -o FILE.html 导出。",
    "en": "The graph that opens is not shown here: trust this notebook, "
    "or write it to a file with kb graph -o FILE.html.",
}
STILL = {
    "run": ("运行此单元格后,这里是可以点选的面板", "run this cell to have a panel to click in"),
    "empty": ("先在面板里说应用做什么", "the panel asks first what the app does"),
    "next": ("下一个问题: ", "next question: "),
    "settled": ("没有能改变结论的问题了", "nothing open can change the verdict"),
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


def still(choices: Choices) -> dict[str, str]:
    """What a panel tells where it is only read: its next question and its answer, as text and HTML.
    Without it a reader would see the names of the widgets' classes.

    >>> import kb
    >>> from kb.widgets.choices import Choices
    >>> print(still(Choices(kb.load(), lang="en"))["text/plain"])
    run this cell to have a panel to click in
    the panel asks first what the app does
    """
    words = {key: said[0 if choices.lang == "zh" else 1] for key, said in STILL.items()}
    told, text, shown = [words["run"]], "", ""
    if choices.chosen:
        answer = choices.answer
        asked = choices.question or choices.further(answer)
        told.append(f"{words['next']}{question_words(asked)}" if asked else words["settled"])
        text, shown = f"\n\n{answer}", answer._repr_html_()
    else:
        told.append(words["empty"])
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in told)
    return {"text/plain": "\n".join(told) + text, "text/html": paragraphs + shown}
