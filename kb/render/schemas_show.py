"""The schemas of what `kb show`, `kb search` and `kb vocabulary` write with `--format json`."""

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
from kb.render.schemas_provisions import (
    BAN,
    DAYS,
    DUTY,
    DUTY_OPTIONAL,
    RANGES,
    SHOWN_PROVISION,
    TIME,
)

_WHEN = {"when": closed({"condition": TEXT, "label": TEXT}), "label": TEXT}
_DOCUMENT = SHARED["document_stated"]
_COUNTS = {"at_least": COUNT, "up_to": COUNT, "at_most": COUNT}
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
            "time": TIME,
        },
    ),
}

_LABELS = closed({"zh": TEXT, "en": TEXT})
_NAMED = {"category": TEXT, "id": TEXT}
_NEEDS = listed(
    closed(
        {"document": TEXT, "id": TEXT, "holder": TEXT, "at_least": COUNT, "must_state": TEXTS},
        {"at_most": COUNT, "as_many_as": TEXT},
    )
)
_PRECISION = one_of(["day", "month", "quarter", "year"])
_BEGINS = closed({"date": DAY, "precision": _PRECISION})


def _term(kind: str, more: Mapping[str, Json], optional: Mapping[str, Json]) -> Json:
    """A term of the vocabulary, with `more` that is told of it on a day."""
    names = {"id": TEXT, "labels": _LABELS, "aliases": TEXTS, "former_names": TEXTS}
    return closed({"kind": {"const": kind}, **names, **more, "as_of": DAY}, optional)


SHOWN: Mapping[str, Json] = {
    **SHOW,
    **SHOWN_PROVISION,
    "category": closed(
        {
            **_NAMED,
            "labels": _LABELS,
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
    "service": _term(
        "service",
        {
            "categories": listed(
                closed(
                    {
                        **_NAMED,
                        "open_to": TEXTS,
                        "when": nullable(TEXT),
                        "unclear": nullable(TEXT),
                        "sources": CITES,
                    }
                )
            ),
            "not_under": listed(closed({**_NAMED, "instead": TEXTS, "sources": CITES})),
        },
        {},
    ),
    "document_term": _term(
        "document",
        {
            "kind_of": TEXTS,
            "kinds": TEXTS,
            "asked_by": listed(
                closed(
                    {
                        **_NAMED,
                        "as": _NEEDS,
                        "issuers": TEXTS,
                        "instead": listed(_NEEDS),
                        "sources": CITES,
                    }
                )
            ),
        },
        {"outlays": listed(ref("outlay"))},
    ),
    "applicant": _term(
        "applicant",
        {
            "kind_of": TEXTS,
            "kinds": TEXTS,
            "open": listed(closed({"source": TEXT, "categories": listed(closed(_NAMED))})),
            "forbidden": listed(
                closed(
                    {
                        "id": TEXT,
                        "what": TEXT,
                        "categories": listed(closed(_NAMED)),
                        "sources": CITES,
                    }
                )
            ),
        },
        {},
    ),
    "source": closed(
        {
            "kind": {"const": "source"},
            "id": TEXT,
            "zh": TEXT,
            "en": TEXT,
            "publisher": _LABELS,
            "date": DAY,
            "standing": STANDING,
            "jurisdiction": TEXT,
            "address": TEXT,
            "complete_for": TEXTS,
            "line_count": COUNT,
            "excerpt": TRUTH,
            "notes": listed(closed({"zh": TEXT, "en": TEXT, "lines": LINES})),
            "categories": listed(closed(_NAMED)),
            "ranges": RANGES,
            "duties": listed(closed(DUTY, DUTY_OPTIONAL)),
            "prohibitions": listed(closed(BAN, DAYS)),
        },
        {"platform": TEXT, "begins": _BEGINS, "seen": DAY, "ends": _BEGINS},
    ),
}

CATEGORY_SCHEMA = schema(
    "kb show CATEGORY",
    "A category as its sources state it. Where a day was asked about (`as_of`), `versions` are "
    "those that stand on it, each with its `certainty`, and `other_versions` are the rest.",
    SHOWN["category"],
    SHOWN,
)

SHOW_SCHEMA = schema(
    "kb show",
    "A category as its sources state it: where a day was asked about (`as_of`), `versions` are "
    "those that stand on it, each with its `certainty`, and `other_versions` are the rest. Or, "
    "told apart by `kind`: a service with the categories that take it in, a document with those "
    "that ask for it, an applicant with what is open to it, a source with what it states of "
    "itself, a duty or a prohibition with its text, its term, and how sure it is that it counts on "
    "the day (`certainty`, null: it does not).",
    {
        "anyOf": [
            ref("category"),
            ref("service"),
            ref("document_term"),
            ref("applicant"),
            ref("source"),
            ref("shown_duty"),
            ref("shown_prohibition"),
        ]
    },
    SHOWN,
)

_HIT = closed({"kind": TEXT, "id": TEXT, "zh": TEXT, "en": TEXT})

SEARCH_SCHEMA = schema("kb search", "What is called like that, best first.", listed(_HIT), {})

TERMS_SCHEMA = schema(
    "kb vocabulary",
    "The terms of a kind, in the order of the files; without a kind, how many of each there are.",
    {"anyOf": [listed(_HIT), listed(closed({"kind": TEXT, "terms": COUNT}))]},
    {},
)
