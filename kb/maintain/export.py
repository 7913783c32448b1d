"""What can be taken out: schemas for editors and programs, all facts as JSON, all rules as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from kb.base.core import Core
from kb.model.data import Json
from kb.model.files import (
    AttributeFile,
    CategoryFile,
    ConditionFile,
    CoverageFile,
    PartFile,
    Profile,
    SourceFile,
    VocabularyFile,
    WordsFile,
)
from kb.render.schema_parts import DIALECT
from kb.render.schemas import PROOF_SCHEMA, WHY_NOT_SCHEMA
from kb.render.schemas_answer import ANSWER_SCHEMA, BUNDLES_SCHEMA, INTERVIEW_SCHEMA
from kb.render.schemas_base import (
    AUDIT_SCHEMA,
    CHECK_SCHEMA,
    COVERAGE_SCHEMA,
    FIND_SCHEMA,
    QUERY_SCHEMA,
    RELATIONS_SCHEMA,
)
from kb.render.schemas_compare import CHANGES_SCHEMA, WHAT_IF_SCHEMA
from kb.render.schemas_plan import PLAN_SCHEMA
from kb.render.schemas_receipt import RECEIPT_SCHEMA, REPLAY_SCHEMA
from kb.render.schemas_show import SEARCH_SCHEMA, SHOW_SCHEMA
from kb.render.shared_json import cite_json

RESULT_SCHEMAS: Mapping[str, Json] = {
    "answer-schema": ANSWER_SCHEMA,
    "plan-schema": PLAN_SCHEMA,
    "bundles-schema": BUNDLES_SCHEMA,
    "changes-schema": CHANGES_SCHEMA,
    "what-if-schema": WHAT_IF_SCHEMA,
    "show-schema": SHOW_SCHEMA,
    "search-schema": SEARCH_SCHEMA,
    "interview-schema": INTERVIEW_SCHEMA,
    "proof-schema": PROOF_SCHEMA,
    "why-not-schema": WHY_NOT_SCHEMA,
    "receipt-schema": RECEIPT_SCHEMA,
    "replay-schema": REPLAY_SCHEMA,
    "find-schema": FIND_SCHEMA,
    "query-schema": QUERY_SCHEMA,
    "check-schema": CHECK_SCHEMA,
    "coverage-schema": COVERAGE_SCHEMA,
    "relations-schema": RELATIONS_SCHEMA,
    "audit-schema": AUDIT_SCHEMA,
}
"""The schema of what each command writes with `--format json`, by the name of its export."""


def exported(kind: str, base: Core | None) -> str:
    """The text of an export; `kind` is one of those that `kb export` takes. The base is needed for
    `rules` and `facts` alone."""
    if kind in RESULT_SCHEMAS:
        return _text(RESULT_SCHEMAS[kind])
    match kind:
        case "schema":
            return _text(schemas())
        case "profile-schema":
            return _text(profile_schema())
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


def profile_schema() -> Json:
    """The JSON Schema of profiles."""
    return {"$schema": DIALECT, **Profile.model_json_schema()}


def schemas() -> Json:
    """One JSON Schema for each kind of fact file, by the files that it is for."""
    models: dict[str, type[BaseModel]] = {
        "facts/*.yaml": SourceFile,
        "facts/*/*.yaml": PartFile,
        "facts/coverage.yaml": CoverageFile,
        "facts/vocabulary/categories.yaml": CategoryFile,
        "facts/vocabulary/attributes.yaml": AttributeFile,
        "facts/vocabulary/conditions.yaml": ConditionFile,
        "facts/vocabulary/*.yaml": VocabularyFile,
        "facts/vocabulary/words/*.yaml": WordsFile,
    }
    return {
        name: {"$schema": DIALECT, **model.model_json_schema()} for name, model in models.items()
    }


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
