"""What audits have made ready is kept by content, and never instead of what holds."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from test_audit import asked, audited, lines_of

import kb
from kb.audit import kept
from kb.audit.stages import Question
from kb.base.core import Core
from kb.base.loading import load, load_facts, read_rules
from kb.engines.sql.duckdb import DuckDBEngine
from kb.lang.parser import parse

SMALL = Path(__file__).parent / "cases" / "facts-small"
DAY = "2024-04-01"
ASKED = Question(2024_04_01)


class MadeAnewError(Exception):
    """Stages were about to be made."""


def ready(base, folder):
    """The stages of a base with a database that has their tables in reach."""
    database = duckdb.connect(":memory:")
    return kept.stages_of(base, ASKED, True, database, folder), database


def rows(stages, database):
    """The rows of every table of facts, by stage and relation."""
    return {
        (name, relation): sorted(database.execute(f"FROM {stored.tables[relation]}").fetchall())
        for name, stored in stages.stored.items()
        for relation in stored.rows
    }


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A base, the folder where its stages are kept, and these with their rows."""
    folder = tmp_path_factory.mktemp("kept")
    town = load(SMALL)
    stages, database = ready(town, folder / "cache")
    return town, folder / "cache", stages, rows(stages, database)


@pytest.fixture
def cache(once, tmp_path, monkeypatch):
    """A copy of that folder, in a world where nobody makes stages."""

    def refuse(*_):
        raise MadeAnewError

    monkeypatch.setattr(kept, "made", refuse)
    return Path(shutil.copytree(once[1], tmp_path / "cache"))


def test_what_is_kept_is_what_was_made(once, cache):
    """Another run over the same facts and rules reads what an earlier one has made: the same rules,
    names and rows; the file stays as it is."""
    _, folder, made, expected = once
    [file] = folder.iterdir()
    found, database = ready(load(SMALL), cache)
    assert found == made
    assert rows(found, database) == expected
    assert [(f.name, f.read_bytes()) for f in cache.iterdir()] == [(file.name, file.read_bytes())]


@pytest.mark.parametrize("damage", [
    lambda whole: b"",
    lambda whole: whole[:-1],
    lambda whole: whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:],
    lambda whole: b"no database at all",
])  # fmt: skip
def test_a_damaged_file_is_not_read(once, cache, damage):
    """A file of which one byte is another, or is missing, is made anew."""
    [file] = cache.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(MadeAnewError):
        ready(load(SMALL), cache)
    assert not list(cache.iterdir())


def test_text_of_a_file_is_no_statement(cache):
    """A name in a file goes into statements as it stands: with a statement in the place of a
    table's name, and a hash that fits, the file is as good as none."""
    [file] = cache.iterdir()
    with duckdb.connect(str(file)) as opened:
        opened.execute("UPDATE about SET data = replace(data, '\"p1\"', '\"p1; DROP TABLE p2\"')")
    whole = hashlib.sha256(file.read_bytes()).hexdigest()
    file.rename(file.with_name(f"{file.stem.rpartition('-')[0]}-{whole[:32]}.duckdb"))
    with pytest.raises(MadeAnewError):
        ready(load(SMALL), cache)


def test_other_rules_facts_or_days_are_made_for_themselves(once):
    """What was made for a base serves no other day, drafts, rules or facts."""
    town = once[0]
    more = parse("mine(A) <= app_value(A, 'services', 'works')", "<rules>").rules
    questions = [
        (town, ASKED),
        (town, Question(2024_04_02)),
        (town, Question(2024_04_01, drafts=True)),
        (town, Question(2024_04_01, kept=frozenset({"lacks"}))),
        (Core(load_facts(SMALL), read_rules(), added=more), ASKED),
        (load(SMALL.with_name("facts-village")), ASKED),
    ]
    assert len({kept._key(base, question) for base, question in questions}) == len(questions)


def test_trees_in_another_order(once, tmp_path):
    """Facts whose rows are the same, but whose tree names its documents in another order, have
    stages of their own: what is missing is told in that order. So do facts of no files."""
    moved = shutil.copytree(SMALL, tmp_path / "facts")
    file, of = moved / "town-2020.yaml", "- {document: water_test, when: has_oven, lines: 13}"
    text = file.read_text(encoding="utf-8")
    first = "- {document: baker_licence, lines: 12}"
    between = f"{first}\n        {of}"
    assert between in text
    file.write_text(text.replace(between, f"{of}\n        {first}"), encoding="utf-8")
    bases = [load_facts(SMALL), load_facts(moved)]
    bases += [replace(facts, content="") for facts in bases]
    cores = [Core(facts, read_rules()) for facts in bases]
    assert kept.digest_of(cores[0]) == kept.digest_of(cores[1])
    assert len({kept._key(core, ASKED) for core in cores}) == len(cores)


def test_no_more_files_than_so_many(tmp_path):
    """What was used longest ago goes first, so that the folder does not grow with the days."""
    for n in range(kept.MOST + 3):
        path = tmp_path / f"audit-{n:02}-0.duckdb"
        path.touch()
        os.utime(path, (n, n))
    kept._forget(tmp_path)
    assert sorted(path.name[6:8] for path in tmp_path.iterdir()) == [
        f"{n:02}" for n in range(3, kept.MOST + 3)
    ]


def test_where_nothing_can_be_written(once, tmp_path, monkeypatch):
    """Where no folder can be made, an audit has its stages made in its own database."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(kept, "made", lambda base, question, covered, database: database)
    found, database = ready(load(SMALL), tmp_path / "file")
    assert found is database


def test_a_full_disk(once, tmp_path, monkeypatch):
    """Where the disk is full when stages are kept, they are made in the audit's own database, and
    nothing is left behind."""
    own = duckdb.connect(":memory:")

    def made(base, question, covered, database):
        if database is not own:
            raise duckdb.TransactionException("Failed to commit: No space left on device")
        return "made"

    monkeypatch.setattr(kept, "made", made)
    assert kept.stages_of(load(SMALL), ASKED, True, own, tmp_path) == "made"
    assert not list(tmp_path.iterdir())


def test_verdicts_from_what_is_kept(cache, monkeypatch, tmp_path):
    """An audit by stages that were kept says what is told of each app alone; so does one more with
    the same base, by statements that were written for the first."""
    monkeypatch.setattr(kept, "cache_folder", lambda: cache)
    town = kb.load(only_facts=SMALL)
    profiles = [{"name": n, "services": [n], "holds": []} for n in ("works", "bread")]
    named = [{"id": p["name"], "services": p["services"], "holds": []} for p in profiles]
    apps = lines_of(tmp_path / "apps.jsonl", named)
    expected = {p["name"]: asked(town, p, DAY) for p in profiles}
    for _ in range(2):
        town.audit(apps, tmp_path / "out.parquet", as_of=DAY)
        assert audited(tmp_path / "out.parquet") == expected


@pytest.fixture
def written(cache, monkeypatch, tmp_path):
    """An audit of two apps that has kept its statements, as one that a test may run again from
    facts that are loaded anew; and where the statements are kept."""
    monkeypatch.setattr(kept, "cache_folder", lambda: cache)
    apps = lines_of(tmp_path / "apps.jsonl", [{"id": "a", "services": ["works"], "holds": []}])

    def again():
        kb.load(only_facts=SMALL).audit(apps, tmp_path / "out.parquet", as_of=DAY)
        return audited(tmp_path / "out.parquet")

    again()
    [file] = cache.glob("*.plans")
    return again, file


def test_statements_are_kept_for_the_next_process(written, monkeypatch):
    """With the statements that an earlier process has written none is written anew, and what is
    kept stays as it is."""
    again, file = written
    before, found = file.read_bytes(), again()
    monkeypatch.setattr(DuckDBEngine, "written", None)
    assert again() == found
    assert file.read_bytes() == before


@pytest.mark.parametrize("statement", [
    "COPY chunk TO 'x.csv'",
    "CREATE OR REPLACE TABLE {} AS SELECT c0 FROM 'x.csv'",
    'CREATE OR REPLACE TABLE {} AS SELECT c0 FROM "x.csv"',
    "CREATE OR REPLACE TABLE {} AS SELECT c0 FROM x.csv",
    "CREATE OR REPLACE TABLE {} AS SELECT c0 FROM glob (x)",
    "CREATE OR REPLACE TABLE {} AS SELECT c0 FROM x; DROP TABLE ground",
    "CREATE OR REPLACE TABLE ground AS SELECT c0 FROM x",
])  # fmt: skip
def test_other_statements_are_not_taken(written, once, cache, statement):
    """What is kept as a statement and makes no table of the engine out of others is not taken,
    though its hash fits; nor is anything where the hash does not."""
    again, file = written
    found = again()
    digest, _, text = file.read_text("utf-8").partition("\n")
    rows = json.loads(text)
    tables = once[2].stored
    changed = [[*row[:4], statement.format(tables[row[0]].tables[row[2]])] for row in rows]
    odd = json.dumps(changed)
    for held in (f"{hashlib.sha256(odd.encode()).hexdigest()}\n{odd}", f"{digest}\n{odd}"):
        file.write_text(held, "utf-8")
        stages, _ = ready(load(SMALL), cache)
        assert stages.plans == {}
    assert again() == found
