"""The schemas of what `kb show` and `kb search` write with `--format json`."""

from __future__ import annotations

from collections.abc import Mapping

from kb.base.results import Role
from kb.model.data import Json
from kb.query.results import ONLY
from kb.render.schema_parts import (
    CERTAINTY,
    CITES,
    COUNT,
    DAY,
    LINES,
    SHARED,
    STANDING,
    TEXT,
    TEXTS,
    TRUTH,
    closed,
    listed,
    nullable,
    one_of,
    ref,
    schema,
)

_WHEN = {"when": closed({"condition": TEXT, "label": TEXT}), "label": TEXT}
_DOCUMENT = SHARED["document_stated"]
_COUNTS = {"at_least": COUNT, "up_to": COUNT, "at_most": COUNT}
_TIME = closed(
    {},
    {
        "due": DAY,
        "grace": closed({"opened": TEXT, "before": DAY, "until": DAY}),
        "deadline": closed({"since": TEXT, "unit": TEXT, "count": COUNT}),
    },
)
_REFERENCES = listed(
    closed(
        {
            "categories": TEXTS,
            "ids": TEXTS,
            "services": TEXTS,
            "applicants": TEXTS,
            "one_of": TRUTH,
            "sources": CITES,
        }
    )
)

SHOW: Mapping[str, Json] = {
    **SHARED,
    "tree": {
        "anyOf": [
            closed({"all_of": listed(ref("tree"))}, {"lines": LINES, **_WHEN}),
            closed(
                {"any_of": listed(ref("tree"))},
                {**_COUNTS, "stated": COUNT, "lines": LINES, **_WHEN},
            ),
            {**_DOCUMENT, "properties": {**_DOCUMENT["properties"], **_WHEN}},
        ]
    },
    "version": closed(
        {
            "id": TEXT,
            "source": TEXT,
            "standing": STANDING,
            "from": DAY,
            "to": nullable(DAY),
            "precision": one_of(["day", "month", "quarter", "year"]),
            "to_precision": nullable(one_of(["day", "month", "quarter", "year"])),
            "change": nullable(one_of(["added", "adjusted"])),
            "accounts": TEXTS,
            "account_labels": TEXTS,
            "open_to": TEXTS,
            "open_to_labels": TEXTS,
            "regions": TEXTS,
            "region_labels": TEXTS,
            "services": listed(
                closed(
                    {
                        "service": TEXT,
                        "id": TEXT,
                        "when": nullable(TEXT),
                        "label": TEXT,
                        "unclear": nullable(TEXT),
                        "lines": LINES,
                    }
                )
            ),
            "how": nullable(one_of(["online", "by_email"])),
            "how_to": nullable(
                closed(
                    {
                        "address": TEXT,
                        "title": TEXT,
                        "remark": nullable(closed({"zh": TEXT, "en": TEXT})),
                        "lines": LINES,
                    }
                )
            ),
            "requirement": nullable(ref("tree")),
            "none_stated": TRUTH,
            "none_required": TRUTH,
            "elsewhere": TRUTH,
            "name": nullable(TEXT),
            "alternatives": listed(
                closed(
                    {
                        "documents": listed(ref("document_stated")),
                        "when": listed(closed({"condition": TEXT, "label": TEXT, "met": TRUTH})),
                    },
                    {"branches": TEXTS},
                )
            ),
            "also_needs": _REFERENCES,
            "instead": _REFERENCES,
            "advice": _REFERENCES,
            "not_supported": listed(
                closed(
                    {
                        "services": TEXTS,
                        "ids": TEXTS,
                        "advice": one_of(["remove", "adjust", "none"]),
                        "only_here": TRUTH,
                        "lines": LINES,
                    }
                )
            ),
            "unclear": listed(
                closed({"what": TEXT, "lines": LINES, "settled_by": nullable(ref("tree"))})
            ),
            "beyond": listed(closed({"what": TEXT, "wants": TEXT, "lines": LINES})),
            "notes": TEXTS,
            "sources": CITES,
            "superseded_by": CITES,
        },
        {
            "certainty": CERTAINTY,
            "open_when": TEXTS,
            "open_when_labels": TEXTS,
            **{f"{key}_sources": CITES for key in ONLY},
            "withdrawn": TRUTH,
            "time": _TIME,
        },
    ),
}

SHOW_SCHEMA = schema(
    "kb show",
    "A category as its sources state it. Where a day was asked about (`as_of`), `versions` are "
    "those that stand on it, each with its `certainty`, and `other_versions` are the rest.",
    closed(
        {
            "category": TEXT,
            "id": TEXT,
            "labels": closed({"zh": TEXT, "en": TEXT}),
            "former_names": TEXTS,
            "versions": listed(ref("version")),
            "named_by": listed(closed({"category": TEXT, "role": one_of(Role), "sources": CITES})),
        },
        {
            "as_of": DAY,
            "other_versions": listed(ref("version")),
            "outlays": listed(ref("outlay")),
        },
    ),
    SHOW,
)

SEARCH_SCHEMA = schema(
    "kb search",
    "What is called like that, best first.",
    listed(closed({"kind": TEXT, "id": TEXT, "zh": TEXT, "en": TEXT})),
    {},
)
