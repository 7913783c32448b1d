"""The schemas of what `kb find`, `query`, `check`, `coverage`, `lines`, `relations` and `audit`
write."""

from __future__ import annotations

from kb.base.results import Verdict
from kb.model.data import Json
from kb.render.schema_parts import (
    CITES,
    COUNT,
    NUMBER,
    SHARED,
    TEXT,
    TEXTS,
    TRUTH,
    closed,
    listed,
    nullable,
    one_of,
    schema,
)
from kb.render.words import WANTS

_COUNTS: Json = {"type": "object", "additionalProperties": NUMBER}

CANDIDATE: Json = closed(
    {
        "category": TEXT,
        "id": TEXT,
        "services": listed(closed({"id": TEXT, "zh": TEXT, "en": TEXT})),
        "matched": TEXTS,
        "cites": CITES,
        "state": one_of(("in_base", "named_only")),
        "weak": TRUTH,
    }
)
"""A category that may fit a text."""

FIND_SCHEMA = schema(
    "kb find",
    "The categories that fit a text in people's own words, best first. Where nothing fits the list "
    "is empty, or all of it is `weak`. A category that is `named_only` has no papers in the base.",
    listed(CANDIDATE),
    SHARED,
)

QUERY_SCHEMA = schema(
    "kb query",
    "The rows of a query, each a value a column; the names of the columns are those of the query. "
    "Without a query: all that there are, with their titles and parameters.",
    listed(
        {
            "type": "object",
            "additionalProperties": {"type": ["string", "integer", "number", "boolean", "null"]},
        }
    ),
    {},
)

CHECK_SCHEMA = schema(
    "kb check",
    "What facts, rules and queries leave to be desired; empty when all is well.",
    listed(
        closed(
            {
                "code": TEXT,
                "severity": one_of(("error", "warning", "note")),
                "message": TEXT,
                "help": TEXT,
                "place": TEXT,
            }
        )
    ),
    {},
)

BEYOND_SCHEMA = schema(
    "kb check --beyond",
    "What sources say clearly and the base can not express yet, most wanted first.",
    listed(
        closed(
            {
                "wants": one_of(WANTS),
                "category": TEXT,
                "id": TEXT,
                "what": TEXT,
                "bears_on": one_of(("papers", "later")),
                "sources": CITES,
            }
        )
    ),
    SHARED,
)

LINES_SCHEMA = schema(
    "kb lines",
    "Lines of a source: the records that cite each, and its text; null where that is not at hand, "
    "as is an address that is not known.",
    closed(
        {
            "source": TEXT,
            "zh": TEXT,
            "en": TEXT,
            "address": nullable(TEXT),
            "lines": listed(closed({"line": COUNT, "records": TEXTS, "text": nullable(TEXT)})),
        }
    ),
    {},
)

COVERAGE_SCHEMA = schema(
    "kb coverage",
    "For each source how many of its lines a record states, and how many state no rule; then what "
    "is not accounted for.",
    closed(
        {
            "sources": {
                "type": "object",
                "additionalProperties": closed(
                    {"stated": NUMBER, "no_rule": NUMBER, "lines": NUMBER}
                ),
            },
            "problems": listed(closed({"code": TEXT, "message": TEXT, "place": TEXT})),
        }
    ),
    {},
)

RELATIONS_SCHEMA = schema(
    "kb relations",
    "The relations that rules and queries may name: columns, what a fact says, and the rules that "
    "derive it.",
    closed(
        {
            "relations": listed(
                closed(
                    {
                        "name": TEXT,
                        "columns": listed(closed({"name": TEXT, "kind": TEXT})),
                        "says": TEXT,
                        "given_by": TEXT,
                        "rules": listed(closed({"file": TEXT, "line": COUNT, "rule": TEXT})),
                    }
                )
            )
        }
    ),
    {},
)

AUDIT_SCHEMA = schema(
    "kb audit",
    "How many apps an audit judged, by verdict, reason and category; the documents missing "
    "most often; ids that several rows have; and with `--since` whose verdicts differ from those "
    "of an earlier output.",
    closed(
        {
            "apps": NUMBER,
            "rejected": NUMBER,
            "rejects": nullable(TEXT),
            "verdicts": {**_COUNTS, "propertyNames": one_of(Verdict)},
            "reasons": _COUNTS,
            "categories": {"type": "object", "additionalProperties": _COUNTS},
            "wanted": _COUNTS,
            "conflicts": _COUNTS,
            "since": nullable(
                closed(
                    {
                        "file": TEXT,
                        "rule_versions": TEXTS,
                        "apps_in_both": NUMBER,
                        "apps_new": NUMBER,
                        "apps_gone": NUMBER,
                        "moved": listed(
                            closed(
                                {"before": one_of(Verdict), "after": one_of(Verdict), "apps": COUNT}
                            )
                        ),
                    }
                )
            ),
            "repeated_ids": closed({"count": NUMBER, "first": TEXTS}),
        }
    ),
    {},
)
