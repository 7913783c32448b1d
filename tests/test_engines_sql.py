"""The SQL that a small program becomes: written out in `tests/golden/`, held against what is made,
and run as it stands there. `KB_GOLDEN=write` writes the files anew, to be read before they go in.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlglot
from test_engine_pydatalog import program_of

from kb.engines.sql.duckdb import DuckDBEngine
from kb.lang.syntax import Atom

GOLDEN = Path(__file__).parent / "golden"
PROGRAM = """
leads(X, Y) <= e0(X, Y)
leads(X, Z) <= leads(X, Y) & e0(Y, Z)
end(X) <= leads(_, X) & ~leads(X, _)
late(X, N) <= e2(X, N) & (N > 20250401) & ~e0(X, X)
marked('驾照', X) <= end(X) & late(X, _)
"""
BASE = {
    "e0": [("a", "b"), ("b", "c"), ("c", "d"), ("x", "x")],
    "e2": [("d", 20250402), ("d", 20250401), ("x", 20250403)],
}
WANTED = {
    "leads": {(x, y) for x, y in ("ab", "ac", "ad", "bc", "bd", "cd", "xx")},
    "end": {("d",)},
    "late": {("d", 20250402)},
    "marked": {("驾照", "d")},
}


class _Told(DuckDBEngine):
    """DuckDB's engine that tells each statement in a dialect."""

    dialect = "duckdb"

    def __init__(self, program, facts):
        self.told = []
        super().__init__(program, facts)

    def make(self, table, rows, lasting):
        text = rows.sql(self.dialect, pretty=True)
        self.told.append(f"-- {table.name} of {table.relation}\n{text};\n")
        return super().make(table, rows, lasting)


class _Read(DuckDBEngine):
    """DuckDB's engine that runs the statements of a file in place of those that it is given."""

    def __init__(self, program, facts, statements):
        self.statements = list(statements)
        super().__init__(program, facts)

    def make(self, table, rows, lasting):
        return super().make(table, self.statements.pop(0), lasting)


def golden(dialect):
    return GOLDEN / f"program.{dialect}.sql"


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_the_statements_are_those_of_the_file(dialect):
    """A program with recursion, negation, a comparison and a constant in a head becomes, in each
    dialect, the statements that the file shows, round by round."""
    program = program_of(PROGRAM)
    engine = _Told(program, BASE)
    engine.dialect = dialect
    engine.evaluate({}, WANTED)
    made = "\n".join(engine.told)
    if os.environ.get("KB_GOLDEN") == "write":
        golden(dialect).write_text(made, encoding="utf-8")
    assert made == golden(dialect).read_text(encoding="utf-8")


def test_the_file_run_as_it_stands_gives_the_model():
    """The statements of DuckDB's file, read back and run in their order, give the rules' facts."""
    statements = sqlglot.parse(golden("duckdb").read_text(encoding="utf-8"), read="duckdb")
    engine = _Read(program_of(PROGRAM), BASE, statements)
    found = engine.evaluate({}, WANTED)
    assert engine.statements == []
    assert {name: found[name] for name in WANTED} == WANTED


def test_the_spark_file_run_as_it_stands_gives_the_model(spark):
    """The same for Spark's file, statement by statement."""
    from kb.engines.sql.spark import SMALL, SparkEngine

    queues = {}
    for text in golden("spark").read_text(encoding="utf-8").split("-- ")[1:]:
        head, _, statement = text.partition("\n")
        tree = sqlglot.parse_one(statement, read="spark")
        queues.setdefault(head.split()[0], []).append(tree)

    class Read(SparkEngine):
        def make(self, table, rows, lasting):
            known = queues.get(table.name)  # base facts that are none have no statement there
            return super().make(table, known.pop(0) if known else rows, lasting)

    engine = Read(program_of(PROGRAM), BASE, session=spark, settings=SMALL)
    found = engine.evaluate({}, WANTED, 300)
    assert {name: found[name] for name in WANTED} == WANTED
    # What is another table's rows is that table itself on Spark: such copies are not asked for.
    assert all(not left or name.endswith("n") for name, left in queues.items())


def test_nothing_that_somebody_wrote_is_in_a_statement():
    """Names, values and relations stand in statements as numbers only."""
    program = program_of(PROGRAM)
    engine = _Told(program, BASE)
    engine.evaluate({}, WANTED)
    statements = "\n".join(line for t in engine.told for line in t.splitlines()[1:])
    names = {atom.relation for rule in program.rules for atom in (rule.head, *_atoms(rule))}
    assert not [name for name in {*names, "驾照"} if name in statements]


def _atoms(rule):
    return [part for part in rule.body if isinstance(part, Atom)]
