"""`kb init`: a folder of facts to start from, which passes its own checks and cases."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

from kb.lang.problems import Problem, Problems
from kb.maintain.schemas import FILES, schema_of
from kb.model.writing import write_output

STARTER = Path(__file__).with_name("example")
_TOLD = re.compile(r"^( *)#(zh|en) (.*\n)", re.MULTILINE)


def start(folder: Path, lang: str) -> list[Path]:
    """Write the files of a new folder of facts, with comments in a language; their paths.

    Raises `Problems` where the folder holds anything already: nothing is written then.
    """
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except (OSError, ValueError) as error:
        raise _not_made(folder, error) from None
    if taken:
        message = f"`{folder}` is there already and is not empty"
        raise Problems([Problem("output", message, help="name a folder that is not there yet")])
    contents = {**starter_files(lang), **schema_files(lang)}
    made: list[Path] = []
    try:
        for name, text in contents.items():
            path = folder / name
            _make(path.parent, made)
            write_output(path, text)
            made.append(path)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise
    return [folder / name for name in contents]


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those that it lies in, and add them to what was made."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        for each in reversed(missing):
            each.mkdir()
            made.append(each)
    except OSError as error:
        raise _not_made(folder, error) from None


def _not_made(folder: Path, error: OSError | ValueError) -> Problems:
    reason = (getattr(error, "strerror", None) or "this is no name of a folder").lower()
    return Problems([Problem("output", f"`{folder}` can not be made: {reason}")])


def starter_files(lang: str) -> dict[str, str]:
    """The example, by the names of its files."""
    found = {}
    for path in sorted(path for path in STARTER.rglob("*") if path.is_file()):
        name = path.relative_to(STARTER).as_posix()
        if name.startswith("README."):
            if name != f"README.{lang}.md":
                continue
            name = "README.md"
        found[name] = in_language(path.read_text(encoding="utf-8"), lang)
    return found


def in_language(text: str, lang: str) -> str:
    """A text with its comments of one language (`#zh `, `#en `) alone."""
    return _TOLD.sub(lambda m: f"{m[1]}# {m[3]}" if m[2] == lang else "", text)


def schema_files(lang: str) -> dict[str, str]:
    """The schemas for an editor, by the names of their files."""
    return {
        f"schemas/{kind}.json": json.dumps(schema_of(kind, lang), ensure_ascii=False, indent=2)
        + "\n"
        for kind in FILES
    }
