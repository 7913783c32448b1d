"""What the cells of one notebook share: a base, the rules of its own, and how a cell is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kb.api import KnowledgeBase, load
from kb.base.core import day_number
from kb.base.rendered import Shown
from kb.lang.problems import LimitError, Problem, Problems, near
from kb.model.apps import App
from kb.notebook.arguments import Arguments, read_arguments
from kb.notebook.cells import Own, Question, clashes, located, read_cell
from kb.notebook.rows import Rows, count, rows_of
from kb.render.indented import lines_of
from kb.render.outline import html, markdown


class CellError(Exception):
    """A cell that can not be run. A notebook shows the problems with their lines, not where in the
    package they were found, and the cell fails."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


@dataclass(frozen=True)
class Note(Shown):
    """A few words on what a cell did."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return html(lines_of(self.text))

    def _repr_markdown_(self) -> str:
        return markdown(lines_of(self.text))


@dataclass
class Session:
    """The state behind `%kb`: `variables` are the notebook's, `show` displays a result early.

    >>> Session({}).run("required_categories --app a")
    Traceback (most recent call last):
    kb.notebook.session.CellError: %kb:1:27: error[unknown-name]: no profile is called `a`
      required_categories --app a
                                ^
      help: give a file, or a variable that holds a profile
    """

    variables: MutableMapping[str, Any]
    show: Callable[[Any], Any] = print
    own: list[Own] = field(default_factory=list)
    _base: KnowledgeBase | None = None
    _with_own: KnowledgeBase | None = None

    @property
    def base(self) -> KnowledgeBase:
        """The base with the rules of all cells."""
        if self._with_own is None:
            self._with_own = self._built(self.own)
        return self._with_own

    @property
    def bare(self) -> KnowledgeBase:
        """The base without them."""
        if self._base is None:
            self._base = load()
        return self._base

    def use(self, base: KnowledgeBase) -> None:
        """Ask this base from now on; the rules of the cells stay."""
        self._base, self._with_own = base, None

    def run(self, line: str, cell: str | None = None, name: str = "cell") -> Any:
        """Run `%kb LINE`, or `%%kb LINE` with a cell below it: rules are kept, questions answered.

        Gives the rows of the last question (the others are shown), an answer when there is none but
        an app, or all queries when there is nothing at all. Raises `CellError`.
        """
        try:
            return self._run(line, cell, name)
        except Problems as found:
            wrong = [p for p in found.problems if p.severity == "error"]
            raise CellError("\n".join(map(str, wrong or found.problems))) from None
        except LimitError as error:
            raise CellError(str(error)) from None

    def _run(self, line: str, cell: str | None, name: str) -> Any:
        first = "%kb" if cell is None else "%%kb"
        arguments = read_arguments(line, first)
        if "reset" in arguments.flags:
            self.own, self._with_own = [], None
        if arguments.base is not None:
            self.use(self._variable(arguments, "base", KnowledgeBase, "knowledge base"))
        if arguments.as_of is not None:
            _check_day(arguments)
        # Lines are counted as the notebook shows them: below the magic's own line.
        texts = [(arguments.text, first)] if arguments.text else []
        texts += [("\n" + cell, name)] if cell is not None else []
        app = self.app(arguments)
        results: list[Any] = []
        defined: list[Own] = []
        for text, where in texts:
            read = read_cell(text, where)
            if read.rules:
                self.define(read.rules)
                defined += read.rules
            results += [self._asked(q, arguments, app, where) for q in read.questions]
        said = [f"{_signature(own)} ✓" for own in _first_of_each(defined)]
        places = {own.rule.head.span.file for own in defined}
        if defined:
            said += [str(warning) for warning in self.base.warnings if warning.span.file in places]
        if arguments.save is not None:
            said.append(self.save(arguments.save, arguments))
        if not results and not said and arguments.flags <= {"ids"}:
            if app is not None:
                results.append(self.base.ask(app, as_of=arguments.as_of, lang=arguments.lang))
            elif arguments.base is None:
                results.append(self._queries(arguments))
        return self._given(results, said, arguments)

    def _given(self, results: list[Any], said: list[str], arguments: Arguments) -> Any:
        if arguments.out is not None and results:
            self.variables[arguments.out] = results[0] if len(results) == 1 else results
            counts = ", ".join(_count(result) for result in results)
            return Note("\n".join([*said, f"{arguments.out}: {counts}"]))
        if said and results:
            self.show(Note("\n".join(said)))
        for result in results[:-1]:
            self.show(result)
        if results:
            return results[-1]
        return Note("\n".join(said)) if said else None

    def _asked(self, question: Question, arguments: Arguments, app: App | None, where: str) -> Rows:
        base = self.base
        found = located(
            question,
            where,
            lambda: base.query(
                question.name or question.text,
                app,
                arguments.as_of,
                lang=arguments.lang,
                ids="ids" in arguments.flags,
                limit=arguments.limit,
                values=_parameters(question),
            ),
        )
        return rows_of(found, arguments.rows)

    def define(self, rules: tuple[Own, ...]) -> None:
        """Keep rules for this and the next cells; rules of a relation take the place of earlier
        ones. Raises `Problems`, and then all stays as it was."""
        wrong = clashes(rules, lambda name: bool(self.bare.program.rules_for(name)))
        if wrong:
            raise Problems(wrong)
        relations = {own.relation for own in rules}
        kept = [own for own in self.own if own.relation not in relations]
        self._with_own = self._built([*kept, *rules])
        self.own = [*kept, *rules]

    def _built(self, own: list[Own]) -> KnowledgeBase:
        bare = self.bare
        if not own:
            return bare
        return KnowledgeBase(
            bare.facts,
            bare.shipped,
            bare.queries.values(),
            as_of=bare._as_of,
            added=(*bare.added, *(one.rule for one in own)),
            engine=bare.engine_name,
        )

    def save(self, file: str, arguments: Arguments) -> str:
        """Write the rules of all cells to a file for `kb query --rules`. Raises `Problems`."""
        place = arguments.places["save"]
        problem = ""
        if not self.own:
            problem, help = "no cell has defined a rule", "write `head(X) <= body(X)` in one"
        elif not file.endswith(".dl"):
            problem, help = f"`{file}` is no name for rules", "rules stand in a file `NAME.dl`"
        if problem:
            raise Problems([Problem("save", problem, place, help)])
        try:
            Path(file).write_text(self.saved(), encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or "it can not be written").lower()
            message = f"`{file}` can not be written: {reason}"
            raise Problems([Problem("output", message, place)]) from None
        return f"{file}: {len(self.own)} rule{'s' * (len(self.own) != 1)}"

    def saved(self) -> str:
        """The rules of all cells as a file of rules."""
        texts = dict.fromkeys(own.text for own in self.own)
        return '"""Rules from a notebook."""\n\n' + "\n\n".join(texts) + "\n"

    def app(self, arguments: Arguments) -> App | None:
        """The profile that `--app` names: a variable that holds one, else a file."""
        if arguments.app is None:
            return None
        name = arguments.app
        if name in self.variables:
            held = self.variables[name]
            held = getattr(held, "app", held)
            if isinstance(held, App | Mapping):
                return self.base.app(held)
        if Path(name).is_file():
            return self.base.app(Path(name))
        apps = [n for n, v in self.variables.items() if is_profile(n, v)]
        help = near(name, apps) if apps else "give a file, or a variable that holds a profile"
        message = f"no profile is called `{name}`"
        raise Problems([Problem("unknown-name", message, arguments.places["app"], help)])

    def _variable(self, arguments: Arguments, key: str, kind: type[Any], what: str) -> Any:
        name = str(getattr(arguments, key))
        held = self.variables.get(name)
        if isinstance(held, kind):
            return held
        known = [n for n, v in self.variables.items() if isinstance(v, kind) and n[:1] != "_"]
        message = f"no {what} is called `{name}`"
        raise Problems([Problem("unknown-name", message, arguments.places[key], near(name, known))])

    def _queries(self, arguments: Arguments) -> Rows:
        import pandas as pd

        rows = [
            (query.name, query.said(arguments.lang), " ".join(query.parameters))
            for query in self.base.queries.values()
        ]
        rows += [(_signature(own), "", "") for own in _first_of_each(self.own)]
        return rows_of(pd.DataFrame(rows, columns=["query", "asks", "parameters"]), arguments.rows)


def is_profile(name: str, value: Any) -> bool:
    """Whether a variable holds a profile, or something that has one."""
    if name.startswith("_"):
        return False
    held = getattr(value, "app", value)
    return isinstance(held, App) or (isinstance(held, Mapping) and "name" in held)


def _check_day(arguments: Arguments) -> None:
    try:
        day_number(arguments.as_of)
    except Problems as found:
        place = arguments.places["as-of"]
        raise Problems([replace(p, span=place) for p in found.problems]) from None


def _parameters(question: Question) -> dict[str, str]:
    return dict(question.parameters)


def _count(result: Any) -> str:
    return count(len(result)) if isinstance(result, Rows) else str(result.verdict)


def _signature(own: Own) -> str:
    return str(own.rule.head)


def _first_of_each(rules: list[Own]) -> list[Own]:
    return list({own.relation: own for own in reversed(rules)}.values())[::-1]
