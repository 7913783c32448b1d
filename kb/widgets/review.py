"""A panel to review an import: one card a distinct cell, its coloured text beside what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from kb.importers.faces import Face
from kb.importers.names import read_known
from kb.importers.output import read_rows
from kb.importers.review import Decision, Review, read_decisions
from kb.importers.run import run_import
from kb.lang.problems import Problem, Problems
from kb.model.data import Json
from kb.model.layers import Folders, layered
from kb.render.import_report import ROLE_COLOURS, role_name
from kb.render.import_review import categories_text, standing_text
from kb.render.outline import Line, branches, nested
from kb.render.translation import problems_text

INSTALL = "pip install 'policy-kb[notebook]'"
WORDS = {
    "accept": ("接受", "accept"),
    "reject": ("退回", "reject"),
    "later": ("以后再看", "later"),
    "edit": ("修改", "edit"),
    "save": ("保存修改", "save the edit"),
    "previous": ("上一张", "previous"),
    "next": ("下一张", "next"),
    "apply": ("写入", "write the import"),
    "none": ("没有要看的单元格", "no cell to look at"),
    "undecided": ("未决定", "undecided"),
    "left": ("张待定", "left to decide"),
}


def review(
    folder: str | Path, facts: Folders = None, lang: str = "zh", *, only_facts: Folders = None
) -> Any:
    """An ipywidgets panel over the folder of an import, cells with open points first.

    `facts` are folders laid on what is shipped, in whose vocabulary names are resolved too;
    `only_facts` replace what is shipped. Each decision is kept at once; `write the import` puts
    them into the draft. The result is a widget; its `panel` is the `ReviewPanel`. Raises
    `Problems` when ipywidgets is not installed or the folder holds no import.
    """
    try:
        widgets = import_module("ipywidgets")
    except ImportError:
        help_ = f"install it: {INSTALL}"
        raise Problems([Problem("extra", "the panel needs ipywidgets", help=help_)]) from None
    folder = Path(folder)
    rows, options = read_rows(folder)
    known = read_known(*layered(facts, only_facts))
    decisions = read_decisions(folder)
    made = run_import(rows, options, known, decisions)
    return ReviewPanel(widgets, Review(made, folder, decisions), lang).box


class ReviewPanel:
    """The widgets of the panel, and the card that they show.

    `cards` are all distinct cells in the order in which they are shown, `at` is the place of the
    one that is shown.
    """

    def __init__(self, widgets: Any, session: Review, lang: str = "zh") -> None:
        self.session, self.lang, self.at = session, lang, 0
        undecided = session.open_cards()
        decided = [card for card in session.made.cards if session.decided(card)]
        self.cards = [*undecided, *decided]
        self.place, self.text, self.tree = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.said = widgets.HTML()
        self.buttons: Json = {}
        self.editor = widgets.Textarea(layout=widgets.Layout(width="95%", height="16em"))
        self.editing = widgets.VBox(
            [self.editor, self._button(widgets, "save", lambda: self._decide("edit"))]
        )
        decide = [
            self._button(widgets, "accept", lambda: self._decide("accept")),
            self._button(widgets, "reject", lambda: self._decide("reject")),
            self._button(widgets, "later", lambda: self._decide("later")),
            self._button(widgets, "edit", self._edit),
        ]
        move = [
            self._button(widgets, "previous", lambda: self.show(self.at - 1)),
            self._button(widgets, "next", lambda: self.show(self.at + 1)),
            self._button(widgets, "apply", self._apply),
        ]
        half = widgets.Layout(width="50%", padding="0 1em 0 0")
        beside = [widgets.VBox([self.text], layout=half), widgets.VBox([self.tree], layout=half)]
        rows = [widgets.HBox(each) for each in (beside, decide, move)]
        self.box = widgets.VBox([self.place, *rows, self.editing, self.said])
        self.box.panel = self
        self.show(0)

    def show(self, at: int) -> None:
        """Shows the card at a place; a place beyond the ends is the nearest one."""
        self.editing.layout.display = "none"
        self.said.value = ""
        if not self.cards:
            self.place.value = self._say("none")
            for name in ("accept", "reject", "later", "edit"):
                self.buttons[name].disabled = True
            return
        self.at = min(max(at, 0), len(self.cards) - 1)
        face = self.session.face(self.cards[self.at])
        decision = self._say(face.decision) if face.decision else self._say("undecided")
        self.place.value = (
            f"<b>{self.at + 1} / {len(self.cards)}</b> "
            f"{escape(categories_text(face.categories, self.lang))} "
            f"({escape(decision)}); {self._left()}"
        )
        self.text.value = coloured(face, self.lang)
        self.tree.value = nested_lines(face.lines(self.lang))
        self.editor.value = face.requirement

    def _say(self, word: str) -> str:
        return WORDS[word][0 if self.lang == "zh" else 1]

    def _left(self) -> str:
        return f"{len(self.session.open_cards())} {self._say('left')}"

    def _button(self, widgets: Any, word: str, done: Callable[[], None]) -> Any:
        button = self.buttons[word] = widgets.Button(description=self._say(word))
        button.on_click(lambda _: done())
        return button

    def _edit(self) -> None:
        self.editing.layout.display = ""

    def _decide(self, decision: Decision) -> None:
        """Keeps a decision on the card shown and shows the next; a wrong edit is told."""
        text = self.editor.value if decision == "edit" else ""
        try:
            self.session.decide(self.cards[self.at], decision, text)
        except Problems as problem:
            self.said.value = f"<pre>{escape(problems_text(problem, self.lang))}</pre>"
            return
        self.show(self.at + 1)

    def _apply(self) -> None:
        made = self.session.applied(self.lang)
        standing = escape(standing_text(str(made.draft.source["standing"]), self.lang))
        self.show(self.at)
        self.said.value = f"{standing}; {self._left()}"


def coloured(face: Face, lang: str) -> str:
    """The text of a cell as HTML, each stretch in the colour of its role, and what the colours
    mean."""
    spans = "".join(
        f'<span title="{role_name(span.role.value, lang)}" style="{_style(span.role.value)}">'
        f"{escape(face.text[span.start : span.end])}</span>"
        for span in face.spans
    )
    used = dict.fromkeys(s.role.value for s in face.spans if s.role.value in ROLE_COLOURS)
    legend = " ".join(
        f'<span style="{_style(role)};padding:0 0.3em">{role_name(role, lang)}</span>'
        for role in used
    )
    return (
        f"<div style='white-space:pre-wrap;line-height:1.6'>{spans}</div>"
        f"<p style='font-size:0.85em;line-height:1.8'>{legend}</p>"
    )


def _style(role: str) -> str:
    # Black on the light ground of a role, whatever the theme of the notebook.
    ground = ROLE_COLOURS.get(role)
    return f"background:{ground};color:#000" if ground else ""


def nested_lines(lines: Iterable[Line]) -> str:
    """What stands beside the text, as lists that fold."""
    return f'<div class="kb" style="line-height:1.5">{nested(branches(lines))}</div>'
