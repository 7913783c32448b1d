"""How the verdicts of an audit differ from those of an earlier one, app by app."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kb.audit import input_sql as cells
from kb.audit.ownership import COLUMNS, literal
from kb.lang.problems import Problem, Problems
from kb.model.data import Json

READERS = {
    ".parquet": "read_parquet({})",
    ".csv": "read_csv({}, header = true, all_varchar = true)",
    ".jsonl": "read_json({}, format = 'newline_delimited')",
    ".ndjson": "read_json({}, format = 'newline_delimited')",
}
SHOWN = 500
"""Apps that are named; of others it is told how many."""
MOVED = """
SELECT app, o.verdict AS before, n.verdict AS after, n.reason
FROM earlier o JOIN later n USING (app)
WHERE o.verdict <> n.verdict ORDER BY app
"""


@dataclass(frozen=True, slots=True)
class Move:
    """An app whose verdict differs, with the reason of the new one."""

    app: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Since:
    """What is new since an earlier output: how many apps stand in both (`common`), in this one
    alone (`new`) and in that one alone (`gone`), and whose verdicts moved (`moves` are the first of
    them, by name; `counts` are all, by verdict before and after). `versions` are those of the
    rules that judged the earlier one."""

    file: str
    versions: tuple[str, ...]
    common: int
    new: int
    gone: int
    counts: Counter[tuple[str, str]]
    moves: tuple[Move, ...]

    def to_dict(self) -> Json:
        """As JSON takes it."""
        return {
            "file": self.file,
            "rule_versions": list(self.versions),
            "apps_in_both": self.common,
            "apps_new": self.new,
            "apps_gone": self.gone,
            "moved": [
                {"before": before, "after": after, "apps": count}
                for (before, after), count in sorted(self.counts.items())
            ],
        }


def check_earlier(old: Path) -> None:
    """Raises `Problems` when a file is not the output of an audit."""
    help = "name what an earlier `kb audit -o` has written"
    if not old.is_file() or old.suffix not in READERS:
        message = f"`{old}` is no output of an audit"
        raise Problems([Problem("since", message, help=help)])
    try:
        with duckdb.connect(":memory:") as database:
            found = database.execute(f"DESCRIBE SELECT * FROM {_table(old)}").fetchall()
    except duckdb.Error as error:
        message = f"`{old}` can not be read: {str(error).splitlines()[0]}"
        raise Problems([Problem("since", message, help=help)]) from None
    if tuple(name for name, *_ in found) != COLUMNS:
        message = f"`{old}` has not the columns of an output of an audit"
        raise Problems([Problem("since", message, help=help)])


def compared(old: Path, new: Path) -> Since:
    """What is new in an output since another. Raises `Problems` when one can not be read."""
    check_earlier(old)
    with duckdb.connect(":memory:") as database:
        run = database.execute
        for name, file in (("earlier", old), ("later", new)):
            run(
                f"CREATE TABLE {name} AS SELECT app::VARCHAR AS app, any_value(verdict) AS verdict,"
                f" any_value(reason) AS reason, any_value(rule_version) AS version"
                f" FROM {_table(file)} WHERE category IS NULL GROUP BY 1"
            )
        [(common,)] = run("SELECT count(*) FROM earlier JOIN later USING (app)").fetchall()
        [(new_ones,)] = run("SELECT count(*) FROM later ANTI JOIN earlier USING (app)").fetchall()
        [(gone,)] = run("SELECT count(*) FROM earlier ANTI JOIN later USING (app)").fetchall()
        versions = run("SELECT DISTINCT version FROM earlier ORDER BY 1").fetchall()
        counts = run(f"SELECT before, after, count(*) FROM ({MOVED}) GROUP BY 1, 2").fetchall()
        moves = run(f"{MOVED} LIMIT {SHOWN}").fetchall()
    return Since(
        str(old),
        tuple(version for (version,) in versions if version),
        common,
        new_ones,
        gone,
        Counter({(before, after): count for before, after, count in counts}),
        tuple(Move(*row) for row in moves),
    )


def _table(file: Path) -> str:
    return READERS[file.suffix].format(cells.text(literal([file])[0]))
