"""The files that an audit reads: a table, a folder of Parquet, or one of profiles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from kb.audit.encoding import name_fault, unreadable
from kb.audit.lines import json_table
from kb.lang.problems import Problem, Problems
from kb.model.chinese_keys import with_ids
from kb.model.profiles import documents_of, profile_files
from kb.model.yamlread import Document

ENDINGS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def files_of(path: Path) -> tuple[str, list[Path]]:
    """What kind of table stands under a name, and its files. Raises `Problems` when there is none
    that can be read."""
    _check_name(path)
    kind = "parquet" if path.is_dir() else ENDINGS.get(_ending(path))
    if kind is None:
        known = ", ".join(f"`{ending}`" for ending in ENDINGS)
        help = f"tables of apps end in {known}; a folder holds Parquet files, or profiles"
        raise Problems([Problem("file", f"`{path}` is no table that is known", help=help)])
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.rglob("*.parquet") if not file.is_dir())
        own = _own_profiles(path)
        if files and own:
            message = f"`{path}` holds Parquet files and profiles, such as `{own[0].name}`"
            raise Problems([Problem("file", message, help="keep them in two folders")])
        if own:
            files, kind = own, "profiles"
        if not files:
            message = f"`{path}` holds no Parquet file and no profile"
            raise Problems([Problem("file", message)])
    for file in files:
        _check_readable(file)
    return kind, files


def _ending(path: Path) -> str:
    return Path(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _own_profiles(folder: Path) -> list[Path]:
    """The profiles of a folder; what begins like `_` is a note of the program that filled it."""
    return [path for path in profile_files(folder) if path.name[0] not in "._"]


def _check_name(path: Path) -> None:
    """Raises `Problems` for what can be no name of a file here."""
    fault = name_fault(path)
    if isinstance(fault, UnicodeEncodeError):
        message = f"the name `{path}` is not UTF-8"
        raise Problems([Problem("file", message, help="rename it")])
    if fault is not None:
        raise unreadable(path, fault)


def _check_readable(file: Path) -> None:
    """Raises `Problems` for what is no regular file."""
    _check_name(file)
    if not file.exists():
        raise Problems([Problem("file", f"`{file}` can not be read: there is no such file")])
    if not file.is_file():
        message = f"`{file}` can not be read: it is no regular file"
        raise Problems([Problem("file", message, help="write what it gives to a file first")])


def profiles(
    files: list[Path], attributes: Mapping[str, Any], size: int, skip: int
) -> Iterator[pa.Table]:
    """Profiles of files as lines of JSON, each with the app's name as its `id`."""
    every = (row for file in files for row in _profiles_of(file, attributes))
    wanted = islice(every, skip, None)
    while chunk := list(islice(wanted, size)):
        texts, said, numbers, places = zip(*chunk, strict=True)
        yield json_table(texts, said, numbers, places)


def _profiles_of(
    file: Path, attributes: Mapping[str, Any]
) -> Iterator[tuple[str | None, str | None, int | None, str]]:
    try:
        for read, line in documents_of(file):
            try:
                data = _with_ids(read(), attributes)
            except Problems as found:
                yield None, _told(found), line or found.problems[0].span.line or None, str(file)
                continue
            if not isinstance(data, dict):
                yield None, "a profile is a mapping (`key: value`)", line or None, str(file)
            elif "id" in data:
                yield None, "unknown key `id`", line or None, str(file)
            else:
                named = {"id" if key == "name" else key: value for key, value in data.items()}
                yield json.dumps(named, ensure_ascii=False), None, line or None, str(file)
    except Problems as found:
        yield None, _told(found), found.problems[0].span.line or None, str(file)


def _with_ids(document: Document, attributes: Mapping[str, Any]) -> Any:
    """What a profile says under the ids of its keys, which may be Chinese. Raises `Problems`."""
    problems: list[Problem] = []
    data = with_ids(document, attributes, problems).data
    if problems:
        raise Problems(problems)
    return data


def _told(found: Problems) -> str:
    return "; ".join(problem.message for problem in found.problems)
