"""What can be taken out: schemas for editors, all facts as JSON, all rules as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

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
from kb.render.schemas import DIALECT, PROOF_SCHEMA, WHY_NOT_SCHEMA
from kb.render.words import cite_dict

if TYPE_CHECKING:
    from kb.base.core import Core


def exported(kind: str, base: Core | None) -> str:
    """The text of an export; `kind` is one of those that `kb export` takes."""
    match kind:
        case "schema":
            return _text(schemas())
        case "profile-schema":
            return _text({"$schema": DIALECT, **Profile.model_json_schema()})
        case "proof-schema":
            return _text(PROOF_SCHEMA)
        case "why-not-schema":
            return _text(WHY_NOT_SCHEMA)
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
                            "source": cite_dict(base.facts.rows.cites[relation, row]),
                        }
                        for row in rows
                    ]
                    for relation, rows in base.facts.rows.facts.items()
                }
            )


def schemas() -> dict[str, Any]:
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
