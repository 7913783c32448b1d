"""What can be taken out: schemas for editors and programs, all facts as JSON, all rules as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kb.base.core import Core
from kb.maintain.schemas import FILES, WHERE, schema_of
from kb.model.data import Json
from kb.render.schemas import PROOF_SCHEMA, WHY_NOT_SCHEMA
from kb.render.schemas_answer import ANSWER_SCHEMA, BUNDLES_SCHEMA, INTERVIEW_SCHEMA
from kb.render.schemas_base import (
    AUDIT_SCHEMA,
    BEYOND_SCHEMA,
    CHECK_SCHEMA,
    COVERAGE_SCHEMA,
    FIND_SCHEMA,
    LINES_SCHEMA,
    QUERY_SCHEMA,
    RELATIONS_SCHEMA,
)
from kb.render.schemas_compare import (
    ANALYSE_SCHEMA,
    CHANGES_SCHEMA,
    WAYS_OUT_SCHEMA,
    WHAT_IF_SCHEMA,
)
from kb.render.schemas_plan import PLAN_SCHEMA
from kb.render.schemas_receipt import RECEIPT_SCHEMA, REPLAY_SCHEMA
from kb.render.schemas_show import SEARCH_SCHEMA, SHOW_SCHEMA, TERMS_SCHEMA
from kb.render.shared_json import cite_json

RESULT_SCHEMAS: Mapping[str, Json] = {
    "answer-schema": ANSWER_SCHEMA,
    "plan-schema": PLAN_SCHEMA,
    "bundles-schema": BUNDLES_SCHEMA,
    "changes-schema": CHANGES_SCHEMA,
    "what-if-schema": WHAT_IF_SCHEMA,
    "ways-out-schema": WAYS_OUT_SCHEMA,
    "show-schema": SHOW_SCHEMA,
    "search-schema": SEARCH_SCHEMA,
    "terms-schema": TERMS_SCHEMA,
    "interview-schema": INTERVIEW_SCHEMA,
    "proof-schema": PROOF_SCHEMA,
    "why-not-schema": WHY_NOT_SCHEMA,
    "receipt-schema": RECEIPT_SCHEMA,
    "replay-schema": REPLAY_SCHEMA,
    "find-schema": FIND_SCHEMA,
    "query-schema": QUERY_SCHEMA,
    "check-schema": CHECK_SCHEMA,
    "beyond-schema": BEYOND_SCHEMA,
    "covered-schema": COVERAGE_SCHEMA,
    "lines-schema": LINES_SCHEMA,
    "analyse-schema": ANALYSE_SCHEMA,
    "relations-schema": RELATIONS_SCHEMA,
    "audit-schema": AUDIT_SCHEMA,
}
"""The schema of what each command writes with `--format json`, by the name of its export."""


def exported(kind: str, base: Core | None, lang: str = "en") -> str:
    """The text of an export; `kind` is one of those that `kb export` takes, `lang` the language of
    descriptions. The base is needed for `rules` and `facts` alone."""
    if kind in RESULT_SCHEMAS:
        return _text(RESULT_SCHEMAS[kind])
    match kind:
        case "schema":
            return _text(schemas(lang))
        case _ if kind.removesuffix("-schema") in FILES:
            return _text(schema_of(kind.removesuffix("-schema"), lang))
        case "rules":
            assert base is not None
            return str(base.program)
        case _:
            assert base is not None
            return _text(
                {
                    relation: [
                        {
                            "row": list(row),
                            "source": cite_json(base.facts.rows.cites[relation, row]),
                        }
                        for row in rows
                    ]
                    for relation, rows in base.facts.rows.facts.items()
                }
            )


def schemas(lang: str = "en") -> Json:
    """One JSON Schema for each kind of file that people write, by where such files stand."""
    return {WHERE[kind]: schema_of(kind, lang) for kind in FILES}


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
