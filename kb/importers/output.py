"""The folder of an import: written whole or not at all, and never over what is not ours."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

from kb.importers.difference import Difference
from kb.importers.grammar import VERSION
from kb.importers.names import new_id
from kb.importers.rows import Address, Cell, Row, bad, cells_of
from kb.importers.run import Import, Options, findings_of
from kb.importers.text import Role, runs
from kb.importers.untranslated import untranslated
from kb.lang.problems import Problems
from kb.model.data import Json
from kb.model.yamlread import as_text, read_text
from kb.render.import_report import page_of, report_text
from kb.render.imports import message


def report_of(made: Import) -> Json:
    """What was read and what was not, cell by cell, as data."""
    roles: Counter[str] = Counter()
    rows = []
    for read in made.reads:
        cells = []
        for column in ("papers", "scope", "remark"):
            reading = getattr(read, column)
            if reading is None:
                continue
            roles.update(role.value for role in reading.roles)
            cells.append(
                {
                    "column": column,
                    "text": reading.text,
                    "lines": list(getattr(read.row, column).lines or ()),
                    "roles": [[s.role.value, s.start, s.end] for s in runs(reading.roles)],
                    "findings": [
                        {
                            "code": f.code,
                            "severity": f.severity,
                            "span": [f.start, f.end],
                            "text": reading.text[f.start : f.end],
                            "message": dict(zip(("zh", "en"), message(f.code), strict=True)),
                        }
                        for f in reading.findings
                    ],
                }
            )
        rows.append({"row": read.row.number, "category": read.row.name, "cells": cells})
    codes = Counter(f.code for _, _, f in findings_of(made))
    open_cells = sum(bool(card.reading.open) for card in made.cards)
    new: Counter[str] = Counter(kind for kind, _ in made.resolver.new)
    return {
        "source": made.options.source,
        "rows": len(made.reads),
        "distinct_cells": len(made.cards),
        "open_cells": open_cells,
        "characters": sum(roles.values()),
        "unread": roles[Role.UNREAD.value],
        "roles": dict(sorted(roles.items())),
        "findings": dict(sorted(codes.items())),
        "new_terms": dict(sorted(new.items())),
        "near_names": [
            {"kind": kind, "name": r.name, "near": r.near}
            for (kind, _), r in sorted(made.resolver.new.items())
            if r.near
        ],
        "beside": dict(Counter(head for read in made.reads for head in read.row.beside)),
        "detail": rows,
    }


MARK = "import.json"
"""A folder with this file is ours."""
REVIEW = "review.json"
DIFFERENCE = ("difference.json", "difference.txt")
_OWN = re.compile(
    r"(import|review|report|provenance|rows|difference)\.json|(report|difference|untranslated)\.txt"
    r"|report\.html|facts/([^/]+\.yaml|vocabulary/[^/]+\.yaml|cells/[^/]+\.tsv)|sources/[^/]+\.txt"
)
"""The files of an import."""


def check_target(folder: Path) -> None:
    """Raises `Problems` where a folder holds something that no import wrote."""
    help = "name another folder with `-o`"
    try:
        names = sorted(map(str, _names(folder))) if folder.is_dir() else []
        there = folder.exists()
    except (OSError, ValueError) as error:
        raise _unwritten(folder, error) from None
    if there and not folder.is_dir():
        raise bad("output", "this is a file, no folder", str(folder), help)
    if names and MARK not in names:
        message = "the folder is not empty and no import wrote it"
        raise bad("output", message, str(folder), help)
    foreign = [name for name in names if not _OWN.fullmatch(name)]
    if foreign:
        message = f"the folder holds `{foreign[0]}`, which no import wrote"
        raise bad("output", message, str(folder), "move it away, or name another folder with `-o`")


def _names(folder: Path) -> Iterator[Path]:
    """What lies in a folder and its folders, but for these themselves."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder)


def _unwritten(folder: Path, error: OSError | ValueError) -> Problems:
    reason = (getattr(error, "strerror", None) or "this is no name of a folder").lower()
    return bad("output", f"the folder can not be written: {reason}", str(folder))


def write(
    made: Import,
    folder: Path,
    difference: Difference | None = None,
    lang: str = "zh",
    against: str = "",
) -> None:
    """Writes an import, its reports in a language.

    `against` is the earlier import that it was compared with, empty for the base. What a person
    decided before is kept, and without a new `difference` the one that is there.
    """
    check_target(folder)
    part = folder.with_name(f".{folder.name}.{token_hex(6)}")
    try:
        _write(made, part, difference, lang, against)
        for name in (REVIEW, *DIFFERENCE) if difference is None else (REVIEW,):
            if (folder / name).is_file():
                shutil.copy2(folder / name, part / name)
        if folder.exists():
            old = part.with_name(f"{part.name}.old")
            folder.rename(old)
            try:
                part.rename(folder)
            except BaseException:
                old.rename(folder)
                raise
            shutil.rmtree(old)
        else:
            part.rename(folder)
    except OSError as error:
        raise _unwritten(folder, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(
    made: Import, folder: Path, difference: Difference | None, lang: str, against: str
) -> None:
    draft, source = made.draft, made.options.source
    files: dict[str, str] = {}
    drafted: Json = {"source": draft.source, "categories": draft.versions}
    if draft.lead_times:
        drafted["lead_times"] = draft.lead_times
    files[f"facts/{source}.yaml"] = _yaml(drafted)
    files["facts/coverage.yaml"] = _yaml({"sources": {source: draft.coverage}})
    if draft.categories:
        files["facts/vocabulary/categories.yaml"] = _yaml(
            {"groups": draft.groups, "terms": draft.categories}
        )
    for kind, terms in sorted(draft.terms.items()):
        files[f"facts/vocabulary/{kind}.yaml"] = _yaml({"terms": terms})
    files[f"facts/cells/{source}.tsv"] = "".join(
        "\t".join((str(row.name_line or 0), *cells_of(row))) + "\n" for row in made.frozen.rows
    )
    files[f"sources/{source}.txt"] = made.frozen.text
    report = report_of(made)
    files["report.json"] = _json(report)
    files["report.txt"] = report_text(report, lang)
    files["report.html"] = page_of(report, lang)
    files["provenance.json"] = _json(draft.provenance)
    files["untranslated.txt"] = untranslated(made.draft)
    files["rows.json"] = _json([dataclasses.asdict(row) for row in made.rows])
    if difference is not None:
        files[DIFFERENCE[0]] = _json(difference.to_dict())
        files[DIFFERENCE[1]] = difference.text(lang)
    options = dataclasses.asdict(made.options)
    files[MARK] = _json({"grammar": VERSION, "options": options, "against": against})
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _yaml(data: Any) -> str:
    text = as_text(data)
    assert read_text(text, "draft").data is not None
    return text


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_rows(folder: Path) -> tuple[list[Row], Options]:
    """The rows and options of an import that was written."""
    if not (folder / MARK).is_file():
        raise bad(
            "not-an-import",
            "this is no folder of an import",
            str(folder),
            "import a file first: `kb import table FILE --as ID -o DIR`",
        )
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        data = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
        return [_row(each) for each in data], Options(**mark["options"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise bad(
            "not-an-import", f"the folder is damaged: {error}", str(folder), "import the file again"
        ) from None


def against_of(folder: Path) -> str:
    """The earlier import that an import was compared with; empty where it was the base."""
    return str(json.loads((folder / MARK).read_text(encoding="utf-8")).get("against", ""))


def _row(data: Json) -> Row:
    def cell(kind: str) -> Cell | None:
        told = data[kind]
        return Cell(told["text"], Address(**told["address"])) if told else None

    return Row(
        **{
            **data,
            **{kind: cell(kind) for kind in ("papers", "scope", "remark", "before")},
            "thirds": tuple(data["thirds"]),
            "optional": tuple(data["optional"]),
        }
    )


__all__ = ["MARK", "REVIEW", "check_target", "new_id", "read_rows", "write"]
