"""Messages in Chinese, found by their English words.

The code states each message in English, with its values in it; `messages/problems.json` holds the
same sentences with `{}` for the values. A value in backticks is a user's own text and stays as it
is; any other is worded by the same sentences, where it is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from kb.lang.problems import Problem, Problems

FOLDER = Path(__file__).parent / "messages"
START = 4
"""Characters by which sentences are looked up."""
_KEYS = re.compile("(?:[a-z_.]+: )+")
LAYOUT = {"error": "错误", "warning": "警告", "note": "提示", "help": "办法"}
"""What stands before a problem and its help."""


@dataclass(frozen=True)
class Sentence:
    """An English sentence and the Chinese one; `{}` stands for each value, by order or number."""

    english: str
    chinese: str

    @cached_property
    def pieces(self) -> list[str]:
        return self.english.split("{}")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("(.*?)".join(map(re.escape, self.pieces)), re.DOTALL)

    def values(self, text: str) -> tuple[str, ...] | None:
        """The values in a text that says this sentence; None for another text."""
        if not text.startswith(self.pieces[0]) or not text.endswith(self.pieces[-1]):
            return None
        found = self.pattern.fullmatch(text)
        return found.groups() if found else None

    def of(self, values: Iterable[str]) -> str:
        """The Chinese sentence with its values; those not in backticks are worded too."""
        own = [
            value if before.endswith("`") and after.startswith("`") else chinese(value)
            for value, before, after in zip(values, self.pieces, self.pieces[1:], strict=False)
        ]
        return self.chinese.format(*own)


def chinese(text: str) -> str:
    """A message in Chinese; as it is where no sentence is known for it.

    >>> chinese("no service is called `tea`")
    '没有叫 `tea` 的服务'
    """
    words, _ = _catalogue()
    if text in words:
        return words[text]
    for sentence in _beginning(text[:START]):
        values = sentence.values(text)
        if values is not None:
            return sentence.of(values)
    return text


@cache
def _catalogue() -> tuple[Mapping[str, str], list[Sentence]]:
    """Words, and sentences: those with most words of their own first."""
    data = read("problems")
    found = [Sentence(*pair) for pair in data["messages"].items()]
    found.sort(key=lambda sentence: -sum(map(len, sentence.pieces)))
    return data["words"], found


@lru_cache(1000)
def _beginning(start: str) -> list[Sentence]:
    """The sentences that a text may say that begins so, in their order: most can not."""
    _, sentences = _catalogue()
    return [each for each in sentences if start.startswith(each.pieces[0][:START])]


@cache
def read(name: str) -> dict[str, dict[str, str]]:
    """One file of `messages/`."""
    found: dict[str, dict[str, str]] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return found


def reason_text(text: str, lang: str) -> str:
    """Why a row is refused, in a language: sentences with `; ` between them, each after the keys
    that it is about, which stay as they are.

    >>> reason_text("service: no service is called `a; b`; holds: this is empty", "zh")
    'service: 没有叫 `a; b` 的服务; holds: 这里是空的'
    """
    if lang == "en":
        return text
    return "\n".join("; ".join(map(_reason, _sentences(line))) for line in text.split("\n"))


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text; what stands in backticks is not looked into."""
    said = ""
    for at, piece in enumerate(text.split("`")):
        if at % 2:
            said += f"`{piece}`"
            continue
        *whole, rest = piece.split("; ")
        for end in whole:
            yield said + end
            said = ""
        said += rest
    yield said if text.count("`") % 2 == 0 else said.removesuffix("`")


def _reason(text: str) -> str:
    keys = _KEYS.match(text)
    about = keys[0] if keys else ""
    said = text[len(about) :]
    found = chinese(said)
    return chinese(text) if found == said else about + found


def problem_text(problem: Problem, lang: str) -> str:
    """A problem in a language."""
    return str(problem) if lang == "en" else problem.told(chinese, LAYOUT)


def problems_text(error: Exception, lang: str) -> str:
    """What was raised for bad input or a limit, in a language."""
    if lang == "en":
        return str(error)
    if isinstance(error, Problems):
        return error.told(chinese, LAYOUT)
    return "\n".join(map(_line, str(error).split("\n")))


def _line(line: str) -> str:
    """A line that is laid out as a problem's is."""
    found = re.fullmatch(r"( *)(error|warning|help)(\[[^]]*\])?: (.*)", line)
    if not found:
        return chinese(line)
    space, kind, code, text = found.groups()
    return f"{space}{LAYOUT[kind]}{code or ''}: {chinese(text)}"
