"""What the lines that a result cites say, where the texts of the sources are at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

from kb.lang.syntax import Cite
from kb.render.outline import EMPTY, READER, Cited, Line, line, visible

MOST = 12
"""So many lines are shown over one pair of brackets; all stand at the end."""
_STYLE = (
    ".kb-lines li{scroll-margin-top:2em}.kb-lines li:target{background:#fc05}"
    ".kb-lines ul{list-style:none;padding-left:1.1em}.kb-lines b{opacity:0.7}"
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a source, line by line, with what it is called and where it is on the web."""

    source: str
    zh: str
    en: str
    address: str
    lines: tuple[str, ...]

    def heading(self, lang: str) -> str:
        """Its id and what it is called."""
        return visible(f"{self.source} · {self.zh if lang == 'zh' else self.en}")

    def said(self, number: int) -> str:
        """A line by its number, without a character that is obeyed rather than shown."""
        return visible(self.lines[number - 1])


Texts = Mapping[str, SourceText]


class Reader:
    """Leads from the brackets of a page to the lines that it shows at its end, and keeps which."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.used: dict[str, set[int]] = {}

    def html(self, shown: str, cites: tuple[Cite, ...]) -> str:
        """What stands in brackets, with what the lines say over it and a link to them."""
        if not any(cite.source in self.texts for cite in cites):
            return escape(shown)
        if len(cites) == 1:
            return self._link(shown, cites[0])
        return "; ".join(self._link(str(cite), cite) for cite in cites)

    def _link(self, shown: str, cite: Cite) -> str:
        text = self.texts.get(cite.source)
        if text is None or not cite.lines:
            return escape(shown)
        self.used.setdefault(cite.source, set()).update(cite.lines)
        says = [escape(f"{number}: {text.said(number)}") for number in cite.lines[:MOST]]
        # A line break as a reference: a real one would be shown as `\\n`, as any in a text is.
        says += ["…"] * (len(cite.lines) > MOST)
        place = escape(_anchor(cite.source, cite.lines[0]))
        return f'<a href="#{place}" title="{"&#10;".join(says)}">{escape(shown)}</a>'

    def section(self, lang: str) -> str:
        """The lines that were cited, source by source, as HTML that folds."""
        if not self.used:
            return ""
        parts = []
        for source, numbers in sorted(self.used.items()):
            text = self.texts[source]
            heading = escape(text.heading(lang))
            if text.address:
                address = escape(text.address)
                heading += f' · <a href="{address}" rel="noreferrer">{address}</a>'
            items = "".join(
                f'<li id="{escape(_anchor(source, number))}"><b>{number}</b> '
                f"{escape(text.said(number))}</li>"
                for number in sorted(numbers)
            )
            parts.append(f"<details open><summary>{heading}</summary><ul>{items}</ul></details>")
        style = f"<style>{_STYLE}</style>"
        return (
            f'<section class="kb-lines">{style}<p><strong>{_title(lang)}</strong></p>'
            f"{''.join(parts)}</section>"
        )


@contextmanager
def reading(texts: Texts) -> Iterator[Reader]:
    """HTML that is made within leads from its brackets to lines of these texts."""
    reader = Reader(texts)
    token = READER.set(reader)
    try:
        yield reader
    finally:
        READER.reset(token)


def cited_lines(lines: Iterable[Line], texts: Texts, lang: str) -> Iterator[Line]:
    """Lines of a result, and below them what the lines of sources say that they cite."""
    used: dict[str, set[int]] = {}
    for each in lines:
        yield each
        for cite in (c for part in each.parts if isinstance(part, Cited) for c in part.cites):
            if cite.source in texts:
                used.setdefault(cite.source, set()).update(cite.lines)
    if not any(used.values()):
        return
    yield EMPTY
    yield line(0, f"{_title(lang)}:")
    for source, numbers in sorted(used.items()):
        yield line(2, texts[source].heading(lang))
        for number in sorted(numbers):
            yield line(4, f"{number}: {texts[source].said(number)}")


def _title(lang: str) -> str:
    return "引用的原文" if lang == "zh" else "the lines that are cited"


def _anchor(source: str, number: int) -> str:
    return f"line-{source}-{number}"
