"""Lines of a source: which records state them, where the source can be read, and what they say
where its text is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.lang.problems import Problem, Problems, near
from kb.lang.statements import parse_lines
from kb.lang.syntax import Span
from kb.maintain.coverage import reasons_of, records_of
from kb.model.data import Json
from kb.model.facts import FactBase
from kb.model.schema import Source
from kb.model.yamlread import decoded, read_raw
from kb.render.cited import SourceText


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, the records that cite it, and its text; None where that is not at
    hand. `none` is the reason that its coverage gives why it states no rule."""

    number: int
    records: tuple[str, ...]
    text: str | None
    none: str = ""


@dataclass(frozen=True, slots=True)
class SourceLines:
    """Lines of a source, with what it is called and its address on the web, if it is known."""

    source: str
    zh: str
    en: str
    address: str
    lines: tuple[Line, ...]

    def to_dict(self) -> Json:
        """All of it as JSON."""
        return {
            "source": self.source,
            "zh": self.zh,
            "en": self.en,
            "address": self.address or None,
            "lines": [
                {
                    "line": line.number,
                    "records": list(line.records),
                    "text": line.text,
                    **({"none": line.none} if line.none else {}),
                }
                for line in self.lines
            ],
        }


def source_lines(
    facts: FactBase, source: str, wanted: str, sources: Path | None = None
) -> SourceLines:
    """The lines of a source that are asked for, as `16-17, 20`; with a folder of texts also what
    they say. Raises `Problems` for a source, lines or a text that are not there."""
    known = facts.sources.get(source)
    if known is None:
        help = near(source, facts.sources)
        raise Problems([Problem("unknown-id", f"no source is called `{source}`", help=help)])
    try:
        numbers = parse_lines(wanted)
    except ValueError:
        message = f"`{wanted}` is no line"
        raise Problems([Problem("lines", message, help="write lines like `3-5, 9`")]) from None
    beyond = [number for number in numbers if number > known.line_count]
    if beyond:
        message = f"`{source}` has {known.line_count} lines, no line {beyond[0]}"
        raise Problems([Problem("lines", message)])
    text = text_of(sources, known) if sources is not None else None
    records, reasons = records_of(facts, source), reasons_of(facts, source)
    found = tuple(
        Line(
            number,
            tuple(sorted(record for record, lines in records.items() if number in lines)),
            text[number - 1] if text is not None else None,
            reasons.get(number, ""),
        )
        for number in numbers
    )
    return SourceLines(source, known.zh, known.en, known.address, found)


def text_of(folder: Path, source: Source) -> list[str]:
    """The lines of the text of a source. Raises `Problems` where it is not in the folder, or is
    not the text whose lines the facts count."""
    path = folder / f"{source.id}.txt"
    if not path.is_file():
        message = f"no text of `{source.id}` in `{folder}`"
        help = f"it is looked for as `{source.id}.txt`"
        raise Problems([Problem("no-file", message, help=help)])
    # Not `splitlines`: it also ends lines where editors do not.
    lines = decoded(read_raw(path, kind="text"), str(path)).removesuffix("\n").split("\n")
    if len(lines) != source.line_count:
        message = (
            f"the text of `{source.id}` has {len(lines)} lines, the facts say {source.line_count}"
        )
        raise Problems([Problem("lines", message, Span(str(path), 0, 0, 0))])
    return lines


def texts_of(facts: FactBase, folder: Path) -> dict[str, SourceText]:
    """The texts of sources that are in a folder, by source. Raises `Problems` where none is, or
    where one is not the text whose lines the facts count."""
    found = {
        each.id: SourceText(each.id, each.zh, each.en, each.address, tuple(text_of(folder, each)))
        for each in facts.sources.values()
        if (folder / f"{each.id}.txt").is_file()
    }
    if not found:
        message = f"no text of a source in `{folder}`"
        help = "the texts are looked for as `SOURCE.txt`, by the ids of `kb show SOURCE`"
        raise Problems([Problem("no-file", message, help=help)])
    return found
