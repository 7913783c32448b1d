"""Cells: SQL that brings what a table holds into one shape, and says what can not be.

Names of columns and constants are quoted; nothing of a table's content becomes SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import duckdb

from kb.lang.problems import Problem, Problems, near
from kb.model.apps import HELD_DAYS, OWN_KEYS

HELD = ("document", "count", "holder", "states", *HELD_DAYS, "with")
PARTY = ("id", "role", "applicant", "holds")
EXEMPTION = ("from", "by", "since", "until", "note")
EXEMPTIONS = "STRUCT(" + ", ".join(f'"{key}" VARCHAR' for key in EXEMPTION) + ")[]"
"""What exemptions come out as."""
PARTY_HELD = ("document", "count", "states", *HELD_DAYS)
MACROS = """
CREATE MACRO is_list(x) AS trim(x) LIKE '[%';
CREATE MACRO separated(x) AS string_split(regexp_replace(x, '[;；、\\s]+$', ''), ';');
CREATE MACRO as_list(x) AS CASE
    WHEN is_list(x) THEN TRY_CAST(TRY_CAST(x AS JSON) AS VARCHAR[])
    WHEN contains(x, '、') THEN list_transform(
        separated(replace(replace({kept}, '、', ';'), '；', ';')),
        lambda e: replace(trim(e), chr(1), '、'))
    ELSE list_transform(separated(replace(x, '；', ';')), lambda e: trim(e)) END;
CREATE MACRO as_holding(h) AS CASE
    WHEN json_type(h) = 'OBJECT' THEN {
        'document': h ->> '$.document', 'count': h ->> '$.count', 'holder': h ->> '$.holder',
        'states': CASE WHEN json_type(h -> '$.states') IN ('ARRAY', 'OBJECT')
            THEN (h -> '$.states')::VARCHAR END,
        'valid_from': h ->> '$.valid_from', 'valid_until': h ->> '$.valid_until',
        'issued': h ->> '$.issued', 'with': h ->> '$.with'}
    ELSE {'document': h ->> '$', 'count': NULL, 'holder': NULL, 'states': NULL,
        'valid_from': NULL, 'valid_until': NULL, 'issued': NULL, 'with': NULL} END;
CREATE MACRO odd_keys(j, known) AS
    list_filter(coalesce(json_keys(j), []), lambda k: NOT list_contains(known, k));
CREATE MACRO repeats(j) AS len(json_keys(j)) > len(list_distinct(json_keys(j)));
CREATE MACRO repeated(j) AS list_filter(
    json_keys(j), lambda k: len(list_filter(json_keys(j), lambda e: e = k)) > 1)[1];
CREATE MACRO holds_null(l) AS len(list_filter(coalesce(l, []), lambda e: e IS NULL)) > 0;
"""
TOLD = "__told"
"""A column of the texts of all attributes that a row states."""
HOLDING = "STRUCT(" + ", ".join(f'"{key}" VARCHAR' for key in HELD) + ")[]"
"""What documents in hand come out as; the list of what one states is JSON."""
PARTIES = f"STRUCT(id VARCHAR, role VARCHAR, applicant VARCHAR, holds {HOLDING})[]"
DATED = ("TIMESTAMP", "DATETIME")
LISTED = "to_json({cell}::VARCHAR[])::VARCHAR"


def macros(joined: Iterable[str]) -> str:
    """The macros; the `、` of names that are `joined` by it separates nothing."""
    kept = "x"
    for name in sorted(joined, key=lambda name: (-len(name), name)):
        kept = f"replace({kept}, {text(name)}, {text(name.replace('、', chr(1)))})"
    return MACROS.replace("{kept}", kept)


def facts(
    type: str,
    attributes: list[str],
    first: int,
    shown: str,
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, str], list[str], list[str]]:
    if type.startswith("STRUCT"):
        found = connection.execute("DESCRIBE SELECT unnest(facts) FROM source").fetchall()
        columns: dict[str, str] = {}
        texts, bad = [], []
        for name, kind, *_ in found:
            cell = f"facts.{quoted(name)}"
            if name in attributes:
                columns[name] = f"a{first + len(columns)}"
                texts.append(f"{as_text(cell, kind)} AS {columns[name]}")
            else:
                said = text(f"unknown attribute `{name}`")
                bad.append(f"CASE WHEN {cell} IS NOT NULL THEN {said} END")
        return columns, texts, bad
    if type.startswith("MAP"):
        return json_facts(facts_json(type), attributes, first)
    if type in ("JSON", "VARCHAR"):
        columns, texts, bad = json_facts(facts_json(type), attributes, first)
        bad.append(
            "CASE WHEN trim(facts::VARCHAR) <> '' AND TRY_CAST(facts AS JSON) IS NULL"
            " THEN 'facts: this is no JSON' END"
        )
        return columns, texts, bad
    raise Problems([Problem("type", f"`{shown}`: the column `facts` holds no attributes")])


def facts_json(type: str) -> str:
    """The column `facts` of a type as JSON; NULL where it holds none."""
    if type.startswith("MAP"):
        return "to_json(facts)"
    if type in ("JSON", "VARCHAR"):
        return "TRY_CAST(nullif(trim(facts::VARCHAR), '') AS JSON)"
    return "NULL::JSON"


def told(facts: str, attributes: list[str]) -> str:
    """The texts of all attributes in a mapping in JSON, as the column that `json_facts` looks at:
    asked for each alone, DuckDB would read the mapping anew for each."""
    paths = ", ".join(path(a) for a in attributes if a not in OWN_KEYS)
    return f"json_extract_string({facts}, [{paths}]::VARCHAR[]) AS {TOLD}"


def json_facts(
    facts: str, attributes: list[str], first: int
) -> tuple[dict[str, str], list[str], list[str]]:
    names = [a for a in attributes if a not in OWN_KEYS]
    columns = {a: f"a{first + n}" for n, a in enumerate(names)}
    texts = [f"{TOLD}[{n}] AS {column}" for n, column in enumerate(columns.values(), 1)]
    odd = f"odd_keys({facts}, {listed(names)})"
    bad = [
        f"CASE WHEN json_type({facts}) NOT IN ('OBJECT', 'NULL')"
        " THEN 'facts: a mapping is expected here' END",
        f"CASE WHEN json_type({facts}) = 'OBJECT' AND len({odd}) > 0"
        f" THEN 'unknown attribute `' || {odd}[1] || '`' END",
        twice(facts, "facts"),
    ]
    return columns, texts, bad


def holds(
    type: str | None, shown: str, connection: duckdb.DuckDBPyConnection
) -> tuple[str, list[str]]:
    if type is None:
        return f"NULL::{HOLDING}", []
    if type == "VARCHAR":
        text = "nullif(trim(holds), '')"
        held, bad = json_holds(
            f"CASE WHEN is_list({text}) THEN TRY_CAST({text} AS JSON)"
            f" ELSE to_json(as_list({text})) END"
        )
        bad.append(
            f"CASE WHEN is_list({text}) AND TRY_CAST({text} AS JSON) IS NULL"
            " THEN 'holds: this is no JSON' END"
        )
        return held, bad
    if type in ("JSON", "JSON[]"):
        return json_holds("to_json(holds)")
    if type.startswith("STRUCT") and type.endswith("[]"):
        fields = {
            row[0]: str(row[1])
            for row in connection.execute(
                "DESCRIBE SELECT unnest(h) FROM (SELECT unnest(holds) AS h FROM source)"
            ).fetchall()
        }
        if odd := [name for name in fields if name not in HELD]:
            message = f"`{shown}`: the column `holds` has an unknown key `{odd[0]}`"
            raise Problems([Problem("unknown-key", message, help=near(odd[0], HELD))])
        parts = ", ".join(
            f"'{name}': " + (_field(name, fields[name]) if name in fields else "NULL::VARCHAR")
            for name in HELD
        )
        return f"list_transform(holds, lambda h: {{{parts}}})", []
    if type.endswith("[]"):
        nothing = "".join(f", '{key}': NULL" for key in HELD[1:])
        parts = f"'document': h::VARCHAR{nothing}"
        return f"list_transform(holds, lambda h: {{{parts}}})::{HOLDING}", []
    raise Problems([Problem("type", f"`{shown}`: the column `holds` holds no lists")])


def _field(name: str, type: str) -> str:
    """A part of a document in hand as the text that stands for it."""
    if name == "states":
        return as_text("h.states", type) if type == "VARCHAR[]" else "to_json(h.states)::VARCHAR"
    if type.startswith(DATED):
        return as_text(f"h.{name}", type)
    return f"h.{name}::VARCHAR"


def dated(type: str | None) -> bool:
    """Whether a column of documents in hand can say on which days they are valid."""
    return type in ("VARCHAR", "JSON", "JSON[]") or "valid_" in (type or "")


def json_holds(holds: str) -> tuple[str, list[str]]:
    every = f"json_extract({holds}, '$[*]')"
    held = f"list_transform({every}, lambda h: as_holding(h))::{HOLDING}"
    odd = f"flatten(list_transform({every}, lambda h: odd_keys(h, {listed(HELD)})))"
    states = (
        f"len(list_filter({every},"
        " lambda h: json_type(h -> '$.states') NOT IN ('ARRAY', 'OBJECT', 'NULL'))) > 0"
    )
    return held, [
        no_list("holds", holds),
        f"CASE WHEN len({odd}) > 0 THEN 'holds: unknown key `' || {odd}[1] || '`' END",
        f"CASE WHEN {states} THEN 'holds: states: a list is expected here' END",
        twice_in(every, "holds"),
    ]


def parties(type: str | None) -> tuple[str, list[str]]:
    """The parties of apps, from lists, JSON or a text that is JSON, and what is wrong with them."""
    return _from_cell("parties", type, PARTIES, json_parties)


def json_parties(parties: str) -> tuple[str, list[str]]:
    every = f"json_extract({parties}, '$[*]')"
    theirs = "json_extract(p, '$.holds[*]')"
    found = (
        f"list_transform({every}, lambda p: {{'id': p ->> '$.id', 'role': p ->> '$.role',"
        f" 'applicant': CASE WHEN json_type(p -> '$.applicant') = 'VARCHAR'"
        f" THEN p ->> '$.applicant' END, 'holds':"
        f" list_transform({theirs}, lambda h: as_holding(h))::{HOLDING}}})::{PARTIES}"
    )
    held = f"flatten(list_transform({every}, lambda p: {theirs}))"

    def some(every: str, name: str, odd: str) -> str:
        return f"len(list_filter({every}, lambda {name}: {odd})) > 0"

    def unknown(entries: str, known: Iterable[str]) -> str:
        odd = (
            f"flatten(list_transform({entries}, lambda e: CASE WHEN json_type(e) = 'OBJECT'"
            f" THEN odd_keys(e, {listed(known)}) ELSE [] END))"
        )
        return f"CASE WHEN len({odd}) > 0 THEN 'parties: unknown key `' || {odd}[1] || '`' END"

    def wrong(said: str, test: str) -> str:
        return f"CASE WHEN {test} THEN {text('parties: ' + said)} END"

    ids = f"list_transform({every}, lambda p: p ->> '$.id')"
    twice = f"len({ids}) > len(list_distinct({ids}))"
    unnamed = "coalesce(json_type(p -> '$.{key}'), '') <> 'VARCHAR' OR trim(p ->> '$.{key}') = ''"
    whole = f"NOT ({some(every, 'p', unnamed.format(key='id'))}) AND {twice}"
    odd_kind = "json_type(p -> '$.applicant') NOT IN ('VARCHAR', 'NULL')"
    odd_list = "json_type(p -> '$.holds') NOT IN ('ARRAY', 'NULL')"
    odd_words = "json_type(h -> '$.states') NOT IN ('ARRAY', 'OBJECT', 'NULL')"
    return found, [
        no_list("parties", parties),
        wrong("a mapping is expected here", some(every, "p", "json_type(p) <> 'OBJECT'")),
        unknown(every, PARTY),
        unknown(held, PARTY_HELD),
        wrong("`id` is expected here", some(every, "p", unnamed.format(key="id"))),
        wrong("`role` is expected here", some(every, "p", unnamed.format(key="role"))),
        wrong("applicant: text is expected here", some(every, "p", odd_kind)),
        wrong("two parties have the same `id`", whole),
        wrong("holds: a list is expected here", some(every, "p", odd_list)),
        wrong("states: a list is expected here", some(held, "h", odd_words)),
        twice_in(every, "parties"),
        twice_in(held, "parties: holds"),
    ]


def exemptions(type: str | None) -> tuple[str, list[str]]:
    """The exemptions of apps, from lists, JSON or a text that is JSON, and what is wrong with
    them."""
    return _from_cell("exemptions", type, EXEMPTIONS, json_exemptions)


def _from_cell(
    key: str, type: str | None, shape: str, read: Callable[[str], tuple[str, list[str]]]
) -> tuple[str, list[str]]:
    """What a column of lists, JSON or texts that are JSON holds, `read` from JSON, and what is
    wrong with it; NULL of the `shape` where there is no such column."""
    if type is None:
        return f"NULL::{shape}", []
    if type != "VARCHAR":
        return read(f"to_json({key})")
    cell = f"nullif(trim({key}), '')"
    found, bad = read(f"TRY_CAST({cell} AS JSON)")
    bad.append(
        f"CASE WHEN {cell} IS NOT NULL AND TRY_CAST({cell} AS JSON) IS NULL"
        f" THEN '{key}: this is no JSON' END"
    )
    return found, bad


def json_exemptions(cell: str) -> tuple[str, list[str]]:
    every = f"json_extract({cell}, '$[*]')"
    parts = ", ".join(f"{text(key)}: e ->> {path(key)}" for key in EXEMPTION)
    known = listed(EXEMPTION)

    def wrong(said: str, test: str) -> str:
        found = f"len(list_filter({every}, lambda e: {test})) > 0"
        return f"CASE WHEN {found} THEN {text('exemptions: ' + said)} END"

    odd = (
        f"flatten(list_transform({every}, lambda e: CASE WHEN json_type(e) = 'OBJECT'"
        f" THEN odd_keys(e, {known}) ELSE [] END))"
    )
    unsaid = "coalesce(json_type(e -> {key}), '') <> 'VARCHAR' OR trim(e ->> {key}) = ''"
    return f"list_transform({every}, lambda e: {{{parts}}})::{EXEMPTIONS}", [
        no_list("exemptions", cell),
        wrong("a mapping is expected here", "json_type(e) <> 'OBJECT'"),
        f"CASE WHEN len({odd}) > 0 THEN 'exemptions: unknown key `' || {odd}[1] || '`' END",
        *(wrong(f"`{k}` is expected here", unsaid.format(key=path(k))) for k in ("from", "by")),
        twice_in(every, "exemptions"),
    ]


def twice(mapping: str, key: str = "") -> str:
    """What is wrong with a mapping in JSON: a key that stands twice in it."""
    where = text(f"{key}: `" if key else "`")
    return (
        f"CASE WHEN repeats({mapping}) THEN {where} || repeated({mapping}) || '` stands twice' END"
    )


def odd_key(mapping: str, known: Iterable[str], key: str) -> str:
    """What is wrong with a mapping in JSON: a key that is not known."""
    odd = f"odd_keys({mapping}, {listed(known)})"
    return (
        f"CASE WHEN json_type({mapping}) = 'OBJECT' AND len({odd}) > 0"
        f" THEN {text(f'{key}: unknown key `')} || {odd}[1] || '`' END"
    )


def twice_in(entries: str, key: str) -> str:
    """The same of the entries of a list."""
    odd = f"list_filter({entries}, lambda e: repeats(e))"
    where = text(f"{key}: `")
    return f"CASE WHEN len({odd}) > 0 THEN {where} || repeated({odd}[1]) || '` stands twice' END"


def no_list(key: str, cell: str) -> str:
    said = text(f"{key}: a list is expected here")
    return f"CASE WHEN json_type({cell}) NOT IN ('ARRAY', 'NULL') THEN {said} END"


def unlisted(key: str) -> str:
    cell, said = f"nullif(trim({quoted(key)}), '')", text(f"{key}: a list is expected here")
    return f"CASE WHEN {cell} IS NOT NULL AND as_list({cell}) IS NULL THEN {said} END"


def wordless(words: str) -> str:
    """What is wrong with a list of own words: one of them says nothing."""
    empty = f"len(list_filter({words}, lambda e: e IS NULL OR trim(e) = '')) > 0"
    return f"CASE WHEN {empty} THEN 'other_services: text is expected here' END"


def own_words(words: str) -> str:
    """Whether an app tells in own words what it does."""
    return f"coalesce(len({words}), 0) > 0 AS own_words"


def as_text(cell: str, type: str) -> str:
    """A cell as the text that stands for it; a list as JSON, a whole number without its `.0`, a
    midnight as its day."""
    if type.endswith("[]"):
        return LISTED.format(cell=cell)
    if type.startswith(DATED):
        moment = f"({cell})::TIMESTAMP"
        whole = f"{moment} = date_trunc('day', {moment})"
        return f"CASE WHEN {whole} THEN {moment}::DATE::VARCHAR ELSE {cell}::VARCHAR END"
    if type in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = floor({cell})"
        return f"CASE WHEN {whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END"
    return f"nullif(trim({cell}::VARCHAR), '')"


def default(key: str, text: str) -> str:
    return f"coalesce({text}, 'wechat')" if key == "platform" else text


def path(key: str) -> str:
    return text(f'$."{key}"')


def quoted(name: str) -> str:
    """A name as SQL, whatever is in it; DuckDB's own way to quote takes no empty one."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL, whatever is in it."""
    return str(duckdb.ConstantExpression(value))


def listed(values: Iterable[str]) -> str:
    return f"[{', '.join(text(value) for value in values)}]"
