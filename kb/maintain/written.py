"""Alternatives and duties that people wrote out from the text, held against a base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kb.answers.ask import answer
from kb.base.core import Core
from kb.lang.statements import parse_lines
from kb.lang.syntax import ranges
from kb.maintain.cases import CaseFile, Choice, Duties, DutyLine, Wanted, WrittenReading
from kb.maintain.expectations import LIMIT, NOTHING, Difference
from kb.query.categories import show
from kb.query.goals import ask_goal
from kb.render.answer_json import answer_json
from kb.render.show_json import shown_json
from kb.render.words import WORDS

App = Mapping[str, Any]


def alternatives_differ(base: Core, file: CaseFile, category: str) -> list[Difference]:
    """Where the minimal alternatives of a category, in the sources that the file writes about, are
    not those that it writes out. Raises `Problems`."""
    shown = shown_json(show(base, category, None, "zh"))
    written = [_written(reading) for reading in file.alternatives[category]]
    found = [_shown(version) for version in shown["versions"]]
    found = [reading for reading in found if reading.partition(" ")[0] in file.sources]
    lacking = [reading for reading in written if reading not in found]
    surplus = [reading for reading in found if reading not in written]
    differ = [
        Difference("alternatives", category, *both) for both in zip(lacking, surplus, strict=False)
    ]
    at = len(differ)
    differ += [Difference("alternatives", category, each, NOTHING) for each in lacking[at:]]
    differ += [Difference("alternatives", category, NOTHING, each) for each in surplus[at:]]
    if not differ and written != found:
        differ.append(Difference("alternatives", category, "; ".join(written), "; ".join(found)))
    return differ


def _written(reading: WrittenReading) -> str:
    choices = [_choice(choice) for choice in reading.choices]
    return _reading(reading.source, parse_lines(reading.lines), reading.none_stated, choices)


def _shown(version: Mapping[str, Any]) -> str:
    [cite] = version["sources"]
    choices = [
        _choice(
            Choice(
                documents=tuple(
                    Wanted(**{key: each[key] for key in Wanted.model_fields if key in each})
                    for each in way["documents"]
                ),
                when={each["label"]: each["met"] for each in way["when"]},
            )
        )
        for way in version["alternatives"]
    ]
    return _reading(cite["source"], tuple(cite["lines"]), version["none_stated"], choices)


def _reading(source: str, lines: tuple[int, ...], none_stated: bool, choices: list[str]) -> str:
    told = " | ".join(sorted(choices)) or NOTHING
    return f"{source} {ranges(lines)}: {'none stated' if none_stated else told}"


def _choice(choice: Choice) -> str:
    when = [name if met else f"not {name}" for name, met in sorted(choice.when.items())]
    documents = " + ".join(sorted(map(str, choice.documents))) or NOTHING
    return f"{documents} when {', '.join(when)}" if when else documents


def states(file: CaseFile, line: DutyLine) -> Iterator[tuple[str, App]]:
    """The apps that a line of duties is about, each with what becomes of the duty."""
    full = file.profiles[line.of]
    kept, broken = ("no", "yes") if line.prohibition else ("yes", "no")

    def app(flag: str | None, document: str | None) -> App:
        facts = {k: v for k, v in full["facts"].items() if k != line.flag}
        if flag is not None and line.flag:
            facts[line.flag] = flag
        holds = [held for held in full["holds"] if held != line.document]
        return {**full, "facts": facts, "holds": holds + [document] * (document is not None)}

    if line.always is not None:
        yield line.always, app(None, None)
        return
    if line.flag is not None:
        yield "satisfied", app(kept, None)
        yield "prohibited" if line.prohibition else "missing", app(broken, None)
        yield "undetermined", app(None, None)
    elif line.document is not None:
        yield "missing", app(None, None)
    if line.document is not None:
        yield "satisfied", app(broken, line.document)


def duty_differs(
    base: Core, table: Duties, line: DutyLine, wanted: str, app: App
) -> list[Difference]:
    """Where an answer is not what a line of duties says: a duty in force decides the whole, a draft
    does when asked to, others' part never. Raises `Problems`."""
    part = f"{table.source}:{line.part}"
    read, day = base.app(app), base.day(table.as_of)
    found: list[tuple[str, Any, Any]] = []
    if line.others:
        query = "prohibitions" if line.prohibition else "obligations"
        rows = ask_goal(base, query, {}, read, table.as_of, LIMIT, WORDS).rows
        stated = {row[2]: row[-1] for row in rows}
        found.append(("verdict", wanted, stated.get(part)))
    for drafts in (False, True) if table.standing == "draft" else (False,):
        told = answer_json(answer(base, read, day, drafts))
        counts = (line.shared or not line.others) and (drafts or table.standing == "in_force")
        whole = "satisfied" if not counts or wanted == "none_stated" else wanted
        found.append(("whole with drafts" if drafts else "whole", whole, told["verdict"]))
        entries = {e["id"]: e for e in (*told["obligations"], *told["prohibited"])}
        entry = entries.get(part)
        if line.prohibition or line.others:
            shown = wanted == "prohibited" and not line.others
            found.append(("shown", shown, entry is not None))
        else:
            found.append(("verdict", wanted, entry and entry["verdict"]))
        if entry is not None:
            found.append(("standing", table.standing, entry["standing"]))
            lines = tuple(entry["sources"][0]["lines"])
            found.append(("lines", ranges(parse_lines(line.lines)), ranges(lines)))
    return [
        Difference(what, f"{part} ({wanted})", str(expected), str(answered))
        for what, expected, answered in found
        if expected != answered
    ]
