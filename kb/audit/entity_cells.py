"""Cells that say whose an app is: SQL that brings them into one shape, and says what can not be."""

from __future__ import annotations

from kb.audit.input_sql import listed, odd_key, quoted, text, twice
from kb.lang.problems import Problem, Problems

KEYS = ("name", "apps", "all")
NOTHING = "NULL::VARCHAR AS entity", "false AS entity_all"
YES, NO = ("true", "yes", "on", "1", "t", "y"), ("false", "no", "off", "0", "f", "n")
ROWS = "entity: the apps of one entity are rows of their own here, each with its name"


def of_json(cell: str) -> tuple[list[str], list[str]]:
    """The columns of whose an app is, from JSON, and what is wrong with it."""
    named = f"trim(CASE WHEN json_type({cell}) = 'OBJECT' THEN {cell} ->> '$.name'"
    named += f" WHEN json_type({cell}) = 'VARCHAR' THEN {cell} ->> '$' END)"
    whole = f"lower({cell} ->> '$.all')"
    said = f"json_type({cell}) NOT IN ('OBJECT', 'NULL')"

    def wrong(reason: str, test: str) -> str:
        return f"CASE WHEN {test} THEN {text(reason)} END"

    return [
        f"nullif({named}, '') AS entity",
        f"coalesce({whole} IN ({_texts(YES)}), false) AS entity_all",
    ], [
        wrong("entity: text is expected here", f"{said} AND json_type({cell}) <> 'VARCHAR'"),
        wrong("entity: this is empty", f"{named} = ''"),
        wrong(
            "entity: `name` is expected here",
            f"json_type({cell}) = 'OBJECT' AND coalesce(json_type({cell} -> '$.name'), '')"
            " <> 'VARCHAR'",
        ),
        odd_key(cell, KEYS, "entity"),
        wrong(
            "entity: all: `true` or `false` is expected here",
            f"{whole} NOT IN ({_texts((*YES, *NO))})",
        ),
        wrong(ROWS, f"coalesce(json_array_length({cell} -> '$.apps'), 0) > 0"),
        wrong(
            "entity: apps: a list is expected here",
            f"json_type({cell} -> '$.apps') NOT IN ('ARRAY', 'NULL')",
        ),
        twice(cell, "entity"),
    ]


def of_column(type: str | None, shown: str) -> list[str]:
    """The same from a column of names. Raises `Problems` for a column of something else."""
    if type is None:
        return list(NOTHING)
    if type.endswith(("[]", ")")) and not type.startswith("DECIMAL"):
        raise Problems([Problem("type", f"`{shown}`: the column `entity` holds no texts")])
    named = f"nullif(trim({quoted('entity')}::VARCHAR), '')"
    return [f"{named} AS entity", NOTHING[1]]


def _texts(values: tuple[str, ...]) -> str:
    return listed(values)[1:-1]
