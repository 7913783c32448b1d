"""A panel of widgets: choose what an app is and has; answer, graph and next question follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.interview.option_tree import OptionTree, opened
from kb.lang.problems import LimitError, Problem, Problems
from kb.model.writing import write_output
from kb.render.language import Language
from kb.render.page import DARK, FITTING
from kb.render.questions import option_words, options, question_words
from kb.widgets.choices import SUFFIX, Choices
from kb.widgets.frames import frame_of, still
from kb.widgets.party_fields import PartyFields

if TYPE_CHECKING:
    from kb.base.core import Core, Day
    from kb.interview.question import Question
    from kb.model.profiles import AppLike

INSTALL = "pip install 'policy-kb[notebook]'"
# A document's name is wider than the panel, and its end may be what tells it from another.
STYLE = (
    "<style>.kb-panel {flex-flow: row wrap; gap: 8px 24px; width: 100%} "
    ".kb-panel .widget-checkbox, .kb-panel .widget-checkbox label, .kb-panel .widget-html-content "
    "{height: auto; white-space: normal; line-height: 1.4; overflow-wrap: anywhere} "
    ".kb-panel .widget-text, .kb-panel .widget-dropdown, .kb-panel .widget-select-multiple "
    "{width: auto; margin-right: 4px} "
    ".kb-panel .kb {overflow-x: auto; overflow-wrap: break-word}"
    f'{FITTING}[data-jp-theme-light="false"] .kb, .vscode-dark .kb {{{DARK}}}</style>'
)
WORDS = {
    "search": ("用自己的话说应用做什么", "say in your own words what the app does"),
    "name": ("名称", "name"),
    "applicant": ("申请主体", "applicant"),
    "regions": ("服务地区", "places"),
    "unknown": ("(未知)", "(unknown)"),
    "holds": ("手上的材料", "documents in hand"),
    "question": ("下一个问题", "next question"),
    "settled": ("没有能改变结论的问题了", "nothing open can change the verdict"),
    "skip": ("不知道", "I don't know"),
    "ok": ("确定", "answer"),
    "profile": ("保存应用资料", "save profile"),
    "report": ("保存报告", "save report"),
    "saved": ("已写入", "written to"),
    "none": ("没有找到", "nothing found"),
    "none_of_these": ("都不是,按我的话保留", "none of these: keep my words"),
    "by_name": ("名称里有这些字", "called like this"),
    "nothing_chosen": ("先说应用做什么", "say first what the app does"),
    "why": ("为什么问?", "why is it asked?"),
    "busy": ("正在计算…", "working ..."),
    "ready": ("已按当前选择更新", "up to date with the choices"),
    "wrong": ("没有更新,见下", "not updated, see below"),
    "draw": ("画出关系图(要几秒)", "draw the graph (takes seconds)"),
}


def panel(base: Core, app: AppLike | None = None, as_of: Day = None, lang: str = "zh") -> Any:
    """An ipywidgets panel over a base; it begins with `app` when one is given.

    The result is a widget that a notebook shows; its `choices` holds the profile so far. Raises
    `Problems` when ipywidgets is not installed or the profile can not be read.
    """
    try:
        widgets = import_module("ipywidgets")
    except ImportError:
        raise Problems(
            [Problem("extra", "the panel needs ipywidgets", help=f"install it: {INSTALL}")]
        ) from None
    choices = (
        Choices(base, as_of, lang) if app is None else Choices.of(base, base.app(app), as_of, lang)
    )
    return Panel(widgets, choices).box


class Panel:
    """The widgets, and what happens when they are used."""

    def __init__(self, widgets: Any, choices: Choices) -> None:
        self.widgets = widgets
        self.choices = choices
        self._following = False
        self.name = widgets.Text(value=choices.name, description=self.say("name"))
        self.search = widgets.Text(placeholder=self.say("search"), continuous_update=True)
        self.found = widgets.VBox()
        self.chosen = widgets.HBox(layout=widgets.Layout(flex_flow="row wrap"))
        names = choices.base.facts.names
        kinds = [("　" * depth + label, id) for depth, label, id in choices.kinds("applicant")]
        self.applicant = widgets.Dropdown(
            options=[(self.say("unknown"), None), *kinds],
            value=choices.applicant,
            description=self.say("applicant"),
        )
        places = [(term.label(choices.lang), term.id) for term in names.of("region")]
        self.regions = widgets.SelectMultiple(
            options=places,
            value=[id for _, id in places if id in choices.regions],
            rows=5,
            description=self.say("regions"),
        )
        self.holds = widgets.VBox()
        self.parties = PartyFields(widgets, choices, self._tick, self._tried, self.refresh)
        self.question = widgets.VBox()
        self.answer = widgets.HTML()
        self.graph = widgets.HTML()
        self.said = widgets.HTML()
        self.state = widgets.HTML()
        self.draw = self._button(self.say("draw"), self._draw)
        self.box = self._box()
        self.box.choices = choices
        self.box.panel = self
        self.search.observe(lambda _: self._search(), "value")
        for widget in (self.name, self.applicant, self.regions):
            widget.observe(lambda _: self._taken(), "value")
        self._tried(self.refresh)

    def say(self, key: str) -> str:
        return WORDS[key][0 if self.choices.lang == "zh" else 1]

    def _box(self) -> Any:
        w = self.widgets
        buttons = [
            self._button(self.say(what), partial(self._save, what))
            for what in ("profile", "report")
        ]
        left = w.VBox(
            [
                self.search,
                self.found,
                self.chosen,
                self.name,
                self.applicant,
                self.regions,
                w.HTML(f"{STYLE}<b>{self.say('holds')}</b>"),
                self.holds,
                w.HBox(buttons),
                self.said,
            ],
            layout=w.Layout(flex="1 1 280px", max_width="420px", min_width="0"),
        )
        right = w.VBox(
            [
                self.state,
                w.HTML(f"<b>{self.say('question')}</b>"),
                self.question,
                self.answer,
                self.draw,
                self.graph,
            ],
            layout=w.Layout(flex="3 1 420px", min_width="0"),
        )
        made = w.HBox([left, right])
        made.add_class("kb-panel")
        shown = made._repr_mimebundle_
        made._repr_mimebundle_ = lambda **given: {**shown(**given), **still(self.choices)}
        return made

    def _button(self, text: str, act: Callable[[], None], style: str = "") -> Any:
        width = self.widgets.Layout(width="auto")
        made = self.widgets.Button(description=text, button_style=style, layout=width, tooltip=text)
        made.on_click(lambda _: self._tried(act))
        return made

    def _tried(self, act: Callable[[], None]) -> None:
        """Do something for a click, and show that it is being done; what is wrong is told in the
        panel."""
        self._show("busy")
        self.said.value = ""
        try:
            act()
        except (Problems, LimitError) as error:
            self.said.value = f"<pre>{escape(str(error))}</pre>"
            self._show("wrong")
        else:
            self._show("ready")

    def _show(self, state: str) -> None:
        sign = {"busy": "⏳", "ready": "✓", "wrong": "✗"}[state]
        self.state.value = f'<span role="status">{sign} {self.say(state)}</span>'

    def _draw(self) -> None:
        """Draw the graph: laying it out takes longer than a click may, so only when it is asked
        for."""
        self.graph.value = frame_of(self.choices.graph(), self.choices.lang)

    def _search(self) -> None:
        words = self.search.value.strip()
        if not words:
            self.found.children = []
            return
        shown: list[Any] = []
        for category, services in self.choices.found(words):
            heading = escape(category) if category else self.say("by_name")
            shown.append(self.widgets.HTML(f"<small>{heading}</small>"))
            shown += [self._button(f"+ {label}", partial(self._add, id)) for id, label in services]
        none = self._button(self.say("none_of_these"), partial(self._describe, words))
        self.found.children = [*(shown or [self.widgets.HTML(self.say("none"))]), none]

    def _describe(self, words: str) -> None:
        # What stands in the field by now: somebody may have typed on.
        self.choices.describe(self.search.value.strip() or words)
        self.search.value = ""
        self.refresh()

    def _undescribe(self, words: str) -> None:
        self.choices.undescribe(words)
        self.refresh()

    def _add(self, service: str) -> None:
        self.search.value = self.choices.take(service, self.search.value.strip())
        self.refresh()

    def _remove(self, service: str) -> None:
        self.choices.remove(service)
        self.refresh()

    def _taken(self) -> None:
        if self._following:
            return
        choices = self.choices
        choices.name = self.name.value or "app"
        choices.applicant = self.applicant.value
        choices.regions = list(self.regions.value)
        self._tried(self.refresh)

    def _hold(self, need: str, count: int) -> None:
        self.choices.hold(need, count)
        self._tried(lambda: self.refresh(documents=False))

    def _reply(self, question: Question, answer: Any) -> None:
        self.choices.reply(question, answer)
        # The choosers show what a question about the same thing was answered with; that they change
        # is no choice of its own.
        self._following = True
        try:
            self.applicant.value = self.choices.applicant
            self.regions.value = self.choices.regions
        finally:
            self._following = False
        self.refresh()

    def refresh(self, documents: bool = True) -> None:
        """Let everything follow from the choices; the quickest first."""
        names = self.choices.base.facts.names
        lang = self.choices.lang
        self.chosen.children = [
            self._button(f"{names.label('service', id, lang)} ×", partial(self._remove, id))
            for id in self.choices.services
        ] + [
            self._button(f"「{words}」 ×", partial(self._undescribe, words))
            for words in self.choices.own_words
        ]
        if not self.choices.chosen:
            self.holds.children = self.question.children = []
            self.answer.value, self.graph.value = f"<p>{self.say('nothing_chosen')}</p>", ""
            return
        answer = self.choices.answer
        self.answer.value = answer._repr_html_()
        if documents:
            begun = [self._other(n, words) for n, words in self.choices.begun()]
            needs = [self._need(n, words) for n, words in self.choices.needs(answer)]
            self.holds.children = [*begun, *needs, *self.parties.fields(answer)]
        asked = self.choices.question
        settled = [] if asked else [self.widgets.HTML(self.say("settled"))]
        asked = asked or self.choices.further(answer)
        self.question.children = [*settled, *(self._asked(asked) if asked else [])]
        # One that was drawn is of choices that are no more.
        self.graph.value = ""
        self.draw.disabled = not self.choices.services

    def _tick(self, value: bool, words: str, act: Callable[[bool], None]) -> Any:
        w = self.widgets
        made = w.Checkbox(
            value=value, description=words, indent=False, layout=w.Layout(width="auto")
        )
        made.observe(lambda change: act(change["new"]), "value")
        return made

    def _other(self, number: int, words: str) -> Any:
        return self._tick(number not in self.choices.away, words, partial(self._keep, number))

    def _keep(self, number: int, kept: bool) -> None:
        self.choices.keep(number, kept)
        self._tried(self.refresh)

    def _need(self, need: Any, words: str) -> Any:
        w = self.widgets
        held = self.choices.held.get(need.id, 0)
        if need.at_least == 1:
            return self._tick(bool(held), words, lambda new: self._hold(need.id, int(new)))
        count = w.BoundedIntText(value=held, min=0, max=999, layout=w.Layout(width="60px"))
        count.observe(lambda change: self._hold(need.id, change["new"]), "value")
        return w.HBox([count, w.Label(words)])

    def _asked(self, question: Question) -> list[Any]:
        w = self.widgets
        shown = w.HTML(escape(question_words(question)))
        skip = self._button(self.say("skip"), lambda: self._reply(question, None))
        reasons = w.HTML()
        why = self._button(self.say("why"), lambda: self._why(question, reasons))
        listed = options(question)
        if listed and not question.several:
            row = w.HBox(layout=w.Layout(flex_flow="row wrap"))
            self._screen(question, question.listed, row, [skip, why])
            return [shown, row, reasons]
        if listed:
            field = w.SelectMultiple(options=[(label, id) for id, label in listed])
        elif question.type == "day":
            field = w.DatePicker()
        else:
            field = w.Text()
        done = self._button(
            self.say("ok"), lambda: self._reply(question, _value(field.value)), "info"
        )
        return [shown, w.HBox([field, done, skip, why]), reasons]

    def _screen(
        self, question: Question, listed: Sequence[OptionTree], row: Any, last: list[Any]
    ) -> None:
        """A button for each answer of a screen; those that open further put theirs in its place."""
        to = Language(self.choices.lang, self.choices.base.facts.names)
        buttons = []
        for tree in listed:
            if tree.narrower:
                act = partial(self._screen, question, opened(tree), row, last)
                buttons.append(self._button(option_words(tree, to, ids=False), act))
            elif tree.option is not None:
                act = partial(self._reply, question, tree.option.id)
                buttons.append(self._button(option_words(tree, to, ids=False), act, "info"))
        row.children = [*buttons, *last]

    def _why(self, question: Question, shown: Any) -> None:
        told = "<br>".join(map(escape, self.choices.why(question)))
        shown.value = f"<small>{told}</small>"

    def _save(self, what: str) -> None:
        """Write beside the notebook; a name from a profile is no path, and what is there already
        is left as it is."""
        kept = "".join(c if c.isalnum() or c in "-_" else "_" for c in self.choices.name)
        path = _free(kept or "app", SUFFIX[what])
        write_output(path, self.choices.text(what))
        self.said.value = f"{self.say('saved')} {escape(str(path))}"


def _free(name: str, suffix: str) -> Path:
    """A file of this name that is not there yet: `app.yaml`, else `app-2.yaml`, ..."""
    path, number = Path(f"{name}{suffix}"), 2
    while path.exists() or path.is_symlink():
        path, number = Path(f"{name}-{number}{suffix}"), number + 1
    return path


def _value(value: Any) -> Any:
    """What a field holds, as the profile has it; None when it is empty."""
    if isinstance(value, tuple):
        return list(value) or None
    text = str(value).strip() if value is not None else ""
    return text or None
