"""Stages that were made for a base and a day, kept for later audits.

They are kept with the base, and in the user's cache as a database of nothing but tables: numbers,
and one text with the names and the rules as they were checked. A file goes by its content: by the
facts and rules in force, the day, the package and DuckDB, and by its own hash, so that one that is
damaged is not read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from weakref import WeakKeyDictionary

import duckdb

from kb.audit import input_sql as cells
from kb.audit import plans
from kb.audit.stages import Question, Stages, made
from kb.base.core import Core
from kb.base.documents import leaves_of
from kb.engines.protocol import row_order
from kb.engines.sql.stored import Stored
from kb.lang.program_data import program_data, program_of
from kb.model.content import key_of, text_hash
from kb.model.data import Json
from kb.model.places import PACKAGE, cache_folder
from kb.model.writing import settle
from kb.version import __version__

FORMAT = 3
"""Raised whenever the shape of the file changes."""
MAKERS = (
    "audit/*.py",
    "base/documents.py",
    "engines/rewrite/*.py",
    "engines/sql/*.py",
    "lang/*.py",
    "model/*.py",
    "render/words.py",
)
"""The modules that stages hang on: they are made anew when one of these changes."""
MOST = 12
"""Files that are kept; of more, those that were made longest ago go."""
IN_MEMORY = 4
"""Questions of a base whose stages stay in memory."""
BLOCK = 16384
"""Bytes of a block of a file; many of its tables are smaller than that."""
HERE = "kept"
"""What a file is called in a database."""
_TABLE = re.compile("[a-z]+[0-9]+")

_digests: WeakKeyDictionary[Core, str] = WeakKeyDictionary()
_known: WeakKeyDictionary[Core, dict[str, tuple[Path, Stages]]] = WeakKeyDictionary()


def stages_of(
    base: Core,
    question: Question,
    covered: bool,
    database: duckdb.DuckDBPyConnection,
    cache: Path | None = None,
) -> Stages:
    """The stages of a base, with the tables of their facts in reach of the database.

    See `kb.audit.stages.made`; `cache` is the folder where they are kept (default: the user's).
    Where nothing can be written, they are made in the database itself.
    """
    key = _key(base, question)
    folder = cache or cache_folder()
    known = _known.setdefault(base, {})
    if key in known and _attached(database, known[key][0]):
        return known[key][1]
    found = _read(folder, key, database)
    if found is None:
        # A disk that is full is told by errors of several kinds.
        with suppress(OSError, duckdb.Error):
            _write(base, question, covered, folder, key)
            found = _read(folder, key, database)
    if found is None:
        return made(base, question, covered, database)
    while len(known) >= IN_MEMORY:
        del known[next(iter(known))]
    known[key] = found
    return found[1]


def digest_of(base: Core) -> str:
    """What audits of a base rest on, as a hash: rules, facts and names."""
    if base in _digests:
        return _digests[base]
    digest = hashlib.sha256()
    for rule in base.program.rules:
        digest.update(f"{rule}\n".encode())
    for relation, rows in sorted(base.facts.rows.facts.items()):
        for row in sorted(map(repr, rows)):
            digest.update(f"{relation}{row}\n".encode())
    vocabulary = base.facts.vocabulary
    named = sorted(map(repr, vocabulary.names.terms.values()))
    for thing in (*named, *map(repr, vocabulary.attributes.values()), *base.reading_order):
        digest.update(f"{thing}\n".encode())
    return _digests.setdefault(base, digest.hexdigest())


def _key(base: Core, question: Question) -> str:
    makers = [path for each in MAKERS for path in PACKAGE.glob(each)]
    asked = f"{question.day} {question.drafts} {sorted(question.kept)} {_order(base)}"
    what = f"audit {__version__} {duckdb.__version__} {FORMAT} {asked}"
    return key_of(digest_of(base), what, makers)


def _order(base: Core) -> str:
    """What tells in which order trees name their documents, which no row does."""
    if base.facts.content:
        return base.facts.content
    readings = base.facts.readings.values()
    return text_hash(need.id for reading in readings for need in leaves_of(reading))


def _attached(database: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the tables of a file are in reach now: it is there, and whole."""
    try:
        whole = hashlib.sha256(path.read_bytes()).hexdigest()
        if not path.stem.endswith(f"-{whole[:32]}"):
            path.unlink()
            return False
        os.utime(path)  # what is used stays longest
    except OSError:
        return False
    try:
        database.execute(f"ATTACH {cells.text(str(path))} AS {HERE} (READ_ONLY)")
    except duckdb.Error:
        return False
    # Tables of a run come first, and are made there.
    database.execute(f"SET search_path = 'memory,{HERE}'")
    return True


def _read(
    folder: Path, key: str, database: duckdb.DuckDBPyConnection
) -> tuple[Path, Stages] | None:
    """A file that was made for this key, attached; None where there is none that is whole."""
    for path in sorted(folder.glob(f"audit-{key[:32]}-*.duckdb")):
        if not _attached(database, path):
            continue
        try:
            [(text,)] = database.execute(f"SELECT data FROM {HERE}.about").fetchall()
            data = json.loads(text)
            if data["key"] == key:
                stages = _stages(data, path)
                plans.read(stages, path)
                return path, stages
        except (ValueError, KeyError, TypeError, IndexError, duckdb.Error):
            pass
        database.execute("RESET search_path")
        database.execute(f"DETACH {HERE}")
    return None


def _write(base: Core, question: Question, covered: bool, folder: Path, key: str) -> None:
    """Keep the stages of a base in a file of their own. Raises `OSError` or DuckDB's error where it
    can not be written."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".audit-{token_hex(8)}.duckdb"
    try:
        with duckdb.connect(":memory:") as database:
            place = f"ATTACH {cells.text(str(draft))} AS {HERE} (BLOCK_SIZE {BLOCK})"
            for statement in (place, f"USE {HERE}", "BEGIN"):
                database.execute(statement)
            stages = made(base, question, covered, database)
            database.execute("CREATE TABLE about (data VARCHAR)")
            text = json.dumps({"key": key, **_data(stages)}, ensure_ascii=False)
            database.execute("INSERT INTO about VALUES (?)", [text])
            for statement in ("COMMIT", f"CHECKPOINT {HERE}", "USE memory", f"DETACH {HERE}"):
                database.execute(statement)
        whole = hashlib.sha256(draft.read_bytes()).hexdigest()
        settle(draft, folder / f"audit-{key[:32]}-{whole[:32]}.duckdb")
    finally:
        for left in folder.glob(f"{draft.name}*"):
            with suppress(OSError):
                left.unlink()
    _forget(folder)


def _forget(folder: Path) -> None:
    """Remove the files that were used longest ago, so that the folder does not grow with the
    days."""
    for path in sorted(folder.glob("audit-*.duckdb"), key=_used)[:-MOST]:
        with suppress(OSError):
            plans.forget(path)
            path.unlink()


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has removed it
        return 0.0


def _data(stages: Stages) -> Json:
    return {
        "names": stages.names,
        "stored": {name: _stored_data(each) for name, each in stages.stored.items()},
        "goals": stages.goals,
        "again": stages.again,
        "kept_grounds": stages.kept_grounds,
        "kept_parts": stages.kept_parts,
        "static": {name: sorted(rows, key=row_order) for name, rows in stages.static.items()},
    }


def _stored_data(stored: Stored) -> Json:
    return {
        "program": program_data(stored.program),
        "tables": stored.tables,
        "rows": stored.rows,
        "shared": stored.shared,
        "unique": stored.unique,
    }


def _stages(data: Json, path: Path) -> Stages:
    return Stages(
        tuple(data["names"]),
        {name: _stored(each) for name, each in data["stored"].items()},
        {name: tuple(goals) for name, goals in data["goals"].items()},
        data["again"],
        tuple(data["kept_grounds"]),
        tuple(data["kept_parts"]),
        {name: frozenset(map(tuple, rows)) for name, rows in data["static"].items()},
        kept_at=path,
    )


def _stored(data: Json) -> Stored:
    for name in data["tables"].values():
        if not _TABLE.fullmatch(name):  # no engine gives such a one
            raise ValueError(name)
    return Stored(
        program_of(data["program"]),
        data["tables"],
        data["rows"],
        {name: tuple(each) for name, each in data["shared"].items()},
        {name: (width, tuple(keys)) for name, (width, keys) in data["unique"].items()},
    )
