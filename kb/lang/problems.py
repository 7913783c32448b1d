"""Problems as data, and the one place that words them.

The rule of wording: lower case, no full stop, the user's own text in backticks, no names of the
host language's types; how to mend it stands apart, as help.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.lang.syntax import NOWHERE, Span

_SIGNS = re.compile(r"""[\s'"\\$`&|;<>()*?!#~\[\]{}]""")
"""What a shell reads otherwise than as a letter."""
_LAYOUT = {"error": "error", "warning": "warning", "note": "note", "help": "help"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: a code for programs, a message and help for people, and its place."""

    code: str
    message: str
    span: Span = NOWHERE
    help: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        return self.told()

    def told(self, say: Callable[[str], str] = str, layout: Mapping[str, str] = _LAYOUT) -> str:
        """The problem with its place and help; `say` words message and help, `layout` what stands
        before them."""
        place = f"{self.span}: " if self.span.line else f"{self.span.file}: " * bool(self.span.file)
        lines = [f"{place}{layout[self.severity]}[{self.code}]: {say(self.message)}"]
        if self.span.text.strip():
            # Half a character can not be printed; `?` is as wide as what it stands for.
            shown = self.span.text.replace("\t", " ").encode(errors="replace").decode()
            before = width(shown[: self.span.column - 1])
            marked = width(shown[self.span.column - 1 : self.span.end - 1])
            lines += [f"  {shown}", "  " + " " * before + "^" * max(1, marked)]
        lines += [f"  {layout['help']}: {say(line)}" for line in self.help.splitlines()]
        return "\n".join(lines)


MOST = 100
"""Problems that one message words; how many more there are it says."""


class Problems(Exception):  # noqa: N818 -- the field speaks of problems, and one may hold many
    """What is wrong with a text, all of it at once; `problems` holds them in the text's order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_place))
        super().__init__(self.told())

    def told(self, say: Callable[[str], str] = str, layout: Mapping[str, str] = _LAYOUT) -> str:
        """All problems in words; see `Problem.told`."""
        told = [problem.told(say, layout) for problem in self.problems[:MOST]]
        if len(self.problems) > MOST:
            told.append(say(f"and {len(self.problems) - MOST} problems more"))
        return "\n".join(told)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the problems, without the way the program took to them."""
        return str(self).splitlines()


class LimitError(Exception):
    """A query was ended because it reached its limit in time; the base goes on working."""


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.span.file, problem.span.line, problem.span.column, problem.message


def width(text: str) -> int:
    """The cells a text fills in a terminal: two for each wide (Chinese) character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def typed(name: object) -> str:
    """A name or a path as it is typed as one word of a command line.

    >>> typed("小程序/规定"), typed("my rules")
    ('小程序/规定', "'my rules'")
    """
    text = str(name)
    return shlex.quote(text) if _SIGNS.search(text) else text


def near(word: str, known: Iterable[str]) -> str:
    """Help for a name that is not known: the names within two edits, else what is known.

    >>> near("requred", ["required", "scope"])
    'a similar name exists: `required`'
    """
    names = sorted(set(known))
    close = sorted((d, name) for name in names if (d := _edits(word, name, 2)) <= 2)
    if close:
        return _similar([name for _, name in close[:3]])
    parts = [
        name for name in names if min(len(word), len(name)) > 1 and (word in name or name in word)
    ]
    if parts:
        return _similar(parts[:5])
    if not names:
        return "none is known here"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return _listed("known: ", names[:12]) + more


def _similar(names: Sequence[str]) -> str:
    lead = "a similar name exists" if len(names) == 1 else "similar names exist"
    return _listed(f"{lead}: ", names)


def _listed(lead: str, names: Sequence[str]) -> str:
    return lead + ", ".join(f"`{name}`" for name in names)


def _edits(a: str, b: str, most: int) -> int:
    """Optimal-string-alignment distance, or `most + 1` when it is larger."""
    if abs(len(a) - len(b)) > most or (len(b) <= most and a != b):
        return most + 1
    # Imported here: most runs report no problem, and the wheel takes 20 ms to load.
    from rapidfuzz.distance import OSA

    return OSA.distance(a, b, score_cutoff=most)
