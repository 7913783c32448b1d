"""The schemas of duties and prohibitions, as several commands write them with `--format json`."""

from __future__ import annotations

from kb.model.data import Json
from kb.render.schema_parts import (
    CERTAINTY,
    CITES,
    COUNT,
    DAY,
    STANDING,
    TEXT,
    closed,
    listed,
    nullable,
    one_of,
    ref,
)

TIME = closed(
    {},
    {
        "due": DAY,
        "grace": closed({"opened": TEXT, "before": DAY, "until": DAY}),
        "deadline": closed({"since": TEXT, "unit": TEXT, "count": COUNT}),
    },
)
_DOCUMENTS = listed(closed({"document": TEXT, "id": TEXT}))
_DECLARED = listed(closed({"declared": TEXT, "id": TEXT}))
_SERVICES = listed(closed({"service": TEXT, "id": TEXT}))
_MET_BY = listed(
    {
        "anyOf": [
            closed({"document": TEXT, "id": TEXT, "holder": TEXT}),
            closed({"declared": TEXT, "id": TEXT}),
        ]
    }
)
_CONDITIONS = listed(closed({"condition": TEXT, "label": TEXT}))
_WHERE = {"when": _CONDITIONS, "unless": _CONDITIONS}
_PART = {"what": TEXT, "id": TEXT, **_WHERE, "sources": CITES}
DAYS = {"time": TIME, "ends": DAY, "revoked": DAY}
_UNCLEAR = listed(
    closed(
        {
            "what": TEXT,
            **_WHERE,
            "since": nullable(DAY),
            "which_of": _DOCUMENTS,
            "sources": CITES,
        }
    )
)
_BOUND = {
    "bearer": closed({"actor": TEXT, "id": TEXT}),
    "unclear": _UNCLEAR,
    "breach": listed(closed({"what": TEXT, "id": TEXT})),
    "note": nullable(TEXT),
}

RANGES = listed(closed({"range": TEXT, **_PART}))
DUTY: Json = {**_PART, "met_by": _MET_BY, "before": nullable(TEXT), **_BOUND}
DUTY_OPTIONAL: Json = {"renewal": {"type": "object"}, **DAYS}
BAN: Json = {**_PART, "services": _SERVICES, "practices": _DECLARED, **_BOUND}

_BETWEEN = closed({"first": DAY, "last": DAY})
_OF_TEXT: Json = {
    "source": TEXT,
    "standing": STANDING,
    "term": closed({"begins": _BETWEEN, "ends": nullable(_BETWEEN)}),
    "ranges": RANGES,
}
OF_TEXT_DUTY: Json = {"kind": {"const": "duty"}, **_OF_TEXT, **DUTY}
OF_TEXT_BAN: Json = {"kind": {"const": "prohibition"}, **_OF_TEXT, **BAN}

_SHOWN: Json = {"certainty": nullable(CERTAINTY), "as_of": DAY}
SHOWN_PROVISION = {
    "shown_duty": closed({**OF_TEXT_DUTY, **_SHOWN}, DUTY_OPTIONAL),
    "shown_prohibition": closed({**OF_TEXT_BAN, **_SHOWN}, DAYS),
}
"""A duty or a prohibition that is shown by itself."""
CHANGED_PROVISION = {
    "provision": {
        "anyOf": [closed(OF_TEXT_DUTY, DUTY_OPTIONAL), closed(OF_TEXT_BAN, DAYS)],
    },
    "changed_provision": closed(
        {
            "what": one_of(["begun", "ended", "settled", "unsettled", "changed"]),
            "before": nullable(CERTAINTY),
            "after": nullable(CERTAINTY),
            "due": listed(DAY),
            "unclear": _UNCLEAR,
            "provision": ref("provision"),
        }
    ),
}
