"""The schemas of what `kb changes`, `what-if`, `ways-out` and `analyse` write with
`--format json`."""

from __future__ import annotations

from collections.abc import Mapping

from kb.model.data import Json
from kb.render.schema_parts import (
    CERTAINTY,
    CITES,
    DAY,
    NUMBER,
    TEXT,
    TEXTS,
    TRUTH,
    VERDICT,
    closed,
    listed,
    nullable,
    one_of,
    ref,
    schema,
)
from kb.render.schemas_answer import ANSWER, DOCUMENTS
from kb.render.schemas_provisions import CHANGED_PROVISION

VALUE: Json = {"type": ["string", "integer", "boolean", "array", "null"]}
"""A value that differs: a name, a number of copies, or a list of such."""

CHANGES: Mapping[str, Json] = {
    **ANSWER,
    **CHANGED_PROVISION,
    "version": closed({"id": TEXT, "certainty": CERTAINTY, "sources": CITES}),
    "changed_category": closed(
        {
            "category": TEXT,
            "id": TEXT,
            "what": one_of(
                [
                    "added",
                    "first_recorded",
                    "adjusted",
                    "removed",
                    "changed",
                    "renamed",
                    "settled",
                    "restated",
                ]
            ),
            "before": listed(ref("version")),
            "after": listed(ref("version")),
            "differences": listed(ref("difference")),
        },
        {"en": TEXT},
    ),
    "difference": closed(
        {"what": TEXT},
        {
            "document": TEXT,
            "id": TEXT,
            "documents": TEXTS,
            "before": VALUE,
            "after": VALUE,
            "before_id": VALUE,
            "after_id": VALUE,
            "when": TEXT,
            "service": TEXT,
            "sources": CITES,
        },
    ),
    "flip": closed(
        {
            "app": TEXT,
            "before": VERDICT,
            "after": VERDICT,
            "to_provide": DOCUMENTS,
            "cannot": TEXTS,
        },
        {
            "papers": listed(ref("paper")),
            "deadlines": listed(ref("duty_day")),
            "exemptions": listed(ref("exemption")),
        },
    ),
}

CHANGES_SCHEMA = schema(
    "kb changes",
    "What changed from one day to another; `folders` are those whose sources alone were looked at, "
    "none where all were; `provisions` are the duties and prohibitions that differ, drafts among "
    "them (`standing`): `before` and `after` say how sure it is that one counts on either day, "
    "null that it does not, `due` the days in between from which on it can be broken; `apps`, "
    "where some were given, are those whose verdict flips, each with the documents that would "
    "mend it.",
    closed(
        {
            "from": DAY,
            "to": DAY,
            "folders": TEXTS,
            "categories": listed(ref("changed_category")),
            "provisions": listed(ref("changed_provision")),
        },
        {"apps": listed(ref("flip"))},
    ),
    CHANGES,
)

WHAT_IF_SCHEMA = schema(
    "kb what-if",
    "Two answers, and a row for each category in either; a verdict is null where the category is "
    "not needed. `bans_today` and `bans_then` are what the app is forbidden, or perhaps is; of a "
    "category whose services surely are (`in_vain_today`, `in_vain_then`) no papers are missing.",
    closed(
        {
            "today": ref("answer"),
            "then": ref("answer"),
            "differences": listed(
                closed(
                    {
                        "category": TEXT,
                        "id": TEXT,
                        "today": nullable(VERDICT),
                        "then": nullable(VERDICT),
                        "missing_today": TEXTS,
                        "missing_then": TEXTS,
                    },
                    {"in_vain_today": TRUTH, "in_vain_then": TRUTH},
                )
            ),
        },
        {"bans_today": listed(ref("ban")), "bans_then": listed(ref("ban"))},
    ),
    ANSWER,
)

WAYS_OUT_SCHEMA = schema(
    "kb ways-out",
    "What is left to an app that can not get the papers of a category; `verdict` and `missing` of "
    "a way are those of the app that takes it; `none_near` are categories beside which no service "
    "that is near asks for less.",
    closed(
        {
            "app": TEXT,
            "as_of": DAY,
            "verdict": VERDICT,
            "ways": listed(
                closed(
                    {
                        "category": TEXT,
                        "id": TEXT,
                        "way": one_of(["narrower", "partner", "drop"]),
                        "services": TEXTS,
                        "instead": nullable(TEXT),
                        "categories": TEXTS,
                        "partner": DOCUMENTS,
                        "verdict": VERDICT,
                        "missing": DOCUMENTS,
                    }
                )
            ),
            "none_near": listed(closed({"category": TEXT, "id": TEXT})),
        }
    ),
    ANSWER,
)

_ANALYSIS = closed(
    {
        "category": TEXT,
        "as_of": DAY,
        "sources": CITES,
        "classes": NUMBER,
        "gaps": listed(closed({"reading": TEXT, "applicants": TEXTS, "sources": CITES})),
        "forbidden": listed(closed({"part": TEXT, "applicants": TEXTS, "sources": CITES})),
        "never_used": listed(
            closed({"alternative": TEXT, "documents": TEXTS, "usable": TRUTH, "sources": CITES})
        ),
        "equivalent": listed(CITES),
        "worse": nullable(
            closed(
                {
                    "from": DAY,
                    "to": DAY,
                    "app": nullable({"type": "object", "required": ["name"]}),
                    "verdicts": nullable(listed(VERDICT)),
                    "complete": TRUTH,
                }
            )
        ),
    }
)

ANALYSE_SCHEMA = schema(
    "kb analyse",
    "What holds of a category for all apps, `classes` being how many kinds of app its conditions "
    "tell apart; without a category a list, one a category. `app` is a profile, as "
    "`kb export profile-schema` says.",
    {"anyOf": [ref("analysis"), listed(ref("analysis"))]},
    {**ANSWER, "analysis": _ANALYSIS},
)
